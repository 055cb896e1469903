"""Where the year will end: what pages say of a few forecasts, worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from pmf_lib import verdicts
from pmf_lib.council import load
from pmf_lib.performance.forecast import ForecastOptions, Forecasts
from pmf_lib.performance.forecast.known import ONE_A_YEAR
from pmf_lib.performance.forecast.make import FOLDS, PATHS, TOO_SHORT
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.pages.measures import year_end

BOOK = SimpleNamespace(
    council=load("sample"),
    schemes=SimpleNamespace(verdicts=verdicts.load(), forecast=ForecastOptions()),
    quarter=parse_quarter("2024-25 Q2"),
    unit_name="Places",
    has_own_records=True,
)
ABOUT = {
    "directorate": "resources", "unit": "%", "decimals": 1, "polarity": "higher", "last_value": 80.0,
    "last_period": "2024-25 Q2", "reliance": "rely",
}  # fmt: skip
ROW = {
    "year": "2024-25", "outturn": 90.04, "low": 88.0, "high": 92.0, "chance": 0.047, "target": 95.0, "lower": np.nan,
    "upper": np.nan, "needed_words": "To meet it, the two quarters left would have to average 97%.", "method": "level",
    "refused": "", "beats_naive": True, "own": np.nan, "own_says": "none", "own_why": "",
}  # fmt: skip


def told(*titles: str) -> pd.DataFrame:
    return pd.DataFrame([{**ABOUT, "measure_id": title.lower(), "title": title} for title in titles])


def outturns(**rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**ROW, "measure_id": name, **row} for name, row in rows.items()])


def refused(why: str) -> dict[str, object]:
    figures = dict.fromkeys(("outturn", "low", "high", "chance"), np.nan)
    return {**figures, "refused": why, "needed_words": "", "beats_naive": False}


def made(measures: pd.DataFrame, folds: pd.DataFrame | None = None) -> Forecasts:
    empty = {"measure_id": "str", **dict.fromkeys(FOLDS[1:], float)}
    folds = pd.DataFrame(columns=list(FOLDS)).astype(empty) if folds is None else folds
    return Forecasts(measures, pd.DataFrame(columns=list(PATHS)), folds)


def test_the_likeliest_miss_comes_first_and_what_has_no_target_last() -> None:
    rows = year_end.joined(
        told("A", "B", "C", "D"), outturns(a={"chance": 0.9}, b={"chance": np.nan}, c={"chance": 0.2}, d={})
    )
    assert rows["title"].tolist() == ["D", "C", "A", "B"]
    assert year_end.headline(rows) == (
        "Two of three year-end targets are likelier to be missed than met, at the present pace"
    )


def test_an_even_chance_is_no_likelier_miss() -> None:
    rows = year_end.joined(told("A"), outturns(a={"chance": 0.5}))
    assert year_end.headline(rows).startswith("None of one year-end target is likelier")


def test_forecasts_without_a_target_are_counted_and_held_against_none() -> None:
    rows = year_end.joined(told("A"), outturns(a={"chance": np.nan, "target": np.nan}))
    assert year_end.headline(rows) == (
        "The year's figure of 1 measure is forecast; none has a target to be held against"
    )


def test_why_nothing_is_forecast_is_counted_by_reason_the_commonest_first() -> None:
    short = [refused(TOO_SHORT.format(known, 12)) for known in (4, 9)]
    rows = year_end.joined(
        told("A", "B", "C", "D"), outturns(a={}, b=refused(ONE_A_YEAR), c=short[0], d=short[1])
    )
    assert year_end.silent(rows) == (
        "Nothing is forecast for 3 of 4 measures: too few values, or too wide a gap (2) and one value a year (1)."
    )
    assert year_end.silent(rows.head(1)) == ""


def test_every_reason_of_the_forecast_has_its_few_words() -> None:
    from pmf_lib.performance import series
    from pmf_lib.performance.forecast import known, make

    reasons = [
        text
        for module in (known, make)
        for name, text in vars(module).items()
        if name.isupper() and isinstance(text, str) and text.endswith(".")
    ]
    assert {series.OVERLAPPING, series.REFUSED, make.NOT_BETTER, known.OUT_OF_DATE} <= set(reasons)
    assert [text for text in reasons if year_end._reason(text) == "other reasons"] == []


def test_a_row_says_range_target_chance_what_it_takes_and_what_the_service_expects() -> None:
    measures = outturns(a={"own": 96.25, "own_says": "more_hopeful"})
    markup = year_end.shown(BOOK, told("A"), made(measures)).markup
    for words in (
        '90.0 <span class="pmf-unit">88.0 to 92.0</span>',
        ">95.0<",
        "about 1 in 20 (5%)",
        "would have to average 97%",
        "96.25: more hopeful than the range",
        "The range is meant to hold 80 of 100 outturns",
    ):
        assert words in markup
    assert year_end.NO_OWN not in markup


def test_without_a_service_s_forecast_its_column_is_left_out_and_the_page_says_so_of_own_records_alone() -> (
    None
):
    markup = year_end.shown(BOOK, told("A"), made(outturns(a={}))).markup
    assert "The service expects" not in markup
    assert year_end.NO_OWN in markup
    published = SimpleNamespace(**{**vars(BOOK), "has_own_records": False})
    assert year_end.NO_OWN not in year_end.shown(published, told("A"), made(outturns(a={}))).markup


def test_a_range_is_shown_as_both_ends_for_the_year() -> None:
    told_range = told("A").assign(polarity="range")
    measures = outturns(a={"target": np.nan, "lower": 2.0, "upper": 4.0})
    assert ">2.0 to 4.0<" in year_end.shown(BOOK, told_range, made(measures)).markup


def test_nothing_forecast_is_a_sentence() -> None:
    markup = year_end.shown(BOOK, told("A"), made(outturns(a=refused(ONE_A_YEAR)))).markup
    assert "No year-end figure can be forecast" in markup
    assert "Nothing is forecast for any of 1 measure: one value a year (1)." in markup
    assert "<table" not in markup


def test_the_ranges_of_the_forecasts_shown_are_held_against_what_came() -> None:
    """Of four back-tests of the measure that is shown three held; those of another are not counted."""
    folds = pd.DataFrame(
        [("a", 1, value, 5.0, 4.0, 6.0, 1.0, 2.0) for value in (4.0, 5.0, 6.0, 7.0)]
        + [("b", 1, 9.0, 5.0, 4.0, 6.0, 1.0, 2.0)],
        columns=list(FOLDS),
    )
    both = outturns(a={}, b=refused("The forecast does not beat the seasonal naive: so."))
    assert year_end.back_tested(made(both, folds)) == (
        "Made again from 4 earlier times in these series, the ranges held what then came 75 times in 100."
    )
    assert year_end.back_tested(made(both)) == ""


def test_the_council_s_page_names_the_five_likeliest_misses_and_leads_to_their_pages() -> None:
    names = "ABCDEFG"
    chances = dict(zip(names.lower(), (0.45, 0.1, 0.2, 0.3, 0.6, 0.01, 0.4), strict=True))
    rows = outturns(**{name: {"chance": chance} for name, chance in chances.items()})
    markup = year_end.over_all(BOOK, told(*names), rows).markup
    assert "Six of seven year-end targets are likelier to be missed than met, at the present pace." in markup
    assert "The five likeliest misses of year-end targets" in markup
    places = [markup.index(f"#measure-{name}") for name in "fbcdg"]
    assert places == sorted(places)
    assert "#measure-a" not in markup
    assert '"../resources/2_measures_against_markers.html#measure-f"' in markup


def test_no_table_of_misses_stands_where_every_target_is_likelier_met() -> None:
    markup = year_end.over_all(BOOK, told("A"), outturns(a={"chance": 0.8})).markup
    assert "<table" not in markup
    assert "None of one year-end target is likelier" in markup


def test_what_is_likelier_met_than_missed_is_folded_under_its_number() -> None:
    rows = outturns(a={"chance": 0.2}, b={"chance": 0.8}, c={"chance": np.nan, "target": np.nan})
    first, rest = year_end.shown(BOOK, told("A", "B", "C"), made(rows)).markup.split("<details>")
    assert ">A " in first
    assert ">B " not in first
    assert "<summary>1 year-end target is likely to be met; 1 forecast has no target</summary>" in rest
    assert ">B " in rest
    assert ">C " in rest


def test_where_no_target_is_likely_missed_the_finding_is_a_sentence_over_the_fold() -> None:
    markup = year_end.shown(BOOK, told("A"), made(outturns(a={"chance": 0.8}))).markup
    assert markup.index("None of one year-end target is likelier") < markup.index("<details>")
