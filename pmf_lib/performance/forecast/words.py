"""What is said of a forecast: the pace, the chance, and what the target would take."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from pmf_lib.numbers import half_up
from pmf_lib.performance.words import exact, quantity

TWENTIETHS = 20
CHANCES = (
    *(Fraction(part, 100) for part in (1, 2, 3, 4, 96, 97, 98, 99)),
    *(Fraction(part, TWENTIETHS) for part in range(1, TWENTIETHS)),
    *(Fraction(part, 3) for part in (1, 2)),
)
"""Odds that a reader can picture: single per cents near the ends, else twentieths and thirds."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SUMMED = "sum"
AVERAGED = ("mean", "ratio")


def chance_words(chance: float) -> str:
    """A probability as a reader would say it.

    >>> chance_words(0.047), chance_words(0.62), chance_words(0.001), chance_words(0.999)
    ('about 1 in 20', 'about 3 in 5', 'less than 1 in 100', 'more than 99 in 100')
    >>> chance_words(0.02), chance_words(0.96)
    ('about 2 in 100', 'about 96 in 100')
    """
    if chance < 0.01:
        return "less than 1 in 100"
    if chance > 0.99:
        return "more than 99 in 100"
    near = odds(chance)
    whole = near.denominator if near.denominator <= TWENTIETHS else 100
    return f"about {near * whole} in {whole}"


def chance_shown(chance: float) -> str:
    """The same with the per cent of the odds named, so that the two agree.

    >>> chance_shown(0.03), chance_shown(0.62), chance_shown(0.001)
    ('about 3 in 100 (3%)', 'about 3 in 5 (60%)', 'less than 1 in 100')
    """
    said = chance_words(chance)
    return f"{said} ({half_up(100 * float(odds(chance)), 0):.0f}%)" if said.startswith("about") else said


def odds(chance: float) -> Fraction:
    """The odds of `CHANCES` nearest to a probability."""
    return min(CHANCES, key=lambda one: abs(chance - one))


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
    if _is_lost(row):
        return f"{_capital(_left(row))} left cannot bring it any more: the target of {_target(row)} can no longer be met."
    goal = f"the target of {_target(row)}" if row.refused else "it"
    return f"To meet {goal}, {_asked(row)}; {_best(row)}."


def _best(row: Any) -> str:
    """The best that the same periods brought in an earlier year; of any period, where no earlier year is whole."""
    word, name = ("lowest", "lowest") if row.polarity == "lower" else ("best", "highest")
    earlier = getattr(row, f"earlier_{name}")
    if math.isnan(earlier):
        return f"the {word} {row.kind} known is {amount(row, getattr(row, name))}"
    one = row.periods_left == 1 or row.roll == "last"
    same = f"same {row.kind} brought" if one else f"same {_count(row)} {row.kind}s averaged"
    return f"the {word} that the {same} in an earlier year is {_number(row, earlier)}"


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
    value, most = _number(row, _strict(row)), row.polarity == "lower"
    if row.roll == "last":
        return f"the last {row.kind} would have to be {value}{' or less' if most else ''}"
    bring = "bring" if row.roll == SUMMED else "average"
    whom = (
        f"each of {_left(row)} left" if row.periods_left > 1 and row.roll == SUMMED else f"{_left(row)} left"
    )
    return f"{whom} would have to {bring} {value}{' or less' if most else ''}"


def _number(row: Any, value: float) -> str:
    return quantity(half_up(value, _places(row)), _places(row), row.unit)


def _places(row: Any) -> int:
    """Decimals of an average of periods: one more than the measure's, else those of its values."""
    return int(row.decimals) + (row.roll in AVERAGED and row.periods_left > 1)


def _strict(row: Any) -> float:
    """What is needed, rounded so that it is enough."""
    unit = 10.0 ** _places(row)
    way = math.floor if row.polarity == "lower" else math.ceil
    return float(way(round(row.needed * unit, 6)) / unit)


def _left(row: Any) -> str:
    return f"the {row.kind}" if row.periods_left == 1 else f"the {_count(row)} {row.kind}s"


def _count(row: Any) -> str:
    count = int(row.periods_left)
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _asks_nothing(row: Any) -> bool:
    return bool(row.needed <= row.floor if row.polarity == "higher" else row.needed >= row.ceiling)


def _is_lost(row: Any) -> bool:
    return bool(row.needed > row.ceiling if row.polarity == "higher" else row.needed < row.floor)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
