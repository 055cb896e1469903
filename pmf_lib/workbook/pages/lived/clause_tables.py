"""Tables of the framework's clauses: each clause, what was looked at, every exception."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.clauses import STANDINGS, UNTESTED, standing
from pmf_lib.assurance.maturity.ladder import with_facts
from pmf_lib.verdicts import Verdict
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.committee import caveats
from pmf_lib.workbook.pages.lived import answers
from pmf_lib.workbook.pages.lived.embedding import kind_words, share_of
from pmf_lib.workbook.pages.lived.untested import without_test
from pmf_lib.workbook.pages.shared import evidence
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import counted, day, plural, sentence


def who_answers(owners: pd.Series[str], directors: pd.Series[str] | str) -> pd.Series[str]:
    """The owner's post; where none is named, that none is, and the director who answers for the unit.

    >>> who_answers(pd.Series(["Head of Bins", ""]), "Director of Places").tolist()
    ['Head of Bins', 'none named; the Director of Places answers']
    """
    posts = pd.Series(directors, index=owners.index, dtype=object).fillna("")
    the = posts.str.startswith("the ").map({True: "", False: "the "})
    said = ("none named; " + the + posts + " answers").where(posts != "", "none named")
    return owners.where(owners != "", said)


def each_clause(book: Book, clauses: pd.DataFrame) -> Html:
    """Every clause asked of the unit, with its result, what it rests on and what it shows."""
    return table(
        _by_group(book, clauses),
        title=_in_order(clauses),
        subtitle=f"Clauses of the framework that are asked of this unit and have a test, {book.quarter.words}. In brackets, "
        "the section",
        columns={
            "asks": "What the framework asks",
            "force": "Force",
            "shown": Column("Result", "tag"),
            "why": "Why",
            "rests": "Rests on",
            "rows": Column("Rows of arrangements looked at", missing="none"),
            "level": Column("Shows", "tag", verdict="embedding"),
        },
        group="part",
        empty="No clause of this framework that is asked of a directorate has a test.",
    )


def _by_group(book: Book, clauses: pd.DataFrame) -> pd.DataFrame:
    """The clauses group by group, with part (the group), asks, shown, rests and rows as a page says them."""
    places = {group: place for place, group in enumerate(dict.fromkeys(clauses["group"]))}
    shown = clauses.assign(
        rests=kind_words(book, clauses["rests_on"]),
        rows=rows_seen(clauses),
        part=clauses["group"].map(sentence),
        asks=clauses["what"] + " (" + clauses["source"] + ")",
        shown=result_tags(book, clauses),
    )
    return shown.sort_values("group", key=lambda groups: groups.map(places), kind="stable")


def rows_seen(clauses: pd.DataFrame) -> pd.Series[str]:
    """How many rows a test looked at, those that met it too, and the day of the newest; empty where it looked at none.

    >>> seen = pd.DataFrame(
    ...     {"rows_n": [2, 1, 0], "newest_on": pd.to_datetime(["2024-11-08", "2024-04-01", None])}
    ... )
    >>> rows_seen(seen).tolist()
    ['2, the newest of 8 November 2024', '1, of 1 April 2024', '']
    """
    told = with_facts(clauses)
    said = [
        f"{rows:,}, {'the newest ' if rows > 1 else ''}of {day(newest)}" if rows else ""
        for rows, newest in zip(told["rows_n"], told["newest_on"], strict=True)
    ]
    return pd.Series(said, clauses.index, dtype="str")


def _in_order(clauses: pd.DataFrame) -> str:
    """How many duties are not fully met, and of how many other clauses exceptions were observed."""
    duties = clauses[clauses["is_duty"] & ~clauses["result"].isin(UNTESTED)]
    failed = int(duties["result"].isin(["not_met", "partly"]).sum())
    none = "No duty that could be tested is failed" if len(duties) else "No duty could be tested here"
    seen = int(((clauses["result"] == "observation") & (clauses["failed"] > 0)).sum())
    head = (
        f"{share_of(failed, len(duties), 'tested duty', 'tested duties')} {plural(failed, 'is', 'are')} not fully met"
        if failed
        else none
    )
    others = counted(seen, "clause that is only observed", "clauses that are only observed", in_words=True)
    return f"{head}; {others} {plural(seen, 'has', 'have')} exceptions" if seen else head


def result_tags(book: Book, found: pd.DataFrame) -> pd.Series[Any]:
    """The verdict on each clause; an observation says how many exceptions it found, since it can't be failed."""
    tags = {code: book.schemes.verdicts.get("clause", code) for code in found["result"].unique()}
    shown = [
        _counting(tags[code], failed) if code == "observation" else tags[code]
        for code, failed in zip(found["result"], found["failed"], strict=True)
    ]
    return pd.Series(shown, index=found.index, dtype=object)


