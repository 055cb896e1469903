"""One step after the other: a quarter's report on its way up to scrutiny, and plan, do, check, act of each objective."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pmf_lib.assurance import cycle as frames
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import containing, parse_quarter
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pages.year.cycle_words import tally, where_sent
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, day, listing, plural, sentence

QUARTERS_SHOWN = 6
LEVELS = {
    "service": ("Services", "services"),
    "directorate": ("Directorate boards", "directorate boards"),
    "cmt": ("Management team", "the management team"),
    "cabinet": ("Cabinet", "Cabinet"),
    "scrutiny": ("Scrutiny", "scrutiny"),
}
"""Level of the route → head of its column, and what a sentence calls it."""
ON_TIME = ("heard", "early")
STAGES = {
    "": ("is not planned", "are not planned"),
    "plan": ("is planned", "are planned"),
    "do": ("is delivered", "are delivered"),
    "check": ("is checked", "are checked"),
    "act": ("has gone all the way to act", "have gone all the way to act"),
}
"""How far an objective has come → what a sentence says of one and of several."""
STAGE_HEADS = {
    "": "Not planned: no day is recorded",
    "plan": "Planned, and not delivered",
    "do": "Delivered, and not checked",
    "check": "Checked, and not acted on",
    "act": "Acted on",
}


@where_sent("how reports on a quarter went up")
def route(book: Book, records: Evidence) -> Html:
    """Days from a quarter's end to the last meeting of each level that heard the report on it, the newest quarter first."""
    way = records.framework.reporting_route
    found = frames.reporting_route(frames.reporting_lag(records), way)
    found = found[found["quarter"] <= records.quarter.label]
    if found.empty:
        return paragraphs(
            "No item of an agenda names the quarter that it reports on, so the way of a report can't be told."
        )
    told = found[found["level"].isin(found.loc[found["units_n"] > 0, "level"])]
    cells = told.assign(said=[_lag(records, row) for row in told.to_dict("records")])
    wide = cells.pivot_table(index="quarter", columns="level", values="said", aggfunc="first").sort_index(
        ascending=False
    )
    levels = [level for level in way if level in wide]
    return table(
        wide.head(QUARTERS_SHOWN).reset_index(),
        title=_route_words(told[told["quarter"] == told["quarter"].max()]),
        subtitle=f"Days from the quarter's end to the last meeting of each level that heard the report on it. {_never(way, levels)}".rstrip(
            ". "
        ),
        source="Minutes: items of agendas that name the quarter that they report on.",
        columns={
            "quarter": Column("Quarter", "period"),
            **{level: Column(LEVELS[level][0], "number", unit="days") for level in levels},
        },
    )


def _never(way: Sequence[str], levels: Sequence[str]) -> str:
    """Levels of which the records hold no report at all: of them nothing is known."""
    absent = [LEVELS[level][1] for level in way if level not in levels]
    return (
        f"Of {listing(absent)} no meeting that heard one is recorded, so nothing is known of them."
        if absent
        else ""
    )


def _lag(records: Evidence, row: dict[Any, Any]) -> Any:
    """A cell of the route: days, or what came instead."""
    if row["state"] in ON_TIME:
        return int(row["lag_days"]) if row["state"] == "heard" else f"{int(row['lag_days'])}, too early"
    next_end = parse_quarter(row["quarter"]).shift(1).end
    if row["state"] == "awaited" and next_end >= records.as_at:
        return "not yet"
    return "left out" if row["state"] == "skipped" else "not recorded"


def _route_words(steps: pd.DataFrame) -> str:
    """How far the newest report has come and how long it took, and what was out of turn."""
    reached = steps[steps["state"].isin(ON_TIME)]
    at_cabinet = reached[reached["level"] == "cabinet"]
    last = (at_cabinet if len(at_cabinet) else reached).iloc[-1]
    quarter = parse_quarter(last["quarter"]).words
    after = f"{counted(int(last['lag_days']), 'day')} after the quarter's end"
    head = f"The report on {quarter} reached {LEVELS[last['level']][1]} {after}"
    return "; ".join([head, *_out_of_turn(steps)])


