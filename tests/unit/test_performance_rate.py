"""Rating a quarter: columns promised, what is used and what is not, provenance, schemes and speed."""

import time
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pmf_lib import policy, settings, verdicts
from pmf_lib.errors import ParameterError, PolicyError
from pmf_lib.performance.benchmark import BenchmarkOptions
from pmf_lib.performance.rate import COLUMNS, rate
from pmf_lib.performance.schemes import SpcScheme, StatusScheme
from pmf_lib.performance.spc.options import XmrOptions
from pmf_lib.periods import parse, parse_quarter
from pmf_lib.workbook.book import schemes

QUARTER, AS_AT = parse_quarter("2024-25 Q2"), date(2024, 11, 15)
SCHEME = StatusScheme(
    version=1, dated=date(2024, 4, 1), source="test", tolerance={"amount": 5, "kind": "per-cent"}
)
MONTHS = [parse("2023-07", "month").shift(step).label for step in range(16)]


def measures(count=1, **more):
    given = {
        "definition": "counted",
        "unit": "%",
        "decimals": 1.0,
        "polarity": "higher",
        "frequency": "monthly",
    }
    return pd.DataFrame([given | {"measure_id": f"m{number}"} | more for number in range(count)])


def observations(values, measure="m0"):
    """Monthly values from July 2023 on."""
    frame = pd.DataFrame({"measure_id": measure, "period": MONTHS[: len(values)], "value": values})
    return frame.assign(
        recorded_at=pd.Timestamp("2024-11-01"),
        state="final",
        source_file="o.csv",
        source_row=range(2, len(frame) + 2),
    )


def targets(target=50.0, measure="m0"):
    return pd.DataFrame(
        {
            "measure_id": [measure],
            "from_period": "2024-25",
            "target": target,
            "source_file": "t.csv",
            "source_row": 7,
        }
    )


def rated(*given, **more):
    return rate(*given, quarter=QUARTER, as_at=AS_AT, scheme=SCHEME, **more)


STEADY = [50.0, 52, 49, 51, 50, 53, 48, 51, 50, 52, 49, 51, 50, 52, 51, 99]


def test_nothing_that_ends_after_the_quarter_is_used():
    found = rated(measures(), observations(STEADY), targets())
    row = found.measures.iloc[0]
    assert (row["period"], row["value"], row["last_period"]) == ("2024-09", 51.0, "2024-09")
    assert found.points["period"].max() == "2024-09"
    assert row["variation"] == "no_real_change"


def test_every_column_promised_is_there_with_its_type():
    found = rated(measures(2), observations(STEADY), targets()).measures
    assert list(found.columns) == list(COLUMNS)
    assert found[["n_points", "source_row", "last_row", "target_row", "decimals"]].dtypes.eq("int64").all()
    assert found[["customer_measure", "monitor_only", "provisional"]].dtypes.eq("bool").all()
    words = ["state", "why", "rule", "variation", "capability", "direction_short", "signals", "limits"]
    assert found[words].notna().all(axis=None)


def test_every_code_is_a_known_verdict():
    known, row = verdicts.load(), rated(measures(), observations(STEADY), targets()).measures.iloc[0]
    for kind, column in (("status", "state"), ("variation", "variation"), ("capability", "capability")):
        assert known.get(kind, row[column]).code == row[column]


def test_each_figure_names_its_source_row():
    row = rated(measures(), observations(STEADY), targets()).measures.iloc[0]
    assert row[["source_file", "source_row", "target_file", "target_row"]].tolist() == [
        "o.csv",
        16,
        "t.csv",
        7,
    ]
    assert row[["last_file", "last_row"]].tolist() == ["o.csv", 16]


def test_a_figure_of_a_workbook_names_its_sheet_and_one_that_is_not_there_names_none():
    there = observations(STEADY).assign(source_sheet="observations")
    absent = observations(STEADY[:10], measure="m1").assign(source_sheet="observations")
    found = rated(measures(3), pd.concat([there, absent], ignore_index=True), pd.DataFrame()).measures
    assert found["source_sheet"].tolist() == ["observations", "", ""]


