"""Pieces of page 2: how a directorate's measures stand against the markers of success."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.performance.rate import Rated
from pmf_lib.periods import FREQUENCIES, parse
from pmf_lib.workbook import charts, sentences, tables
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.figure import figure
from pmf_lib.workbook.markup import (
    Html,
    blocks,
    bullets,
    callout,
    headline,
    link,
    paragraphs,
    summary_list,
    tag,
)
from pmf_lib.workbook.tables import Column, table
from pmf_lib.workbook.words import counted, number, sentence

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
VERDICTS = {
    "state": Column("Against target", "tag", verdict="status"),
    "variation": Column("Change", "tag", verdict="variation"),
    "capability": Column("Target as things run", "tag", verdict="capability"),
}


def found(rated: pd.DataFrame) -> Html:
    """What we found, in three sentences."""
    return bullets(
        [
            sentences.status_sentence(rated),
            sentences.change_sentence(rated),
            sentences.capability_sentence(rated),
        ]
    )


def matrix(book: Book, card: pd.DataFrame) -> Html:
    """Marker × state: counts that reconcile, markers in the framework's order."""
    kept = card[card["n_measures"] > 0]
    states = [code for code in book.schemes.verdicts.codes("status", "absence") if kept[code].sum() > 0]
    shown = with_total(kept, ["n_measures", *states])
    heads = {
        code: Column(book.schemes.verdicts.get("status", code).word, "number", decimals=0) for code in states
    }
    word = book.framework.marker_word
    bare = len(card) - len(kept)
    others = (
        f" {counted(bare, 'other')} {'has' if bare == 1 else 'have'} no measure of this unit." if bare else ""
    )
    return table(
        shown,
        title=f"{sentence(counted(len(kept), word, book.framework.markers_word))} of the framework have measures here",
        subtitle=f"Number of measures by state, {book.quarter.words}. A measure linked to several counts in each.{others}",
        source=f"{book.framework.title}; {book.council.name}, records as at the date above.",
        columns={"label": sentence(word), "n_measures": Column("Measures", "number", decimals=0), **heads},
        totals=1,
    )


def numbered(number: Any, title: str) -> str:
    """A node's title after its number, where it has one.

    >>> numbered(5, "People are supported"), numbered(None, "Healthy")
    ('5. People are supported', 'Healthy')
    """
    return title if pd.isna(number) else f"{int(number)}. {title}"


