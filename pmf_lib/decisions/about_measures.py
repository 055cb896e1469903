"""What people decided about a council's measures: dated files of ``parameters/decisions/measures/<council>``.

A *rebase* begins a new segment of a measure's control chart, and nothing else does but a change of definition. A *comment*
answers what page 1 asks about one commentary. Both change what pages show, so those known as at a day are part of the
policy that a run obeys; one of a later date is not known yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, field_validator

from pmf_lib import policy, settings
from pmf_lib.decisions import kept
from pmf_lib.errors import ParameterError
from pmf_lib.periods import parse_quarter

PLACE = Path("parameters", "decisions", "measures")
CONTRADICTS, UNCHANGED = "contradicts", "unchanged"
CONFIRMED, OTHERWISE = "confirmed", "means something else"


class Rebase(policy.Policy):
    """A new segment of a measure's control chart begins at a period, since its process was changed."""

    kind: Literal["rebase"] = "rebase"
    measure: str = Field(min_length=1)
    period: str = Field(min_length=1)
    """A label of the measure's own frequency, such as 2024-04."""
    why: str = Field(min_length=1)
    by: str = Field(min_length=1)
    """A post or a body, not a name."""
    dated: date
    withdrawn: bool = False
    """Takes an earlier decision about the same period back."""

    @property
    def about(self) -> tuple[str, ...]:
        """What it decides: of several about the same the last counts."""
        return self.kind, self.measure, self.period


class Comment(policy.Policy):
    """A person's answer to what page 1 asks about the commentary of a measure and quarter."""

    kind: Literal["comment"] = "comment"
    measure: str = Field(min_length=1)
    quarter: str
    prompt: Literal["contradicts", "unchanged"] = "contradicts"
    """It seems to contradict its figures, or is that of the quarter before."""
    answer: Literal["confirmed", "means something else"]
    read: str = Field(pattern=r"^[0-9a-f]{12}$")
    """Short hash of the text and figures that were read: of others the answer no longer holds."""
    by: str = Field(min_length=1)
    dated: date
    note: str = ""

    @field_validator("quarter")
    @classmethod
    def _is_a_quarter(cls, quarter: str) -> str:
        try:
            return parse_quarter(quarter).label
        except ParameterError as error:
            raise ValueError(str(error).rstrip(".")) from None

    @property
    def about(self) -> tuple[str, ...]:
        """What it decides: of several about the same the last counts."""
        return self.kind, self.measure, self.quarter, self.prompt


Decided = Rebase | Comment
D = TypeVar("D", Rebase, Comment)
KINDS: dict[str, type[Rebase] | type[Comment]] = {"rebase": Rebase, "comment": Comment}


@dataclass(frozen=True)
class Kept:
    """A decision and the file that holds it, from the root."""

    file: str
    decision: Decided


@dataclass(frozen=True)
class Measures:
    """Decisions about the measures of one council as known at a day, the oldest first."""

    all: tuple[Kept, ...] = ()

    @property
    def rebases(self) -> tuple[tuple[str, Rebase], ...]:
        """File and decision of each rebase that stands."""
        words = ((one.file, one.decision) for one in self._last_words)
        return tuple((file, one) for file, one in words if isinstance(one, Rebase) and not one.withdrawn)

    @property
    def comments(self) -> tuple[tuple[str, Comment], ...]:
        """File and decision of each last answer."""
        words = ((one.file, one.decision) for one in self._last_words)
        return tuple((file, one) for file, one in words if isinstance(one, Comment))

    def of(self, measures: Collection[str]) -> Measures:
        """Those about these measures."""
        return Measures(tuple(one for one in self.all if one.decision.measure in measures))

    def by(self, day: date) -> Measures:
        """Those that are dated on this day or before."""
        return Measures(tuple(one for one in self.all if one.decision.dated <= day))

    @property
    def content(self) -> list[Any]:
        """All of it as plain content, from which a digest is made."""
        return [[one.file, one.decision.model_dump(mode="json")] for one in self.all]

    @property
    def _last_words(self) -> Iterable[Kept]:
        return {one.decision.about: one for one in self.all}.values()


def folder(council: str) -> Path:
    """Where a council's files lie, from the root."""
    return PLACE / council


def of_measures(council: str, root: Path | None = None) -> Measures:
    """Read every decision about the measures of a council, the oldest first; of one date in the `order` of their files' names.

    Raises
    ------
    PolicyError
        A file is not YAML, a key is unknown or missing, or it is of no known kind.
    """
    root = root or settings.root()
    paths = sorted((root / folder(council)).glob("*.yml"), key=kept.order)
    found = [Kept(path.relative_to(root).as_posix(), kept.read(path, KINDS, "measure")) for path in paths]
    return Measures(tuple(sorted(found, key=lambda one: one.decision.dated)))


def known(council: str, as_at: date, root: Path | None = None) -> Measures:
    """Those of `of_measures` that are dated on `as_at` or before."""
    return of_measures(council, root).by(as_at)


def made(council: str, kind: type[D], **content: object) -> D:
    """A decision as a command was given it; faults are worded as those of a file would be."""
    return policy.build(content, kind, folder(council) / f"new {kind.__name__.lower()}")


def text(decision: Decided) -> str:
    """A decision as the file that is kept."""
    return kept.text(decision)


def path(council: str, decision: Decided) -> Path:
    """A file for a new decision, from the root: date, kind, measure and period or quarter."""
    place = settings.root() / folder(council)
    of = decision.period if isinstance(decision, Rebase) else decision.quarter
    stem = f"{decision.dated.isoformat()}-{decision.kind}-{decision.measure}-{_plain(of)}"
    return folder(council) / kept.free(stem, (one.name for one in place.glob("*.yml")))


def _plain(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
