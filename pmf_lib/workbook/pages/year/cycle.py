"""The year as it was lived: the agenda of a body by month, what is still to be heard, who came, and how each body stands.

`timetable`, `route` and `planning` are of this face too; they stand in `cycle_dates` and `cycle_stages`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance import cycle as frames
from pmf_lib.assurance.checks.minutes import in_sentence
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.charts import year as picture
from pmf_lib.workbook.pages.lived.embedding import share_of
from pmf_lib.workbook.pages.year.cycle_dates import timetable
from pmf_lib.workbook.pages.year.cycle_stages import planning, route
from pmf_lib.workbook.pages.year.cycle_words import (
    body_words,
    by_when,
    left_words,
    quoted,
    tally,
    where_sent,
    year_words,
)
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, day, listing, lowered, plural, sentence

__all__ = [
    "attendance",
    "boards",
    "coverage_sentence",
    "planning",
    "route",
    "still_to_hear",
    "timetable",
    "year",
]

BOARD, STRATEGIC = "directorate-board", "strategic-board"
MINUTES = "Minutes, as the tables of meetings and agendas record them."
CHANCE = {
    "none_left": "no meeting left",
    "unknown": "not known",
    "can_be_heard": "can still be heard",
    "heard": "heard",
}
"""What the year holds for an item, what asks for something first."""
OUTLOOK = {
    "covered": "covered",
    "can_be_covered": "can still be covered",
    "not_covered": "can't be covered any more",
}
ITEMS = "items of the agenda"


@where_sent("whether the year's agenda was covered")
def year(book: Book, records: Evidence, body: str = BOARD, unit: str = "") -> Html:
    """The items of a body's agenda by month, as a picture; a sentence where no meeting of it is recorded."""
    calendar = _calendar(records, body, unit)
    if calendar.empty:
        return paragraphs(_no_year(records, body))
    return figure(
        picture.year_matrix(calendar, records.as_at),
        title=_coverage_words(records, calendar),
        subtitle=f"{_who(records, calendar)}: items of its agenda by month, {year_words(records)}. {_least(calendar)}",
        source=MINUTES,
        alt=picture.alt_year(calendar, records.as_at),
        data=picture.data_year(calendar),
    )


def coverage_sentence(book: Book, records: Evidence, body: str = BOARD, unit: str = "") -> str:
    """How far a body has covered its year, in a sentence; '' where nothing is known of its meetings."""
    if not {"meetings", "agenda"} <= records.sent:
        return ""
    calendar = _calendar(records, body, unit)
    return "" if calendar.empty else _coverage_words(records, calendar)


def _calendar(records: Evidence, body: str, unit: str) -> pd.DataFrame:
    """The agenda by month of one body of one unit."""
    calendar = frames.agenda_calendar(records)
    wanted = unit or (records.directorate if body == BOARD else "")
    return calendar[(calendar["body"] == body) & (calendar["unit"] == wanted)]


def _no_year(records: Evidence, body: str) -> str:
    asked = frames.asked_items(records.framework)
    if body not in set(asked["body"]):
        return f"The framework names no items for the agenda of {in_sentence(body)}, so there is no year to cover."
    return (
        f"No meeting of {in_sentence(body)} is recorded, so it can't be told whether the year's agenda was covered. Record its "
        "meetings and agendas as they are held."
    )


def _who(records: Evidence, calendar: pd.DataFrame) -> str:
    return body_words(records, str(calendar["body"].iloc[0]), str(calendar["unit"].iloc[0]))


def _least(calendar: pd.DataFrame) -> str:
    """What the year is measured by."""
    examples = calendar["is_example"]
    if examples.all():
        return "The minimum is once in the year; how often the text would have each item is an example"
    often = (calendar["often"] == frames.OFTEN["quarter"]).any()
    return "Counted is once in the year" + ("; what is asked each quarter is tested apart" if often else "")


