"""Measure by measure: what a reader may pass over is folded, nothing else."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib.workbook import outturns, reliance, results
from pmf_lib.workbook.book import start
from pmf_lib.workbook.pages.measures import one_by_one, rebased
from pmf_lib.workbook.pages.measures.one_by_one import is_steady
from pmf_lib.workbook.pieces.markup import paragraphs


@pytest.mark.parametrize(
    ("state", "variation", "capability", "folded"),
    [
        ("met", "no_real_change", "hit_and_miss", True),
        ("met", "no_real_change", "consistently_meets", True),
        ("met", "no_real_change", "not_expected", False),
        ("met", "worsening_low", "consistently_meets", False),
        ("met", "too_few_points", "not_tested", False),
        ("near", "no_real_change", "hit_and_miss", False),
        ("monitor_only", "no_real_change", "not_tested", False),
    ],
)
def test_only_what_meets_its_target_and_has_not_changed_is_folded(state, variation, capability, folded):
    assert is_steady(pd.Series({"state": state, "variation": variation, "capability": capability})) is folded


@pytest.mark.parametrize(("is_begun_anew", "steady"), [(True, False), (False, True)])
def test_a_measure_whose_limits_lately_began_anew_by_decision_is_not_folded(is_begun_anew, steady):
    row = {"state": "met", "variation": "no_real_change", "capability": "hit_and_miss"}
    assert is_steady(pd.Series(row | {"is_begun_anew": is_begun_anew})) is steady


@pytest.mark.parametrize(
    ("state", "variation", "side", "under"),
    [
        ("met", "no_real_change", "worse", one_by_one.STEADY_WORDS),
        ("not_due", "not_suited", "better", "Not rated and not tested for change; better than the country"),
        (
            "monitor_only",
            "too_few_points",
            "same",
            "Not rated and not tested for change; the same as the country",
        ),
        ("not_due", "not_suited", "worse", ""),
        ("not_due", "not_suited", "", ""),
        ("not_due", "worsening_low", "better", ""),
        ("late", "not_suited", "better", ""),
        ("missed", "not_suited", "better", ""),
    ],
)
def test_what_is_neither_rated_nor_tested_is_folded_where_it_is_not_worse_than_the_country(
    state, variation, side, under
):
    row = pd.Series(
        {"state": state, "variation": variation, "capability": "not_tested", "than_country": side}
    )
    assert one_by_one.folded(row) == under


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The section of two directorates of the sample council, as markup."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        units = {unit: section(unit) for unit in ("childrens", "economy-environment")}
        return {**units, "the day before": section("childrens", "2024-11-14")}


def section(unit: str, as_at: str = "2024-11-15") -> str:
    book = start("2_measures_against_markers", {"directorate": unit, "as_at": as_at})
    rated = results.rated(book)
    relied = reliance.quality(book, rated.measures)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_by_one, "picture", lambda *given: paragraphs("A picture."))
        return one_by_one.all_measures(book, rated, relied, outturns.outturns(book, rated)).markup


def about(markup: str, measure_id: str) -> str:
    """What is said of one measure."""
    return unescape(re.split(r"<h[34] ", markup.split(f'id="measure-{measure_id}"')[1])[0])


def test_a_commentary_that_seems_to_contradict_is_held_back_and_nothing_tells_why(
    shown: dict[str, str],
) -> None:
    said = about(shown["the day before"], "child-protection-visits")
    assert "Held back until a person has read it beside its figures." in said
    for hint in ("improved", "contradict", "opposite", "differ", "is worse than"):
        assert hint not in said
    assert "The service says" in shown["the day before"].replace("Held back", "")


def test_once_a_person_has_confirmed_it_words_and_figures_stand_side_by_side(shown: dict[str, str]) -> None:
    said = about(shown["childrens"], "child-protection-visits")
    assert "Visits improved again this quarter and meet the target, thanks to the new rota." in said
    assert re.search("The figures show</dt><dd>.*(not met|is worse than)", said)
    assert "as Head of Performance confirmed on 15 November 2024 after reading both" in said
    assert "The text was written before September's figure was known." in said
    assert "Held back" not in said


def test_a_decision_about_the_limits_stands_beside_the_chart_with_post_date_and_reason(
    shown: dict[str, str],
) -> None:
    said = about(shown["childrens"], "ehc-annual-reviews-in-time")
    assert "Limits begin anew" in said
    assert (
        "From October 2023, by decision of Children's Services Performance Board, 8 October 2024: One team"
        in said
    )
    assert re.search(r"The mean was \d+\.\d before and is \d+\.\d since\.", said)
    assert "<details>" not in said
    assert "Limits begin anew" not in shown["economy-environment"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("as_at", "quarters", "is_recent"),
    [("2024-11-15", 4, True), ("2024-11-15", 0, True), ("2026-01-15", 4, False)],
)
def test_a_rebase_is_listed_with_its_means_and_recent_for_as_many_quarters_as_the_scheme_says(
    as_at: str, quarters: int, is_recent: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PMF_STORE", str(tmp_path))
    book = start("2_measures_against_markers", {"directorate": "childrens", "as_at": as_at})
    schemes = replace(
        book.schemes, xmr=book.schemes.xmr.model_copy(update={"rebase_open_quarters": quarters})
    )
    book, rated = replace(book, schemes=schemes), results.rated(book)
    (step,) = rebased.steps(book, rated.measures, rated.points).to_dict("records")
    assert step["is_recent"] is is_recent
    of = rated.points[rated.points["measure_id"] == step["measure_id"]]
    assert [step["before"], step["since"]] == of["mean"].unique().tolist()
    said = unescape(rebased.shown(book, rated.measures, rated.points).markup)
    assert "One measure has limits that begin anew by decision" in said
    assert step["why"] in said


def test_each_measure_says_its_direction_of_travel_or_why_there_is_none(shown: dict[str, str]) -> None:
    for markup in (shown["childrens"], shown["economy-environment"]):
        blocks = markup.split('<h4 id="measure-')[1:]
        said = [re.search("<dt>Direction of travel</dt><dd>(.*?)</dd>", block, re.S) for block in blocks]
        assert all(said)
        assert any("the period before" not in one[1] and " before (" in one[1] for one in said if one)


def test_a_value_in_another_unit_is_named_beside_the_chart_that_leaves_it_out(shown: dict[str, str]) -> None:
    said = about(shown["economy-environment"], "library-visits")
    assert "135.7 for 2023-24 Q3" in said
    assert "<details>" not in said


def test_each_marker_is_listed_first_and_leads_to_its_place(shown: dict[str, str]) -> None:
    for markup in shown.values():
        names = re.findall(r'href="#(node-[a-z0-9-]+)"', markup.split("</ul>")[0])
        assert names
        assert names == re.findall(r'<h3 id="(node-[a-z0-9-]+)"', markup)
