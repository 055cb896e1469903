"""Policy files: dated YAML under ``parameters/``, read strictly into frozen models.

Unknown keys are refused, near misses suggested, a key written twice is an error; the message names file and key.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pmf_lib.errors import LISTED_AT_MOST, PolicyError, SettingsError, near_miss


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
    """The plain content of a YAML file; keys written twice are refused."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(f"'{path}' is not there.{_beside(path)}") from None
    try:
        return yaml.load(text, Loader=_Strict)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise PolicyError(f"'{path.name}' is not valid YAML: {_one_line(error)}") from error


def build(content: Any, model: type[P], path: Path) -> P:
    """`content` as a `model`; `path` is named in the error."""
    try:
        return model.model_validate(content if content is not None else {})
    except ValidationError as error:
        faults = [_worded(fault, model) for fault in error.errors()]
        more = len(faults) - LISTED_AT_MOST
        shown = faults[:LISTED_AT_MOST] + ([f"and {more} more"] if more > 0 else [])
        raise PolicyError(f"'{path.name}' in '{path.parent}':\n  " + "\n  ".join(shown)) from None


class _Strict(yaml.SafeLoader):
    """Refuses a key written twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key '{key}' is written twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _one_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return f"{getattr(error, 'problem', error)}{where}."


def _beside(path: Path) -> str:
    names = (
        sorted(other.stem for other in path.parent.glob(f"*{path.suffix}")) if path.parent.is_dir() else []
    )
    return near_miss(path.stem, names) + (f" There are: {', '.join(names)}." if names else "")


def _worded(fault: Any, model: type[BaseModel]) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"key '{where}' is not known.{near_miss(fault['loc'][-1], _keys(model))}"
    if fault["type"] == "missing":
        return f"key '{where}' is missing."
    return f"'{where}': got '{fault['input']}'; {fault['msg']}."


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
