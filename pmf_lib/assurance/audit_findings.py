"""Findings in audit form: what the framework asks, what was found, on what evidence, what follows and who mends it.

Only a duty or a minimum requirement that is partly met or not met makes a finding. Good practice, examples and context
that have exceptions are listed as observations, never as findings; what could not be tested is neither.

Source: the parts of a finding (criterion, condition, consequence, cause or action) as auditors write them; the words of
consequence and action are this workbook's, declared for each test in ``parameters/schemes/embedding.yml``.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.maturity import ladder
from pmf_lib.assurance.maturity.rules import Basis, EmbeddingScheme
from pmf_lib.framework.model import Framework
from pmf_lib.records.cells import in_file

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
ROWS_SHOWN = POSTS_SHOWN = 3
NO_ROW = "No row: what is missing leaves none."
OF_REPORT = "report"
"""How the id of a section begins that stands in the report that came with the framework."""


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
    known = _told_of(exceptions)
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
    told = seen.loc[share.index].merge(_told_of(exceptions), on=["unit", "clause"], how="left")
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


def cites(framework: Framework) -> dict[str, str]:
    """Clause → the sections that it was read from and their document, in words."""
    return {clause.id: cite(framework, clause.sections) for clause in framework.clauses}


def cite(framework: Framework, sections: list[str]) -> str:
    """Sections as a reader finds them: the framework's own first, then those of the report that came with it."""
    whole = f"{framework.title} {framework.edition}".strip()
    own = [one for one in sections if not one.startswith(OF_REPORT)]
    others = [one.removeprefix(OF_REPORT).strip() for one in sections if one.startswith(OF_REPORT)]
    said = [f"{_sections(own)} of the {whole}"] if own else []
    return " and ".join([*said, *([f"{_sections(others)} of the report on the {whole}"] if others else [])])


def _sections(names: list[str]) -> str:
    """Sections as a sentence names them.

    >>> _sections(["3.2"]), _sections(["2.1", "3.2", "5 process 7"]), _sections(["title page"])
    ('section 3.2', 'sections 2.1, 3.2 and 5 (process 7)', 'the title page')
    """
    numbered = [_numbered(*name.partition(" ")) for name in names if name[0].isdigit()]
    bare = [f"the {name}" for name in names if not name[0].isdigit()]
    head = [f"section{'' if len(numbered) == 1 else 's'} {_and(numbered)}"] if numbered else []
    return _and([*head, *bare])


def _numbered(number: str, _: str, part: str) -> str:
    return f"{number} ({part})" if part else number


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


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


def _told_of(exceptions: pd.DataFrame) -> pd.DataFrame:
    """One row per unit and clause with exceptions: plainest, evidence, is_of_kind, owner, is_past (all, some or no)."""
    keys = ["unit", "clause"]
    if exceptions.empty:
        parts = ("plainest", "evidence", "is_of_kind", "owner", "is_past")
        return pd.DataFrame(columns=[*keys, *parts], dtype=object)
    plain = exceptions.assign(_length=exceptions["condition"].astype(str).str.len())
    plain = plain.sort_values("_length", kind="stable").drop_duplicates(keys)
    said = "“" + plain["subject"].astype(str) + "”: " + plain["condition"].astype(str)
    told = plain[keys].assign(plainest=said)
    made: dict[str, pd.Series] = {
        "evidence": _evidence(exceptions),
        "is_of_kind": (_row_is(exceptions) == "")
        .groupby([exceptions[key] for key in keys], sort=False)
        .any(),
        "owner": _owners(exceptions),
        "is_past": past(exceptions, keys),
    }
    for name, each in made.items():
        told = told.merge(each.rename(name).reset_index(), on=keys, how="left")
    return told


def past(exceptions: pd.DataFrame, keys: list[str]) -> pd.Series[str]:
    """By these columns, whether all, some or no exceptions lie in the past."""
    lies = exceptions["is_past"].astype(bool).groupby([exceptions[key] for key in keys], sort=False)
    return lies.any().map({True: "some", False: "no"}).mask(lies.all(), "all")


def _row_is(exceptions: pd.DataFrame) -> pd.Series[str]:
    """What each exception's row is, where it is of another thing than was looked for; else ''."""
    return (
        exceptions["row_is"].fillna("") if "row_is" in exceptions else exceptions["clause"].map(lambda _: "")
    )


