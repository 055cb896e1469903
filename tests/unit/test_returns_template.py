"""Templates: drop-downs, notes, locks and print from the schema; readable without colour or mouse; plain text only."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable, Iterator

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from returns_made import filled, sent, small_council
from workspace import Workspace

from pmf_lib.records.cells import Asked, parse_column
from pmf_lib.records.returns.layout import is_help, sheet_columns
from pmf_lib.records.schema import TABLES


@pytest.fixture(scope="module")
def book(make_workspace: Callable[..., Workspace]) -> Iterator[openpyxl.Workbook]:
    """Look only."""
    made = make_workspace("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(made.home))
        patch.setenv("PMF_STORE", str(made.store))
        yield openpyxl.load_workbook(io.BytesIO(sent(small_council(made))))


def dropdown(sheet: Worksheet, header: str) -> str:
    """The source of a column's drop-down."""
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == header)
    found = [
        rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in str(rule.sqref).split(":")
    ]
    return str(found[0].formula1) if found else ""


def test_there_is_a_cover_a_sheet_a_table_and_the_lists(book):
    assert book.sheetnames == ["Cover", *TABLES, "Lists"]
    assert book.properties.title == "Return of Places, 2024-25 Q2"
    assert book.custom_doc_props["Language"].value == "en-GB"


@pytest.mark.parametrize("name", TABLES)
def test_every_sheet_has_one_locked_header_with_notes_and_unlocked_rows(name, book):
    sheet, columns = book[name], sheet_columns(TABLES[name])
    assert [cell.value for cell in sheet[1]] == columns
    assert all(cell.protection.locked and cell.comment for cell in sheet[1])
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.freeze_panes.endswith("2")
    spans = {at: span for span in sheet.column_dimensions.values() for at in range(span.min, span.max + 1)}
    for at, header in enumerate(columns, start=1):
        assert spans[at].width >= 13
        assert spans[at].protection.locked == is_help(header)
    assert not sheet.merged_cells.ranges


@pytest.mark.parametrize("name", TABLES)
def test_every_sheet_prints_on_a4_with_its_header_repeated(name, book):
    sheet = book[name]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (
        9,
        "landscape",
        0,
    )
    assert sheet.print_title_rows == "$1:$1"


def test_choices_flags_and_ids_have_drop_downs(book):
    assert dropdown(book["measures"], "polarity") == '"higher,lower,range,none"'
    assert dropdown(book["measures"], "exempt") == '"yes,no"'
    assert dropdown(book["measures"], "directorate") == "Lists!$A$2:$A$3"
    assert dropdown(book["links"], "node") == "Lists!$C$2:$C$3"
    assert dropdown(book["observations"], "measure_id").startswith("measures!$A$2:$A$")


def test_checks_of_dates_and_numbers_say_what_is_wanted(book):
    rules = book["observations"].data_validations.dataValidation
    words = {rule.type: rule.error for rule in rules}
    assert "Type a date, such as 15/11/2024" in words["date"]
    assert "write c" in words["decimal"]
    assert all(
        len(rule.error) <= 255 for sheet in TABLES for rule in book[sheet].data_validations.dataValidation
    )


def test_notes_say_meaning_need_choices_and_example(book):
    notes = {cell.value: cell.comment.text for cell in book["observations"][1]}
    assert "Needed." in notes["measure_id"]
    assert "Choose: final, provisional, estimated, suppressed." in notes["state"]
    assert "the day on which the return is received" in notes["recorded_at"]
    assert "Example: 12.5." in notes["value"]
    assert "not read" in notes["(title)"]


def test_the_cover_says_whose_it_is_when_it_is_due_and_to_whom_it_goes(book):
    said = {row[0]: row[1] for row in book["Cover"].iter_rows(max_col=2, values_only=True) if row[0]}
    assert (said["Council id"], said["Directorate id"], said["Quarter"]) == ("own", "places", "2024-25 Q2")
    assert (said["Due"], said["Send it to"]) == ("20 October 2024", "Performance Manager")
    assert said["Period"] == "Quarter 2, July to September 2024"
    assert said["targets"].startswith("=SUMPRODUCT(")


@pytest.mark.slow
def test_the_sample_council_is_labelled_as_made_up(workspace):
    done = workspace.here(
        "returns",
        "template",
        str(workspace.home / "parameters/runs/sample.yml"),
        "--to",
        str(workspace.home / "t"),
    )
    assert done.code == 0
    paths = sorted((workspace.home / "t").iterdir())
    assert len(paths) == 4
    cover = openpyxl.load_workbook(paths[0])["Cover"]
    assert any(
        "This council is made up" in str(row[1]) for row in cover.iter_rows(max_col=2, values_only=True)
    )