def test_without_a_value_there_is_no_source_of_it_but_one_of_the_last_result():
    row = rated(measures(), observations(STEADY[:10]), targets()).measures.iloc[0]
    assert (row["state"], row["last_period"]) == ("late", "2024-04")
    assert (row["source_file"], row["source_row"]) == ("", 0)
    assert (row["last_file"], row["last_row"]) == ("o.csv", 11)


def test_a_suppressed_row_is_not_given_as_the_source_of_the_last_result():
    values = observations(STEADY[:15])
    values.loc[14, "state"] = "suppressed"
    row = rated(measures(), values, targets()).measures.iloc[0]
    assert (row["state"], row["period"], row["last_period"]) == ("suppressed", "2024-09", "2024-08")
    assert row[["source_file", "source_row", "last_file", "last_row"]].tolist() == ["", 0, "o.csv", 15]


def test_without_any_result_there_is_no_source():
    row = rated(measures(), pd.DataFrame(), pd.DataFrame()).measures.iloc[0]
    assert row[["source_file", "source_row", "last_file", "last_row"]].tolist() == ["", 0, "", 0]


def test_measures_stay_in_the_order_given():
    found = rated(measures(3).iloc[::-1], pd.DataFrame(), pd.DataFrame())
    assert found.measures["measure_id"].tolist() == ["m2", "m1", "m0"]


def test_rob_02_missing_periods_are_named():
    values = observations(STEADY[:15]).drop(index=[3])
    row = rated(measures(), values, targets()).measures.iloc[0]
    assert "1 period is missing" in row["variation_why"]
    assert row["variation_why"].endswith("Missing: 2023-10.")


def test_points_carry_their_period_and_a_suppressed_one_is_a_gap():
    values = observations(STEADY[:15])
    values.loc[4, "state"] = "suppressed"
    points = rated(measures(), values, targets()).points
    assert points["period"].tolist() == MONTHS[:15]
    assert points.loc[4, ["value", "point_type", "state"]].isna().tolist() == [True, False, False]
    assert (points.loc[4, "point_type"], points.loc[4, "state"]) == ("", "suppressed")


def test_a_year_to_date_series_is_charted_by_the_period_alone():
    values = observations([10.0 * step for step in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6)])
    more = {"accumulation": "year-to-date", "unit": "number", "decimals": 0}
    points = rated(measures(**more), values, targets().assign(basis="year-to-date")).points
    assert np.isnan(points["value"].iloc[0])
    assert (points["value"].iloc[1:] == 10).all()


def test_a_percentage_that_cannot_be_taken_apart_is_not_charted_but_still_rated():
    found = rated(
        measures(accumulation="year-to-date"),
        observations(STEADY[:15]),
        targets().assign(basis="year-to-date", from_period="2024-09"),
    )
    row = found.measures.iloc[0]
    assert (row["state"], row["variation"]) == ("met", "not_suited")
    assert "numerator and denominator" in row["variation_why"]
    assert row["direction_long"] == "not_tested"


def test_annual_measures_are_not_charted():
    values = pd.DataFrame(
        {
            "measure_id": "m0",
            "period": [f"{year}/{(year + 1) % 100:02d}" for year in range(2005, 2024)],
            "value": 50.0,
            "recorded_at": pd.Timestamp("2024-10-01"),
            "state": "final",
        }
    )
    row = rated(measures(frequency="academic-annual"), values, targets()).measures.iloc[0]
    assert (row["variation"], row["limits"], row["direction_short"]) == ("not_suited", "none", "not_tested")


def test_options_reach_the_chart():
    row = rated(
        measures(), observations(STEADY[:15]), targets(), options=XmrOptions(trial_limits_below=99)
    ).measures
    assert row["limits"].item() == "trial"


def test_the_schemes_in_force_can_be_read():
    assert schemes().status.tolerance.kind == "per-cent"
    assert schemes().xmr == XmrOptions()


def test_an_unknown_key_of_a_scheme_is_refused_with_a_near_miss():
    path = settings.root() / "parameters" / "schemes" / "status.yml"
    content = policy.read_yaml(path)
    content["tolerance"]["amont"] = content["tolerance"].pop("amount")
    with pytest.raises(PolicyError, match="Did you mean 'amount'"):
        policy.build(content, StatusScheme, path)


