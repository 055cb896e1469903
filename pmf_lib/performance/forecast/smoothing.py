"""Exponential smoothing of many series at once: every declared form is run, and they are averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import toeplitz

from pmf_lib.performance.forecast.forms import Smoother
from pmf_lib.performance.spc.rules import Real, Whole

RANK_AT = 1e-9
NOTHING = 1e-18
"""A sum of squared errors below this share of the values' own squares is rounding."""


@dataclass(frozen=True)
class Ahead:
    """What is expected of the periods ahead: one row per series."""

    point: Real
    """Series × periods ahead."""
    spread: Real
    """Series × periods × periods: how the errors of those periods vary together (the values' unit, squared)."""
    freedom: Real
    """Degrees of freedom of the spread."""
    shares: Real
    """Series × smoothers: how much each smoother counts, adding up to 1."""


@dataclass(frozen=True)
class _Fit:
    """One smoother, run over every series."""

    state: Real
    to_start: Real
    """How the last state depends on the one at the start."""
    unsure: Real
    """Covariance of the state at the start, for errors of variance 1."""
    squares: Real
    """Sum of squared one-step errors."""
    known: Real
    """Values known."""
    rank: int
    """Numbers that the start takes to describe: of level and season together, one is spare."""


def ahead(values: Real, smoothers: Sequence[Smoother], steps: int) -> Ahead:
    """The forecast of the next `steps` periods: an average over the smoothers, the better ones counting for more.

    The start of each series is set by least squares. What is unknown about it counts in the spread, and so does how far
    the smoothers differ. A smoother's share goes by its generalised cross-validation (squared errors, corrected for the
    numbers that were fitted); a seasonal one needs two full years. A missing value is passed over.

    Parameters
    ----------
    values
        Series × periods, the last column the latest; NaN before a series begins and where a value is missing.
    smoothers
        The forms and weights to try, all of one season.
    steps
        Periods ahead.
    """
    middle = np.nanmean(values, axis=1)
    values = values - middle[:, None]  # so that little is lost to rounding
    size, floor = len(values), NOTHING * np.nansum(values**2, axis=1) + np.finfo(float).tiny
    span = values.shape[1] - np.argmax(~np.isnan(values), axis=1)
    point, spread = np.zeros((size, steps)), np.zeros((size, steps, steps))
    freedom, total, best = np.zeros(size), np.zeros(size), np.full(size, -np.inf)
    merit = np.full((size, len(smoothers)), -np.inf)
    for number, smoother in enumerate(smoothers):
        fit = _fit(values, smoother)
        free = fit.known - fit.rank - 1
        squares = np.maximum(fit.squares, floor)
        fits = (span >= 2 * smoother.season) & (free > 0)
        merit[:, number] = np.where(fits, _merit(squares, fit.known, np.maximum(free, 1)), -np.inf)
        at = np.flatnonzero(fits)
        raised = np.maximum(best[at], merit[at, number])
        fade, share = np.exp(best[at] - raised), np.exp(merit[at, number] - raised)
        said, shape = _project(fit, smoother, steps, at)
        shape = shape * (squares / np.maximum(free, 1))[at, None, None] + _outer(said)
        point[at] = _blend(point[at], said, fade, share)
        spread[at] = _blend(spread[at], shape, fade, share)
        freedom[at] = _blend(freedom[at], free[at], fade, share)
        total[at], best[at] = total[at] * fade + share, raised
    point, freedom = point / total[:, None], freedom / total
    shares = np.exp(merit - best[:, None]) / total[:, None]
    return Ahead(point + middle[:, None], spread / total[:, None, None] - _outer(point), freedom, shares)


def _merit(squares: Real, known: Real, free: Real) -> Real:
    """Half of n × log of the generalised cross-validation, with its sign turned."""
    return np.asarray(-0.5 * known * (np.log(squares) - 2 * np.log(free)))


def _outer(point: Real) -> Real:
    return point[:, :, None] * point[:, None, :]


def _blend(old: Real, new: Real, fade: Real, share: Real) -> Real:
    shape = (-1,) + (1,) * (old.ndim - 1)
    return old * fade.reshape(shape) + new * share.reshape(shape)


def _fit(values: Real, smoother: Smoother) -> _Fit:
    """Run one smoother over every series, then set each one's start by least squares."""
    design, move, gain = smoother.design, smoother.transition, smoother.gain
    size, states = len(values), len(design)
    state, squares = np.zeros((size, states)), np.zeros(size)
    to_start = np.broadcast_to(np.eye(states), (size, states, states)).copy()
    normal, right = np.zeros((size, states, states)), np.zeros((size, states))
    seen = ~np.isnan(values)
    begun = np.logical_or.accumulate(seen, axis=1)
    for step in range(values.shape[1]):
        at: Any = slice(None) if begun[:, step].all() else begun[:, step]  # a slice copies nothing
        error = np.where(seen[at, step], values[at, step] - state[at] @ design, 0.0)
        slope = np.where(seen[at, step, None], -(design @ to_start[at]), 0.0)
        normal[at] += slope[:, :, None] * slope[:, None, :]
        right[at] += slope * error[:, None]
        squares[at] += error**2
        state[at] = state[at] @ move.T + error[:, None] * gain
        to_start[at] = move @ to_start[at] + gain[:, None] * slope[:, None, :]
    unsure: Real = np.linalg.pinv(normal, rcond=RANK_AT, hermitian=True).astype(float)
    start = -np.einsum("sij,sj->si", unsure, right)
    return _Fit(
        state=state + np.einsum("sij,sj->si", to_start, start),
        to_start=to_start,
        unsure=unsure,
        squares=np.maximum(squares + np.einsum("si,si->s", right, start), 0),
        known=seen.sum(axis=1).astype(float),
        rank=states - (smoother.season > 0),
    )


def _project(fit: _Fit, smoother: Smoother, steps: int, at: Whole) -> tuple[Real, Real]:
    """Point forecasts, and how their errors vary together for errors of variance 1."""
    reach = [smoother.design]
    for _ in range(steps - 1):
        reach.append(reach[-1] @ smoother.transition)
    looks = np.array(reach)
    carried = np.concatenate([[1.0], looks[:-1] @ smoother.gain])
    new = toeplitz(carried, np.zeros(steps))
    by_start = looks @ fit.to_start[at]
    old = by_start @ fit.unsure[at] @ by_start.transpose(0, 2, 1)
    return fit.state[at] @ looks.T, new @ new.T + old
