"""A council's figures beside others: who counts, which period, what is tested, and the sentence for it."""

import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pmf_lib import policy, settings
from pmf_lib.errors import ParameterError
from pmf_lib.performance.benchmark import DEFAULT, BenchmarkOptions, BenchmarkScheme, benchmark, standing

FOURTEEN = [64.0, 63.0, 62.5, 61.0, 60.0, 59.0, 58.0, 57.0, 56.0, 55.0, 54.0, 53.0, 52.0, 51.0]


def rated(value=62.5, period="2024-25", **more):
    row = {
        "measure_id": "m",
        "frequency": "annual",
        "polarity": "higher",
        "decimals": 1,
        "unit": "%",
        "last_period": period,
        "last_value": value,
    }
    return pd.DataFrame([row | more])


def others(values=FOURTEEN, period="2024-25", kind="authority", names=None, measure="m"):
    names = names or [f"Town {number:02}" for number in range(len(values))]
    return pd.DataFrame(
        {
            "measure_id": measure,
            "period": period,
            "authority": names,
            "authority_kind": kind,
            "value": np.array(values, dtype=float),
        }
    )


def england(value=62.1, period="2024-25"):
    return others([value], period, "country", ["England"])


def only(found):
    assert len(found) == 1
    return found.iloc[0]


def test_rank_band_distance_and_country_are_said_in_one_sentence():
    found = only(benchmark(rated(), pd.concat([others(), england()])))
    assert (found["rank"], found["ties"], found["n"]) == (3, 1, 15)
    assert (found["band"], found["median"], found["mad"], found["distance_mad"]) == ("A", 58.0, 4.0, 1.125)
    assert (found["country"], found["country_value"], found["than_country"]) == ("England", 62.1, "better")
    assert found["says"] == (
        "Joint 3rd best of 15 authorities, in the best quarter (band A); 1.1 median absolute deviations better than the "
        "median of 58.0%; better than England (62.1%), not tested (no counts are recorded behind it)."
    )


def test_a_council_that_is_not_counted_is_ranked_and_the_median_is_that_of_the_others():
    found = only(benchmark(rated(), others(), options=BenchmarkOptions(counts_itself=False)))
    assert (found["rank"], found["n"], found["median"]) == (3, 15, 57.5)


def test_a_council_better_than_all_others_has_the_best_band_though_it_is_not_counted():
    found = only(benchmark(rated(99), others(), options=BenchmarkOptions(counts_itself=False)))
    assert (found["rank"], found["band"]) == (1, "A")


def test_figures_for_another_period_are_never_used_and_their_period_is_named():
    found = only(benchmark(rated(), pd.concat([others(period="2022-23"), others(period="2023-24")])))
    assert (found["n"], found["is_compared"], found["others_period"]) == (0, False, "2023-24")
    assert found["says"] == (
        "Not compared: the others' latest figures are for April 2023 to March 2024, the one here is for "
        "April 2024 to March 2025."
    )
    assert found["band_why"] == found["says"]


def test_a_country_of_the_same_period_is_told_beside_authorities_of_another():
    found = only(benchmark(rated(), pd.concat([others(period="2025-26"), england()])))
    assert found["others_period"] == "2025-26"
    assert found["says"].startswith(
        "Better than England (62.1%), not tested (no counts are recorded behind it); authorities are left out: the others' latest"
    )


def test_others_figures_of_no_period_of_the_measures_frequency_are_not_named():
    found = only(benchmark(rated(), others(period="2024-25 Q1")))
    assert (found["others_period"], found["says"]) == (
        "",
        "Not compared: nobody else's figures are recorded.",
    )


def test_missing_figures_closed_authorities_and_the_councils_own_row_are_not_counted():
    table = others([60, np.nan, 61, 62.5], names=["A", "B", "Old County", "Us"])
    options = BenchmarkOptions(closed=["Old County"])
    found = only(benchmark(rated(), table, options=options, council="Us"))
    assert (found["n"], found["median"], found["rank"]) == (2, 61.25, 1)


def test_a_council_without_a_result_is_compared_with_nobody():
    found = only(benchmark(rated(np.nan, ""), pd.concat([others(), england()])))
    assert (found["n"], found["is_compared"], found["others_period"]) == (0, False, "")
    assert np.isnan(found["country_value"])
    assert found["says"] == "No result is known here, so nothing is compared."


