"""Words of page 7: its headline, how much was looked at, what is weak, and the questions worth putting."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance import finding_evidence
from pmf_lib.assurance.audit_findings import FAILED
from pmf_lib.assurance.clauses import BINDING, UNTESTED
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived.embedding import share_of, varied_words
from pmf_lib.workbook.pieces.words import count_word, counted, out_of, plural, sentence

ASKS = {
    "no": "{}: who will see to it, and by when?",
    "some": "{}: who will see to what can still be mended, and by when?",
    "all": "{}: how did it come about, and what keeps it from happening again?",
}
"""What is asked where no, some or all exceptions lie in the past."""
RESULTS = {"not_met": "not met", "partly": "partly met"}
"""What is said of a duty that failed."""


def headline(book: Book, clauses: pd.DataFrame) -> str:
    """How many of the duties tested are not fully met, and how many of these fail in at least one unit."""
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
        f"None of {counted(len(duties), 'tested duty', 'tested duties', in_words=True)} is fully met"
        if failed == len(duties) > 1
        else f"{out_of(failed, len(duties), 'tested duty', 'tested duties')} {plural(failed, 'is', 'are')} not fully met"
    )
    grave = (
        f"{count_word(bad)} {plural(bad, 'fails', 'fail')} in at least one unit"
        if bad
        else "none fails outright"
    )
    return f"{head}; {grave}"


def looked_at(clauses: pd.DataFrame) -> str:
    """How many of the clauses with a test could be tested, and how many are not yet due, had no occasion or are varied."""
    results = clauses["result"]
    tested = int((~results.isin(UNTESTED)).sum())
    later, idle, varied = (int((results == code).sum()) for code in ("not_due", "not_applicable", "varied"))
    head = f"{share_of(tested, len(clauses), 'clause with a test', 'clauses with a test')} could be tested"
    due = f"; {count_word(later)} {plural(later, 'is', 'are')} not yet due" if later else ""
    arose = f"; for {count_word(idle)} nothing arose in any unit" if idle else ""
    other = f"; {varied_words(varied)} in some unit" if varied else ""
    return f"{head}{due}{arose}{other}."


def weakest_title(count: int) -> str:
    """How many arrangements are not fully met."""
    if not count:
        return "No arrangement was found weak"
    weak = sentence(counted(count, "arrangement", in_words=True))
    return f"{weak} {plural(count, 'is', 'are')} not fully met"


def none_weak(clauses: pd.DataFrame) -> str:
    """Why no arrangement is called weak: all that were tested are in order, or no duty could be tested."""
    duties = clauses[clauses["force"].isin(BINDING)]
    tested = duties["result"].isin(["met", *FAILED]).any()
    said = (
        "Every duty that could be tested is met." if tested else "No duty could be tested, so none can fail."
    )
    return f"{said} What could not be tested is listed further down."


def question(cases: pd.DataFrame) -> str:
    """What is asked of a failure in one unit: by its first exception, and how many more; of what is past, how it came about.

    >>> question(pd.DataFrame({"clause": "x", "subject": ["Bins", "Calls"], "is_past": False}))
    '“Bins” and one more: who will see to it, and by when?'
    """
    when = finding_evidence.past(cases, ["clause"]).iloc[0]
    more = cases["subject"].nunique() - 1
    return ASKS[when].format(f"“{cases['subject'].iloc[0]}”{f' and {count_word(more)} more' if more else ''}")
