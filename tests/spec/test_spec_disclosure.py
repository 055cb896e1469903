"""What the public edition hides, drawn: one series a case, what is hidden of it marked."""

from __future__ import annotations

import pandas as pd
import pytest

from pmf_lib.records.editions.attack import recoverable
from pmf_lib.records.editions.scheme import Disclosure
from pmf_lib.records.editions.suppress import suppressed
from pmf_lib.records.schema import TABLES, TYPES

SCHEME = Disclosure(version=1, dated="2026-11-22", source="made up", words=["children"])
MONTHS = ["2024-04", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09"]


def measures(*rows: dict[str, object]) -> pd.DataFrame:
    """Measures with what matters here, the rest empty."""
    specs = {name: (spec.metadata or {}) for name, spec in TABLES["measures"].columns.items()}
    usual = {
        **{name: spec["default"] if spec["default"] is not None else "" for name, spec in specs.items()},
        "measure_id": "m",
        "title": "Children seen",
        "directorate": "childrens",
        "unit": "number",
        "polarity": "higher",
        "frequency": "monthly",
        "accumulation": "in-period",
        "roll_up": "sum",
    }
    frame = pd.DataFrame([{**usual, **row} for row in rows or [{}]])
    return frame.astype({name: TYPES[spec["kind"]] for name, spec in specs.items()})


def observed(values: list[object], periods: list[str] = MONTHS, measure: str = "m", day: str = "2024-11-01"):
    """Observations of one measure: each a value, or value, numerator and denominator."""
    cells = [value if isinstance(value, tuple) else (value, None, None) for value in values]
    frame = pd.DataFrame(cells, columns=["value", "numerator", "denominator"], dtype="float64")
    return frame.assign(
        measure_id=measure, period=periods[: len(cells)], recorded_at=pd.Timestamp(day), state="final",
        source_file="made-up.csv", source_sheet="", source_row=range(2, len(cells) + 2),
    )  # fmt: skip


def drawn(observations: pd.DataFrame, of: pd.DataFrame, earlier: pd.DataFrame | None = None) -> str:
    """The values in order, '·' where one is hidden; nothing may be recoverable from what is left."""
    hidden = suppressed(observations, of, SCHEME, earlier)
    left = recoverable(hidden.observations, of, SCHEME, earlier)
    assert left.empty or set(left["measure_id"]) <= set(hidden.before["measure_id"])
    assert hidden.observations.loc[hidden.observations["state"] == "suppressed", "numerator"].isna().all()
    return " ".join("·" if pd.isna(value) else f"{value:g}" for value in hidden.observations["value"])


@pytest.mark.parametrize(
    ("case", "about", "values", "shown"),
    [
        ("one to four are hidden", {}, [0, 1, 4, 5, 12], "0 · · 5 12"),
        ("nothing is of people", {"title": "Bins missed"}, [1, 2, 3], "1 2 3"),
        ("an average is no count", {"unit": "days"}, [1.5, 2, 3], "1.5 2 3"),
        (
            "a month told by the year to date and the one before",
            {"accumulation": "year-to-date", "roll_up": "last"}, [10, 12, 20, 30], "· 12 20 30",
        ),
        (
            "few in each month: the latest that is not small stays",
            {"accumulation": "year-to-date", "roll_up": "last"}, [2, 4, 6, 8], "· · · 8",
        ),
        (
            "a year to date that has not moved tells of nobody",
            {"accumulation": "year-to-date", "roll_up": "last"}, [10, 10, 20], "10 10 20",
        ),
        (
            "counts at a day have no sum",
            {"roll_up": "last"}, [9, 3, 8], "9 · 8",
        ),
    ],
)  # fmt: skip
def test_a_series_of_counts(case: str, about: dict[str, str], values: list[object], shown: str) -> None:
    assert drawn(observed(values), measures(about)) == shown, case


SHARE = {"unit": "%", "roll_up": "ratio", "title": "Seen in time", "numerator_name": "Children seen in time",
         "denominator_name": "Children due"}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "about", "cells", "shown"),
    [
        ("a small numerator takes all three with it", {}, [(30, 3, 10), (60, 6, 10)], "· ·"),
        ("large on both sides", {}, [(60, 12, 20), (50, 10, 20)], "60 50"),
        ("few are left over", {}, [(90, 18, 20), (50, 10, 20)], "· 50"),
        ("none are left over", {}, [(100, 20, 20), (0, 0, 20)], "100 0"),
        ("a ratio tells the numerator that is not given", {}, [(30, None, 10), (50, None, 20)], "· 50"),
        ("potholes are no people", {"numerator_name": "Mended", "denominator_name": "Potholes"}, [(30, 3, 10)], "30"),
    ],
)  # fmt: skip
def test_a_share_with_its_parts(case: str, about: dict[str, str], cells: list[object], shown: str) -> None:
    assert drawn(observed(cells), measures({**SHARE, **about})) == shown, case


