"""Pieces of page 7: are the arrangements effective? For the Audit Committee, about arrangements and not performance."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance import audit_findings
from pmf_lib.assurance.clauses import BINDING, UNTESTED
from pmf_lib.assurance.maturity.rules import EmbeddingScheme
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.council import scorecard
from pmf_lib.workbook.pages.lived import answers, clause_tables
from pmf_lib.workbook.pages.lived.embedding import WHOLE, share_of, within
from pmf_lib.workbook.pages.lived.lived import units
from pmf_lib.workbook.pieces.markup import Html, bullets, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, out_of, plural, sentence
from pmf_lib.workbook.results import Collected, arrangements, matured

READ = ("quality", "rated_measures", "arrangements", "exceptions", "embedding")
"""Recorded results that the page rests on."""
SHOWN_AT_MOST = 5
QUESTIONS_AT_MOST = 3
ASKS = {
    "no": "This does not hold {}: who will see to it, and by when?",
    "some": "This does not hold {}: who will see to what can still be mended, by when, and how did the rest come about?",
    "all": "This did not hold {}: how did it come about, and what keeps it from happening again?",
}
"""What is asked where no, some or all exceptions lie in the past."""
FAILED = ("not_met", "partly")
FORCES = {
    "minimum": "Minimum requirements",
    "duty": "Duties",
    "good practice": "Good practice: observations only",
    "example": "Examples: observations only",
    "context": "Context: observations only",
}
ORDER = {
    "not_met": 0,
    "partly": 1,
    "observation": 2,
    "met": 3,
    "no_evidence": 4,
    "not_due": 5,
    "not_applicable": 6,
}
"""The worst of the units tested; no evidence, not yet due or not applicable only where no unit could be tested."""


def results(book: Book, collected: Collected) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Clause results, exceptions and levels of groups: the directorates' own, and the council's, which are tested here."""
    own, found = arrangements(book, collected["rated_measures"])
    council = {"arrangements": own, "exceptions": found, "embedding": matured(book, own)}
    found, exceptions, groups = (_over_all(book, collected[name], frame) for name, frame in council.items())
    return found, exceptions, groups


def _over_all(book: Book, directorates: pd.DataFrame, council: pd.DataFrame) -> pd.DataFrame:
    """Rows of the directorates and of the whole council, each with its `unit`."""
    names = {one.id: one.name for one in book.council.directorates}
    named = directorates.assign(unit=directorates["directorate"].map(names)).drop(columns="directorate")
    return pd.concat([named, council.assign(unit=WHOLE)], ignore_index=True)


def by_clause(found: pd.DataFrame, scheme: EmbeddingScheme) -> pd.DataFrame:
    """One row per clause, the worst first, in the order of the findings: its worst result in any unit, and counts.

    Columns: clause, what, force, source, test, rank, units_n, failed_units, population, failed, in_directorates and in_whole (it
    failed there), result, share (of all units' subjects that failed), is_failed.
    """
    rows = found.assign(rank=found["result"].map(ORDER), is_failed=found["result"].isin(FAILED))
    in_whole = rows["is_failed"] & (rows["unit"] == WHOLE)
    rows = rows.assign(in_whole=in_whole, in_directorate=rows["is_failed"] & ~in_whole)
    grouped = rows.groupby("clause", sort=False).agg(
        what=("what", "first"),
        force=("force", "first"),
        source=("source", "first"),
        test=("test", "first"),
        rank=("rank", "min"),
        units_n=("unit", "nunique"),
        failed_units=("is_failed", "sum"),
        population=("population", "sum"),
        failed=("failed", "sum"),
        in_directorates=("in_directorate", "any"),
        in_whole=("in_whole", "any"),
    )
    share = grouped["failed"] / grouped["population"].clip(lower=1)
    worst = {rank: code for code, rank in ORDER.items()}
    return (
        grouped.assign(
            result=grouped["rank"].map(worst),
            share=share,
            is_failed=grouped["force"].isin(BINDING) & (grouped["failed_units"] > 0),
            place=grouped.index.map(_places(found, scheme)),
        )
        .sort_values(["rank", "place", "share"], ascending=[True, True, False], kind="stable")
        .drop(columns="place")
        .reset_index()
    )


