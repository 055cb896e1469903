"""Whatever the counts, another attacker than the workbook's own finds no small one in what is shown."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from pmf_lib.records.editions.scheme import Disclosure
from pmf_lib.records.editions.suppress import suppressed

SCHEME = Disclosure(version=1, dated="2026-11-22", source="made up", words=["children"])
MONTHS = [f"2024-{month:02d}" for month in range(4, 13)]
QUARTERS = ["2024-25 Q1", "2024-25 Q2", "2024-25 Q3"]
Spell = tuple[int, int]
"""First month and the one after the last, from 0."""


def measures() -> pd.DataFrame:
    """The same children, counted by month, since April and by quarter."""
    rows = [
        ("month", "monthly", "in-period", "sum"),
        ("to-date", "monthly", "year-to-date", "last"),
        ("quarter", "quarterly", "in-period", "sum"),
    ]
    frame = pd.DataFrame(rows, columns=["measure_id", "frequency", "accumulation", "roll_up"])
    same = {
        "title": "Children seen",
        "directorate": "childrens",
        "service": "",
        "unit": "number",
        "decimals": 0,
    }
    return frame.assign(**same, numerator_name="", denominator_name="")


def observations(counts: np.ndarray) -> tuple[pd.DataFrame, list[Spell]]:
    """Every figure of the three measures, and the months that it covers."""
    parts = [
        *(("month", MONTHS[at], count, (at, at + 1)) for at, count in enumerate(counts)),
        *(("to-date", MONTHS[at], count, (0, at + 1)) for at, count in enumerate(counts.cumsum())),
        *(("quarter", QUARTERS[at], count, (3 * at, 3 * at + 3)) for at, count in enumerate(counts.reshape(3, 3).sum(axis=1))),
    ]  # fmt: skip
    frame = pd.DataFrame([part[:3] for part in parts], columns=["measure_id", "period", "value"])
    frame = frame.astype({"value": float}).assign(numerator=np.nan, denominator=np.nan, state="final")
    told = frame.assign(
        recorded_at=pd.Timestamp("2025-01-20"), source_file="made-up.csv", source_row=range(2, len(frame) + 2)
    )
    return told, [part[3] for part in parts]


def worked_out(known: dict[Spell, float]) -> dict[Spell, float]:
    """All that follows by adding spells that meet, and taking one from another that it begins or ends."""
    while True:
        more = dict(_combined(known))
        if set(more) <= set(known):
            return known
        known = more | known


def _combined(known: dict[Spell, float]) -> Iterable[tuple[Spell, float]]:
    for (start, end), amount in known.items():
        for (other_start, other_end), other in known.items():
            if end == other_start:
                yield (start, other_end), amount + other
            if start == other_start and end < other_end:
                yield (end, other_end), other - amount
            if end == other_end and other_start < start:
                yield (other_start, start), other - amount


@pytest.mark.parametrize("seed", range(25))
def test_sums_and_differences_of_what_is_shown_tell_no_small_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, rng.choice([3, 6, 12, 30]), 9)
    stated, spells = observations(counts)
    hidden = suppressed(stated, measures(), SCHEME).observations["value"]
    shown = {spell: value for spell, value in zip(spells, hidden, strict=True) if not np.isnan(value)}
    clash = [
        spell
        for spell, value in zip(spells, stated["value"], strict=True)
        if shown.get(spell, value) != value
    ]
    assert clash == [], "what is shown is not altered"
    assert {spell: value for spell, value in worked_out(shown).items() if 1 <= value <= 4} == {}


def test_the_other_attacker_finds_a_small_count_where_nothing_is_hidden() -> None:
    stated, spells = observations(np.array([10, 3, 12, 9, 9, 9, 9, 9, 9]))
    known = {spell: value for spell, value in zip(spells, stated["value"], strict=True) if spell != (1, 2)}
    assert (1, 2) in worked_out(known)


def test_large_counts_are_all_shown() -> None:
    stated, _ = observations(np.array([10, 5, 12, 9, 0, 9, 9, 20, 9]))
    assert suppressed(stated, measures(), SCHEME).cells.empty
