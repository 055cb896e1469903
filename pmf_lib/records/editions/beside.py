"""What stands beside a hidden figure and could tell of it: words, forecasts, certifications, counts of staff, and sums."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pmf_lib.periods import FREQUENCIES
from pmf_lib.records.cells import looked_up
from pmf_lib.records.editions.attack import CELL
from pmf_lib.records.editions.naming import joined
from pmf_lib.records.editions.scheme import Disclosure
from pmf_lib.records.period_days import days
from pmf_lib.records.schema import PROVENANCE

COUNTED_OUT = r"(?i)\d|\b(?:no|nobody|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
"""A text that counts: a figure, or a number in words."""
STAFF = ["staff_n", "held_n", "linked_n", "development_n", "mid_year_n"]
A_YEAR = pd.Timedelta(days=366)
SUM_RULE = "control.differs"
Tables = Mapping[str, pd.DataFrame]


def without_tellers(tables: Tables, cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables without what tells of the hidden `cells` (measure_id, period).

    Certifications of a hidden figure go. So do the service's forecast, and a commentary that counts, where they were given
    within a year after it.
    """
    near = {name: _is_near(tables[name], cells, tables["measures"]) for name in ("commentary", "forecasts")}
    counting = joined(tables["commentary"], ["text", "cause"]).str.contains(COUNTED_OUT, regex=True)
    certified = pd.MultiIndex.from_frame(tables["certifications"][CELL])
    return {
        **tables,
        "commentary": tables["commentary"][~(near["commentary"] & counting)],
        "forecasts": tables["forecasts"][~near["forecasts"]],
        "certifications": tables["certifications"][~certified.isin(pd.MultiIndex.from_frame(cells[CELL]))],
    }


def _is_near(rows: pd.DataFrame, cells: pd.DataFrame, measures: pd.DataFrame) -> pd.Series[bool]:
    """Which rows (measure_id, quarter) speak of a quarter that a hidden figure lies in, or in the year before."""
    kinds = looked_up(cells["measure_id"], measures.set_index("measure_id")["frequency"].map(FREQUENCIES))
    spells = cells.assign(first=days(cells["period"], kinds), last=days(cells["period"], kinds, "end"))
    said = rows[["measure_id"]].assign(
        at=np.arange(len(rows)), ends=days(rows["quarter"], pd.Series("quarter", rows.index), "end")
    )
    both = said.merge(spells, on="measure_id")
    close = both[(both["first"] <= both["ends"]) & (both["last"] > both["ends"] - A_YEAR)]
    return pd.Series(said["at"].isin(close["at"]).to_numpy(), rows.index)


def without_small_counts(tables: Tables, scheme: Disclosure) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Tables without small counts of people outside the observations, and the directorate of each that went.

    A service's conversations go where it has so few staff; planned and achieved numbers of an entry of a register whose unit
    is of people are emptied where either is small.
    """
    talks, entries = tables["conversations"], tables["registers"]
    few = scheme.is_small(talks["staff_n"])
    goes = pd.MultiIndex.from_frame(talks[["directorate", "service", "year"]])
    gone = pd.Series(goes.isin(goes[few.to_numpy()]), talks.index)
    people = scheme.is_of_people(entries["unit"])
    small = people & (scheme.is_small(entries["planned"]) | scheme.is_small(entries["achieved"]))
    blank = {name: entries[name].mask(small) for name in ("planned", "achieved")}
    left = {**tables, "conversations": talks[~gone], "registers": entries.assign(**blank)}
    return left, pd.concat([talks.loc[gone, ["directorate"]], entries.loc[small, ["directorate"]]])


def findings_left(
    found: pd.DataFrame, before: Tables, after: Tables, cells: pd.DataFrame, is_named: pd.Series[bool]
) -> pd.DataFrame:
    """Findings that tell nothing of what was left out.

    Gone are those of a row that is gone, of a measure that is not (or no longer) known, of figures of a measure with a
    hidden one, of sums, and those that name what is exempt.
    """
    rows = pd.MultiIndex.from_frame(found[["table", *PROVENANCE]])
    removed = rows.isin(_places(before).difference(_places(after)))
    known = found["measure_id"].eq("") | found["measure_id"].isin(after["measures"]["measure_id"])
    faulty_measures = found["table"].eq("measures") & found["severity"].eq("error")
    figures = found["table"].isin(["observations", "certifications"]) & found["measure_id"].isin(
        cells["measure_id"]
    )
    unknown = found["rule"].isin(["measure.unknown", "measure.left-out", SUM_RULE])
    tells = removed | ~known | faulty_measures | figures | unknown | is_named
    return found[~tells].reset_index(drop=True)


def _places(tables: Tables) -> pd.MultiIndex:
    """Table, file, sheet and row of every row."""
    parts = [frame[list(PROVENANCE)].assign(table=name) for name, frame in tables.items()]
    return pd.MultiIndex.from_frame(pd.concat(parts)[["table", *PROVENANCE]])


def reads_left(reads: pd.DataFrame, after: Tables, is_named: pd.Series[bool]) -> pd.DataFrame:
    """Reads that speak of what is left alone: rows kept as they are now, and no sums.

    A sum of all figures, less those that are shown, would tell those that are not.
    """
    files = zip(reads["table"], reads["source_file"], strict=True)
    kept = np.array(
        [int((after[table]["source_file"] == file).sum()) for table, file in files], dtype="int64"
    )
    silent = (kept == 0) & (reads["rows_kept"] > 0) | is_named
    left_out = reads["rows_left_out"].mask(silent, 0)
    nothing = dict.fromkeys(("control_total", "stated_rows", "stated_total"), float("nan"))
    file = reads["source_file"].mask(silent, "")
    return reads.assign(
        rows_kept=kept, rows_left_out=left_out, rows_read=kept + left_out, source_file=file, **nothing
    )
