"""The council's page says of whom it can't speak, what it draws, and what is to be decided."""

import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib import verdicts
from pmf_lib.council import load
from pmf_lib.performance.scorecard import CAPABILITIES, VARIATIONS
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.pages.lived import lived
from pmf_lib.workbook.pages.measures import measures, reach, sentences
from pmf_lib.workbook.pages.scorecard import counts, scorecard
from pmf_lib.workbook.pages.scorecard.awaiting import Waits
from pmf_lib.workbook.results import Collected

COUNCIL = load("sample")
BOOK = SimpleNamespace(
    council=COUNCIL,
    schemes=SimpleNamespace(verdicts=verdicts.load()),
    quarter=parse_quarter("2024-25 Q2"),
    has_own_records=True,
)
IDS = [one.id for one in COUNCIL.directorates]
AWAITED = pd.DataFrame({"measure_id": ["a", "b"], "level": ["cabinet", "directorate"]})
WAITS = Waits(AWAITED, loop=pd.DataFrame({"measure_id": ["a"], "reached_level": ["cabinet"]}))


def collected(*heard: str, missing: tuple[str, ...] = ()) -> Collected:
    frames = {"rated_measures": pd.DataFrame({"directorate": list(heard)})}
    return Collected(frames, is_recorded=True, missing=missing)


def test_a_directorate_without_any_measure_is_named_on_top() -> None:
    said = scorecard.notes(BOOK, collected(*IDS[1:]))
    assert said == {
        "silent": f"No measure of {COUNCIL.directorates[0].name} is recorded, so this page can't speak of it."
    }


def test_one_whose_results_are_missing_is_not_called_silent_too() -> None:
    said = scorecard.notes(BOOK, collected(*IDS[1:], missing=(COUNCIL.directorates[0].name,)))
    assert list(said) == ["incomplete"]


def test_a_whole_set_needs_no_notice() -> None:
    assert scorecard.notes(BOOK, collected(*IDS)) == {}


ROW = {
    "measure_id": "a", "title": "Visits", "directorate": IDS[0], "unit": "days", "decimals": 0, "polarity": "lower",
    "state": "missed", "variation": "no_real_change", "capability": "hit_and_miss", "last_period": "2024-25 Q2",
    "last_value": 5.0, "target": 4.0, "lower": float("nan"), "upper": float("nan"), "reliance": "rely",
    "mean": 5.0, "lpl": 4.0, "upl": 6.0, "owner": "", "target_row": 1, "variation_why": "It moved.",
}  # fmt: skip


POINTS = pd.DataFrame({"measure_id": ["a"], "period": ["2024-25 Q2"], "value": [5.0], "mean": [5.0]})


def rated(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**ROW, **row} for row in rows])


@pytest.mark.parametrize(
    ("variation", "capability", "asked"),
    [
        ("no_real_change", "not_expected", "Change the process, or the target"),
        ("worsening_high", "not_expected", "Find the cause, then test the target"),
        ("improving_low", "not_expected", "Find the cause, then test the target"),
        ("worsening_high", "consistently_meets", "Find the cause of the change"),
    ],
)
def test_where_a_series_has_just_changed_its_cause_is_to_be_found_first(variation, capability, asked):
    said = scorecard.to_decide(BOOK, rated({"variation": variation, "capability": capability}), WAITS).markup
    assert re.findall("Find the cause[^<]*|Change the process[^<]*", said) == [asked]
    assert ">Cabinet<" in said


def test_a_measure_that_nobody_raised_says_so_beside_what_is_to_be_decided():
    said = scorecard.to_decide(BOOK, rated({"measure_id": "b", "variation": "worsening_high"}), WAITS).markup
    assert ">not raised<" in said


