"""How long whole runs take, beside loops over the same notebooks, and what they hold.

`python bench/runs.py measure --who shell --items 64 --out results.jsonl` measures one contestant and appends a line a
run; what the file has of the same code is not measured again, so that a long measurement may be done in parts.
`python bench/runs.py table results.jsonl` prints table and circumstances; `--write` puts them, and the picture, into docs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import contestants
import family
import many
import place
import told

from pmf_lib.store import identity

BASE = "d9a14e9c762aa39a1f48c24a24dec34f697f3d5b"
OURS = "ours"
WHO = ("shell", "pool", "script", "base", OURS)
"""Who is measured where nobody is named."""
EACH, FEWEST = 4, 2
"""Items of a directorate, and the fewest directorates of a council (decisions about measures name two of the sample's)."""
RECORDS = {1: (1, 1), 10: (2, 5), 100: (4, 25)}
"""Times as many figures → times as many measures, times that each figure was recorded: a page holds 20 MB at most, so that
a directorate can't have a hundred times as many measures."""
PACKAGES = ("pandas", "numpy", "matplotlib", "papermill", "nbclient", "nbconvert", "ipykernel")


def main() -> None:
    """Measure, or tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    measuring = commands.add_parser("measure", help="measure, and append to a file of results")
    measuring.add_argument("--who", nargs="+", choices=[*contestants.LOOPS, "base", OURS], default=WHO)
    measuring.add_argument(
        "--items", nargs="+", type=int, default=[8], help="items of directorates (default: 8)"
    )
    measuring.add_argument(
        "--no-council", action="store_true", help="leave the council's pages out, of loops and runs"
    )
    measuring.add_argument(
        "--runs",
        nargs="+",
        choices=contestants.OURS,
        default=contestants.OURS,
        help="of several runs of one store, those that are done (default: all)",
    )
    measuring.add_argument("--records", nargs="+", type=int, choices=RECORDS, default=[1])
    measuring.add_argument(
        "--rounds", type=int, default=3, help="runs that the file is to hold of each (default: 3)"
    )
    measuring.add_argument("--base", default=BASE, help=f"older state, as git names it (default: {BASE})")
    measuring.add_argument("--out", type=Path, required=True, help="file of results, a line a run")
    measuring.set_defaults(does=measure)
    telling = commands.add_parser("table", help="tell the results of a file")
    telling.add_argument("results", type=Path)
    telling.add_argument("--write", action="store_true", help="put table and picture into docs")
    telling.set_defaults(does=table)
    given = parser.parse_args()
    given.does(given)


def table(given: argparse.Namespace) -> None:
    """Print the table of a file of results, or write it with its picture."""
    lines = given.results.read_text(encoding="utf-8").splitlines()
    results = told.newest([json.loads(line) for line in lines])
    sys.stdout.write(told.page(results))
    if given.write:
        told.write(results)


def measure(given: argparse.Namespace) -> None:
    """Round after round, each contestant in turn, until the file holds so many rounds of each."""
    base = _commit(given.base)
    ours = identity.code_digest(place.ROOT)
    place.compiled(place.ROOT / "pmf_lib")
    with tempfile.TemporaryDirectory(prefix="pmf-bench-") as made:
        older = place.checked_out(base, Path(made, "older"))
        for number in range(given.rounds):
            for count, times, who in _asked(given):
                code, path = (ours, place.ROOT) if who == OURS else (base, older)
                known = {"items": count, "records": times, "council": not given.no_council, "code": code}
                if _held(given.out, who, known, given.runs) <= number:
                    for line in _lines(who, path, known, Path(made), given.runs):
                        _append(given.out, {**line, **_circumstances()})


def _asked(given: argparse.Namespace) -> Iterator[tuple[int, int, str]]:
    return ((count, times, who) for count in given.items for times in given.records for who in given.who)


def _held(out: Path, who: str, known: dict[str, Any], ours: Collection[str] = contestants.OURS) -> int:
    """Runs that the file has of this contestant, size and code; of several runs of one store, the fewest."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    found = [line for line in map(json.loads, lines) if known.items() <= line.items()]
    names = ours if who == OURS else (who,)
    return min(sum(line["who"] == name for line in found) for name in names)


def _lines(
    who: str, code: Path, known: dict[str, Any], made: Path, ours: Collection[str]
) -> Iterator[dict[str, Any]]:
    """What each run of a contestant took, in a workspace of its own."""
    units = max(-(-known["items"] // EACH), FEWEST)
    with tempfile.TemporaryDirectory(prefix=f"{who}-", dir=made) as folder:
        home = place.workspace(Path(folder, "home"), code, many.Size(units, *RECORDS[known["records"]]))
        listed = contestants.items(home, known["items"], with_council=known["council"])
        size = {**known, "listed": len(listed)}
        env, log = place.environment(code, home), Path(folder, "log.txt")
        for name, command in _commands(who, home, listed, ours):
            load = os.getloadavg()[0]
            took = family.taken(command, env=env, cwd=home, log=log)
            if who in contestants.LOOPS:
                contestants.check_pages(home, listed)
            yield {"who": name, **size, **asdict(took), "load": load}


def _commands(
    who: str, home: Path, listed: list[contestants.Item], ours: Collection[str]
) -> Iterator[tuple[str, list[str]]]:
    """Name and command of each run, one after another in one workspace."""
    if who in contestants.LOOPS:
        yield who, contestants.loop(who, home, listed)
        return
    if who == "base":
        yield who, contestants.run(listed)
        return
    for name in (one for one in contestants.OURS if one in ours):
        if name == "changed":
            place.change_one(home)
        yield name, contestants.run(listed, ("--again",) if name == "again" else ())


def _append(out: Path, line: dict[str, Any]) -> None:
    with out.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(line) + "\n")
    sys.stderr.write(
        f"{line['who']}, {line['items']} items, records × {line['records']}: "
        f"{line['seconds']:.2f} s, CPU {line['cpu_seconds']:.2f} s, {line['peak_bytes'] / 2**20:.0f} MiB\n"
    )


def _commit(name: str) -> str:
    """The commit that git has under a name."""
    asked = ["git", "-C", str(place.ROOT), "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    if found.returncode:
        raise SystemExit(
            f"git knows no '{name}' here: fetch the tags (git fetch --tags), or name another state."
        )
    return found.stdout.strip()[:12]


def _circumstances() -> dict[str, Any]:
    """The machine, and the versions of what is measured."""
    versions = {}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return {
        "machine": {
            "system": platform.system(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "versions": versions,
    }


if __name__ == "__main__":
    main()
