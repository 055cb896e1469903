"""A worksheet is drawn, filled in and read back; what was altered, left out or can't be so is told by file, sheet and cell."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from certify_made import FOUND, RESULT, drawn, filled, listed
from click.testing import CliRunner
from returns_made import NODES, small_council
from workspace import Workspace

from pmf_lib.cli import main
from pmf_lib.council import Council
from pmf_lib.errors import ParameterError, RecordsError
from pmf_lib.periods import parse_quarter
from pmf_lib.records.collect import collect
from pmf_lib.records.returns.status import standing
from pmf_lib.runs.certify.cases import read_cases
from pmf_lib.runs.certify.collect import Concluded, concluded, to_csv, to_inbox
from pmf_lib.runs.certify.draw import request_of, worksheet
from pmf_lib.runs.certify.layout import CHECK, SEALED, check_of

DAY = date(2024, 10, 15)


@pytest.fixture(scope="module")
def home(make_workspace: Callable[..., Workspace]) -> Any:
    own = make_workspace("certify")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(own.home))
        patch.setenv("PMF_STORE", str(own.store))
        yield small_council(own), own


@pytest.fixture(scope="module")
def council(home: Any) -> Council:
    return home[0]


@pytest.fixture(scope="module")
def sheet(home: Any, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return drawn(tmp_path_factory.mktemp("drawn"))


def refused(content: bytes, file: str = "w.xlsx") -> list[str]:
    """What is said of a worksheet that is not taken, line by line without its last, which is always the same."""
    with pytest.raises(RecordsError) as error:
        concluded(content, file, DAY)
    *lines, last = str(error.value).splitlines()
    assert last.startswith("Nothing was taken.")
    return lines


# ---- the way out -----------------------------------------------------------------------------------------------------


def test_the_same_draw_gives_the_same_bytes(sheet: bytes, tmp_path: Path) -> None:
    assert drawn(tmp_path) == sheet


def test_the_worksheet_holds_what_an_auditor_needs(sheet: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    said = {row[0].value: row[1].value for row in book["Worksheet"].iter_rows(max_col=2) if row[0].value}
    assert said["Measure"] == "Missed bins"
    assert said["Value reported"] == "41 (number)"
    assert said["Cases behind it"] == "100, from cases.csv"
    assert (said["Seed of the draw"], said["Cases drawn"], said["Controls"]) == ("7", "29", "strong")
    assert {"Objective", "Procedure", "Prepared by", "Reviewed by"} <= set(said)
    assert book["Sample"].max_row == 30
    assert [cell.value for cell in book["Sample"][2]][3:] == [None] * 3
    assert all(page.protection.sheet for page in book)


def test_answers_are_chosen_from_lists(sheet: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    lists = {
        rule.formula1 for rule in book["Worksheet"].data_validations.dataValidation if rule.type == "list"
    }
    assert {'"yes,no"', '"strong,moderate,weak"'} <= lists
    (results,) = book["Sample"].data_validations.dataValidation
    assert (str(results.sqref), results.formula1) == ("D2:D30", '"agrees,differs,no document"')


def test_a_case_id_that_looks_like_a_formula_stays_text(home: Any, tmp_path: Path) -> None:
    path = tmp_path / "=cmd.csv"
    path.write_text('case_id\n"=HYPERLINK(""http://x"",""y"")"\n+1\n@sum\n', encoding="utf-8")
    from pmf_lib.runs.certify.worksheet import workbook_bytes

    made = workbook_bytes(
        worksheet(request_of("own"), "missed-bins", "2024-07", read_cases(path), controls="weak", seed=1)
    )
    cells = [
        cell for page in openpyxl.load_workbook(io.BytesIO(made)) for row in page.iter_rows() for cell in row
    ]
    assert "f" not in {cell.data_type for cell in cells}
    assert any(cell.value == '=HYPERLINK("http://x","y")' for cell in cells)


def test_only_ids_and_values_leave_the_list_and_ids_like_persons_are_warned_about(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "case_id,name,born\nAnn Smith,Ann,2001\nc-2,Bob,2002\na@b.org,Cy,2003\n", encoding="utf-8"
    )
    cases = read_cases(path)
    assert (list(cases.figures), cases.unread, cases.personal) == (
        ["Ann Smith", "c-2", "a@b.org"],
        ("name", "born"),
        2,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id\n1\n", "got the columns 'id', expected one called 'case_id'"),
        ("case_id\n", "cases.csv holds no case"),
        ("", "expected one called 'case_id'"),
        ("case_id\na\na\n", "row 3 of those filled, column 'case_id': got an id that stands further up too"),
        ("case_id,value\na,1\n,2\n", "row 3 of those filled, column 'case_id': nothing there"),
        ("case_id,value\na,ten\n", "row 2 of those filled, column 'value': got 'ten', expected a number"),
    ],
)
def test_a_list_that_can_not_be_drawn_from_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordsError) as error:
        read_cases(path)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("measure", "period", "said"),
    [
        ("missed-bin", "2024-07", "missed-bins"),
        ("missed-bins", "2024-25 Q1", "monthly"),
        ("missed-bins", "2024-09", "the last are of '2024-06', '2024-07'"),
    ],
)
def test_a_measure_or_period_that_is_not_there_is_named(
    home: Any, tmp_path: Path, measure: str, period: str, said: str
) -> None:
    cases = read_cases(listed(tmp_path))
    with pytest.raises((ParameterError, RecordsError)) as error:
        worksheet(request_of("own"), measure, period, cases, controls="strong", seed=1)
    assert said in str(error.value)


# ---- the way back ----------------------------------------------------------------------------------------------------


def test_a_filled_worksheet_comes_back_as_one_row(sheet: bytes) -> None:
    done = concluded(filled(sheet), "w.xlsx", DAY)
    row = done.row
    assert (row["measure_id"], row["period"], row["population_n"], row["sample_n"], row["errors_n"]) == (
        "missed-bins", "2024-07", "100", "29", "0",
    )  # fmt: skip
    assert (row["reported"], row["recalculated"], row["seed"]) == ("41", "41", "7")
    assert (row["certified_by"], row["entered_by"], row["verified_by"]) == (
        "Principal Auditor", "Principal Auditor", "Head of Audit",
    )  # fmt: skip
    assert (row["certified_on"], row["recorded_at"], row["verified_on"]) == (
        "2024-10-10",
        "2024-10-10",
        "2024-10-11",
    )
    assert row["reference"].startswith("Worksheet w.xlsx; list of cases cases.csv, SHA-256 ")
    assert (done.category, done.is_estimated) == ("certified", True)


def test_cases_that_differ_or_have_no_document_are_errors(sheet: bytes) -> None:
    def change(sample: Any) -> None:
        sample.cell(2, RESULT).value, sample.cell(3, RESULT).value = "differs", "No document"

    done = concluded(filled(sheet, change=change), "w.xlsx", DAY)
    assert (done.row["errors_n"], done.category) == ("2", "inaccurate")
    assert done.words.startswith("By the rule: inaccurate, since 2 of 29 cases tested do not agree")


def test_the_value_is_estimated_from_the_cases_and_an_entered_one_goes_first(sheet: bytes) -> None:
    def change(sample: Any) -> None:
        sample.cell(2, FOUND).value, sample.cell(2, RESULT).value = 31, "differs"

    assert concluded(filled(sheet, change=change), "w.xlsx", DAY).row["recalculated"] == "61.5"
    entered = concluded(filled(sheet, {"Value recalculated": 40}, change), "w.xlsx", DAY)
    assert (entered.row["recalculated"], entered.is_estimated) == ("40", False)


def test_a_value_that_can_not_be_worked_out_prevents_certification(sheet: bytes) -> None:
    done = concluded(filled(sheet, {"Value recalculated": "not possible"}), "w.xlsx", DAY)
    assert (done.row["recalculated"], done.category) == ("", "factors_prevented_certification")


def test_without_documents_no_case_need_be_answered(sheet: bytes) -> None:
    def change(sample: Any) -> None:
        for row in range(2, 31):
            sample.cell(row, RESULT).value = sample.cell(row, FOUND).value = None

    done = concluded(
        filled(sheet, {"Documents there": "no", "Value recalculated": 41}, change), "w.xlsx", DAY
    )
    assert (done.row["sample_n"], done.category) == ("0", "certified_with_qualification")


def test_another_category_than_the_rule_gives_is_said_and_both_are_kept(sheet: bytes) -> None:
    done = concluded(filled(sheet, {"Category": "inaccurate"}), "w.xlsx", DAY)
    assert (done.row["category"], done.category) == ("inaccurate", "certified")
    assert done.words.endswith("You recorded inaccurate: it counts by the rule.")


def test_rows_in_another_order_give_the_same(sheet: bytes) -> None:
    def change(sample: Any) -> None:
        rows = [[cell.value for cell in row] for row in sample.iter_rows(min_row=2)]
        for at, row in enumerate(reversed(rows), start=2):
            for column, value in enumerate(row, start=1):
                sample.cell(at, column).value = value

    assert concluded(filled(sheet, change=change), "w.xlsx", DAY) == concluded(filled(sheet), "w.xlsx", DAY)


# ---- what is refused -------------------------------------------------------------------------------------------------


def cell(row: int, column: int, value: Any) -> Callable[[Any], None]:
    def change(sample: Any) -> None:
        sample.cell(row, column).value = value

    return change


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (cell(5, 2, "c-999"), "cell B5", "got the case 'c-999', expected 'c-"),
        (lambda sample: sample.delete_rows(7), "cell A7", "the row of case 6 ('c-"),
        (cell(31, 1, "99"), "cell A31", "got the number '99', and no such case was drawn"),
        (
            cell(4, RESULT, None),
            "cell D4",
            "nothing there, expected the result of case 3: agrees, differs, no document",
        ),
        (cell(4, RESULT, "yes"), "cell D4", "got 'yes', expected one of agrees, differs, no document"),
        (cell(4, FOUND, "two"), "cell E4", "got 'two', expected a number or nothing"),
        (cell(4, FOUND, 7), "cell E4", "got 7, and the case 'agrees' though its list says "),
    ],
    ids=[
        "an altered id",
        "a missing row",
        "a wrong row",
        "an unanswered cell",
        "no choice",
        "no number",
        "another value",
    ],
)
def test_a_fault_of_the_sample_is_told_by_its_cell(
    sheet: bytes, change: Callable[[Any], None], where: str, said: str
) -> None:
    first, *_ = refused(filled(sheet, {"Value recalculated": 41}, change))
    assert first.startswith(f"w.xlsx, sheet 'Sample', {where}: {said}")


def test_a_row_that_is_there_twice_is_told(sheet: bytes) -> None:
    def change(sample: Any) -> None:
        for column, value in enumerate([cell.value for cell in sample[2]], start=1):
            sample.cell(31, column).value = value

    assert refused(filled(sheet, change=change)) == [
        "w.xlsx, sheet 'Sample', cell A31: case 1 is there twice, first in row 2. Take one of the two out."
    ]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"Prepared by": None}, "'Prepared by': nothing there, expected a post. Fill it in."),
        (
            {"Reviewed by": "principal auditor"},
            "'Reviewed by': got the post that prepared it, expected another one.",
        ),
        ({"Prepared by": "Head of Waste"}, "'Prepared by': got the post that answers for the measure"),
        ({"Reviewed by": "Head of Waste"}, "'Reviewed by': got the post that answers for the measure"),
        (
            {"Prepared by": "a.b@council.example"},
            "'Prepared by': got a person or an e-mail address, expected a post",
        ),
        ({"Prepared by": "Mr Smith"}, "'Prepared by': got a person or an e-mail address, expected a post"),
        ({"Controls": "good"}, "'Controls': got 'good', expected one of strong, moderate, weak. Choose one."),
        (
            {"Controls": "weak"},
            "'Controls': got 'weak', for which 61 cases are asked, and 29 were drawn for 'strong'.",
        ),
        (
            {"Definition followed": "no"},
            "'Departure changes the value': nothing there, and the definition is not followed.",
        ),
        (
            {"Departure changes the value": "no"},
            "'Departure changes the value': got 'no', and the definition is followed.",
        ),
        (
            {"Concluded on": "soon"},
            "'Concluded on': got 'soon', expected a day, such as 2024-11-15. Correct it.",
        ),
        (
            {"Reviewed on": date(2024, 10, 16)},
            "'Reviewed on': got 2024-10-16, expected a day that is not yet to come",
        ),
        (
            {"Reviewed on": date(2024, 10, 9)},
            "'Reviewed on': got 2024-10-09, expected a day on or after the conclusion",
        ),
        (
            {"Holds until": date(2024, 10, 9)},
            "'Holds until': got 2024-10-09, expected a day on or after the conclusion",
        ),
        (
            {"Value recalculated": "about 40"},
            "'Value recalculated': got 'about 40', expected a number or 'not possible'.",
        ),
        ({"Remarks": "=1+1"}, "'Remarks': begins with '=', which a spreadsheet takes for a formula."),
    ],
)
def test_an_answer_that_can_not_be_so_is_told_by_its_cell(
    sheet: bytes, answers: dict[str, Any], said: str
) -> None:
    lines = refused(
        filled(sheet, answers) if "Remarks" not in answers else as_text(filled(sheet), "Remarks", "=1+1")
    )
    assert len(lines) == 1
    assert lines[0].startswith("w.xlsx, sheet 'Worksheet', cell B")
    assert said in lines[0]


def as_text(content: bytes, label: str, text: str) -> bytes:
    """The worksheet with an answer that looks like a formula and is text."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = next(row[1] for row in book["Worksheet"].iter_rows(max_col=2) if row[0].value == label)
    found.value, found.data_type = text, "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_value_found_that_cannot_be_read_is_told_once_and_the_whole_value_is_not_asked_for(
    sheet: bytes,
) -> None:
    (line,) = refused(filled(sheet, change=cell(4, FOUND, "two")))
    assert "cell E4" in line


