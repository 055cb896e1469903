"""The picture of a body's year: a mark a month that is told by its shape, and words and numbers that agree with it."""

from datetime import date

import pandas as pd
import pytest
from matplotlib.lines import Line2D
from test_charts_made_up import HOSTILE, contrast, faults_of, words_of

from pmf_lib.periods import parse
from pmf_lib.workbook.charts import look, year
from pmf_lib.workbook.charts.area import Area
from pmf_lib.workbook.pieces.figure import svg

AS_AT = date(2009, 11, 13)
STATES = {"R": "heard", "o": "not_heard", "-": "no_meeting", ".": "to_come", "?": "unknown"}
HELD = {"R": 1, "o": 1, "-": 0, ".": 0, "?": 0}


def calendar(first: str = "2009-04", planned: dict[str, int] | None = None, **items: str) -> pd.DataFrame:
    """The months of items, each written as a letter; a figure is a month in which so many meetings had it."""
    start = parse(first, "month")
    months = [start.shift(step).label for step in range(12)]
    rows = [
        {
            "body": "cmt",
            "unit": "",
            "panel": "",
            "item": item,
            "title": item.replace("_", " "),
            "month": month,
            "held": int(letter) if letter.isdigit() else HELD[letter],
            "on_agenda": int(letter) if letter.isdigit() else int(letter == "R"),
            "planned": (planned or {}).get(month, 0),
            "state": STATES.get(letter, "heard"),
        }
        for item, letters in items.items()
        for month, letter in zip(months, letters, strict=True)
    ]
    return pd.DataFrame(rows)


MIXED = calendar(Money="RRRRRRR.....", Risk="ooooooo.....", Staff="Roo2oo-.....")


def test_rows_stand_in_the_order_given_with_how_many_meetings_had_each():
    said = words_of(year.year_matrix(MIXED, AS_AT))
    assert said.index("Money") < said.index("Risk") < said.index("Staff")
    assert "7 of 7" in said
    assert "none of 7" in said
    assert faults_of(year.year_matrix(MIXED, AS_AT)) == []


def test_every_month_has_its_name_and_its_year():
    said = words_of(year.year_matrix(MIXED, AS_AT)).split(" | ")
    months = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    assert [one for one in said if one in months] == months
    assert {"2009", "2010"} <= set(said)


def test_what_was_heard_is_filled_what_was_not_is_hollow_and_what_is_to_come_is_empty():
    figure = year.year_matrix(calendar(Risk="Ro-........."), AS_AT)
    faces = [
        line.get_markerfacecolor()
        for line in figure.findobj(Area)[0].findobj(Line2D)
        if line.get_marker() == "o"
    ]
    assert faces == [look.SERIES[0], look.WHITE]


def test_a_month_that_had_the_item_keeps_its_mark_where_another_meeting_is_to_come_in_it():
    figure = year.year_matrix(calendar(Risk="R...........", planned={"2009-04": 1, "2009-06": 1}), AS_AT)
    shapes = [line.get_marker() for line in figure.findobj(Area)[0].findobj(Line2D)]
    assert [shape for shape in shapes if shape in ("o", "D")] == ["o", "D"]


def test_several_meetings_of_a_month_are_counted_in_its_mark():
    said = words_of(year.year_matrix(MIXED, AS_AT)).split(" | ")
    assert "2" in said
    assert "on the agenda (at several meetings: how many)" in said
    assert "on the agenda" in words_of(year.year_matrix(calendar(A="R" * 12), AS_AT)).split(" | ")


@pytest.mark.parametrize(
    ("letters", "planned", "keys"),
    [
        ("RRRRRRR.....", {}, ["on the agenda"]),
        ("ooooooo.....", {}, ["met without it"]),
        ("R--........?", {}, ["on the agenda", "no meeting", "? not known"]),
        ("R...........", {"2010-01": 1}, ["on the agenda", "meeting to come"]),
    ],
)
def test_the_key_names_the_marks_that_are_there_and_no_others(letters, planned, keys):
    said = words_of(year.year_matrix(calendar(Risk=letters, planned=planned), AS_AT)).split(" | ")
    assert [one for one in said if one in [mark.words for mark in year.MARKS.values()]] == keys


