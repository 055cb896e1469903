"""Policy files: dated YAML under ``parameters/``, read strictly into frozen models.

Unknown keys are refused, near misses suggested, a key written twice is an error; the message names file and key.
A file may come from a stranger: `pmf_lib.plain_yaml` bounds what it can cost to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
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
IDS = ("^[a-z0-9][a-z0-9-]{0,39}$",)
"""Patterns that all ids keep to."""
COMMA = " If it is part of a text that holds a comma, that text stands in quotation marks."
"""Said of an unknown key without a value: within brackets, what follows a comma is taken for a key."""
_DATE = "a date, as in 2025-01-31"
WANTED: Mapping[str, str] = MappingProxyType(
    {
        "string_type": "text",
        "string_too_short": "some text",
        "tuple_type": "a list, each entry on a line of its own after a hyphen",
        "dict_type": "keys with their values",
        "bool_parsing": "true or false",
        "bool_type": "true or false",
        "int_parsing": "a whole number",
        "int_type": "a whole number",
        "date_type": _DATE,
        "date_parsing": _DATE,
        "date_from_datetime_parsing": _DATE,
    }
)
"""Kind of fault → what was expected."""


def load(path: Path, model: type[P]) -> P:
    """Read one policy file. Models are frozen: the same content may give the very same one.

    Raises
    ------
    SettingsError
        The file is not there.
    PolicyError
        It is not YAML, a key is unknown, missing or written twice, or a value is of the wrong kind.
    """
    found: P = _understood(path, plain_yaml.content(path), model)
    return found


@lru_cache(maxsize=256)
def _understood(path: Path, content: bytes, model: type[Any]) -> Any:
    """What these bytes say, understood once as long as they are the same."""
    return build(plain_yaml.parsed(content, path), model, path)


def read_yaml(path: Path) -> Any:
    """The plain content of a YAML file (see `pmf_lib.plain_yaml`)."""
    return plain_yaml.read(path)


def build(content: Any, model: type[P], path: Path) -> P:
    """`content` as a `model`; `path` is named in the error."""
    try:
        return model.model_validate(content if content is not None else {})
    except ValidationError as error:
        faults = _own(error.errors())
        more = len(faults) - LISTED_AT_MOST
        shown = [_worded(fault, model, content) for fault in faults[:LISTED_AT_MOST]]
        shown += [f"and {more} more"] if more > 0 else []
        raise PolicyError(f"'{path.name}' in '{path.parent}':\n  " + "\n  ".join(shown)) from None


def _own(faults: Sequence[Any]) -> list[Any]:
    """The faults without lists that are too short only because their entries are wrong."""
    below = {tuple(fault["loc"][:end]) for fault in faults for end in range(len(fault["loc"]))}
    return [fault for fault in faults if fault["type"] != "too_short" or tuple(fault["loc"]) not in below]


def _worded(fault: Any, model: type[BaseModel], content: Any) -> str:
    place = quoted(".".join(str(part) for part in fault["loc"]))
    where = _entry(fault["loc"], content)
    if fault["type"] == "extra_forbidden":
        mend = near_miss(fault["loc"][-1], _keys(model)) or (COMMA if fault["input"] is None else "")
        return f"{where}key '{place}' is not known.{mend}"
    if fault["type"] == "missing":
        return f"{where}key '{place}' is missing."
    if not place:  # a rule over several keys
        return f"{_wanted(fault)}."
    if fault["input"] is None:
        return f"{where}'{place}': nothing is written there; {_wanted(fault)}."
    return f"{where}'{place}': got '{quoted(masked(quoted(fault['input'], 2000)))}'; {_wanted(fault)}."


def _entry(place: Sequence[str | int], content: Any) -> str:
    """In which entry of a list a place is, as people count, with the entry's id; nothing where it is in none.

    >>> _entry(("nodes", 1, "titel"), {"nodes": [{"id": "aim"}, {"id": "goal-1"}]})
    "In entry 2 ('goal-1'), "
    """
    said, here = "", content
    for part in place:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, int):
            name = here.get("id") if isinstance(here, Mapping) else None
            said = f"In entry {part + 1}" + (f" ('{quoted(name)}')" if isinstance(name, str) else "") + ", "
    return said


def _wanted(fault: Any) -> str:
    """What was expected, in words for whoever wrote the file."""
    kind, told = fault["type"], fault.get("ctx", {})
    if kind == "string_type" and isinstance(fault["input"], int | float | date):
        return f'expected text: put it in quotation marks, as in "{fault["input"]}"'
    if kind == "literal_error":
        return f"expected {told['expected']}"
    if kind == "string_pattern_mismatch" and told["pattern"] in IDS:
        return "expected at most 40 lower case letters, digits and hyphens, the first no hyphen"
    if kind in WANTED:
        return f"expected {WANTED[kind]}"
    return str(fault["msg"]).removeprefix("Value error, ")


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