@pytest.mark.parametrize(
    ("ids", "waits", "end"),
    [
        ("a", WAITS, "One measure calls for an answer by its chart; it is among the decisions awaited above"),
        ("ab", WAITS, "Two measures call for an answer by their charts; one of them is among the decisions awaited above"),
        ("b", WAITS, "One measure calls for an answer by its chart; it is not among the decisions awaited above"),
        ("a", Waits(AWAITED, is_known=False), "One measure calls for an answer by its chart"),
    ],
)  # fmt: skip
def test_what_the_charts_ask_is_told_apart_from_the_decisions_awaited(ids, waits, end):
    rows = rated(*({"measure_id": one, "variation": "worsening_high"} for one in ids))
    said = scorecard.to_decide(BOOK, rows, waits).markup
    assert f">{end}<" in said


def test_what_is_retired_is_counted_so_that_the_page_s_totals_agree():
    assert scorecard._retired(rated({}, {"state": "retired"})) == [
        "Of the 2 measures, one is retired and no longer looked at here."
    ]
    assert scorecard._retired(rated({})) == []


def test_decisions_and_successes_stand_before_what_changed(monkeypatch):
    monkeypatch.setattr(scorecard.pledges, "said", lambda *_: "")
    framework = SimpleNamespace(marker_word="marker", markers_word="markers")
    book = SimpleNamespace(**vars(BOOK) | {"framework": framework})
    card = pd.DataFrame({"n_measures": [1]})
    said = scorecard.found(book, card, rated({}), "Three decisions.", "Two successes.").markup
    assert [re.sub("<[^>]+>", "", one).split()[0] for one in re.findall("<li>.*?</li>", said, re.DOTALL)] == [
        "Of",
        "Three",
        "Two",
        "Of",
    ]


@pytest.mark.parametrize(
    ("numbers", "missed", "said"),
    [
        (
            [1, 2],
            [0, 3],
            "One of two markers has no missed measure; marker 2 has most of those missed: three",
        ),
        ([1, 2], [3, 3], "Each of the 2 markers has a missed measure"),
        ([1, 1], [0, 3], "One of two markers has no missed measure"),
    ],
)
def test_the_markers_table_has_a_finding_for_its_title(numbers, missed, said):
    card = pd.DataFrame({"number": numbers, "met": 1, "near": 0, "missed": missed})
    assert counts.markers_title(card, "marker", "markers") == said


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["met", "missed", "late"], "Of 3 measures, 2 have a status: 1 is met (50%), none is near and 1 is missed."),
        (["near"], "Of 1 measure, 1 has a status: none is met, 1 is near and none is missed."),
        (["late"], "None of the 1 measure can be rated against a target: 1 late."),
        ([], "No measure is recorded here, so none can be rated."),
    ],
)  # fmt: skip
def test_the_first_sentence_counts_what_is_met_near_and_missed(states, said):
    rows = rated(*({"state": state} for state in states)) if states else rated({}).head(0)
    assert scorecard._states(rows) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"variation": "worsening_high"}], "Of 1 measure tested for change, one really worsens and none really improves."),
        ([{"variation": "not_suited"}], "No series is long and regular enough to tell real change from noise."),
    ],
)  # fmt: skip
def test_the_second_sentence_tells_real_changes_each_way(rows, said):
    assert scorecard._moves(rated(*rows)) == said


def test_page_2_counts_targets_not_expected_to_be_met_apart_from_those_whose_process_just_changed():
    both = rated(
        {"capability": "not_expected", "variation": "worsening_high"}, {"capability": "not_expected"}
    )
    said = measures.not_expected(BOOK, both).markup
    assert (
        "One target is not expected to be met as things run; of one more the process has just changed" in said
    )
    assert said.count(measures.FIND_THE_CAUSE_FIRST) == said.count(measures.CHANGE_THE_PROCESS) == 1
    assert said.index(measures.CHANGE_THE_PROCESS) < said.index(measures.FIND_THE_CAUSE_FIRST)
    assert "1 is not expected to be met without" in sentences.capability_sentence(both)


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (
            {"capability": "hit_and_miss"},
            "No target is known to lie beyond the range in which its process runs",
        ),
        ({"target_row": 0}, "No target is recorded, so none can be tested"),
        (
            {"capability": "not_expected", "variation": "worsening_high"},
            "No target is known to lie beyond the range in which its process runs; of one the process has just changed",
        ),
    ],
)
def test_without_a_target_that_is_beyond_what_is_usual_the_title_says_so(row, title):
    said = measures.not_expected(BOOK, rated(row)).markup
    assert title in said
    assert "out of reach" not in said


