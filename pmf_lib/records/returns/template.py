"""What a directorate is sent: its measures, links and targets as they are known, and a row for each figure awaited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from pmf_lib import framework as frameworks
from pmf_lib import periods
from pmf_lib.council import Council, Directorate
from pmf_lib.periods import Period
from pmf_lib.records.cells import looked_up
from pmf_lib.records.check import Nodes
from pmf_lib.records.parse import Records
from pmf_lib.records.returns.awaited import awaited, period_of
from pmf_lib.records.returns.book import number_text
from pmf_lib.records.returns.layout import (
    COUNCIL_ID,
    DIRECTORATE_ID,
    HELP,
    QUARTER,
    VERSION_ID,
    Form,
    Lists,
    sheet_columns,
)
from pmf_lib.records.returns.open_rows import open_rows
from pmf_lib.records.schema import AGENDA_ITEMS, PROVENANCE, TABLES, VERSION, Table

NO_POST = "the assurance manager"
"""To whom a return goes where the council's file names no post that collects them."""
MADE_UP = "! This council is made up, and so is every figure."
HOW = (
    "# How to fill it in",
    "One sheet a table. Row 1 of each names the columns: leave it as it is. A note on each header says what belongs there.",
    "The sheet 'observations' has a row for each figure that is awaited: fill in 'value', and where there are any "
    "'numerator' and 'denominator'. A row that you leave without a value is still awaited.",
    "Leave 'recorded_at' empty if the figure is new: it then counts as recorded on the day we receive the return.",
    "In a column of per cent type 93, not 93%: a spreadsheet keeps 93% as 0.93.",
    "Say in the sheet 'commentary' what lies behind the figures, and give posts, never names.",
    "Change a measure, link or target only where it is wrong. Columns in brackets are for your help and are not read.",
    "Save it as .xlsx or .ods, without a password and without macros, and send it back whole.",
    "# What the sheets hold now",
    "Before you send it, see whether these rows and sums are what you expect. We hold them against what we read.",
)


@dataclass(frozen=True)
class Whose:
    """Whose return it is, for which quarter, and the nodes that its links may point to."""

    council: Council
    directorate: Directorate
    quarter: Period
    nodes: Nodes


def due_on(council: Council, quarter: Period) -> date:
    """When the returns of a quarter are due."""
    return quarter.end + timedelta(days=council.returns.due_days if council.returns else 20)


def template(whose: Whose, records: Records | None) -> Form:
    """The workbook that a directorate is sent; without records an empty one."""
    tables = _prefilled(records, whose.directorate.id, whose.quarter) if records else {}
    return form(whose, tables, records)


def form(
    whose: Whose,
    tables: Mapping[str, pd.DataFrame],
    records: Records | None = None,
    faults: pd.DataFrame | None = None,
) -> Form:
    """A form of these tables of text (those that are not given are empty)."""
    council = whose.council
    placed = {name: _placed(tables.get(name), table) for name, table in TABLES.items()}
    return Form(
        title=f"Return of {whose.directorate.name}, {whose.quarter.label}",
        block=_block(whose),
        lines=((MADE_UP,) if council.evidence == "made-up" else ()) + HOW,
        tables={
            name: _helped(frame, TABLES[name], placed["measures"], records) for name, frame in placed.items()
        },
        lists=_lists(council, whose.nodes),
        faults=faults,
        examples=_examples(whose, placed["measures"]),
    )


def _block(whose: Whose) -> dict[str, str]:
    """What the cover says of whose return it is, by when and to whom, and what it is read again by."""
    council, directorate, quarter = whose.council, whose.directorate, whose.quarter
    return {
        "Council": council.name,
        "Directorate": directorate.name,
        "Period": quarter.words,
        "Due": periods.date_words(due_on(council, quarter)),
        "Send it to": (council.returns.collected_by if council.returns else "") or NO_POST,
        COUNCIL_ID: council.id,
        DIRECTORATE_ID: directorate.id,
        QUARTER: quarter.label,
        VERSION_ID: str(VERSION),
    }


def _examples(whose: Whose, measures: pd.DataFrame) -> dict[str, str]:
    """Of columns that take only what the council or its framework names: one that is valid in this return."""
    ids = _lists(whose.council, whose.nodes).ids
    year = whose.quarter.financial_year.label
    first = [{"measure_id": str(name)} for name in measures["measure_id"] if name][:1]
    return {
        "directorate": whose.directorate.id,
        **{name: ids[name][0] for name in ("framework", "node") if ids[name]},
        **(first[0] if first else {}),
        "quarter": whose.quarter.label,
        **dict.fromkeys(("links.valid_from", "links.valid_to", "year"), year),
    }


