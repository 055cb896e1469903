"""From clauses and evidence to results: which of the framework's own duties are met, for a unit, at a date.

Only clauses that have a test come to a result. A clause whose test is still to come, one that only a person can tell of,
and one that only informs are counted by their `standing`, never listed as results and never taken for a pass.

Only a duty or a minimum can end as *met* or *not met*; good practice, examples and context give observations. Where a
test finds nothing that it applies to, the result is *no evidence*: nothing known is never a pass. What is asked only on an occasion
is *not applicable* where the records show that none arose, which is no pass either. What a unit does in another way by a recorded
decision is a *declared variation*, and not judged. What the framework asks
by a day that has not gone by is *not yet due*. On published figures the council's own
records were not seen: what they can show is an observation, and of the rest there is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import pandas as pd
from pydantic import Field

from pmf_lib.assurance import variations
from pmf_lib.assurance.checks import SEEN_FROM_OUTSIDE, TESTS, parameters
from pmf_lib.assurance.evidence import EXCEPTION_COLUMNS, Answer, Evidence, NotSentError, exceptions
from pmf_lib.assurance.maturity import ladder
from pmf_lib.errors import PolicyError, unknown
from pmf_lib.framework.clauses import CHECKED, Clause
from pmf_lib.framework.parts import Text
from pmf_lib.periods import date_words
from pmf_lib.policy import Policy

BINDING = ("duty", "minimum")
UNTESTED = ("no_evidence", "not_due", "not_applicable", "varied")
"""Results of what nothing was tested on."""
WITHOUT: Mapping[str, str] = MappingProxyType(
    {"varied": "varied", "due": "not_due", "idle": "not_applicable"}
)
"""What an answer says of itself where nothing was tested → the result."""
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
    "group_id",
    "side",
    "period",
    *ladder.FACTS,
)


STANDINGS = {
    "has_test": "with a test",
    "awaits_test": "awaiting a test",
    "needs_person": "for a person to tell",
    "informs": "for information",
}
"""How a clause can be answered today, in the order of pages."""
ASKED_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"directorate": ("directorate", "service", "board"), "council": ("council",)}
)
"""Clauses of which units are answered in a directorate's papers, and in the council's."""


BodyName = Literal[
    "full-council",
    "cabinet",
    "audit-committee",
    "scrutiny",
    "cmt",
    "strategic-board",
    "directorate-board",
    "service-meeting",
    "portfolio-meeting",
    "partnership",
]


class AwaitedTest(Policy):
    """A test that clauses name and that is still to come."""

    asks: Text
    """What must hold, in one line."""
    reads: tuple[Text, ...] = Field(min_length=1)
    """Tables and columns."""
    population: Text
    exception: Text
    parameters: dict[str, Text] = Field(default_factory=dict)
    """What a clause may tell it, each with its meaning."""


class ClauseScheme(Policy):
    """``parameters/schemes/clauses.yml``: how many exceptions a clause bears, and which tests are still to come."""

    dated: date
    source: str
    partly_up_to_pct: float
    """With exceptions in at most this share of the subjects, a clause is partly met; beyond it, not met."""
    varied_by: tuple[BodyName, ...] = ()
    """Bodies whose recorded decision lets a unit do what a clause asks in another way."""
    awaited: dict[str, AwaitedTest] = Field(default_factory=dict)


def standing(clause: Clause) -> str:
    """How the clause can be answered today: one of `STANDINGS`."""
    if clause.how in CHECKED:
        return "has_test" if clause.check in TESTS else "awaits_test"
    return "needs_person" if clause.how == "attestation" else "informs"


def asked_in(clauses: Iterable[Clause], level: str) -> list[Clause]:
    """Clauses that the papers of a unit of this level (directorate or council) answer."""
    return [clause for clause in clauses if clause.unit in ASKED_IN[level]]


def check_named(clauses: Iterable[Clause], scheme: ClauseScheme) -> None:
    """Every test and parameter that these clauses name is known.

    Raises
    ------
    PolicyError
        A clause names a test that is neither there nor awaited, or tells it what it does not take.
    """
    taken: dict[str, Mapping[str, object]] = {name: parameters(name) for name in TESTS}
    taken |= {name: test.parameters for name, test in scheme.awaited.items()}
    for clause in (one for one in clauses if one.check):
        if clause.check not in taken:
            raise PolicyError(
                f"{clause.file}: " + unknown(f"test (clause '{clause.id}')", clause.check, taken)
            )
        for key in clause.parameters:
            if key not in taken[clause.check]:
                what = f"parameter of the test '{clause.check}' (clause '{clause.id}')"
                raise PolicyError(f"{clause.file}: " + unknown(what, key, taken[clause.check]))
        _check_told(clause)


def _check_told(clause: Clause) -> None:
    """A test is told all that it must be told."""
    must = parameters(clause.check) if clause.check in TESTS else {}
    for key in (name for name, is_needed in must.items() if is_needed and name not in clause.parameters):
        raise PolicyError(
            f"{clause.file}: clause '{clause.id}' doesn't tell its test '{clause.check}' the parameter '{key}'. Write it "
            "under 'parameters'."
        )


def results(
    clauses: Iterable[Clause], evidence: Evidence, scheme: ClauseScheme
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and exceptions for one unit of those of these clauses that have a test.

    Returns
    -------
    results
        One row per clause: clause, group (in words), what, force, source, test, result (a clause verdict), population (subjects
        tested), failed (subjects with an exception), why (a sentence), group_id (as attestations name the group), side
        (enabler or outcome), period (how often it is asked), and what the rows looked at say of themselves
        (`pmf_lib.assurance.maturity.ladder.facts`).
    exceptions
        One row per exception: clause, subject, condition, owner, source_file, source_sheet, source_row, is_past (it can't be made good).

    Raises
    ------
    PolicyError
        A clause names a test that is neither there nor awaited, or tells it what it doesn't know.
    """
    clauses = list(clauses)
    check_named(clauses, scheme)
    tested = [clause for clause in clauses if standing(clause) == "has_test"]
    varied = variations.declared(evidence, scheme.varied_by)
    answered = [
        (clause, _or_varied(_answer(clause, evidence), varied.get(clause.id, ""))) for clause in tested
    ]
    rows = [_row(clause, answer, evidence, scheme) for clause, answer in answered]
    failed = [answer.exceptions.assign(clause=clause.id) for clause, answer in answered if answer.failed]
    columns = ["clause", *EXCEPTION_COLUMNS]
    found = (
        pd.concat(failed, ignore_index=True)[columns]
        if failed
        else pd.DataFrame(columns=columns, dtype=object)
    )
    return _frame(rows), found


