"""Pieces of page 4 behind its first screen: targets worth challenging, the board's meetings, how sure we are, how it was made."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.board import agenda as board
from pmf_lib.assurance.board import results as board_loop
from pmf_lib.assurance.evidence import Evidence, NotSentError
from pmf_lib.performance.capability import just_changed
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.board.board_pack import PUBLISHED, TABLE_WORDS, Pack, measure_link, not_sent
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pages.shared import evidence, rules
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence

ASKS = {
    "cannot_reach": "Change the process, or the target",
    "cannot_miss": "Ask whether the target still stretches the service",
}
"""What a board may ask of a target worth challenging."""
PROXY = " The measure is a proxy: it stands near what the framework asks, not for it."
RESULTS_ONLY = "Published figures show results. What a board heard, decided and did would show in the council's own records."
TIME = {
    "separate": "for performance alone",
    "dedicated": "time set aside for performance",
    "shared": "time shared with other business",
    "not-recorded": "not recorded",
}


def targets(book: Book, told: Pack) -> Html:
    """Targets that the process can't reach, or can't miss, as it runs; those of a process just changed are only counted."""
    if not book.has_own_records:
        return paragraphs(sentences.change_sentence(told.records.rated))
    rows = board_loop.worth_challenging(told.records)
    shown, rated = rows[~rows["just_changed"]], told.records.rated
    tested = rated[rated["capability"].isin(list(sentences.REACH))]
    moved = int(just_changed(tested["variation"]).sum())
    made = table(
        _challenged(shown),
        title=targets_title(shown["challenge"], tested_n=len(tested), moved_n=moved),
        subtitle=f"{book.unit_name}, {book.quarter.words}, by the limits of each control chart. An invitation to ask, not a fault",
        columns={
            "name": Column("Measure", "html"),
            "said": "What the chart shows",
            "asks": "What to ask",
            "owner": Column("Owner", missing="no owner named"),
        },
        empty=_none_challenged(len(tested), moved),
    )
    return blocks(made, paragraphs(_moved(len(tested), moved)))


def _challenged(shown: pd.DataFrame) -> pd.DataFrame:
    """The rows with what their cells say."""
    lines = shown.to_dict("records")
    return shown.assign(
        name=pd.Series(
            [measure_link(one["measure_id"], one["title"]) for one in lines], shown.index, dtype="object"
        ),
        said=shown["why"] + shown["is_proxy"].map({True: PROXY, False: ""}),
        asks=shown["challenge"].map(ASKS),
    )


def targets_title(challenges: pd.Series[str], tested_n: int = 1, moved_n: int = 0) -> str:
    """How many targets can't be reached, and how many can't be missed.

    >>> targets_title(pd.Series(["cannot_reach", "cannot_miss", "cannot_miss"]))
    "One target can't be reached as things run; two can hardly be missed"
    """
    never, always = (int((challenges == code).sum()) for code in ("cannot_reach", "cannot_miss"))
    if not tested_n:
        return "No target can be tested"
    if not never + always:
        is_told = tested_n > moved_n
        return f"No target {'stands out' if is_told else 'can be told yet'} as one to challenge"
    hardly = f"{count_word(always)} can hardly be missed"
    if not never:
        return sentence(f"{counted(always, 'target', in_words=True)} can hardly be missed as things run")
    head = sentence(f"{counted(never, 'target', in_words=True)} can't be reached as things run")
    return f"{head}; {hardly}" if always else head


def _none_challenged(tested: int, moved: int) -> str:
    """What the targets are of which something can be said, where none of them is worth challenging."""
    if not tested:
        return "No series with a target is long and regular enough to be tested."
    n = tested - moved
    if not n:
        return "Of no target can anything be said before the cause of a change is found."
    may = "may be met in one period and missed in the next as the process runs"
    return (
        f"The one target that can be told of {may}."
        if n == 1
        else f"The {n} targets that can be told of {may}."
    )


def _moved(tested: int, moved: int) -> str:
    """Of how many of the targets tested nothing can be said, as page 2 counts them; '' where of each something can."""
    if not moved:
        return ""
    whole = "the one target" if tested == 1 else f"the {tested} targets"
    part = whole if moved == tested else f"{count_word(moved)} of {whole}"
    which = plural(moved, "process has", "processes have")
    return f"Of {part} tested nothing can be said before the cause is found, as {plural(moved, 'its', 'their')} {which} just changed."


def meetings(book: Book, told: Pack) -> Html:
    """The board's meetings of the year, and how time was given to performance."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    try:
        rows = board.meetings_of_year(told.records)
    except NotSentError:
        return bullets(not_sent(told.records, *board.NEEDED))
    n, year = len(rows), book.quarter.financial_year.label
    return table(
        rows.assign(given=rows["time_given"].map(TIME).fillna("not recorded")),
        title=f"The board met {_times(n)} in {year}"
        if n
        else f"No meeting of the board in {year} is recorded",
        subtitle=f"{book.unit_name}, up to {date_words(book.as_at)}",
        columns={
            "held_on": Column("Held on", "date"),
            "given": "Time given",
            "items_n": Column("Items recorded", "number", decimals=0),
        },
        row_head="held_on",
        empty="If it met, its meetings are missing from the records; send them with the next return.",
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count_word(count)} times")


