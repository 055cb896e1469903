"""The sentence behind each status: numbers with their unit, and what decided."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.performance.frames import plain_tuples
from pmf_lib.performance.words import brief, exact, quantity
from pmf_lib.periods import Period, date_words

BASIS_WORDS = {
    "in-period": "the period alone",
    "year-to-date": "the year to date",
    "rolling": "a rolling window",
}


FREQUENCY_WORDS = {"academic-annual": "academic-year", "calendar-annual": "calendar-year"}
"""How a frequency is said before 'figure', where its code would not do."""


def sentences(rows: pd.DataFrame, quarter: Period) -> pd.Series[str]:
    """`why` of every row, same index."""
    return pd.Series([why(row, quarter) for row in plain_tuples(rows)], rows.index, dtype=str)


def why(row: Any, quarter: Period) -> str:
    """Why this measure is in its state, in plain words (`row` as `status` builds it)."""
    sentence = _WORDS[row.state](row, quarter) + _carried(row) + _changed(row)
    named = row.state not in _NUMBERS or (row.state == "target_missing" and not row.mismatch)
    if named or row.end >= pd.Timestamp(quarter.start):
        return sentence
    return f"The latest result due is {period_words(row, row.period)}: {sentence[0].lower()}{sentence[1:]}"


def _carried(row: Any) -> str:
    """A target of an earlier year is said to be one: it was never set for this year, or its row could not be used."""
    if not row.carried or row.state not in RATED:
        return ""
    return f" The target is the one set from {date_words(row.target_begin.date())}; no later one is in force."


def _changed(row: Any) -> str:
    """A target that was changed within the year is said to be, with who approved it."""
    was = row.was_lower, row.was_upper
    known = not all(map(math.isnan, was)) if row.polarity == "range" else not math.isnan(row.was_target)
    if not row.changed or not known or row.state not in RATED:
        return ""
    old, new = _goal(row, row.was_target, *was), _goal(row, row.target, row.lower, row.upper)
    return f" The target was changed from {old} to {new} from {_first_period(row)}, {_approved(row)}."


def _goal(row: Any, target: float, lower: float, upper: float) -> str:
    return _range(row, lower, upper) if row.polarity == "range" else _amount(row, target)


def _first_period(row: Any) -> str:
    """The first period of a target, which may be of another kind than the measure's ('2024-25' for a quarterly one)."""
    try:
        return periods.parse(row.from_period, row.kind).words
    except ParameterError:
        return periods.parse(row.from_period).words


def _approved(row: Any) -> str:
    if not row.approved_by or pd.isna(row.approved_on):
        return "and no approval of the change is recorded"
    return f"approved by {row.approved_by} on {date_words(row.approved_on.date())}"


def period_words(row: Any, label: str) -> str:
    """A period's label in plain English."""
    return periods.parse(label, row.kind).words


def _amount(row: Any, value: float) -> str:
    return quantity(value, int(row.decimals), row.unit)


def _rated(row: Any, quarter: Period) -> str:
    if row.polarity == "range":
        return f"{_amount(row, row.value)} against {_range(row, row.lower, row.upper)}: {_range_gap(row)}{_tail(row)}."
    gap = row.value - row.target
    side = "on target" if round(gap, 9) == 0 else f"{_plain(row, gap)} {'above' if gap > 0 else 'below'}"
    better = " (lower is better)" if row.polarity == "lower" else ""
    return f"{_amount(row, row.value)} against {_a(row)} target of {_amount(row, row.target)}{better}: {side}{_tail(row)}{_stretch(row)}."


def _stretch(row: Any) -> str:
    """Whether a value that meets its target reaches the stretch target too."""
    if math.isnan(row.stretch) or row.shortfall > 0:
        return ""
    if row.stretch_met:
        return f"; met, and the stretch target of {_amount(row, row.stretch)} too"
    return f"; the stretch target of {_amount(row, row.stretch)} is not reached"


def _a(row: Any) -> str:
    """A target for a rolling measure is one for its rolling value, and the sentence says so."""
    return "a rolling" if row.accumulation == "rolling" else "a"


def _range(row: Any, lower: float, upper: float) -> str:
    if math.isnan(upper):
        return f"{_a(row)} range from {_amount(row, lower)}"
    if math.isnan(lower):
        return f"{_a(row)} range up to {_amount(row, upper)}"
    return f"{_a(row)} range of {exact(lower, int(row.decimals))} to {_amount(row, upper)}"


def _range_gap(row: Any) -> str:
    if row.shortfall <= 0:
        return "inside the range"
    return f"{_plain(row, row.shortfall)} {'below' if row.value < row.lower else 'above'} it"