def test_a_month_is_not_told_by_its_quarter_and_the_other_months() -> None:
    of = measures({}, {"measure_id": "q", "frequency": "quarterly"})
    quarters = observed([24, 30], ["2024-25 Q1", "2024-25 Q2"], "q")
    both = pd.concat([observed([10, 3, 11, 9, 10, 11]), quarters], ignore_index=True)
    assert drawn(both, of) == "· · 11 9 10 11 24 30"


def test_a_month_is_not_told_by_two_rolling_years() -> None:
    of = measures({}, {"measure_id": "r", "accumulation": "rolling"})
    months = [f"2023-{month:02d}" for month in range(4, 13)] + [f"2024-{month:02d}" for month in range(1, 5)]
    counted = [3, *[10] * 12]
    rolling = observed([113, 120], ["2024-03", "2024-04"], "r")
    shown = drawn(pd.concat([observed(counted, months), rolling], ignore_index=True), of).split()
    assert shown[0] == "·"
    assert "·" in shown[1:], "what would tell the first month is hidden too"


def test_a_figure_is_hidden_as_it_was_first_recorded_too() -> None:
    first, later = observed([3, 9], day="2024-10-01"), observed([8], day="2024-11-01")
    assert drawn(pd.concat([first, later], ignore_index=True), measures()) == "· 9 ·"


@pytest.mark.parametrize(
    ("case", "about", "april", "may", "shown"),
    [
        ("a small count that was mended twice", {}, [9, 3, 8], 9, "· · · 9"),
        ("a month told by the second of three Aprils", {"accumulation": "year-to-date"}, [20, 15, 10], 17, "· · · 17"),
        ("nothing is small at any time", {}, [9, 7, 8], 9, "9 7 8 9"),
    ],
)  # fmt: skip
def test_a_figure_that_was_revised_twice_is_tried_as_after_each_recording(
    case: str, about: dict[str, str], april: list[object], may: object, shown: str
) -> None:
    days = ["2024-06-01", "2024-07-01", "2024-08-01"]
    rows = [observed([value], day=day) for value, day in zip(april, days, strict=True)]
    rows.append(observed([may], ["2024-05"], day="2024-06-01"))
    assert drawn(pd.concat(rows, ignore_index=True), measures(about)) == shown, case


def test_the_same_count_in_two_measures_is_hidden_in_both() -> None:
    of = measures({"title": "Children due"}, {"measure_id": "s", **SHARE})
    both = pd.concat([observed([10, 3]), observed([(50, 5, 10), (0, 0, 3)], measure="s")], ignore_index=True)
    assert drawn(both, of) == "10 · 50 ·"


def test_a_figure_that_an_earlier_public_paper_shows_stays_and_is_told() -> None:
    before = observed([3, 9])
    hidden = suppressed(observed([3, 9, 2]), measures(), SCHEME, before)
    assert hidden.observations["value"].tolist()[:2] == [3, 9]
    assert hidden.before.to_numpy().tolist() == [["m", "2024-04"]]
    assert hidden.cells.to_numpy().tolist() == [["m", "2024-06"]]


def test_a_figure_that_an_earlier_public_paper_shows_otherwise_is_hidden_and_told() -> None:
    hidden = suppressed(observed([3, 9]), measures(), SCHEME, observed([7, 9]))
    assert hidden.cells.to_numpy().tolist() == [["m", "2024-04"]]
    assert hidden.before.to_numpy().tolist() == [["m", "2024-04"]]


def test_what_only_an_earlier_paper_and_this_one_tell_together_is_hidden_in_this_one() -> None:
    of = measures({"accumulation": "year-to-date", "roll_up": "last"})
    before, now = observed([10, 20]), observed([10, 20, 23])
    assert recoverable(now, of, SCHEME)["amount"].tolist() == [3]
    assert drawn(now, of, before) == "10 20 ·"
    assert drawn(now, of) == "10 · 23"


def test_an_attacker_with_an_earlier_paper_finds_what_this_one_alone_does_not_tell() -> None:
    of = measures({"accumulation": "year-to-date", "roll_up": "last"})
    now = suppressed(observed([10, 20, 23]), of, SCHEME).observations
    assert recoverable(now, of, SCHEME).empty
    assert sorted(recoverable(now, of, SCHEME, observed([10, 20]))["why"]) == ["hidden", "small"]


def test_a_source_that_hides_a_month_does_not_tell_it_by_the_year_to_date() -> None:
    of = measures({}, {"measure_id": "y", "accumulation": "year-to-date", "roll_up": "last"})
    months = observed([10, 30, 11]).assign(state=["final", "suppressed", "final"])
    months.loc[1, "value"] = None
    both = pd.concat([months, observed([10, 40, 51], measure="y")], ignore_index=True)
    assert set(recoverable(both, of, SCHEME)["why"]) == {"hidden"}
    assert suppressed(both, of, SCHEME).cells["period"].nunique() > 0