def _counting(verdict: Verdict, failed: int) -> Verdict:
    return verdict.model_copy(
        update={"word": f"{verdict.word}: {counted(failed, 'exception', in_words=True)}"}
    )


COVERED = {
    "written_n": "Written down",
    **{code: sentence(words) for code, words in STANDINGS.items()},
    "asked_n": "Asked here, with a test",
    "tested_n": "Tested here",
}
"""Count → its head in the table of how much of the framework was looked at."""


def coverage(book: Book, clauses: pd.DataFrame) -> Html:
    """How much of the framework was looked at: clauses written down, how each can be answered, asked of this unit, tested."""
    shown = _covered(book, clauses)
    tested = int(shown["tested_n"].sum())
    total = pd.DataFrame([{"group": "all", **shown.drop(columns="group").sum().to_dict()}])
    return blocks(
        table(
            pd.concat([shown, total]).assign(name=lambda rows: rows["group"].map(sentence)),
            title=f"{share_of(tested, len(book.framework.clauses), 'clause')} could be tested here",
            subtitle="Number of clauses by group. Those that are not asked of a directorate are asked of the council as a "
            "whole, and are tested in the report to the Audit Committee",
            columns={
                "name": "Group of clauses",
                **{name: Column(head, "number", decimals=0) for name, head in COVERED.items()},
            },
            totals=1,
        ),
        beyond(book),
    )


def _covered(book: Book, clauses: pd.DataFrame) -> pd.DataFrame:
    """One row per group of clauses: group and the counts of `COVERED`."""
    written = pd.DataFrame(
        [{"group": one.group_words, "standing": standing(one)} for one in book.framework.clauses]
    )
    by_standing = pd.crosstab(written["group"], written["standing"]).reindex(
        columns=list(STANDINGS), fill_value=0
    )
    counts = written.groupby("group", sort=False).agg(written_n=("standing", "size")).join(by_standing)
    here = clauses.assign(tested_n=~clauses["result"].isin(UNTESTED)).groupby("group")["tested_n"]
    return counts.join(here.agg(asked_n="size", tested_n="sum")).fillna(0).astype(int).reset_index()


def beyond(book: Book) -> Html:
    """What becomes of the clauses that no test answers, and which tables nobody sent, so that tests of them tell nothing."""
    said = f"Without a test: {without_test(book.framework.clauses)}. None of these is taken for a pass."
    claimed = "What only a person can tell of is claimed with its group; a claim stands beside the records and is no evidence."
    return paragraphs(f"{said} {claimed}", *caveats.unsent(book))


def exceptions_in_full(book: Book, found: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """Every exception with its row, of one unit, or of several where the frame names them."""
    tested = ~clauses["result"].isin(UNTESTED).all()
    shown = clauses[["clause", "what"]].merge(found, on="clause")
    shown = shown.assign(
        place=evidence.place_of(shown),
        owner=who_answers(shown["owner"], answers.posts(book, shown)),
    )
    return table(
        shown,
        title=f"{sentence(counted(len(shown), 'exception', in_words=True))} to what the framework asks",
        subtitle="One row per subject that failed a test, and where it stands in the records, where a row came",
        columns={
            "subject": "Subject",
            "condition": "What was found",
            **({"unit": "Unit"} if "unit" in shown else {}),
            "owner": "Owner",
            "place": Column("Where it is recorded", missing="no row"),
        },
        group="what",
        empty="No test found an exception."
        if tested
        else "Nothing could be tested, so no exception could be found.",
    )
