"""What a row of the tables of arrangements says against itself: dates, counts, and who checked it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pmf_lib.records import findings
from pmf_lib.records.faults import number_words
from pmf_lib.records.schema import RECORDED, TABLES
from pmf_lib.records.standing import standing

ORDER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "plans": (("valid_from", "valid_to"),),
    "objectives": (("planned_on", "due_on"),),
    "escalations": (("raised_on", "received_on"), ("raised_on", "decided_on"), ("received_on", "decided_on")),
    "actions": (("raised_on", "due_on"), ("raised_on", "done_on"), ("raised_on", "stopped_on")),
    "risks": (("raised_on", "reviewed_on"), ("raised_on", "closed_on")),
    "assurances": (("covers_from", "covers_to"), ("covers_from", "reported_on"), ("reported_on", "next_due")),
    "recommendations": (("raised_on", "responded_on"), ("raised_on", "due_on"), ("raised_on", "done_on")),
    "approvals": (("valid_from", "valid_to"),),
    "registers": (("opened_on", "due_on"), ("opened_on", "reviewed_on"), ("opened_on", "closed_on")),
    "certifications": (("certified_on", "valid_to"),),
}
"""Table → pairs of dates of which the first comes first. Plan, do, check and act are left to the tests of the cycle."""
HAPPENED: Mapping[str, tuple[str, ...]] = {
    "plans": ("approved_on", "reviewed_on", "refreshed_on"),
    "objectives": ("delivered_on", "checked_on", "acted_on"),
    "escalations": ("raised_on", "received_on", "decided_on"),
    "actions": ("raised_on", "done_on", "stopped_on"),
    "risks": ("raised_on", "reviewed_on", "closed_on"),
    "assurances": ("covers_to", "reported_on"),
    "recommendations": ("raised_on", "responded_on", "done_on"),
    "approvals": ("decided_on",),
    "registers": ("reviewed_on", "closed_on"),
    "attestations": ("attested_on",),
    "certifications": ("certified_on",),
}
"""Table → dates of what has happened, so that none can lie after the day on which the row was entered."""
COUNTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "conversations": (
        *(("held_n", "staff_n"), ("mid_year_n", "staff_n")),
        *(("linked_n", "held_n"), ("development_n", "held_n")),
    ),
    "certifications": (("sample_n", "population_n"), ("errors_n", "sample_n")),
}
"""Table → pairs of counts, the first never more than the second."""
VARIATION_NEEDS = {
    "reason": "what outside demand asks for it",
    "body": "the body that agreed to it",
    "subjects": "the ids of the clauses that are varied (docs/clauses.md)",
}
"""What a declared variation must say to count → what its cell should hold."""
RESEND = "Correct the wrong one of the two, and send the row again."
MEND_DAY = "Correct the day; what is yet to come belongs in a column for what is due."
MEND_MEETING = "Correct the day; a meeting that is yet to come has the state 'planned'."


def dates_out_of_order(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in which something was done before it was raised, and the like; also checked before they were entered."""
    pairs = (*ORDER.get(name, ()), (RECORDED, "verified_on"))
    return findings.gathered(_out_of_order(name, rows, *pair) for pair in pairs)


def _out_of_order(name: str, rows: pd.DataFrame, first: str, then: str) -> pd.DataFrame:
    is_off = rows[then] < rows[first]
    if not is_off.any():
        return findings.none()
    off = rows[is_off]
    return findings.found(
        "dates.order",
        name,
        off,
        column=then,
        got=_day(off[then]),
        expected=f"a day on or after '{first}', " + _day(off[first]),
        mend=RESEND,
    )


