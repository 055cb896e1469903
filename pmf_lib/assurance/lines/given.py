"""What the assurance map is told from, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pmf_lib.assurance.lines.rules import AssuranceMapScheme
from pmf_lib.council import Council
from pmf_lib.framework import Framework
from pmf_lib.periods import Period

WHOLE = ""
"""The unit of what is told of the council as a whole, among ids of directorates."""


@dataclass(frozen=True)
class Given:
    """Records and results of the whole council; a table that nobody sent is None."""

    framework: Framework
    council: Council
    quarter: Period
    as_at: date
    scheme: AssuranceMapScheme
    links: pd.DataFrame
    """Links that hold in the quarter's year: measure_id, node."""
    rated: pd.DataFrame
    """Rated measures: measure_id, state."""
    measures: pd.DataFrame
    """The table of measures."""
    groups: pd.DataFrame
    """Levels of groups of clauses: group (in words), unit (a directorate's id, or `WHOLE`), level, tested_n, met_n."""
    assurances: pd.DataFrame | None
    attestations: pd.DataFrame | None
    risks: pd.DataFrame | None
    is_own: bool = True
    """The council's own records: of published figures the run assures nothing."""
