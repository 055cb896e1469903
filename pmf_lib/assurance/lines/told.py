"""What findings of the map are told from, and how they name a source and what it concluded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmf_lib.assurance.lines.rules import NOT_STATED, AssuranceMapScheme
from pmf_lib.assurance.lines.sources import ATTESTED, OWN_RUN
from pmf_lib.periods import date_words

SAID = {"none": "no assurance", NOT_STATED: "no conclusion stated"}


@dataclass(frozen=True)
class Told:
    """What findings are told from."""

    areas: pd.DataFrame
    """As from `pmf_lib.assurance.lines.cells.against`, with `name`: how sentences call the area."""
    cells: pd.DataFrame
    sources: pd.DataFrame
    reached: pd.DataFrame
    scheme: AssuranceMapScheme
    is_sent: bool
    """Somebody sent the table of assurances; else only what is not known can be told."""
    markers_word: str
    whose: dict[str, str]
    """Directorate → its name."""
    is_own: bool = True


def source_words(row: dict[Any, Any], whose: dict[str, str]) -> str:
    """A source as sentences name it: who, about what, and when."""
    where = whose.get(row["directorate"], "")
    if row["made_of"] == OWN_RUN:
        return f"this run's own level of {where or 'the whole council'}"
    by = "attestation of " if row["made_of"] == ATTESTED else ""
    of = f" in {where}" if where and where.casefold() not in row["subject"].casefold() else ""
    return f"{by}{row['provider']}, “{row['subject']}”{of} ({date_words(row['reported_on'].date())})"


def concluded(conclusion: str) -> str:
    """A conclusion as sentences say it.

    >>> concluded("limited"), concluded("none"), concluded("not-stated")
    ('limited assurance', 'no assurance', 'no conclusion stated')
    """
    return SAID.get(conclusion, f"{conclusion} assurance")
