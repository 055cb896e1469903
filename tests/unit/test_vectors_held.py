"""Every reference case of `tests/vectors` is run by a test that is named here."""

import json
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
VECTORS = TESTS / "vectors"
CHARTS, STATUS = "unit/test_performance_vectors.py", "spec/test_spec_status.py"
HOLDS = {
    "ptd_rules": {"*": (CHARTS, "test_a_rule_gives_the_published_answer")},
    "end_to_end": {"*": (CHARTS, "test_a_whole_series_gives_the_reference_chart")},
    "mdc_two_in_three_2023": {
        "two_in_three": (CHARTS, "test_two_in_three_on_places_in_sigma"),
        "series_two_in_three_mode": (CHARTS, "test_two_in_three_on_a_whole_series"),
    },
    "robustness": {"*": ("unit/test_performance_spc.py", "test_every_recommended_behaviour_has_a_test_of_its_number")},
    "banding": {"*": ("unit/test_benchmark_vectors.py", "test_a_comparison_gives_the_published_answer")},
    "rag": {
        "more": (STATUS, "test_a_tolerance_per_cent_gives_the_published_colour"),
        "less": (STATUS, "test_a_tolerance_per_cent_gives_the_published_colour"),
        "goal_post": (STATUS, "test_a_range_without_tolerance_gives_the_published_colour"),
        "rolling_sum": ("unit/test_performance_rollup.py", "test_a_rolling_sum_gives_the_published_figures"),
    },
    "measure_certification": {
        "*": ("spec/test_spec_certification.py", "test_a_certification_gives_the_published_category_and_size"),
    },
    "council_published": {
        "rag_with_direction": (STATUS, "test_the_with_direction_scheme_gives_the_published_colour"),
        "summary_counts": ("unit/test_performance_rollup.py", "test_a_published_summary_is_told_again"),
    },
}  # fmt: skip
"""File → rule ('*': all of them) → the test that runs its cases."""


def vectors(file):
    return json.loads((VECTORS / f"{file}.json").read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("file", sorted(path.stem for path in VECTORS.glob("*.json")))
def test_every_case_of_a_file_is_run_by_a_test(file):
    held = HOLDS[file]
    assert "*" in held or {vector["rule"] for vector in vectors(file)} == set(held)
    ids = [vector["id"] for vector in vectors(file)]
    assert len(set(ids)) == len(ids) > 0
    for path, name in held.values():
        assert f"def {name}(" in (TESTS / path).read_text(encoding="utf-8")


def test_no_file_is_named_that_is_not_there():
    assert {path.stem for path in VECTORS.glob("*.json")} == set(HOLDS)
