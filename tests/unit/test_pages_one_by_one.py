"""Measure by measure: what a reader may pass over is folded, nothing else."""

import re

import pandas as pd
import pytest

from pmf_lib.workbook import outturns, reliance, results
from pmf_lib.workbook.book import start
from pmf_lib.workbook.pages import one_by_one
from pmf_lib.workbook.pages.one_by_one import is_steady
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


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The section of two directorates of the sample council, as markup."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        return {unit: section(unit) for unit in ("childrens", "economy-environment")}


def section(unit: str) -> str:
    book = start("2_measures_against_markers", {"directorate": unit})
    rated = results.rated(book)
    relied = reliance.quality(book, rated.measures)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_by_one, "picture", lambda *given: paragraphs("A picture."))
        return one_by_one.all_measures(book, rated, relied, outturns.outturns(book, rated)).markup


def about(markup: str, measure_id: str) -> str:
    """What is said of one measure."""
    return re.split(r"<h[34] ", markup.split(f'id="measure-{measure_id}"')[1])[0]


def test_a_commentary_that_seems_to_contradict_is_held_back(shown: dict[str, str]) -> None:
    said = about(shown["childrens"], "child-protection-visits")
    assert "Held back until a person has confirmed it" in said
    assert "improved" not in said
    assert "The service says" in shown["childrens"].replace("Held back", "")


def test_a_value_in_another_unit_is_named_beside_the_chart_that_leaves_it_out(shown: dict[str, str]) -> None:
    said = about(shown["economy-environment"], "library-visits")
    assert "135.7 for 2023-24 Q3" in said
    assert "<details>" not in said


def test_each_marker_is_listed_first_and_leads_to_its_place(shown: dict[str, str]) -> None:
    for markup in shown.values():
        names = re.findall(r'href="#(node-[a-z0-9-]+)"', markup.split("</ul>")[0])
        assert names
        assert names == re.findall(r'<h3 id="(node-[a-z0-9-]+)"', markup)