def as_text(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Typed rows as the text that a person would type."""
    return pd.DataFrame(
        {name: frame[name].map(_text).astype("str") for name in table.columns}, index=frame.index
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return number_text(value) if isinstance(value, float) else str(value)


def _prefilled(records: Records, directorate: str, quarter: Period) -> dict[str, pd.DataFrame]:
    """The directorate's own rows of each table that is sent filled."""
    measures = records.tables["measures"]
    own = measures[measures["directorate"] == directorate]
    ids = own["measure_id"]
    mine = {
        name: frame[frame["measure_id"].isin(ids)]
        for name, frame in records.tables.items()
        if "measure_id" in frame
    }
    waiting = awaited(records, quarter)
    waiting = waiting[waiting["directorate"] == directorate]
    told = mine["commentary"][mine["commentary"]["quarter"] == quarter.label]
    silent = own[~ids.isin(told["measure_id"])]
    blank = pd.DataFrame({"measure_id": silent["measure_id"], "quarter": quarter.label})
    return {
        "measures": as_text(own, TABLES["measures"]),
        "links": as_text(mine["links"], TABLES["links"]),
        "observations": waiting[["measure_id", "period"]],
        "targets": as_text(_in_force(mine["targets"], quarter), TABLES["targets"]),
        "commentary": pd.concat([as_text(told, TABLES["commentary"]), blank]).sort_values("measure_id"),
        **{
            name: as_text(rows, TABLES[name])
            for name, rows in open_rows(records.tables, directorate, quarter).items()
        },
    }


def _in_force(targets: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """Of each measure the last target from before the quarter's end, and those that are to come."""
    starts = targets["from_period"].map(lambda label: period_of(label, "").start)
    ordered = targets.assign(starts=starts).sort_values(["measure_id", "starts"])
    now = ordered["starts"] <= quarter.end
    last = ordered[now].drop_duplicates("measure_id", keep="last")
    return pd.concat([last, ordered[~now]]).sort_values(["measure_id", "starts"]).drop(columns="starts")


def _placed(frame: pd.DataFrame | None, table: Table) -> pd.DataFrame:
    """Every column of the table as text, each row with its place in the sheet."""
    given = frame.reset_index(drop=True) if frame is not None else pd.DataFrame()
    texts = {name: given[name] if name in given else pd.Series("", given.index) for name in table.columns}
    full = pd.DataFrame(texts, index=given.index).fillna("").astype("str")
    rows = given["source_row"] if "source_row" in given else pd.Series(range(2, len(full) + 2), full.index)
    return full.assign(source_row=rows.astype("int64"))


def _helped(frame: pd.DataFrame, table: Table, sent: pd.DataFrame, records: Records | None) -> pd.DataFrame:
    """The table with what helps to fill it: title and unit of each row's measure, and its last value."""
    wanted = set(sheet_columns(table)) - set(table.columns)
    known = records.tables["measures"] if records else sent
    about = pd.concat([sent[["measure_id", "title", "unit"]], known[["measure_id", "title", "unit"]]])
    about = about.drop_duplicates("measure_id").set_index("measure_id")
    helps = {HELP["title"]: about["title"], HELP["unit"]: about["unit"]}
    if records:
        helps[HELP["last"]] = _last_values(_sound(records))
    return frame.assign(**{
        name: looked_up(frame["measure_id"], texts) for name, texts in helps.items() if name in wanted
    })  # fmt: skip


def _sound(records: Records) -> pd.DataFrame:
    """Observations without those that a finding speaks of."""
    rows, found = records.tables["observations"], records.findings
    at = [*PROVENANCE, "measure_id"]
    doubted = pd.MultiIndex.from_frame(found.loc[found["table"] == "observations", at])
    return rows[~pd.MultiIndex.from_frame(rows[at]).isin(doubted)]


def _last_values(observations: pd.DataFrame) -> pd.Series:
    """measure_id → the value of its last period, as recorded last, and that period."""
    told = observations[observations["value"].notna()]
    ends = told["period"].map(lambda label: period_of(label, "").end)
    told = told.assign(ends=ends).sort_values(["ends", "recorded_at"], kind="stable")
    last = told.drop_duplicates("measure_id", keep="last").set_index("measure_id")
    return last["value"].map(number_text).astype("str") + " (" + last["period"] + ")"


def _lists(council: Council, nodes: Nodes) -> Lists:
    every = dict.fromkeys(node for ids in nodes.values() for node in ids)
    agenda = [item.id for name in nodes for one in frameworks.load(name).agendas for item in one.items]
    titles = {node.id: node.title for name in nodes for node in frameworks.load(name).linkable}
    return Lists(
        {
            "directorate": tuple(one.id for one in council.directorates),
            "framework": tuple(nodes),
            "node": tuple(every),
            "item": tuple(dict.fromkeys((*AGENDA_ITEMS, *agenda))),
        },
        {"node": {node: titles.get(node, node) for node in every}},
    )
