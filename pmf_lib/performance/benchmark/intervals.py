"""Confidence intervals from counts, and what an interval says beside a reference."""

from __future__ import annotations

import numpy as np

from pmf_lib.performance.benchmark.figures import Real, Words

EXACT_BELOW = 10
"""Events under which Byar's approximation gives way to exact Poisson limits."""
Pair = tuple[Real, Real]


def wilson(numerator: Real, denominator: Real, confidence_pct: float = 95) -> Pair:
    """Wilson score limits of a proportion, between 0 and 1.

    Source: Wilson (1927), Journal of the American Statistical Association 22; used for proportions in Fingertips.

    >>> [round(float(limit[0]), 4) for limit in wilson(np.array([81.0]), np.array([263.0]))]
    [0.2553, 0.3662]
    """
    z = _z(confidence_pct)
    share = numerator / denominator
    middle = share + z**2 / (2 * denominator)
    reach = z * np.sqrt(share * (1 - share) / denominator + z**2 / (4 * denominator**2))
    below = 1 + z**2 / denominator
    return np.clip((middle - reach) / below, 0, 1), np.clip((middle + reach) / below, 0, 1)


def poisson(events: Real, confidence_pct: float = 95) -> Pair:
    """Limits of a number of events: Byar's approximation from 10 events on, exact below.

    Source: Breslow and Day (1987), Statistical methods in cancer research, volume II; used for rates in Fingertips.

    >>> [round(float(limit[0]), 2) for limit in poisson(np.array([65.0]))], poisson(np.array([0.0]))[0].item()
    ([50.16, 82.85], 0.0)
    """
    z = _z(confidence_pct)
    many = np.maximum(events, 1.0)
    low = many * (1 - 1 / (9 * many) - z / (3 * np.sqrt(many))) ** 3
    high = (many + 1) * (1 - 1 / (9 * (many + 1)) + z / (3 * np.sqrt(many + 1))) ** 3
    exact_low, exact_high = exact_poisson(events, confidence_pct)
    few = events < EXACT_BELOW
    return np.where(few, exact_low, low), np.where(few, exact_high, high)


def exact_poisson(events: Real, confidence_pct: float = 95) -> Pair:
    """Exact limits of a number of events by the gamma distribution."""
    from scipy.special import gammainccinv, gammaincinv

    tail = (1 - confidence_pct / 100) / 2
    low = gammaincinv(np.where(events > 0, events, np.nan), tail)
    return np.where(events == 0, 0.0, low), gammainccinv(events + 1, tail)


def against(lower: Real, upper: Real, reference: Real, polarity: Words, half: Real | float = 0.0) -> Words:
    """What an interval says beside a reference: similar where it holds it, else better or worse.

    `half` is half a unit of the reference's last decimal, where that is a rounded figure: it may lie so far to either side.

    Returns
    -------
    array of text
        'better', 'similar' or 'worse'; 'higher' or 'lower' in place of the outer two where neither way is best; ''
        where a limit or the reference is missing.

    Source
    ------
    Office for Health Improvement and Disparities, Fingertips technical guidance: confidence intervals compared with a
    benchmark's value.

    >>> against(np.array([1.9]), np.array([4.1]), np.array([2.0]), np.array(["higher"])).item()
    'similar'
    """
    above, below = lower > reference + half, upper < reference - half
    higher, low = polarity == "higher", polarity == "lower"
    cases = [
        np.isnan(lower) | np.isnan(upper) | np.isnan(reference),
        ~above & ~below,
        (above & higher) | (below & low),
        (above & low) | (below & higher),
        above,
    ]
    return np.select(cases, ["", "similar", "better", "worse", "higher"], default="lower")


def _z(confidence_pct: float) -> float:
    from scipy.special import ndtri

    return float(-ndtri((1 - confidence_pct / 100) / 2))
