"""Period labels as publishers write them."""

from __future__ import annotations

from datetime import date

import pytest

from pmf_lib.errors import ParameterError
from pmf_lib.records.published.labels import is_provisional, period_label, read_day

READ = [
    ("2019", "year-ending", "year", "2018-19"),
    ("2019", "year-starting", "year", "2019-20"),
    ("2019", "year-ending", "academic_year", "2018/19"),
    ("2019", "year-ending", "calendar_year", "2019"),
    ("2019-20", "year-ending", "year", "2019-20"),
    ("2019-2020", "year-ending", "year", "2019-20"),
    ("2015/16", "year-ending", "academic_year", "2015/16"),
    ("201516", "year-ending", "academic_year", "2015/16"),
    ("1999-00", "year-ending", "year", "1999-00"),
    ("2025 (prov)", "year-ending", "academic_year", "2024/25"),
    ("2016-17 (OT)", "year-ending", "year", "2016-17"),
    ("202412", "month", "quarter", "2024-25 Q3"),
    ("202503", "month", "quarter", "2024-25 Q4"),
    ("2023-06-30", "month", "quarter", "2023-24 Q1"),
    ("Dec 1995", "month", "quarter", "1995-96 Q3"),
    ("December 1995", "month", "month", "1995-12"),
    ("2014-16", "span", "window", "2014-01..2016-12"),
    ("2013/14-15/16", "span", "window", "2013-04..2016-03"),
    ("2021/22 Q1 - 2025/26 Q3", "span", "window", "2021-04..2025-12"),
    ("2022 - 24", "span", "window", "2022-01..2024-12"),
    ("2021/22 Q1", "span", "window", "2021-04..2021-06"),
    ("2021-22", "year-ending", "window", "2021-04..2022-03"),
    ("2022", "year-ending", "window", "2021-04..2022-03"),
    ("2024-25 Q3", "as-written", "quarter", "2024-25 Q3"),
]


@pytest.mark.parametrize(("text", "style", "kind", "label"), READ)
def test_each_style_of_label_is_read_into_the_one_way_of_writing(text, style, kind, label):
    assert period_label(text, style, kind) == label


@pytest.mark.parametrize(
    ("text", "style", "kind"),
    [
        ("0", "year-ending", "year"),
        ("2019-21", "year-ending", "year"),
        ("2019/20 and 2020/21", "year-ending", "academic_year"),
        ("202413", "month", "quarter"),
        ("Nonsense 2020", "month", "month"),
        ("2014", "span", "window"),
    ],
)
def test_a_label_that_cannot_be_read_is_passed_on_as_it_came(text, style, kind):
    assert period_label(text, style, kind) == text


def test_only_a_label_that_says_so_is_provisional():
    said = {text: is_provisional(text) for text in ("2024 (prov)", "2024 (p)", "2024 (Revised)", "2024")}
    assert said == {"2024 (prov)": True, "2024 (p)": True, "2024 (Revised)": False, "2024": False}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-12-03", date(2024, 12, 3)),
        ("22nd July 2021", date(2021, 7, 22)),
        ("1 Feb 2024", date(2024, 2, 1)),
        ("February 2024", date(2024, 2, 29)),
    ],
)
def test_days_are_read_in_figures_and_in_words(text, day):
    assert read_day(text) == day


def test_a_day_that_is_none_is_refused():
    with pytest.raises(ParameterError, match="'soon' is not a date"):
        read_day("soon")
