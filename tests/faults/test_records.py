"""Faults in the council's records: a file that can't be read stops the command, a row that can't be used does not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from workspace import RECORDS, Done, Reader, Workspace

Rows = list[dict[str, str]]
PAGE = "2_measures_against_markers"
NASTY = "<script>alert(1)</script> and <b>bold</b>, {{ 7*7 }}, {% raw %} & $x$ </details></main> in a comment"


def renamed_column(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("measure_id,period,", "measure_id,perod,", 1), encoding="utf-8")


def renamed_file(path: Path) -> None:
    path.rename(path.with_name("observatoins.csv"))


UNREADABLE: dict[str, tuple[str, Callable[[Path], None], list[str]]] = {
    "no file of measures": ("measures", Path.unlink, ["No table 'measures'", "councils/sample.yml"]),
    "an empty file": ("targets", lambda path: path.write_text(""), ["targets.csv is empty", "'measure_id'"]),
    "a renamed column": (
        "observations",
        renamed_column,
        ["observations.csv", "'perod'", "Did you mean 'period'?"],
    ),
    "a renamed file": (
        "observations",
        renamed_file,
        ["observatoins.csv", "Did you mean 'observations'?", "Rename the file"],
    ),
    "a file that is no text": (
        "targets",
        lambda path: path.write_bytes(b"measure_id\n\xff\xfe"),
        ["targets.csv is not UTF-8 text (line 2)"],
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_records_that_cannot_be_read_stop_the_command_and_name_the_file(
    workspace: Workspace, case: str
) -> None:
    table, spoil, words = UNREADABLE[case]
    spoil(workspace.home / RECORDS / f"{table}.csv")
    for command in (["check"], ["run", "--plan"]):
        done = workspace.here(*command)
        assert done.code == 5
        assert [word for word in words if word not in done.err] == []
    assert not (workspace.store / "snapshots").exists()


def test_a_folder_of_records_that_is_not_there_is_named(workspace: Workspace) -> None:
    (workspace.home / RECORDS).rename(workspace.home / "data" / "simple")
    done = workspace.here("check")
    assert done.code == 5
    assert "The folder of records 'data/sample' is not there" in done.err
    assert "parameters/councils" in done.err


def put_text_in_a_number(rows: Rows) -> None:
    row = next(row for row in rows if row["measure_id"] == "early-help-in-time")
    row["value"] = "about ninety"


def double_a_key(rows: Rows) -> None:
    first = next(row for row in rows if row["measure_id"] == "family-voice")
    rows.append({**first, "value": "1"})


def speak_of_a_stranger(rows: Rows) -> None:
    first = next(row for row in rows if row["measure_id"] == "good-schools")
    rows.append({**first, "measure_id": "god-schools"})


def belong_to_nobody(rows: Rows) -> None:
    first = next(row for row in rows if row["measure_id"] == "family-hub-visits")
    rows.append({**first, "measure_id": "lost-measure", "directorate": "childrns"})


def say_something_nasty(rows: Rows) -> None:
    row = next(row for row in rows if row["measure_id"] == "ehc-plans-in-time" and "Q2" in row["quarter"])
    row["text"] = NASTY


def spoil(workspace: Workspace) -> None:
    for change in (put_text_in_a_number, double_a_key, speak_of_a_stranger):
        workspace.change("observations", change)
    workspace.change("measures", belong_to_nobody)
    workspace.change("commentary", say_something_nasty)


def row_of(workspace: Workspace, table: str, words: str) -> int:
    """The row of the file, as a spreadsheet numbers it, that holds these words."""
    lines = (workspace.home / RECORDS / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_every_fault_of_a_row_is_listed_by_check_and_the_command_ends_well(workspace: Workspace) -> None:
    spoil(workspace)
    done = workspace.here("check")
    assert done.code == 0
    text_row = row_of(workspace, "observations", "about ninety")
    stranger_row = row_of(workspace, "observations", "god-schools")
    lost_row = row_of(workspace, "measures", "lost-measure")
    for said in (
        f"data/sample/observations.csv, row {text_row}, column 'value': got 'about ninety', expected a number",
        f"row {stranger_row}, column 'measure_id': got 'god-schools', expected",
        "Did you mean 'good-schools'?",
        f"data/sample/measures.csv, row {lost_row}, column 'directorate': got 'childrns'",
        "Did you mean 'childrens'?",
        "measure_id family-voice",
        "The first row was kept and this one left out.",
    ):
        assert said in done.out
    assert "5 left out; 8 findings." in done.out


@dataclass(frozen=True)
class Spoilt:
    workspace: Workspace
    done: Done
    directorate: Reader
    council: Reader


@pytest.fixture(scope="module")
def spoilt(make_workspace: Callable[..., Workspace]) -> Spoilt:
    """One run of one directorate over spoilt records."""
    own = make_workspace("spoilt")
    spoil(own)
    done = own.pmf("run", "--directorate", "childrens")
    assert done.code == 0, done.said
    pages = [Reader(own.page("childrens", PAGE)), Reader(own.page("council", "5_council_scorecard"))]
    return Spoilt(own, done, *pages)


@pytest.mark.slow
def test_the_directorates_page_prints_each_fault_with_its_place_and_how_to_mend_it(spoilt: Spoilt) -> None:
    row = row_of(spoilt.workspace, "observations", "about ninety")
    for said in (
        f"data/sample/observations.csv, row {row} value about ninety a number",
        "Correct the cell and send the file again.",
        "Families who say that they helped to shape their plan, Quarter 1, April to June 2021",
        "The first row was kept and this one left out. Keep the one that is right, and send the file again.",
    ):
        assert said in spoilt.directorate.text


@pytest.mark.slow
def test_what_no_directorate_can_be_told_of_is_printed_on_the_councils_page(spoilt: Spoilt) -> None:
    row = row_of(spoilt.workspace, "measures", "lost-measure")
    assert f"data/sample/measures.csv, row {row} directorate childrns" in spoilt.council.text
    assert "god-schools" in spoilt.council.text
    assert "Did you mean 'good-schools'?" in spoilt.council.text
    assert "childrns" not in spoilt.directorate.text


@pytest.mark.slow
def test_what_somebody_wrote_in_a_comment_is_printed_and_never_acted_on(spoilt: Spoilt) -> None:
    assert NASTY in spoilt.directorate.text
    assert spoilt.directorate.faults == []
    assert {"script", "iframe", "object", "b"} & set(spoilt.directorate.tags) == set()
    assert [name for name, _ in spoilt.directorate.attributes if name.startswith("on")] == []
