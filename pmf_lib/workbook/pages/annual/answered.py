"""Actions and recommendations of the year: what was in hand, what came of it, what others recommended and what papers raised."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.review import actions
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.annual import year_words
from pmf_lib.workbook.pages.annual.told import Told
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, out_of, plural

PUBLISHED = "Published figures tell nothing of actions or recommendations."
ALONE = "A shift after an action is no proof that the action brought it about; none after it is a reason to ask whether to go on."
NO_LIST = (
    "None of the year's issued papers kept a list of what it recommended, so what papers raised can't be followed here. Papers issued "
    "from now on keep one."
)


def acted(book: Book, told: Told) -> Html:
    """What was in hand in the year, and what came after what was done."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    said = year_words.done(told)
    if told.outcomes is None:
        return paragraphs(said)
    late = pd.DataFrame() if told.actions is None else told.actions[told.actions["state"] == "overdue"]
    return blocks(
        paragraphs(said),
        _outcomes(told.outcomes),
        paragraphs(ALONE),
        *([_overdue(late)] if len(late) else []),
    )


def _outcomes(rows: pd.DataFrame) -> Html:
    judged = rows[rows["effect"].isin(actions.JUDGED)]
    rest = rows[~rows["effect"].isin(actions.JUDGED)]
    shown = _effects(judged, _outcomes_title(rows), "No action that was done can be judged yet, or at all.")
    if rest.empty:
        return shown
    head = f"{counted(len(rest), 'action')} of which nothing can be told, or not yet"
    return blocks(shown, details(head, _effects(rest, head, "")))


def _effects(rows: pd.DataFrame, title: str, empty: str) -> Html:
    return table(
        rows,
        title=title,
        subtitle="Actions done in the year or the one before, by the control chart of the results before each; of an action that was to "
        "move several figures, the one that moved most for the better",
        columns={
            "title": "Action",
            "measure": "Was to move",
            "done_on": Column("Done on", "date"),
            "effect": Column("Since then", "tag", verdict="effect"),
            "why": "What the results say",
            "owner": Column("Owner", missing="no owner named"),
        },
        empty=empty,
    )


def _outcomes_title(rows: pd.DataFrame) -> str:
    counts = actions.outcomes(rows)
    judged = sum(counts[code] for code in actions.JUDGED)
    if not judged:
        return "No action that was done can be judged"
    head = out_of(counts["better"], judged, "action")
    return f"{head} that can be judged {plural(counts['better'] or 1, 'was', 'were')} followed by a real change for the better"


def _overdue(rows: pd.DataFrame) -> Html:
    return table(
        rows.sort_values("due_on", kind="stable"),
        title=f"{counted(len(rows), 'action')} {plural(len(rows), 'is', 'are')} past {plural(len(rows), 'its', 'their')} day and not done",
        subtitle="The oldest first",
        columns={
            "title": "Action",
            "due_on": Column("Was due", "date"),
            "owner": Column("Owner", missing="no owner named"),
        },
    )


def followed(book: Book, told: Told) -> Html:
    """What others recommended, then what the papers themselves raised."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    return blocks(_of_others(told), _of_papers(told))


def _of_others(told: Told) -> Html:
    found = told.recommendations
    if found is None or found.empty:
        return paragraphs(year_words.followed(told))
    late = int(found["state"].isin(["overdue", "awaited", "no_day"]).sum())
    head = f"{out_of(late, len(found), 'recommendation')} of others {plural(late or 1, 'wants', 'want')} an answer or an end"
    return table(
        found.assign(when=found["is_new"].map({True: "in the year", False: "before it"})),
        title=head,
        subtitle="Made in the year, or open when it began, by assurers, inspectors, auditors and bodies; what asks for something first",
        columns={
            "title": "Recommendation",
            "when": "Made",
            "raised_on": Column("On", "date"),
            "responded_on": Column("Answered on", "date", missing="not answered"),
            "due_on": Column("To be done by", "date"),
            "done_on": Column("Done on", "date"),
            "state": Column("Stands", "tag", verdict="recommendation"),
            "owner": Column("Post", missing="none named"),
        },
    )


def _of_papers(told: Told) -> Html:
    found = told.raised
    if found is None:
        return paragraphs(NO_LIST)
    closed, new = int((found["state"] == "closed").sum()), int(found["is_new"].sum())
    newest = counted(new, "recommendation")
    return table(
        found,
        title=f"The year's issued papers raised {newest}; {count_word(closed) if closed else 'none'} {plural(closed or 1, 'was', 'were')} closed",
        subtitle="As the newest of them tells it: raised or closed in the year, or not settled",
        columns={
            "what": "What the framework asks",
            "unit": "Unit",
            "raised_in": Column("Raised in", "period"),
            "state": Column("State", "tag", verdict="followup"),
            "owner": Column("Post", missing="none named"),
        },
        empty="The year's issued papers raised nothing, and nothing of before was open.",
    )