def _coverage_words(records: Evidence, calendar: pd.DataFrame) -> str:
    """How many items were heard, which were not, and what is left of the year."""
    items, (row,) = frames.item_chances(calendar), frames.coverage(calendar).to_dict("records")
    heard, asked = int(row["heard_n"]), int(row["items_n"])
    when = by_when(records.quarter.financial_year, records.as_at)
    head = f"{share_of(heard, asked, 'item', _wanted(items))} {plural(max(heard, 1), 'was', 'were')} heard {when}"
    if heard == asked:
        return f"{head}, each at least once" if asked > 1 else head
    bare = items.loc[items["chance"] != "heard", "title"]
    if row["outlook"] == "unknown":
        return f"{head}; whether {quoted(bare)} {plural(len(bare), 'was', 'were')} is not known, as records don't cover the year"
    missing = f"{quoted(bare)} {plural(len(bare), 'was', 'were')} not, and " if heard else ""
    return f"{head}; {missing}{left_words(int(row['left_n']), str(row['left_in']))}"


def _wanted(items: pd.DataFrame) -> str:
    """What the items are; where clauses ask for more than the core agenda has, how many of them are on it."""
    core = int(items["is_example"].sum())
    return f"items wanted on the agenda ({core} of them on its core)" if 0 < core < len(items) else ITEMS


@where_sent("what is still to be heard this year")
def still_to_hear(book: Book, records: Evidence, body: str = BOARD, unit: str = "") -> Html:
    """Each item of a body's agenda: how often it came up, how often the text would have it, and what the year holds for it."""
    calendar = _calendar(records, body, unit)
    if calendar.empty:
        return paragraphs(_no_year(records, body))
    items = frames.item_chances(calendar)
    order = {chance: place for place, chance in enumerate(CHANCE)}
    items = items.sort_values("chance", key=lambda chances: chances.map(order), kind="stable")
    return table(
        items.assign(
            chance=items["chance"].map(CHANCE),
            often=items["often"] + items["is_example"].map({True: " (an example)", False: ""}),
            last=[picture.month_words(month) if month else "" for month in items["last_month"]],
        ),
        title=_still_words(records, items),
        subtitle=f"{_who(records, calendar)}, {year_words(records)} up to {day(records.as_at)}; what was not heard comes first",
        source=MINUTES,
        columns={
            "title": "Item",
            "chance": f"In {year_words(records)}",
            "heard_n": Column("Meetings that had it", "number", decimals=0),
            "meetings_n": Column("Meetings held", "number", decimals=0),
            "last": Column("Last in", missing="–"),
            "often": "How often, by the text",
        },
    )


def _still_words(records: Evidence, items: pd.DataFrame) -> str:
    """How many items are still to be heard, have no meeting left, or are not known."""
    said = {
        "none_left": ("item has no meeting left", "items have no meeting left"),
        "can_be_heard": ("item can still be heard", "items can still be heard"),
        "unknown": ("item is not known to have been heard", "items are not known to have been heard"),
    }
    told = tally(items["chance"].value_counts().to_dict(), said)
    return sentence(listing(told)) if told else f"Nothing is left to be heard in {year_words(records)}"


@where_sent("who came to meetings")
def attendance(book: Book, records: Evidence) -> Html:
    """Who came, of the posts that the framework wants at a body's meetings, in the year so far."""
    if not any(one.check == "post_was_present" for one in records.framework.clauses):
        return paragraphs("The framework names no post that is to come to a body's meetings.")
    found = frames.attendance(records)
    found = found.assign(
        who=[body_words(records, *pair) for pair in zip(found["body"], found["unit"], strict=True)],
        said=found["present_n"].astype("str") + " of " + found["meetings_n"].astype("str"),
    )
    posts = list(found["post"].drop_duplicates())
    wide = found.pivot_table(index="who", columns="post", values="said", aggfunc="first", observed=True)
    return table(
        wide.reindex(columns=posts).reset_index(),
        title=_came(found),
        subtitle=f"Meetings of {year_words(records)} up to {day(records.as_at)} at which each post is named as present, of those "
        "that name who was; posts by the words that the framework uses",
        source=MINUTES,
        columns={"who": "Body", **{post: Column(f"“{post}”", missing="–") for post in posts}},
        empty="No meeting of the year names who was present, so nothing is known of who came. Minutes can name posts, never people.",
    )


