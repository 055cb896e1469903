"""The stories planted in the sample council's figures: true to its guide, and found by the library."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pmf_lib import council, framework, periods
from pmf_lib.performance.rate import rate
from pmf_lib.records.collect import collect
from pmf_lib.records.parse import Records
from pmf_lib.records.schema import TABLES
from pmf_lib.workbook.book import schemes

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
AS_AT = "2024-11-15"
QUARTER = periods.parse("2024-25 Q2")


def read(table: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLE / f"{table}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def measures() -> pd.DataFrame:
    return read("measures").set_index("measure_id")


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return read("observations")


@pytest.fixture(scope="module")
def targets() -> pd.DataFrame:
    return read("targets")


@pytest.fixture(scope="module")
def records() -> Records:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        ids = ("pmf-2022-25", "wpf-2009")
        nodes = {name: {node.id for node in framework.load(name).nodes} for name in ids}
        return collect(council.load("sample"), nodes=nodes)


@pytest.fixture(scope="module")
def rated(records) -> pd.DataFrame:
    return rated_for(records, QUARTER.label, AS_AT)


def rated_for(records: Records, quarter: str, as_at: str) -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        scheme, options = schemes().status, schemes().xmr
    tables = [records.tables[name] for name in ("measures", "observations", "targets")]
    asked = {"quarter": periods.parse_quarter(quarter), "as_at": date.fromisoformat(as_at)}
    return rate(*tables, **asked, scheme=scheme, options=options).measures.set_index("measure_id")


def guide() -> str:
    return (ROOT / "docs" / "sample-council.md").read_text(encoding="utf-8")


def in_force(observations: pd.DataFrame, measure_id: str, as_at: str = AS_AT) -> pd.DataFrame:
    """The measure's rows by period, as known at a date (labels of one kind sort in time)."""
    own = observations[(observations.measure_id == measure_id) & (observations.recorded_at <= as_at)]
    return (
        own.sort_values(["period", "recorded_at"]).drop_duplicates("period", keep="last").set_index("period")
    )


def values(observations: pd.DataFrame, measure_id: str) -> np.ndarray:
    found = in_force(observations, measure_id)["value"]
    return found[found != ""].astype(float).to_numpy()


def limits(series: np.ndarray) -> tuple[float, float, float]:
    """Mean and natural process limits, worked out here so that the figures are judged apart from the library."""
    moves = np.abs(np.diff(series))
    width = 2.66 * moves[moves <= 3.267 * moves.mean()].mean()
    return series.mean() - width, series.mean(), series.mean() + width


def current_target(targets: pd.DataFrame, measure_id: str) -> float:
    return float(targets[targets.measure_id == measure_id].sort_values("from_period").target.iloc[-1])


# ---- the planted stories --------------------------------------------------------------------------------------------


