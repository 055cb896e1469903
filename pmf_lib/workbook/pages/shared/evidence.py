"""How a page was made: rules in force, assumptions, the source row behind each figure, and the facts of the page."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib import framework as frameworks
from pmf_lib.periods import date_words
from pmf_lib.records.cells import in_file
from pmf_lib.records.findings import leaves_out
from pmf_lib.records.quality.told import OFF_CHART, UNIT_SLIP, told
from pmf_lib.records.reads import data_used
from pmf_lib.workbook import edition
from pmf_lib.workbook.absent import is_silent
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.shared import decisions
from pmf_lib.workbook.pages.shared.named import MEASURE, with_names
from pmf_lib.workbook.pages.shared.rules import rules
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, details, link, paragraphs, phrase
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, plural, sentence

NOTHING_READ = "Nothing was received of it, so no fault could be found."
BANNERS = {
    "made-up": "This council does not exist, and none of these figures is real.",
    "published": "An illustrative mapping by this project, not issued by or for the council. "
    "No assurance rating is given.",
}


def rows_behind(book: Book, rated: pd.DataFrame) -> Html:
    """One row per measure: the value that was rated, its rule, and the file and row where value and target were read."""
    shown = with_names(book.schemes.verdicts, rated).assign(
        result=rated["value"].fillna(rated["last_value"]),
        of=rated["period"].where(rated["value"].notna(), rated["last_period"]),
        value_from=place(
            rated["source_file"].where(rated["value"].notna(), rated["last_file"]),
            rated["source_row"].where(rated["value"].notna(), rated["last_row"]),
        ),
        target_from=place(rated["target_file"], rated["target_row"]),
    )
    return table(
        shown,
        title="Every figure and where it comes from",
        subtitle="The latest value of each measure, the rule that gave its status, and the file and row behind it",
        columns={
            "measure": MEASURE,
            "of": Column("Period", "period"),
            "result": Column("Value", "number", decimals="decimals"),
            "target": Column("Target", "number", decimals="decimals"),
            "rule": "Rule",
            "value_from": "Value read from",
            "target_from": "Target read from",
        },
    )


def place(files: pd.Series, rows: pd.Series) -> pd.Series:
    """``file, row n`` where there is one."""
    numbers = pd.to_numeric(rows).fillna(0).astype(int)
    return (files + ", row " + numbers.astype(str)).where(numbers > 0, "")


def place_of(rows: pd.DataFrame) -> pd.Series:
    """File, sheet where there is one, and row, of rows that say where they were read; '' where no row came."""
    return place(in_file(rows), rows["source_row"])


def faults(book: Book) -> Html:
    """Faults found in the unit's records, each with its place and how to mend it; a council page leads to the others."""
    shown = told(book.findings, book.table("measures")).assign(
        place=place_of(book.findings),
        kept=leaves_out(book.findings)
        .map({True: "left out", False: "kept"})
        .mask(book.findings["rule"] == UNIT_SLIP, f"kept. {OFF_CHART}"),
    )
    made = table(
        shown,
        title=_faults_title(book, len(shown)),
        subtitle="One row per fault, with what to do about it",
        columns={
            "place": "Where",
            "column": "Column",
            "got": "What was there",
            "expected": "What was expected",
            "mend": "How to mend it",
            "kept": "The row was",
        },
        empty=_no_fault(book),
    )
    return made if book.unit else blocks(made, _faults_elsewhere(book))


def _no_fault(book: Book) -> str:
    """Why no fault is listed."""
    if is_silent(book):
        return NOTHING_READ
    if book.unit:
        return "No fault was found: every row that was read could be used."
    return "Every fault that was found is of a directorate's records."


def _faults_title(book: Book, count: int) -> str:
    if is_silent(book):
        return "No records of this unit were read"
    if book.unit:
        return f"{sentence(counted(count, 'fault', in_words=True))} found in the records of this unit"
    return (
        f"{sentence(counted(count, 'fault', in_words=True))} found in records that belong to no directorate"
    )