def sureness(book: Book, told: Pack) -> Html:
    """How sure we are: what nobody sent, and what a pack made from records can't tell."""
    if not book.has_own_records:
        return paragraphs(RESULTS_ONLY)
    said = [
        "What was said at the board, and how well, no record tells: an item counts as heard once it stands on the agenda of a "
        "meeting that was held.",
        *_minutes(told.records),
        *_examples(told.records),
    ]
    return bullets([*not_sent(told.records, *TABLE_WORDS), *said])


def _minutes(records: Evidence) -> list[str]:
    """How many of the year's meetings and agenda items name no minute; an empty list where none is recorded."""
    try:
        counts = board_loop.unreferenced(records)
    except NotSentError:
        return []
    (held, bare), (items, bare_items) = counts.to_numpy().tolist()
    year = records.quarter.financial_year.label
    if not held:
        return []
    if not bare + bare_items:
        return [f"Each of the board's meetings of {year}, and each item on their agendas, names its minutes."]
    return [
        f"{sentence(_of_the(bare, held, 'meeting'))} of the board in {year}, and {_of_the(bare_items, items, 'item')} on their agendas, name no "
        "minutes, so what rests on them can't be looked up."
    ]


def _of_the(part: int, whole: int, noun: str) -> str:
    """So many of so many.

    >>> _of_the(7, 7, "meeting"), _of_the(2, 53, "item")
    ('all 7 meetings', '2 of 53 items')
    """
    if part < whole or whole < 2:
        return f"{part or 'none'} of {counted(whole, noun)}"
    return f"all {counted(whole, noun)}"


def _examples(records: Evidence) -> list[str]:
    if not records.framework.agendas:
        return ["The framework has no agenda of its own: the items are those that its clauses ask for."]
    return [
        f"“{one.minimum_words}” ({records.framework.title}, section {one.source})"
        for one in records.framework.agendas
    ]


def appendix(book: Book) -> Html:
    """How the pack was made: the rules of escalation and of the board in force, and what is assumed."""
    up, own = book.schemes.escalation, book.schemes.board
    near = (
        f"An item that the year still lacks counts as overdue from {counted(own.year_end_near_days, 'day')} before the year's end. "
        f"Risks are due for review after {counted(own.risks_reviewed_within_months, 'month')}, and the rating of a project last looked at "
        f"more than {counted(own.projects_reviewed_within_months, 'month')} ago is not relied on."
    )
    shift = (
        f"An action is judged by up to {up.before_at_most_n} results before it was done and {up.after_at_most_n} after: {book.schemes.xmr.shift_n} in a "
        "row on one side of the mean, or two of three close to a limit, are a real change."
    )
    days = sorted({up.dated, own.dated})
    dated = f"(Dated {listing(date_words(day) for day in days)}.)"
    return blocks(
        bullets(
            [
                f"Escalation: {up.words} {up.source}",
                f"{own.words} {near} {own.source} {dated}",
                shift,
                rules.chart_rule(book.schemes.xmr),
            ]
        ),
        details("What is assumed", evidence.assumptions(book)),
        evidence.faults(book),
    )