@pytest.mark.parametrize(
    ("as_at", "shown"),
    [(date(2009, 4, 1), True), (AS_AT, True), (date(2010, 3, 31), True), (date(2010, 4, 1), False)],
)
def test_the_line_stands_at_the_day_where_it_lies_in_the_year(as_at, shown):
    figure = year.year_matrix(MIXED, as_at)
    assert ("As at" in words_of(figure)) == shown
    assert faults_of(figure) == []


def test_the_line_lies_between_what_was_and_what_is_to_come():
    places = []
    for day in (date(2009, 4, 1), date(2009, 4, 30), date(2009, 5, 1)):
        lines = year.year_matrix(MIXED, day).findobj(Line2D)
        (dashed,) = [line for line in lines if line.get_color() == look.SERIES[3]]
        places.append(dashed.get_xdata()[0])
    month = (look.WIDTH - year.LABELS - year.COUNTS) * 72 / 12
    assert places[1] - places[0] == pytest.approx(month * 29 / 30)
    assert places[2] - places[0] == pytest.approx(month)


def test_long_and_hostile_titles_stay_in_their_place():
    frame = MIXED.assign(title=MIXED["title"].replace("Risk", HOSTILE))
    assert faults_of(year.year_matrix(frame, AS_AT)) == []


def test_no_mark_is_told_by_colour_alone():
    shapes = [(mark.shape, mark.hollow) for mark in year.MARKS.values()]
    assert len(set(shapes)) == len(shapes)
    assert all(contrast(mark.colour, look.WHITE) >= 3 for mark in year.MARKS.values())


def test_the_picture_in_words_says_what_came_up_always_sometimes_and_never():
    assert year.alt_year(MIXED, AS_AT) == (
        "Three items by month, April 2009 to March 2010, as at 13 November 2009. At every meeting: Money. "
        "At some: Staff (3 of 7). At none: Risk. To come: November, December, January, February and March."
    )


def test_the_picture_in_words_names_months_without_a_meeting_and_those_not_known():
    said = year.alt_year(calendar(Risk="?-R........."), AS_AT)
    assert "No meeting in May." in said
    assert "Not known: April." in said


def test_the_table_says_each_month_of_each_item():
    table = year.data_year(MIXED)
    assert table["Item"].tolist() == ["Money", "Risk", "Staff"]
    assert list(table)[1:13] == [parse(f"{when}", "month").words for when in MIXED["month"].unique()]
    assert list(table)[7] == "October 2009"
    staff = table.iloc[2]
    assert staff["April 2009"] == "heard"
    assert staff["May 2009"] == "not heard"
    assert staff["July 2009"] == "heard at 2 meetings"
    assert staff["October 2009"] == "no meeting"
    assert staff["November 2009"] == "to come"
    assert staff["Meetings with it"] == "3 of 7"
    assert year.data_year(calendar(Risk="?" * 12))["April 2009"].tolist() == ["not known"]


def test_two_items_of_one_title_stay_two_rows():
    twice = calendar(a="R" * 12, b="o" * 12).assign(title="Framework")
    assert year.data_year(twice)["Meetings with it"].tolist() == ["12 of 12", "0 of 12"]
    assert faults_of(year.year_matrix(twice, AS_AT)) == []


def test_a_body_without_meetings_is_a_sentence():
    bare = MIXED.iloc[:0]
    assert words_of(year.year_matrix(bare, AS_AT)).startswith("No meeting of this body is recorded")
    assert year.alt_year(bare, AS_AT) == year.NOTHING


def test_the_same_year_gives_the_same_bytes_and_the_frame_is_not_changed():
    before = MIXED.copy()
    assert svg(year.year_matrix(MIXED, AS_AT)) == svg(year.year_matrix(MIXED, AS_AT))
    pd.testing.assert_frame_equal(MIXED, before)


def test_october_of_2009_is_a_month_and_no_financial_year():
    assert year.month_words("2009-10") == "October 2009"
