"""A template filled in, opened and saved by LibreOffice comes back as the same records that CSV files would give."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pandas.testing import assert_frame_equal
from returns_made import NODES, sent, small_council, taken
from workspace import Workspace

from pmf_lib.records.collect import collect
from pmf_lib.records.schema import PROVENANCE, TABLES

FIGURES = {("missed-bins", "2024-08"): 39, ("missed-bins", "2024-09"): 1234.5, ("swims", "2024-25 Q2"): 0.1}
WORDS = {"missed-bins": 'Bank holiday, "wet" & windy: 5 < 6', "swims": "=not a formula"}
DAY = "2024-10-15"


def missing(reason: str) -> Any:
    """Skip, or fail where this is required."""
    if "libreoffice" in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(f"PMF_REQUIRE names 'libreoffice', and {reason}.")
    pytest.skip(f"{reason}; set PMF_REQUIRE=libreoffice to make this a failure")


@pytest.fixture(scope="module")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        missing("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile").as_uri()
    return [str(program), "--headless", f"-env:UserInstallation={profile}", "--convert-to"]


def filled_in(template: bytes) -> bytes:
    """The template as a person fills it: figures, a date, a word in a choice, commentary."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    for sheet, column, key, texts in (
        ("observations", "value", ("measure_id", "period"), FIGURES),
        ("commentary", "text", ("measure_id",), {(name,): text for name, text in WORDS.items()}),
    ):
        heads = {cell.value: cell.column for cell in book[sheet][1]}
        for row in range(2, book[sheet].max_row + 1):
            found = tuple(book[sheet].cell(row, heads[name]).value for name in key)
            if found in texts:
                cell = book[sheet].cell(row, heads[column])
                cell.value = texts[found]
                cell.data_type = "n" if sheet == "observations" else "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_csv(workspace: Workspace) -> None:
    """The same figures and words, added to the council's CSV files."""
    folder = workspace.home / "data/own"
    with (folder / "observations.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([*key, DAY, value] for key, value in FIGURES.items())
    with (folder / "commentary.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["measure_id", "quarter", "text"])
        writer.writerows([name, "2024-25 Q2", text] for name, text in WORDS.items())


def typed(council: Any) -> dict[str, Any]:
    """Every typed table without provenance, in the order of its key."""
    tables = collect(council, nodes=NODES).tables
    return {
        name: tables[name].drop(columns=list(PROVENANCE)).sort_values(list(table.key), ignore_index=True)
        for name, table in TABLES.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_return_saved_by_libreoffice_gives_the_records_that_csv_files_give(
    ending: str, soffice: list[str], workspace: Workspace, tmp_path: Path
) -> None:
    council = small_council(workspace)
    (tmp_path / "filled.xlsx").write_bytes(filled_in(sent(council)))
    command = [*soffice, ending, "--outdir", str(tmp_path / "saved"), str(tmp_path / "filled.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    saved = (tmp_path / "saved" / f"filled.{ending}").read_bytes()
    got = taken(council, saved, DAY, f"filled.{ending}")
    assert got.faults["message"].to_list() == []
    assert got.receipt.stated_totals["observations"] == pytest.approx(sum(FIGURES.values()))
    from_return = typed(council)
    shutil.rmtree(workspace.home / "data/returns")
    by_csv(workspace)
    for name, expected in typed(council).items():
        assert_frame_equal(from_return[name], expected)
    assert len(from_return["observations"]) == 3 + len(FIGURES)
