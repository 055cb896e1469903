"""What is said of a forecast: the pace, the chance, and what the target would take."""

from __future__ import annotations

import math
from typing import Any

from pmf_lib.numbers import half_up
from pmf_lib.performance.words import exact, quantity

CHANCES = (
    *((1, 50), (1, 20), (1, 10), (1, 5), (1, 4), (1, 3), (2, 5), (1, 2)),
    *((3, 5), (2, 3), (3, 4), (4, 5), (9, 10), (19, 20), (49, 50)),
)
"""Odds that a reader can picture."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SUMMED = "sum"


def chance_words(chance: float) -> str:
    """A probability as a reader would say it.

    >>> chance_words(0.047), chance_words(0.62), chance_words(0.001), chance_words(0.999)
    ('about 1 in 20', 'about 3 in 5', 'less than 1 in 100', 'more than 99 in 100')
    """
    if chance < 0.01:
        return "less than 1 in 100"
    if chance > 0.99:
        return "more than 99 in 100"
    odds = math.log(chance / (1 - chance))
    part, whole = min(CHANCES, key=lambda pair: abs(odds - math.log(pair[0] / (pair[1] - pair[0]))))
    return f"about {part} in {whole}"


def outlook(row: Any) -> str:
    """How the year ends at this pace, with its range, and the chance of the target."""
    if row.method == "complete":
        return f"The year is complete: it ended at {amount(row, row.outturn)}.{_kept(row)}"
    if row.method == "constant":
        return f"Every value known is the same, and the year ends at {amount(row, row.outturn)} if that holds.{_kept(row)}"
    ends = (shown(row, row.low), shown(row, row.high))
    said = f"At this pace the year ends at {amount(row, row.outturn)} (between {ends[0]} and {ends[1]})"
    if math.isnan(row.chance):
        return f"{said}; there is no year-end target to hold it against."
    return f"{said}; the chance of {_meeting(row)} is {chance_words(row.chance)}."


def needed_words(row: Any) -> str:
    """What the periods left would have to bring, beside the best of them so far; '' where nothing is asked."""
    if math.isnan(row.needed):
        return ""
    if _asks_nothing(row):
        return f"The target of {_target(row)} is reached whatever the rest of the year brings."
    if _out_of_reach(row):
        return f"{_capital(_left(row))} left cannot bring it any more: the target of {_target(row)} is out of reach."
    best = row.lowest if row.polarity == "lower" else row.highest
    word = "lowest" if row.polarity == "lower" else "best"
    goal = f"the target of {_target(row)}" if row.refused else "it"
    return f"To meet {goal}, {_asked(row)}; the {word} so far was {amount(row, best)}."


def amount(row: Any, value: float) -> str:
    """A value of the measure with its unit."""
    return quantity(half_up(value, int(row.decimals)), int(row.decimals), row.unit)


def shown(row: Any, value: float) -> str:
    """The same; a plain number for a unit that would be said twice."""
    return (
        amount(row, value)
        if row.unit.startswith(("%", "£"))
        else exact(half_up(value, int(row.decimals)), int(row.decimals))
    )


def _meeting(row: Any) -> str:
    if row.polarity == "range":
        ends = ["open" if math.isnan(end) else shown(row, end) for end in (row.lower, row.upper)]
        return f"ending in the range of {ends[0]} to {ends[1]}"
    return f"meeting {_target(row)}" if row.polarity == "higher" else f"staying within {_target(row)}"


def _target(row: Any) -> str:
    return quantity(row.target, int(row.decimals), row.unit)


def _kept(row: Any) -> str:
    if math.isnan(row.chance):
        return ""
    goal = "range" if row.polarity == "range" else f"target of {_target(row)}"
    verb = ("would be met", "would be missed") if row.method == "constant" else ("was met", "was missed")
    return f" The {goal} {verb[row.chance < 0.5]}."


def _asked(row: Any) -> str:
    value = quantity(_strict(row), int(row.decimals), row.unit)
    most = row.polarity == "lower"
    if row.roll == "last":
        return f"the last {row.kind} would have to be {value}{' or less' if most else ''}"
    bring = "bring" if row.roll == SUMMED else "average"
    whom = (
        f"each of {_left(row)} left" if row.periods_left > 1 and row.roll == SUMMED else f"{_left(row)} left"
    )
    return f"{whom} would have to {bring} {value}{' or less' if most else ''}"


def _strict(row: Any) -> float:
    """What is needed, rounded so that it is enough."""
    unit = 10.0 ** int(row.decimals)
    way = math.floor if row.polarity == "lower" else math.ceil
    return float(way(round(row.needed * unit, 6)) / unit)


def _left(row: Any) -> str:
    count = int(row.periods_left)
    if count == 1:
        return f"the {row.kind}"
    return f"the {NUMBERS[count] if count < len(NUMBERS) else count} {row.kind}s"


def _asks_nothing(row: Any) -> bool:
    return bool(row.needed <= row.floor if row.polarity == "higher" else row.needed >= row.ceiling)


def _out_of_reach(row: Any) -> bool:
    return bool(row.needed > row.ceiling if row.polarity == "higher" else row.needed < row.floor)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