def dates_to_come(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that tell as done what lay ahead on the day on which they were entered."""
    return findings.gathered(_to_come(name, rows, column) for column in HAPPENED.get(name, ()))


def _to_come(name: str, rows: pd.DataFrame, column: str, mend: str = MEND_DAY) -> pd.DataFrame:
    is_off = rows[column] > rows[RECORDED]
    if not is_off.any():
        return findings.none()
    off = rows[is_off]
    return findings.found(
        "dates.to-come",
        name,
        off,
        column=column,
        got=_day(off[column]),
        expected=f"a day by '{RECORDED}', " + _day(off[RECORDED]) + ", when the row was entered",
        mend=mend,
    )


def meetings_to_come(meetings: pd.DataFrame) -> pd.DataFrame:
    """Meetings entered as held before they were."""
    return _to_come("meetings", meetings[meetings["state"] == "held"], "held_on", MEND_MEETING)


def meetings_without_result(meetings: pd.DataFrame, as_at: date | None = None) -> pd.DataFrame:
    """Meetings that, as last entered by the as-at day, stand as planned for a day before it (none: before they were entered)."""
    known = standing("meetings", meetings, as_at or date.max)
    now = pd.Timestamp(as_at) if as_at else known[RECORDED]
    off = known[(known["state"] == "planned") & (known["held_on"] < now)]
    return findings.found(
        "meeting.no-result",
        "meetings",
        off,
        column="state",
        got="planned",
        expected="'held' or 'cancelled', as its day, " + _day(off["held_on"]) + ", is over",
        mend="Say whether it was held, and send the row again.",
    )


def counts_over(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """More conversations held than there are staff, more errors than cases tested, and the like."""
    return findings.gathered(_over(name, rows, part, whole) for part, whole in COUNTS.get(name, ()))


def _over(name: str, rows: pd.DataFrame, part: str, whole: str) -> pd.DataFrame:
    is_off = rows[part] > rows[whole]
    if not is_off.any():
        return findings.none()
    off = rows[is_off]
    expected = f"at most '{whole}', " + number_words(off[whole])
    return findings.found(
        "count.over",
        name,
        off,
        column=part,
        got=number_words(off[part]),
        expected=expected,
        mend=RESEND,
    )


def shares_over_hundred(registers: pd.DataFrame) -> pd.DataFrame:
    """Entries that were planned or achieved by more than 100 per cent."""
    shares = registers[registers["unit"].str.lower().str.contains(r"%|\bper ?cent")]
    return findings.gathered(
        findings.found(
            "share.over-hundred",
            "registers",
            shares[shares[name] > 100],
            column=name,
            got=number_words(shares.loc[shares[name] > 100, name]),
            expected="at most 100, as its unit is per cent",
            mend="Correct the figure or its unit, and send the row again.",
        )
        for name in ("planned", "achieved")
    )


def variations_void(approvals: pd.DataFrame) -> pd.DataFrame:
    """Variations that a body is said to have agreed and that vary nothing: each lacks something, or is of one service alone."""
    agreed = approvals[(approvals["kind"] == "variation") & (approvals["stage"] == "approved")]
    lacking = (
        _void(agreed[agreed[column] == ""], column, expected) for column, expected in VARIATION_NEEDS.items()
    )
    of_one = _void(
        agreed[agreed["service"] != ""], "service", "nothing, as it holds for a whole directorate or council"
    )
    return findings.gathered([*lacking, of_one])


def _void(off: pd.DataFrame, column: str, expected: str) -> pd.DataFrame:
    mend = "Until then it counts for nothing, and its clauses are judged as everywhere. Correct it, and send the row again."
    return findings.found(
        "variation.void", "approvals", off, column=column, got=off[column], expected=expected, mend=mend
    )


def self_verified(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that the same post entered and checked: they count as not checked."""
    by, checked = (rows[each].str.casefold() for each in ("entered_by", "verified_by"))
    off = rows[(by == checked) & (checked != "")]
    return findings.found(
        "evidence.self-verified",
        name,
        off,
        column="verified_by",
        got=off["verified_by"],
        expected="another post than the one that entered the row",
        mend="Have another post check it, or leave the cell empty; until then the row counts as not checked.",
    )


def entered_twice(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Entries that say the same as an earlier one under another id."""
    key = TABLES[name].key[0]
    if not key.endswith("_id") or key in TABLES[name].points_to:  # the id is of a row of another table
        return findings.none()
    said = [each for each in TABLES[name].columns if each != key]
    is_again = rows.duplicated(said)
    if not is_again.any():
        return findings.none()
    again = rows[is_again]
    ids = rows.assign(first=rows.groupby(said, dropna=False, sort=False)[key].transform("first"))
    first = ids.loc[again.index, "first"]
    return findings.found(
        "entry.twice",
        name,
        again,
        column=key,
        got=again[key],
        expected="one entry, and '" + first + "' says the same",
        mend="Take one of the two out, or say in what they differ.",
    )


def _day(days: pd.Series) -> pd.Series:
    told: pd.Series = days.dt.strftime("%Y-%m-%d").astype("str")
    return told