def test_country_region_group_and_published_median_are_beside_and_never_ranked():
    kinds = {"country": "England", "region": "Midlands", "neighbours": "Group", "median": "Median of all"}
    beside = [others([99.0], kind=kind, names=[name]) for kind, name in kinds.items()]
    found = only(benchmark(rated(), pd.concat([others(), *beside])))
    assert (found["rank"], found["n"]) == (3, 15)
    values = ["country_value", "region_value", "group_value", "published_median"]
    assert found[values].tolist() == [99.0] * 4
    assert found["says"].endswith(
        "worse than England (99.0%), not tested (no counts are recorded behind it); beside it stand Midlands (99.0%), "
        "Group (99.0%) and Median of all (99.0%)."
    )


def test_nearest_neighbours_are_ranked_apart_from_all_authorities():
    options = BenchmarkOptions(neighbours=["Town 00", "Town 05", "Town 06"])
    found = only(benchmark(rated(), others(), options=options))
    assert (found["neighbours_rank"], found["neighbours_n"]) == (2, 4)
    assert (found["rank"], found["n"]) == (3, 15)
    assert found["says"].endswith("; 2nd best of 4 nearest neighbours.")


def test_authority_rows_that_are_neighbours_are_called_so():
    options = BenchmarkOptions(authority_rows="nearest neighbours")
    assert only(benchmark(rated(), others(), options=options))["says"].startswith(
        "Joint 3rd best of 15 nearest"
    )


@pytest.mark.parametrize(
    ("polarity", "why"),
    [
        ("none", "Neither high nor low is best."),
        ("range", "What is best is a range, so neither high nor low is."),
    ],
)
def test_without_a_best_way_there_is_no_rank_or_band_and_why_is_said(polarity, why):
    found = only(benchmark(rated(polarity=polarity), pd.concat([others(), england()])))
    assert np.isnan(found["rank"])
    assert (found["band"], found["band_why"], found["than_country"]) == ("", why, "")
    assert found["says"].startswith("Not ranked, as ")
    assert (
        "1.1 median absolute deviations above the median of 58.0%; beside it stands England (62.1%)."
        in found["says"]
    )


def test_too_few_authorities_give_a_rank_without_a_band_and_why_is_said():
    found = only(benchmark(rated(), others(FOURTEEN[:5])))
    assert (found["rank"], found["n"], found["band"]) == (3, 6, "")
    assert found["band_why"] == "Fewer than 12 authorities have a figure for April 2024 to March 2025."
    assert found["says"] == "Joint 3rd best of 6 authorities; the median is 62.5%."


def test_deviations_of_nought_are_answered_in_words():
    found = only(benchmark(rated(60), others([50.0] * 13)))
    assert (found["mad"], found["rank"]) == (0, 1)
    assert np.isnan(found["distance_mad"])
    assert (
        "the median is 50.0%, and half of them or more are on it, so no distance from it is given"
        in found["says"]
    )


def test_one_precision_for_all_so_that_what_looks_the_same_ties():
    given_ = rated(62.4789, decimals=1)
    table = pd.concat([others(), england(62.46)])
    found = only(benchmark(given_, table))
    assert (found["rank"], found["ties"], found["than_country"]) == (3, 1, "same")
    raw = only(benchmark(given_, table, options=BenchmarkOptions(rounding="none")))
    assert (raw["rank"], raw["ties"], raw["than_country"]) == (4, 0, "better")


@pytest.mark.parametrize(
    ("numerator", "denominator", "verdict"),
    [(625, 1000, "similar"), (6250, 10000, "similar"), (62500, 100000, "better")],
)
def test_a_share_is_tested_against_the_country_by_its_counts(numerator, denominator, verdict):
    found = only(benchmark(rated(numerator=numerator, denominator=denominator), england()))
    assert found["verdict"] == verdict
    assert (found["interval_lower"] <= 62.1 <= found["interval_upper"]) == (verdict == "similar")


def test_a_verdict_names_its_interval():
    found = only(benchmark(rated(numerator=62500, denominator=100000), england()))
    assert found["says"] == "Better than England (62.1%), by more than chance (95% interval 62.2 to 62.8)."


