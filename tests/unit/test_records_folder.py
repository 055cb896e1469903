"""A folder of CSV is read as text with row numbers; what is wrong with a whole file stops the reading."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pmf_lib.errors import RecordsError
from pmf_lib.records.raw import CELLS_OVER
from pmf_lib.records.sources.folder import read_folder

HEADER = "measure_id,period,recorded_at,value"
ROW = "missed-bins,2024-07,2024-08-10,12.5"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "parameters").mkdir()
    place = tmp_path / "data" / "own"
    place.mkdir(parents=True)
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    return place


def observations(folder: Path, text: str | bytes) -> pd.DataFrame:
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / "observations.csv").write_bytes(content)
    return read_folder("data/own")["observations"]


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(RecordsError) as caught:
        observations(folder, text)
    return str(caught.value)


def test_every_cell_stays_text_with_its_file_and_row(folder):
    table = observations(folder, f"{HEADER}\nmissed-bins,2024-07,NA,007\n")
    row = table.iloc[0]
    assert row[["recorded_at", "value"]].to_list() == ["NA", "007"]
    assert row[["source_file", "source_sheet", "source_row"]].to_list() == [
        "data/own/observations.csv",
        "",
        2,
    ]
    assert CELLS_OVER not in table


def test_the_folder_is_named_the_same_however_it_is_written(folder):
    observations(folder, f"{HEADER}\n{ROW}\n")
    table = read_folder("./data//own/")["observations"]
    assert table["source_file"].to_list() == ["data/own/observations.csv"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(folder):
    quoted = 'missed-bins,"2024\r\n-07",2024-08-10,1'
    table = observations(folder, f"{HEADER}\r\n{ROW}\r\n\r\n{quoted}\r\n ,, ,\r\n{ROW}\r\n")
    assert table["source_row"].to_list() == [2, 4, 6]
    assert table["period"].to_list()[1] == "2024\r\n-07"


def test_a_byte_order_mark_is_no_part_of_the_first_column(folder):
    assert len(observations(folder, b"\xef\xbb\xbf" + f"{HEADER}\n{ROW}\n".encode())) == 1


def test_empty_columns_at_the_end_are_no_columns(folder):
    table = observations(folder, f"{HEADER},,\n{ROW},,\n")
    assert CELLS_OVER not in table
    assert len(table) == 1


def test_ragged_rows_are_kept_and_counted(folder):
    table = observations(folder, f"{HEADER}\n{ROW},5,6\nmissed-bins,2024-08\n{ROW}\n")
    assert table[CELLS_OVER].to_list() == [2, -2, 0]
    assert table["recorded_at"].to_list()[1] == ""


def test_a_file_with_a_header_alone_is_a_table_without_rows(folder):
    assert len(observations(folder, HEADER + "\n")) == 0


def test_a_renamed_column_is_named_with_the_one_that_was_meant(folder):
    said = refusal(folder, f"{HEADER.replace('value', 'valeu')}\n{ROW}\n")
    assert "data/own/observations.csv: column 'valeu'" in said
    assert "Did you mean 'value'?" in said
    assert "'numerator'" in said


def test_a_column_in_capitals_is_suggested_in_lower_case(folder):
    assert "Did you mean 'value'?" in refusal(
        folder, f"{HEADER.upper()}\n{ROW}\n".replace("MEASURE_ID", "VALUE")
    )


def test_a_missing_column_is_named_with_all_that_are_needed(folder):
    said = refusal(folder, "measure_id,value\nx,1\n")
    assert "column 'period' is missing" in said
    assert "needs 'measure_id', 'period', 'recorded_at'" in said


def test_a_column_that_is_there_twice_is_refused(folder):
    assert "column 'value' is there twice" in refusal(folder, f"{HEADER},value\n{ROW},1\n")


def test_a_column_without_a_name_between_others_is_refused(folder):
    assert "column 2 has no name" in refusal(folder, "measure_id,,period,recorded_at\n")


def test_text_that_is_not_utf_8_is_refused_with_its_line(folder):
    said = refusal(folder, f"{HEADER}\n{ROW}\nmissed-bins,2024-07,2024-08-10,£5\n".encode("cp1252"))
    assert "not UTF-8 text (line 3)" in said
    assert "CSV UTF-8" in said


@pytest.mark.parametrize("text", ["", "\n", "\n" + HEADER, " , \n"])
def test_an_empty_first_row_is_refused(folder, text):
    assert "is empty, or its first row is" in refusal(folder, text)


def test_semicolons_are_recognised(folder):
    assert "separated by semicolons" in refusal(folder, HEADER.replace(",", ";"))


@pytest.mark.parametrize("row", ['missed-bins,"2024-07,x,1', 'missed-bins,"2024"-07,x,1'])
def test_a_quotation_mark_that_swallows_rows_is_refused_with_its_row(folder, row):
    assert "row 3 cannot be read as CSV" in refusal(folder, f"{HEADER}\n{ROW}\n{row}\n{ROW}\n")


def test_a_file_that_is_no_table_is_refused_with_the_one_that_was_meant(folder):
    (folder / "observation.csv").write_text(HEADER)
    with pytest.raises(
        RecordsError, match=r"observation\.csv: 'observation' is not a table.*'observations'\?"
    ):
        read_folder("data/own")


def test_other_files_in_the_folder_are_left_alone(folder):
    (folder / "README.md").write_text("Read me")
    (folder / ".~lock.csv").write_text("locked")
    assert list(read_folder("data/own")) == []


@pytest.mark.parametrize("name", ["/etc", "../secret", "data/../../secret", ""])
def test_only_folders_inside_the_root_are_read(folder, name):
    with pytest.raises(RecordsError, match="relative to the workbook's root"):
        read_folder(name)


def test_a_folder_that_is_not_there_is_refused(folder):
    with pytest.raises(RecordsError, match="'data/else' is not there"):
        read_folder("data/else")


def test_two_spellings_of_one_table_are_refused(folder):
    (folder / "links.csv").write_text("")
    (folder / "links.CSV").write_text("")
    with pytest.raises(RecordsError, match="two spellings"):
        read_folder("data/own")
