"""Pieces of page 2: how a directorate's measures stand against the markers of success."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from pmf_lib.framework import Framework, Node
from pmf_lib.performance.capability import just_changed
from pmf_lib.periods import date_words
from pmf_lib.workbook.absent import director, silent_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.measures import others, sentences
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pages.shared.named import MEASURE, TARGET, with_aims, with_names
from pmf_lib.workbook.pieces.markup import Html, Words, blocks, bullets, link, paragraphs, phrase
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence

ALL_PARTS = "All of them"
"""The heading over the totals of several levels."""
VERDICTS = {
    "state": Column("Against target", "tag", verdict="status"),
    "variation": Column("Change", "tag", verdict="variation"),
    "capability": Column("Target as things run", "tag", verdict="capability"),
}


def page_headline(book: Book, rated: pd.DataFrame) -> str:
    """The finding of the page: against targets, else real changes, else beside others."""
    if sentences.count(rated, "state", sentences.RATED) or sentences.count(
        rated, "variation", sentences.TESTED
    ):
        return sentences.headline(rated)
    return others.headline(others.beside(book, rated)) or sentences.headline(rated)


def found(book: Book, rated: pd.DataFrame) -> Html:
    """What we found, in a few sentences."""
    said = [
        sentences.status_sentence(rated),
        sentences.change_sentence(rated),
        sentences.capability_sentence(rated),
    ]
    beside = others.sentence(others.beside(book, rated))
    return bullets([*said, beside] if beside else said)


def matrix(book: Book, card: pd.DataFrame) -> Html:
    """Marker × state: counts that reconcile, markers in the framework's order."""
    kept = card[card["n_measures"] > 0]
    if kept.empty:
        return paragraphs(_unlinked(book))
    states = [code for code in book.schemes.verdicts.codes("status", "absence") if kept[code].sum() > 0]
    parts = levels_of(book, kept)
    shown = with_total(kept, ["n_measures", *states]).assign(part=[*parts, ALL_PARTS])
    heads = {
        code: Column(book.schemes.verdicts.get("status", code).word, "number", decimals=0) for code in states
    }
    word = book.framework.marker_word
    bare = len(card) - len(kept)
    others = (
        f" {sentence(counted(bare, 'other', in_words=True))} {'has' if bare == 1 else 'have'} no measure of this unit."
        if bare
        else ""
    )
    return table(
        shown,
        title=f"{sentence(counted(len(kept), word, book.framework.markers_word, in_words=True))} of the framework "
        f"{plural(len(kept), 'has', 'have')} measures here",
        subtitle=f"Number of measures by state, {book.quarter.words}. A measure linked to several counts in each.{others}",
        source=f"{book.framework.title}; {book.council.name}, records as at the date above.",
        columns={"label": sentence(word), "n_measures": Column("Measures", "number", decimals=0), **heads},
        group="part" if any(parts) else "",
        totals=1,
    )


def levels_of(book: Book, card: pd.DataFrame) -> list[str]:
    """The heading over each node: its level, where measures link to several levels, whose numbers each begin anew."""
    framework = book.framework
    if len([one for one in framework.link_levels if not one.open]) < 2:
        return [""] * len(card)
    return [sentence(framework.level(framework.node(node).level).plural) for node in card["node"]]


def _unlinked(book: Book) -> str:
    return (
        f"No measure of this unit is linked to any {book.framework.marker_word} of the framework, so nothing shows how it "
        f"stands against them. Say in the table of links which measure speaks for which {book.framework.marker_word}, and why."
    )


def numbered(number: Any, title: str) -> str:
    """A node's title after its number, where it has one.

    >>> numbered(5, "People are supported"), numbered(None, "Healthy")
    ('5. People are supported', 'Healthy')
    """
    return title if pd.isna(number) else f"{int(number)}. {title}"


def node_name(framework: Framework, node: Node) -> str:
    """A node as a heading that stands alone names it: after its level, where measures link to several levels."""
    title = numbered(node.number, node.title)
    if len([one for one in framework.link_levels if not one.open]) < 2:
        return title
    return f"{sentence(framework.level(node.level).singular)} {title}"


