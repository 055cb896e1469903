"""Words of page 4: the titles of its agenda, and a measure's latest result beside its target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.assurance.clauses import BINDING
from pmf_lib.performance.words import brief
from pmf_lib.workbook.charts.facts import Facts
from pmf_lib.workbook.pieces.words import count_word, counted, is_missing, listing, period, plural, sentence


def agenda_title(due: pd.DataFrame) -> str:
    """How many items are due by what is asked; apart, those by an example and those that the text only mentions."""
    is_asked = due["basis"].isin(BINDING)
    more = listing(_more(due["basis"], "more " if is_asked.any() else ""))
    if more and not is_asked.any():
        return f"No item that the framework asks for is due; {more} can come"
    head = sentence(_asked_title(due[is_asked]))
    return f"{head}; {more}" if more else head


def _asked_title(due: pd.DataFrame) -> str:
    """How many items are due by a duty or a minimum, and how many of them overdue."""
    n, late = len(due), int((due["state"] == "overdue").sum())
    if not n:
        return "no item is due: what the framework asks of this board was heard in its turn"
    head = f"{counted(n, 'item', in_words=True)} {plural(n, 'is', 'are')} due at the next meeting"
    if n == 1:
        return f"{head}, and it is {'' if late else 'not '}overdue"
    return f"{head}, {_of_all(late, n)} of them overdue"


def _of_all(part: int, whole: int) -> str:
    return "all" if part == whole else count_word(part) if part else "none"


def _more(bases: pd.Series[str], more: str) -> list[str]:
    """How many items an example brings, and how many the text only mentions; an empty list where none."""
    said = {"example": "by the text's example", "mentioned": "that the framework only mentions"}
    counts = {words: int((bases == basis).sum()) for basis, words in said.items()}
    return [f"{count_word(n)} {more}{words}" for words, n in counts.items() if n]


def covered_title(bases: pd.Series[str]) -> str:
    """How many items were heard that the framework asks for; apart, those that it only mentions."""
    asked, mentioned = int((bases != "mentioned").sum()), int((bases == "mentioned").sum())
    head = f"{sentence(counted(asked, 'item', in_words=True))} heard in {plural(asked, 'its', 'their')} turn"
    return f"{head}, and {count_word(mentioned)} that the framework only mentions" if mentioned else head


def result_words(row: Mapping[Any, Any]) -> str:
    """The rated result of a measure, else its last one, with its period; then its target.

    >>> plans = {
    ...     "unit": "%",
    ...     "decimals": 1,
    ...     "polarity": "higher",
    ...     "target": 60.0,
    ...     "value": 44.2,
    ...     "period": "2024-09",
    ... }
    >>> result_words(plans)
    '44.2% in September 2024; the target is at least 60.0%'
    """
    facts, is_rated = Facts.of(row), not is_missing(row.get("value"))
    value, label = (row.get(name if is_rated else f"last_{name}") for name in ("value", "period"))
    aims = " to ".join(brief(one, facts.decimals, facts.unit) for one in facts.targets.values())
    aim = f"the target is {facts.asks} {aims}".replace("  ", " ") if aims else "no target is recorded"
    if is_missing(value):
        return f"no result is recorded; {aim}"
    when = period(label)
    return f"{brief(float(value or 0), facts.decimals, facts.unit)}{f' in {when}' if when else ''}; {aim}"
