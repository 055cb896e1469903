"""Every measure of a unit under its markers: verdicts, the sentence why, its picture, and what the service says."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pmf_lib.performance.capability import SPECIAL
from pmf_lib.performance.forecast import Forecasts
from pmf_lib.performance.rate import Rated
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import others, rebased, sentences, travel
from pmf_lib.workbook.pages.measures.pictured import picture
from pmf_lib.workbook.pages.shared import decisions
from pmf_lib.workbook.pages.shared.nodes import node_name
from pmf_lib.workbook.pieces import tables, words
from pmf_lib.workbook.pieces.markup import (
    Html,
    Words,
    blocks,
    bullets,
    details,
    link,
    paragraphs,
    summary_list,
    tag,
)
from pmf_lib.workbook.pieces.words import listing, number
from pmf_lib.workbook.prompts import prompts
from pmf_lib.workbook.reliance import Quality
from pmf_lib.workbook.results import slips, told

WORST_FIRST = (
    "missed",
    "late",
    "near",
    "target_missing",
    "not_defined",
    "suppressed",
    "awaited",
    "met",
    "monitor_only",
)


def all_measures(book: Book, result: Rated, relied: Quality, made: Forecasts) -> Html:
    """Every measure under its markers: verdicts, the sentence why, others, the year's end, its picture, the service's words.

    One that a reader may pass over (`folded`) is folded under its name; in print every one is open. What `relied` says of
    its figures stands beside them.
    """
    beside = others.told(book, told(book, result.measures, relied)).set_index("measure_id")
    begun = rebased.steps(book, result.measures, result.points)
    links, said = book.links, _said(book, relied, made, beside, begun)
    rated = _in_order(book, result, beside, begun)
    contents: list[Html] = []
    parts: list[Html] = []
    shown: set[str] = set()
    for node in book.framework.linkable:
        mine = links[links["node"] == node.id]
        here = rated[rated["measure_id"].isin(mine["measure_id"])]
        if here.empty:
            continue
        title, name = node_name(book.framework, node), f"node-{node.id}"
        contents.append(link(title, f"#{name}"))
        again = here["measure_id"].isin(shown)
        parts.append(_place(3, name, title))
        for _, row in here[~again].iterrows():
            parts.append(_measure(book, row, mine, said, picture(book, result, row, made.paths)))
        parts += [_again(row) for _, row in here[again].iterrows()]
        shown |= set(here["measure_id"])
    if not parts:
        return paragraphs("No measure of this unit is linked to the framework.")
    return blocks(bullets(contents), *parts)


def _in_order(book: Book, result: Rated, beside: pd.DataFrame, begun: pd.DataFrame) -> pd.DataFrame:
    """The rated measures, the worst first, with their standing beside the country, their travel, and whether limits began anew."""
    rank = {state: place for place, state in enumerate(WORST_FIRST)}
    rated, ids = result.measures, result.measures["measure_id"]
    rated = rated.assign(
        rank=rated["state"].map(rank).fillna(len(rank)),
        than_country=ids.map(beside["than_country"]).fillna(""),
        travel=travel.each(book, result),
        is_begun_anew=ids.isin(begun.loc[begun["is_recent"], "measure_id"]),
    )
    return rated.sort_values(["rank", "title"], kind="stable")


def _place(level: int, name: str, title: str) -> Html:
    """A heading that can be linked to."""
    return Html(f'<h{level} id="{name}">{tables.text(title).markup}</h{level}>', title)


def _again(row: pd.Series) -> Html:
    """A measure that was shown under an earlier marker."""
    return paragraphs(blocks("Shown above: ", link(row["title"], f"#measure-{row['measure_id']}")))


DOUBT = "Can it be relied on?"
BEGUN = "Limits begin anew"
TOLD_THERE = link("data quality", "1_data_quality.html")


def _said(
    book: Book, relied: Quality, made: Forecasts, beside: pd.DataFrame, steps: pd.DataFrame
) -> dict[str, dict[str, Words]]:
    """Measure → what stands beside its figures: others, the year's end, doubts, values off its chart, the service's words."""
    off, begun, asked = slips(book), decisions.beside(book), prompts(book, relied.seen)
    ends = made.measures.set_index("measure_id")
    for _, row in steps.dropna(subset=["before", "since"]).iterrows():
        begun[row["measure_id"]] += f" {rebased.means_words(row)}"
    return {
        one["measure_id"]: {
            **_others(beside, one["measure_id"]),
            **_year_end(ends, one["measure_id"]),
            **_doubt(book, one),
            **_aside(off[off["measure_id"] == one["measure_id"]]),
            **({BEGUN: begun[one["measure_id"]]} if one["measure_id"] in begun else {}),
            **decisions.service(
                _comment(book, one["measure_id"]),
                asked[asked["measure_id"] == one["measure_id"]],
                TOLD_THERE,
            ),
        }
        for _, one in relied.measures.iterrows()
    }


def _others(beside: pd.DataFrame, measure_id: str) -> dict[str, Words]:
    """How it stands among others; nothing where nobody else's figure is recorded."""
    if measure_id not in beside.index:
        return {}
    row = beside.loc[measure_id]
    return {"Others": str(row["says"])} if row["is_compared"] or row["others_period"] else {}