def _places(found: pd.DataFrame, scheme: EmbeddingScheme) -> dict[str, int]:
    """Clauses that failed → their place among the findings."""
    failed = found[found["force"].isin(BINDING) & found["result"].isin(FAILED)]
    ordered = audit_findings.worst_first(failed, scheme)["clause"].drop_duplicates()
    return {clause: place for place, clause in enumerate(ordered)}


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
    duties = binding[~binding["result"].isin(UNTESTED)]
    failed = int(duties["result"].isin(FAILED).sum())
    if duties.empty:
        return f"None of the framework's {counted(len(binding), 'duty', 'duties')} can be tested on these records"
    if failed == 0 and len(duties) == 1:
        return "The one duty of the framework that could be tested is met"
    if failed == 0:
        return f"All {counted(len(duties), 'duty', 'duties')} of the framework that could be tested are met"
    bad = int((duties["result"] == "not_met").sum())
    head = (
        f"None of {len(duties)} tested duties is fully met"
        if failed == len(duties) > 1
        else f"{out_of(failed, len(duties), 'tested duty', 'tested duties')} {plural(failed, 'is', 'are')} not fully met"
    )
    grave = (
        f"{count_word(bad)} {plural(bad, 'fails', 'fail')} in at least one unit"
        if bad
        else "none fails outright"
    )
    return f"{head}; {grave}"


def summary(book: Book, clauses: pd.DataFrame) -> Html:
    """Aim and what was looked at, in the council's own order."""
    counts = _looked_at(clauses)
    if not book.has_own_records:
        return paragraphs(
            f"This paper shows what published figures can and can't tell of the arrangements of the {book.framework.title}. "
            "The council's own records were not seen.",
            f"{counts} No assurance rating is given.",
        )
    return paragraphs(
        f"This paper is about arrangements; how services perform is for Cabinet and Scrutiny. {counts} No assurance rating "
        "is proposed yet."
    )


def _looked_at(clauses: pd.DataFrame) -> str:
    """How many of the clauses with a test could be tested, and how many are not yet due or had no occasion."""
    results = clauses["result"]
    tested = int((~results.isin(UNTESTED)).sum())
    later, idle = (int((results == result).sum()) for result in ("not_due", "not_applicable"))
    head = f"{share_of(tested, len(clauses), 'clause with a test', 'clauses with a test')} could be tested"
    due = f"; {count_word(later)} {plural(later, 'is', 'are')} not yet due" if later else ""
    arose = f"; for {count_word(idle)} nothing arose in any unit" if idle else ""
    return f"{head}{due}{arose}."