def test_what_changed_is_shown_with_the_value_of_one_period_and_the_mean_of_its_chart():
    points = pd.DataFrame(
        {"measure_id": "a", "period": ["2024-25 Q1", "2024-25 Q2"], "value": [360.0, 432.0], "mean": 404.5}
    )
    said = measures.real_changes(
        BOOK, rated({"variation": "worsening_high", "last_value": 792.0}), points
    ).markup
    assert ">432<" in said
    assert ">405<" in said
    assert "792" not in said
    assert "Usual" not in said


@pytest.mark.parametrize(
    ("owner", "post"), [("", COUNCIL.directorates[0].director), ("Head of Homes", "Head of Homes")]
)
def test_page_2_asks_the_director_for_what_has_no_owner_as_page_1_does(monkeypatch, owner, post):
    monkeypatch.setattr(measures, "silent_words", lambda book: "")
    named = {"rated": rated({"owner": owner}).assign(due_on=pd.NaT, value=5.0)}
    book = SimpleNamespace(
        **vars(BOOK), unit=COUNCIL.directorates[0], unit_name="Homes", as_at=date(2024, 11, 15),
        next_return=date(2025, 1, 31), table=lambda name: pd.DataFrame(columns=["quarter", "text", "measure_id"]),
    )  # fmt: skip
    said = unescape(measures.asked(book, **named).markup)
    assert f">{post}<" in said
    assert "no owner named" not in said


@pytest.mark.parametrize(
    ("count", "titles"), [(30, ["15 of 30 measures", "15 of 30 measures"]), (2, ["Two measures"])]
)
def test_each_picture_of_bullets_says_how_many_of_all_it_shows_and_in_what_order(count, titles):
    rows = [
        {"title": f"Visits {at}", "tolerance": 1.0, "tolerance_kind": "amount", "value": 5.0 + at}
        for at in range(count)
    ]
    said = reach.misses(BOOK, rated(*rows)).markup
    assert re.findall(r'class="pmf-title">(.*?) on the wrong side of their targets', said) == titles
    assert "each from the furthest to the nearest, counted in its own tolerance" in said
    assert "at most 4" in unescape(said)


def test_the_grid_draws_the_tested_measures_and_counts_the_others():
    shown = reach.grid(
        BOOK, rated({}, {"title": "Calls", "variation": "not_suited", "capability": "not_tested"})
    )
    assert "None of one measure tested for change" in shown.markup
    assert "1 more measure has a series that the test does not suit" in shown.markup
    assert "Calls" not in shown.markup
    assert 'alt="1 measure by change' in shown.markup


def test_the_grids_title_does_not_count_one_that_just_improved_as_not_expected_to_meet_its_target():
    rows = rated(
        *({"variation": code, "capability": "not_expected"} for code in ("improving_low", "no_real_change"))
    )
    assert reach.grid_title(rows).startswith("One of two measures")


def test_without_a_tested_target_a_sentence_stands_in_the_place_of_an_empty_grid():
    shown = reach.grid(BOOK, rated({"capability": "not_tested"})).markup
    assert (
        shown
        == "<p>No target of the 1 measure tested for change can be tested, so there is no reach to set beside change.</p>"
    )


