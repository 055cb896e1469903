"""What changed since the last issued paper, on the council's page: in every unit that both papers speak of, the council too."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import verdicts
from pmf_lib.workbook import compared
from pmf_lib.workbook.pages.shared import changes

BINS, WHOLE = "Bins and Parks", "Whole council"


@pytest.fixture(autouse=True)
def one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that changed is put down to a new period: causes have their own tests."""
    monkeypatch.setattr(compared, "steps", lambda *given: iter([(("period",), given[-1])]))


def rows(**results: str) -> pd.DataFrame:
    """One duty a unit with this result."""
    frame = pd.DataFrame({"result": results}).rename_axis("unit").reset_index()
    return frame.assign(clause="x", what="What x").replace({"unit": {"bins": BINS, "own": WHOLE}})


def book(before: pd.DataFrame, own: pd.DataFrame | None) -> Any:
    """A council of two directorates; `before` is what their pages recorded, `own` what the committee's did, if it did."""
    directorates = [SimpleNamespace(id="adults", name="adults"), SimpleNamespace(id="bins", name=BINS)]
    ids = {BINS: "bins", "adults": "adults"}
    recorded = before.assign(directorate=before["unit"].map(ids)).drop(columns="unit")
    baseline = SimpleNamespace(
        name="version 1 of Quarter 1", frame=lambda _: recorded, council_frame=lambda _: own
    )
    return SimpleNamespace(
        baseline=baseline,
        unit=None,
        unit_name=WHOLE,
        council=SimpleNamespace(directorates=directorates),
        schemes=SimpleNamespace(verdicts=verdicts.load()),
    )


def told(of: Any, now: pd.DataFrame, *missing: str) -> tuple[str, list[list[str]]]:
    """The sentence, and of each change its unit, what changed, then and now."""
    found = changes.of_clauses(of, now, missing)
    assert found is not None
    kind = changes._by_unit(changes.CLAUSES, changes._with_ids(of, now))
    listed = changes.worded(of, kind, found)
    cells = [[row.unit, row.what, row.then.plain, row.now.plain] for row in listed.itertuples()]
    return changes.in_a_line(of, now, found), cells


def test_what_changed_in_the_councils_own_duties_is_told_as_of_the_council() -> None:
    before = rows(adults="met", bins="met", own="met")
    of = book(before[before["unit"] != WHOLE], before)
    said, cells = told(of, rows(adults="met", bins="met", own="not_met"))
    assert cells == [[WHOLE, "Result", "● Met", "▲ Not met"]]
    assert said.startswith(
        "Since version 1 of Quarter 1, was issued, one of three tests changed result, one to a worse one."
    )


def test_a_paper_that_kept_no_duties_of_the_council_makes_none_of_them_new() -> None:
    before = rows(adults="met", bins="met")
    said, cells = told(book(before, None), rows(adults="met", bins="partly", own="not_met"))
    assert cells == [[BINS, "Result", "● Met", "◆ Partly met"]]
    assert "one of two tests" in said
    assert "new." not in said


def test_a_directorate_whose_pages_are_missing_is_not_said_to_be_no_longer_listed() -> None:
    before = rows(adults="met", bins="met", own="met")
    of = book(before[before["unit"] != WHOLE], before)
    said, cells = told(of, rows(adults="partly", own="met"), BINS)
    assert cells == [["adults", "Result", "● Met", "◆ Partly met"]]
    assert "no longer listed" not in said
    assert "no longer listed" in told(of, rows(adults="partly", own="met"))[0]