def _out_of_turn(steps: pd.DataFrame) -> list[str]:
    """Levels that were left out, came too early, or have not heard it yet, in sentences."""
    said = []
    for at, step in enumerate(steps.to_dict("records")):
        name, before = LEVELS[step["level"]][1], steps.iloc[:at]
        if step["state"] == "skipped":
            said.append(f"{name} did not hear it")
        if step["state"] == "early":
            later = before.loc[before["first_on"] > step["first_on"], "level"].iloc[-1]
            said.append(f"{name} heard it before {LEVELS[later][1]}")
    awaited = [LEVELS[level][1] for level in steps.loc[steps["state"] == "awaited", "level"]]
    if awaited:
        said.append(f"{listing(awaited)} {plural(len(awaited), 'has', 'have')} not heard it yet")
    return said


@where_sent("how far objectives went from plan to act")
def planning(book: Book, records: Evidence) -> Html:
    """Objectives by how far they came from plan to act, in counts that add up, and those whose days are out of order."""
    found = frames.planning_cycle(records)
    if found.empty:
        return paragraphs(
            "No objective of a plan in force is recorded, so plan, do, check and act can't be followed."
        )
    counts = frames.stage_counts(found, records.as_at)
    total = counts.drop(columns="stage").sum().to_frame().T.assign(stage="all")
    heads = STAGE_HEADS | {"all": "All objectives"}
    shown = table(
        pd.concat([counts, total], ignore_index=True).assign(name=lambda rows: rows["stage"].map(heads)),
        title=_planning_words(counts),
        subtitle=f"{_counted_plans(found, records)}, by the last stage that they reached without a gap",
        source="Days that the table of objectives records.",
        columns={
            "name": "Stage",
            "objectives_n": Column("Objectives", "number", decimals=0),
            "now_n": Column("Of them, of plans in force", "number", decimals=0),
            "due_n": Column("Of them, due by then", "number", decimals=0),
            "out_of_order_n": Column("Of them, with days out of order", "number", decimals=0),
        },
        totals=1,
    )
    return blocks(shown, _odd(found)) if counts["out_of_order_n"].any() else shown


def _counted_plans(found: pd.DataFrame, records: Evidence) -> str:
    """Which plans are looked at, and of which years: those at which the clauses look too."""
    years = [
        containing("year", one.date()).label for one in found["plan_from"].drop_duplicates().sort_values()
    ]
    listed = listing(dict.fromkeys(years))
    return (
        f"Objectives of plans in force on {day(records.as_at)} and of those that ended in the twelve months before, as the "
        f"clauses count them; the plans began in {listed}"
    )


def _planning_words(counts: pd.DataFrame) -> str:
    """How many objectives stand at each stage, how many that were due are not delivered, and how many are out of order."""
    n = dict(zip(counts["stage"], counts["objectives_n"], strict=True))
    whole, odd = sum(n.values()), int(counts["out_of_order_n"].sum())
    overdue = int(counts.loc[counts["stage"].isin(["", "plan"]), "due_n"].sum())
    only = [stage for stage, count in n.items() if count == whole]
    head = f"Of {counted(whole, 'objective', in_words=True)}, {listing(tally(n, STAGES))}"
    if only:
        head = f"{_every(whole)} {STAGES[only[0]][whole > 1]}"
    more = [
        _overdue(overdue, int(counts["due_n"].sum())),
        f"{count_word(odd)} {plural(odd, 'has', 'have')} days out of order" if odd else "",
    ]
    return "; ".join([head, *filter(None, more)])


def _every(whole: int) -> str:
    return "The one objective" if whole == 1 else f"All {counted(whole, 'objective', in_words=True)}"


def _overdue(overdue: int, due: int) -> str:
    """What became of those whose day has gone by."""
    if due == 0:
        return "none was due yet"
    if overdue == 0:
        return "none that was due is undelivered"
    return f"{count_word(overdue)} of {count_word(due)} that {plural(due, 'was', 'were')} due {plural(overdue, 'is', 'are')} not delivered"


def _odd(found: pd.DataFrame) -> Html:
    """Objectives whose stages came without, or before, the one before."""
    odd = found[~found["is_in_order"].astype(bool)]
    return table(
        odd.assign(place=evidence.place_of(odd)),
        title=f"{sentence(counted(len(odd), 'objective', in_words=True))} {plural(len(odd), 'has', 'have')} days out of order",
        subtitle="Each with the first stage that came without, or before, the one before it",
        columns={
            "title": "Objective",
            "why": "What is out of order",
            "owner": Column("Owner", missing="none named"),
            "place": Column("Where it is recorded", missing="no row"),
        },
    )
