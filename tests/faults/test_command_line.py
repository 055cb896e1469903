"""A wrong request is refused in words before anything starts, with the exit code of its kind."""

import os
import sys
from pathlib import Path

import pytest
from workspace import Workspace

REFUSED = {
    "a directorate by a part of its name": (
        ["--directorate", "adults"],
        2,
        ["'adults' is not a known directorate", "Did you mean 'adults-health'?", "councils/sample.yml"],
    ),
    "a quarter that is none": (
        ["--quarter", "2024-25Q5"],
        2,
        ["'2024-25Q5' is not a reporting quarter", "'YYYY-YY Qn'", "'2025-26 Q1'"],
    ),
    "a council that is not there": (
        ["--council", "nosuch"],
        2,
        ["'nosuch' is not a known council", "Known: 'sample', 'sample-2009', 'walsall-published'"],
    ),
    "a framework that is not there": (
        ["--framework", "nosuch"],
        2,
        ["'nosuch' is not a known framework", "Known: 'pmf-2022-25', 'wpf-2009'"],
    ),
    "a framework with two figures swapped": (
        ["--framework", "pmf-2022-52"],
        2,
        ["'pmf-2022-52' is not a known framework", "Did you mean 'pmf-2022-25'?"],
    ),
    "a date before the quarter's end": (
        ["--as-at", "2024-08-01"],
        2,
        ["'2024-08-01' lies before the end of the quarter (2024-09-30)"],
    ),
    "a date that is none": (["--as-at", "soon"], 2, ["'soon' is not a date", "'YYYY-MM-DD'"]),
    "an edition that is not made": (
        ["--edition", "secret"],
        2,
        ["'secret' is not a known edition", "'full', 'public', 'exempt'"],
    ),
    "an item by a part of its name": (
        ["--item", "childrens/2_measures"],
        2,
        ["'childrens/2_measures' is not a known item", "`pmf run --plan`"],
    ),
    "a run file that is not there": (
        ["parameters/runs/sampel.yml"],
        3,
        ["sampel.yml' is not there", "Did you mean 'sample'?"],
    ),
    "a folder in place of a run file": (["parameters"], 3, ["could not be read"]),
    "an option that is mistyped": (["--quater", "2024-25 Q2"], 2, ["'--quater'", "'--quarter'"]),
    "no time at all": (["--timeout", "0"], 2, ["--timeout"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_request_is_refused_in_words(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.chdir(workspace.home)
    arguments, code, words = REFUSED[case]
    done = workspace.here("run", *arguments)
    assert done.code == code
    assert [word for word in words if word not in " ".join(done.err.split())] == []
    assert "Traceback" not in done.said
    assert not (workspace.home / "outputs").exists()
    assert not (workspace.store / "runs").exists()


RUN_FILES = {
    "a key that is mistyped": (
        "quater: 2024-25 Q2",
        ["key 'quater' is not known", "Did you mean 'quarter'?"],
    ),
    "a key written twice": ("council: sample\ncouncil: sample", ["key 'council' is written twice", "line 2"]),
    "a value of the wrong kind": ("as_at: 2024-11-15", ["'as_at'", "2024"]),
    "no YAML": ("council: [", ["is not valid YAML"]),
}


@pytest.mark.parametrize("case", RUN_FILES)
def test_a_run_file_that_says_something_unknown_is_a_fault_of_policy(workspace: Workspace, case: str) -> None:
    text, words = RUN_FILES[case]
    path = workspace.home / "parameters" / "runs" / "mine.yml"
    path.write_text(text, encoding="utf-8")
    done = workspace.here("run", str(path))
    assert done.code == 4
    assert [word for word in [*words, "mine.yml"] if word not in done.err] == []


def test_a_threshold_written_under_a_mistyped_key_stops_the_run(workspace: Workspace) -> None:
    path = workspace.home / "parameters" / "schemes" / "clauses.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("partly_up_to_pct", "partly_upto_pct"))
    done = workspace.here("check")
    assert done.code == 4
    assert "'partly_upto_pct' is not known" in done.err
    assert "Did you mean 'partly_up_to_pct'?" in done.err


def test_outside_a_workspace_the_command_says_where_to_go(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PMF_HOME")
    monkeypatch.chdir(tmp_path)
    done = workspace.here("run")
    assert done.code == 3
    assert "Change into the workbook's folder, or set PMF_HOME" in done.err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX matter")
def test_a_full_disk_ends_in_a_sentence_and_leaves_nothing_half_written(workspace: Workspace) -> None:
    """A file size limit stands for the full disk: the system refuses to write on."""
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)); from pmf_lib.cli import main; main()"
    done = workspace.call(sys.executable, "-c", code, "run", "--plan")
    assert done.code == 3
    assert "the disk is not full" in done.err
    assert "Traceback" not in done.err
    assert workspace.half_written() == []
    assert list((workspace.store / "snapshots").iterdir()) == []


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="an administrator may write everywhere"
)
def test_a_store_that_is_not_ours_to_write_is_said_so(workspace: Workspace) -> None:
    workspace.store.mkdir(mode=0o500)
    done = workspace.here("run", "--plan")
    assert done.code == 3
    assert "yours to write" in done.err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX matter")
def test_a_disk_that_fills_up_in_mid_run_fails_the_items_and_is_said_so(workspace: Workspace) -> None:
    """The limit leaves room for the snapshot and the manifest, and none for a page."""
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)); from pmf_lib.cli import main; main()"
    item = "resources/2_measures_against_markers"
    done = workspace.call(sys.executable, "-c", code, "run", "--item", item)
    assert done.code == 6
    assert f"{item}: failed. The program itself stopped: OSError: [Errno 27] File too large" in done.err
    assert "Traceback" not in done.err
    assert workspace.half_written() == []
    assert "OSError" in workspace.page("resources", "2_measures_against_markers")
    assert workspace.pmf("run", "--item", item).code == 0