def _evidence(exceptions: pd.DataFrame) -> pd.Series[str]:
    """Unit and clause → files and rows of the exceptions; last those of another thing, and what they are."""
    keys = ["unit", "clause"]
    rows = exceptions.assign(row_is=_row_is(exceptions)).sort_values("row_is", kind="stable")
    told = _rows_of(rows, [*keys, "row_is"]).rename("places").reset_index()
    said = told["places"].where(told["row_is"] == "", told["row_is"] + ": " + told["places"])
    return said.groupby([told[key] for key in keys], sort=False).agg(" ".join)


def _rows_of(exceptions: pd.DataFrame, keys: list[str]) -> pd.Series[str]:
    """By these columns files and rows of the exceptions: a few, and how many more."""
    rows = exceptions.assign(row=pd.to_numeric(exceptions["source_row"]).fillna(0).astype(int))
    rows = rows.assign(where=in_file(rows))[[*keys, "where", "row"]]
    bare = (rows["row"] == 0).groupby([rows[key] for key in keys], sort=False).sum()
    placed = rows[rows["row"] > 0].drop_duplicates()
    at = placed.groupby(keys, sort=False).cumcount()
    again = placed["where"] == placed.groupby(keys, sort=False)["where"].shift()
    named = "row " + placed["row"].astype(str)
    said = named.where(again, placed["where"] + ", " + named)[at < ROWS_SHOWN]
    shown = said.groupby([placed[key] for key in keys], sort=False).agg("; ".join)
    more = (placed.groupby(keys, sort=False).size() - ROWS_SHOWN).clip(lower=0)
    told = pd.DataFrame({"shown": shown, "more": more, "bare": bare}).fillna({"more": 0, "bare": 0})
    return pd.Series([_places(*row) for row in told.itertuples(index=False)], index=told.index, dtype=object)


def _places(shown: object, more: float, bare: float) -> str:
    """Places, how many more there are, and how many exceptions have no row.

    >>> _places("a.csv, row 2; row 3", 0, 0), _places("a.csv, row 2", 4, 1), _places(None, 0, 3)
    ('a.csv, row 2; row 3.', 'a.csv, row 2; 4 more rows; 1 exception has no row.', 'No row: what is missing leaves none.')
    """
    if not isinstance(shown, str):
        return NO_ROW
    parts = [
        shown,
        *([f"{int(more)} more {'row' if more == 1 else 'rows'}"] if more else []),
        *([f"{int(bare)} {'exception has' if bare == 1 else 'exceptions have'} no row"] if bare else []),
    ]
    return f"{'; '.join(parts)}."


def _owners(exceptions: pd.DataFrame) -> pd.Series[str]:
    """Unit and clause → the posts that own the exceptions, with counts where there are several."""
    owner = exceptions["owner"].fillna("").astype(str)
    post = owner.mask(owner == "", exceptions["answers"].fillna(""))
    counted = (
        exceptions[["unit", "clause", "subject"]]
        .assign(post=post, named=owner != "")
        .drop_duplicates()
        .groupby(["unit", "clause", "post", "named"], sort=False)
        .size()
        .rename("count")
        .reset_index()
        .sort_values("count", ascending=False, kind="stable")
    )
    groups = counted.groupby(["unit", "clause"], sort=False)
    index = pd.MultiIndex.from_tuples([key for key, _ in groups], names=["unit", "clause"])
    return pd.Series([_posts(rows) for _, rows in groups], index=index, dtype=object)


def _posts(rows: pd.DataFrame) -> str:
    """Posts of one finding, the one with most exceptions first; of a director, that no owner is named."""
    several = len(rows) > 1
    said = [
        _post(str(post), bool(named)) + (f" ({count})" if several else "")
        for post, named, count in zip(rows["post"], rows["named"], rows["count"], strict=True)
    ]
    more = len(said) - POSTS_SHOWN
    rest = [f"{more} more {'post' if more == 1 else 'posts'}"] if more > 0 else []
    return "; ".join([*said[:POSTS_SHOWN], *rest])


def _post(post: str, is_named: bool) -> str:
    """A post; one that answers because no owner is named says so.

    >>> _post("Head of Bins", True), _post("Director of Places", False), _post("", False)
    ('Head of Bins', 'Director of Places, since no owner is named', 'none named')
    """
    if is_named:
        return post
    return f"{post}, since no owner is named" if post else "none named"
