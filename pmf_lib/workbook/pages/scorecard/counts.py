"""Counts of measures by state and by real change, a row of a table each, with the table's heads."""

from __future__ import annotations

import pandas as pd

from pmf_lib.performance.rollup import state_counts
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.pages.measures import sentences
from pmf_lib.workbook.pieces.words import count_word, out_of, plural


def counts_heads(verdicts: Verdicts) -> dict[str, str]:
    """Column → head of a table of `counts`, in order."""
    return {
        "n_measures": "Measures",
        **{code: verdicts.get("status", code).word for code in sentences.RATED},
        "without": "No status",
        "improving_n": "Improving",
        "worsening_n": "Worsening",
    }


def counts(name: str, rated: pd.DataFrame) -> dict[str, object]:
    """One row of counts; met, near, missed and no status add up to all measures."""
    found = state_counts(rated["state"])
    return {
        "name": name,
        "n_measures": int(found["total"]),
        **{code: int(found.get(code, 0)) for code in sentences.RATED},
        "without": int(found["total"] - found["rated"]),
        "improving_n": sentences.count(rated, "variation", sentences.IMPROVING),
        "worsening_n": sentences.count(rated, "variation", sentences.WORSENING),
        "tested_n": sentences.count(rated, "variation", sentences.TESTED),
    }


def markers_title(card: pd.DataFrame, word: str, words: str) -> str:
    """How many markers have no missed measure, and which one has most of those that are missed.

    >>> rows = pd.DataFrame({"number": [1, 2, 3], "met": 1, "near": 0, "missed": [0, 4, 1]})
    >>> markers_title(rows, "marker", "markers")
    'One of three markers has no missed measure; marker 2 has most of those missed: four'
    >>> markers_title(rows.assign(met=0, missed=0), "marker", "markers")
    'No measure of the 3 markers has a status against a target'
    """
    missed = card["missed"].astype(int)
    if not int(card[["met", "near", "missed"]].to_numpy().sum()):
        return f"No measure of the {len(card)} {words} has a status against a target"
    free, most = int((missed == 0).sum()), int(missed.max())
    if not free:
        said = f"Each of the {len(card)} {words} has a missed measure"
    else:
        said = f"{out_of(free, len(card), word, words)} {plural(free, 'has', 'have')} no missed measure"
    first = card.loc[missed == most, "number"]
    is_plain = len(first) == 1 and most > 1 and card["number"].notna().all() and card["number"].is_unique
    return (
        f"{said}; {word} {int(first.iloc[0])} has most of those missed: {count_word(most)}"
        if is_plain
        else said
    )
