"""A benchmark in one plain sentence, and why a band is not given."""

from __future__ import annotations

import math
from typing import Any

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.numbers import rounded
from pmf_lib.performance.benchmark.figures import SIGNS
from pmf_lib.performance.benchmark.options import BenchmarkOptions
from pmf_lib.performance.words import brief, number, quantity
from pmf_lib.periods import FREQUENCIES

QUARTER_WORDS = {
    "A": "in the best quarter (band A)",
    "B": "in the second-best quarter (band B)",
    "C": "in the second-worst quarter (band C)",
    "D": "in the worst quarter (band D)",
}
TEENS = (11, 12, 13)
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
VERDICTS = {
    "better": "better than {country}, by more than chance",
    "worse": "worse than {country}, by more than chance",
    "higher": "higher than {country}, by more than chance",
    "lower": "lower than {country}, by more than chance",
    "similar": "no further from {country} than chance and rounding may take it",
}
SIDES = {"better": "better than {country}", "worse": "worse than {country}", "same": "the same as {country}"}


def nth(place: int) -> str:
    """A place in figures.

    >>> [nth(place) for place in (1, 2, 3, 4, 11, 22, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    ending = "th" if place % 100 in TEENS else ENDINGS.get(place % 10, "th")
    return f"{place}{ending}"


def place(rank: float, ties: int, n: int, who: str) -> str:
    """A rank with those who share it and the number ranked.

    >>> place(3.0, 1, 15, "authorities"), place(1.0, 0, 15, "authorities"), place(14.0, 1, 15, "authorities")
    ('joint 3rd best of 15 authorities', 'best of 15 authorities', 'joint worst of 15 authorities')
    >>> place(1.0, 1, 2, "authorities")
    'the same as all of 2 authorities'
    """
    if ties == n - 1:
        return f"the same as all of {n} {who}"
    joint = "joint " if ties else ""
    if rank == 1:
        return f"{joint}best of {n} {who}"
    if rank + ties == n:
        return f"{joint}worst of {n} {who}"
    return f"{joint}{nth(int(rank))} best of {n} {who}"


def band_why(row: Any, options: BenchmarkOptions) -> str:
    """Why the figure has no band, or ''."""
    if row.band:
        return ""
    if math.isnan(row.last_value):
        return "No result is known here."
    if row.n == 0:
        return _nobody(row, options)
    if row.polarity not in SIGNS:
        return _no_best_way(row)
    least = options.least_authorities
    return f"Fewer than {least} {options.authority_rows} have a figure for {_period(row, row.last_period)}."


def sentence(row: Any, options: BenchmarkOptions) -> str:
    """The whole benchmark of one measure (`row` as `benchmark` builds it)."""
    if math.isnan(row.last_value):
        return "No result is known here, so nothing is compared."
    parts = [*_standing(row, options), *_beside(row, options)]
    if not parts:
        return _nobody(row, options)
    if row.n == 0 and row.others_period:
        parts.append(f"{options.authority_rows} are left out: {_elsewhere(row)}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _standing(row: Any, options: BenchmarkOptions) -> list[str]:
    """Place, band and distance among the authorities, and the place among the neighbours."""
    if row.n == 0:
        return []
    if row.polarity not in SIGNS:
        return [
            f"not ranked, as {_no_best_way(row)[0].lower()}{_no_best_way(row)[1:-1]}",
            *_distance(row, options),
        ]
    first = place(row.rank, row.ties, row.n, options.authority_rows)
    named = f"{first}, {QUARTER_WORDS[row.band]}" if row.band else first
    near = []
    if row.neighbours_n:
        near = [place(row.neighbours_rank, row.neighbours_ties, row.neighbours_n, "nearest neighbours")]
    return [named, *_distance(row, options), *near]


def _distance(row: Any, options: BenchmarkOptions) -> list[str]:
    """How far from the median, in median absolute deviations or, where they are nought, without."""
    middle = _amount(row, row.median)
    if row.n - (not options.counts_itself) < options.least_authorities:
        return [f"the median is {middle}"]
    if row.mad == 0:
        return [
            f"the median is {middle}, and half of them or more are on it, so no distance from it is given"
        ]
    far = number(abs(row.distance_mad), 1)
    if far == "0.0":
        return [f"{'on' if row.distance_mad == 0 else 'close to'} the median of {middle}"]
    way = _way(row.distance_mad, row.polarity)
    return [f"{far} median absolute deviations {way} the median of {middle}"]


def _way(gap: float, polarity: str) -> str:
    if polarity in SIGNS:
        return "better than" if gap * SIGNS[polarity] > 0 else "worse than"
    return "above" if gap > 0 else "below"


def _beside(row: Any, options: BenchmarkOptions) -> list[str]:
    """The country, with the verdict or why there is none; region, group and published median as they are."""
    than = _country(row, options)
    shown = [
        *([] if than else [(row.country, row.country_value)]),
        (row.region, row.region_value),
        (row.group, row.group_value),
        (row.median_of, row.published_median),
    ]
    names = [f"{name} ({_amount(row, value)})" for name, value in shown if not math.isnan(value)]
    if not names:
        return than
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return [*than, f"beside it {'stands' if len(names) == 1 else 'stand'} {listed}"]


def _country(row: Any, options: BenchmarkOptions) -> list[str]:
    """Better or worse than the country; nothing where there is no better, and no test."""
    if math.isnan(row.country_value):
        return []
    country = f"{row.country} ({_amount(row, row.country_value)})"
    if row.verdict:
        verdict = VERDICTS[row.verdict].format(country=country)
        return [f"{verdict} ({options.confidence_pct:g}% interval {_interval(row)})"]
    if row.than_country not in SIDES:
        return []
    untested = "" if row.than_country == "same" else f", not tested ({row.verdict_why})"
    return [SIDES[row.than_country].format(country=country) + untested]


def _interval(row: Any) -> str:
    """Both ends at the measure's decimals, or with one more where they would look the same."""
    ends, decimals = (row.interval_lower, row.interval_upper), int(row.decimals)
    decimals += number(ends[0], decimals) == number(ends[1], decimals)
    return " to ".join(number(end, decimals) for end in ends)


def _amount(row: Any, value: float) -> str:
    """A figure at the measure's decimals; finer where it would look like the result here and is not."""
    decimals = int(row.decimals)
    short, own = (brief(one, decimals, row.unit) for one in (value, row.last_value))
    return short if short != own else quantity(float(rounded(value, decimals + 1)), decimals, row.unit)


def _no_best_way(row: Any) -> str:
    if row.polarity == "range":
        return "What is best is a range, so neither high nor low is."
    return "Neither high nor low is best."


def _nobody(row: Any, options: BenchmarkOptions) -> str:
    if row.others_period:
        return f"Not compared: {_elsewhere(row)}."
    if not math.isnan(row.country_value):
        return f"No figures of other {options.authority_rows} are recorded."
    return "Not compared: nobody else's figures are recorded."


def _elsewhere(row: Any) -> str:
    theirs, here = _period(row, row.others_period), _period(row, row.last_period)
    return f"the others' latest figures are for {theirs}, the one here is for {here}"


def _period(row: Any, label: str) -> str:
    try:
        return periods.parse(label, FREQUENCIES.get(row.frequency)).words
    except ParameterError:
        return label
