"""`pmf open` copies an official notebook with an item's parameters; the quick part, on manifests made up here."""

from __future__ import annotations

import json

import pytest
from workspace import Workspace

from pmf_lib.errors import ParameterError, PmfError
from pmf_lib.runs.begin.open import OTHER_CODE, open_copy, with_parameters
from pmf_lib.runs.plan import Request
from pmf_lib.store import identity, manifest, places
from pmf_lib.store.manifest import Item, Manifest

ASKED = {
    "council": "sample",
    "framework": "pmf-2022-25",
    "quarter": "2024-25 Q1",
    "as_at": "2024-08-15",
    "edition": "full",
}
NOTEBOOK = "2_measures_against_markers"
ITEM = f"childrens/{NOTEBOOK}"


def recorded(workspace: Workspace, run_id: str, outcome: str = "ok", **changes: str) -> Manifest:
    made = Manifest(
        run_id=run_id,
        **{**ASKED, **changes},
        snapshot="0123456789abcdef",
        policy="p",
        code=identity.code_digest(workspace.home),
        items=(
            Item(
                unit="childrens", notebook=NOTEBOOK, stage="directorate", title="t", key="k", outcome=outcome
            ),
            Item(
                unit="council",
                notebook="7_audit_committee",
                stage="council",
                title="t",
                key="c",
                outcome=outcome,
            ),
        ),
    )
    manifest.write(places.run_folder(run_id) / "manifest.json", made)
    return made


def parameters(path) -> dict:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    source = next(
        "".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", ())
    )
    values: dict = {}
    exec(source, {}, values)
    return values


def test_the_copy_has_the_items_parameters_and_the_original_stays(workspace):
    recorded(workspace, "run-one")
    original = workspace.home / "notebooks" / f"{NOTEBOOK}.ipynb"
    before = original.read_bytes()
    opened = open_copy(Request(**ASKED), ITEM)
    assert opened.path == workspace.home / "notebooks/analysis/run-one/childrens" / f"{NOTEBOOK}.ipynb"
    assert opened.note == ""
    got = parameters(opened.path)
    assert {**ASKED, "directorate": "childrens", "snapshot": "0123456789abcdef"}.items() <= got.items()
    assert set(got) == set(parameters(original))
    assert original.read_bytes() == before
    assert "of run run-one" in opened.path.read_text("utf-8")
    assert "# id of a directorate of the council" in opened.path.read_text("utf-8")


def test_a_council_page_is_given_its_run(workspace):
    recorded(workspace, "run-one")
    assert parameters(open_copy(Request(**ASKED), "council/7_audit_committee").path)["inputs"] == "run-one"


def test_the_newest_run_in_which_the_item_ended_well_is_opened(workspace):
    import os

    for number, (run_id, outcome) in enumerate({"old": "ok", "newer": "ok", "newest": "failed"}.items()):
        recorded(workspace, run_id, outcome)
        os.utime(places.run_folder(run_id) / "manifest.json", (number, number))
    assert "newer" in open_copy(Request(**ASKED), ITEM).path.parts


def test_an_item_that_failed_can_be_opened_to_see_why(workspace):
    recorded(workspace, "run-one", "failed")
    assert open_copy(Request(**ASKED), ITEM).path.exists()


def test_a_copy_that_somebody_has_changed_is_left_alone(workspace):
    recorded(workspace, "run-one")
    path = open_copy(Request(**ASKED), ITEM).path
    path.write_text("mine")
    assert "as you left it" in open_copy(Request(**ASKED), ITEM).note
    assert path.read_text() == "mine"


def test_a_run_of_other_code_is_told(workspace):
    recorded(workspace, "run-one")
    (workspace.home / "requirements.lock").write_text("another==1")
    assert open_copy(Request(**ASKED), ITEM).note == OTHER_CODE


def test_copies_do_not_change_what_a_run_is(workspace):
    before = identity.code_digest(workspace.home)
    recorded(workspace, "run-one")
    open_copy(Request(**ASKED), ITEM)
    assert identity.code_digest(workspace.home) == before


@pytest.mark.parametrize(
    ("changes", "item", "words"),
    [
        ({}, f"children/{NOTEBOOK}", f"Did you mean '{ITEM}'?"),
        (
            {"quarter": "2024-25 Q2"},
            ITEM,
            "Did you mean 'sample, pmf-2022-25, 2024-25 Q1, as at 2024-08-15, full edition'?",
        ),
        ({"quarter": "2024-25 Q2"}, ITEM, "`pmf run`"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(workspace, changes, item, words):
    recorded(workspace, "run-one")
    with pytest.raises(ParameterError) as caught:
        open_copy(Request(**{**ASKED, **changes}), item)
    assert words in str(caught.value)
    assert not (workspace.home / "notebooks" / "analysis").exists()


def test_a_store_without_runs_says_how_to_begin(workspace):
    done = workspace.here("open", ITEM)
    assert done.code == 2
    assert "Start it with `pmf run`" in done.err


def test_the_command_says_where_the_copy_is_and_how_to_open_it(workspace):
    recorded(workspace, "run-one")
    done = workspace.here("open", ITEM, "--quarter", "2024-25 Q1", "--as-at", "2024-08-15")
    assert done.code == 0, done.said
    assert f"Your copy: {workspace.home / 'notebooks/analysis/run-one/childrens'}" in done.out
    assert "the same command with --lab" in done.out


def test_a_value_that_looks_like_code_stays_a_text():
    cell = {
        "cell_type": "code",
        "metadata": {"tags": ["parameters"]},
        "source": ['council = "x"  # id\n'],
        "outputs": [1],
    }
    filled = with_parameters({"cells": [cell]}, {"council": '"; import os #\\1'})["cells"][0]
    values: dict = {}
    exec("".join(filled["source"]), {}, values)
    assert values == {"council": '"; import os #\\1'}
    assert filled["outputs"] == []
    with pytest.raises(PmfError, match="gives 'quarter' 0 times"):
        with_parameters({"cells": [cell]}, {"quarter": "x"})
