"""All of a council's places are read and put together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib import settings
from pmf_lib.council import Council
from pmf_lib.errors import RecordsError
from pmf_lib.records.collect import collect, concatenated
from pmf_lib.records.raw import CELLS_OVER

MEASURES = (
    "measure_id,title,directorate,unit,polarity,frequency\n{},Missed bins,resources,number,lower,monthly\n"
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    schemes = settings.root() / "parameters" / "schemes"
    shutil.copytree(schemes, tmp_path / "parameters" / "schemes")
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    for name in ("one", "two"):
        (tmp_path / "data" / name).mkdir(parents=True)
    return tmp_path / "data"


def council(*folders: str) -> Council:
    return Council.model_validate(
        {
            "id": "own",
            "name": "Own Council",
            "evidence": "own",
            "directorates": [{"id": "resources", "name": "Resources"}],
            "records": {"folders": folders},
        }
    )


def test_folders_are_put_together_and_tables_that_no_folder_has_are_said(data):
    (data / "one" / "measures.csv").write_text(MEASURES.format("a"))
    (data / "two" / "measures.csv").write_text(MEASURES.format("b"))
    records = collect(council("data/one", "data/two"))
    assert records.tables["measures"]["measure_id"].to_list() == ["a", "b"]
    reads = records.reads[["table", "source_file", "rows_read"]].to_numpy().tolist()
    assert reads[:3] == [
        ["measures", "data/one/measures.csv", 1],
        ["measures", "data/two/measures.csv", 1],
        ["links", "", 0],
    ]


def test_a_set_of_folders_without_measures_is_refused(data):
    (data / "one" / "links.csv").write_text("framework,node,measure_id,reason\n")
    with pytest.raises(
        RecordsError, match=r"No table 'measures' in 'data/one'.*parameters/councils/own\.yml"
    ):
        collect(council("data/one"))


def test_a_column_that_one_place_lacks_is_empty_for_its_rows():
    place = {"source_file": ["f"], "source_sheet": [""], "source_row": [2]}
    one = pd.DataFrame({"measure_id": ["a"], "owner": ["Head"], **place})
    two = pd.DataFrame({"measure_id": ["b"], **place, CELLS_OVER: [1]})
    stacked = concatenated([{"measures": one}, {"measures": two}])["measures"]
    assert stacked["owner"].to_list() == ["Head", ""]
    assert stacked[CELLS_OVER].to_list() == [0, 1]
    assert stacked["source_row"].dtype == "int64"
