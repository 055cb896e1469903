"""Raw text tables to typed records, with every fault found on the way.

A row is judged in steps, and a row that one step leaves out troubles no later one: its shape, its cells, the limits
of its numbers, what an observation must hold, and its key. What rows say of each other is `pmf_lib.records.check`'s.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial

import pandas as pd

from pmf_lib.periods import FREQUENCIES
from pmf_lib.records import against_schema, cells, faults, findings, keys, posts, suppression
from pmf_lib.records.cells import Asked
from pmf_lib.records.editions import left_out
from pmf_lib.records.raw import CELLS_OVER
from pmf_lib.records.reads import held_of, rows_read
from pmf_lib.records.schema import DELIVERY, PROVENANCE, TABLES, Table

_ANY_KIND = {("comparators", "period"), ("targets", "from_period"), ("measures", "retired_from")}
"""Period columns where another kind than the measure's own is read too."""


@dataclass(frozen=True)
class Records:
    """Records as read: typed tables by name (`schema.TABLES`), findings (`schema.FINDING_COLUMNS`), and reads.

    ``reads`` has one row per table and file: ``table``, ``source_file`` ('' where no file had rows), ``rows_read`` =
    ``rows_kept`` + ``rows_left_out``, and ``control_total``, the sum of the values, targets and limits read. Of
    a return also its ``directorate``, the day it was ``delivered`` (both '' for other files), and ``stated_rows`` and
    ``stated_total``, what its sender counted and summed (NaN where nobody stated any). Rows that a later return says
    again are left out of the earlier file. ``is_sent`` is false where nobody sent the table at all: then nothing is known
    of it, whereas a table that was sent without rows says that there is nothing (an empty sheet of a return says nothing).
    """

    tables: Mapping[str, pd.DataFrame]
    findings: pd.DataFrame
    reads: pd.DataFrame
    hiding: frozenset[str] = frozenset()
    """Files that hold a number which is not to be shown: their own sums, less the others, would tell it."""
    left_out: pd.DataFrame = field(default_factory=left_out.nothing)
    """How much an edition leaves out (`pmf_lib.records.editions.left_out`); without rows where nothing was."""


def parse(raw: Mapping[str, pd.DataFrame]) -> Records:
    """Type raw tables (`pmf_lib.records.sources.folder.read_folder`); rows that can't be read are left out and found.

    The numbers of suppressed observations, and what was said before of the same measure and period, are dropped before
    anything else, so that nothing after this sees them.
    """
    texts = {name: posts.masked(_stripped(raw.get(name), table), name) for name, table in TABLES.items()}
    tables: dict[str, pd.DataFrame] = {}
    parts, about, hiding = [], _about(texts["measures"]), frozenset[str]()
    wholes: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        if name == "observations":
            texts[name], hiding = _shown(texts[name], about)
        kept, said = _judged(texts[name], table, about, wholes)
        tables[name], replaced = _settled(kept, texts[name].loc[kept.index], table)
        parts += [*said, replaced]
        if name in keys.WHOLES:
            wholes[name] = keys.owners(texts[name].loc[kept.index], table)
        if name == "measures":
            about = _about(tables[name], texts[name])
    found = attributed(findings.in_order(findings.gathered(parts)), about["directorate"])
    return Records(tables, found, held_of(rows_read(texts, raw), tables), hiding)


def attributed(found: pd.DataFrame, directorates: pd.Series) -> pd.DataFrame:
    """Findings with the directorate of their measure (`directorates`: measure_id → directorate), else that of their own row."""
    of_measure = cells.looked_up(found["measure_id"], directorates)
    return found.assign(directorate=of_measure.where(found["measure_id"] != "", found["directorate"]))


def reconciled(records: Records) -> Records:
    """The same records with reads that agree with the tables as they are now."""
    return dataclasses.replace(records, reads=held_of(records.reads, records.tables))


