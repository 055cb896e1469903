"""Pieces of page 4, its first screen: the agenda for the next meeting, what the year still lacks, and hot issues."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.board import agenda as board
from pmf_lib.assurance.board.behind import Behind, brings
from pmf_lib.assurance.board.issues import NEEDED
from pmf_lib.assurance.board.rules import ISSUE_WORDS
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import date_words
from pmf_lib.workbook.absent import is_silent
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.board.board_pack import (
    PUBLISHED,
    Pack,
    idle_actions,
    knows_issues,
    measure_link,
    not_sent,
)
from pmf_lib.workbook.pages.board.board_words import agenda_title, covered_title, result_words
from pmf_lib.workbook.pages.measures import others
from pmf_lib.workbook.pages.shared.nodes import numbered
from pmf_lib.workbook.pieces.markup import Html, Words, blocks, bullets, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence
from pmf_lib.workbook.rated import is_off_chart

DUE = ("overdue", "due_next")
VALUE_FOR_MONEY = "value-for-money"
"""The item of an agenda for which measures are held against others' figures."""


def page_headline(book: Book, told: Pack) -> str:
    """What the board has before it: items overdue, hot issues, actions that changed nothing."""
    if not book.has_own_records:
        return "No board pack can be made from published figures"
    idle = idle_actions(told.effects)
    said = [_overdue_words(told.agenda), _issues_words(told)]
    said += [f"{count_word(idle)} {plural(idle, 'action', 'actions')} done changed nothing"] if idle else []
    head = listing(said)
    return f"No measure is recorded here; {head}" if is_silent(book) else sentence(head)


def _overdue_words(agenda: pd.DataFrame) -> str:
    if (agenda["state"] == "unknown").all():
        return "nothing is known of the board's agenda"
    late = int((agenda["state"] == "overdue").sum())
    return f"{count_word(late)} {plural(late or 1, 'item', 'items')} of the agenda {plural(late or 1, 'is', 'are')} overdue"


def _issues_words(told: Pack) -> str:
    """How many issues are hot; where too little is known to tell, only that none is known."""
    n = len(told.issues)
    known = "hot" if n or knows_issues(told) else "known"
    return f"{count_word(n)} {plural(n or 1, 'issue', 'issues')} {plural(n or 1, 'is', 'are')} {known}"


def agenda(book: Book, told: Pack) -> Html:
    """The agenda for the next meeting: items overdue and due, why, and what the records put under each."""
    if not book.has_own_records:
        return paragraphs(
            "No board pack can be made from published figures: what came before the board, what was escalated and what was "
            "done would stand in the council's own records."
        )
    rows = _with_data(book, told)
    due = rows[rows["state"].isin(DUE)].sort_values(
        "state", key=lambda states: states.map(board.STATES.index), kind="stable"
    )
    if (rows["state"] == "unknown").all():
        return blocks(
            paragraphs(rows["why"].iloc[0] if len(rows) else NO_ITEMS),
            _items(book, rows, _unknown(len(rows))),
        )
    return blocks(
        paragraphs(_next_meeting(told.records), _with_issues(told)),
        _items(book, due, agenda_title(due)),
        _heard(book, rows[~rows["state"].isin(DUE)]),
    )


NO_ITEMS = "This framework asks for no item on the agenda of a directorate's board."


def _unknown(count: int) -> str:
    return f"Of {counted(count, 'item', in_words=True)} that the framework wants here nobody knows when it was last heard"


def _with_data(book: Book, told: Pack) -> pd.DataFrame:
    """Items with their name and what the records put under them."""
    behind = Behind(told.records, book.schemes.board, len(told.issues), _benchmark(book, told))
    names = [
        numbered(number or None, title)
        for number, title in zip(told.agenda["number"], told.agenda["title"], strict=True)
    ]
    return told.agenda.assign(
        name=pd.Series(names, told.agenda.index, dtype="str"), brings=brings(behind, told.agenda["item"])
    )


def _benchmark(book: Book, told: Pack) -> pd.DataFrame | None:
    """How the unit's measures stand beside others', where an item asks for it; none whose latest value is off its chart."""
    if VALUE_FOR_MONEY not in set(told.agenda["item"]):
        return None
    rated = told.records.rated
    return others.told(book, rated.assign(is_off_chart=is_off_chart(book, rated)))


def _next_meeting(records: Evidence) -> str:
    day = board.next_meeting(records)
    if day:
        return f"The board's next meeting is recorded for {date_words(day)}."
    return "No later meeting of the board is recorded yet, so the day of the next one is not known."


def _with_issues(told: Pack) -> str:
    """What this page puts before the meeting beside its items."""
    idle = idle_actions(told.effects)
    counts = {"hot issue": len(told.issues), "action that changed nothing": idle}
    many = {"action that changed nothing": "actions that changed nothing"}
    said = [counted(n, one, many.get(one, ""), in_words=True) for one, n in counts.items() if n]
    total = sum(counts.values())
    return f"{sentence(listing(said))}, below, {plural(total, 'is', 'are')} for it too." if said else ""


