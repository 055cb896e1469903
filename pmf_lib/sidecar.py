"""The typed schema beside each notebook: its parameters, the tables that it reads and the scraps that it emits.

``notebooks/<name>.yml``. Parameters are checked before anything starts, and every one is always passed, so that a
mistyped name can never report the default directorate under another's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from pmf_lib import editions, policy, settings
from pmf_lib.errors import ParameterError, expected, unknown
from pmf_lib.periods import parse_date, parse_quarter

Stage = Literal["directorate", "council", "annual"]
Kind = Literal["id", "choice", "quarter", "date", "snapshot", "path", "text"]


class Parameter(policy.Policy):
    """One parameter of a notebook."""

    kind: Kind
    default: str
    doc: str
    choices: tuple[str, ...] = ()


class Sidecar(policy.Policy):
    """What a notebook declares about itself."""

    name: str = ""
    title: str
    question: str
    stage: Stage
    parameters: dict[str, Parameter]
    reads: tuple[str, ...]
    reads_whole: tuple[str, ...] = Field(
        default=(),
        description="Those of `reads` of which a directorate's page reads every directorate's rows. A page is made anew when any "
        "row that it reads changes.",
    )
    emits: dict[str, int] = Field(description="Scrap name → version of its schema.")

    @model_validator(mode="after")
    def _whole_is_read(self) -> Sidecar:
        for name in self.reads_whole:
            if name not in self.reads:
                raise ValueError(unknown("table under 'reads_whole'", name, self.reads).rstrip("."))
        return self

    def checked(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Every parameter of the notebook, as text: the given values, else the defaults.

        Raises
        ------
        ParameterError
            A name is not declared, a value is of the wrong kind, or the exemption is none that the edition may have.
        """
        for name in given:
            if name not in self.parameters:
                raise ParameterError(unknown(f"parameter of {self.name}", name, self.parameters))
        values = {
            name: self._value(name, given.get(name, spec.default)) for name, spec in self.parameters.items()
        }
        return _with_exemption(values)

    def near_misses(self, names: Mapping[str, Any]) -> list[str]:
        """Plain values whose names are nearly, but not quite, a parameter's: slips that plain papermill lets pass."""
        plain = [name for name, value in names.items() if isinstance(value, str | int | float | bool | list)]
        others = [name for name in plain if not name.startswith("_") and name not in self.parameters]
        return [name for name in others if get_close_matches(name.lower(), self.parameters, n=1, cutoff=0.75)]

    def _value(self, name: str, got: Any) -> str:
        spec = self.parameters[name]
        if not isinstance(got, str):
            raise ParameterError(expected(f"parameter '{name}'", got, "text", spec.default or "(empty)"))
        if spec.kind == "choice" and got not in spec.choices:
            raise ParameterError(unknown(name, got, spec.choices))
        if spec.kind == "id" and not got:
            raise ParameterError(expected(f"parameter '{name}'", got, "an id", spec.default))
        return _KINDS[spec.kind](got)


def load(notebook: str) -> Sidecar:
    """The sidecar of this notebook (its file name without ``.ipynb``)."""
    path = sidecar_path(notebook)
    return policy.load(path, Sidecar).model_copy(update={"name": notebook})


def all_sidecars() -> list[Sidecar]:
    """Sidecars of every official notebook, in the order of their numbers."""
    return [load(path.stem) for path in sorted((settings.root() / "notebooks").glob("*.yml"))]


def sidecar_path(notebook: str) -> Path:
    """Where a notebook's sidecar lies."""
    return settings.root() / "notebooks" / f"{notebook}.yml"


def notebook_path(notebook: str) -> Path:
    """Where a notebook lies."""
    return settings.root() / "notebooks" / f"{notebook}.ipynb"


def _with_exemption(values: dict[str, str]) -> dict[str, str]:
    """The values with the exemption as it is written in a run; as they are where the notebook has none."""
    if not {"edition", "exemption"} <= set(values):
        return values
    return {**values, "exemption": editions.checked_exemption(values["edition"], values["exemption"])}


_KINDS: dict[str, Callable[[str], str]] = {
    "id": str,
    "choice": str,
    "snapshot": str,
    "path": str,
    "text": str.strip,
    "quarter": lambda text: parse_quarter(text).label,
    "date": lambda text: parse_date(text).isoformat(),
}
