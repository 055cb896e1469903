"""What pictures are drawn with: areas of fixed scales, lines of text as outlines, and the SVG that is made of them."""

from __future__ import annotations

import io
import re
from itertools import chain
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.patches import Polygon
from matplotlib.textpath import text_to_path
from test_charts_made_up import STEADY, made_points, made_rated, made_row

from pmf_lib.workbook.charts import bullets, small_multiples, style, xmr_chart
from pmf_lib.workbook.charts.area import area, blank_area
from pmf_lib.workbook.pieces import letters, pen
from pmf_lib.workbook.pieces.figure import SAME_EVERY_TIME, svg

NAMES = {"svg": "{http://www.w3.org/2000/svg}"}
PATH, GROUP, USE, DEFS = (f"{NAMES['svg']}{name}" for name in ("path", "g", "use", "defs"))
POINTS = made_points([*STEADY, 99.0, *(value + 9 for value in STEADY)], rebase=17)
FILE = findfont(FontProperties(family="DejaVu Sans"))
PICTURES = {
    "a control chart": lambda: xmr_chart(POINTS, made_row()),
    "a wall": lambda: small_multiples(POINTS.assign(measure_id="m0"), made_rated([{}]))[0],
    "bars by seaborn": lambda: bullets(made_rated([{"value": 80.0, "state": "missed"}]))[0],
}


def own(figure: Figure) -> ElementTree.Element:
    """The picture as matplotlib's own writer has it."""
    out = io.BytesIO()
    with mpl.rc_context(SAME_EVERY_TIME):
        figure.savefig(out, format="svg")
    return ElementTree.fromstring(out.getvalue())


def ours(figure: Figure) -> ElementTree.Element:
    return ElementTree.fromstring(svg(figure))


def shapes(tree: ElementTree.Element) -> list[list[float]]:
    """The numbers of every path that is drawn, in order; not those of shapes that are kept to be used."""
    kept = {id(one) for defs in tree.iter(DEFS) for one in defs.iter(PATH)}
    found = [path for path in tree.iter(PATH) if id(path) not in kept]
    return [[float(one) for one in re.findall(r"-?[\d.]+", path.get("d", ""))] for path in found]


def places(tree: ElementTree.Element) -> list[list[float]]:
    """Where every line of text is put, its size and turn."""
    moved = [group.get("transform", "") for group in tree.iter(GROUP)]
    return [[float(one) for one in re.findall(r"-?[\d.]+", put)] for put in moved if "scale" in put]


def marks(tree: ElementTree.Element) -> list[tuple[float, float]]:
    """Where every mark is put."""
    uses = [use for use in tree.iter(USE) if not use.get(HREF, "").startswith("#DejaVu")]
    return [(float(use.get("x", 0)), float(use.get("y", 0))) for use in uses]


HREF = "{http://www.w3.org/1999/xlink}href"


def glyphs(tree: ElementTree.Element) -> list[str]:
    """The glyphs of all texts, in order."""
    return [name for use in tree.iter(USE) if (name := use.get(HREF, "")).startswith("#DejaVu")]


@pytest.mark.parametrize("name", PICTURES)
def test_every_line_mark_and_letter_stands_where_matplotlib_itself_would_write_it(name: str):
    theirs, written = own(PICTURES[name]()), ours(PICTURES[name]())
    assert glyphs(written) == glyphs(theirs)
    assert marks(written) == pytest.approx(np.array(marks(theirs)), abs=0.006)
    for what in (shapes, places):
        expected, found = what(theirs), what(written)
        assert [len(one) for one in found] == [len(one) for one in expected]
        assert [*chain(*found)] == pytest.approx([*chain(*expected)], abs=0.006)


def test_colours_dashes_and_transparency_are_written():
    figure = Figure(figsize=(2, 1))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.plot([0, 1], color="#12436D", alpha=0.5, linewidth=2, linestyle=(0, (3, 1)), solid_capstyle="round")
    (line,) = [path for path in ours(figure).iter(PATH) if path.get("stroke") == "#12436d"]
    told = {name: line.get(name) for name in ("fill", "stroke-width", "stroke-opacity", "stroke-dasharray")}
    assert told == {
        "fill": "none",
        "stroke-width": "2",
        "stroke-opacity": "0.5",
        "stroke-dasharray": "6,2",
    }


def hatched(ax: plt.Axes) -> None:
    ax.bar([1], [1], hatch="//")


def pixels(ax: plt.Axes) -> None:
    ax.imshow(np.eye(3))


def formula(ax: plt.Axes) -> None:
    ax.set_title(r"$\sqrt{2}$")


@pytest.mark.parametrize("draw", [hatched, pixels, formula])
def test_what_the_pen_does_not_know_is_written_by_matplotlib(draw):
    figure = Figure(figsize=(2, 1))
    draw(figure.add_axes((0.1, 0.1, 0.8, 0.8)))
    with pytest.raises(pen.BeyondError):
        pen.written(figure)
    assert svg(figure).startswith(b"<?xml")
    assert len(ours(figure)) > 0
    assert figure.dpi == pytest.approx(mpl.rcParams["figure.dpi"])


@pytest.mark.parametrize("text", ["Mean 12.3%", "AVATAR fi", "£1,193.1m — ½", "", "g"])
def test_a_text_takes_the_room_that_matplotlib_measures(text: str):
    font = FontProperties(family="DejaVu Sans", size=letters.SIZE)
    assert letters.extent(text, FILE) == pytest.approx(
        text_to_path.get_text_width_height_descent(text, font, False)
    )


def test_a_glyph_is_outlined_once_however_often_it_is_written():
    figure = Figure(figsize=(4, 1))
    figure.text(0.1, 0.5, "noon", family="DejaVu Sans")
    kept = [path.get("id") for defs in ours(figure).iter(DEFS) for path in defs.iter(PATH)]
    assert sorted(kept) == sorted(set(kept))
    assert len(kept) == 2


@style()
def test_values_lie_where_the_scale_puts_them_and_bands_end_where_a_value_is_missing():
    figure = Figure(figsize=(2, 1))
    place = area(figure, 0.5, 0.25, 1.0, 0.5, xlim=(10, 20), ylim=(-1, 1))
    assert place.point(15, 0) == pytest.approx((36, 18))
    assert figure.dpi_scale_trans.inverted().transform(place.in_values.transform((20, 1))) == pytest.approx(
        (1.5, 0.75)
    )
    place.fill_between([10, 11, 12, 13, 14], [0, 0, np.nan, 0, 0], 1.0)
    bands = place.findobj(Polygon)
    assert [sorted({x for x, _ in band.get_xy().tolist()}) for band in bands] == [[10, 11], [13, 14]]
    place.fill_between([10, 11], [np.nan, 0], 1.0)
    assert len(place.findobj(Polygon)) == 3


@style()
def test_a_plotted_line_ends_at_the_edge_of_its_area_and_words_do_not():
    figure = Figure(figsize=(2, 1))
    place = area(figure, 0.5, 0.25, 1.0, 0.5, xlim=(0, 1), ylim=(0, 1))
    place.plot([0, 5], [0.5, 0.5])
    place.note(80, 18, "beyond")
    blank_area(figure, 0, 0, 2, 1).text(2, 2, "corner")
    tree = ours(figure)
    clipped = [path for path in tree.iter(PATH) if path.get("clip-path")]
    assert len(clipped) == 1
    assert [group.get("clip-path") for group in tree.iter(GROUP)] == [None, None]
    (rect,) = tree.iter(f"{NAMES['svg']}rect")
    assert [float(rect.get(side, "")) for side in ("x", "y", "width", "height")] == [36, 18, 72, 36]
