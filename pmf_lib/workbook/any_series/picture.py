"""Control charts of a file as SVG: one chart, or walls of ten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pmf_lib.errors import ParameterError, quoted
from pmf_lib.store import files
from pmf_lib.workbook.any_series.chart import BY, Charted
from pmf_lib.workbook.any_series.times import ORDER

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FREQUENCIES = {
    "month": "monthly",
    "monthly": "monthly",
    "quarter": "quarterly",
    "term": "termly",
    "week": "weekly",
}
"""How pictures name the frequency of a kind of period."""
SOMEWHERE, WITHIN = "1970-05-01", 300
"""Rows of which only the order is known are drawn within so many days that hold no April, so that no year is named."""


def check(path: Path) -> None:
    """Refuse a place where no picture can be written.

    Raises
    ------
    ParameterError
        The name does not end in .svg, or the folder is not there.
    """
    if path.suffix.lower() != ".svg":
        raise ParameterError(
            f"--chart got '{quoted(path)}', expected a name that ends in .svg, for example 'chart.svg'."
        )
    if not path.parent.is_dir():
        raise ParameterError(
            f"--chart got '{quoted(path)}', and the folder '{quoted(path.parent)}' is not there. Make it first."
        )


def write(found: Charted, path: Path) -> list[Path]:
    """Write one chart, or walls of several in the order of the series; a second wall goes to ``name-2.svg``."""
    from pmf_lib.workbook.pieces.figure import svg

    figures = drawn(found)
    paths = [path, *(path.with_stem(f"{path.stem}-{at}") for at in range(2, len(figures) + 1))]
    for figure, place in zip(figures, paths, strict=True):
        files.write_bytes(place, svg(figure))
    return paths


def drawn(found: Charted) -> list[Figure]:
    """One chart, or walls of ten."""
    from pmf_lib.workbook import charts

    points, rated = _points(found), _rated(found)
    if len(rated) == 1:
        return [charts.xmr_chart(points, rated.iloc[0])]
    return charts.small_multiples(points, rated)


def _rated(found: Charted) -> pd.DataFrame:
    """The series as pictures know measures."""
    frequency = found.series["every"].map(
        lambda every: FREQUENCIES.get(found.times.read_as, "") if every == 1 else ""
    )
    rated = found.series.rename(columns={BY: "measure_id"})
    return rated.assign(title=rated["measure_id"], frequency=frequency, unit="", period="")


def _points(found: Charted) -> pd.DataFrame:
    points = found.points.rename(columns={BY: "measure_id", "order": "ordinal"})
    if found.times.read_as != ORDER:
        return points
    step = pd.Timedelta(days=WITHIN) / max(1, int(points["ordinal"].max()))
    place = pd.Timestamp(SOMEWHERE) + points["ordinal"] * step
    return points.assign(start=place, end=place)
