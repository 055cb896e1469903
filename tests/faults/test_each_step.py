"""The coordinator killed just before its file operations in turn (every second one; `PMF_MOMENTS=20`: each): whatever the moment, nothing is lost."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tiny import DIRECTORATES, ITEMS, Undisturbed, tried
from workspace import REPOSITORY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="forks, and kills by POSIX signals"),
]


@dataclass(frozen=True)
class Steps:
    deaths: list[dict[str, Any]]
    whole: dict[str, Any]
    """The last one lived to the end."""


@pytest.fixture(scope="module")
def steps(whole: Undisturbed, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    home = tmp_path_factory.mktemp("steps")
    own = whole.workspace.copied(home / "workspace")
    items = next(own.store.glob("runs/*/items")).rename(home / "items")
    path = ":".join(str(REPOSITORY / name) for name in ("tests", "tests/faults"))
    script = str(REPOSITORY / "tests" / "faults" / "each_step.py")
    search = (
        f"import sys, runpy; sys.path[:0] = {path!r}.split(':'); sys.argv = [{script!r}, {str(items)!r}]; "
    )
    done = own.call(sys.executable, "-c", search + f"runpy.run_path({script!r}, run_name='__main__')")
    assert done.code == 0, done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    return Steps(lines[:-1], lines[-1])


def test_there_are_many_steps_and_the_last_run_lives_through_them_all(steps: Steps) -> None:
    assert steps.whole["step"] > 100
    assert set(steps.whole["before"]) == ITEMS
    lost = [death for death in steps.deaths if not set(death["kept"]) >= set(death["before"])]
    tried("kill before each file operation", moments_n=len(steps.deaths), lost_n=len(lost))


CHECKS: dict[str, Callable[[dict[str, Any], dict[str, Any]], bool]] = {
    "nothing that was done is done again": lambda death, whole: set(death["kept"]) >= set(death["before"]),
    "the store holds when it dies": lambda death, whole: death["broken"] == [],
    "the store holds once it was run again": lambda death, whole: death["still"] == [],
    "what is shown when it dies is what a whole run shows": lambda death, whole: death["shown"].items() <= whole["after"].items(),
    "a council page is only done on all directorates": lambda death, whole: "council/5_sum" not in death["before"] or set(death["before"]) >= DIRECTORATES,
    "run again, it shows what a whole run shows": lambda death, whole: death["after"] == whole["after"],
    "nothing unfinished lies about": lambda death, whole: death["left"] == [],
}  # fmt: skip


@pytest.mark.parametrize("what", CHECKS)
def test_whenever_it_dies(steps: Steps, what: str) -> None:
    assert [death for death in steps.deaths if not CHECKS[what](death, steps.whole)] == []


def test_the_view_is_never_shown_in_parts(steps: Steps) -> None:
    """Either there is no view yet, or all of it."""
    pages = {name for name in steps.whole["after"] if "/" in name}
    assert {frozenset(pages & set(death["shown"])) for death in steps.deaths} <= {
        frozenset(),
        frozenset(pages),
    }