def _items(book: Book, rows: pd.DataFrame, title: str) -> Html:
    return table(
        rows,
        title=title,
        subtitle=f"{book.unit_name}, as at {date_words(book.as_at)}. What is asked comes before what the text gives as an "
        "example: an example obliges nobody",
        source=f"{book.framework.title}; meetings and agendas as recorded.",
        columns={
            "name": "Item",
            "state": Column("Stands", "tag", verdict="agenda"),
            **({} if (rows["state"] == "unknown").all() else {"why": "Why"}),
            "brings": "What the records put under it",
        },
        empty="The items that were heard in their turn are listed below.",
    )


def _times(book: Book) -> Column:
    return Column(f"Times on the agenda in {book.quarter.financial_year.label}", "number", decimals=0)


def _heard(book: Book, rows: pd.DataFrame) -> Html:
    return details(covered_title(rows["basis"]), _covered(book, rows))


def _covered(book: Book, rows: pd.DataFrame) -> Html:
    has_examples = bool((rows["example"] != "").any())
    return table(
        rows,
        title="What was heard in its turn, and what the records put under it now",
        subtitle=f"{book.unit_name}, {book.quarter.financial_year.label}",
        columns={
            "name": "Item",
            "asks": "Asked",
            **({"example": Column("Example of frequency", missing="none is given")} if has_examples else {}),
            "last_on": Column("Last heard", "date", missing="never"),
            "year_n": _times(book),
            "brings": "What the records put under it",
        },
        empty="None was.",
    )


def overdue(book: Book, told: Pack) -> Html:
    """Items of which the year (or each quarter) asks more than was heard."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    rows = told.agenda[told.agenda["state"] == "overdue"]
    if (told.agenda["state"] == "unknown").all():
        return paragraphs(
            "Nobody can tell which items are overdue: no agenda of this board is in the records."
        )
    names = listing(f"“{title}”" for title in rows["title"])
    return table(
        rows,
        title=f"{names} {plural(len(rows), 'is', 'are')} overdue" if len(rows) else "No item is overdue",
        subtitle=f"{book.unit_name}, {book.quarter.financial_year.label} up to {date_words(book.as_at)}",
        columns={
            "title": "Item",
            "asks": "Asked",
            "last_on": Column("Last heard", "date", missing="never"),
            "year_n": _times(book),
        },
        empty="What the framework asks of the board's year was heard in its turn, or its turn is still to come.",
    )


def issues(book: Book, told: Pack) -> Html:
    """Hot issues in the declared order, with what is asked of the board."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    rows = told.issues.assign(name=_names(told), result=_results(told))
    made = table(
        rows,
        title=_issues_title(told),
        subtitle=f"{book.unit_name}, {book.quarter.words}. What is amiss with one measure stands once, under the first kind that "
        "holds for it; the order is declared, and printed at the end",
        columns={
            "name": Column("About", "html"),
            **({"result": "Latest result"} if (rows["result"] != "").any() else {}),
            "condition": "What is amiss",
            **({"in_hand": "Action in hand"} if (rows["in_hand"] != "").any() else {}),
            "asks": "What is asked of the board",
            "owner": Column("Owner", missing="no owner named"),
        },
        empty="No measure was missed twice, no escalation waits or is lacking, and no action or figure is overdue."
        if knows_issues(told)
        else "Too little is recorded to say that nothing is hot.",
    )
    return blocks(made, bullets(not_sent(told.records, *NEEDED)))


def _names(told: Pack) -> pd.Series:
    """What each issue is about; a measure leads to its place on page 2."""
    known = set(told.records.rated["measure_id"])
    made: list[Words] = [
        measure_link(about, subject) if about in known else subject
        for about, subject in zip(told.issues["about"], told.issues["subject"], strict=True)
    ]
    return pd.Series(made, told.issues.index, dtype="object")


def _results(told: Pack) -> pd.Series[str]:
    """The latest result of what is a measure, with its period and its target; '' for anything else."""
    rated = told.records.rated.drop_duplicates("measure_id").set_index("measure_id", drop=False)
    known = {about: result_words(rated.loc[about]) for about in set(told.issues["about"]) & set(rated.index)}
    return pd.Series([known.get(about, "") for about in told.issues["about"]], told.issues.index, dtype="str")


def _issues_title(told: Pack) -> str:
    head = sentence(_issues_words(told))
    counts = told.issues["kind"].value_counts(sort=False)
    kinds = "; ".join(f"{count_word(int(n))} {ISSUE_WORDS[str(kind)]}" for kind, n in counts.items())
    return f"{head}: {kinds}" if kinds else head