def test_a_value_that_is_neither_given_nor_can_be_estimated_is_asked_for(sheet: bytes) -> None:
    (line,) = refused(filled(sheet, found=None))
    assert "'Value recalculated': nothing there, and it can't be estimated" in line


@pytest.mark.parametrize(
    ("page", "row", "column"),
    [("Drawn", 3, 2), ("Worksheet", "Value as reported", 2), ("Worksheet", "Seed of the draw", 2)],
)
def test_what_was_drawn_can_not_be_changed(sheet: bytes, page: str, row: Any, column: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(sheet)))
    at = row if isinstance(row, int) else next(r[0].row for r in book[page].iter_rows() if r[0].value == row)
    book[page].cell(at, column).value = "40"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(RecordsError, match="what was drawn is not as it was"):
        concluded(out.getvalue(), "w.xlsx", DAY)


def forged(content: bytes) -> bytes:
    """The worksheet with one case exchanged everywhere, and its hash worked out anew."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Drawn"].cell(2, 2).value = book["Sample"].cell(2, 2).value = "c-easy"
    said = {row[0].value: row[1] for row in book["Worksheet"].iter_rows(max_col=2) if row[0].value}
    rows = [[cell.value for cell in row[:3]] for row in book["Drawn"].iter_rows(min_row=2)]
    said[CHECK].value = check_of({label: said[label].value for label in SEALED}, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_with_the_list_the_sample_is_drawn_again_and_a_forger_is_found(sheet: bytes, tmp_path: Path) -> None:
    cases = read_cases(listed(tmp_path))
    assert concluded(filled(sheet), "w.xlsx", DAY, cases) == concluded(filled(sheet), "w.xlsx", DAY)
    concluded(forged(filled(sheet)), "w.xlsx", DAY)
    with pytest.raises(RecordsError, match="these are not the cases that the seed draws from the list"):
        concluded(forged(filled(sheet)), "w.xlsx", DAY, cases)


def test_another_list_than_was_drawn_from_is_told(sheet: bytes, tmp_path: Path) -> None:
    other = read_cases(listed(tmp_path, 99))
    with pytest.raises(RecordsError, match=r"cases\.csv is not the list that was drawn from"):
        concluded(filled(sheet), "w.xlsx", DAY, other)


def test_another_workbook_is_no_worksheet() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    with pytest.raises(
        RecordsError, match="has no sheet 'Worksheet', so it is no worksheet of certification"
    ):
        concluded(out.getvalue(), "w.xlsx", DAY)


# ---- into the records ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_row_is_taken_into_the_inbox_and_is_nobodys_return(home: Any, sheet: bytes) -> None:
    council, own = home
    done = concluded(filled(sheet), "w.xlsx", DAY)
    taken = to_inbox(done, request_of("own"), "w.xlsx", DAY)
    assert taken.faults["message"].to_list() == []
    assert (taken.receipt.kind, taken.receipt.directorate, taken.receipt.rows_kept) == (
        "certification",
        "places",
        1,
    )
    rows = collect(council, nodes=NODES).tables["certifications"]
    assert rows[["measure_id", "period", "sample_n", "certified_by"]].to_numpy().tolist() == [
        ["missed-bins", "2024-07", 29.0, "Principal Auditor"]
    ]
    (places, _) = standing(council, parse_quarter("2024-25 Q2"), DAY, NODES)
    assert places.received == ()
    assert not to_inbox(done, request_of("own"), "w.xlsx", DAY).is_new
    shutil.rmtree(own.home / "data/returns")


def test_a_worksheet_of_another_council_is_refused(home: Any, sheet: bytes) -> None:
    done = concluded(filled(sheet), "w.xlsx", DAY)
    other = Concluded(done.row | {"council": "elsewhere"}, done.category, done.why, is_estimated=False)
    with pytest.raises(RecordsError, match="of the council 'elsewhere', expected 'own'"):
        to_inbox(other, request_of("own"), "w.xlsx", DAY)


def test_rows_are_appended_to_a_csv_file_and_read_as_records(home: Any, sheet: bytes) -> None:
    council, own = home
    path = own.home / "data/own/certifications.csv"
    done = concluded(filled(sheet), "w.xlsx", DAY)
    to_csv(done, path)
    to_csv(
        Concluded(done.row | {"recorded_at": "2024-10-11"}, done.category, done.why, is_estimated=False), path
    )
    records = collect(council, nodes=NODES)
    assert len(pd.read_csv(path)) == len(records.tables["certifications"]) == 2
    assert records.findings.empty
    path.write_text("other,columns\n", encoding="utf-8")
    with pytest.raises(RecordsError, match="has not the columns of the table of certifications"):
        to_csv(done, path)
    path.unlink()


def test_the_commands_draw_and_collect(home: Any, tmp_path: Path) -> None:
    path, rows = tmp_path / "sheet.xlsx", tmp_path / "rows.csv"
    asked = [
        "certify",
        "draw",
        "own",
        "missed-bins",
        "2024-07",
        str(listed(tmp_path)),
        "--controls",
        "strong",
    ]
    done = CliRunner().invoke(main, [*asked, "--seed", "7", "--to", str(path)])
    assert (done.exit_code, done.stdout) == (
        0,
        f"{path}  29 of 100 cases drawn for strong controls, seed 7\n",
    )
    (tmp_path / "filled.xlsx").write_bytes(filled(path.read_bytes()))
    collected = [
        "certify",
        "collect",
        str(tmp_path / "filled.xlsx"),
        "--received",
        "2024-10-15",
        "--to",
        str(rows),
    ]
    done = CliRunner().invoke(main, collected)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, f"Row appended: {rows}")
    done = CliRunner().invoke(main, ["certify", "collect", str(path), "--received", "2024-10-15"])
    assert (done.exit_code, rows.read_text(encoding="utf-8").count("\n")) == (RecordsError.exit_code, 2)
    assert "sheet.xlsx, sheet 'Sample', cell D2: nothing there" in done.stderr


def test_without_a_seed_one_is_chosen_and_recorded(home: Any, tmp_path: Path) -> None:
    asked = [
        "certify",
        "draw",
        "own",
        "missed-bins",
        "2024-07",
        str(listed(tmp_path)),
        "--to",
        str(tmp_path / "w.xlsx"),
    ]
    done = CliRunner().invoke(main, asked)
    seed = done.stdout.rsplit(" ", 1)[1].strip()
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert ("Seed of the draw", seed) in [
        (row[0].value, row[1].value) for row in book["Worksheet"].iter_rows(max_col=2)
    ]


# ---- LibreOffice -----------------------------------------------------------------------------------------------------


def missing(reason: str) -> Any:
    """Skip, or fail where this is required."""
    if "libreoffice" in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(f"PMF_REQUIRE names 'libreoffice', and {reason}.")
    pytest.skip(f"{reason}; set PMF_REQUIRE=libreoffice to make this a failure")


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_worksheet_saved_by_libreoffice_gives_the_same_row(
    ending: str, sheet: bytes, tmp_path: Path
) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        missing("LibreOffice is not installed")
    (tmp_path / "w.xlsx").write_bytes(filled(sheet, {"Remarks": 'Wet & windy: 5 < 6, "so"'}))
    profile = (tmp_path / "profile").as_uri()
    command = [str(program), "--headless", f"-env:UserInstallation={profile}", "--convert-to", ending]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "saved"), str(tmp_path / "w.xlsx")],
        check=True,
        capture_output=True,
        timeout=240,
    )
    saved = concluded((tmp_path / "saved" / f"w.{ending}").read_bytes(), f"w.{ending}", DAY)
    plain = concluded((tmp_path / "w.xlsx").read_bytes(), "w.xlsx", DAY)
    assert saved.row.pop("reference") == plain.row.pop("reference").replace("w.xlsx", f"w.{ending}")
    assert saved == plain


@pytest.mark.slow
def test_a_wrong_and_a_missing_row_saved_by_libreoffice_are_told_by_their_cells(
    sheet: bytes, tmp_path: Path
) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        missing("LibreOffice is not installed")

    def change(sample: Any) -> None:
        sample.cell(5, 2).value = "c-999"
        sample.delete_rows(9)

    (tmp_path / "w.xlsx").write_bytes(filled(sheet, {"Value recalculated": 41}, change))
    profile = (tmp_path / "profile").as_uri()
    command = [str(program), "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "saved"), str(tmp_path / "w.xlsx")],
        check=True,
        capture_output=True,
        timeout=240,
    )
    lines = refused((tmp_path / "saved" / "w.xlsx").read_bytes())
    assert [line.split(": ")[0] for line in lines] == [
        "w.xlsx, sheet 'Sample', cell B5",
        "w.xlsx, sheet 'Sample', cell A9",
    ]
