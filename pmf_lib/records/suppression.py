"""Suppressed figures: once the newest word on a measure and period is that it may not be shown, no earlier one is kept.

It is done on text, before anything is found, summed or compared, so that nothing afterwards can tell the number.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pmf_lib.records import cells, keys

FIGURES = ("value", "numerator", "denominator")
KEY = ["measure_id", "period"]
WITHHELD = "source_withheld"
"""Marks rows of text whose number was dropped for what a newer row says; they are suppressed too."""
Judged = Callable[[pd.DataFrame], pd.DataFrame]
"""Typed rows, as far as they can be read, of rows of text; under the same index."""


def shown(texts: pd.DataFrame) -> pd.DataFrame:
    """Observations as text without the numbers of rows that are themselves suppressed; a mark of suppression stays."""
    marked = cells.is_suppressed(texts["value"])
    none = pd.Series(False, texts.index)
    kept = texts.assign(**{"value": texts["value"].mask(_is_said(texts) & ~marked, ""), WITHHELD: none})
    return _blanked(kept, _is_said(texts) | marked)


def withheld(
    texts: pd.DataFrame, own: pd.Series[bool], periods: pd.Series[str], judged: Judged
) -> pd.DataFrame:
    """Observations as text without the numbers of a measure and period whose newest row is suppressed, marked `WITHHELD`.

    The newest is what was recorded last, on whatever day, and of one day what was delivered last. Only a row that can
    be read lifts a suppression; one that suppresses counts even with faults, and as the newest if its day can't be read.

    Parameters
    ----------
    texts
        Observations as `shown` gives them, with `schema.PROVENANCE` and `schema.DELIVERY`.
    own
        Rows of which the word counts (another directorate's does not).
    periods
        The canonical label of each row's period; '' where it has none.
    judged
        What types rows and leaves out those that can't be read.
    """
    hides = _is_said(texts) | cells.is_suppressed(texts["value"])
    rows = texts[KEY].assign(period=periods, hides=hides)
    concerned = own & _is_among(rows, rows[hides & own & (periods != "")])
    if not concerned.any():
        return texts
    told = concerned & (hides | texts.index.isin(judged(texts[concerned & ~hides]).index))
    days = pd.to_datetime(keys.day_recorded(texts), format="%Y-%m-%d", errors="coerce")
    newest = rows.assign(day=days, delivery=keys.delivery(texts))[told]
    newest = newest.sort_values(["day", "delivery", "hides"], kind="stable").drop_duplicates(KEY, keep="last")
    hidden = _is_among(rows, newest[newest["hides"]])
    numbers = hidden & (texts["value"] != "") & ~cells.is_mark(texts["value"])
    return _blanked(texts.assign(**{"value": texts["value"].mask(numbers, ""), WITHHELD: numbers}), hidden)


def stated(typed: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """Typed observations, suppressed where their number was withheld."""
    return typed.assign(state=typed["state"].mask(texts[WITHHELD], "suppressed"))


def _is_among(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are of a measure and period of `pairs`."""
    wanted = pd.MultiIndex.from_frame(pairs[KEY])
    return pd.Series(pd.MultiIndex.from_frame(rows[KEY]).isin(wanted), rows.index)


def _is_said(texts: pd.DataFrame) -> pd.Series[bool]:
    return texts["state"].str.lower() == "suppressed"


def _blanked(texts: pd.DataFrame, hidden: pd.Series[bool]) -> pd.DataFrame:
    return texts.assign(**{name: texts[name].mask(hidden, "") for name in FIGURES[1:]})