def no_results() -> pd.DataFrame:
    """No clause asked: the columns of results without a row."""
    return _frame([])


def _frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=list(RESULT_COLUMNS))
    return made.astype({"newest_on": "datetime64[us]", "age_months": "float64"})


def result(force: str, answer: Answer, scheme: ClauseScheme, *, is_own: bool = True) -> str:
    """The verdict on a clause of this force, given what its test found, on own records or on published figures."""
    if answer.population == 0:
        return next((code for field, code in WITHOUT.items() if getattr(answer, field)), "no_evidence")
    if not is_own or force not in BINDING:
        return "observation"
    if answer.failed == 0:
        return "met"
    return "partly" if 100 * answer.failed <= scheme.partly_up_to_pct * answer.population else "not_met"


def _answer(clause: Clause, evidence: Evidence) -> Answer:
    if not evidence.is_own and clause.check not in SEEN_FROM_OUTSIDE:
        return Answer(0, exceptions(pd.DataFrame(), ""))
    try:
        return TESTS[clause.check](evidence, **clause.parameters)
    except NotSentError as table:
        return Answer(0, exceptions(pd.DataFrame(), ""), unknown=str(table))
    except PolicyError as error:
        raise PolicyError(f"{clause.file}: clause '{clause.id}': {error}") from None


def _or_varied(answer: Answer, decision: str) -> Answer:
    """The same answer; where something is amiss or nothing is known, and a decision varies the clause, that it is varied.

    A clause that is met in spite of its variation stays met. What was not in order is said with the decision.
    """
    is_bare = answer.population == 0 and not (answer.due or answer.idle)
    if not decision or not (answer.failed or is_bare):
        return answer
    found = (
        f" Without it: not in order, {answer.failed:,} of {answer.population:,} tested."
        if answer.failed
        else ""
    )
    return Answer(0, exceptions(pd.DataFrame(), ""), varied=f"{decision}{found}")


def _row(clause: Clause, answer: Answer, evidence: Evidence, scheme: ClauseScheme) -> tuple[object, ...]:
    verdict = result(clause.force, answer, scheme, is_own=evidence.is_own)
    head = (clause.id, clause.group_words, clause.what, clause.force, clause.source, clause.check)
    tail = (clause.group, clause.side, clause.period, *ladder.facts(answer.rows, evidence.as_at).values())
    return (*head, verdict, answer.population, answer.failed, _why(answer, evidence), *tail)


def _why(answer: Answer, evidence: Evidence) -> str:
    if answer.population == 0:
        return _why_untested(answer, evidence)
    if answer.failed == 0:
        return (
            f"All {answer.population:,} tested are in order."
            if answer.population > 1
            else "Tested and in order."
        )
    return f"Not in order: {answer.failed:,} of {answer.population:,} tested."


def _why_untested(answer: Answer, evidence: Evidence) -> str:
    """Why nothing was tested; the first that holds."""
    if answer.varied:
        return answer.varied
    if answer.due:
        return f"It is asked by {date_words(answer.due)}, which has not gone by."
    if answer.idle:
        return f"Nothing arose: {answer.idle}."
    if not evidence.is_own:
        return "Published figures do not show this; the council's own records were not seen."
    if answer.unknown:
        return f"Nobody sent the table of {answer.unknown}, so nothing is known of it."
    return "The records hold nothing that this could be tested on."
