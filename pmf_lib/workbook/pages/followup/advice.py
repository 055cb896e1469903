"""What others recommended (auditors, inspectors, scrutiny): counted beside the report's own recommendations, never with them."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.checks.minutes import in_sentence
from pmf_lib.assurance.followup import others
from pmf_lib.records.reads import tables_sent
from pmf_lib.records.schema import RECORDED
from pmf_lib.records.schema.words import BODIES
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, blocks, details, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence

TABLE = "recommendations"
UNSENT = "Nobody sent the table of recommendations, so nothing is known of what others recommended."
NONE = "The records hold no recommendation that others made{of}."
SETTLED = ("done", "declined")


def made(book: Book) -> pd.DataFrame | None:
    """What others recommended to the book's unit, as `others.others` gives it; None where nobody sent the table."""
    sent = tables_sent(book.snapshot.table("reads"))
    if TABLE not in sent:
        return None
    history = book.snapshot.table(TABLE)
    sources = book.whole("assurances") if "assurances" in sent else None
    providers = pd.Series(dtype="str") if sources is None else sources.set_index("assurance_id")["provider"]
    bodies = {body: sentence(in_sentence(body).removeprefix("the ")) for body in BODIES}
    known = history[history[RECORDED] <= pd.Timestamp(book.as_at)]
    return others.others(book.table(TABLE), known, providers, bodies, book.as_at)


def said(book: Book) -> str:
    """How many recommendations others made, and how many of them stand where."""
    found = made(book)
    if found is None:
        return UNSENT
    of = " to this unit" if book.unit else ""
    if found.empty:
        return NONE.format(of=of)
    counts = {state: int((found["state"] == state).sum()) for state in others.STATES}
    told = [
        f"{count_word(count)} {plural(count, 'is', 'are')} {state}"
        for state, count in counts.items()
        if count
    ]
    head = f"Others made {counted(len(found), 'recommendation', in_words=True)}{of}"
    if len(told) == 1:
        every = plural(len(found), "it is", "all are")
        return f"{head}; {every} {found['state'].iloc[0]}."
    return f"{head}: {listing(told)}."


def listed(book: Book) -> Html:
    """The table of them: what is done or declined folded away; where there is none, why."""
    found = made(book)
    if found is None or found.empty:
        return paragraphs(said(book))
    is_settled = found["state"].isin(SETTLED)
    stands = _table(book, found[~is_settled], _title(found))
    if not is_settled.any():
        return stands
    settled = int(is_settled.sum())
    count = f"{sentence(counted(settled, 'recommendation', in_words=True))} of others {plural(settled, 'is', 'are')} settled"
    return blocks(stands, details(count, _table(book, found[is_settled], count)))


def _title(found: pd.DataFrame) -> str:
    """How many of what others recommended are still to be done."""
    stands = int((~found["state"].isin(SETTLED)).sum())
    late = int((found["state"] == "overdue").sum())
    more = f", {count_word(late)} of them past {plural(late, 'its', 'their')} day" if late else ""
    shown = count_word(stands) if stands else "none"
    return f"What others recommended: {shown} of {count_word(len(found))} {plural(stands or 1, 'is', 'are')} still to be done{more}"


def _table(book: Book, rows: pd.DataFrame, title: str) -> Html:
    names = {one.id: one.name for one in book.council.directorates}
    told = rows.assign(unit=rows["directorate"].map(names).astype("object").fillna(""))
    return table(
        told,
        title=title,
        subtitle="Recommendations of auditors, inspectors, reviewers and scrutiny, as the records hold them; not those of this report",
        source="The register of recommendations.",
        columns={
            "what": "What was recommended",
            "by_whom": Column("By whom", missing="not said"),
            **({"unit": Column("Directorate", missing="whole council")} if book.unit is None else {}),
            "state": Column("State", "tag", verdict="followup"),
            "due_on": Column("Due", "date", missing="no day"),
            "owner": Column("Post", missing="none named"),
            "recommendation_id": "Id in the register",
        },
        empty="Everything that others recommended is done or was declined.",
    )