def with_total(card: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    """The card with a label per node and a last row of column totals."""
    labels = [numbered(number, title) for number, title in zip(card["number"], card["title"], strict=True)]
    labelled = card.assign(label=labels)[["label", *counts]]
    total = pd.DataFrame([{"label": "All links to measures", **{name: card[name].sum() for name in counts}}])
    return pd.concat([labelled, total], ignore_index=True)


def sureness(book: Book, rated: pd.DataFrame) -> Html:
    """How sure we are: firmness of values, test limits, proxies and faults in the records."""
    links = own_links(book)
    proxies = int((links["directness"] == "proxy").sum())
    provisional = int(rated["provisional"].sum()) if len(rated) else 0
    trial = sentences.count(rated, "limits", ("trial",))
    faults = len(book.findings)
    return bullets(
        [
            f"{counted(provisional, 'latest value')} {'is' if provisional == 1 else 'are'} provisional or estimated.",
            f"{counted(trial, 'series', 'series')} {'has' if trial == 1 else 'have'} trial limits only: fewer than "
            f"{book.schemes.xmr.trial_limits_below} points, so read them with care.",
            f"{proxies} of {counted(len(links), 'link')} to the framework {'is' if proxies == 1 else 'are'} by proxy: the "
            "measure stands near what the framework asks, not for it.",
            f"{counted(faults, 'fault')} in this unit's records; rows left out are listed at the end.",
        ]
    )


def asked(book: Book, rated: pd.DataFrame) -> Html:
    """What is asked of whom: missing values, missing targets, missing explanations."""
    todo = requests(rated, book.table("commentary"), book.quarter.label)
    return table(
        todo,
        title=f"{sentence(counted(len(todo), 'thing'))} {'is' if len(todo) == 1 else 'are'} asked of the owners of measures",
        subtitle=f"{book.unit_name}, {book.quarter.words}",
        columns={
            "title": "Measure",
            "asked": "What is asked",
            "owner": Column("Of whom", missing="no owner named"),
        },
        empty="Every value that was due is here, has a target where one is wanted, and is explained where it misses it.",
    )


def requests(rated: pd.DataFrame, commentary: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """One row per thing asked: title, asked, owner; the most urgent first."""
    explained = commentary.loc[(commentary["quarter"] == quarter) & (commentary["text"] != ""), "measure_id"]
    silent = (rated["state"] == "missed") & ~rated["measure_id"].isin(explained)
    wanted = {
        "Send the value that was due.": rated["state"] == "late",
        "Say why it misses its target, and what is being done.": silent,
        "Propose a target for approval, or mark it as monitor only.": rated["state"] == "target_missing",
        "Write down how it is counted.": rated["state"] == "not_defined",
    }
    parts = [rated.loc[rows, ["title", "owner"]].assign(asked=text) for text, rows in wanted.items()]
    return pd.concat(parts, ignore_index=True)


def real_changes(book: Book, rated: pd.DataFrame) -> Html:
    """Measures that show a real change, the worse first."""
    changed = rated[rated["variation"].isin([*sentences.WORSENING, *sentences.IMPROVING, *sentences.NEITHER])]
    order = changed["variation"].map(
        {code: i for i, code in enumerate((*sentences.WORSENING, *sentences.NEITHER))}
    )
    shown = changed.assign(order=order.fillna(9)).sort_values(["order", "title"], kind="stable")
    return table(
        shown,
        title=sentences.change_sentence(rated).split(";")[0] + ".",
        subtitle="Measures whose latest point is outside what the series' own past leads one to expect, the worse first",
        columns={
            "title": "Measure",
            "variation": VERDICTS["variation"],
            "last_value": Column("Latest", "number", decimals="decimals"),
            "unit": "Unit",
            "mean": Column("Usual level", "number", decimals="decimals"),
            "variation_why": "Why it counts as real",
        },
        empty="No series shows a real change: what looks like a rise or fall is within its usual variation.",
    )


def out_of_reach(rated: pd.DataFrame) -> Html:
    """Targets that are not expected to be met as things run."""
    shown = rated[rated["capability"] == "not_expected"]
    count = len(shown)
    return table(
        shown,
        title=f"{sentence(counted(count, 'target'))} {'is' if count == 1 else 'are'} not expected to be met as things run",
        subtitle="Effort within the present process will not do; the process or the target has to change",
        columns={
            "title": "Measure",
            "target": Column("Target", "number", decimals="decimals"),
            "lpl": Column("Runs from", "number", decimals="decimals"),
            "upl": Column("to", "number", decimals="decimals"),
            "unit": "Unit",
            "owner": Column("Owner", missing="no owner named"),
        },
        empty="No tested target lies out of reach of the process as it runs.",
    )


def one_by_one(book: Book, result: Rated) -> Html:
    """Every measure under its markers: verdicts, the sentence why, its picture, and what the service says."""
    links = own_links(book)
    rank = {state: place for place, state in enumerate(WORST_FIRST)}
    rated = result.measures.assign(rank=result.measures["state"].map(rank).fillna(len(rank)))
    parts: list[Html] = []
    shown: set[str] = set()
    for node in book.framework.linkable:
        mine = links[links["node"] == node.id]
        here = rated[rated["measure_id"].isin(mine["measure_id"])].sort_values(
            ["rank", "title"], kind="stable"
        )
        parts += [headline(numbered(node.number, node.title), level=3)] if len(here) else []
        for _, row in here.iterrows():
            parts.append(_again(row) if row["measure_id"] in shown else _measure(book, result, row, mine))
            shown.add(row["measure_id"])
    return blocks(*parts) if parts else paragraphs("No measure of this unit is linked to the framework.")


def own_links(book: Book) -> pd.DataFrame:
    """The unit's links to the book's framework."""
    links = book.table("links")
    return links[links["framework"] == book.framework.id]


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
            "Target as things run": tag(verdicts.get("capability", row["capability"])),
            "Why": row["why"],
            "Why it is here": f"{mine['reason']}{proxy}",
            **_comment(book, row["measure_id"]),
        }
    )
    head = Html(f'<h4 id="measure-{row["measure_id"]}">{tables.text(row["title"]).markup}</h4>', row["title"])
    return blocks(head, facts, picture(book, result, row))


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
        fig = charts.line_with_comparators(series, others, row)
        alt, data = charts.alt_lines(series, others, row), charts.data_lines(series, others, row)
    subtitle = f"{row['title']}, {row['unit']}, {book.unit_name}"
    return figure(fig, title=picture_title(row), subtitle=subtitle, source=_source(row), alt=alt, data=data)


CHANGE_WORDS = {
    "improving": "A real improvement",
    "worsening": "A real worsening",
    "neither": "A real change, neither better nor worse",
    "no": "No real change",
}


def picture_title(row: pd.Series) -> str:
    """What the picture shows, as a sentence."""
    period = parse(row["last_period"], FREQUENCIES[row["frequency"]]).words
    latest = f"{number(row['last_value'], row['decimals'])} in {period[0].lower() if period.startswith('Q') else period[0]}{period[1:]}"
    if row["variation"] not in sentences.TESTED:
        return f"Latest {latest}; change not tested"
    head = CHANGE_WORDS[row["variation"].split("_")[0]]
    usual = f"usually {number(row['lpl'], row['decimals'])} to {number(row['upl'], row['decimals'])}"
    return f"{head}: latest {latest}, {usual}"


def _source(row: pd.Series) -> str:
    return f"{row['source_file']}, row {int(row['source_row'])} (latest value)."


def assumption_note(book: Book) -> Html:
    """What is assumed on this page, set apart."""
    made = book.council.assumption
    return callout(f"{made.text} (Assumed by {made.made_by}.)") if made else paragraphs()


def arrangements(clauses: pd.DataFrame) -> Html:
    """The framework's clauses as tested on this unit's records."""
    failed = int(clauses["result"].isin(["not_met", "partly"]).sum())
    return table(
        clauses,
        title=f"{sentence(counted(failed, 'arrangement'))} of {len(clauses)} tested {'is' if failed == 1 else 'are'} not fully in order",
        subtitle="Clauses of the framework that the measures' tables can test, for this unit",
        columns={
            "what": "What the framework asks",
            "force": "Force",
            "result": Column("Result", "tag", verdict="clause"),
            "why": "Why",
            "source": "Section",
        },
        empty="No clause of this framework can be tested on the measures' tables alone.",
    )
