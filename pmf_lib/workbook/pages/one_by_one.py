"""Every measure of a unit under its markers: verdicts, the sentence why, its picture, and what the service says."""

from __future__ import annotations

import pandas as pd

from pmf_lib.performance.rate import Rated
from pmf_lib.performance.words import possible
from pmf_lib.periods import FREQUENCIES, parse
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages import sentences
from pmf_lib.workbook.pages.measures import numbered
from pmf_lib.workbook.pieces import tables
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, link, paragraphs, summary_list, tag
from pmf_lib.workbook.pieces.words import number

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


def all_measures(book: Book, result: Rated) -> Html:
    """Every measure under its markers: verdicts, the sentence why, its picture, and what the service says.

    One that meets its target and has not changed is folded under its name; in print every one is open.
    """
    links = book.links
    rank = {state: place for place, state in enumerate(WORST_FIRST)}
    rated = result.measures.assign(rank=result.measures["state"].map(rank).fillna(len(rank)))
    parts: list[Html] = []
    contents: list[Html] = []
    shown: set[str] = set()
    for node in book.framework.linkable:
        mine = links[links["node"] == node.id]
        here = rated[rated["measure_id"].isin(mine["measure_id"])].sort_values(
            ["rank", "title"], kind="stable"
        )
        if here.empty:
            continue
        title = numbered(node.number, node.title)
        contents.append(link(title, f"#node-{node.id}"))
        parts.append(_place(3, f"node-{node.id}", title))
        for _, row in here.iterrows():
            parts.append(_again(row) if row["measure_id"] in shown else _measure(book, result, row, mine))
            shown.add(row["measure_id"])
    if not parts:
        return paragraphs("No measure of this unit is linked to the framework.")
    return blocks(bullets(contents), *parts)


def _place(level: int, name: str, title: str) -> Html:
    """A heading that can be linked to."""
    return Html(f'<h{level} id="{name}">{tables.text(title).markup}</h{level}>', title)


def _again(row: pd.Series) -> Html:
    """A measure that was shown under an earlier marker."""
    return paragraphs(blocks("Shown above: ", link(row["title"], f"#measure-{row['measure_id']}")))


def _measure(book: Book, result: Rated, row: pd.Series, links: pd.DataFrame) -> Html:
    mine = links[links["measure_id"] == row["measure_id"]].iloc[0]
    verdicts = book.schemes.verdicts
    proxy = " It is a proxy." if mine["directness"] == "proxy" else ""
    facts = summary_list(
        {
            "Against target": tag(verdicts.get("status", row["state"])),
            "Change": tag(verdicts.get("variation", row["variation"])),
            **({} if row["capability"] == "not_tested" else {"Target as things run": _capability(book, row)}),
            "Why": row["why"],
            "Why it is here": f"{mine['reason']}{proxy}",
            **_comment(book, row["measure_id"]),
        }
    )
    head = _place(4, f"measure-{row['measure_id']}", row["title"])
    shown = blocks(facts, picture(book, result, row))
    return blocks(head, details(STEADY_WORDS, shown) if is_steady(row) else shown)


STEADY_WORDS = "It meets its target, and no real change shows"


def is_steady(row: pd.Series) -> bool:
    """Does it meet its target, safely as far as can be told, without a real change? Then a reader may pass it over."""
    return bool(
        row["state"] == "met" and row["variation"] == "no_real_change" and row["capability"] != "not_expected"
    )


def _capability(book: Book, row: pd.Series) -> Html:
    return tag(book.schemes.verdicts.get("capability", row["capability"]))


def _comment(book: Book, measure_id: str) -> dict[str, str]:
    """What the service says of the quarter, word for word."""
    said = book.table("commentary")
    said = said[(said["measure_id"] == measure_id) & (said["quarter"] == book.quarter.label)]
    if said.empty:
        return {}
    first = said.iloc[0]
    return {"The service says": f"{first['text']} ({first['post'] or 'post not given'})"}


def picture(book: Book, result: Rated, row: pd.Series) -> Html:
    """An XmR chart where the series earns one, else a line with whom it is compared with."""
    points = result.points[result.points["measure_id"] == row["measure_id"]]
    series = result.series[result.series["measure_id"] == row["measure_id"]]
    if series["value"].notna().sum() == 0:
        return paragraphs("No value is recorded yet, so there is nothing to draw.")
    if row["limits"] != "none" and len(points):
        fig, alt, data = (
            charts.xmr_chart(points, row),
            charts.alt_xmr(points, row),
            charts.data_xmr(points, row),
        )
    else:
        others = book.table("comparators")
        others = others[others["measure_id"] == row["measure_id"]]
        council = book.council.short_name or book.council.name
        fig = charts.line_with_comparators(series, others, row, council=council)
        alt = charts.alt_lines(series, others, row, council=council)
        data = charts.data_lines(series, others, row, council=council)
    subtitle = f"{row['title']}, {row['unit']}, {book.unit_name}"
    return figure(
        fig,
        title=picture_title(row, series["value"]),
        subtitle=subtitle,
        source=_source(row),
        alt=alt,
        data=data,
    )


CHANGE_WORDS = {
    "improving": "A real improvement",
    "worsening": "A real worsening",
    "neither": "A real change, neither better nor worse",
    "no": "No real change",
}


def picture_title(row: pd.Series, values: pd.Series) -> str:
    """What the picture shows, as a sentence; of `values` that are never negative no range below nought is told."""
    period = parse(row["last_period"], FREQUENCIES[row["frequency"]]).words
    latest = f"{number(row['last_value'], row['decimals'])} in {period[0].lower() if period.startswith('Q') else period[0]}{period[1:]}"
    if row["variation"] not in sentences.TESTED:
        return f"Latest {latest}; change not tested"
    head = CHANGE_WORDS[row["variation"].split("_")[0]]
    limits = row["lpl"], row["upl"]
    low, high = possible(*limits, row["unit"]) if values.min() >= 0 else limits
    usual = f"usually {number(low, row['decimals'])} to {number(high, row['decimals'])}"
    return f"{head}: latest {latest}, {usual}"


def _source(row: pd.Series) -> str:
    return f"{row['last_file']}, row {int(row['last_row'])} (latest value)."
