"""How much memory the methods take, and that it grows in line with the rows: each size in a fresh process."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pandas as pd
import ratings
import series

PARTS = (4, 2, 1)
"""The whole, and its half and quarter."""
GIB = 1024**2
"""Kibibytes, as the kernel counts what a process holds."""


def rows(most: int) -> list[str]:
    """Rows of the table: what was held at each size, and what a row of input takes at the largest against the smallest."""
    found = [_measured(max(most // part, 1)) for part in PARTS]
    each = [(after - before) / n for n, before, after in found]
    told = [
        f"| most memory held, {n:,} rows of input (GiB, whole process) | | {after / GIB:.2f} | {'under 2' if n == found[-1][0] else ''} |"
        for n, _, after in found
    ]
    grown = each[-1] / each[0] if each[0] else float("nan")
    return [
        *told,
        f"| the same for each row, at the largest against the smallest | | {grown:.2f} | about 1 |",
    ]


def _measured(count: int) -> tuple[int, int, int]:
    """Rows of input, and the most that a process held before there were any and after all was done (KiB)."""
    command = [sys.executable, __file__, str(count)]
    ran = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own interpreter and file
    n, before, after = json.loads(ran.stdout)
    return n, before, after


def _most_held() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Rate so many series, and say what was held."""
    count, before = int(sys.argv[1]), _most_held()
    frame, rebase = series.frame(count), series.rebases(count)
    polarity = pd.Series("higher", index=frame["measure_id"].unique())
    ratings.rated(frame, rebase, polarity, ratings.asked(polarity.index))
    sys.stdout.write(json.dumps([len(frame), before, _most_held()]))


if __name__ == "__main__":
    main()
