"""Policy files: dated YAML under ``parameters/``, read strictly into frozen models.

Unknown keys are refused, near misses suggested, a key written twice is an error; the message names file and key.
A file may come from a stranger: `pmf_lib.plain_yaml` bounds what it can cost to read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from pmf_lib import plain_yaml
from pmf_lib.errors import LISTED_AT_MOST, PolicyError, masked, near_miss, quoted


class Policy(BaseModel):
    """Base of everything that is written as YAML: frozen, and strict about its keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=False
    )


P = TypeVar("P", bound=Policy)


def load(path: Path, model: type[P]) -> P:
    """Read one policy file.

    Raises
    ------
    SettingsError
        The file is not there.
    PolicyError
        It is not YAML, a key is unknown, missing or written twice, or a value is of the wrong kind.
    """
    return build(read_yaml(path), model, path)


def read_yaml(path: Path) -> Any:
    """The plain content of a YAML file (see `pmf_lib.plain_yaml`)."""
    return plain_yaml.read(path)


def build(content: Any, model: type[P], path: Path) -> P:
    """`content` as a `model`; `path` is named in the error."""
    try:
        return model.model_validate(content if content is not None else {})
    except ValidationError as error:
        faults = error.errors()
        more = len(faults) - LISTED_AT_MOST
        shown = [_worded(fault, model) for fault in faults[:LISTED_AT_MOST]]
        shown += [f"and {more} more"] if more > 0 else []
        raise PolicyError(f"'{path.name}' in '{path.parent}':\n  " + "\n  ".join(shown)) from None


def _worded(fault: Any, model: type[BaseModel]) -> str:
    where = quoted(".".join(str(part) for part in fault["loc"]))
    if fault["type"] == "extra_forbidden":
        return f"key '{where}' is not known.{near_miss(fault['loc'][-1], _keys(model))}"
    if fault["type"] == "missing":
        return f"key '{where}' is missing."
    if not where:  # a rule over several keys
        return f"{fault['msg'].removeprefix('Value error, ')}."
    return f"'{where}': got '{quoted(masked(quoted(fault['input'], 2000)))}'; {fault['msg'].removeprefix('Value error, ')}."


def _keys(model: type[BaseModel]) -> set[str]:
    """Every key of a model and of the models inside it, for near misses."""
    names = set(model.model_fields)
    for spec in model.model_fields.values():
        for inner in (spec.annotation, *_inner(spec.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel) and inner is not model:
                names |= _keys(inner)
    return names


def _inner(annotation: Any) -> list[Any]:
    """Type arguments, at any depth."""
    return [found for arg in get_args(annotation) for found in (arg, *_inner(arg))]
