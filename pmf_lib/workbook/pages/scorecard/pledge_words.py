"""What is said of pledges: how many are in which state, and why each is in its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pmf_lib.framework import Level
from pmf_lib.records.schema import SEPARATOR
from pmf_lib.workbook.pieces.words import (
    count_word,
    counted,
    day,
    is_missing,
    listing,
    number,
    plural,
    sentence,
)

IS = {
    "not_kept": ("is not kept", "are not kept"),
    "behind": ("is behind", "are behind"),
    "no_plan": ("is in no plan", "are in no plan"),
    "on_course": ("is on course", "are on course"),
    "kept": ("is kept", "are kept"),
}
"""What is said of one pledge in a state, and of several, what asks for most first; `unknown` is said last."""
MEASURE_IS = {
    "met": ("meets its target", "meet their targets"),
    "near": ("is near its target", "are near their targets"),
    "missed": ("misses its target", "miss their targets"),
}
BY_MEASURES = ("measure-missed", "measure-met", "near-measures", "nothing-shown")
"""Rules after which it is told how the pledge's measures stand."""
Row = Mapping[Any, Any]


def standing(states: pd.Series[str], level: Level) -> str:
    """How many pledges are in which state.

    >>> pledge = Level(id="pledge", singular="pledge", plural="pledges", source="2")
    >>> standing(pd.Series(["behind", "on_course", "on_course", "unknown"]), pledge)
    'Of four pledges, one is behind and two are on course; of one it is not known'
    >>> standing(pd.Series(["kept", "kept"]), pledge), standing(pd.Series(["behind"]), pledge)
    ('All two pledges are kept', 'The one pledge is behind')
    """
    count, unknown = len(states), int((states == "unknown").sum())
    counts = {code: int((states == code).sum()) for code in IS if (states == code).any()}
    every = counted(count, level.singular, level.plural, in_words=True)
    if not counts:
        return f"It is not known how far the {every} {plural(count, 'is', 'are')}"
    if count in counts.values():
        word = IS[next(iter(counts))]
        return f"The one {level.singular} {word[0]}" if count == 1 else f"All {every} {word[1]}"
    told = listing(f"{count_word(n)} {IS[code][n > 1]}" for code, n in counts.items())
    return f"Of {every}, {told}" + (f"; of {count_word(unknown)} it is not known" if unknown else "")


def why(row: Row, titles: Mapping[str, str], states: Mapping[str, str]) -> str:
    """Why a pledge is in its state, in a sentence or two (`titles` and `states`: by measure_id)."""
    measured = _measured(row, titles, states) if row["rule"] in BY_MEASURES else ""
    said = WORDS[row["rule"]](row) if row["rule"] in WORDS else ""
    is_open = is_missing(row["closed_on"]) and row["rule"] not in ("reached", "figure-short")
    so_far = f"So far {_figures(row)}." if is_open and _figures(row) else ""
    return " ".join(part for part in (measured, said, so_far) if part)


def _figures(row: Row) -> str:
    """What was achieved of what was planned, as far as somebody says.

    >>> _figures({"planned": 200.0, "achieved": 120.0, "unit": "people"})
    '120 of 200 people'
    """
    if is_missing(row["achieved"]):
        return ""
    of = "" if is_missing(row["planned"]) else f" of {number(row['planned'])}"
    return f"{number(row['achieved'])}{of} {row['unit']}".rstrip()


def _measured(row: Row, titles: Mapping[str, str], states: Mapping[str, str]) -> str:
    """How the measures of a pledge stand: one by its name, several counted, those that miss their target named."""
    names = [name for name in str(row["measures"]).split(SEPARATOR) if name]
    if len(names) == 1:
        is_so = MEASURE_IS.get(states.get(names[0], ""), ("has no status this quarter",))[0]
        return f"“{titles.get(names[0], names[0])}” {is_so}."
    if not names:
        return ""
    counts = {code: int(row[f"{code}_n"]) for code in MEASURE_IS if row[f"{code}_n"]}
    told = [f"{count_word(n)} {MEASURE_IS[code][n > 1]}" for code, n in counts.items()]
    rest = len(names) - sum(counts.values())
    told += [f"{count_word(rest)} {plural(rest, 'has', 'have')} no status this quarter"] if rest else []
    missed = [titles.get(name, name) for name in names if states.get(name) == "missed"]
    whose = "its" if row["is_measured"] else "its objectives'"
    return f"Of {whose} {len(names)} measures, {listing(told)}" + (f": {listing(missed)}." if missed else ".")


def _closed(row: Row) -> str:
    with_figures = f" with {_figures(row)}" if _figures(row) else ""
    return f"It was closed on {day(row['closed_on'])}{with_figures}."


def _closed_unsaid(row: Row) -> str:
    planned = f"{number(row['planned'])} {row['unit']}".rstrip()
    return f"It was closed on {day(row['closed_on'])}, and nobody says what was achieved of {planned}."


def _closed_undone(row: Row) -> str:
    if not row["objectives_n"]:
        return f"It was closed on {day(row['closed_on'])}; neither a figure nor an objective shows whether it was kept."
    left = row["objectives_n"] - row["delivered_n"]
    return (
        f"It was closed on {day(row['closed_on'])}, yet {count_word(left)} of "
        f"{counted(row['objectives_n'], 'objective', in_words=True)} {plural(left, 'is', 'are')} not delivered."
    )


def _late(row: Row) -> str:
    late = row["overdue_n"]
    return (
        f"{sentence(counted(late, 'objective', in_words=True))} {plural(late, 'was', 'were')} due and "
        f"{plural(late, 'is', 'are')} not delivered."
    )


def _delivered(row: Row) -> str:
    all_of_them = "Its objective is" if row["objectives_n"] == 1 else "All its objectives are"
    return f"{all_of_them} delivered, but it is not closed."


def _partly(row: Row) -> str:
    done, count = row["delivered_n"], row["objectives_n"]
    return f"{sentence(count_word(done))} of its {count} objectives {plural(done, 'is', 'are')} delivered, and none is late."


def _near(row: Row) -> str:
    """What measures of the objectives alone can say of a pledge: nothing."""
    if row["measures_n"] == 1:
        return "Only this measure of its objectives is there, and it does not count what was promised."
    return "Only these measures of its objectives are there, and they do not count what was promised."


def _nothing_shown(row: Row) -> str:
    return (
        "Nothing is delivered yet."
        if row["measures_n"]
        else "No measure is named, and nothing is delivered yet."
    )


WORDS: Mapping[str, Callable[[Row], str]] = {
    "closed-short": _closed,
    "closed-unsaid": _closed_unsaid,
    "closed-undone": _closed_undone,
    "closed": _closed,
    "reached": lambda row: f"{_figures(row)}: reached.",
    "overdue": lambda row: f"It was due by {day(row['due_on'])} and is not closed.",
    "not-sent": lambda row: "Plans and objectives were not both sent, so it is not known who delivers it.",
    "in-no-plan": lambda row: "No objective of a plan in force delivers it.",
    "objective-overdue": _late,
    "delivered": _delivered,
    "partly-delivered": _partly,
    "figure-short": lambda row: (
        f"So far {_figures(row)}. No pace is set, so it is not judged before it is due."
    ),
    "near-measures": _near,
    "nothing-shown": _nothing_shown,
}
"""Rule → what is said of a pledge by it; a rule about measures alone needs no more."""
