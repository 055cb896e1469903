"""How fast the methods are, as ratios taken in one process: `python bench/run.py` prints the table, `--write` keeps it.

Run it while nothing else is running. Each contestant is timed in turn, round after round; the median counts.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bare
import loop
import memory
import numpy as np
import pandas as pd
import published
import ratings
import series

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"
HEAD = ["| what | seconds | ratio | wanted |", "|---|---|---|---|"]


def main() -> None:
    """Time everything, and say or keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=100_000)
    parser.add_argument("--looped", type=int, default=1_000, help="series of the loop, scaled to all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"put the table into docs/{PAGE.name}")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    held = memory.rows(given.series)  # first: what a child holds is counted from what its parent held
    lines = [*_charts(given), *held, *_release(given), "", _circumstances(given, load)]
    sys.stdout.write("\n".join(lines) + "\n")
    if given.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(
            before + BEGIN + "\n".join(lines) + "\n" + END + rest.partition(END)[2], encoding="utf-8"
        )


def _charts(given: argparse.Namespace) -> list[str]:
    """Rows of the table for control charts, statuses and directions."""
    frame, rebase = series.frame(given.series), series.rebases(given.series)
    polarity = pd.Series("higher", index=frame["measure_id"].unique())
    measures, few = ratings.asked(polarity.index), series.frame(given.looped)
    took = _timed(
        {
            "bare": lambda: bare.evaluated(frame),
            "quicker": lambda: bare.evaluated(frame, is_one_key=True),
            "charts": lambda: ratings.xmr(frame, rebase=rebase, polarity=polarity),
            "all": lambda: ratings.rated(frame, rebase, polarity, measures),
            "told": lambda: ratings.rated(frame, rebase, polarity, measures, with_why=True),
        },
        given.rounds,
    )
    looped = _timed({"loop": lambda: loop.evaluated(few)}, 1)["loop"] * given.series / given.looped
    least = took["bare"]
    return [
        *HEAD,
        _row(f"bare NumPy: sort, factorise, limits, four rules ({len(frame):,} rows)", least, "1", ""),
        _row("the same, sorted by one key", took["quicker"], f"{took['quicker'] / least:.2f}", ""),
        _row("`xmr`", took["charts"], f"{took['charts'] / least:.2f}", ""),
        _row("`xmr`, `status` and `direction`", took["all"], f"{took['all'] / least:.2f}", "2 or less"),
        _row(
            "the same, held against the sort by one key",
            took["all"],
            f"{took['all'] / took['quicker']:.2f}",
            "",
        ),
        _row("the same, with a sentence for each status", took["told"], f"{took['told'] / least:.2f}", ""),
        _row(
            f"loop over series ({given.looped:,} timed, scaled)",
            looped,
            f"{looped / took['all']:.0f} × `xmr`, `status` and `direction`",
            "100 or more",
        ),
    ]


def _release(given: argparse.Namespace) -> list[str]:
    """Rows of the table for a published release of every authority, where it is there."""
    path = published.release()
    if path is None:
        return ["| a published release of all authorities | not measured: PMF_PUBLISHED is not set | | |"]
    rounds = min(given.rounds, 3)
    took = _timed({"least": lambda: published.baseline(path), "all": lambda: published.rated(path)}, rounds)
    ratio = f"{took['all'] / took['least']:.2f}"
    return [
        _row("LAIT, July 2025: read, numbers parsed, one grouped `describe`", took["least"], "1", ""),
        _row("the same: read, benchmarked, rated, all authorities", took["all"], ratio, "10 or less"),
    ]


def _timed(contestants: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Median seconds of each, in turn."""
    took: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            began = time.perf_counter()
            run()
            took[name].append(time.perf_counter() - began)
    return {name: statistics.median(found) for name, found in took.items()}


def _row(what: str, seconds: float, ratio: str, wanted: str) -> str:
    return f"| {what} | {seconds:.2f} | {ratio} | {wanted} |"


def _circumstances(given: argparse.Namespace, load: float) -> str:
    return (
        f"{given.series:,} series of up to {series.POINTS} points, medians of {given.rounds} rounds; "
        f"Python {platform.python_version()}, pandas {pd.__version__}, NumPy {np.__version__}, "
        f"{os.cpu_count()} cores, load {load:.1f} before."
    )


if __name__ == "__main__":
    main()
