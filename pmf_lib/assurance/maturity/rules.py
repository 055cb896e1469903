"""The rules of embedding: kinds of evidence with what each can show and for how long, and what each test rests on."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from pmf_lib.errors import PolicyError, unknown
from pmf_lib.policy import Policy

Level = Literal["lived", "on_paper", "partly", "not_lived", "observed", "not_shown"]
LEVELS = ("lived", "on_paper", "partly", "not_lived")
"""What a tested duty may show, the best first."""
UNKNOWN = ("observed", "not_shown")
"""Nothing of a duty is known: only observations were made, or nothing could be tested."""
ORDER = (*LEVELS, *UNKNOWN)


class EvidenceKind(Policy):
    """A kind of evidence and the best level that a duty may reach on it alone."""

    code: str
    word: str
    cap: Level
    means: str
    checked: str = ""
    """The kind that it rises to where a second post checked enough of its rows; empty: it stays what it is."""
    unreferenced: str = ""
    """The kind that it falls to where too few of its rows name a minute or document; empty: it stays what it is."""
    good_for_months: int | None = Field(default=None, gt=0)
    """How old its newest row may be; None: it does not age, since it is looked at anew in each quarter."""


class Basis(Policy):
    """What a test rests on (the code of a kind of evidence), what it counts, and how one of its exceptions is mended."""

    rests_on: str
    of: str = ""
    """What it looks at, several of them, such as *measures*; ``{nodes}`` is the framework's own word. Empty: counts stand without a noun."""
    mend: str
    mend_past: str = ""
    """What to do where an exception lies in the past and can't be made good; empty: the same."""
    matters: str = ""
    """What follows while it has exceptions, in a sentence without its full stop."""

    def asks(self, *, is_past: bool) -> str:
        """What is asked about one exception, as a sentence."""
        said = self.mend_past if is_past and self.mend_past else self.mend
        return f"{said}." if said else ""


class EmbeddingScheme(Policy):
    """``parameters/schemes/embedding.yml``: kinds of evidence with their caps, and what each test rests on."""

    version: int
    dated: date
    source: str
    not_lived_from_pct: float = Field(gt=0, le=100)
    enough_pct: float = Field(default=90, gt=0, le=100)
    """The share of the rows looked at that must be checked, or name a minute, for the kind to rise, or not to fall."""
    old: Level = "on_paper"
    """The best that a duty may reach on evidence older than its kind is good for."""
    very_old: Level = "not_shown"
    """The same past twice that age."""
    kinds: tuple[EvidenceKind, ...] = Field(min_length=1)
    """The strongest first."""
    tests: dict[str, Basis]

    @model_validator(mode="after")
    def _holds_together(self) -> EmbeddingScheme:
        caps = [ORDER.index(kind.cap) for kind in self.kinds]
        if caps != sorted(caps):
            raise ValueError("a weaker kind of evidence has a higher cap than a stronger one; order 'kinds'")
        for test, basis in self.tests.items():
            if basis.rests_on not in self.codes:
                raise ValueError(unknown(f"kind of evidence (test '{test}')", basis.rests_on, self.codes))
        for place, kind in enumerate(self.kinds):
            self._refuse("checked", kind.checked, self.codes[:place], kind.code)
            self._refuse("unreferenced", kind.unreferenced, self.codes[place + 1 :], kind.code)
        if ORDER.index(self.old) > ORDER.index(self.very_old):
            raise ValueError("'very_old' is a better level than 'old'; evidence does not get better with age")
        return self

    def _refuse(self, key: str, to: str, allowed: list[str], kind: str) -> None:
        """A check makes evidence stronger and a missing minute weaker, never the other way."""
        if to and to not in allowed:
            raise ValueError(unknown(f"'{key}' of the kind '{kind}'", to, allowed))

    @property
    def codes(self) -> list[str]:
        """Codes of the kinds of evidence, the strongest first."""
        return [kind.code for kind in self.kinds]

    def kind(self, code: str) -> EvidenceKind:
        """The kind of evidence of this code."""
        return self.kinds[self.codes.index(code)]

    def basis(self, test: str) -> Basis:
        """What this test rests on; raises PolicyError where the scheme does not say."""
        if test not in self.tests:
            mend = "Add it under 'tests' in parameters/schemes/embedding.yml."
            raise PolicyError(unknown("test of the embedding scheme", test, self.tests, mend))
        return self.tests[test]
