"""The guide from a fresh copy of the workbook to an issued quarter, carried out line by line as it is printed."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from workspace import REPOSITORY, Done, Workspace

pytestmark = pytest.mark.slow

GUIDE = REPOSITORY / "docs" / "first-quarter.md"
QUARTERS = [
    f"{year}-{(year + 1) % 100:02d} Q{number}" for year in (2022, 2023, 2024) for number in range(1, 5)
]
QUARTERS.append("2025-26 Q1")
SENT = "to-send/northborough-2025-26-q1-{}.xlsx"
MEASURES = {
    "adults": [("care-plan-days", "Days that people wait for a care plan", "days", "lower", "marker-09")],
    "places": [
        ("bins-missed", "Bins that were missed", "per 10,000", "lower", "marker-19"),
        ("streets-clean", "Streets found clean", "%", "higher", "marker-20"),
    ],
}


def steps() -> Iterator[str]:
    """Commands of the guide, and the places where a person acts, in order."""
    text = GUIDE.read_text(encoding="utf-8")
    for block in re.finditer(r"```sh\n(.*?)```|<!-- tested: (\w+) -->", text, re.DOTALL):
        lines = (block[1] or "").replace("\\\n", " ").strip().splitlines()
        yield from [line for line in lines if line] if lines else [f"person {block[2]}"]


def filled(path: Path, sheet: str, rows: list[dict[str, Any]]) -> None:
    """Put rows under the header of one sheet, as a person would."""
    book = openpyxl.load_workbook(path)
    at = {cell.value: cell.column for cell in book[sheet][1]}
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            book[sheet].cell(number, at[name]).value = value
    book.save(path)


def fill(home: Path) -> None:
    for unit, measures in MEASURES.items():
        path = home / SENT.format(unit)
        keys = [key for key, *_ in measures]
        filled(path, "measures", [
            {"measure_id": key, "title": title, "definition": "As the service's manual says.", "directorate": unit,
             "owner": f"Head of {unit.title()}", "unit": of, "decimals": 1, "polarity": better, "frequency": "quarterly"}
            for key, title, of, better, _ in measures
        ])  # fmt: skip
        filled(path, "links", [
            {"framework": "pmf-2022-25", "node": node, "measure_id": key, "reason": "The marker asks for it."}
            for key, *_, node in measures
        ])  # fmt: skip
        filled(path, "observations", [
            {"measure_id": key, "period": quarter, "value": 40 + (7 * place) % 5}
            for key in keys for place, quarter in enumerate(QUARTERS)
        ])  # fmt: skip
        filled(path, "targets", [
            {"measure_id": key, "from_period": "2024-25 Q1", "target": 41, "tolerance": 1, "approved_by": "Cabinet",
             "approved_on": date(2024, 3, 20), "reference": "Minute 12"} for key in keys[:1]
        ])  # fmt: skip
    filled(home / SENT.format("adults"), "observations", [{"value": "about forty"}])


def mend(home: Path) -> None:
    """The marked-up copy, with the word replaced by a number."""
    [marked] = (home / "outputs" / "returns").rglob("*to-mend.xlsx")
    shutil.copyfile(marked, home / "mended.xlsx")
    filled(home / "mended.xlsx", "observations", [{"value": 40}])


PERSON: dict[str, Callable[[Path], None]] = {"fill": fill, "mend": mend}


@pytest.fixture(scope="module")
def said(make_workspace: Callable[..., Workspace]) -> dict[str, Done]:
    """What each command of the guide said."""
    own = make_workspace("guide")
    shutil.rmtree(own.home / "data")
    heard: dict[str, Done] = {}
    for step in steps():
        program, *words = shlex.split(step)
        if program == "person":
            PERSON[words[0]](own.home)
            continue
        run = heard.get("pmf paper status", Done(0, "", "")).out.split(" ")[0]
        heard[step] = own.pmf(*(run if word == "RUN" else word for word in words))
    return heard


def test_every_step_of_the_guide_ends_well(said: dict[str, Done]) -> None:
    assert {step: done.err for step, done in said.items() if done.code} == {}
    assert len(said) > 12


def test_the_fault_is_told_by_its_cell_and_gone_when_mended(said: dict[str, Done]) -> None:
    first, mended, _ = (done.out for step, done in said.items() if step.startswith("pmf returns collect"))
    assert "sheet 'observations'" in first
    assert "about forty" in first
    assert "faults 0" in mended


def test_the_quarter_is_issued_and_everything_holds(said: dict[str, Done]) -> None:
    [issued] = [done.out for step, done in said.items() if step.startswith("pmf issue")]
    assert "version 1 of Quarter 1, April to June 2025" in issued
    assert "1 issued paper" in said["pmf verify"].out


def test_the_next_quarter_asks_for_what_is_missing(said: dict[str, Done]) -> None:
    [step] = [step for step in said if "2025-26 Q2" in step]
    assert "northborough-2025-26-q2-places.xlsx" in said[step].out