def without(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The rows that no finding (under the same index) leaves out."""
    if found.empty:
        return table
    return table.drop(index=found.index[findings.leaves_out(found)].unique())


def _about(*measures: pd.DataFrame) -> pd.DataFrame:
    """measure_id → frequency and directorate, from the first row that has it: kept rows come before rows left out."""
    rows = pd.concat([frame[["measure_id", "frequency", "directorate"]] for frame in measures])
    return rows.drop_duplicates("measure_id").set_index("measure_id")


def _stripped(raw: pd.DataFrame | None, table: Table) -> pd.DataFrame:
    """All columns of the table as stripped text, numbered rows, provenance and the ragged rows' cells."""
    rows = raw.reset_index(drop=True) if raw is not None else pd.DataFrame()
    size = len(rows.index)
    if not size:
        return _no_texts(table.name).copy()
    none = pd.Series("", rows.index, dtype="str")
    texts = {
        name: _as_text(rows[name]).str.strip() if name in rows else none
        for name in (*table.columns, *PROVENANCE[:2], *DELIVERY)
    }
    over = rows[CELLS_OVER].fillna(0).astype("int64") if CELLS_OVER in rows else 0
    return pd.DataFrame({**texts, PROVENANCE[2]: rows[PROVENANCE[2]].astype("int64"), CELLS_OVER: over})


def _as_text(cells: pd.Series) -> pd.Series:
    """Text, '' where nothing stands; what is text already is left as it is."""
    is_text = cells.dtype == "str" and not cells.hasnans
    return cells if is_text else cells.fillna("").astype("str")


def _shown(texts: pd.DataFrame, about: pd.DataFrame) -> tuple[pd.DataFrame, frozenset[str]]:
    """Observations without the numbers that are not to be shown, and the files that held one."""
    table, before = TABLES["observations"], texts
    texts = suppression.shown(texts)
    asked = _asked(table, Asked.of("period", table.columns["period"]), texts, about["frequency"])
    labels = cells.parse_column(texts["period"], asked).typed
    foreign = keys.foreign(texts, table, about["directorate"])
    texts = suppression.withheld(
        texts,
        ~pd.Series(texts.index.isin(foreign.index), texts.index),
        labels,
        lambda rows: _judged(rows, table, about)[0],
    )
    figures = list(suppression.FIGURES)
    return texts, frozenset(texts.loc[(texts[figures] != before[figures]).any(axis=1), "source_file"])


def _settled(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one table that no later delivery gives again, and a finding for each that one changes."""
    if typed.empty:
        return against_schema.no_rows(table.name).copy(), findings.none()
    typed, found = keys.superseded(typed, texts, table)
    if table.name == "observations":
        typed = suppression.stated(typed, texts.loc[typed.index])
    return against_schema.validated(typed.reset_index(drop=True), table), found


def _judged(
    texts: pd.DataFrame,
    table: Table,
    about: pd.DataFrame,
    wholes: keys.Wholes | None = None,
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The rows that can be read, typed, and what was found on the way; `wholes`: as for `keys.foreign`."""
    if texts.empty:
        return against_schema.no_rows(table.name), []
    foreign = keys.foreign(texts, table, about["directorate"], wholes)
    shape = findings.gathered([_shape(texts, table), foreign, keys.other_frequency(texts, table, about)])
    texts = without(texts, shape)
    typed, found = _typed(texts, table, about["frequency"])
    typed = without(typed, found)
    parts = [shape, found]
    taken_over = partial(keys.taken_over, wholes=wholes or {})
    for step in (against_schema.outside_limits, _contents, keys.twice, taken_over):
        found = step(typed, texts.loc[typed.index], table)
        typed = without(typed, found)
        parts.append(found)
    return typed, parts


def _shape(texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Ragged rows, and rows with merged cells."""
    over, areas = texts[CELLS_OVER], texts[DELIVERY[2]]
    is_merged = areas != ""
    if not over.any() and not is_merged.any():
        return findings.none()
    merged = faults.merged(table.name, texts[is_merged], areas[is_merged])
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
        text = texts.assign(recorded_at=keys.day_recorded(texts)) if name == "recorded_at" else texts
        parsed = cells.parse_column(text[name], asked)
        columns[name] = parsed.typed
        parts += [_empty(text, table, asked)] if asked.needed and asked.default is None else []
        parts += [] if parsed.is_blank else [_faulty(text, table, asked, parsed)]
    typed = pd.DataFrame({**columns, **{name: texts[name] for name in PROVENANCE}}, index=texts.index)
    if table.name == "observations":
        hidden = cells.is_suppressed(texts["value"]) & typed["value"].isna()
        typed["state"] = typed["state"].mask(hidden, "suppressed")
    return typed, findings.gathered(parts)


def _asked(table: Table, asked: Asked, texts: pd.DataFrame, frequencies: pd.Series) -> Asked:
    """For a period: the kind that each row must have, from the column or from the frequency of the row's measure."""
    if asked.kind != "period":
        return asked
    if fixed := (table.columns[asked.name].metadata or {})["period_kind"]:
        return dataclasses.replace(asked, period_kinds=pd.Series(fixed, texts.index, dtype="str"))
    frequency = (
        texts["frequency"] if "frequency" in texts else cells.looked_up(texts["measure_id"], frequencies)
    )
    own = cells.looked_up(frequency.str.lower(), FREQUENCIES)
    own_only = (table.name, asked.name) not in _ANY_KIND
    return dataclasses.replace(asked, period_kinds=own, own_kind_only=own_only)


def _empty(texts: pd.DataFrame, table: Table, asked: Asked) -> pd.DataFrame:
    """Cells that are needed, have no default, and are empty."""
    empty = texts[asked.name] == ""
    if not empty.any():
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


def _contents(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Observations and targets that say nothing."""
    if table.name == "observations":
        silent = typed["value"].isna() & (typed["state"] != "suppressed") & ~texts[suppression.WITHHELD]
        return faults.no_value(typed[silent], texts.loc[silent, "value"])
    if table.name == "targets":
        return faults.no_target(typed[typed[["target", "lower", "upper"]].isna().all(axis=1)])
    return findings.none()


@cache
def _no_texts(name: str) -> pd.DataFrame:
    """The table as text, without rows."""
    texts = dict.fromkeys((*TABLES[name].columns, *PROVENANCE[:2], *DELIVERY), "str")
    numbers = dict.fromkeys((PROVENANCE[2], CELLS_OVER), "int64")
    return pd.DataFrame({key: pd.Series(dtype=kind) for key, kind in {**texts, **numbers}.items()})
