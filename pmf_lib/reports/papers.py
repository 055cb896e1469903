"""The facts of an issued paper, as its pages show them: status, posts, ratings, factual-accuracy checks, management's responses.

Nothing else of a page is touched: an issued page and its draft differ in the paper's facts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from pmf_lib.decisions import AGREED, Check, Response
from pmf_lib.periods import date_words
from pmf_lib.reports import paper_ratings
from pmf_lib.store.issued import Paper
from pmf_lib.workbook.pieces.markup import Html, blocks, paragraphs, summary_list
from pmf_lib.workbook.pieces.tables import Columns, table
from pmf_lib.workbook.pieces.words import count_word, counted, out_of, plural

COUNCIL = "council"
PLACE, TITLE = "agreed", "How this paper was agreed"
CHECKS: Columns = {
    "unit": "Directorate",
    "answer": "Are the facts right?",
    "by": "Said by",
    "dated": "On",
    "note": "Note",
}
RESPONSES: Columns = {
    "unit": "Unit",
    "about": "About",
    "answer": "Answer",
    "action": "What will be done",
    "by": "By whom",
    "due": "By when",
    "note": "Note",
}


@dataclass(frozen=True)
class Names:
    """What pages call units, and what a response is about."""

    unit: Callable[[str], str]
    about: Mapping[str, str]


def facts(
    paper: Paper, unit: str, names: Names, proposed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """What an issued page of this unit says of the paper; the council's own pages speak of every directorate.

    `proposed`: unit → the assurance rating that the page proposes for it, where it does.
    """
    mine = [one for one in paper.checks if unit in (COUNCIL, one.directorate)]
    without = {name: why for name, why in paper.issue.without_check.items() if unit in (COUNCIL, name)}
    answers = [one for one in paper.responses if unit in (COUNCIL, one.unit)]
    unchecked = {
        "answer": "Not agreed: the paper was issued without it",
        "by": paper.issue.confirmer,
        "dated": date_words(paper.issue.dated),
    }
    return {
        "paper_status": f"Issued v{paper.version} on {date_words(paper.issue.dated)}",
        "rating_said": paper_ratings.headline(paper, proposed),
        "paper": {
            "posts": posts(paper),
            "checks": [_check(one, names) for one in mine]
            + [{"unit": names.unit(name), **unchecked, "note": why} for name, why in without.items()],
            "responses": [_response(one, names) for one in answers],
            "ratings": paper_ratings.facts(paper, proposed, names.unit),
        },
    }


def superseded(paper: Paper, later: Paper) -> dict[str, Any]:
    """What changes on a page once a later version was issued."""
    said = f"Version {later.version} was issued on {date_words(later.issue.dated)}; read that one."
    return {
        "paper_status": f"Superseded by v{later.version} (was v{paper.version})",
        "banners": [{"kind": "paper-superseded", "text": said}],
    }


def posts(paper: Paper) -> dict[str, str]:
    """Who prepared, reviewed and confirmed the paper, and when it was issued."""
    issue = paper.issue
    told = {
        "Issued": f"version {issue.version}, {date_words(issue.dated)}",
        "Prepared by": issue.preparer,
        "Reviewed by": issue.reviewer,
        "Confirmed by": issue.confirmer,
        "Note": issue.note,
    }
    return {name: value for name, value in told.items() if value}


def agreed(paper: Mapping[str, Any]) -> Html:
    """The section at the end of an issued page: posts, ratings, factual-accuracy checks and management's responses."""
    checks, answers = (
        _frame(paper[name], columns) for name, columns in (("checks", CHECKS), ("responses", RESPONSES))
    )
    return blocks(
        Html(f'<h2 id="{PLACE}">{TITLE}</h2>', TITLE),
        summary_list(paper["posts"]),
        paper_ratings.shown(paper.get("ratings", [])),
        _checks(checks),
        _responses(answers),
    )


def _check(one: Check, names: Names) -> dict[str, str]:
    answer = "Agreed" if one.answer == AGREED else "Corrections wanted"
    return {
        "unit": names.unit(one.directorate),
        "answer": answer,
        "by": one.by,
        "dated": date_words(one.dated),
        "note": one.note,
    }


def _response(one: Response, names: Names) -> dict[str, str]:
    return {
        "unit": names.unit(one.unit),
        "about": names.about.get(one.about, one.about),
        "answer": one.answer.capitalize(),
        "action": one.action,
        "by": one.by,
        "due": date_words(one.due) if one.due else "",
        "note": one.note,
    }


def _frame(rows: list[dict[str, str]], columns: Columns) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns), dtype="str")


def _checks(checks: pd.DataFrame) -> Html:
    told, asked = int((checks["answer"] == "Agreed").sum()), int(checks["unit"].nunique())
    if checks.empty:
        return paragraphs("No directorate was asked whether the facts are right.")
    title = f"{_share(told, asked)} {plural(told, 'agrees', 'agree')} that the facts are right"
    return table(checks.sort_values("unit", kind="stable"), title=title, columns=CHECKS)


def _share(told: int, asked: int) -> str:
    """How many directorates of how many; all of them said plainly.

    >>> _share(3, 4), _share(4, 4), _share(2, 2), _share(1, 1)
    ('Three of four directorates', 'All four directorates', 'Both directorates', 'The one directorate')
    """
    every = {1: "The one directorate", 2: "Both directorates"}
    return (
        every.get(asked, f"All {count_word(asked)} directorates")
        if told == asked
        else out_of(told, asked, "directorate")
    )


def _responses(answers: pd.DataFrame) -> Html:
    return table(
        answers,
        title=f"Management's {counted(len(answers), 'response', in_words=True)}"
        if len(answers)
        else "No response by management",
        columns=RESPONSES,
        empty="None was written down before the paper was issued.",
    )
