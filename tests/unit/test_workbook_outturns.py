"""Forecasts as a unit's pages have them: of a measure that nobody has defined none is given, and none is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pmf_lib.performance.forecast import coverage
from pmf_lib.workbook import results, start
from pmf_lib.workbook.outturns import NOT_DEFINED, outturns


def test_a_forecast_that_is_not_given_is_not_counted_among_those_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PMF_STORE", str(tmp_path))
    book = start("2_measures_against_markers", {"directorate": "childrens", "as_at": "2024-11-15"})
    found = results.rated(book)
    before = outturns(book, found)
    given = before.measures.loc[before.measures["beats_naive"], "measure_id"]
    name = given.iloc[0]
    states = found.measures["state"].mask(found.measures["measure_id"] == name, "not_defined")
    after = outturns(book, replace(found, measures=found.measures.assign(state=states)))
    row = after.measures.set_index("measure_id").loc[name]
    assert (row["refused"], row["beats_naive"]) == (NOT_DEFINED, False)
    assert after.measures["beats_naive"].dtype == bool
    assert name not in set(after.paths["measure_id"])
    counted = [coverage(one).set_index("group")["measures"] for one in (before, after)]
    assert (counted[0]["shown"], counted[1]["shown"]) == (len(given), len(given) - 1)
    assert counted[0]["all"] == counted[1]["all"]