def with_total(card: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    """The card with a label per node and a last row of column totals."""
    labels = [numbered(number, title) for number, title in zip(card["number"], card["title"], strict=True)]
    labelled = card.assign(label=labels)[["label", *counts]]
    total = pd.DataFrame([{"label": "All links to measures", **{name: card[name].sum() for name in counts}}])
    return pd.concat([labelled, total], ignore_index=True)


def sureness(book: Book, rated: pd.DataFrame, reliance: pd.Series) -> Html:
    """How sure we are: what can be relied on (`reliance`: codes), firm values, test limits, proxies, faults in records."""
    links = book.links
    proxies = int((links["directness"] == "proxy").sum())
    provisional = int(rated["provisional"].sum()) if len(rated) else 0
    trial = sentences.count(rated, "limits", ("trial",))
    faults = len(book.findings)
    said = [
        (
            provisional,
            f"{sentence(counted(provisional, 'latest value', in_words=True))} {plural(provisional, 'is', 'are')} provisional or estimated.",
        ),
        (
            trial,
            f"{sentence(counted(trial, 'series', 'series', in_words=True))} {plural(trial, 'has', 'have')} trial limits only (fewer than "
            f"{book.schemes.xmr.trial_limits_below} points): read them with care.",
        ),
        (
            proxies,
            f"{sentence(count_word(proxies))} of {counted(len(links), 'link')} to the framework {plural(proxies, 'is', 'are')} by proxy: the "
            "measure stands near what the framework asks, not for it.",
        ),
        (
            faults,
            f"{sentence(counted(faults, 'fault', in_words=True))} {plural(faults, 'was', 'were')} found in this unit's records; see the end.",
        ),
    ]
    known: list[Words] = [text for count, text in said if count]
    return bullets(
        [*_relied(reliance), *known],
        empty="Every value is final, every link direct, and no fault was found in the records."
        if len(rated)
        else "No value is recorded, so there is nothing to be sure of.",
    )


def _relied(reliance: pd.Series) -> list[Words]:
    """How many figures can't simply be relied on, and where that is told."""
    never, careful = ((reliance == code).sum() for code in ("do_not_rely", "with_care"))
    with_care = f"{plural(careful, 'is', 'are')} to be relied on only with care"
    counts = [
        f"{count_word(n)} {words}"
        for n, words in ((never, "should not be relied on"), (careful, with_care))
        if n
    ]
    if not counts:
        return []
    return [
        phrase(
            f"Of {counted(int((reliance != 'not_judged').sum()), 'measure')}, {listing(counts)}: see ",
            link("data quality", "1_data_quality.html"),
            ".",
        )
    ]


def asked(book: Book, rated: pd.DataFrame) -> Html:
    """What is asked of whom: missing values, missing targets, missing explanations."""
    if not book.has_own_records:
        return paragraphs(
            "Nobody is asked for anything: these are published figures, not a return of the council."
        )
    if said := silent_words(book):
        return blocks(paragraphs(said), evidence.one_list())
    todo = requests(rated, book.table("commentary"), book.quarter.label, book.as_at)
    if book.unit:
        todo = todo.assign(owner=todo["owner"].mask(todo["owner"] == "", director(book.unit)))
    made = table(
        todo,
        title=f"{sentence(counted(len(todo), 'thing', in_words=True))} {plural(len(todo), 'is', 'are')} asked of owners by "
        f"{date_words(book.next_return)}"
        if len(todo)
        else "Nothing is asked of owners",
        subtitle=f"{book.unit_name}, {book.quarter.words}; the director answers for what has no owner",
        columns={
            "title": "Measure",
            "asked": "What is asked",
            "owner": Column("Of whom", missing="no owner named"),
        },
        empty="Every value that was due is here, has an owner, has a target where one is wanted, and is explained where it misses it."
        if len(rated)
        else "No measure is recorded here.",
    )
    return blocks(made, evidence.one_list())


def overdue(rated: pd.DataFrame, as_at: date) -> pd.Series[bool]:
    """Measures whose value was due before the as-at date and is not there."""
    due = rated["due_on"].notna() & (rated["due_on"] < pd.Timestamp(as_at))
    return due & rated["value"].isna() & ~rated["state"].isin(["retired", "suppressed"])


def requests(rated: pd.DataFrame, commentary: pd.DataFrame, quarter: str, as_at: date) -> pd.DataFrame:
    """One row per thing asked: title, asked, owner; the most urgent first."""
    explained = commentary.loc[(commentary["quarter"] == quarter) & (commentary["text"] != ""), "measure_id"]
    silent = (rated["state"] == "missed") & ~rated["measure_id"].isin(explained)
    wanted = {
        "Send the value that was due.": overdue(rated, as_at),
        "Say why it misses its target, and what is being done.": silent,
        "Propose a target for approval, or mark it as monitor only.": rated["state"] == "target_missing",
        "Write down how it is counted.": rated["state"] == "not_defined",
        "Name the post that answers for it.": (rated["owner"] == "") & (rated["state"] != "retired"),
    }
    parts = [rated.loc[rows, ["title", "owner"]].assign(asked=text) for text, rows in wanted.items()]
    return pd.concat(parts, ignore_index=True)


def real_changes(book: Book, rated: pd.DataFrame, points: pd.DataFrame) -> Html:
    """Measures that show a real change, the worse first; latest and mean are of one period, as their charts (`points`) have them."""
    changed = rated[rated["variation"].isin([*sentences.WORSENING, *sentences.IMPROVING, *sentences.NEITHER])]
    order = changed["variation"].map(
        {code: i for i, code in enumerate((*sentences.WORSENING, *sentences.NEITHER))}
    )
    last = points[points["value"].notna()].drop_duplicates("measure_id", keep="last").set_index("measure_id")
    shown = changed.assign(
        order=order.fillna(9),
        **{name: changed["measure_id"].map(last[name]) for name in ("period", "value", "mean")},
    ).sort_values(["order", "title"], kind="stable")
    return table(
        with_names(book.schemes.verdicts, shown),
        title=sentences.changes_title(rated),
        subtitle="Measures at whose latest point a rule of the control chart fired, the worse first. Values are of one period, also "
        "where the total since 1 April is reported; the mean is of all points since limits last began, old and new",
        columns={
            "measure": MEASURE,
            "variation": VERDICTS["variation"],
            "period": Column("Latest period", "period"),
            "value": Column("Latest", "number", decimals="decimals"),
            "mean": Column("Mean", "number", decimals="decimals"),
            "variation_why": "Why it counts as real",
        },
        empty="What looks like a rise or a fall is within its series' usual variation."
        if sentences.count(rated, "variation", sentences.TESTED)
        else "A control chart needs a regular monthly, quarterly or termly series of at least "
        f"{book.schemes.xmr.refuse_below} points; annual figures are shown beside others' below.",
    )


CHANGE_THE_PROCESS = "Change the process, or the target"
FIND_THE_CAUSE_FIRST = "Find the cause: the process has just changed"


def not_expected(book: Book, rated: pd.DataFrame) -> Html:
    """Targets that are not expected to be met as things run, and what comes first with each; last, those that just changed."""
    shown = rated[rated["capability"] == "not_expected"]
    shown = shown.loc[just_changed(shown["variation"]).sort_values(kind="stable").index]
    moved = just_changed(shown["variation"])
    shown = shown.assign(
        finer=shown["decimals"] + 1, first=moved.map({True: FIND_THE_CAUSE_FIRST, False: CHANGE_THE_PROCESS})
    )
    return table(
        with_aims(with_names(book.schemes.verdicts, shown)),
        title=_not_expected(
            int((~moved).sum()), int(moved.sum()), has_targets=bool(rated["target_row"].gt(0).any())
        ),
        subtitle="Effort within the present process will not do; the process or the target has to change. Where the process has "
        "just changed, nothing can be said before the cause is found",
        columns={
            "measure": MEASURE,
            "aim": TARGET,
            "lpl": Column("Runs from", "number", decimals="finer"),
            "upl": Column("to", "number", decimals="finer"),
            "first": "What comes first",
            "owner": Column("Owner", missing="no owner named"),
        },
        empty="Each target that could be tested lies within the range in which its process runs, or beyond it on the good side."
        if sentences.count(rated, "capability", ("consistently_meets", "hit_and_miss"))
        else "No series with a target is long and regular enough to be tested.",
    )


def _not_expected(count: int, moved: int, *, has_targets: bool) -> str:
    """How many targets are not expected to be met; apart, those beyond limits over points before and since a change."""
    if not has_targets:
        return "No target is recorded, so none can be tested"
    changed = f"of {count_word(moved)} more the process has just changed"
    if not count:
        calm = "No target is known to lie beyond the range in which its process runs"
        return f"{calm}; of {count_word(moved)} the process has just changed" if moved else calm
    said = f"{sentence(counted(count, 'target', in_words=True))} {plural(count, 'is', 'are')} not expected to be met as things run"
    return f"{said}; {changed}" if moved else said