def test_a_range_is_shown_as_a_target_and_a_doubted_figure_says_so():
    row = {
        "polarity": "range",
        "target": float("nan"),
        "lower": 2.0,
        "upper": 4.0,
        "variation": "worsening_high",
    }
    said = scorecard.to_decide(BOOK, rated(row), WAITS).markup
    assert ">2 to 4<" in said
    assert "Do not rely" not in said
    assert "Do not rely" in scorecard.changes(BOOK, rated(row | {"reliance": "do_not_rely"})).markup
    assert (
        "Do not rely" in measures.real_changes(BOOK, rated(row | {"reliance": "do_not_rely"}), POINTS).markup
    )


UNCLAIMED = {"claimed": "", "claim_gap": "no_claim", "gap_n": 0, "idle_n": 0, "varied_n": 0}


def test_where_nothing_could_be_tested_no_empty_picture_of_levels_is_drawn():
    clause = SimpleNamespace(group_words="planning", how="test", check="measure_has_owner")
    framework = SimpleNamespace(clauses=[clause])
    row = {"group": "planning", "unit": lived.units(BOOK)[0], "tested_n": 0, "met_n": 0, "duties_n": 1}
    groups = pd.DataFrame([{**row, "level": "not_shown", "observed_n": 0, "clauses_n": 1, **UNCLAIMED}])
    book = SimpleNamespace(**vars(BOOK) | {"framework": framework, "has_own_records": False})
    shown = lived.lived(book, collected(*IDS), groups).markup
    assert shown.startswith("<p>Published figures can&#x27;t show whether the framework is lived")
    assert "1 not shown" in shown


def cells(markup: str) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", markup, re.DOTALL)
    found = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in found]


CHANGES = [*VARIATIONS, "not_tested_n"]
REACHES = list(CAPABILITIES)
UNRATED = {"state": "target_missing", "variation": "not_suited", "capability": "not_tested"}


def test_a_directorate_of_which_nothing_is_rated_or_tested_has_dashes_and_no_zeros():
    frame = rated({}, UNRATED | {"directorate": IDS[1]})
    results = Collected({"rated_measures": frame}, is_recorded=True, missing=(COUNCIL.directorates[2].name,))
    head, first, second, third, *_, last = cells(scorecard.by_directorate(BOOK, results).markup)
    assert head[1:] == ["Measures", "Met", "Near", "Missed", "No status", "Improving", "Worsening"]
    assert first[1:] == ["1", "0", "0", "1", "0", "0", "0"]
    assert second[1:] == ["1", "–", "–", "–", "1", "–", "–"]
    assert third[1:] == ["not read"] * 7
    assert last[1:] == ["2", "0", "0", "1", "1", "0", "0"]


def test_a_marker_of_which_nothing_is_rated_or_tested_has_dashes_and_no_zeros():
    counts = dict.fromkeys(
        [*BOOK.schemes.verdicts.codes("status", "absence"), *CHANGES, *REACHES, "stuck_n"], 0
    )
    tested = counts | {"number": 1, "title": "Homes", "n_measures": 1, "met": 1, "no_real_change_n": 1}
    bare = counts | {"number": 2, "title": "Work", "n_measures": 1, "target_missing": 1, "not_tested_n": 1}
    card = pd.DataFrame([tested | {"hit_and_miss_n": 1, "node": "a"}, bare | {"node": "a"}])
    framework = SimpleNamespace(
        title="Framework", marker_word="marker", markers_word="markers", link_levels=[],
        node=lambda _: SimpleNamespace(parent="p", title="Aim", level="marker"),
    )  # fmt: skip
    book = SimpleNamespace(**vars(BOOK) | {"framework": framework})
    rows = [row for row in cells(scorecard.markers(book, card).markup) if len(row) > 2]
    assert rows[0][1:] == ["Measures", "Met", "No status", "Improving", "Worsening", "Not expected to be met"]
    assert rows[1][1:] == ["1", "1", "0", "0", "0", "0"]
    assert rows[2][1:] == ["1", "–", "1", "–", "–", "–"]
