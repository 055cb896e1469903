"""Pieces of page 7: are the arrangements effective? For the Audit Committee, about arrangements and not performance."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.clauses import BINDING
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, bullets, headline, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import Collected, arrangements

SHOWN_AT_MOST = 5
FAILED = ("not_met", "partly")
FORCES = {
    "minimum": "Minimum requirements",
    "duty": "Duties",
    "good practice": "Good practice: observations only",
    "example": "Examples: observations only",
    "context": "Context: observations only",
}
ORDER = {"not_met": 0, "partly": 1, "no_evidence": 2, "observation": 3, "met": 4}


def results(book: Book, collected: Collected) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clause results and exceptions over all units: the directorates' own, and the council's, which are tested here."""
    own, found = arrangements(book, collected["rated_measures"])
    return (
        pd.concat(
            [_named(book, collected["arrangements"]), own.assign(unit="Whole council")], ignore_index=True
        ),
        pd.concat(
            [_named(book, collected["exceptions"]), found.assign(unit="Whole council")], ignore_index=True
        ),
    )


def _named(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    names = {one.id: one.name for one in book.council.directorates}
    return frame.assign(unit=frame["directorate"].map(names)).drop(columns="directorate")


def by_clause(found: pd.DataFrame) -> pd.DataFrame:
    """One row per clause, the worst first: its worst result in any unit, units where it failed, subjects failed."""
    rows = found.assign(rank=found["result"].map(ORDER), is_failed=found["result"].isin(FAILED))
    grouped = rows.groupby("clause", sort=False).agg(
        what=("what", "first"),
        force=("force", "first"),
        source=("source", "first"),
        rank=("rank", "min"),
        units_n=("unit", "nunique"),
        failed_units=("is_failed", "sum"),
        population=("population", "sum"),
        failed=("failed", "sum"),
    )
    share = grouped["failed"] / grouped["population"].clip(lower=1)
    worst = {rank: code for code, rank in ORDER.items()}
    return (
        grouped.assign(result=grouped["rank"].map(worst), share=share)
        .sort_values(["rank", "share"], ascending=[True, False], kind="stable")
        .reset_index()
    )


def page_headline(clauses: pd.DataFrame) -> str:
    """How many of the duties tested are not met or only partly."""
    binding = clauses[clauses["force"].isin(BINDING)]
    duties = binding[binding["result"].isin([*FAILED, "met"])]
    failed = int(duties["result"].isin(FAILED).sum())
    if duties.empty:
        return f"None of the framework's {counted(len(binding), 'duty', 'duties')} can be tested on these records"
    if failed == 0:
        return f"All {counted(len(duties), 'duty', 'duties')} of the framework that could be tested are met"
    bad = int((duties["result"] == "not_met").sum())
    head = f"{out_of(failed, len(duties), 'tested duty', 'tested duties')} {plural(failed, 'is', 'are')} not fully met"
    return f"{head}; {count_word(bad)} {plural(bad, 'fails', 'fail')} in at least one unit" if bad else head


def summary(book: Book, clauses: pd.DataFrame) -> Html:
    """Aim and what was looked at, in the council's own order."""
    tested = int((clauses["result"] != "no_evidence").sum())
    rating = (
        "No assurance rating is proposed yet: this first version tests arrangements that the measures' tables can show, "
        "and says nothing of what they can't."
        if book.has_own_records
        else "No assurance rating is given on published figures: the council's own records were not seen."
    )
    return paragraphs(
        f"This paper tells the committee whether the arrangements of the {book.framework.title} are effective and embedded "
        f"in {book.council.name}. It speaks of arrangements; how services perform is for Cabinet and Scrutiny.",
        f"{tested} of {counted(len(clauses), 'clause')} of the framework looked at could be tested on the records of "
        f"{book.quarter.words}. "
        f"{rating}",
    )


def exceptions_first(clauses: pd.DataFrame) -> Html:
    """Up to five failures of arrangements, and how many more."""
    failed = clauses[clauses["result"].isin(FAILED) & clauses["force"].isin(BINDING)]
    more = max(0, len(failed) - SHOWN_AT_MOST)
    tail = f" and {more} more, listed below" if more else ""
    return table(
        failed.head(SHOWN_AT_MOST),
        title=f"The weakest arrangements{tail}",
        subtitle="Duties of the framework that are not fully met, the weakest first",
        columns={
            "what": "What the framework asks",
            "result": Column("Worst result", "tag", verdict="clause"),
            "failed": Column("Exceptions", "number", decimals=0),
            "population": Column("Tested", "number", decimals=0),
            "failed_units": Column("Units affected", "number", decimals=0),
            "source": "Section",
        },
        empty="No duty that could be tested is failed. What could not be tested is listed further down.",
    )


def asked(book: Book, clauses: pd.DataFrame) -> Html:
    """What the committee is asked to do."""
    failed = int((clauses["result"].isin(FAILED) & clauses["force"].isin(BINDING)).sum())
    if not book.has_own_records:
        second = "note that its arrangements can't be assured from published figures, for want of the council's own records"
    elif failed:
        weak = counted(failed, "weakness", "weaknesses")
        second = f"ask the directors named to say by the next meeting how the {weak} will be mended"
    else:
        second = "note that no weakness was found in what could be tested"
    return bullets(
        ["That the committee note the results below.", f"That the committee {second}."],
        numbered=True,
    )


def questions(clauses: pd.DataFrame) -> Html:
    """Questions worth putting, one for each of the weakest arrangements."""
    failed = clauses[clauses["result"].isin(FAILED)].head(SHOWN_AT_MOST)
    return bullets(
        [
            f"“{row['what']}” ({row['source']}): who will see to the {_exceptions(int(row['failed']))}, and by when?"
            for row in failed.to_dict("records")
        ],
        empty="No question arises from a failed test. The committee may ask for the records on which the clauses without "
        "evidence could be tested.",
    )


def _exceptions(count: int) -> str:
    return "one exception" if count == 1 else counted(count, "exception")


def by_unit(book: Book, found: pd.DataFrame) -> Html:
    """Every clause with its result in each unit, the strongest words of the framework first."""
    units = [*(one.name for one in book.council.directorates), "Whole council"]
    heads = found.drop_duplicates("clause").set_index("clause")[["what", "force", "source"]]
    wide = found.pivot_table(index="clause", columns="unit", values="result", aggfunc="first", sort=False)
    shown = heads.join(wide.reindex(columns=units)).fillna("")
    order = shown["force"].map({force: place for place, force in enumerate(FORCES)})
    return table(
        shown.assign(
            asks=shown["what"] + " (" + shown["source"] + ")", strength=shown["force"].map(FORCES)
        ).loc[order.sort_values(kind="stable").index],
        title="Each clause tested, and its result in each unit",
        subtitle=f"{book.quarter.words}; a blank means that the clause does not apply to that unit. In brackets, the section",
        columns={
            "asks": "What the framework asks",
            **{unit: Column(unit, "tag", verdict="clause", missing="") for unit in units},
        },
        group="strength",
    )


def exceptions_in_full(found: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """Every exception with its row."""
    shown = found.merge(clauses[["clause", "what"]], on="clause").assign(
        place=lambda rows: [
            f"{f}, row {int(n)}" if n else ""
            for f, n in zip(rows["source_file"], rows["source_row"], strict=True)
        ]
    )
    return table(
        shown,
        title=f"{sentence(counted(len(shown), 'exception'))}, each with its row",
        subtitle="One row per subject that failed a test",
        columns={
            "subject": "Subject",
            "condition": "What was found",
            "unit": "Unit",
            "owner": Column("Owner", missing="none named"),
            "place": "Where it is recorded",
        },
        group="what",
        empty="No test found an exception.",
    )


def limits(book: Book, clauses: pd.DataFrame) -> Html:
    """What limits the evidence."""
    unknown = clauses.loc[clauses["result"] == "no_evidence", "what"].tolist()
    said = [
        "Only arrangements that leave a trace in the measures' own tables were tested: plans, meetings, escalations, risks "
        "and assurances were not looked at.",
        "A test of records shows that something was written down, not that it was done well.",
    ]
    said += [f"Nothing was recorded on which to test: {listing(unknown)}."] if unknown else []
    return bullets(said)


def heading(text: str) -> Html:
    """A heading of the council's own template."""
    return headline(text, level=3)
