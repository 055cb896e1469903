"""Measure by measure: what a reader may pass over is folded, nothing else."""

import pandas as pd
import pytest

from pmf_lib.workbook.pages.one_by_one import is_steady


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