def _plain(row: Any, gap: float) -> str:
    return exact(abs(gap), int(row.decimals))


def _tail(row: Any) -> str:
    """What the tolerance, and last year's value, made of it."""
    if row.shortfall <= 0:
        return ""
    if row.tolerance_kind == "per-cent" and row.reach == 0 and row.tolerance > 0:
        return ", and a percentage of zero allows no tolerance" + _last_year(row, within=False)
    within = round(row.shortfall - row.reach, 9) <= 0
    owner = " (the scheme's default)" if row.default_tolerance else ""
    share = f", {exact(row.tolerance)}% of the {'limit' if row.polarity == 'range' else 'target'}"
    share = share if row.tolerance_kind == "per-cent" else ""
    place = "within" if within else "outside"
    return f", {place} the tolerance of {_plain(row, row.reach)}{share}{owner}{_last_year(row, within)}"


def _last_year(row: Any, within: bool) -> str:
    """Said only where the scheme looked at last year's value."""
    if within or not row.by_direction:
        return ""
    if math.isnan(row.year_before):
        return ", with no value a year before"
    verb = "no worse" if row.rating == "near" else "worse"
    return f", and {verb} than a year before ({_amount(row, row.year_before)})"


def _target_missing(row: Any, quarter: Period) -> str:
    if row.mismatch:
        return (
            f"The value is for {BASIS_WORDS[row.accumulation]} but the target is for {BASIS_WORDS[row.basis]}, "
            f"so {_result(row)} cannot be rated."
        )
    if row.unprofiled:
        return (
            f"The target is for the year to date and there is no profile for {period_words(row, row.period)}, "
            f"so {_result(row)} is not rated."
        )
    wanted = "No bottom or top of its range" if row.polarity == "range" else "No target"
    return f"{wanted} is in force for {period_words(row, row.period)}, so {_result(row)} is not rated."


def _result(row: Any) -> str:
    return f"the result of {brief(row.value, int(row.decimals), row.unit)}"


def _monitor_only(row: Any, quarter: Period) -> str:
    reason = (
        "Watched without a target" if row.monitor_only else "Neither high nor low is better, so not rated"
    )
    if not math.isnan(row.value):
        return (
            f"{reason}: {brief(row.value, int(row.decimals), row.unit)} in {period_words(row, row.period)}."
        )
    return f"{reason}; {_last(row)}."


def _last(row: Any) -> str:
    """The last result and its period, as the end of a sentence."""
    if math.isnan(row.last_value):
        return "no result is known yet"
    last = brief(row.last_value, int(row.decimals), row.unit)
    return f"the last result is {last} for {period_words(row, row.last_period)}"


def _not_due(row: Any, quarter: Period) -> str:
    kind = FREQUENCY_WORDS.get(row.frequency, row.frequency)
    return f"No {kind} figure falls due in {quarter.label}; {_overdue(row)}{_last(row)}."


def _overdue(row: Any) -> str:
    """An earlier figure that fell due and never came is said, though it is not this quarter's."""
    if not row.overdue:
        return ""
    return (
        f"the figure for {period_words(row, row.overdue)} was due by {date_words(row.overdue_on.date())} "
        "and has not come; "
    )


def _awaited(row: Any, quarter: Period) -> str:
    return f"The figure for {period_words(row, row.period)} is due by {date_words(row.due_on.date())}; {_last(row)}."


def _late(row: Any, quarter: Period) -> str:
    return (
        f"The figure for {period_words(row, row.period)} was due by {date_words(row.due_on.date())} "
        f"and has not come; {_last(row)}."
    )


def _suppressed(row: Any, quarter: Period) -> str:
    return f"The figure for {period_words(row, row.period)} is suppressed, so it is neither shown nor rated."


def _not_defined(row: Any, quarter: Period) -> str:
    return "The measure has no definition, so no figure can be rated."


def _retired(row: Any, quarter: Period) -> str:
    return f"No longer kept from {date_words(row.retired_on.date())} on; {_last(row)}."


RATED = ("met", "near", "missed")
_NUMBERS = (*RATED, "target_missing")
"""States whose sentence speaks of the value without its period."""
_WORDS = {
    "met": _rated,
    "near": _rated,
    "missed": _rated,
    "target_missing": _target_missing,
    "monitor_only": _monitor_only,
    "not_due": _not_due,
    "awaited": _awaited,
    "late": _late,
    "suppressed": _suppressed,
    "not_defined": _not_defined,
    "retired": _retired,
}
