"""Any CSV file: which columns are meant, how time is told, what is left out and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pmf_lib.errors import ParameterError, RecordsError
from pmf_lib.performance.series import ANNUAL, OVERLAPPING
from pmf_lib.performance.spc import xmr
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.workbook.any_series import Asked, Charted, charted, picture, told
from pmf_lib.workbook.charts.area import Area

WAVE = (12.0, 9.5, 11.0, 8.0, 12.5, 10.0, 9.0)
MONTHS = [f"{2020 + at // 12}-{at % 12 + 1:02d}" for at in range(36)]


def wave(count: int) -> list[float]:
    return [WAVE[at % len(WAVE)] for at in range(count)]


def file(labels: Iterable[object], values: Iterable[object], header: str = "month,value") -> bytes:
    rows = [f"{label},{value}" for label, value in zip(labels, values, strict=True)]
    return "\n".join([header, *rows]).encode()


def found(content: bytes, **asked: Any) -> Charted:
    return charted(content, "waits.csv", Asked(**asked), XmrOptions())


def days(count: int, step: int = 1, first: date = date(2024, 1, 4)) -> list[str]:
    return [(first + timedelta(step * at)).isoformat() for at in range(count)]


def test_limits_are_those_of_the_method() -> None:
    labels, values = MONTHS[:20], wave(20)
    ours = found(file(labels, values)).series.iloc[0]
    frame = pd.DataFrame({"measure_id": "a", "ordinal": range(20), "value": values})
    theirs = xmr(frame).summary.iloc[0]
    names = ["n_points", "mean", "lpl", "upl", "limits", "variation", "variation_why"]
    pd.testing.assert_series_equal(ours[names], theirs[names], check_names=False)


@pytest.mark.parametrize(
    ("header", "date_column", "value_column"),
    [
        ("month,value", "month", "value"),
        ("Period,Figure", "Period", "Figure"),
        ("FINANCIAL_YEAR, Result ", "FINANCIAL_YEAR", "Result"),
    ],
)
def test_columns_with_obvious_names_are_found(header: str, date_column: str, value_column: str) -> None:
    columns = found(file(MONTHS, wave(36), header)).columns
    assert (columns.date, columns.value) == (date_column, value_column)


@pytest.mark.parametrize(
    ("header", "asked", "said"),
    [
        ("perod,value", {}, r"columns: 'perod', 'value'\. Did you mean 'perod'\? Say with --date"),
        ("month,vlaue", {}, r"Did you mean 'vlaue'\? Say with --value"),
        ("month,value", {"by": "mnth"}, r"--by: 'mnth' is not a known column .* Did you mean 'month'\?"),
        ("month,value", {"target": "ninety"}, r"--target: 'ninety' .* A number such as 95 may be given too"),
        ("value,value", {"date": "value"}, r"--date: column 'value' is there twice"),
        ("month,a\x1b[31m", {"value": "b"}, r"Known: 'month', 'a\\x1b\[31m'"),
    ],
)
def test_a_column_that_is_not_there_is_refused_with_those_that_are(
    header: str, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        found(file(MONTHS, wave(36), header), **asked)


def test_what_cannot_be_read_is_told_by_row_and_column_and_the_rest_goes_on() -> None:
    values = [*map(str, wave(20)), "oops", "c", "1,200", "#REF!"]
    labels = [*MONTHS[:20], "2021-09", "2021-10", "2021-11", "2021-12"]
    made = found(file([*labels, "Total", ""], [*values, "5", "6"]))
    assert made.faults[["row", "column", "got"]].to_numpy().tolist() == [
        [22, "value", "oops"],
        [24, "", "cells beyond the header: 1"],
        [25, "value", "#REF!"],
        [26, "month", "Total"],
        [27, "month", ""],
    ]
    assert made.series["n_points"].tolist() == [20]
    assert len(made.points) == 21, "a mark of suppression is a gap, not a fault"


def test_two_rows_for_one_time_are_refused_with_both_rows() -> None:
    content = file([*MONTHS[:12], "2020-03"], wave(13))
    with pytest.raises(RecordsError, match=r"rows 4 and 14: series 'value', '2020-03'\n.*--by"):
        found(content)


def test_rows_known_by_their_order_alone_may_not_repeat_a_label_either() -> None:
    with pytest.raises(RecordsError, match="rows 2 and 4"):
        found(file(["one", "two", "one"], wave(3)))


def test_a_file_without_a_row_that_can_be_read_is_refused() -> None:
    with pytest.raises(RecordsError, match=r"no row can be read\.\n  row 2, column 'value': got 'many'"):
        found(b"month,value\n2020-01,many\n")


@pytest.mark.parametrize(
    ("labels", "read_as"),
    [
        ([f"{2010 + at // 4}-{11 + at // 4} Q{at % 4 + 1}" for at in range(16)], "quarter"),
        ([f"2010-{at:02d}" for at in range(1, 13)], "month"),
        (MONTHS[:16], "month"),
        ([f"2024-W{at:02d}" for at in range(1, 17)], "week"),
        ([f"{label}-01" for label in MONTHS[:16]], "monthly"),
        ([str(day.date()) for day in pd.date_range("2023-01-31", periods=16, freq="ME")], "monthly"),
        (days(16, 7), "weekly"),
        (days(16), "day"),
        ([f"Week {at}" for at in range(16)], "order"),
        ([f"0{at}/04/2024" for at in range(1, 10)], "order"),
    ],
)
def test_time_is_read_as_what_most_labels_are(labels: list[str], read_as: str) -> None:
    assert found(file(labels, wave(len(labels)))).times.read_as == read_as


@pytest.mark.parametrize("labels", [MONTHS[:20], days(20, 7), [f"{label}-15" for label in MONTHS[:20]]])
def test_a_missing_period_is_seen(labels: list[str]) -> None:
    made = found(file(labels[:9] + labels[10:], wave(19)))
    assert "1 period is missing" in made.series["notes"].item()


@pytest.mark.parametrize("labels", [days(20), [f"Week {at}" for at in range(20)]])
def test_where_only_the_order_is_known_no_gap_is_seen_and_that_is_said(labels: list[str]) -> None:
    made = found(file(labels[:9] + labels[10:], wave(19)))
    assert made.series["notes"].item() == ""
    assert "Periods that are missing cannot be seen" in told.text(made)


@pytest.mark.parametrize("labels", [MONTHS[::3], [f"{label}-01" for label in MONTHS[::3]], days(12, 21)])
def test_a_series_of_every_third_period_has_no_gaps(labels: list[str]) -> None:
    made = found(file(labels, wave(12)))
    assert made.series[["limits", "notes", "every"]].to_numpy().tolist() == [
        ["trial", "Trial limits: 12 points, fewer than 13.", 3]
    ]
    assert "12 points, one every 3 " in told.text(made)


@pytest.mark.parametrize("step", [1, 3])
def test_a_season_is_found_in_months_and_in_every_third_month(step: int) -> None:
    labels = [f"{2015 + at // 12}-{at % 12 + 1:02d}" for at in range(0, 72, step)]
    noise = np.random.default_rng(1).normal(0, 0.2, len(labels))
    values = 50 + 9 * np.sin(np.arange(0, 72, step) * np.pi / 6 + 0.5) + noise
    assert found(file(labels, values.round(3))).series["is_seasonal"].item()
    assert not found(file([f"n{label}" for label in labels], values.round(3))).series["is_seasonal"].item()


@pytest.mark.parametrize(
    ("labels", "refused"),
    [
        ([str(2005 + at) for at in range(16)], ANNUAL),
        ([f"{2005 + at}-03-31" for at in range(16)], ANNUAL),
        ([f"{2005 + 2 * at}-03" for at in range(9)], ANNUAL),
        ([f"{2005 + at}-04..{2008 + at}-03" for at in range(16)], OVERLAPPING),
    ],
)
def test_annual_figures_and_overlapping_windows_are_not_suited(labels: list[str], refused: str) -> None:
    made = found(file(labels, wave(len(labels))))
    assert made.series[["variation", "refused"]].to_numpy().tolist() == [["not_suited", refused]]


def test_the_order_of_the_rows_changes_nothing_where_time_is_known() -> None:
    lines = [
        f"{label},{area},{value}" for area in "ab" for label, value in zip(MONTHS, wave(36), strict=True)
    ]
    header = "month,area,value"
    there, back = (found("\n".join([header, *rows]).encode(), by="area") for rows in (lines, lines[::-1]))
    pd.testing.assert_frame_equal(there.series, back.series)
    pd.testing.assert_frame_equal(there.points.drop(columns="row"), back.points.drop(columns="row"))


@pytest.mark.parametrize(
    ("labels", "at"),
    [
        (MONTHS[:24], "2021-03"),
        (days(24, 7), days(24, 7)[14]),
        (days(24), days(24)[14]),
        ([f"w{at}" for at in range(24)], "w14"),
    ],
)
def test_a_rebase_begins_a_segment_at_its_label(labels: list[str], at: str) -> None:
    points = found(file(labels, wave(24)), rebase=(at,)).points
    assert points["segment"].tolist() == [0] * 14 + [1] * 10


def test_a_rebase_begins_at_the_next_row_where_its_own_is_missing() -> None:
    labels = days(24, 7)
    between = (date.fromisoformat(labels[13]) + timedelta(1)).isoformat()
    points = found(file(labels, wave(24)), rebase=(between,)).points
    assert points["segment"].tolist() == [0] * 14 + [1] * 10


@pytest.mark.parametrize("label", ["2020-01", "2031-01", "April", "w3"])
def test_a_rebase_that_divides_no_series_is_refused(label: str) -> None:
    with pytest.raises(ParameterError, match=f"--rebase got '{label}'"):
        found(file(MONTHS, wave(36)), rebase=(label,))


def goals(*more: str) -> bytes:
    """Fourteen months of 10 with goals of 9, 10, …, 22, and more rows."""
    lines = [f"{month},10,{9 + at}" for at, month in enumerate(MONTHS[:14])]
    return "\n".join(["month,value,goal", *lines, *more]).encode()


def test_a_target_is_one_number_or_the_one_beside_the_last_value() -> None:
    content = goals(f"{MONTHS[14]},,30")
    columned = found(content, target="Goal", polarity="lower").series.iloc[0]
    assert (columned["target"], columned["capability"]) == (22, "consistently_meets")
    given = found(content, target="9.5%", polarity="lower").series.iloc[0]
    assert (given["target"], given["capability"]) == (9.5, "not_expected")


def test_a_target_that_ended_does_not_go_on() -> None:
    ended = found(goals(f"{MONTHS[14]},10,"), target="goal", polarity="lower").series.iloc[0]
    assert np.isnan(ended["target"])
    assert ended["capability"] == "not_tested"


def test_a_series_without_any_value_has_no_target() -> None:
    content = goals().replace(b"goal", b"goal,area")
    lines = content.decode().splitlines()
    both = [lines[0], *(f"{line},a" for line in lines[1:]), "2020-01,c,5,b", "2020-02,c,5,b"]
    series = found("\n".join(both).encode(), target="goal", by="area", polarity="lower").series
    assert series["target"].tolist()[0] == 22
    assert np.isnan(series["target"].tolist()[1])


def test_without_a_polarity_no_target_is_tested_and_that_is_said() -> None:
    made = found(file(MONTHS, wave(36)), target="9")
    assert made.series["capability"].item() == "not_tested"
    assert told.NO_POLARITY in told.text(made)


def many(special: int) -> bytes:
    rows = ["month,area,value"]
    for area in range(12):
        shift = 20 if area == special else 0
        rows += [
            f"{month},area-{area:02d},{value + (shift if at > 28 else 0)}"
            for at, (month, value) in enumerate(zip(MONTHS, wave(36), strict=True))
        ]
    return "\n".join(rows).encode()


def test_special_causes_come_first_among_many_series() -> None:
    assert found(many(7), by="area").series["series"].tolist()[:3] == ["area-07", "area-00", "area-01"]


def test_text_names_points_limits_verdict_reason_and_every_rule() -> None:
    values = [*wave(28), *(value + 9 for value in wave(8))]
    said = told.text(found(file(MONTHS, values), polarity="lower", target="30"))
    for words in (
        "waits.csv: 1 series, 36 rows",
        "Time: column 'month' holds months.",
        "the 2023 rule of Making Data Count (mdc-2023), trend 7, shift 7",
        "Lower is better.",
        "36 points, mean 12.33, limits 5.53 to 19.14 (final)",
        "Variation: Worsening. The last point lies above the upper limit.",
        "Last point: 2022-12, 21.0; rules: outside the limits, two in three near a limit, shift",
        "Target: Consistently expected to meet. The limits over all points, those before the change and since, run from "
        "5.53 to 19.14 and all meet the target of 30.0.",
        "But the process has just changed: the last point lies above the upper limit. Find the cause before relying on this.",
    ):
        assert words in said


def test_no_sign_that_a_terminal_acts_on_is_printed() -> None:
    content = file(MONTHS, wave(36), "month,a\x1b[31m\x9b\u202e").replace(b"2020-05", b"\x1b]0;x\x07")
    made = charted(content, "w\x1b.csv", Asked(value="a\x1b[31m\x9b\u202e"), XmrOptions())
    said = told.text(made) + json.dumps(told.facts(made))
    assert [sign for sign in said if not sign.isprintable() and sign != "\n"] == []


def test_facts_are_plain_json_with_null_for_what_is_missing() -> None:
    facts = told.facts(found(file([*MONTHS[:5], "2020-06"], [*wave(5), "-"])))
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    series = facts["series"][0]
    assert (series["mean"], series["target"], series["points"][5]["value"]) == (None, None, None)
    assert list(facts) == ["file", "options", "faults", "series"]


@pytest.mark.parametrize(
    ("labels", "is_named"), [(MONTHS[:24], True), ([f"w{at}" for at in range(24)], False)]
)
def test_a_wall_names_years_only_where_they_are_known(labels: list[str], is_named: bool) -> None:
    lines = [f"{label},{at % 3},{area}" for area in "ab" for at, label in enumerate(labels)]
    (wall,) = picture.drawn(found("\n".join(["month,value,area", *lines]).encode(), by="area"))
    named = [words for area in wall.findobj(Area) for words in area.tick_words]
    assert any(words.startswith("Apr") for words in named) == is_named


def test_a_number_too_large_to_be_summed_is_a_fault() -> None:
    made = found(file(MONTHS, [*wave(34), "1e308", "-1e308"]))
    assert made.faults["got"].tolist() == ["1e308", "-1e308"]
