"""Raw text tables to typed records, with every fault found on the way.

A row is judged in steps, and a row that one step leaves out troubles no later one: its shape, its cells, the limits
of its numbers, what an observation must hold, and its key. What rows say of each other is `pmf_lib.records.check`'s.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from pmf_lib.periods import FREQUENCIES
from pmf_lib.records import cells, faults, findings, keys
from pmf_lib.records.cells import Asked
from pmf_lib.records.raw import CELLS_OVER
from pmf_lib.records.schema import DELIVERY, PROVENANCE, TABLES, Table

READ_COLUMNS = (
    *("table", "source_file", "rows_read", "rows_kept", "rows_left_out", "control_total"),
    *("directorate", "delivered", "stated_rows", "stated_total"),
)

_KIND_OF = {
    ("links", "valid_from"): "year",
    ("links", "valid_to"): "year",
    ("commentary", "quarter"): "quarter",
    ("forecasts", "quarter"): "quarter",
    ("forecasts", "year"): "year",
}
"""Period columns whose kind does not hang on the measure."""
_ANY_KIND = {("comparators", "period"), ("targets", "from_period"), ("measures", "retired_from")}
"""Period columns where another kind than the measure's own is read too."""


@dataclass(frozen=True)
class Records:
    """Records as read: typed tables by name (`schema.TABLES`), findings (`schema.FINDING_COLUMNS`), and reads.

    ``reads`` has one row per table and file: ``table``, ``source_file`` ('' where no file had rows), ``rows_read`` =
    ``rows_kept`` + ``rows_left_out``, and ``control_total``, the sum of the values, targets and limits read. Of
    a return also its ``directorate``, the day it was ``delivered`` (both '' for other files), and ``stated_rows`` and
    ``stated_total``, what its sender counted and summed (NaN where nobody stated any). Rows that a later return says
    again are left out of the earlier file.
    """

    tables: Mapping[str, pd.DataFrame]
    findings: pd.DataFrame
    reads: pd.DataFrame


def parse(raw: Mapping[str, pd.DataFrame]) -> Records:
    """Type raw tables (`pmf_lib.records.sources.folder.read_folder`); rows that can't be read are left out and found.

    The numbers of suppressed observations are dropped before anything else, so that nothing after this sees them.
    """
    texts = {name: _stripped(raw.get(name), table) for name, table in TABLES.items()}
    texts["observations"] = cells.shown(texts["observations"])
    tables: dict[str, pd.DataFrame] = {}
    parts, about = [], _about(texts["measures"])
    for name, table in TABLES.items():
        tables[name], found = _parse_table(texts[name], table, about)
        parts.append(found)
        if name == "measures":
            about = _about(tables[name], texts[name])
    found = attributed(findings.in_order(findings.gathered(parts)), about["directorate"])
    return Records(tables, found, _reads(rows_read(texts), tables))


def attributed(found: pd.DataFrame, directorates: pd.Series) -> pd.DataFrame:
    """Findings with the directorate of their measure (`directorates`: measure_id → directorate)."""
    return found.assign(directorate=cells.looked_up(found["measure_id"], directorates))


