"""Carries out and publishes a plan, and is killed just before its n-th file operation; for every n or, in haste, every second.

Run as a script in the tiny council's workspace: ``each_step.py FOLDER``, a folder of finished items. The items'
processes are stood in for by a copy of what they make: what is tried here is the coordinator, at every step that it takes
on files. A fork that kills itself is as dead as one that is killed. Prints one line of JSON a kill.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workspace import Workspace

from pmf_lib import settings
from pmf_lib.runs import carry_out, children, supervise
from pmf_lib.runs.issuing import verify as verifying
from pmf_lib.runs.means import Means
from pmf_lib.runs.plan import Plan, plan, read_request
from pmf_lib.runs.site import publish
from pmf_lib.runs.warm.owner import Warm
from pmf_lib.store.manifest import Item, Manifest

STEPS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree")
STRIDE = 1 if int(os.environ.get("PMF_MOMENTS", "1")) >= 10 else 2
"""`PMF_MOMENTS=20` tries each step."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def stand_in(folder: Path) -> Callable[..., Any]:
    """What the supervisor starts in place of an item's process: it puts there what the item makes, and is done."""

    class Done:
        pid, is_lost = 0, False

        def poll(self, seconds: float = 0.0) -> int:
            return 0

        def wait(self) -> int:
            return 0

    def start(order: Path, log: Path, private: str, warm: Warm | None) -> Done:
        item, place = json.loads(order.read_text()), order.parent
        log.touch()
        unit = Path(item["folder"]).parent.name
        for made in (folder / unit / item["notebook"]).iterdir():
            shutil.copyfile(made, place / made.name)
        return Done()

    return start


def die_before(step: int) -> None:
    """Kill this process just before its `step`-th file operation in the workspace."""
    seen, home = 0, str(settings.root())

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        if (
            event not in STEPS
            or not str(args[0]).startswith(home)
            or (event == "open" and not args[2] & WRITES)
        ):
            return
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def carried_out(made: Plan) -> Manifest:
    """The run, and its pages."""
    limits = supervise.Limits()
    by = Means(1, limits)
    done = carry_out.carry_out(made, lambda item, what: said.append((item, what)), by)
    publish.publish(done)
    return done


said: list[tuple[Item, str]] = []


def forked(work: Callable[[], object]) -> bool:
    """Do it in a fork; did it live?"""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the run stopped by itself; its words are above")
    return os.WIFEXITED(status)


def broken() -> list[str]:
    """Links of the store that do not hold."""
    store = verifying.look(settings.store())
    return [f"{fault.kind} {fault.file}" for check in verifying.CHECKS for fault in check(store).faults]


def kept_after(made: Plan) -> list[str]:
    """Do it again; the items that were kept."""
    said.clear()
    carried_out(made)
    return [item.id for item, what in said if what == "kept"]


def main(folder: Path) -> None:
    """Die at each step in turn, until the run lives through."""
    own = Workspace(settings.root())
    made = plan(read_request(own.home / "parameters" / "runs" / "sample.yml", {}))
    children.start, children.family = stand_in(folder), lambda child: set()
    runs, outputs, step, lives = settings.store() / "runs", own.home / "outputs", 0, False
    while not lives:
        step += STRIDE
        for place in (runs, outputs, settings.store() / "damaged"):
            shutil.rmtree(place, ignore_errors=True)
        for file in settings.store().glob("ledger*"):
            file.unlink()

        def struck(at: int = step) -> None:
            die_before(at)
            carried_out(made)

        lives = forked(struck)
        tell(step, own, made)


def tell(step: int, own: Workspace, made: Plan) -> None:
    """What was done and broken when it died; what was kept, is broken and lies about once it was done again."""
    import tiny

    before, found = sorted(tiny.done_items(own)), broken()
    shown = {name: hash(content) for name, content in tiny.view(own).items()}
    kept = kept_after(made)
    line = {"step": step, "before": before, "broken": found, "kept": kept, "still": broken(), "shown": shown}
    after = {name: hash(content) for name, content in tiny.view(own).items()}
    print(json.dumps({**line, "after": after, "left": own.half_written()}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
