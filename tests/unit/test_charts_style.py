"""The look of pictures: colours, text that is safe to draw, and a style that is never global."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import seaborn as sns
from hypothesis import given, settings
from hypothesis import strategies as st
from test_charts_made_up import STEADY, contrast, made_points, made_row

from pmf_lib import verdicts
from pmf_lib.workbook.charts import look, xmr_chart
from pmf_lib.workbook.charts.axes import spread
from pmf_lib.workbook.pieces.figure import svg


def test_the_style_leaves_global_settings_as_they_were():
    with mpl.rc_context({"font.size": 31}):
        before = dict(mpl.rcParams)
        xmr_chart(made_points(STEADY), made_row())
        assert dict(mpl.rcParams) == before


def test_global_settings_do_not_change_a_picture():
    plain = svg(xmr_chart(made_points(STEADY), made_row()))
    with mpl.rc_context():
        sns.set_theme(style="darkgrid", font_scale=3)
        assert svg(xmr_chart(made_points(STEADY), made_row())) == plain


def test_no_picture_stays_open():
    xmr_chart(made_points(STEADY), made_row())
    assert plt.get_fignums() == []


@pytest.mark.parametrize("colour", [*look.SERIES, look.CONTEXT, look.OUTLINE])
def test_marks_stand_out_from_white_three_to_one(colour):
    assert contrast(colour, look.WHITE) >= 3


@pytest.mark.parametrize("colour", [look.TEXT, look.SECOND_TEXT, look.SERIES[0]])
@pytest.mark.parametrize("ground", [look.WHITE, look.PALE])
def test_words_stand_out_four_and_a_half_to_one(colour, ground):
    assert contrast(colour, ground) >= 4.5


def test_every_verdict_mark_stands_out_from_its_white_rim_three_to_one():
    weak = [found.code for found in verdicts.load().verdicts if contrast(found.mark, look.WHITE) < 3]
    assert weak == []


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=120), st.integers(1, 3), st.sampled_from(["normal", "bold"]))
def test_fitted_text_keeps_to_its_lines_and_width(text, lines, weight):
    fitted = look.fitted(text, 120, 9, lines=lines, weight=weight).split("\n")
    assert len(fitted) <= lines
    assert max(look.width_of(line, 9, weight) for line in fitted) <= 120


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60))
def test_drawable_text_has_no_sign_that_the_font_lacks(text):
    known = look._glyphs()
    assert all(ord(sign) in known for sign in look.drawable(text))


def test_short_text_is_not_touched():
    assert look.fitted("Missed bins", 200, 9) == "Missed bins"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=7))
def test_words_at_line_ends_keep_their_order_and_their_distance(places):
    true = np.sort(np.array(places))
    placed = spread(true, 10, 100)
    assert (np.diff(placed) >= 10 - 1e-9).all()
    assert placed.min() >= -5 - 1e-9
    assert placed.max() <= 100 + 1e-9


def test_words_with_room_enough_stay_where_their_lines_end():
    np.testing.assert_allclose(spread(np.array([10.0, 40.0, 90.0]), 10, 100), [10, 40, 90])