def _faults_elsewhere(book: Book) -> Html:
    """How many faults stand on each directorate's page on data quality, with links."""
    counts = book.snapshot.table("findings")["directorate"].value_counts()
    there = set(book.snapshot.table("measures")["directorate"])
    told = [
        phrase(
            link(one.name, f"../{one.id}/1_data_quality.html"),
            f": {counted(int(counts.get(one.id, 0)), 'fault', in_words=True)}"
            if one.id in there or counts.get(one.id, 0)
            else ": nothing received",
        )
        for one in book.council.directorates
    ]
    return blocks(
        paragraphs("Faults in the records of directorates are listed on their pages:"), bullets(told)
    )


def assumptions(book: Book) -> Html:
    """What the framework leaves open and somebody local filled in."""
    made = [
        f"{one.text} Assumed by {one.made_by} on {date_words(one.made_on)}."
        for one in book.framework.assumptions
    ]
    own = book.council.assumption
    made += [f"{own.text} Assumed by {own.made_by} on {date_words(own.made_on)}."] if own else []
    return bullets(made, empty="Nothing is assumed beyond the framework's own text.")


def appendix(book: Book, rated: pd.DataFrame) -> Html:
    """The whole appendix of a page about measures."""
    return blocks(
        rules(book),
        details("What was decided about limits", decisions.listed(book)),
        details("What is assumed", assumptions(book)),
        details(f"Where the figures of {counted(len(rated), 'measure')} come from", rows_behind(book, rated)),
        faults(book),
    )


def one_list() -> Html:
    """Where everything asked of the directorate stands once, said at the end of what one page asks."""
    return paragraphs(
        phrase(
            "All that is asked of this directorate stands, each thing once, on ",
            link("the page on embedding", "3_pmf_embedding.html#what-is-asked"),
            ".",
        )
    )


def page(
    book: Book, headline: str, notes: dict[str, str] | None = None, *, changed: str = ""
) -> dict[str, Any]:
    """Facts of the page for its header, banners and footer.

    `notes` adds banners (kind → text); `changed` is the sentence with which the index says what changed.
    """
    return {
        "title": book.sidecar.title,
        "question": book.sidecar.question,
        "headline": headline,
        "council": book.council.name,
        "unit": book.unit_name,
        "framework": f"{book.framework.title} ({book.framework.edition})",
        "edition_words": edition.words(book.parameters),
        "quarter_words": book.quarter.words,
        "as_at_words": date_words(book.as_at),
        "paper_status": "Draft",
        "changed": changed,
        "banners": banners(book, notes or {}),
        "notebook": book.sidecar.name,
        "data_used": data_used(book.snapshot.table("reads") if book.footed is None else book.footed),
        "reperform": reperform(book),
        "glossary_url": "",
    }


def banners(book: Book, notes: dict[str, str]) -> list[dict[str, str]]:
    """What every reader must see first."""
    said: dict[str, str] = {}
    kind, framework = book.council.evidence, book.framework
    if kind in BANNERS:
        said[kind] = BANNERS[kind]
    said |= edition.banners(book)
    if exempt := int(book.table("measures")["exempt"].sum()):
        are = plural(exempt, "is", "are")
        holds = f"It holds {counted(exempt, 'measure')} that {are} exempt from publication."
        said["exempt"] = " ".join(filter(None, [said.get("exempt"), holds]))
    if framework.status == "superseded":
        said["superseded"] = _replaced(framework.superseded_by)
    if framework.review and framework.is_past_review(book.as_at):
        due = date_words(framework.review.due)
        said["past-review"] = f"It was due for review by {due}; none is recorded."
    return [{"kind": kind, "text": text} for kind, text in [*said.items(), *notes.items()]]


def _replaced(framework_id: str) -> str:
    """By which framework it was replaced, in that one's own words."""
    if framework_id not in frameworks.ids():
        return "It is no longer in force."
    later = frameworks.load(framework_id)
    return f"Replaced by the {later.title} {later.edition}."


def reperform(book: Book) -> list[str]:
    """The command that makes this run again."""
    asked = book.parameters
    return [
        f"pmf run --council {asked['council']} --framework {asked['framework']} --quarter '{asked['quarter']}' "
        f"--as-at {asked['as_at']}{edition.asked(asked)}"
        + (f" --baseline {asked['baseline'] or 'none'}" if "baseline" in asked else "")
        + (f" --issued '{asked['issued'] or 'none'}'" if "issued" in asked else "")
    ]
