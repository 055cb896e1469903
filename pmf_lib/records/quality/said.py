"""What is said of doubts about a measure's figures: the sentence of each reason, with its period and how many values it is of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.periods import FREQUENCIES
from pmf_lib.records.quality.scheme import Reason

COUNTS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def period_words(labels: Iterable[str], ids: Iterable[str], measures: pd.DataFrame) -> list[str]:
    """Periods of these measures in plain English; what is no period stays as it is."""
    often = dict(zip(measures["measure_id"].tolist(), measures["frequency"].tolist(), strict=True))
    return [
        _words(label, FREQUENCIES.get(often.get(name, ""), np.nan))
        for label, name in zip(labels, ids, strict=True)
    ]


def _words(label: str, kind: Any) -> str:
    try:
        return periods.parse(label, kind).words
    except ParameterError:
        return label


def said(found: pd.DataFrame, measures: pd.DataFrame, told: Iterable[Reason]) -> dict[str, str]:
    """By measure, a sentence for each reason to doubt its figures.

    Parameters
    ----------
    found
        Doubts, as `doubts.doubts` gives them.
    measures, told
        Table of records, and the reasons that there may be.
    """
    reasons: dict[str, Reason] = {one.code: one for one in told}
    each: dict[tuple[str, str], list[tuple[str, int]]] = {}
    columns = (found[name].tolist() for name in ("measure_id", "code", "period", "of"))
    for name, code, period, of in zip(*columns, strict=True):
        each.setdefault((name, code), []).append((period, of))
    last = [rows[-1][0] for rows in each.values()]
    words = period_words(last, [name for name, _ in each], measures)
    texts: dict[str, list[str]] = {}
    for ((name, code), rows), label, named in zip(each.items(), last, words, strict=True):
        count = label if code == "late_often" else len(rows)
        form, most = _template(reasons[code], count), max(number for _, number in rows)
        text = form.format(period=named, count=count, Count=_capital(count), of=most)
        texts.setdefault(name, []).append(text)
    return {name: " ".join(one) for name, one in texts.items()}


def _template(reason: Reason, count: int | str) -> str:
    return reason.says_one if reason.says_one and count == 1 else reason.says


def _capital(count: int | str) -> str:
    """The count as a sentence begins with it."""
    return COUNTS[count - 1] if isinstance(count, int) and count <= len(COUNTS) else f"{count}"
