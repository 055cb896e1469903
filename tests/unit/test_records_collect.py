"""All of a council's places are read and put together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib import settings
from pmf_lib.council import Council
from pmf_lib.errors import PolicyError, RecordsError
from pmf_lib.records.collect import collect, concatenated
from pmf_lib.records.raw import CELLS_OVER

FOUNDING = Path(__file__).resolve().parents[2] / "parameters" / "frameworks" / "pmf-2022-25"
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


FRAMEWORK = """id: own-2030
title: Own framework
council: Own Council
edition: "2030"
status: in force
in_force: {from_date: 2029-04-01, source: "1"}
levels:
  - {id: aim, singular: aim, plural: aims, links: true, source: "1"}
sources: [{document: Own framework}]
"""
THREAD = 'nodes: [{id: dry, level: aim, title: A dry town, source: "1"}]\n'
BODIES = """agendas:
  - id: board
    board: board
    minimum_a_year: 1
    minimum_words: each once
    source: "2"
    items: [{id: flood-defence, number: 1, title: Floods, text: Are we dry?, frequency: monthly, source: "2"}]
"""
MEETINGS = "meeting_id,body,held_on,recorded_at\nm1,strategic-board,2030-05-02,2030-05-03\n"
AGENDA = "meeting_id,number,item,recorded_at\nm1,1,flood-defence,2030-05-03\nm1,2,flood-defense,2030-05-03\n"


CLAUSES = """clauses:
  - {id: plans-dry, source: "1", what: Plans say how, force: duty, unit: council, period: year, how: attestation}
"""


def written(data: Path, **files: str) -> None:
    """A framework of the council's own, `own-2030`, beside others; `files`: other texts of its files."""
    home = data.parent / "parameters" / "frameworks" / "own-2030"
    (home / "clauses").mkdir(parents=True)
    for name, text in {"framework": FRAMEWORK, "thread": THREAD, "bodies": BODIES, **files}.items():
        (home / f"{name}.yml").write_text(text)
    (home / "clauses" / "planning.yml").write_text(CLAUSES)


def test_an_item_that_a_council_s_own_framework_asks_for_is_known_and_a_slip_of_it_is_told(data):
    written(data)
    for name, text in {"measures": MEASURES.format("a"), "meetings": MEETINGS, "agenda": AGENDA}.items():
        (data / "one" / f"{name}.csv").write_text(text)
    told = collect(council("data/one"), nodes={"own-2030": ["dry"]}).findings
    assert told[["rule", "source_row", "got"]].to_numpy().tolist() == [["agenda.unknown", 3, "flood-defense"]]
    assert "'flood-defence'" in told["mend"][0]
    of_others = collect(council("data/one"), nodes={"made-up": ["dry"]}).findings
    assert of_others["source_row"].to_list() == [2, 3]


VARIED = (
    "approval_id,kind,subjects,subject,directorate,body,stage,reason,decided_on,entered_by,recorded_at\n"
    "v1,variation,plans-dri,Our year,,cabinet,approved,A regulator asks for it,2030-05-02,Clerk,2030-05-03\n"
)


@pytest.fixture
def varied(data: Path) -> Path:
    """A council that varies a clause whose id is mistyped."""
    (data / "one" / "measures.csv").write_text(MEASURES.format("a"))
    (data / "one" / "approvals.csv").write_text(VARIED)
    return data


def slips_told(nodes: dict[str, list[str]]) -> list[str]:
    told = collect(council("data/one"), nodes=nodes).findings
    return told.loc[told["rule"] == "link.unknown", "got"].to_list()


def test_a_clause_that_no_framework_at_hand_has_is_told(varied):
    written(varied)
    assert slips_told({"own-2030": ["dry"]}) == slips_told({}) == ["plans-dri"]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ({"framework": "id: own-2030\n"}, r"framework\.yml' in '.*own-2030"),
        ({"thread": "nodes: [\n"}, r"thread\.yml' is not valid YAML"),
    ],
)
def test_a_draft_of_a_framework_that_is_not_in_use_stops_no_reading_and_leaves_clauses_unknown(
    varied, draft, said
):
    written(varied, **draft)
    shutil.copytree(FOUNDING, varied.parent / "parameters" / "frameworks" / FOUNDING.name)
    assert slips_told({"pmf-2022-25": []}) == slips_told({}) == []
    with pytest.raises(PolicyError, match=said):
        slips_told({"own-2030": ["dry"]})


def test_a_framework_without_its_thread_stops_no_reading_either(varied):
    written(varied)
    (varied.parent / "parameters" / "frameworks" / "own-2030" / "thread.yml").unlink()
    assert slips_told({}) == []
