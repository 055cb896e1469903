"""Findings in audit form: what the framework asks, what was found, on what evidence, what follows and who mends it.

Only a duty or a minimum requirement that is partly met or not met makes a finding. Good practice, examples and context
that have exceptions are listed as observations, never as findings; what could not be tested is neither.

Source: the parts of a finding (criterion, condition, consequence, cause or action) as auditors write them; the words of
consequence and action are this workbook's, declared for each test in ``parameters/schemes/embedding.yml``.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance import finding_evidence
from pmf_lib.assurance.citations import cites
from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.maturity import ladder
from pmf_lib.assurance.maturity.rules import Basis, EmbeddingScheme
from pmf_lib.framework.model import Framework

FAILED = ("not_met", "partly")
"""Results that make a finding of a duty, the worst first."""
FINDING_COLUMNS = (
    "unit",
    "clause",
    "criterion",
    "cite",
    "force",
    "result",
    "rests_on",
    "failed",
    "population",
    "of",
    "condition",
    "evidence",
    "is_of_kind",
    "consequence",
    "action",
    "owner",
    "by",
)
OBSERVATION_COLUMNS = ("unit", "clause", "criterion", "cite", "force", "failed", "population", "condition")


def findings(
    clauses: pd.DataFrame,
    exceptions: pd.DataFrame,
    *,
    framework: Framework,
    scheme: EmbeddingScheme,
    by: date,
) -> pd.DataFrame:
    """The findings, the worst first.

    Parameters
    ----------
    clauses
        One row per unit and clause, as from `pmf_lib.assurance.maturity.embedding.by_clause`, with the unit's name in `unit`.
    exceptions
        One row per exception: unit, clause, subject, condition, owner, answers (the post that answers where no owner is
        named; empty: none), source_file, source_sheet, source_row, is_past.
    framework
        Whose sections and document a criterion is cited by.
    scheme
        What follows from exceptions to a test, what it counts, and how they are mended.
    by
        The day by which something is asked.

    Returns
    -------
    DataFrame
        One row per unit and duty that is partly met or not met: unit, clause, criterion (what the framework asks), cite (section
        and document), force, result (a clause verdict), rests_on (code of a kind of evidence), failed and population
        (subjects with an exception, and tested), of (what these are, several of them), condition (sentences, with the
        plainest exception named), evidence (files and rows), is_of_kind (False where these rows are all of another
        thing, since the thing itself is missing), consequence, action (of exceptions that can be mended, and of
        those that lie in the past), owner (posts), by.

    Raises
    ------
    PolicyError
        The scheme does not know a test.
    """
    failed = clauses[clauses["force"].isin(BINDING) & clauses["result"].isin(FAILED)]
    ordered = worst_first(failed, scheme)
    known = finding_evidence.by_clause(exceptions)
    told = ordered.merge(known, on=["unit", "clause"], how="left").assign(
        cite=ordered["clause"].map(cites(framework)).to_numpy(),
        consequence=[_stopped(scheme.basis(test).matters) for test in ordered["test"]],
        by=pd.Timestamp(by),
        of=nouns(ordered, framework, scheme),
        is_of_kind=lambda rows: rows["is_of_kind"].astype("object").fillna(True).astype(bool),
    )
    times = zip(told["test"], told["is_past"], strict=True)
    acted = told.assign(action=[_action(scheme.basis(test), past) for test, past in times])
    return _with_condition(acted)[list(FINDING_COLUMNS)]


def observations(
    clauses: pd.DataFrame, exceptions: pd.DataFrame, framework: Framework, scheme: EmbeddingScheme
) -> pd.DataFrame:
    """Clauses of which exceptions were observed, though nothing binds anybody to them (or figures alone were seen).

    Parameters
    ----------
    clauses, exceptions, framework, scheme
        As for `findings`.

    Returns
    -------
    DataFrame
        One row per unit and clause, those with the larger share of exceptions first: unit, clause, criterion, cite, force,
        failed, population, condition.
    """
    seen = clauses[(clauses["result"] == "observation") & (clauses["failed"] > 0)]
    share = (seen["failed"] / seen["population"].clip(lower=1)).sort_values(ascending=False, kind="stable")
    told = seen.loc[share.index].merge(
        finding_evidence.by_clause(exceptions), on=["unit", "clause"], how="left"
    )
    cited = told.assign(cite=told["clause"].map(cites(framework)), of=nouns(told, framework, scheme))
    return _with_condition(cited)[list(OBSERVATION_COLUMNS)]


def nouns(clauses: pd.DataFrame, framework: Framework, scheme: EmbeddingScheme) -> list[str]:
    """What each clause's test counts, several of them, in the framework's words; empty where the scheme names none."""
    return [scheme.basis(test).of.format(nodes=framework.markers_word) for test in clauses["test"]]


def share(failed: int, population: int, noun: str = "") -> str:
    """Of how many of what is asked it is not so.

    >>> share(2, 1200, "rows"), share(1, 1, "editions"), share(3, 7)
    ('2 of 1,200 rows', 'the only one tested', '3 of 7')
    """
    return "the only one tested" if population == 1 else f"{failed:,} of {population:,} {noun}".rstrip()


def worst_first(failed: pd.DataFrame, scheme: EmbeddingScheme) -> pd.DataFrame:
    """Not met before partly met; then the larger share of exceptions; then what rests on the weakest evidence.

    `failed` are clauses of one unit or more that are not fully met, with `rests_on` or what that is told by.
    """
    kinds = {} if "rests_on" in failed else {"rests_on": ladder.rests_on(failed, scheme)["rests_on"]}
    ranked = failed.assign(**kinds).assign(
        _rank=failed["result"].map({result: place for place, result in enumerate(FAILED)}),
        _share=failed["failed"] / failed["population"].clip(lower=1),
        _weak=lambda rows: rows["rests_on"].map(scheme.codes.index),
    )
    ordered = ranked.sort_values(["_rank", "_share", "_weak"], ascending=[True, False, False], kind="stable")
    return ordered.drop(columns=["_rank", "_share", "_weak"]).reset_index(drop=True)


def _with_condition(told: pd.DataFrame) -> pd.DataFrame:
    """The criterion, and the condition: how many of how many, and the plainest exception."""
    cases = zip(told["failed"], told["population"], told["of"], told["plainest"].fillna(""), strict=True)
    return told.assign(criterion=told["what"], condition=[_condition(*case) for case in cases])


def _condition(failed: int, population: int, noun: str, plainest: str) -> str:
    """How many of how many, then one of them.

    >>> (
    ...     _condition(1, 27, "plans", "“Parks”: It leads nowhere."),
    ...     _condition(2, 9, "", "“Parks”: It leads nowhere."),
    ... )
    ('Not so for 1 of 27 plans. “Parks”: It leads nowhere.', 'Not so for 2 of 9. One of them, “Parks”: It leads nowhere.')
    """
    head = f"Not so for {share(failed, population, noun)}."
    return " ".join([head, *([f"{'One of them, ' if failed > 1 else ''}{plainest}"] if plainest else [])])


def _stopped(words: str) -> str:
    return f"{words}." if words else ""


def _action(basis: Basis, is_past: object) -> str:
    """What is asked: of exceptions that can be mended, of those that lie in the past, or of both.

    >>> late = Basis(rests_on="x", mend="Do it", mend_past="Ask why it was late")
    >>> _action(late, "no"), _action(late, "all"), _action(late, "some")
    ('Do it.', 'Ask why it was late.', 'Do it. Of what was late: ask why it was late.')
    """
    said, past = basis.asks(is_past=False), basis.asks(is_past=True)
    if is_past == "some" and past != said:
        return f"{said} Of what was late: {past[0].lower()}{past[1:]}"
    return past if is_past == "all" else said
