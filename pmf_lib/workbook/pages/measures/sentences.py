"""Findings as sentences, computed from rated measures: what a reader takes away from a page in its first lines."""

from __future__ import annotations

import pandas as pd

from pmf_lib.performance.capability import just_changed
from pmf_lib.workbook.pieces.words import count_word, counted, listing, lowered, out_of, plural, sentence

RATED = ("met", "near", "missed")
IMPROVING = ("improving_high", "improving_low")
WORSENING = ("worsening_high", "worsening_low")
NEITHER = ("neither_high", "neither_low")
TESTED = (*IMPROVING, *WORSENING, *NEITHER, "no_real_change")
ABSENCES = {
    "late": "late",
    "awaited": "awaited",
    "not_published": "not in the publishers' files as found",
    "not_due": "not due this quarter",
    "target_missing": "without a target",
    "monitor_only": "watched without a target",
    "suppressed": "suppressed",
    "not_defined": "without a definition",
    "retired": "retired",
}


def headline(rated: pd.DataFrame) -> str:
    """The page's headline: how many miss their target and can't reach it, or what changed where nothing is rated."""
    if rated.empty:
        return "No measures are recorded here, so nothing shows how the markers stand"
    against = rated[rated["state"].isin(RATED)]
    if against.empty:
        return _headline_without_targets(rated)
    missed = against[against["state"] == "missed"]
    if missed.empty:
        return f"None of the {counted(len(against), 'measure')} with a result and a target misses it"
    head = f"{out_of(len(missed), len(against), 'measure')} {plural(len(missed), 'misses its', 'miss their')} target"
    stuck = int(((missed["capability"] == "not_expected") & ~just_changed(missed["variation"])).sum())
    if not stuck:
        return head
    if len(missed) == stuck == 1:
        return f"{head}, and is not expected to meet it without a change in the process"
    reach = plural(stuck, "is not expected to meet it", "are not expected to meet it")
    return f"{head}; {counted(stuck, 'of them', 'of them', in_words=True)} {reach} without a change in the process"


def _headline_without_targets(rated: pd.DataFrame) -> str:
    tested = count(rated, "variation", TESTED)
    if not tested:
        lacks = "a target" if (rated["state"] == "target_missing").any() else "a status this quarter"
        return (
            f"No measure here has {lacks}, and none has a series that can be tested for change "
            f"({counted(len(rated), 'measure', in_words=True)})"
        )
    changed = count(rated, "variation", (*IMPROVING, *WORSENING, *NEITHER))
    if not changed:
        return f"None of {counted(tested, 'tested measure', in_words=True)} shows a real change"
    return f"{out_of(changed, tested, 'tested measure')} {plural(changed, 'shows', 'show')} a real change: {_ways(rated)}"


def _ways(rated: pd.DataFrame) -> str:
    """How the real changes divide, without counts of nothing.

    >>> _ways(pd.DataFrame({"variation": ["worsening_low", "worsening_high"]}))
    'all for the worse'
    """
    words = {"for the worse": WORSENING, "for the better": IMPROVING, "neither better nor worse": NEITHER}
    counts = {word: n for word, codes in words.items() if (n := count(rated, "variation", codes))}
    if len(counts) == 1:
        return ("all " if sum(counts.values()) > 1 else "") + next(iter(counts))
    return listing(f"{n} {word}" for word, n in counts.items())


def count(frame: pd.DataFrame, column: str, codes: tuple[str, ...]) -> int:
    """Rows whose code is one of these."""
    return int(frame[column].isin(codes).sum()) if len(frame) else 0


