"""The auditor's guide to certification, carried out command by command as it is printed."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from workspace import REPOSITORY, Done, Workspace

pytestmark = pytest.mark.slow

GUIDE = REPOSITORY / "docs" / "certification.md"
ANSWERS = {
    "Documents there": "yes", "Definition followed": "yes", "Prepared by": "Principal Internal Auditor",
    "Concluded on": date(2024, 11, 12), "Reviewed by": "Principal Internal Auditor", "Reviewed on": date(2024, 11, 13),
}  # fmt: skip
RESULT, FOUND, LISTED = 4, 5, 3


def steps() -> Iterator[str]:
    """Commands of the guide, and the places where a person acts, in order."""
    text = GUIDE.read_text(encoding="utf-8")
    for block in re.finditer(r"```sh\n(.*?)```|<!-- tested: (\w+) -->", text, re.DOTALL):
        lines = (block[1] or "").replace("\\\n", " ").strip().splitlines()
        yield from [line for line in lines if line] if lines else [f"person {block[2]}"]


def answered(path: Path, answers: dict[str, object]) -> None:
    book = openpyxl.load_workbook(path)
    for label, cell in book["Worksheet"].iter_rows(min_col=1, max_col=2):
        if label.value in answers:
            cell.value = answers[label.value]
    sample = book["Sample"]
    for row in range(2, sample.max_row + 1):
        sample.cell(row, RESULT).value = "agrees"
        sample.cell(row, FOUND).value = float(sample.cell(row, LISTED).value)
    book.save(path)


def fill_wrongly(home: Path) -> None:
    """Every case agrees; the preparer is also the reviewer."""
    answered(home / "ehc-plans.xlsx", ANSWERS)


def mend(home: Path) -> None:
    answered(home / "ehc-plans.xlsx", {"Reviewed by": "Head of Internal Audit"})


PERSON: dict[str, Callable[[Path], None]] = {"fill_wrongly": fill_wrongly, "mend": mend}


@pytest.fixture(scope="module")
def carried_out(make_workspace: Callable[..., Workspace]) -> tuple[Workspace, list[Done]]:
    own, heard = make_workspace("certification"), []
    for step in steps():
        program, *words = shlex.split(step)
        if program == "person":
            PERSON[words[0]](own.home)
        else:
            heard.append(own.pmf(*words))
    return own, heard


def test_the_sample_is_drawn_the_fault_is_told_and_the_rest_ends_well(
    carried_out: tuple[Workspace, list[Done]],
) -> None:
    _, (drawn, faulty, taken, appended) = carried_out
    assert drawn.out == "ehc-plans.xlsx  29 of 52 cases drawn for strong controls, seed 20241104\n"
    assert "sheet 'Worksheet', cell B" in faulty.err
    assert "'Reviewed by': got the post that prepared it" in faulty.err
    assert [done.code for done in (drawn, taken, appended)] == [0, 0, 0]
    assert faulty.code != 0
    assert taken.out.startswith("By the rule: certified, since the value was worked out again")
    assert "certification of childrens for 2024-25 Q2" in taken.out
    assert "faults 0" in taken.out


def test_the_row_says_what_was_tested_and_by_whom(carried_out: tuple[Workspace, list[Done]]) -> None:
    own, _ = carried_out
    with (own.home / "certifications.csv").open(encoding="utf-8", newline="") as stream:
        [row] = csv.DictReader(stream)
    assert (row["measure_id"], row["period"], row["population_n"], row["sample_n"], row["seed"]) == (
        "ehc-plans-in-time", "2024-09", "52", "29", "20241104",
    )  # fmt: skip
    assert (row["certified_by"], row["verified_by"]) == (
        "Principal Internal Auditor",
        "Head of Internal Audit",
    )


def test_the_worksheet_says_that_the_council_is_made_up(carried_out: tuple[Workspace, list[Done]]) -> None:
    own, _ = carried_out
    book = openpyxl.load_workbook(own.home / "ehc-plans.xlsx")
    assert "This council is made up, and so is every case." in [cell.value for cell in book["Worksheet"]["B"]]
