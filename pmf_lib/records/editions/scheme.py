"""What the public edition hides: thresholds and words, from ``parameters/schemes/disclosure.yml``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
from pydantic import Field, model_validator

from pmf_lib import policy, settings
from pmf_lib.policy import Policy


class Disclosure(Policy):
    """Which counts are of people, and which of them are too small to be shown. `docs/methods/disclosure.md`."""

    version: int
    dated: date
    source: str
    smallest: int = Field(default=1, ge=0)
    largest: int = Field(default=4, ge=0)
    count_units: tuple[str, ...] = ("number",)
    rest: bool = True
    rolling_months: int = Field(default=12, ge=1)
    words: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_in_order(self) -> Disclosure:
        if self.smallest > self.largest:
            raise ValueError(
                f"smallest is {self.smallest} and largest {self.largest}; expected smallest to be no more than largest"
            )
        return self

    def is_small(self, amounts: pd.Series[float]) -> pd.Series[bool]:
        """Which counts are too small to be shown; none of what is not known.

        >>> scheme = Disclosure(version=1, dated="2026-11-22", source="made up")
        >>> scheme.is_small(pd.Series([0.0, 1.0, 4.0, 5.0, None])).tolist()
        [False, True, True, False, False]
        """
        return amounts.round().between(self.smallest, self.largest)

    def is_of_people(self, names: pd.Series[str]) -> pd.Series[bool]:
        """Which names of counts hold one of the words.

        >>> scheme = Disclosure(version=1, dated="2026-11-22", source="made up", words=["children", "staff"])
        >>> scheme.is_of_people(pd.Series(["Children seen", "Potholes mended", "Staffed hours"])).tolist()
        [True, False, False]
        """
        if not self.words:
            return pd.Series(False, names.index)
        pattern = r"\b(?:" + "|".join(map(re.escape, self.words)) + r")\b"
        return names.str.contains(pattern, case=False, regex=True)


def file() -> Path:
    """Where the scheme lies."""
    return settings.root() / "parameters" / "schemes" / "disclosure.yml"


def load() -> Disclosure:
    """The scheme in force.

    Raises
    ------
    PolicyError
        The file says something that is not understood.
    """
    return policy.load(file(), Disclosure)