def weakest(book: Book, found: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """Five failures of arrangements, where each is worst; the others are named below."""
    failed = clauses[clauses["is_failed"]]
    shown = failed.head(SHOWN_AT_MOST)
    others = failed["what"].iloc[SHOWN_AT_MOST:]
    head = (
        f"The {count_word(len(shown))} weakest of {count_word(len(failed))} arrangements that are not fully met"
        if len(others)
        else f"{sentence(counted(len(failed), 'arrangement', in_words=True))} {plural(len(failed), 'is', 'are')} not fully met"
        if len(failed)
        else "No arrangement was found weak"
    )
    made = table(
        shown.assign(worst=[_worst_in(found, clause) for clause in shown["clause"]]),
        title=head,
        subtitle="Duties of the framework that are not fully met, the weakest first. A unit fails where more than "
        f"{book.schemes.clauses.partly_up_to_pct:g} per cent of what was tested there is not in order",
        columns={
            "what": "What the framework asks",
            "result": Column("Worst in a unit", "tag", verdict="clause"),
            "worst": "Where",
            "failed": Column("Exceptions, all units", "number", decimals=0),
            "population": Column("Tested, all units", "number", decimals=0),
            "source": "Section",
        },
        empty=_none_weak(clauses),
    )
    return made + paragraphs(f"Not fully met either: {'; '.join(others)}.") if len(others) else made


def _none_weak(clauses: pd.DataFrame) -> str:
    """Why no arrangement is called weak: all that were tested are in order, or no duty could be tested."""
    duties = clauses[clauses["force"].isin(BINDING)]
    tested = duties["result"].isin(["met", *FAILED]).any()
    said = (
        "Every duty that could be tested is met." if tested else "No duty could be tested, so none can fail."
    )
    return f"{said} What could not be tested is listed further down."


def _worst_in(found: pd.DataFrame, clause: str) -> str:
    """The unit in which a clause is worst, with its own counts."""
    rows = found[(found["clause"] == clause) & found["result"].isin(FAILED)]
    share = rows["failed"] / rows["population"]
    worst = rows.iloc[int(share.argmax())]
    return f"{worst['unit']}: {worst['failed']} of {worst['population']}"


def asked(book: Book, clauses: pd.DataFrame) -> Html:
    """What the committee is asked to do."""
    failed = int(clauses["is_failed"].sum())
    if not book.has_own_records:
        second = (
            "that arrangements can't be assured from published figures, for want of the council's own records"
        )
    elif failed:
        weak = counted(failed, "weakness", "weaknesses", in_words=True)
        second = (
            f"ask {_who(book, clauses)} to say by its next meeting how the {weak} will be mended, and by when"
        )
    elif clauses["result"].isin(UNTESTED).all():
        second = "that nothing could be tested on the records that came"
    else:
        second = "that no weakness was found in what could be tested"
    note = "note these results and " if failed and book.has_own_records else "note "
    return paragraphs(f"That the committee {note}{second}.")


def _who(book: Book, clauses: pd.DataFrame) -> str:
    """Who answers for the weaknesses: directors for their units, and a post for the council as a whole."""
    failed, of_whole = clauses[clauses["is_failed"]], answers.whole(book)
    post = of_whole if of_whole.startswith("the ") else f"the {of_whole}"
    if not failed["in_directorates"].any():
        return post
    more = f", and {post} of the council as a whole," if failed["in_whole"].any() else ""
    return f"the directors of the units named below{more}"


def questions(clauses: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """Up to three questions worth putting, one for each of the weakest arrangements, by its first exception."""
    failed = clauses[clauses["is_failed"]].head(QUESTIONS_AT_MOST)
    return bullets(
        [
            _question(row["what"], exceptions[exceptions["clause"] == row["clause"]])
            for row in failed.to_dict("records")
        ],
        empty="No question arises from a failed test. The committee may ask for the records on which the clauses without "
        "evidence could be tested.",
    )


def _question(what: str, exceptions: pd.DataFrame) -> str:
    """A question that names the first exception of each unit, and how many more; of what is past, how it came about."""
    cases = [_cases(str(unit), rows["subject"]) for unit, rows in exceptions.groupby("unit", sort=False)]
    when = audit_findings.past(exceptions, ["clause"]).iloc[0]
    return f"{what}. {ASKS[when].format('; '.join(cases))}"


def _cases(unit: str, subjects: pd.Series[str]) -> str:
    """The first of a unit's subjects, and how many more.

    >>> _cases("Resources", pd.Series(["Bins", "Calls", "Bins"]))
    'in Resources for “Bins” and one more'
    """
    more = subjects.nunique() - 1
    return f"{within(unit)} for “{subjects.iloc[0]}”{f' and {count_word(more)} more' if more else ''}"


def by_unit(book: Book, collected: Collected, found: pd.DataFrame) -> Html:
    """Every clause with its result in each unit, the strongest words of the framework first."""
    listed = units(book)
    heads = found.drop_duplicates("clause").set_index("clause")[["what", "force", "source"]]
    tags = found.assign(shown=clause_tables.result_tags(book, found))
    wide = tags.pivot_table(index="clause", columns="unit", values="shown", aggfunc="first", sort=False)
    shown = heads.join(wide.reindex(columns=listed))
    order = shown["force"].map({force: place for place, force in enumerate(FORCES)})
    return table(
        shown.assign(
            asks=shown["what"] + " (" + shown["source"] + ")", strength=shown["force"].map(FORCES)
        ).loc[order.sort_values(kind="stable").index],
        title="Each clause tested, and its result in each unit",
        subtitle=f"{book.quarter.words}; a blank means that the clause is not asked of that unit. In brackets, the section",
        columns={
            "asks": "What the framework asks",
            **{
                unit: Column(unit, "tag", missing="not read" if unit in collected.missing else "")
                for unit in listed
            },
        },
        group="strength",
    )