def test_a_narrow_interval_has_a_decimal_more_where_its_ends_would_look_the_same():
    found = only(benchmark(rated(numerator=62_500_000, denominator=100_000_000), england(62.6)))
    assert found["says"] == "Worse than England (62.6%), by more than chance (95% interval 62.49 to 62.51)."


def test_no_difference_is_beyond_chance_that_half_a_unit_of_the_countrys_figure_may_make():
    """2,102 of 3,600 is 58.4%, its interval 56.77 to 59.99; the country's 60 may be 59.5."""
    given_ = rated(58.39, decimals=0, numerator=2102, denominator=3600)
    found = only(benchmark(given_, england(60)))
    assert 59.5 < found["interval_upper"] < 60
    assert found["verdict"] == "similar"
    assert found["says"] == (
        "No further from England (60%) than chance and rounding may take it (95% interval 57 to 60)."
    )
    assert only(benchmark(given_, england(61)))["verdict"] == "worse"


def test_a_country_that_publishes_whole_figures_alone_is_given_half_of_one():
    given_ = rated(58.4, numerator=2920, denominator=5000)  # up to 59.76
    whole = pd.concat([england(60), england(61, "2023-24")])
    assert only(benchmark(given_, whole))["verdict"] == "similar"
    finer = pd.concat([england(60), england(61.3, "2023-24")])
    assert only(benchmark(given_, finer))["verdict"] == "worse"


@pytest.mark.parametrize(
    ("names", "is_tested"),
    [
        ({"denominator_name": "Sessions possible"}, False),
        ({"denominator_name": "Bed days"}, False),
        ({"denominator_name": "Tonnes collected"}, False),
        ({"denominator_name": "Pupils", "numerator_name": "Suspensions"}, False),
        ({"denominator_name": "Children in care for 28 days or more"}, True),
        ({"denominator_name": "Pupils", "numerator_name": "Pupils who missed ten sessions or more"}, True),
        ({"denominator_name": "", "numerator_name": ""}, True),
    ],
)
def test_occasions_and_amounts_are_not_taken_for_separate_cases(names, is_tested):
    given_ = rated(numerator=62500, denominator=100000, **names)
    found = only(benchmark(given_, england()))
    assert (found["verdict"] == "better") is is_tested
    assert np.isnan(found["interval_lower"]) == (not is_tested)
    if not is_tested:
        why = "its counts are of occasions or amounts, not of separate cases"
        assert found["verdict_why"] == why
        assert found["says"] == f"Better than England (62.1%), not tested ({why})."


def test_which_words_are_occasions_is_declared():
    given_ = rated(numerator=62500, denominator=100000, denominator_name="Dances danced")
    assert only(benchmark(given_, england()))["verdict"] == "better"
    found = only(benchmark(given_, england(), options=BenchmarkOptions(occasions=("dances",))))
    assert found["verdict"] == ""
    none = benchmark(
        given_.assign(denominator_name="Sessions"), england(), options=BenchmarkOptions(occasions=())
    )
    assert only(none)["verdict"] == "better"


def test_figures_are_told_at_the_measures_decimals_and_finer_only_to_keep_two_apart():
    halves = only(benchmark(rated(64.1), others([65.6, 65.7, 66.0])))
    assert halves["says"] == "Worst of 4 authorities; the median is 65.7%."
    alike = only(benchmark(rated(65.7), others([65.6, 64.0, 66.0])))
    assert alike["says"] == "2nd best of 4 authorities; the median is 65.65%."
    raw = BenchmarkOptions(rounding="none")
    found = only(benchmark(rated(), others([58.4567], kind="region", names=["Midlands"]), options=raw))
    assert found["says"] == "Beside it stands Midlands (58.5%)."


def test_large_amounts_of_money_are_told_in_millions_where_that_keeps_them_apart():
    given_ = rated(96_179_373, unit="£", decimals=0, polarity="none")
    assert "England (£88.1m)" in only(benchmark(given_, england(88_123_456)))["says"]
    assert "England (£96,151,000)" in only(benchmark(given_, england(96_151_000)))["says"]
    assert "England (£6,775)" in only(benchmark(given_.assign(last_value=6470), england(6775)))["says"]


