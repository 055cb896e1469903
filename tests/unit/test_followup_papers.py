"""Recommendations in the store: lists of issued papers, read back; answered by id; told by `pmf paper status`; exported."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest
import yaml
from followup_made import PAGE, paper, response
from python_calamine import CalamineWorkbook
from workspace import Workspace

from pmf_lib.assurance.followup import chain
from pmf_lib.errors import ParameterError, StoreError
from pmf_lib.reports import export
from pmf_lib.runs.issuing import followed, papers
from pmf_lib.store import files, manifest, places
from pmf_lib.store.issued import Paper, run_of
from pmf_lib.workbook import baseline, raised

FIRST, SECOND, THIRD = (letter * 12 for letter in "abc")
IDS = ("R-YTK1XEM", "R-MDXBM45", "R-TNE7J5T")


def rows(*states: str) -> pd.DataFrame:
    """A list: the first is of a directorate, the second of the council, the third of another clause."""
    of = {
        "unit_id": ["childrens", "council", "childrens"],
        "clause": ["targets-set", "targets-set", "owners-named"],
        "id": IDS,
    }
    given = {
        "what": "Each measure has a target",
        "unit": "A unit",
        "was": "",
        "why": "Told.",
        "raised_in": "2024-25 Q1",
    }
    more = {
        "counted_in": "2024-25 Q1",
        "raised_n": 1,
        "answer": "none",
        "action": "",
        "owner": "Director",
        "closed_in": "",
    }
    days = {
        name: pd.to_datetime(["2024-10-20", "2024-10-19", "2024-10-18"]) for name in ("asked_by", "due_on")
    }
    made = pd.DataFrame({**of, **days, "state": states}).assign(**given, **more)
    return made[list(chain.COLUMNS)].astype(chain.nothing().dtypes.to_dict())


def kept(run_id: str, unit: str = "") -> raised.Kept | None:
    return raised.last(baseline.named(run_id, unit))


def in_store(made: Paper) -> manifest.Manifest:
    """The run of an issued paper as the store of runs has it."""
    run = run_of(made)
    home = places.run_folder(run.run_id)
    manifest.write(home / "manifest.json", run)
    files.write_bytes(home / PAGE, (made.folder / PAGE).read_bytes())
    return run


def test_the_list_of_an_issued_paper_is_read_back_as_it_was_recorded(workspace: Workspace) -> None:
    listed = rows("new", "new", "new")
    paper("2024-25 Q1", listed, run_id=FIRST)
    for unit in ("", "childrens"):
        found = kept(FIRST, unit)
        assert found is not None
        pd.testing.assert_frame_equal(found.rows, listed)
        assert found.paper.name == "version 1 of Quarter 1, April to June 2024"


def test_a_paper_without_a_list_leads_to_the_newest_one_before_it_with_all_answers_since(
    workspace: Workspace,
) -> None:
    paper(
        "2024-25 Q1",
        rows("new", "new", "new"),
        run_id=FIRST,
        responses=[response(FIRST, "childrens", "targets-set")],
    )
    paper(
        "2024-25 Q2",
        None,
        run_id=SECOND,
        baseline=FIRST,
        responses=[response(SECOND, "council", "targets-set", due="2025-06-30")],
    )
    paper("2024-25 Q3", None, run_id=THIRD, baseline=SECOND)
    found = kept(THIRD)
    assert found is not None
    assert found.paper.run_id == FIRST
    assert found.rows["answer"].tolist() == ["accepted", "accepted", "none"]
    assert found.rows["due_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-31", "2025-06-30", "2024-10-18"]


def test_where_no_paper_kept_a_list_there_is_none(workspace: Workspace) -> None:
    paper("2024-25 Q1", None, run_id=FIRST)
    assert kept(FIRST) is None
    assert raised.last(None) is None


def test_a_list_that_is_not_as_it_was_issued_is_damage(workspace: Workspace) -> None:
    made = paper("2024-25 Q1", rows("new", "new", "new"), run_id=FIRST)
    file = made.folder / PAGE
    file.chmod(0o644)
    file.write_text(file.read_text().replace("R-YTK1XEM", "R-YTK1XEN"))
    with pytest.raises(
        StoreError, match=r"7_audit_committee/notebook.ipynb' is not as it was issued\. Put it back"
    ):
        kept(FIRST)
    assert "is not as it was issued" in followed.standing()[FIRST]["recommendations_fault"]


def test_status_lists_what_the_last_paper_left_standing_with_its_days(workspace: Workspace) -> None:
    in_store(paper("2024-25 Q1", rows("new", "new", "new"), run_id=FIRST))
    said = [
        response(SECOND, "childrens", "targets-set", due="2025-06-30"),
        response(SECOND, "council", "targets-set", answer="rejected", action="", due=None, note="No"),
    ]
    in_store(
        paper("2024-25 Q2", rows("overdue", "open", "closed"), run_id=SECOND, baseline=FIRST, responses=said)
    )
    shown = workspace.here("paper", "status")
    assert shown.code == 0
    first, second = shown.out.split(SECOND)
    assert "recommendations" not in first
    lines = [line.strip() for line in second.splitlines()[1:]]
    assert lines == [
        "recommendations that stand: 2",
        "R-MDXBM45  by 19 October 2024 (rejected)  council: Each measure has a target",
        "R-YTK1XEM  by 30 June 2025 (accepted)  childrens: Each measure has a target",
    ]
    facts = json.loads(workspace.here("paper", "status", "--json").out)
    assert ["recommendations" in run for run in facts] == [False, True]
    assert facts[1]["recommendations"][0] == {
        "id": "R-MDXBM45", "unit_id": "council", "clause": "targets-set", "what": "Each measure has a target", "state": "open",
        "answer": "rejected", "due_on": "2024-10-19",
    }  # fmt: skip


def test_a_paper_that_left_nothing_or_kept_no_list_says_nothing_of_recommendations(
    workspace: Workspace,
) -> None:
    in_store(paper("2024-25 Q1", rows("closed", "closed", "varied"), run_id=FIRST))
    assert "recommendations" not in workspace.here("paper", "status").out
    in_store(paper("2024-25 Q2", None, run_id=SECOND))
    assert "recommendations" not in workspace.here("paper", "status").out


@pytest.fixture
def draft(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> manifest.Manifest:
    """A run that is not issued, whose report lists recommendations."""
    made = paper("2024-25 Q1", rows("new", "open", "closed"), run_id=FIRST)
    run = in_store(made)
    for path in sorted(made.folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    made.folder.rmdir()
    clauses = {"targets-set": "Targets", "owners-named": "Owners"}
    monkeypatch.setattr(papers, "subjects", lambda _: clauses)
    items = [
        run.items[0].model_copy(
            update={"unit": "childrens", "notebook": "3_pmf_embedding", "stage": "directorate"}
        ),
        *run.items,
    ]
    whole = run.model_copy(update={"items": tuple(items)})
    manifest.write(places.run_folder(FIRST) / "manifest.json", whole)
    return whole


ANSWERED = (
    "--accepted",
    "--action",
    "Set them",
    "--by",
    "Director",
    "--due",
    "2025-01-31",
    "--date",
    "2024-08-18",
)


@pytest.mark.parametrize("named", [("r-ytk1xem",), ("childrens", "R-YTK1XEM"), ("childrens", "targets-set")])
def test_a_recommendation_is_answered_by_its_id_or_by_unit_and_clause(
    workspace: Workspace, draft: manifest.Manifest, named: tuple[str, ...]
) -> None:
    done = workspace.here("paper", "respond", FIRST, *named, *ANSWERED)
    assert done.code == 0, done.said
    (file,) = (workspace.home / "parameters/decisions/papers").glob("*.yml")
    written = yaml.safe_load(file.read_text())
    assert (written["unit"], written["about"], written["answer"]) == ("childrens", "targets-set", "accepted")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (("R-YTK1XEN",), "'R-YTK1XEN' is not a known recommendation of this run. Did you mean 'R-YTK1XEM'?"),
        (("childrens",), "'childrens' is not a known recommendation of this run"),
        (("R-TNE7J5T",), "'R-TNE7J5T' is closed, so it asks for no answer."),
        (("council", "R-YTK1XEM"), "'R-YTK1XEM' is a recommendation to 'childrens', not to 'council'."),
        (("childrens", "target-set"), "'target-set' is not a known finding of this run. Did you mean 'targets-set'?"),
    ],
)  # fmt: skip
def test_an_id_that_means_nothing_here_is_refused_in_words(
    draft: manifest.Manifest, named: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ParameterError) as error:
        papers.respond(draft, *named, answer="accepted", action="x", by="y", due=None, dated=None)
    assert said in str(error.value)


def test_a_run_without_a_report_lists_no_recommendation(workspace: Workspace) -> None:
    run = in_store(paper("2024-25 Q1", None, run_id=FIRST))
    assert followed.of_run(run).empty
    assert followed.exported(run, None).empty
    with pytest.raises(ParameterError, match="not a known recommendation"):
        followed.meant(run, "R-YTK1XEM", "")


def test_recommendations_are_exported_with_the_answers_of_the_paper_that_was_issued(
    workspace: Workspace,
) -> None:
    made = paper(
        "2024-25 Q1",
        rows("new", "open", "closed"),
        run_id=FIRST,
        responses=[response(FIRST, "childrens", "targets-set")],
    )
    run = in_store(made)
    assert followed.exported(run, None)["answer"].tolist() == ["none"] * 3
    text, sheet = export.write_recommendations(followed.exported(run, made), workspace.home / "view")
    with text.open(encoding="utf-8", newline="") as stream:
        told = list(csv.DictReader(stream))
    assert [row["id"] for row in told] == list(IDS)
    assert (told[0]["answer"], told[0]["due_on"], told[1]["answer"]) == ("accepted", "2025-01-31", "none")
    assert (text.name, sheet.name) == ("recommendations.csv", "recommendations.xlsx")
    assert CalamineWorkbook.from_path(sheet).sheet_names == ["recommendations"]
