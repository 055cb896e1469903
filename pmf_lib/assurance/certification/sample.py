"""How many cases are tested, and which: the same seed draws the same cases on any machine, whatever their order."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import pandas as pd

from pmf_lib.assurance.certification.rules import CertificationScheme


def sample_size(population_n: int, controls: str, scheme: CertificationScheme) -> int:
    """So many cases of a population are tested: all where it is small, else by how sure the controls are.

    >>> from datetime import date
    >>> sizes = {"strong": 29, "moderate": 61, "weak": 61}
    >>> scheme = CertificationScheme(
    ...     version=1, dated=date(2024, 4, 1), source="a test", samples=sizes, all_up_to=40,
    ...     tolerance_pct=5, errors_over_pct=5, adequate=("strong",), valid_months=24,
    ... )
    >>> [sample_size(n, "strong", scheme) for n in (400, 41, 40, 3)], sample_size(400, "weak", scheme)
    ([29, 29, 40, 3], 61)
    """  # fmt: skip
    if population_n <= scheme.all_up_to:
        return population_n
    return min(population_n, int(getattr(scheme.samples, controls)))


def sample_sizes(rows: pd.DataFrame, scheme: CertificationScheme) -> pd.Series[float]:
    """The same for each row of `population_n` and `controls`; where nobody says how large the population is, as of a large one."""
    sizes = rows["controls"].map(scheme.samples.model_dump()).astype("float64")
    population = rows["population_n"].astype("float64").fillna(float("inf"))
    return sizes.where(population > scheme.all_up_to, population).clip(upper=population)


def drawn(case_ids: Iterable[str], count: int, seed: int) -> list[str]:
    """So many of these cases, in the order of the draw.

    Each case has its place by the SHA-256 of seed and id, so neither the order of the list nor a library's generator matters, and a
    case added or taken out moves no other.

    >>> drawn(["c-1", "c-2", "c-3", "c-4"], 2, 7) == drawn(["c-4", "c-2", "c-1", "c-3"], 2, 7)
    True
    """
    return sorted(case_ids, key=lambda case: (_place(seed, case), case))[:count]


def _place(seed: int, case: str) -> str:
    return sha256(f"{seed}|{case}".encode()).hexdigest()
