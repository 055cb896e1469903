"""What people decided about a run's papers: dated files of ``parameters/decisions/papers``, one each, kept in git.

A *check* says whether a directorate agrees that its pages are factually right; a *response* is its management's answer
to one finding; a *rating* confirms or overrides the assurance rating that the run proposes for one unit; an *issue*
declares the run final. They are about the paper, not about its figures: none of them enters
the policy's digest or the run's id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, model_validator

from pmf_lib import policy, settings
from pmf_lib.decisions import kept

FOLDER = Path("parameters", "decisions", "papers")
AGREED, CORRECTIONS = "agreed", "corrections wanted"
RUN = r"^[0-9a-f]{12}$"
ID = r"^[a-z0-9][a-z0-9-]{0,39}$"
POSTS = ("preparer", "reviewer", "confirmer")
COUNCIL = "council"
"""How decisions call the council as a whole, beside its directorates."""
Opinion = Literal["substantial", "reasonable", "limited", "no_assurance", "unable"]
OPINIONS: tuple[str, ...] = get_args(Opinion)
"""What an assurance rating can be: the scale, the best first, and that nothing can be concluded."""
CONFIRMED_AS_PROPOSED, OVERRIDDEN = "confirmed", "overridden"


class Check(policy.Policy):
    """A directorate's word on the facts of its pages in one run."""

    kind: Literal["check"] = "check"
    run: str = Field(pattern=RUN)
    directorate: str = Field(pattern=ID)
    answer: Literal["agreed", "corrections wanted"]
    by: str = Field(min_length=1)
    """A post, not a name."""
    dated: date
    note: str = ""


class Response(policy.Policy):
    """Management's answer to one finding about one unit."""

    kind: Literal["response"] = "response"
    run: str = Field(pattern=RUN)
    unit: str = Field(pattern=ID)
    """A directorate, or ``council``."""
    about: str = Field(min_length=1)
    """Id of a clause or a measure, or the place of a faulty row (``file, row n``)."""
    answer: Literal["accepted", "rejected"]
    action: str = ""
    by: str = Field(min_length=1)
    due: date | None = None
    dated: date
    note: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Response:
        """What is accepted names an action and its date; what is rejected says why."""
        if self.answer == "accepted" and not (self.action and self.due):
            raise ValueError("what is accepted needs an 'action' and the date on which it is 'due'")
        if self.answer == "rejected" and not self.note:
            raise ValueError("what is rejected needs a 'note' that says why")
        return self


class Rating(policy.Policy):
    """What people make of the assurance rating that a run proposes for one unit: three different posts say it."""

    kind: Literal["rating"] = "rating"
    run: str = Field(pattern=RUN)
    unit: str = Field(pattern=ID)
    """A directorate, or ``council``."""
    proposed: Opinion
    """As on the page."""
    answer: Literal["confirmed", "overridden"]
    rating: Opinion | None = None
    """What is issued in its place, where it is overridden."""
    why: str = ""
    preparer: str = Field(min_length=1)
    reviewer: str = Field(min_length=1)
    confirmer: str = Field(min_length=1)
    dated: date

    @model_validator(mode="after")
    def _is_whole(self) -> Rating:
        """What is overridden names another rating and says why; nobody reviews or confirms their own work."""
        if self.answer == CONFIRMED_AS_PROPOSED and self.rating not in (None, self.proposed):
            raise ValueError("what is confirmed is issued as proposed: leave 'rating' out, or override it")
        if self.answer == OVERRIDDEN and self.rating in (None, self.proposed):
            raise ValueError("what is overridden needs another 'rating' than the one proposed")
        if self.answer == OVERRIDDEN and not self.why:
            raise ValueError("what is overridden needs a 'why'")
        _refuse_same_posts(self)
        return self

    @property
    def issued(self) -> str:
        """The rating that holds."""
        return self.rating or self.proposed


class Issue(policy.Policy):
    """A run declared final: three different posts prepared, reviewed and confirmed it."""

    kind: Literal["issue"] = "issue"
    run: str = Field(pattern=RUN)
    version: int = Field(ge=1)
    preparer: str = Field(min_length=1)
    reviewer: str = Field(min_length=1)
    confirmer: str = Field(min_length=1)
    dated: date
    without_check: dict[str, str] = Field(default_factory=dict)
    """Directorate → why the paper goes out without its agreement; printed on its page."""
    note: str = ""

    @model_validator(mode="after")
    def _three_posts(self) -> Issue:
        """Nobody reviews or confirms their own work."""
        _refuse_same_posts(self)
        if "" in (reason.strip() for reason in self.without_check.values()):
            raise ValueError("'without_check' gives a reason for each directorate")
        return self


def _refuse_same_posts(said: Rating | Issue) -> None:
    """Nobody reviews or confirms their own work."""
    posts = [" ".join(str(getattr(said, name)).lower().split()) for name in POSTS]
    if len(set(posts)) < len(posts):
        raise ValueError("preparer, reviewer and confirmer are three different posts")


Decision = Check | Response | Rating | Issue
Kind = type[Check] | type[Response] | type[Rating] | type[Issue]
KINDS: dict[str, Kind] = {
    "check": Check,
    "response": Response,
    "rating": Rating,
    "issue": Issue,
}


@dataclass(frozen=True)
class Papers:
    """Every decision about papers, the oldest first; of one date in the order of their files' names."""

    all: tuple[Decision, ...]

    def of(self, run: str) -> Papers:
        """Those about one run."""
        return Papers(tuple(one for one in self.all if one.run == run))

    @property
    def checks(self) -> dict[str, Check]:
        """Directorate → its last word."""
        return {one.directorate: one for one in self.all if isinstance(one, Check)}

    @property
    def responses(self) -> tuple[Response, ...]:
        """The last answer to each finding."""
        found = {(one.unit, one.about): one for one in self.all if isinstance(one, Response)}
        return tuple(found.values())

    @property
    def ratings(self) -> tuple[Rating, ...]:
        """The last word on each unit's proposed rating."""
        return tuple({one.unit: one for one in self.all if isinstance(one, Rating)}.values())

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Runs declared final."""
        return tuple(one for one in self.all if isinstance(one, Issue))


def folder() -> Path:
    """Where the files lie."""
    return settings.root() / FOLDER


def papers() -> Papers:
    """Read every decision about papers.

    Raises
    ------
    PolicyError
        A file is not YAML, a key is unknown or missing, or it is of no known kind.
    """
    found = [load(path) for path in sorted(folder().glob("*.yml"), key=kept.order)]
    return Papers(tuple(sorted(found, key=lambda one: one.dated)))


def load(path: Path) -> Decision:
    """Read one decision."""
    return kept.read(path, KINDS, "paper")


def made(kind: Kind, **content: object) -> Decision:
    """A decision as a command was given it; faults are worded as those of a file would be."""
    return policy.build(content, kind, folder() / f"new {kind.__name__.lower()}")


def text(decision: Decision) -> str:
    """A decision as the file that is kept; what is empty is left out."""
    return kept.text(decision)


def name(decision: Decision, taken: Iterable[str] = ()) -> str:
    """A file's name for a decision, not one of those `taken`: date, kind, run and what it is about."""
    about = {Check: "directorate", Response: "unit", Rating: "unit", Issue: "version"}[type(decision)]
    stem = f"{decision.dated.isoformat()}-{decision.kind}-{decision.run}-{getattr(decision, about)}"
    return kept.free(stem, taken)
