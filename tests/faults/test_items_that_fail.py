"""Items that fail, each in a way of its own, in one run: the rest finishes, and every failure is told in words."""

import html
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from workspace import PATIENCE, Done, Reader, Workspace, wait_for

sys.path.insert(0, str(Path(__file__).parent))
from hurt_notebooks import HURTS, write, write_all

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills processes by POSIX signals"),
]
UNIT = "childrens"
ENDED = {
    "1_well": ("ok", ""),
    "2_raises": ("failed", "Cell 3 stopped with KeyError: 'nothing'"),
    "3_says": ("failed", "The sky fell on 'x.csv'. Put it up."),
    "4_exits": ("failed", "ended the notebook before its end, with SystemExit."),
    "5_leaves": (
        "killed",
        "The program that runs the notebook (its kernel) was gone before the notebook's end",
    ),
    "6_sleeps": ("ok", ""),
    "7_eats": ("out of memory", "It needed more memory than allowed and was stopped."),
    "8_forgets": ("failed", "It did not record: page."),
    "8_prints": ("failed", "Its executed notebook came to 95 MB; a report may have 20."),
    "8_floods": ("failed", "What it prints came to more than 20 MB and it was stopped."),
    "9_child": ("killed", "Its process was ended from outside before it could finish."),
    "9_kernel": ("killed", "The program that runs the notebook (its kernel) was gone"),
}
BAD = [name for name, (outcome, _) in ENDED.items() if outcome != "ok"]


@dataclass(frozen=True)
class Hurt:
    workspace: Workspace
    done: Done
    left_running: list[str]


@pytest.fixture(scope="module")
def hurt(make_workspace: Callable[..., Workspace]) -> Hurt:
    """One run over every way of going wrong; two items are killed from outside once they have begun."""
    own = make_workspace("hurt")
    write_all(own.home / "notebooks")
    running = own.start("run", "--directorate", UNIT, "--memory", "1.5", "--jobs", "4")
    for name, whom in (("9_kernel", 0), ("9_child", 1)):
        os.kill(int(wait_for(own.home / f"{name}.pid", running).split()[whom]), signal.SIGKILL)
    out, err = running.communicate(timeout=PATIENCE)
    return Hurt(own, Done(running.returncode, out, err), own.still_running())


def outcomes(own: Workspace) -> dict[str, str]:
    return {item["notebook"]: item["outcome"] for item in own.manifest()["items"]}


def page(own: Workspace, notebook: str) -> Reader:
    return Reader(own.page(UNIT, notebook))


def command_on(page_of_failure: str) -> list[str]:
    """What a failure page tells its reader to run, as a shell would read it."""
    found = re.search(r"<pre><code>(.*?)</code></pre>", page_of_failure)
    return shlex.split(html.unescape(found[1])) if found else []


def test_each_item_ends_as_it_did_and_the_others_finish(hurt: Hurt) -> None:
    assert outcomes(hurt.workspace) == {name: outcome for name, (outcome, _) in ENDED.items()}
    assert set(ENDED) == set(HURTS)


def test_the_command_ends_with_six_and_names_every_item_that_failed(hurt: Hurt) -> None:
    assert hurt.done.code == 6
    assert f"{len(BAD)} of {len(ENDED)} items did not end well; the rest stands." in hurt.done.err
    assert [name for name in BAD if f"{UNIT}/{name}: {ENDED[name][0]}." not in hurt.done.err] == []
    assert "Traceback" not in hurt.done.said


def test_nothing_is_left_running_and_nothing_half_written(hurt: Hurt) -> None:
    assert hurt.left_running == []
    assert hurt.workspace.half_written() == []


@pytest.mark.parametrize("name", BAD)
def test_a_failure_page_says_what_failed_what_stands_and_how_to_run_just_that_again(
    hurt: Hurt, name: str
) -> None:
    found = page(hurt.workspace, name)
    assert found.faults == []
    assert ENDED[name][1] in found.text
    assert f"“Test {name}” for Children's Services could not be made" in found.text
    assert "Test 1_well (Children's Services)" in found.within("main")
    assert "Traceback" not in found.text
    command = command_on(hurt.workspace.page(UNIT, name))
    assert command[:2] == ["pmf", "run"]
    assert command[-2:] == ["--item", f"{UNIT}/{name}"]


def test_what_was_too_much_is_not_kept(hurt: Hurt) -> None:
    sizes = {path: path.stat().st_size for path in hurt.workspace.store.rglob("*") if path.is_file()}
    assert max(sizes.values()) < 2**20 + 1
    assert pages_recorded(hurt.workspace) == {name for name, (outcome, _) in ENDED.items() if outcome == "ok"}


def pages_recorded(own: Workspace) -> set[str]:
    return {path.parent.name for path in own.store.glob("runs/*/items/*/*/page.html")}


def test_the_store_of_a_run_with_failures_holds(hurt: Hurt) -> None:
    verified = hurt.workspace.pmf("verify")
    assert verified.code == 0, verified.said


