"""Pieces of page 7: are the arrangements effective? For the Audit Committee, about arrangements and not performance."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.clauses import BINDING
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages import scorecard
from pmf_lib.workbook.pieces.markup import Html, bullets, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, out_of, plural, sentence
from pmf_lib.workbook.results import Collected, arrangements

SHOWN_AT_MOST = 5
QUESTIONS_AT_MOST = 3
FAILED = ("not_met", "partly")
FORCES = {
    "minimum": "Minimum requirements",
    "duty": "Duties",
    "good practice": "Good practice: observations only",
    "example": "Examples: observations only",
    "context": "Context: observations only",
}
ORDER = {"not_met": 0, "partly": 1, "observation": 2, "met": 3, "no_evidence": 4}
"""The worst of the units tested; no evidence only where no unit could be tested."""


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


def page_headline(book: Book, collected: Collected, clauses: pd.DataFrame) -> str:
    """How many of the duties tested are not met or only partly."""
    of = scorecard.part(book, collected)
    said = _headline(book, clauses)
    return f"{of}: {said[0].lower()}{said[1:]}" if of else said


def _headline(book: Book, clauses: pd.DataFrame) -> str:
    binding = clauses[clauses["force"].isin(BINDING)]
    if not book.has_own_records:
        seen = int((binding["result"] == "observation").sum())
        return f"Published figures can show {seen} of {counted(len(binding), 'duty', 'duties')}, as observations only"
    duties = binding[binding["result"] != "no_evidence"]
    failed = int(duties["result"].isin(FAILED).sum())
    if duties.empty:
        return f"None of the framework's {counted(len(binding), 'duty', 'duties')} can be tested on these records"
    if failed == 0 and len(duties) == 1:
        return "The one duty of the framework that could be tested is met"
    if failed == 0:
        return f"All {counted(len(duties), 'duty', 'duties')} of the framework that could be tested are met"
    bad = int((duties["result"] == "not_met").sum())
    head = f"{out_of(failed, len(duties), 'tested duty', 'tested duties')} {plural(failed, 'is', 'are')} not fully met"
    return f"{head}; {count_word(bad)} {plural(bad, 'fails', 'fail')} in at least one unit" if bad else head


def summary(book: Book, clauses: pd.DataFrame) -> Html:
    """Aim and what was looked at, in the council's own order."""
    tested = int((clauses["result"] != "no_evidence").sum())
    counts = f"{tested} of {counted(len(clauses), 'clause')} looked at could be tested in at least one unit."
    if not book.has_own_records:
        return paragraphs(
            f"This paper shows what published figures can and can't tell of the arrangements of the {book.framework.title}. "
            "The council's own records were not seen.",
            f"{counts} No assurance rating is given.",
        )
    return paragraphs(
        f"This paper shows whether arrangements of the {book.framework.title} are in place. How services perform is for "
        "Cabinet and Scrutiny.",
        f"{counts} No assurance rating is proposed yet: only arrangements that the measures' tables can show were tested.",
    )


def weakest(book: Book, found: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """Up to five failures of arrangements, where each is worst, and how many more."""
    failed = clauses[clauses["result"].isin(FAILED) & clauses["force"].isin(BINDING)]
    shown = failed.head(SHOWN_AT_MOST)
    count, more = len(shown), len(failed) - len(shown)
    head = (
        f"The {count_word(count)} weakest of {count_word(len(failed))} arrangements"
        if more
        else "The weakest arrangements"
    )
    return table(
        shown.assign(worst=[_worst_in(found, clause) for clause in shown["clause"]]),
        title=head,
        subtitle="Duties of the framework that are not fully met, the weakest first. A unit fails where more than "
        f"{book.schemes.clauses.partly_up_to_pct:g} per cent of what was tested there is not in order",
        columns={
            "what": "What the framework asks",
            "result": Column("Worst in a unit", "tag", verdict="clause"),
            "worst": "Where",
            "failed": Column("Exceptions", "number", decimals=0),
            "population": Column("Tested", "number", decimals=0),
            "source": "Section",
        },
        empty="No duty that could be tested is failed. What could not be tested is listed further down.",
    )


def _worst_in(found: pd.DataFrame, clause: str) -> str:
    """The unit in which a clause is worst, with its own counts."""
    rows = found[(found["clause"] == clause) & found["result"].isin(FAILED)]
    share = rows["failed"] / rows["population"]
    worst = rows.iloc[int(share.argmax())]
    return f"{worst['unit']}: {worst['failed']} of {worst['population']}"


def asked(book: Book, clauses: pd.DataFrame) -> Html:
    """What the committee is asked to do."""
    failed = int((clauses["result"].isin(FAILED) & clauses["force"].isin(BINDING)).sum())
    if not book.has_own_records:
        second = "note that arrangements can't be assured from published figures, for want of the council's own records"
    elif failed:
        weak = counted(failed, "weakness", "weaknesses", in_words=True)
        second = (
            f"ask the directors of the units named to say by its next meeting how the {weak} will be mended"
        )
    else:
        second = "note that no weakness was found in what could be tested"
    return bullets(
        ["That the committee note the results below.", f"That the committee {second}."], numbered=True
    )


def questions(clauses: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """Up to three questions worth putting, one for each of the weakest arrangements, by its first exception."""
    failed = clauses[clauses["result"].isin(FAILED) & clauses["force"].isin(BINDING)].head(QUESTIONS_AT_MOST)
    return bullets(
        [
            _question(row["what"], exceptions[exceptions["clause"] == row["clause"]])
            for row in failed.to_dict("records")
        ],
        empty="No question arises from a failed test. The committee may ask for the records on which the clauses without "
        "evidence could be tested.",
    )


def _question(what: str, exceptions: pd.DataFrame) -> str:
    """A question that names the first exception and its unit."""
    first = exceptions.iloc[0]
    others = f" and {len(exceptions) - 1} more" if len(exceptions) > 1 else ""
    return (
        f"{what}. In {first['unit']}, “{first['subject']}”{others} did not: who will see to it, and by when?"
    )


def by_unit(book: Book, collected: Collected, found: pd.DataFrame) -> Html:
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
            **{
                unit: Column(
                    unit, "tag", verdict="clause", missing="not read" if unit in collected.missing else ""
                )
                for unit in units
            },
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


def limits(found: pd.DataFrame) -> Html:
    """What limits the evidence: what was not looked at, and which clauses could not be tested in which unit."""
    said = [
        "Only arrangements that leave a trace in the measures' own tables were tested: plans, meetings, escalations, risks "
        "and assurances were not looked at.",
        "A test of records shows that something was written down, not that it was done well.",
    ]
    unknown = found[found["result"] == "no_evidence"]
    return bullets([*said, *(_untested(what, rows) for what, rows in unknown.groupby("what", sort=False))])


def _untested(what: Any, rows: pd.DataFrame) -> str:
    return f"{what}: no evidence in {listing(rows['unit'])}."