def test_figures_are_numbers_dates_are_dates_and_all_else_is_text(workspace):
    rows = [
        {
            "measure_id": "swims",
            "period": "2024-25 Q2",
            "recorded_at": "2024-10-01",
            "value": "0.1",
            "numerator": "£5",
            "state": "=1",
        }
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(filled(small_council(workspace), observations=rows)))[
        "observations"
    ]
    kinds = {
        head.value: cell.data_type
        for head, cell in zip(sheet[1], sheet[2], strict=True)
        if cell.value is not None
    }
    assert kinds == {
        "measure_id": "s",
        "period": "s",
        "recorded_at": "d",
        "value": "n",
        "numerator": "s",
        "state": "s",
    }


def examples(sheet: Worksheet) -> dict[str, list[str]]:
    """Header → the examples that its note gives."""
    found = {cell.value: re.search(r"Example: (.+)\.(?:\n|$)", cell.comment.text) for cell in sheet[1]}
    return {name: re.split(", | or ", match[1]) for name, match in found.items() if match}


@pytest.mark.parametrize("name", TABLES)
def test_every_example_is_one_that_its_own_column_takes(name, book):
    given = examples(book[name])
    assert given
    for header, texts in given.items():
        asked = Asked.of(header, TABLES[name].columns[header])
        kinds = ["quarter"] if header == "quarter" else ["month", "quarter", "year"][: len(texts)]
        for text, kind in zip(texts, kinds if len(texts) > 1 else [kinds[0], *kinds], strict=False):
            cells = pd.Series([text], dtype="str")
            one = dataclasses.replace(asked, period_kinds=pd.Series([kind], dtype="str"))
            faulty = parse_column(cells, one if asked.kind == "period" and len(texts) > 1 else asked).faulty
            assert not faulty.any(), (header, text)


def test_examples_of_ids_and_quarters_are_the_council_s_own(book):
    measures, links, told = (examples(book[name]) for name in ("measures", "links", "commentary"))
    assert (measures["directorate"], measures["measure_id"]) == (["places"], ["missed-bins"])
    assert (links["framework"], links["node"], links["valid_from"]) == (
        ["pmf-2022-25"], ["marker-01"], ["2024-25"],
    )  # fmt: skip
    assert told["quarter"] == ["2024-25 Q2"]


def test_the_lists_name_each_node_with_its_title_and_the_drop_down_keeps_ids(book):
    rows = list(book["Lists"].iter_rows(values_only=True))
    assert rows[0] == ("directorate", "framework", "node", "item", "node: id — title")
    assert rows[1][2] == "marker-01"
    assert str(rows[1][4]).startswith("marker-01 — Better connectivity")
    note = next(cell.comment.text for cell in book["links"][1] if cell.value == "node")
    assert "What each id stands for: sheet 'Lists'." in note


def test_a_return_goes_to_the_assurance_manager_where_no_post_is_named(workspace):
    council = small_council(workspace)
    council = council.model_copy(update={"returns": council.returns.model_copy(update={"collected_by": ""})})
    cover = openpyxl.load_workbook(io.BytesIO(sent(council)))["Cover"]
    said = {row[0]: row[1] for row in cover.iter_rows(max_col=2, values_only=True) if row[0]}
    assert said["Send it to"] == "the assurance manager"


def test_the_last_value_shown_is_the_last_sound_one(workspace):
    council = small_council(workspace)
    path = workspace.home / "data/own/observations.csv"
    rows = [f"missed-bins,2023-{month:02d},2024-01-10,4{month % 5}" for month in range(4, 13)]
    wrong = "missed-bins,2024-08,2024-09-10,41000"
    path.write_text(path.read_text(encoding="utf-8") + "\n".join([*rows, wrong]) + "\n", encoding="utf-8")
    sheet = openpyxl.load_workbook(io.BytesIO(sent(council)))["observations"]
    at = [cell.value for cell in sheet[1]].index("(last value)")
    shown = {row[0]: row[at] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]}
    assert shown["missed-bins"] == "41 (2024-07)"


def test_sheets_of_arrangements_have_their_drop_downs_from_the_schema_and_from_each_other(book):
    assert dropdown(book["plans"], "level") == '"community,council,directorate,service,team"'
    assert dropdown(book["objectives"], "plan_id").startswith("=plans!$A$2") or dropdown(
        book["objectives"], "plan_id"
    ).startswith("plans!$A$2")
    assert "Lists!" in dropdown(book["agenda"], "item")
    assert "meetings!" in dropdown(book["agenda"], "meeting_id")
    note = next(cell.comment.text for cell in book["actions"][1] if cell.value == "measures")
    assert "Example: missed-bins; bus-delays." in note
