"""Who runs a quarter's notebooks in `bench/runs.py`, and by which commands.

The loops run the older code on the same list of items as ``pmf run``: the directorates' and, where all of these are
asked for, the council's. They freeze the records once, as ``pmf run`` does, and their council pages compute for
themselves what a run reads from its recorded items.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import scripted
import yaml
from place import COUNCIL, REQUEST

OUT, PLAN, ORDERS = "loop", "loop/plan.json", "loop/orders.json"
POOLED = Path(__file__).with_name("pooled.py")
FREEZE = f"pmf run --plan --json > {PLAN}"
SNAPSHOT = f'snapshot=$(python -c \'import json; print(json.load(open("{PLAN}"))["snapshot"])\')'
NAMES = {
    "shell": "shell loop: `papermill`, then `jupyter nbconvert`",
    "pool": "papermill and nbconvert in a pool of two processes",
    "script": "plain scripts, one after another",
    "pairs": "plain scripts, two at a time",
    "base": "`pmf run` before",
    "cold": "`pmf run`, empty store",
    "again": "`pmf run --again`",
    "changed": "`pmf run`, one figure changed",
    "nothing": "`pmf run`, nothing changed",
}
"""Contestant → what the table calls it."""
LOOPS = ("shell", "pool", "script", "pairs")
OURS = ("cold", "again", "changed", "nothing")
"""Runs of one store, in this order."""


@dataclass(frozen=True)
class Item:
    """One notebook of one unit, with the parameters that a loop gives it."""

    notebook: str
    unit: str
    parameters: Mapping[str, str]

    @property
    def id(self) -> str:
        """As ``pmf run --item`` takes it."""
        return f"{self.unit}/{self.notebook}"

    @property
    def out(self) -> str:
        """Where a loop puts it, without an ending."""
        return f"{OUT}/{self.unit}-{self.notebook}"


def items(home: Path, count: int, *, with_council: bool = True) -> list[Item]:
    """So many items of directorates of a workspace; the council's too, where these are all that there are."""
    asked = _read(home / REQUEST)
    units = [one["id"] for one in _read(home / COUNCIL)["directorates"]]
    sidecars = {path.stem: _read(path) for path in sorted((home / "notebooks").glob("*.yml"))}
    own = [name for name, sidecar in sidecars.items() if sidecar["stage"] == "directorate"]
    whole = [name for name, sidecar in sidecars.items() if sidecar["stage"] == "council"]
    each = [
        Item(name, unit, {**_given(asked, sidecars[name]), "directorate": unit})
        for unit in units
        for name in own
    ]
    council = [Item(name, "council", _given(asked, sidecars[name])) for name in whole]
    return each[:count] + (council if with_council and count >= len(each) else [])


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _given(asked: Mapping[str, str], sidecar: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name in sidecar["parameters"]}


def run(listed: list[Item], more: tuple[str, ...] = ()) -> list[str]:
    """``pmf run`` of these items; of all, where the council's are among them."""
    named = [] if any(item.unit == "council" for item in listed) else listed
    return ["pmf", "run", *more, *(word for item in named for word in ("--item", item.id))]


def loop(who: str, home: Path, listed: list[Item]) -> list[str]:
    """A loop over the items, written into the workspace."""
    (home / OUT).mkdir(exist_ok=True)
    lines = ["set -e", FREEZE, *_LINES[who](home, listed)]
    (home / OUT / "run.sh").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["sh", f"{OUT}/run.sh"]


def check_pages(home: Path, listed: list[Item]) -> None:
    """Every item of a loop has its page.

    Raises
    ------
    RuntimeError
        One has none, or an empty one.
    """
    for item in listed:
        page = home / f"{item.out}.html"
        if not page.is_file() or not page.stat().st_size:
            raise RuntimeError(f"no page was made of {item.id}")


def _shell(home: Path, listed: list[Item]) -> list[str]:
    return [SNAPSHOT, *(line for item in listed for line in _two_commands(item))]


def _two_commands(item: Item) -> list[str]:
    given = " ".join(f"-r {name} {shlex.quote(value)}" for name, value in item.parameters.items())
    return [
        f'papermill notebooks/{item.notebook}.ipynb {item.out}.ipynb {given} -r snapshot "$snapshot"',
        f"jupyter nbconvert --to html {item.out}.ipynb",
    ]


def _pool(home: Path, listed: list[Item]) -> list[str]:
    orders = [
        {
            "notebook": f"notebooks/{item.notebook}.ipynb",
            "executed": f"{item.out}.ipynb",
            "page": f"{item.out}.html",
            "parameters": dict(item.parameters),
        }
        for item in listed
    ]
    (home / ORDERS).write_text(json.dumps(orders), encoding="utf-8")
    return [f"python {POOLED} {ORDERS} {PLAN}"]


def _scripts(home: Path, listed: list[Item]) -> list[str]:
    """One command an item."""
    snapshot = f"__import__('json').load(open({PLAN!r}))['snapshot']"
    for item in listed:
        source = scripted.script(home / "notebooks" / f"{item.notebook}.ipynb", item.parameters, snapshot)
        (home / f"{item.out}.py").write_text(source, encoding="utf-8")
    return [f"python {item.out}.py {item.out}.html" for item in listed]


def _in_pairs(home: Path, listed: list[Item]) -> list[str]:
    (home / OUT / "scripts.txt").write_text("\n".join(_scripts(home, listed)) + "\n", encoding="utf-8")
    return [f"xargs -P 2 -L 1 env < {OUT}/scripts.txt"]


_LINES: Mapping[str, Callable[[Path, list[Item]], list[str]]] = {
    "shell": _shell,
    "pool": _pool,
    "script": _scripts,
    "pairs": _in_pairs,
}
