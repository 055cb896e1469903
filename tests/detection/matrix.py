"""Print the detection matrix: rule × planted × found × false findings. Run ``python tests/detection/matrix.py [seeds]``.

Ends with 1 when a planted story or fault is missed, or something is found that nobody planted. What chance does to
control charts is printed as a figure and judged by nobody: a chart that heard nothing of noise would hear no change either.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import chance
import detect
import rows_together
import series_faults
from record_faults import MUTATORS
from stories import STORIES
from story_council import clean

SEEDS, CLEAN_SEEDS = 50, 20
ROW = "{:<42}{:<38}{:>8}{:>8}{:>9}{:>8}"


def story_rows(seeds: range) -> Iterator[tuple[str, str, int, int, int]]:
    """Story, what finds it, planted, found, false findings."""
    for story in STORIES.values():
        seen = detect.outcome(story, seeds)
        yield story.name, f"{story.detector}: {story.code}", seen.planted, seen.found, len(seen.elsewhere)


def series_rows(seeds: range) -> Iterator[tuple[str, str, int, int, int]]:
    """The same for every fault that only a whole series shows."""
    for fault in series_faults.FAULTS.values():
        seen = series_faults.outcome(fault, seeds)
        yield fault.name, f"series: {fault.rule}", seen.planted, seen.found, len(seen.elsewhere)


def reading_rows(seeds: range) -> Iterator[tuple[str, str, int, int, int]]:
    """The same for every rule of reading."""
    for rule in MUTATORS:
        seen = rows_together.outcome(rule, seeds)
        yield "a row at fault", f"reading: {rule}", seen.planted, seen.found, len(seen.elsewhere)


def clean_rows() -> Iterator[tuple[str, str, int, int, int]]:
    """Records in which nothing was planted."""
    seeds = range(CLEAN_SEEDS)
    yield "nothing", "every rule, state and verdict", 0, 0, len(detect.clean_findings(seeds))
    councils = [clean(seed) for seed in seeds]
    yield "nothing", "every rule of a series", 0, 0, len(series_faults.found(councils))
    yield "nothing", "every rule of reading", 0, 0, len(rows_together.clean_findings(seeds))


def show(rows: Iterator[tuple[str, str, int, int, int]]) -> bool:
    """Print rows as they come; True if nothing was missed and nothing false was found."""
    well = True
    for planted_what, finder, planted, found, false in rows:
        recall = f"{100 * found / planted:.0f} %" if planted else "-"
        say(ROW.format(planted_what, finder, planted, found, recall, false))
        well &= found == planted and false == 0
    return well


def show_chance() -> None:
    """What chance does: shares of series that signal at their last point."""
    say(
        f"\nControl charts, noise alone (step 0: every signal is false) and with a step {chance.SINCE} periods long,"
    )
    say(f"in standard deviations; per cent of {chance.SERIES} series whose last point signals:\n")
    shown = chance.table().round(1)
    say(shown.to_string())
    say(
        f"\nThe same {chance.LENGTHS[-1]} points without any change, where each value follows the one before:\n"
    )
    say(chance.followed().round(1).to_string())


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(seeds: int = SEEDS) -> int:
    began = time.monotonic()
    say(f"{seeds} seeds for each story and rule; {CLEAN_SEEDS} councils in which nothing was planted.\n")
    say(ROW.format("planted", "found by", "planted", "found", "recall", "false"))
    each = range(seeds)
    well = [show(rows) for rows in (story_rows(each), series_rows(each), reading_rows(each), clean_rows())]
    show_chance()
    say(
        f"\n{time.monotonic() - began:.0f} seconds. "
        + ("All found, nothing false." if all(well) else "NOT ALL WELL.")
    )
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
