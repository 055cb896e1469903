"""Print the detection matrix of the arrangements: test × planted × found × false. Run ``python tests/detection/arrangement_matrix.py [seeds]``.

One row per test and meaning of its parameters that clauses use, then one per finding of the assurance map. Ends with 1 when a planted defect is missed, or something is
found that nobody planted.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "spec"))

import assured_detect
import lived_detect
from assured_council import assured
from lived_council import lived
from minuted import FRAMEWORKS

SEEDS, CLEAN_SEEDS = 50, 20
ROW = "{:<32}{:<62}{:<8}{:>8}{:>8}{:>9}{:>8}"


def show(seen: lived_detect.Seen) -> bool:
    """Print a row; True if nothing was missed and nothing else was named."""
    frameworks = "both" if len(seen.call.frameworks) > 1 else seen.call.frameworks[0][:3]
    recall = f"{100 * seen.found / seen.planted:.0f} %"
    cells = (seen.call.test, seen.call.words[:60], frameworks, seen.planted, seen.found, recall)
    say(ROW.format(*cells, len(seen.elsewhere)))
    return seen.found == seen.planted and not seen.elsewhere


def show_clean(framework: str) -> bool:
    """Print what is found where nothing was planted."""
    false = sum(len(lived_detect.clean_findings(lived(seed, framework))) for seed in range(CLEAN_SEEDS))
    say(ROW.format("nothing", f"every test, {CLEAN_SEEDS} councils", framework[:3], 0, 0, "-", false))
    return false == 0


def show_map(name: str, seeds: int) -> bool:
    """Print what the assurance map finds of one kind that was planted."""
    seen = assured_detect.fared(name, range(seeds))
    recall = f"{100 * seen.found / seen.planted:.0f} %"
    say(ROW.format("assurance map", name, "both", seen.planted, seen.found, recall, len(seen.elsewhere)))
    return seen.found == seen.planted and not seen.elsewhere


def show_clean_map(framework: str) -> bool:
    """Print what the assurance map finds where nothing was planted."""
    false = sum(len(assured(seed, framework).found) for seed in range(CLEAN_SEEDS))
    say(ROW.format("nothing", f"assurance map, {CLEAN_SEEDS} councils", framework[:3], 0, 0, "-", false))
    return false == 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(seeds: int = SEEDS) -> int:
    began = time.monotonic()
    say(
        f"{seeds} seeds for each test; {CLEAN_SEEDS} councils of each framework in which nothing was planted.\n"
    )
    say(ROW.format("test", "told", "clauses", "planted", "found", "recall", "false"))
    seen = sorted(lived_detect.outcomes(range(seeds)).values(), key=lambda one: one.call.name)
    well = [*map(show, seen), *map(show_clean, FRAMEWORKS)]
    well += [show_map(name, seeds) for name in assured_detect.PLANTS]
    well += map(show_clean_map, FRAMEWORKS)
    say(
        f"\n{time.monotonic() - began:.0f} seconds. "
        + ("All found, nothing false." if all(well) else "NOT ALL WELL.")
    )
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
