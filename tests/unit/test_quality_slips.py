"""Unit slips: every one planted in a steady series is found, and a clean series is left alone."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pmf_lib import periods, settings
from pmf_lib.policy import load
from pmf_lib.records.check import computed_value, values_off
from pmf_lib.records.quality.scheme import QualityScheme
from pmf_lib.records.slips import DEFAULT, as_findings, times_words, unit_slips
from pmf_lib.workbook.results import slips as set_aside

KINDS = {
    "percentage": ("%", 1, lambda rng, n: rng.uniform(70, 98, n)),
    "rate": ("per 10,000", 2, lambda rng, n: rng.uniform(2, 6, n)),
    "amount": ("£", 0, lambda rng, n: rng.normal(250_000, 20_000, n)),
    "count": ("number", 0, lambda rng, n: rng.poisson(40, n) + 10.0),
    "small count": ("number", 0, lambda rng, n: rng.integers(2, 20, n).astype(float)),
}


def series(values, unit="%", decimals=1, **measure):
    """Measures and observations of one monthly measure."""
    labels = [periods.parse("2022-04").shift(n).label for n in range(len(values))]
    about = {"measure_id": "a", "unit": unit, "decimals": float(decimals), "frequency": "monthly"}
    about |= {"accumulation": "in-period", "definition_from": ""} | measure
    rows = pd.DataFrame({"measure_id": "a", "period": labels, "value": np.round(values, decimals)})
    rows = rows.assign(
        numerator=np.nan, denominator=np.nan, state="final", source_file="o.csv", source_sheet=""
    )
    day = pd.Timestamp("2024-10-01")
    return pd.DataFrame([about]), rows.assign(recorded_at=day, source_row=range(2, len(rows) + 2))


def found(measures, rows):
    return unit_slips(rows, measures, computed_value(rows, measures))


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_slip_is_found_with_its_power(kind):
    unit, decimals, draw = KINDS[kind]
    for seed in range(50):
        rng = np.random.default_rng(seed)
        measures, rows = series(draw(rng, int(rng.integers(8, 31))), unit, decimals)
        at, power = int(rng.integers(len(rows))), int(rng.choice([-3, -2, 2, 3]))
        rows.loc[at, "value"] = rows.loc[at, "value"] * 10.0**power
        slips = found(measures, rows)
        assert slips.index.tolist() == [at], (kind, seed)
        assert (slips["power"].iloc[0] == power) or kind == "small count"


@pytest.mark.parametrize("kind", KINDS)
def test_a_clean_series_has_no_slip(kind):
    unit, decimals, draw = KINDS[kind]
    for seed in range(50):
        rng = np.random.default_rng([seed, 1])
        assert found(*series(draw(rng, int(rng.integers(3, 40))), unit, decimals)).empty


STEADY = [90.0, 91.5, 92.0, 90.5, 93.0, 91.0, 92.5, 90.0]


def with_value(value, at=3, values=STEADY, **measure):
    measures, rows = series(values, **measure)
    rows.loc[at, "value"] = value
    return measures, rows


@pytest.mark.parametrize(
    ("value", "power"), [(9050.0, 2), (0.905, -2), (905.0, 1), (9.05, -1), (60.0, 0), (0.0, 0), (-9050.0, 0)]
)
def test_only_a_power_of_ten_is_a_slip(value, power):
    assert found(*with_value(value))["power"].tolist() == [power] * (power != 0)


def test_with_fewer_than_six_others_nothing_is_said():
    assert len(found(*with_value(9050.0, values=STEADY[:7]))) == 1
    assert found(*with_value(9050.0, values=STEADY[:6])).empty


def test_two_slips_in_one_series_are_both_found_and_a_change_of_level_is_none():
    measures, rows = series([*STEADY, *STEADY])
    rows.loc[[2, 9], "value"] = [9200.0, 9150.0]
    assert found(measures, rows).index.tolist() == [2, 9]
    rows.loc[8:, "value"] = rows.loc[8:, "value"] * 100
    assert found(measures, rows).empty


def test_a_slip_that_a_later_row_mends_is_none():
    measures, rows = with_value(9050.0)
    mended = rows.loc[[3]].assign(value=90.5, recorded_at=pd.Timestamp("2024-11-01"), source_row=99)
    both = pd.concat([rows, mended], ignore_index=True)
    assert values_off(both, measures, DEFAULT).empty
    assert values_off(both, measures, DEFAULT, date(2024, 11, 1)).empty
    before = values_off(both, measures, DEFAULT, date(2024, 10, 31))
    assert before[["rule", "source_row"]].to_numpy().tolist() == [["value.unit-slip", 5]]


def test_a_slip_that_came_after_the_day_is_not_judged_and_judges_none():
    measures, rows = with_value(9050.0)
    rows.loc[3, "recorded_at"] = pd.Timestamp("2024-12-01")
    assert values_off(rows, measures, DEFAULT, date(2024, 11, 15)).empty


def test_where_every_value_is_suppressed_there_is_nothing_to_judge():
    measures, rows = with_value(9050.0)
    assert values_off(rows.assign(state="suppressed"), measures, DEFAULT).empty


def test_only_the_found_value_of_a_row_is_set_aside_and_only_while_it_is_in_force():
    measures, rows = with_value(9050.0)
    rows["source_row"] = 2  # a sheet with a column for each period
    mended = rows.loc[[3]].assign(value=90.5, recorded_at=pd.Timestamp("2024-11-01"), source_row=3)
    both = pd.concat([rows, mended], ignore_index=True)
    told = as_findings(rows, found(measures, rows))
    for day, aside in ((date(2024, 10, 31), ["2022-07"]), (date(2024, 11, 1), [])):
        book = SimpleNamespace(findings=told, table={"observations": both}.get, as_at=day)
        assert set_aside(book)["period"].tolist() == aside


@pytest.mark.parametrize(("first", "slips"), [("", 1), ("2022-08", 0)])
def test_a_new_definition_may_count_in_another_unit(first, slips):
    values = [*(value / 1000 for value in STEADY[:4]), *STEADY, *STEADY, *STEADY]
    measures, rows = series(values, decimals=3, definition_from=first)
    assert len(found(measures, rows)) == slips * 4


def test_a_year_to_date_that_grows_is_measured_by_the_part_of_the_year_gone():
    values = [10.0 * (n % 12 + 1) for n in range(30)]
    measures, rows = with_value(4.0, at=15, values=values, unit="number", accumulation="year-to-date")
    assert found(measures, rows)["should_be"].round(6).tolist() == [40.0]
    assert found(*series(values, unit="number", accumulation="year-to-date")).empty


def of_parts(value, numerator=473.0, denominator=1000.0):
    measures, rows = with_value(value)
    rows.loc[3, ["numerator", "denominator"]] = [numerator, denominator]
    return found(measures, rows)


@pytest.mark.parametrize(
    ("value", "power"),
    [(47.3, 0), (0.473, -2), (0.5, -2), (0.48, 0), (4730.0, 2), (9050.0, 0), (905.0, 0), (47.4, 0)],
)
def test_numerator_and_denominator_speak_before_the_series(value, power):
    slips = of_parts(value)
    assert slips["power"].tolist() == [power] * (power != 0)
    assert slips["low"].isna().all()


def test_a_value_that_its_parts_confirm_is_no_slip_however_odd():
    assert of_parts(0.9, 9.0, 1000.0).empty


def test_a_slip_is_told_with_what_the_value_should_be():
    measures, rows = with_value(9050.0)
    told = as_findings(rows, found(measures, rows)).iloc[0]
    assert told[["rule", "column", "got", "source_row"]].tolist() == ["value.unit-slip", "value", "9050", 5]
    assert told["expected"] == "90.5, a hundredth of it: the measure's other values run from 90 to 93"


def test_a_power_has_words_on_both_sides():
    assert [times_words(power) for power in (1, -1, 4)] == [
        "a tenth of it",
        "10 times as much",
        "one 10,000th of it",
    ]


def test_the_rules_without_a_scheme_are_those_of_the_scheme():
    path = settings.root() / "parameters" / "schemes" / "quality.yml"
    assert load(path, QualityScheme).slips == DEFAULT


OTHERS = [83.8, 90.0, 91.5, 92.0, 90.5, 93.0, 91.0, 92.5, 93.2]


@pytest.mark.parametrize("wrong", [12345.0, 1234.0])
def test_a_hint_that_can_not_be_is_not_given_only_how_the_others_run(wrong):
    measures, rows = with_value(wrong, values=[*OTHERS, 90.0], at=9)
    told = as_findings(rows, found(measures, rows))
    assert told["expected"].tolist() == [
        "a value near the others: the measure's other values run from 83.8 to 93.2"
    ]


def test_a_per_cent_is_never_hinted_beyond_a_hundred():
    measures, rows = with_value(1015.0, values=[*OTHERS, 90.0], at=9)
    assert "101.5" not in as_findings(rows, found(measures, rows))["expected"].iloc[0]
    measures, rows = with_value(1015.0, values=[*OTHERS, 90.0], at=9, unit="days")
    assert "101.5" in as_findings(rows, found(measures, rows))["expected"].iloc[0]
