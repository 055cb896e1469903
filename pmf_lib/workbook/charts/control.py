"""Control charts whole: the picture, what it shows in words, and the table behind it, from points made ready once."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from pmf_lib.workbook.charts import data, words, xmr
from pmf_lib.workbook.charts.fan import fan_of
from pmf_lib.workbook.charts.track import charted

Drawn = tuple[Figure, str, pd.DataFrame]
"""A picture, what it shows in words, and the table behind it."""


def control_chart(points: pd.DataFrame, rated_row: Any, ahead: pd.DataFrame | None = None) -> Drawn:
    """What `xmr_chart`, `alt_xmr` and `data_xmr` give of one measure."""
    shown, facts = charted(points, rated_row)
    seen = shown, facts, fan_of(shown, facts, ahead)
    return xmr.drawn(*seen), words.of_chart(*seen), data.of_chart(*seen)


def control_walls(points: pd.DataFrame, rated: pd.DataFrame) -> list[Drawn]:
    """What `small_multiples`, `alt_small_multiples` and `data_small_multiples` give, one a picture."""
    pages = data.panels(points, rated)
    return [(xmr.wall(page), words.of_wall(page), data.of_wall(page)) for page in pages]