def test_a_rate_is_tested_by_its_events():
    given_ = rated(20.0, unit="rate per 100,000", polarity="lower", numerator=20, denominator=100000)
    found = only(benchmark(given_, england(40)))
    assert (round(found["interval_lower"], 2), round(found["interval_upper"], 2)) == (12.21, 30.89)
    assert found["verdict"] == "better"


def test_published_limits_come_before_counts_and_are_not_changed():
    given_ = rated(interval_lower=55.0, interval_upper=61.0, numerator=1, denominator=2)
    found = only(benchmark(given_, england()))
    assert (found["interval_lower"], found["interval_upper"], found["verdict"]) == (55, 61, "worse")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "no counts are recorded behind it"),
        ({"numerator": 625.0, "denominator": np.nan}, "no counts are recorded behind it"),
        ({"unit": "days", "numerator": 625, "denominator": 10}, "its unit is not a share or a rate"),
        ({"numerator": 62.5, "denominator": 100}, "what is behind it are not whole counts"),
        ({"numerator": 0, "denominator": 0}, "what is behind it are not whole counts"),
        ({"numerator": 1250, "denominator": 1000}, "its numerator is more than its denominator"),
        ({"numerator": 700, "denominator": 1000}, "its counts give another figure"),
        (
            {"numerator": 625, "denominator": 1000, "numerator_name": "Tax paid, £ thousand"},
            "what is behind it is money, not counts",
        ),
    ],
)
def test_what_cannot_be_tested_has_no_verdict_and_says_why(more, why):
    found = only(benchmark(rated(**more), england()))
    assert (found["verdict"], found["verdict_why"]) == ("", why)
    assert np.isnan(found["interval_lower"])


def test_without_a_country_there_is_an_interval_and_no_verdict():
    found = only(benchmark(rated(numerator=625, denominator=1000), others()))
    assert found["interval_lower"] == pytest.approx(59.45, abs=0.01)
    assert found["verdict_why"] == "no figure of the country's is there for the same period"


def test_every_measure_keeps_its_row_and_the_columns_it_came_with():
    given_ = pd.concat(
        [rated(title="One"), rated(np.nan, "", measure_id="n", title="Two")], ignore_index=True
    )
    found = benchmark(given_, pd.concat([others(), england()]))
    assert_frame_equal(found[list(given_.columns)], given_)
    assert benchmark(given_.head(0), others()).empty
    assert benchmark(given_, pd.DataFrame())["says"].tolist() == [
        "Not compared: nobody else's figures are recorded.",
        "No result is known here, so nothing is compared.",
    ]


def test_wrong_calls_say_what_is_wrong():
    with pytest.raises(ParameterError, match="no column 'last_value'"):
        benchmark(rated().drop(columns="last_value"), others())
    with pytest.raises(ParameterError, match="'m' more than once"):
        benchmark(pd.concat([rated(), rated()]), others())


@with_settings(deadline=None, max_examples=25)
@given(st.permutations(range(16)))
def test_neither_the_order_of_rows_matters_nor_are_frames_changed(order):
    table = pd.concat(
        [others(), england(), others([58.0], kind="region", names=["Midlands"])], ignore_index=True
    )
    before = table.copy()
    assert_frame_equal(benchmark(rated(), table.iloc[list(order)]), benchmark(rated(), table))
    assert_frame_equal(table, before)


@with_settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(400, 700), min_size=12, max_size=30))
def test_a_councils_standing_is_its_row_in_the_standing_of_all(tenths):
    values = [tenth / 10 for tenth in tenths]
    found = only(benchmark(rated(values[0]), others(values[1:])))
    rows = pd.DataFrame({"measure_id": "m", "period": "p", "value": values, "polarity": "higher"})
    wanted = standing(rows).iloc[0]
    for name in ("n", "rank", "ties", "band", "median", "mad"):
        assert found[name] == wanted[name]


def test_the_worked_example_of_the_methods_page_runs():
    page = settings.root() / "docs" / "methods" / "benchmark.md"
    assert (
        doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE).failed
        == 0
    )
    says = only(benchmark(rated(), pd.concat([others(), england()])))["says"]
    assert says in " ".join(page.read_text(encoding="utf-8").split())


def test_the_scheme_in_the_workspace_holds_the_defaults():
    scheme = policy.load(settings.root() / "parameters" / "schemes" / "benchmark.yml", BenchmarkScheme)
    assert scheme.options == DEFAULT