def test_status_and_index_tell_which_items_failed(hurt: Hurt) -> None:
    status = hurt.workspace.pmf("status")
    assert status.code == 0
    assert f"2 of {len(ENDED)} items" in status.out
    assert [name for name in BAD if f"{UNIT}/{name}: {ENDED[name][0]}." not in status.out] == []
    assert "the chain holds" in status.out
    index = Reader((hurt.workspace.home / "outputs" / "index.html").read_text(encoding="utf-8"))
    assert [name for name in BAD if f"Test {name}" not in index.text] == []


def test_the_ledger_has_a_line_for_every_item_and_one_for_the_run(hurt: Hurt) -> None:
    lines = (hurt.workspace.store / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(ENDED) + 2, "one when the run starts, one an item, one when it ends"
    assert [name for name in BAD if f'"outcome": "{ENDED[name][0]}"' not in "\n".join(lines)] == []


def test_the_command_on_a_failure_page_runs_just_that_item_of_the_same_run(
    hurt: Hurt, tmp_path: Path
) -> None:
    own = hurt.workspace.copied(tmp_path / "workspace")
    done = own.pmf(*command_on(own.page(UNIT, "9_child"))[1:])
    assert done.code == 6, "the other items have still failed"
    assert outcomes(own) == {**outcomes(hurt.workspace), "9_child": "ok"}
    assert [line for line in done.err.splitlines() if line.strip().startswith(("ok", "kept"))] == [
        f"       ok  {UNIT}/9_child"
    ]
    assert own.manifest()["run_id"] == hurt.workspace.manifest()["run_id"]
    assert page(own, "9_child").within("main").startswith("It went well")


def test_an_item_that_sleeps_past_its_time_is_stopped_and_the_others_stay_as_they_ended(
    hurt: Hurt, tmp_path: Path
) -> None:
    own = hurt.workspace.copied(tmp_path / "workspace")
    (own.home / "sleep").touch()
    item = f"{UNIT}/6_sleeps"
    done = own.pmf("run", "--directorate", UNIT, "--item", item, "--again", "--timeout", "8")
    assert done.code == 6
    assert f"{item}: timed out. It took longer than the time allowed and was stopped." in done.err
    assert outcomes(own) == {**outcomes(hurt.workspace), "6_sleeps": "timed out"}
    assert "raise the time limit" in page(own, "6_sleeps").text
    assert own.still_running() == []
    assert own.half_written() == []


def test_a_mended_notebook_makes_a_new_run_that_does_every_item_anew(hurt: Hurt, tmp_path: Path) -> None:
    own = hurt.workspace.copied(tmp_path / "workspace")
    for path in (own.home / "notebooks").iterdir():
        if not path.stem.startswith(("1_", "2_")):
            path.unlink()
    write(own.home / "notebooks", "2_raises", "mended = True")
    done = own.pmf("run", "--directorate", UNIT)
    assert done.code == 0, done.said
    assert outcomes(own) == {"1_well": "ok", "2_raises": "ok"}
    assert own.manifest()["run_id"] != hurt.workspace.manifest()["run_id"]
    assert len(own.status()["runs"]) == 2
    assert (
        not (own.home / "outputs" / "sample" / "pmf-2022-25")
        .joinpath("2024-25-q2/full/childrens/3_says.html")
        .exists()
    )


@pytest.fixture
def waiting(make_workspace: Callable[..., Workspace]) -> Iterator[tuple[Workspace, subprocess.Popen[str]]]:
    """A run whose first item is done and whose second one waits until somebody ends it."""
    own = make_workspace("waiting")
    write_all(own.home / "notebooks")
    for name in set(HURTS) - {"1_well", "9_child"}:
        (own.home / "notebooks" / f"{name}.ipynb").unlink()
        (own.home / "notebooks" / f"{name}.yml").unlink()
    running = own.start("run", "--directorate", UNIT, "--jobs", "1")
    wait_for(own.home / "9_child.pid", running)
    yield own, running
    running.kill()
    running.communicate()


def assert_it_goes_on(own: Workspace) -> None:
    again = own.pmf("run", "--directorate", UNIT)
    assert again.code == 0, again.said
    assert f"kept  {UNIT}/1_well" in again.err
    assert f"ok  {UNIT}/9_child" in again.err
    assert own.half_written() == []


def test_an_interrupted_run_stops_at_once_keeps_what_is_done_and_goes_on_from_there(
    waiting: tuple[Workspace, subprocess.Popen[str]],
) -> None:
    own, running = waiting
    running.send_signal(signal.SIGTERM)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted; what was finished is kept" in err
    assert own.still_running() == []
    assert own.half_written() == []
    assert f"{UNIT}/9_child: waiting." in own.pmf("status").out
    assert_it_goes_on(own)


def test_a_run_that_is_killed_leaves_nothing_running_and_goes_on_from_there(
    waiting: tuple[Workspace, subprocess.Popen[str]],
) -> None:
    own, running = waiting
    running.kill()
    running.communicate(timeout=60)
    assert own.still_running(30) == []
    assert_it_goes_on(own)


def test_a_second_command_on_the_same_run_is_refused_while_the_first_is_at_work(
    waiting: tuple[Workspace, subprocess.Popen[str]],
) -> None:
    own, running = waiting
    second = own.pmf("run", "--directorate", UNIT)
    assert second.code == 6
    assert "Another `pmf run` is at work on this very run." in second.err
    assert running.poll() is None