def _year_end(ends: pd.DataFrame, measure_id: str) -> dict[str, Words]:
    """Where the year ends, what its target would take, and what the service expects; nothing where none of it is known."""
    if measure_id not in ends.index:
        return {}
    row = ends.loc[measure_id]
    own = str(row["own_why"]) if row["own_says"] != "none" else ""
    said = str(row["why"]) if not row["refused"] or row["needed_words"] else ""
    both = " ".join(filter(None, [said, own]))
    return {"The year's end": both} if both else {}


def _doubt(book: Book, found: pd.Series) -> dict[str, Words]:
    """What data quality says against its figures, if anything."""
    if found["reliance"] not in ("do_not_rely", "with_care"):
        return {}
    verdict = book.schemes.verdicts.get("reliance", found["reliance"])
    return {DOUBT: blocks(tag(verdict), found["reasons"])}


def _aside(off: pd.DataFrame) -> dict[str, Words]:
    """Values that are kept off its chart."""
    said = [
        f"{number(value)} for {words.period(label)}"
        for label, value in zip(off["period"], off["value"], strict=True)
    ]
    why = "seems to be counted in another unit, and is off the chart and its limits until it is mended"
    return {"Left out of its chart": f"{listing(said)}: it {why}."} if said else {}


def _measure(
    book: Book, row: pd.Series, links: pd.DataFrame, said: Mapping[str, dict[str, Words]], drawn: Html
) -> Html:
    mine = links[links["measure_id"] == row["measure_id"]].iloc[0]
    verdicts = book.schemes.verdicts
    proxy = " It is a proxy." if mine["directness"] == "proxy" else ""
    facts = summary_list(
        {
            "Against target": tag(verdicts.get("status", row["state"])),
            "Change": tag(verdicts.get("variation", row["variation"])),
            travel.HEAD: row["travel"],
            **({} if row["capability"] == "not_tested" else {"Target as things run": _capability(book, row)}),
            "Why": row["why"],
            "Why it is here": f"{mine['reason']}{proxy}",
            **({"Publication": "Exempt: not for the public edition"} if row["exempt"] else {}),
            **said.get(row["measure_id"], {}),
        }
    )
    head = _place(4, f"measure-{row['measure_id']}", row["title"])
    shown = blocks(facts, drawn)
    under = "" if DOUBT in said.get(row["measure_id"], {}) else folded(row)
    return blocks(head, details(under, shown) if under else shown)


STEADY_WORDS = "It meets its target, and no real change shows"
NOT_WORSE = {"better": "better than the country", "same": "the same as the country"}
NOT_RATED = ("monitor_only", "target_missing", "not_due")


def folded(row: pd.Series) -> str:
    """Under which words a measure is folded; '' where a reader should see it.

    It is folded if it is steady, or if it is neither rated nor tested and its latest result is not worse than the
    country's.
    """
    if is_steady(row):
        return STEADY_WORDS
    is_judged = row["state"] not in NOT_RATED or row["variation"] in sentences.TESTED
    beside = "" if is_judged else NOT_WORSE.get(row["than_country"], "")
    return f"Not rated and not tested for change; {beside}" if beside else ""


def is_steady(row: pd.Series) -> bool:
    """Does it meet its target, safely as far as can be told, without a real change? Then a reader may pass it over.

    Not so for some quarters after its limits began anew by decision, which takes a step of level out of the changes.
    """
    is_met = row["state"] == "met" and row["capability"] != "not_expected"
    return bool(is_met and row["variation"] == "no_real_change" and not row.get("is_begun_anew", False))


JUST_CHANGED = "The process has just changed, and the limits are of points before and since: find the cause before relying on this."


def _capability(book: Book, row: pd.Series) -> Words:
    shown = tag(book.schemes.verdicts.get("capability", row["capability"]))
    return blocks(shown, JUST_CHANGED) if row["variation"].startswith(SPECIAL) else shown


def _comment(book: Book, measure_id: str) -> dict[str, str]:
    """What the service says of the quarter, word for word."""
    said = book.table("commentary")
    said = said[(said["measure_id"] == measure_id) & (said["quarter"] == book.quarter.label)]
    if said.empty:
        return {}
    first = said.iloc[0]
    return {"The service says": f"{first['text']} ({first['post'] or 'post not given'})"}