def status_sentence(rated: pd.DataFrame) -> str:
    """How many meet, nearly meet and miss their target, and why the others have no status; the counts reconcile."""
    parts = [
        f"{count(rated, 'state', (code,))} {word}"
        for code, word in zip(RATED, ("met", "near", "missed"), strict=True)
    ]
    if rated.empty:
        return "No measure is recorded here, so none can be rated."
    absent = [f"{n} {word}" for code, word in ABSENCES.items() if (n := count(rated, "state", (code,)))]
    if not count(rated, "state", RATED):
        return (
            f"None of the {counted(len(rated), 'measure')} can be rated against a target: {listing(absent)}."
        )
    others = f" The others: {listing(absent)}." if absent else ""
    return f"Of {counted(len(rated), 'measure')}, {count(rated, 'state', RATED)} can be rated: {listing(parts)}.{others}"


def change_sentence(rated: pd.DataFrame) -> str:
    """How many series show a real change, each way, and how many can't tell."""
    tested = count(rated, "variation", TESTED)
    if not tested:
        return "No series is long and regular enough to tell real change from noise."
    changed = count(rated, "variation", (*IMPROVING, *WORSENING, *NEITHER))
    head = f"Of {counted(tested, 'series', 'series')} that can be tested, "
    usual = f"{tested - changed} {plural(tested - changed, 'varies as it usually does', 'vary as they usually do')}"
    rest = len(rated) - tested
    tail = (
        f" {rest} can't be tested: too few points, no recent value, or a kind of series that the test does not suit."
        if rest
        else ""
    )
    if not changed:
        return f"{head}none shows a real change.{tail}"
    return (
        f"{head}{changed} {plural(changed, 'shows', 'show')} a real change ({_ways(rated)}); {usual}.{tail}"
    )


def changes_title(rated: pd.DataFrame) -> str:
    """The heading over measures that really changed."""
    changed = count(rated, "variation", (*IMPROVING, *WORSENING, *NEITHER))
    if not changed:
        return (
            "No measure shows a real change"
            if count(rated, "variation", TESTED)
            else "No change could be tested"
        )
    return f"{sentence(counted(changed, 'measure', in_words=True))} {plural(changed, 'shows', 'show')} a real change: {_ways(rated)}"


def rule_words(why: str) -> str:
    """Which rule fired at the last point, as a part of a sentence; `why` is what is said of the series' variation.

    >>> rule_words("The last 7 or more points lie below the mean. Trial limits: 12 points, fewer than 13.")
    'the last 7 or more points lie below the mean'
    """
    sign = why.split(". ", maxsplit=1)[0].rstrip(".")
    return lowered(sign)


REACH = {
    "consistently_meets": ("is consistently expected to be met", "are consistently expected to be met"),
    "hit_and_miss": ("may be met in one period and missed in the next",) * 2,
    "not_expected": (
        "is not expected to be met without a change in the process",
        "are not expected to be met without a change in the process",
    ),
}
"""Capability → what is said of one target, and of several."""


def capability_sentence(rated: pd.DataFrame) -> str:
    """How many targets are met by the process as it runs, sometimes, or not; apart, those whose process just changed."""
    tested = rated[rated["capability"].isin(list(REACH))]
    if tested.empty:
        return "No target can be tested against the range in which its series runs."
    moved = tested[just_changed(tested["variation"])]
    steady = tested.drop(moved.index)
    parts = [
        f"{n} {plural(n, *words)}"
        for code, words in REACH.items()
        if (n := count(steady, "capability", (code,)))
    ]
    if len(moved):
        who = plural(len(moved), "it has", "they have")
        parts.append(f"of {len(moved)} nothing can be said before the cause is found, as {who} just changed")
    head = f"Of {counted(len(tested), 'target')} tested against the range in which the process runs"
    return f"{head}, {listing(parts)}.{_on_trial(tested)}"


def _on_trial(tested: pd.DataFrame) -> str:
    """How many of the tested series are too short to be sure."""
    trial = int((tested["limits"] == "trial").sum()) if "limits" in tested else 0
    if not trial:
        return ""
    of = f"{sentence(count_word(trial))} of the {len(tested)} {plural(trial, 'rests', 'rest')}"
    if trial == len(tested):
        of = "It rests" if trial == 1 else f"All {trial} rest"
    return f" {of} on trial limits: too short a series to be sure."
