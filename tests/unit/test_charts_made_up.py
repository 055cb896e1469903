"""Made-up frames for the tests of pictures, after the contract of `pmf_lib.performance`, and how a picture is looked at."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from pmf_lib import periods
from pmf_lib.performance.spc import xmr
from pmf_lib.workbook.charts.area import Area

HOSTILE = r"Waits over $5 & \frac{$x_1} <b>bold</b> 🚲 " + "long " * 40 + "w" * 200
STEADY = [93.6, 94.3, 93.5, 90.9, 94.4, 93.7, 92.1, 93.6, 93.5, 93.0, 93.9, 91.8, 92.7, 92.2, 94.0, 93.1]


def made_points(values, kind="month", first="2022-04", *, measure_id="m", polarity="higher", rebase=None):
    """Points as `rate` gives them: `xmr` joined with the periods; a value of None is a period without one."""
    start = periods.parse(first, kind)
    every = [start.shift(step) for step in range(len(values))]
    frame = pd.DataFrame(
        {
            "measure_id": pd.Series([measure_id] * len(values), dtype=str),
            "ordinal": pd.Series([period.ordinal for period in every], dtype=int),
            "value": pd.Series(values, dtype=float),
        }
    )
    dates = frame[["measure_id", "ordinal"]].assign(
        period=pd.Series([period.label for period in every], dtype=str),
        kind=kind,
        start=pd.to_datetime(pd.Series([period.start for period in every], dtype="datetime64[us]")),
        end=pd.to_datetime(pd.Series([period.end for period in every], dtype="datetime64[us]")),
        state="final",
    )
    if rebase is not None:
        rebase = pd.DataFrame({"measure_id": [measure_id], "ordinal": [every[rebase].ordinal]})
    chart = xmr(frame, polarity=pd.Series({measure_id: polarity}), rebase=rebase)
    return chart.points.merge(dates, on=["measure_id", "ordinal"], how="left")


def made_row(**given):
    """One rated measure."""
    row = {
        "measure_id": "m",
        "title": "Planning applications decided in time",
        "unit": "%",
        "decimals": 1,
        "polarity": "higher",
        "frequency": "monthly",
        "period": "",
        "value": np.nan,
        "target": 95.0,
        "lower": np.nan,
        "upper": np.nan,
        "tolerance": 2.0,
        "tolerance_kind": "amount",
        "state": "missed",
        "provisional": False,
        "limits": "final",
        "variation": "no_real_change",
        "variation_why": "",
        "capability": "hit_and_miss",
    }
    return pd.Series({**row, **given}, dtype=object)


def made_rated(rows):
    """Rated measures, one a mapping; ids are m0, m1, …"""
    frame = pd.DataFrame([made_row(**{"measure_id": f"m{at}", **row}) for at, row in enumerate(rows)])
    return frame.astype(dict.fromkeys(("value", "target", "lower", "upper", "tolerance"), float))


def texts_of(figure: Figure) -> list[Text]:
    """Every text that a reader sees, once the picture is drawn."""
    FigureCanvasAgg(figure).draw()
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def plots_of(figure: Figure) -> list[Area]:
    """The areas of a picture with periods under them, in the order drawn."""
    return [area for area in figure.findobj(Area) if area.tick_words]


def words_of(figure: Figure) -> str:
    """All words of a picture."""
    return " | ".join(text.get_text().replace("\n", " ") for text in texts_of(figure))


def faults_of(figure: Figure) -> list[str]:
    """Texts that leave the picture, and pairs of texts that run into each other by more than a pixel."""
    shown = [(text.get_text(), text.get_window_extent()) for text in texts_of(figure)]
    across, up = figure.bbox.width, figure.bbox.height
    faults = [
        f"'{words}' leaves the picture"
        for words, box in shown
        if box.x0 < -1.5 or box.y0 < -1.5 or box.x1 > across + 1.5 or box.y1 > up + 1.5
    ]
    for (words, box), (other, beside) in combinations(shown, 2):
        wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
        high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
        if wide > 1.5 and high > 3.0:
            faults.append(f"'{words}' runs into '{other}'")
    return faults


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