def test_the_guide_names_only_measures_that_are_there(measures):
    table = re.findall(r"^\|.*\|$", guide(), flags=re.M)
    named = {name for row in table for name in re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", row)}
    assert named - set(measures.index) == {"driver-transformation", "wpf-2009"}
    assert len(named) > 30


@pytest.mark.parametrize(
    ("measure_id", "side"),
    [
        ("potholes-in-time", 1),
        ("early-help-in-time", 1),
        ("missed-bins", -1),
        ("discharge-delay-days", 1),
        ("fly-tips-cleared-in-time", -1),
    ],
)
def test_a_real_change_ends_in_seven_results_on_one_side_of_the_mean(observations, measure_id, side):
    series = values(observations, measure_id)
    assert (np.sign(series - series.mean())[-7:] == side).all()


@pytest.mark.parametrize("measure_id", ["discharge-delay-days", "budget-forecast-variance"])
def test_a_drift_ends_above_its_limits(observations, measure_id):
    series = values(observations, measure_id)
    assert series[-1] > limits(series)[2]


def test_the_fall_in_calls_answered_stays_well_within_its_limits(observations):
    series = values(observations, "calls-answered")
    low, mean, high = limits(series)
    assert series[-2] - series[-1] > 3
    assert low + (mean - low) / 3 < series[-1] < high
    assert len(set(np.sign(series - mean)[-7:])) == 2


@pytest.mark.parametrize("measure_id", ["ehc-plans-in-time", "direct-payments"])
def test_a_target_out_of_reach_lies_above_the_upper_limit(observations, targets, measure_id):
    assert limits(values(observations, measure_id))[2] < current_target(targets, measure_id)


@pytest.mark.parametrize(
    "measure_id", ["invoices-paid-in-time", "major-planning-in-time", "safeguarding-outcomes-met"]
)
def test_a_target_always_met_lies_below_the_lower_limit(observations, targets, measure_id):
    assert limits(values(observations, measure_id))[0] >= current_target(targets, measure_id)


def test_people_into_work_hits_its_target_in_some_months_and_misses_it_in_others(observations, targets):
    series, target = values(observations, "people-into-work"), current_target(targets, "people-into-work")
    low, _, high = limits(series)
    assert low < target < high
    assert 8 < (series >= target).sum() < 22


def test_late_and_awaited_returns_are_not_there_and_fall_due_on_either_side_of_the_as_at_date(
    measures, observations
):
    for measure_id, period, due in [
        ("care-assessment-wait", "2024-09", "2024-10-20"),
        ("smoking-quits", "2024-25 Q2", "2024-12-14"),
    ]:
        assert period not in in_force(observations, measure_id, "9999-12-31").index
        days = pd.Timedelta(days=int(measures.due_days[measure_id]))
        assert f"{(pd.Timestamp(QUARTER.end) + days).date()}" == due
    assert "2024-10-20" < AS_AT < "2024-12-14"


def test_a_suppressed_result_shows_no_figure(observations, measures):
    row = in_force(observations, "domestic-abuse-repeat").loc["2024-25 Q2"]
    assert row[["state", "value", "numerator", "denominator"]].tolist() == ["suppressed", "", "", ""]
    assert measures.exempt["domestic-abuse-repeat"] == "yes"


def test_the_provisional_value_is_in_force_at_the_as_at_date_and_replaced_later(observations):
    before = in_force(observations, "health-checks-taken-up").loc["2024-25 Q2"]
    after = in_force(observations, "health-checks-taken-up", "2024-11-28").loc["2024-25 Q2"]
    assert (before.state, before.value) == ("provisional", "43.8")
    assert (after.state, after.value) == ("final", "44.7")


def test_three_results_were_revised(observations):
    again = observations[observations.duplicated(["measure_id", "period"])]
    assert list(zip(again.measure_id, again.period, again.recorded_at, strict=True)) == [
        ("health-checks-taken-up", "2024-25 Q2", "2024-11-28"),
        ("household-waste-recycled", "2024-06", "2024-10-09"),
        ("reablement-at-home", "2023-24 Q4", "2024-06-19"),
    ]


def test_measures_without_target_definition_or_owner_are_those_planted(measures, targets):
    untargeted = set(measures.index) - set(targets.measure_id)
    assert untargeted == {"town-centre-footfall", "claimant-rate", "hate-incidents-reported"}
    assert untargeted - set(measures.index[measures.monitor_only == "yes"]) == {"town-centre-footfall"}
    assert measures.index[measures.definition == ""].tolist() == ["neighbourhood-networks"]
    assert measures.index[measures.owner == ""].tolist() == ["family-hub-visits"]
    assert measures.index[measures.retired_from != ""].tolist() == ["good-schools"]


def test_one_target_is_not_approved(targets):
    bare = targets[targets.approved_by == ""]
    assert list(zip(bare.measure_id, bare.from_period, strict=True)) == [
        ("performance-conversations-held", "2024-25 Q1")
    ]


def test_a_target_begins_with_the_first_period_of_its_year_and_a_profile_has_a_row_a_period(
    measures, targets
):
    months = targets[targets.measure_id == "calls-answered"]
    assert months.from_period.tolist() == ["2022-04", "2023-04", "2024-04"]
    profiled = targets[targets.basis == "year-to-date"]
    assert set(profiled.measure_id) == set(measures.index[measures.accumulation == "year-to-date"])
    assert profiled.measure_id.value_counts().to_dict() == {
        "affordable-homes": 12,
        "apprenticeship-starts": 12,
        "council-tax-collected": 36,
        "savings-delivered": 12,
    }


def test_comparators_use_the_periods_of_their_measure_and_one_has_no_value(measures):
    comparators = read("comparators")
    assert 8 <= comparators.measure_id.nunique() <= 10
    for row in comparators[["measure_id", "period"]].drop_duplicates().itertuples():
        periods.parse(row.period, periods.FREQUENCIES[measures.frequency[row.measure_id]])
    bare = comparators[comparators.value == ""]
    assert bare[["measure_id", "authority"]].to_numpy().tolist() == [
        ["health-checks-taken-up", "Eastmere (made-up)"]
    ]


def test_the_commentary_is_by_the_owners_post_and_leaves_one_miss_unexplained(measures):
    commentary = read("commentary")
    assert (commentary.post == commentary.measure_id.map(measures.owner)).all()
    assert (commentary.post != "").all()
    latest = commentary[commentary.quarter == QUARTER.label]
    assert "complaints-in-time" not in set(latest.measure_id)
    assert len(latest) >= 10


# ---- what the library says of them ----------------------------------------------------------------------------------


def test_reading_and_checking_the_records_finds_nothing_wrong(records):
    assert records.findings.empty, records.findings.to_string()
    assert (records.reads.rows_read == records.reads.rows_kept).all()
    assert set(records.reads.table) == set(TABLES)


def test_the_counts_of_states_are_those_that_the_guide_gives(rated):
    assert rated.state.value_counts().to_dict() == {
        **dict(zip(("met", "near", "missed", "not_due", "monitor_only"), (18, 9, 9, 4, 2), strict=True)),
        **dict.fromkeys(("target_missing", "late", "suppressed", "not_defined", "retired"), 1),
    }
    assert "18 met, 9 near, 9 missed, 4 not due, 2 monitor only, and one each" in guide()


@pytest.mark.parametrize(
    ("measure_id", "period"),
    [("smoking-quits", "2024-25 Q1"), ("physically-active-adults", "2023-24")],
)
def test_a_slow_measure_is_rated_for_what_fell_due_since_the_report_before(rated, measure_id, period):
    row = rated.loc[measure_id]
    assert row.period == period
    assert row.why.startswith("The latest result due is ")
    assert (row.source_file, row.source_row) == (row.last_file, row.last_row)


def test_at_the_end_of_the_year_the_annual_results_are_awaited(records):
    found = rated_for(records, "2023-24 Q4", "2024-05-15")
    assert found.state["physically-active-adults"] == found.state["staff-engagement"] == "awaited"


@pytest.mark.parametrize(
    ("measure_id", "column", "answer"),
    [
        ("potholes-in-time", "variation", "improving_high"),
        ("early-help-in-time", "variation", "improving_high"),
        ("missed-bins", "variation", "improving_low"),
        ("discharge-delay-days", "variation", "worsening_high"),
        ("fly-tips-cleared-in-time", "variation", "worsening_low"),
        ("budget-forecast-variance", "variation", "neither_high"),
        ("budget-forecast-variance", "state", "missed"),
        ("calls-answered", "variation", "no_real_change"),
        ("household-waste-recycled", "variation", "no_real_change"),
        ("hate-incidents-reported", "variation", "no_real_change"),
        ("sickness-days", "variation", "not_suited"),
        ("people-into-work", "capability", "hit_and_miss"),
        ("people-into-work", "state", "met"),
        ("ehc-plans-in-time", "capability", "not_expected"),
        ("direct-payments", "capability", "not_expected"),
        ("invoices-paid-in-time", "capability", "consistently_meets"),
        ("major-planning-in-time", "capability", "consistently_meets"),
        ("safeguarding-outcomes-met", "capability", "consistently_meets"),
        ("care-assessment-wait", "state", "late"),
        ("smoking-quits", "state", "near"),
        ("physically-active-adults", "state", "near"),
        ("domestic-abuse-repeat", "state", "suppressed"),
        ("town-centre-footfall", "state", "target_missing"),
        ("claimant-rate", "state", "monitor_only"),
        ("hate-incidents-reported", "state", "monitor_only"),
        ("neighbourhood-networks", "state", "not_defined"),
        ("good-schools", "state", "retired"),
        ("staff-engagement", "state", "not_due"),
        ("ks2-expected-standard", "state", "missed"),
        ("complaints-in-time", "state", "missed"),
        ("health-checks-taken-up", "provisional", True),
    ],
)
def test_the_library_finds_the_planted_story(rated, measure_id, column, answer):
    assert rated.loc[measure_id, column] == answer


def test_the_library_finds_no_real_change_that_was_not_planted(rated):
    quiet = {"no_real_change", "not_suited", "too_few_points"}
    assert set(rated.index[~rated.variation.isin(quiet)]) == {
        *("potholes-in-time", "early-help-in-time", "missed-bins"),
        *("discharge-delay-days", "fly-tips-cleared-in-time", "budget-forecast-variance"),
    }
