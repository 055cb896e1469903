"""A latest result beside others', as a drawn table, and what the page says of it."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pmf_lib import verdicts
from pmf_lib.performance.benchmark import BenchmarkOptions
from pmf_lib.workbook import rated as ratings
from pmf_lib.workbook.pages.board import board
from pmf_lib.workbook.pages.measures import others

TABLE = """
polarity  decimals  here   country  side
higher    1         90.0   85.0     Better_(not_tested)
higher    1         80.0   85.0     Worse_(not_tested)
lower     1         80.0   85.0     Better_(not_tested)
lower     1         90.0   85.0     Worse_(not_tested)
higher    1         85.04  85.0     The_same
higher    2         85.04  85.0     Better_(not_tested)
none      1         90.0   85.0     –
range     1         90.0   85.0     –
"""


def rated(here: float, polarity: str = "higher", decimals: float = 1, measure: str = "m") -> pd.DataFrame:
    row = {
        "measure_id": measure,
        "title": measure.upper(),
        "polarity": polarity,
        "decimals": decimals,
        "unit": "%",
    }
    return pd.DataFrame([{**row, "frequency": "annual", "last_period": "2023-24", "last_value": here}])


def comparator(
    authority: str, kind: str, value: float, period: str = "2023-24", measure: str = "m"
) -> dict[str, object]:
    return {
        "measure_id": measure,
        "period": period,
        "authority": authority,
        "authority_kind": kind,
        "value": value,
    }


COUNTS = [
    "measure_id",
    "period",
    "recorded_at",
    "state",
    "source_file",
    "source_row",
    "value",
    "numerator",
    "denominator",
]


def book_of(
    *rows: dict[str, object], counts: tuple[tuple[float, float], ...] = (), who: str | None = None
) -> SimpleNamespace:
    """A book whose measure 'm' was made of these numerators and denominators, the last recorded last."""
    observed = [
        ("m", "2023-24", pd.Timestamp("2024-06-01") + pd.Timedelta(days=at), "final", "f", at, 1.0, *pair)
        for at, pair in enumerate(counts)
    ]
    tables = {
        "comparators": pd.DataFrame(rows),
        "observations": pd.DataFrame(observed, columns=COUNTS).astype({"recorded_at": "datetime64[us]"}),
        "measures": pd.DataFrame(
            [{"measure_id": "m", "numerator_name": "people", "denominator_name": "people"}]
        ),
    }
    return SimpleNamespace(
        table=tables.__getitem__,
        as_at=pd.Timestamp("2024-11-15"),
        council=SimpleNamespace(authorities=who, short_name="Home", name="Home Council"),
        schemes=SimpleNamespace(verdicts=verdicts.load(), benchmark=BenchmarkOptions()),
    )


def many(count: int, measure: str = "m") -> list[dict[str, object]]:
    """Authorities with 1, 2, 3 and so on."""
    return [comparator(f"A{at}", "authority", float(at), measure=measure) for at in range(1, count + 1)]


def cells(markup: str) -> list[str]:
    """What the cells of the first row say."""
    row = markup.split("<tbody>")[1].split("</tr>", maxsplit=1)[0]
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]


@pytest.mark.parametrize("line", TABLE.strip().splitlines()[1:])
def test_better_or_worse_than_the_country_by_polarity(line: str) -> None:
    polarity, decimals, here, country, side = line.split()
    book = book_of(comparator("England", "country", float(country)))
    markup = others.others(book, rated(float(here), polarity, float(decimals))).markup
    assert cells(markup)[3] == side.replace("_", " ")


def test_only_figures_of_the_same_period_and_measure_are_set_beside_it() -> None:
    book = book_of(
        comparator("England", "country", 1.0, period="2022-23"),
        comparator("England", "country", 2.0, measure="other"),
    )
    assert others.beside(book, rated(5.0)).empty
    assert others.beside(book, rated(np.nan)).empty


def compared(*rows: tuple[str, str]) -> pd.DataFrame:
    """A frame of (side, verdict), as `beside` gives it."""
    return pd.DataFrame(rows, columns=["than_country", "verdict"]).assign(country="England")


MIXED = compared(
    ("worse", "worse"), ("worse", "similar"), ("better", "similar"), ("better", "better"), ("", "higher")
)
UNTESTED = compared(("worse", ""), ("better", ""), ("better", ""), ("same", ""), ("", ""))


def test_the_sentence_counts_differences_beyond_chance_within_it_and_not_tested_apart() -> None:
    assert others.sentence(MIXED) == (
        "One of four latest results tested against England for the same period is worse by more than chance, 1 better by "
        "more than chance and 2 within chance."
    )
    assert others.sentence(UNTESTED) == (
        "None of four latest results can be tested against England for the same period: 1 worse, 2 better and 1 the same, "
        "as they stand."
    )
    assert others.sentence(pd.concat([MIXED, UNTESTED])) == (
        others.sentence(MIXED).rstrip(".")
        + "; 4 more can't be tested: 1 worse, 2 better and 1 the same, as they stand."
    )
    assert others.sentence(MIXED.tail(1)) == others.sentence(UNTESTED.tail(1)) == ""


def test_a_difference_within_chance_is_neither_counted_as_worse_nor_as_better() -> None:
    within = MIXED.iloc[1:3]
    assert others.sentence(within) == (
        "None of two latest results tested against England for the same period is worse by more than chance: 2 within chance."
    )
    assert others.sentence(MIXED.iloc[[0, 0]]) == (
        "All 2 latest results tested against England for the same period are worse by more than chance."
    )


def test_the_headline_leads_with_what_is_tested() -> None:
    last = "none can be rated against a target or tested for change"
    assert others.headline(pd.concat([MIXED, UNTESTED])) == (
        "One of four latest results tested against England is worse by more than chance, 1 better by more than chance and 2 "
        f"within chance; 4 more can't be tested; {last}"
    )
    assert others.headline(UNTESTED) == (
        f"None of four latest results can be tested against England: 1 worse, 2 better and 1 the same, as they stand; {last}"
    )
    assert others.headline(UNTESTED.tail(1)) == ""


def test_a_worse_result_within_chance_is_folded_with_those_that_are_not_worse() -> None:
    markup = others.others(
        book_of(comparator("England", "country", 50.0), counts=((2.0, 10.0),)), rated(20.0)
    ).markup
    assert "One other result: 1 within chance" in markup
    assert "<details" in markup.split("<table")[0]


def test_why_differences_are_not_tested_is_said_under_the_title() -> None:
    markup = others.others(book_of(comparator("England", "country", 50.0)), rated(20.0)).markup
    assert "Not tested here: no counts are recorded behind it (1)" in markup


def test_the_worse_are_listed_by_how_far_they_are_from_the_country() -> None:
    here = {"near": 99.0, "far": 50.0, "small and far": 1.0, "best": 120.0, "better": 101.0}
    country = dict.fromkeys(here, 100.0) | {"small and far": 4.0}
    measures = pd.concat([rated(value).assign(measure_id=name, title=name) for name, value in here.items()])
    book = book_of(
        *(comparator("England", "country", value, measure=name) for name, value in country.items())
    )
    assert others.beside(book, measures)["title"].tolist() == [
        "small and far",
        "far",
        "near",
        "better",
        "best",
    ]
    assert "as a share of it" in others.others(book, measures.reset_index()).markup


def test_a_latest_value_that_is_surely_wrong_is_compared_with_nobodys() -> None:
    book = book_of(
        comparator("England", "country", 100.0), comparator("England", "country", 100.0, measure="n")
    )
    both = pd.concat([rated(5.0), rated(90.0, measure="n")], ignore_index=True)
    shown = both.assign(is_off_chart=[True, False])
    assert others.beside(book, both)["title"].tolist() == ["M", "N"]
    assert others.beside(book, shown)["title"].tolist() == ["N"]
    assert (
        "One latest value that seems to be in another unit is left out" in others.others(book, shown).markup
    )


def test_place_quarter_and_distance_are_given_among_enough_authorities() -> None:
    """Of 1 to 12 and the 2 here: 13 figures, median 6, deviations 5 4 4 3 2 1 0 1 2 3 4 5 6, their median 3."""
    book = book_of(comparator("England", "country", 6.0), *many(12))
    assert cells(others.others(book, rated(2.0)).markup) == [
        "2023-24",
        "2.0",
        "6.0",
        "Worse (not tested)",
        "joint 11th of 13, D",
        "1.3 worse",
    ]
    few = others.others(book_of(comparator("England", "country", 6.0), *many(4)), rated(2.0)).markup
    assert cells(few) == ["2023-24", "2.0", "6.0", "Worse (not tested)", "joint 3rd of 5"]


def test_whom_the_authorities_are_is_said_as_the_council_s_file_has_it() -> None:
    assert "Rank among authorities" in others.others(book_of(*many(4)), rated(2.0)).markup
    markup = others.others(book_of(*many(4), who="nearest neighbours"), rated(2.0)).markup
    assert "Rank among nearest neighbours" in markup
    assert "worst among nearest neighbours" not in markup


def test_the_council_itself_is_not_counted_twice() -> None:
    book = book_of(*many(4), comparator("Home", "authority", 2.0))
    assert others.beside(book, rated(2.0))["n"].tolist() == [5]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (((20.0, 100.0),), "Worse, beyond chance"),  # 20%: 13 to 29, England 50
        (((2.0, 10.0),), "Within chance"),  # 20%: 6 to 51
        ((), "Worse (not tested)"),
        (((2.0, 10.0), (20.0, 100.0)), "Worse, beyond chance"),  # as recorded last
    ],
)
def test_a_difference_is_tested_where_the_counts_behind_the_value_in_force_allow(
    counts: tuple[tuple[float, float], ...], said: str
) -> None:
    book = book_of(comparator("England", "country", 50.0), counts=counts)
    markup = others.others(book, rated(20.0)).markup
    assert cells(markup)[3] == said
    assert ("outside the 95% interval of the result here (1 measure)" in markup) is bool(counts)


def test_without_others_the_page_says_so_and_draws_nothing() -> None:
    markup = others.others(
        book_of(comparator("England", "country", 1.0, period="2020-21")), rated(5.0)
    ).markup
    assert "No figure of others is recorded" in markup
    assert "<img" not in markup


def test_the_picture_is_titled_by_the_figures_that_are_the_worst_of_all() -> None:
    book = book_of(*many(4), *many(4, "n"), *many(4, "o"))
    three = pd.concat([rated(0.5), rated(0.2, measure="n"), rated(4.5, measure="o")], ignore_index=True)
    assert "Two of three figures drawn are the worst among authorities" in others.others(book, three).markup
    assert "The lowest rank among authorities is 1st of 5: O" in others.others(book, three.tail(1)).markup


def test_the_board_and_the_record_keep_a_latest_value_off_its_chart_by_one_rule(monkeypatch):
    slipped = pd.DataFrame({"measure_id": ["m", "n"], "period": ["2023-24", "2022-23"], "value": [9.0, 9.0]})
    monkeypatch.setattr(ratings, "slips", lambda _: slipped)
    both = pd.concat([rated(1.0, measure="n"), rated(2.0, measure="m")]).set_axis([4, 9])
    off = pd.Series([False, True], [4, 9])
    book = SimpleNamespace(links=pd.DataFrame())
    pd.testing.assert_series_equal(ratings.is_off_chart(book, both), off)
    relied = SimpleNamespace(measures=pd.DataFrame({"measure_id": ["m", "n"], "reliance": ["rely", "rely"]}))
    told = ratings.told(book, both, relied)["is_off_chart"]
    compared = []
    monkeypatch.setattr(others, "told", lambda _, rows: compared.append(rows["is_off_chart"]))
    pack = SimpleNamespace(
        agenda=pd.DataFrame({"item": [board.VALUE_FOR_MONEY]}), records=SimpleNamespace(rated=both)
    )
    board._benchmark(book, pack)
    for found in (told, *compared):
        pd.testing.assert_series_equal(found, off, check_names=False)
    assert len(compared) == 1