def test_a_scheme_that_fixes_limits_too_early_is_refused():
    with pytest.raises(ParameterError, match="fix_after_n"):
        SpcScheme.model_validate(
            {"version": 1, "dated": "2024-04-01", "source": "x", "options": {"fix_after_n": 5}}
        )


def test_hundreds_of_measures_take_well_under_a_second_or_two_on_a_busy_machine():
    many = measures(300)
    values = pd.concat([observations(STEADY[:15], name) for name in many["measure_id"]], ignore_index=True)
    begun = time.process_time()
    rated(many, values, pd.DataFrame())
    assert time.process_time() - begun < 2


def test_a_value_set_aside_is_rated_as_sent_and_kept_off_the_chart():
    values = [*STEADY[:14], 0.5]
    period = observations(values)["period"].iloc[-1]
    aside = pd.DataFrame({"measure_id": ["m0"], "period": [period]})
    kept, left = (
        rated(measures(), observations(values), targets()),
        rated(measures(), observations(values), targets(), set_aside=aside),
    )
    assert kept.measures["value"].item() == left.measures["value"].item() == 0.5
    assert kept.measures["state"].item() == left.measures["state"].item() == "missed"
    assert (kept.measures["n_points"].item(), left.measures["n_points"].item()) == (15, 14)
    assert kept.measures["mean"].item() < 48 < left.measures["mean"].item()


def test_a_unit_without_measures_has_every_column_and_no_row():
    nothing, something = (
        rated(pd.DataFrame(), pd.DataFrame(), pd.DataFrame()),
        rated(measures(), pd.DataFrame(), pd.DataFrame()),
    )
    assert nothing.measures.empty
    assert nothing.measures.dtypes.to_dict() == something.measures.dtypes.to_dict()
    assert tuple(nothing.measures.columns) == COLUMNS


def test_a_year_to_date_value_set_aside_spoils_neither_its_own_month_nor_the_next():
    values = [10.0 * (step % 12 + 1) for step in range(-9 % 12, -9 % 12 + 15)]
    frame = observations(values)
    whole = measures(unit="number", accumulation="year-to-date", roll_up="sum")
    place = frame.index[frame["period"] == "2024-06"][0]
    slipped = frame.assign(value=frame["value"].where(frame.index != place, frame["value"] * 1000))
    aside = pd.DataFrame({"measure_id": ["m0"], "period": ["2024-06"]})
    found = rated(whole, slipped, targets(), set_aside=aside).series.set_index("period")
    assert found.loc["2024-06", "value"] == slipped.loc[place, "value"]
    assert found.loc[["2024-06", "2024-07"], "value_in_period"].isna().all()
    assert found["value_in_period"].max() < 1000


@pytest.mark.parametrize(("occasions", "direction"), [(("dances",), "not_tested"), (("sessions",), "better")])
def test_annual_figures_are_compared_by_counts_that_the_benchmarks_scheme_calls_separate(
    occasions, direction
):
    own = measures(
        frequency="annual", due_days=150, numerator_name="People", denominator_name="Dances", roll_up="ratio"
    )
    sent = observations([20.0, 60.0]).assign(
        period=["2022-23", "2023-24"], numerator=[20.0, 60.0], denominator=100.0
    )
    found = rated(own, sent, targets(), annual=BenchmarkOptions(occasions=occasions)).measures.iloc[0]
    assert found["direction_long"] == direction


@pytest.mark.parametrize(
    ("unit", "chart"), [("%", "p-prime"), ("% of pupils", "p-prime"), ("% of the index of 2015", "xmr")]
)
def test_only_shares_of_a_whole_are_charted_as_shares(unit, chart):
    sent = observations([50.0, 40, 60, 30, 50, 70, 40, 60, 50, 40, 60, 50, 30, 70, 50])
    sent = sent.assign(numerator=sent["value"] / 10, denominator=10.0)
    sent.loc[0, ["numerator", "denominator"]] *= 8
    assert rated(measures(unit=unit), sent, targets()).measures["chart"].item() == chart