def rows_read(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What was read: one row per table and file; a table without rows has one row too."""
    parts = []
    for name, table in tables.items():
        totals = _control_totals(table, TABLES[name])
        sizes = table.groupby("source_file", sort=True).size().to_dict() or {"": 0}
        parts += [(name, source, count, totals.get(str(source), 0.0)) for source, count in sizes.items()]
    read = pd.DataFrame(parts, columns=[*READ_COLUMNS[:3], "control_total"])
    return read.assign(directorate="", delivered="", stated_rows=math.nan, stated_total=math.nan)


def reconciled(records: Records) -> Records:
    """The same records with reads that agree with the tables as they are now."""
    return dataclasses.replace(records, reads=_reads(records.reads, records.tables))


def without(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The rows that no finding (under the same index) leaves out."""
    if found.empty:
        return table
    return table.drop(index=found.index[findings.leaves_out(found)].unique())


def _about(*measures: pd.DataFrame) -> pd.DataFrame:
    """measure_id → frequency and directorate, from the first row that has it: kept rows come before rows left out."""
    rows = pd.concat([frame[["measure_id", "frequency", "directorate"]] for frame in measures])
    return rows.drop_duplicates("measure_id").set_index("measure_id")


def _reads(read: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows kept and rows left out beside the rows read."""
    files = zip(read["table"], read["source_file"], strict=True)
    kept = [int((tables[name]["source_file"] == source).sum()) for name, source in files]
    frame = read.assign(rows_kept=kept)
    frame["rows_left_out"] = frame["rows_read"] - frame["rows_kept"]
    texts = dict.fromkeys(("table", "source_file", "directorate", "delivered"), "str")
    return frame[list(READ_COLUMNS)].astype({**texts, "control_total": "float64"})


def _control_totals(texts: pd.DataFrame, table: Table) -> dict[str, float]:
    """By file the sum of the columns that hold figures (numbers without a default), whatever the order of rows."""
    asked = [Asked.of(name, column) for name, column in table.columns.items()]
    figures = {
        each.name: cells.parse_column(texts[each.name], each).typed.fillna(0.0)
        for each in asked
        if each.kind == "number" and each.default is None
    }
    numbers = pd.DataFrame(figures, index=texts.index)
    files = numbers.groupby(texts["source_file"]).indices
    return {str(name): round(math.fsum(numbers.to_numpy()[at].ravel()), 6) for name, at in files.items()}


def _stripped(raw: pd.DataFrame | None, table: Table) -> pd.DataFrame:
    """All columns of the table as stripped text, numbered rows, provenance and the ragged rows' cells."""
    rows = raw.reset_index(drop=True) if raw is not None else pd.DataFrame()
    size = len(rows.index)
    frame = pd.DataFrame(index=pd.RangeIndex(size))
    for name in (*table.columns, *PROVENANCE[:2], *DELIVERY):
        text = rows[name] if name in rows else pd.Series("", frame.index)
        frame[name] = text.fillna("").astype("str").str.strip()
    frame[PROVENANCE[2]] = rows[PROVENANCE[2]].astype("int64") if size else pd.Series(dtype="int64")
    frame[CELLS_OVER] = rows[CELLS_OVER].fillna(0).astype("int64") if CELLS_OVER in rows else 0
    return frame


def _parse_table(texts: pd.DataFrame, table: Table, about: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One typed table and its findings."""
    foreign = keys.foreign(texts, table, about["directorate"])
    shape = findings.gathered([_shape(texts, table), foreign, keys.other_frequency(texts, table, about)])
    texts = without(texts, shape)
    typed, found = _typed(texts, table, about["frequency"])
    typed = without(typed, found)
    parts = [shape, found]
    for step in (_limits, _contents, keys.twice):
        found = step(typed, texts.loc[typed.index], table)
        typed = without(typed, found)
        parts.append(found)
    typed, found = keys.superseded(typed, texts.loc[typed.index], table)
    return _validated(typed.reset_index(drop=True), table), findings.gathered([*parts, found])


def _shape(texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Ragged rows, and rows with merged cells."""
    over, areas = texts[CELLS_OVER], texts[DELIVERY[2]]
    merged = faults.merged(table.name, texts[areas != ""], areas[areas != ""])
    if not over.any():
        return merged
    more, fewer = texts[over > 0], texts[over < 0]
    return findings.gathered(
        [
            faults.too_many_cells(table.name, more, over[over > 0]),
            faults.too_few_cells(table.name, fewer, -over[over < 0]),
            merged,
        ]
    )


def _typed(texts: pd.DataFrame, table: Table, frequencies: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every column typed, and a finding for every cell that can't be read."""
    columns, parts = {}, []
    for name, column in table.columns.items():
        asked = _asked(table, Asked.of(name, column), texts, frequencies)
        text = _with_day_received(texts) if name == "recorded_at" else texts
        parsed = cells.parse_column(text[name], asked)
        columns[name] = parsed.typed
        parts += [_empty(text, table, asked), _faulty(text, table, asked, parsed)]
    typed = pd.DataFrame({**columns, **{name: texts[name] for name in PROVENANCE}}, index=texts.index)
    if table.name == "observations":
        hidden = cells.is_suppressed(texts["value"]) & typed["value"].isna()
        typed["state"] = typed["state"].mask(hidden, "suppressed")
    return typed, findings.gathered(parts)


def _asked(table: Table, asked: Asked, texts: pd.DataFrame, frequencies: pd.Series) -> Asked:
    """For a period: the kind that each row must have, from the column or from the frequency of the row's measure."""
    if asked.kind != "period":
        return asked
    place = (table.name, asked.name)
    frequency = (
        texts["frequency"] if "frequency" in texts else cells.looked_up(texts["measure_id"], frequencies)
    )
    own = cells.looked_up(frequency.str.lower(), FREQUENCIES)
    fixed = pd.Series(_KIND_OF[place], texts.index, dtype="str") if place in _KIND_OF else own
    return dataclasses.replace(asked, period_kinds=fixed, own_kind_only=place not in _ANY_KIND)


def _empty(texts: pd.DataFrame, table: Table, asked: Asked) -> pd.DataFrame:
    """Cells that are needed, have no default, and are empty."""
    empty = texts[asked.name] == ""
    if not asked.needed or asked.default is not None or not empty.any():
        return findings.none()
    rows = texts[empty]
    meaning = (table.columns[asked.name].description or "").lower()
    return faults.bad_cell(
        "cell.empty", table.name, rows, asked.name, got="", expected=f"a value ({meaning})"
    )


def _faulty(texts: pd.DataFrame, table: Table, asked: Asked, parsed: cells.Parsed) -> pd.DataFrame:
    """Cells that can't be read as their column asks, and failed formulas."""
    failed = texts[asked.name].isin(cells.SPREADSHEET_ERRORS)
    faulty = parsed.faulty & ~failed
    if not (faulty | failed).any():
        return findings.none()
    rows = texts[faulty]
    expected, hint = (
        said[faulty] if isinstance(said, pd.Series) else said for said in (parsed.expected, parsed.hint)
    )
    bad = faults.bad_cell(
        parsed.rule, table.name, rows, asked.name, got=rows[asked.name], expected=expected, hint=hint
    )
    return findings.gathered([bad, faults.spreadsheet_error(table.name, texts[failed], asked.name)])


def _with_day_received(texts: pd.DataFrame) -> pd.DataFrame:
    """In a return, a value without a date was recorded on the day that the return was received."""
    day = texts["recorded_at"]
    return texts.assign(recorded_at=day.where(day != "", texts[DELIVERY[0]]))


def _limits(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Numbers outside the limits that the schema's checks set."""
    try:
        _limit_schema(table.name).validate(typed, lazy=True)
    except SchemaErrors as errors:
        failed = errors.failure_cases.drop_duplicates(["index", "column"])
        parts = [
            _outside(texts.loc[list(cases["index"])], table, str(name))
            for name, cases in failed.groupby("column")
        ]
        return findings.gathered(parts)
    return findings.none()


def _outside(rows: pd.DataFrame, table: Table, name: str) -> pd.DataFrame:
    limits = [check.statistics for check in table.columns[name].checks if check.statistics]
    return faults.bad_cell(
        "cell.limits", table.name, rows, name, got=rows[name], expected=_limit_words(limits[0])
    )


def _limit_words(limits: Mapping[str, float]) -> str:
    low, high = limits.get("min_value"), limits.get("max_value")
    return f"a number of {low} or more" if high is None else f"a number from {low} to {high}"


def _contents(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Observations and targets that say nothing."""
    if table.name == "observations":
        silent = typed["value"].isna() & (typed["state"] != "suppressed")
        return faults.no_value(typed[silent], texts.loc[silent, "value"])
    if table.name == "targets":
        return faults.no_target(typed[typed[["target", "lower", "upper"]].isna().all(axis=1)])
    return findings.none()


def _validated(typed: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The schema's last word; nothing that comes so far should fail it."""
    return _schema(table.name).validate(typed)


@cache
def _schema(name: str) -> pa.DataFrameSchema:
    return TABLES[name].schema


@cache
def _limit_schema(name: str) -> pa.DataFrameSchema:
    """The number columns that have checks (those of other kinds hold by the way they are parsed)."""
    columns = TABLES[name].columns.items()
    return pa.DataFrameSchema(
        {key: spec for key, spec in columns if spec.checks and Asked.of(key, spec).kind == "number"}
    )
