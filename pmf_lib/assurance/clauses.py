"""From clauses and evidence to results: which of the framework's own duties are met, for a unit, at a date.

Only a duty or a minimum can end as *met* or *not met*; good practice, examples and context give observations. Where a
test finds nothing that it applies to, the result is *no evidence*: nothing known is never a pass. What the framework asks
by a day that has not gone by is *not yet due*. On published figures the council's own
records were not seen: what they can show is an observation, and of the rest there is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from pmf_lib.assurance.arrangements import SEEN_FROM_OUTSIDE, TESTS
from pmf_lib.assurance.evidence import EXCEPTION_COLUMNS, Answer, Evidence, exceptions
from pmf_lib.errors import PolicyError, unknown
from pmf_lib.framework.parts import Clause
from pmf_lib.periods import date_words
from pmf_lib.policy import Policy

BINDING = ("duty", "minimum")
UNTESTED = ("no_evidence", "not_due")
"""Results of what nothing was tested on."""
RESULT_COLUMNS = (
    "clause",
    "group",
    "what",
    "force",
    "source",
    "test",
    "result",
    "population",
    "failed",
    "why",
)


class ClauseScheme(Policy):
    """``parameters/schemes/clauses.yml``: how many exceptions a clause bears."""

    dated: date
    source: str
    partly_up_to_pct: float
    """With exceptions in at most this share of the subjects, a clause is partly met; beyond it, not met."""


def results(
    clauses: Iterable[Clause], evidence: Evidence, scheme: ClauseScheme
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and exceptions of these clauses for one unit.

    Returns
    -------
    results
        One row per clause: clause, group, what, force, source, test, result (a clause verdict), population (subjects
        tested), failed (subjects with an exception), why (a sentence).
    exceptions
        One row per exception: clause, subject, condition, owner, source_file, source_row.

    Raises
    ------
    PolicyError
        A clause names a test that is not there.
    """
    answered = [(clause, _answer(clause, evidence)) for clause in clauses]
    rows = [_row(clause, answer, evidence, scheme) for clause, answer in answered]
    failed = [answer.exceptions.assign(clause=clause.id) for clause, answer in answered if answer.failed]
    columns = ["clause", *EXCEPTION_COLUMNS]
    found = (
        pd.concat(failed, ignore_index=True)[columns]
        if failed
        else pd.DataFrame(columns=columns, dtype=object)
    )
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS)), found


def result(force: str, answer: Answer, scheme: ClauseScheme, *, is_own: bool = True) -> str:
    """The verdict on a clause of this force, given what its test found, on own records or on published figures."""
    if answer.population == 0:
        return "not_due" if answer.due else "no_evidence"
    if not is_own or force not in BINDING:
        return "observation"
    if answer.failed == 0:
        return "met"
    return "partly" if 100 * answer.failed <= scheme.partly_up_to_pct * answer.population else "not_met"


def _answer(clause: Clause, evidence: Evidence) -> Answer:
    if clause.check not in TESTS:
        raise PolicyError(unknown(f"test (clause '{clause.id}')", clause.check, TESTS))
    if not evidence.is_own and clause.check not in SEEN_FROM_OUTSIDE:
        return Answer(0, exceptions(pd.DataFrame(), ""))
    return TESTS[clause.check](evidence)


def _row(clause: Clause, answer: Answer, evidence: Evidence, scheme: ClauseScheme) -> tuple[object, ...]:
    verdict = result(clause.force, answer, scheme, is_own=evidence.is_own)
    head = (clause.id, clause.group, clause.what, clause.force, clause.source, clause.check)
    return (*head, verdict, answer.population, answer.failed, _why(answer, evidence))


def _why(answer: Answer, evidence: Evidence) -> str:
    if answer.due:
        return f"It is asked by {date_words(answer.due)}, which has not gone by."
    if answer.population == 0 and not evidence.is_own:
        return "Published figures do not show this; the council's own records were not seen."
    if answer.population == 0:
        return "The records hold nothing that this could be tested on."
    if answer.failed == 0:
        return (
            f"All {answer.population:,} tested are in order."
            if answer.population > 1
            else "Tested and in order."
        )
    return f"Not in order: {answer.failed:,} of {answer.population:,} tested."
