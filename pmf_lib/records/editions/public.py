"""Public records: exempt measures and small counts left out, with all that tells of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date

import pandas as pd

from pmf_lib import editions
from pmf_lib.records import findings
from pmf_lib.records.cells import looked_up
from pmf_lib.records.editions import beside, left_out
from pmf_lib.records.editions.exempt import without_exempt
from pmf_lib.records.editions.naming import joined
from pmf_lib.records.editions.scheme import Disclosure
from pmf_lib.records.editions.suppress import Hidden, suppressed
from pmf_lib.records.parse import Records

TEXTS = ("got", "expected", "mend", "title", "source_file")
"""Columns of a finding in which something may be named."""
PUBLISHED_BEFORE = "edition.published-before"


def public(records: Records, scheme: Disclosure, as_at: date, earlier: pd.DataFrame | None = None) -> Records:
    """The records of the public edition; the same as given where nothing has to be left out but the sums of files.

    Exempt measures go, with every reference and word that tells of them; small counts of people are hidden, and as many other
    figures as it takes that nobody can work them out. What is kept was recorded by `as_at`.

    Parameters
    ----------
    records
        Records as checked.
    scheme
        Which counts are of people, and which of them are too small.
    as_at
        Observations recorded after this day are no part of any page, and go.
    earlier
        Observations that earlier public papers showed: what stands there can't be hidden any more, and is a finding where
        it tells of a few people.
    """
    tables, names = without_exempt(records.tables)
    known = tables["observations"]["recorded_at"].dt.normalize() <= pd.Timestamp(as_at)
    observations = tables["observations"][known].reset_index(drop=True)
    hidden = suppressed(observations, tables["measures"], scheme, earlier)
    tables = beside.without_tellers({**tables, "observations": hidden.observations}, hidden.cells)
    tables, counted_out = beside.without_small_counts(tables, scheme)
    tables = {name: frame.reset_index(drop=True) for name, frame in tables.items()}
    told = names.in_texts(joined(records.findings, TEXTS))
    found = beside.findings_left(records.findings, records.tables, tables, hidden.cells, told)
    return dataclasses.replace(
        records,
        tables=tables,
        findings=findings.in_order(findings.gathered([found, _published_before(hidden, tables["measures"])])),
        reads=beside.reads_left(records.reads, tables, names.in_texts(records.reads["source_file"])),
        left_out=_left_out(records.tables["measures"], hidden.cells, counted_out["directorate"]),
    )


def _left_out(measures: pd.DataFrame, cells: pd.DataFrame, others: pd.Series[str]) -> pd.DataFrame:
    owners = measures.set_index("measure_id")["directorate"]
    figures = looked_up(cells["measure_id"], owners)
    exempt = measures.loc[measures["exempt"], "directorate"]
    return left_out.counted(editions.PUBLIC, exempt, pd.concat([figures, others]))


def _published_before(hidden: Hidden, measures: pd.DataFrame) -> pd.DataFrame:
    """A finding for each figure that stays since an earlier public paper shows it."""
    rows = hidden.observations.merge(hidden.before, on=["measure_id", "period"])
    newest = rows.sort_values("recorded_at", kind="stable").drop_duplicates(
        ["measure_id", "period"], keep="last"
    )
    owners: Mapping[str, str] | pd.Series[str] = measures.set_index("measure_id")["directorate"]
    return findings.found(
        PUBLISHED_BEFORE,
        "observations",
        newest.assign(directorate=looked_up(newest["measure_id"], owners)),
        column="value",
        got=newest["period"],
        expected="a figure that no earlier public paper shows",
        mend="It is already public, so that leaving it out would protect nobody. If it should not be, take the earlier paper back.",
    )
