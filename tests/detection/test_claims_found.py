"""A claim above its evidence is named, and one below it, wherever it stands; of claims that agree nothing is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lived_council import typed

from pmf_lib.assurance.maturity import claims
from pmf_lib.assurance.maturity.rules import LEVELS
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.periods import parse_quarter

UNITS = ("care", "homes", "places")
YEAR, AS_AT = parse_quarter("2024-25 Q2").financial_year, date(2024, 11, 15)
KEYS = ["directorate", "group"]
GAP = {"glowing": "claimed_above", "modest": "evidenced_above", "alone": "only_claimed", "silent": "no_claim"}
"""What is planted → the gap that must be told."""


def levels(seed: int) -> pd.DataFrame:
    """What the records of three directorates show of each group, by chance."""
    rng = np.random.default_rng([seed, 1])
    pairs = [(unit, code) for unit in UNITS for code in GROUPS]
    made = pd.DataFrame(pairs, columns=["directorate", "code"])
    shown = rng.choice(LEVELS, len(made))
    return made.assign(group=made["code"].map(GROUPS), level=shown, duties_n=rng.integers(1, 9, len(made)))


def attested(groups: pd.DataFrame) -> list[dict[str, Any]]:
    """What every directorate attests: what the records show."""
    return [
        {
            "clause_group": row["code"],
            "directorate": row["directorate"],
            "year": YEAR.label,
            "claimed": row["level"],
            "because": "Held against the framework",
            "evidence": "A made-up folder",
            "post": "Director",
            "entered_by": "Clerk",
            "verified_by": "Manager",
            "verified_on": date(2024, 10, 28),
            "attested_on": date(2024, 10, 25),
        }
        for row in groups.to_dict("records")
    ]


def planted(kind: str, seed: int) -> tuple[pd.DataFrame, list[dict[str, Any]], int]:
    """What is shown, what is attested, and the row in which the two differ."""
    rng, groups = np.random.default_rng([seed, len(kind)]), levels(seed)
    fits = {"glowing": groups["level"] != LEVELS[0], "modest": groups["level"] != LEVELS[-1]}
    rows = np.flatnonzero(fits.get(kind, pd.Series(True, groups.index)))
    at = int(rng.choice(rows))
    said, place = attested(groups), LEVELS.index(groups["level"][at])
    if kind == "glowing":
        said[at] |= {"claimed": str(rng.choice(LEVELS[:place])), "evidence": "", "verified_by": ""}
    elif kind == "modest":
        said[at] |= {"claimed": str(rng.choice(LEVELS[place + 1 :]))}
    elif kind == "silent":
        del said[at]
    else:
        groups.loc[at, "level"] = str(rng.choice(["observed", "not_shown"]))
    return groups, said, at


def told(groups: pd.DataFrame, said: list[dict[str, Any]]) -> pd.DataFrame:
    rng = np.random.default_rng(len(said))
    known = claims.known(typed("attestations", [said[at] for at in rng.permutation(len(said))]), YEAR, AS_AT)
    return claims.beside(groups, known, "directorate")


def assert_gap_is_told(kind: str, seed: int) -> None:
    groups, said, at = planted(kind, seed)
    found = told(groups, said)
    gaps = found["claim_gap"]
    assert gaps[at] == GAP[kind], f"seed {seed}: {found.loc[at].to_dict()}"
    assert set(gaps.drop(at)) == {"agrees"}, f"seed {seed}"
    named = claims.widest(found)[KEYS].to_numpy().tolist()
    assert named == ([] if kind == "silent" else [groups.loc[at, KEYS].tolist()]), f"seed {seed}"
    bare = found.index[~(found["has_evidence"] & found["is_checked"])].tolist()
    assert bare == ([at] if kind in ("glowing", "silent") else []), f"seed {seed}"


@pytest.mark.parametrize("kind", GAP)
def test_a_claim_that_differs_from_the_evidence_is_the_one_that_is_named(kind: str) -> None:
    for seed in range(5):
        assert_gap_is_told(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", GAP)
def test_a_claim_that_differs_from_the_evidence_is_the_one_that_is_named_over_fifty_seeds(kind: str) -> None:
    for seed in range(50):
        assert_gap_is_told(kind, seed)


def test_of_claims_that_agree_nothing_is_said_over_twenty_seeds() -> None:
    for seed in range(20):
        groups = levels(seed)
        found = told(groups, attested(groups))
        assert set(found["claim_gap"]) == {"agrees"}
        assert claims.widest(found).empty