def _came(found: pd.DataFrame) -> str:
    """The posts that came least often, or that all came always."""
    if found.empty:
        return "Nothing is known of who came"
    absent = found.assign(missed=found["meetings_n"] - found["present_n"]).query("missed > 0")
    if absent.empty:
        return "Every post that the framework names came to every meeting"
    worst = absent.sort_values("missed", ascending=False, kind="stable").to_dict("records")[0]
    more = counted(len(absent) - 1, "more post", in_words=True)
    held = counted(worst["meetings_n"], "meeting")
    body = lowered(worst["who"])
    said = f"“{worst['post']}” came to {worst['present_n']} of {held} of the {body}"
    return f"{said}; {more} missed some" if len(absent) > 1 else said


@where_sent("whether any body covered its year")
def boards(book: Book, records: Evidence) -> Html:
    """Each body that the framework asks for items: how many it heard, what is left, and what the year holds for it.

    The year of the strategic board, where the framework has an agenda for one and meetings are recorded, stands below.
    """
    found = frames.council_coverage(records)
    listed = table(
        _stands(book, records, found),
        title=_boards_words(records, found),
        subtitle=f"Items of agendas that came up at least once in {year_words(records)}, up to {day(records.as_at)}",
        source=MINUTES,
        columns={
            "who": "Body",
            "heard": "Items heard",
            "bare": Column("Not heard", missing="–"),
            "met": Column("Meetings held", "number"),
            "left": Column("Left of the year", missing="–"),
            "outlook": Column("The year's agenda", "tag"),
        },
        empty="Which items a body is to hear, the framework's agendas and clauses say.",
    )
    strategic = coverage_sentence(book, records, STRATEGIC)
    if not strategic:
        return listed
    head = f"The agenda of {in_sentence(STRATEGIC)}, month by month"
    return blocks(listed, details(head, year(book, records, STRATEGIC)))


def _stands(book: Book, records: Evidence, found: pd.DataFrame) -> pd.DataFrame:
    """How each body stands, in the words of its row."""
    bare = _bare(records)
    pairs = list(zip(found["body"], found["unit"], strict=True))
    return found.assign(
        who=[body_words(records, *pair) for pair in pairs],
        heard=found["heard_n"].astype("str") + " of " + found["items_n"].astype("str"),
        bare=[bare.get(pair, "") for pair in pairs],
        met=[int(held) if held else "none recorded" for held in found["meetings_n"]],
        left=[_left(row) for row in found.to_dict("records")],
        outlook=[_outlook(book, code) for code in found["outlook"]],
    )


def _bare(records: Evidence) -> dict[tuple[str, str], str]:
    """Body and unit → the items that it has not heard, of bodies that met."""
    items = frames.item_chances(frames.agenda_calendar(records))
    bare = items[items["chance"] != "heard"].groupby(["body", "unit"])["title"].agg("; ".join).reset_index()
    return {(row["body"], row["unit"]): row["title"] for row in bare.to_dict("records")}


def _outlook(book: Book, code: str) -> Any:
    """What the year holds, in words; grey where it is not known."""
    return OUTLOOK.get(code) or book.schemes.verdicts.get("clause", "no_evidence").model_copy(
        update={"word": "Not known"}
    )


def _left(row: dict[Any, Any]) -> str:
    return counted(int(row["left_n"]), str(row["left_in"])) if row["left_n"] else ""


def _boards_words(records: Evidence, found: pd.DataFrame) -> str:
    """How many bodies stand how, by what the year holds for them."""
    counts = found["outlook"].value_counts().to_dict()
    said = {
        "covered": ("has heard every item", "have heard every item"),
        "can_be_covered": ("can still do so", "can still do so"),
        "not_covered": ("can't do so any more", "can't do so any more"),
        "unknown": ("is not known", "are not known"),
    }
    bodies = counted(len(found), "body", "bodies", in_words=True)
    if found.empty:
        return "The framework names no items for the agenda of any body"
    if counts.get("unknown") == len(found):
        return f"Nothing is known of the agendas of {bodies} in {year_words(records)}"
    none = [] if counts.get("covered") else ["none has heard every item"]
    told = listing([*none, *tally(counts, said)])
    return f"Of {bodies} with items to hear in {year_words(records)}, {told}"
