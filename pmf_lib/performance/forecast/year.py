"""The year's figure put together from its periods, the target at its end, and what that target would take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from pmf_lib import periods
from pmf_lib.performance.forecast.known import KINDS, Known
from pmf_lib.performance.spc.rules import Flags, Real, Whole
from pmf_lib.performance.targets import in_force
from pmf_lib.periods import STEPS_A_YEAR, Period

AVERAGED = ("mean", "ratio")
GOALS = ["target", "lower", "upper"]
UNDER = 1e-3
"""How far below half a unit a figure must stay that may not be rounded up, in units of its last decimal."""


@dataclass(frozen=True)
class Coming:
    """The periods ahead, one row per forecast: their values, how sure, and what they weigh in the year's figure."""

    point: Real
    """Forecasts × periods ahead, within what is possible."""
    spread: Real
    """Forecasts × periods × periods: how the errors vary together."""
    freedom: Real
    weight: Real
    """Forecasts × periods ahead; nought for a period that does not count."""


def so_far(known: Known) -> tuple[Real, Real]:
    """What the known periods bring to the year's figure (their weighted sum), and their weight."""
    rows, width = known.rows, known.figures.shape[1]
    ordinals = known.of("last")[:, None] - np.arange(width - 1, -1, -1)
    counts = (ordinals >= _first_that_counts(rows)[:, None]) & ~np.isnan(known.figures)
    weight = np.where(counts, known.weights, 0.0)
    return np.nansum(weight * known.figures, axis=1), weight.sum(axis=1)


def still_open(known: Known, steps: int) -> Flags:
    """Which of the next `steps` periods count in the year's figure."""
    ordinals = known.of("last")[:, None] + np.arange(1, steps + 1)
    counts: Flags = (ordinals >= _first_that_counts(known.rows)[:, None]) & (
        ordinals <= known.of("year_last")[:, None]
    )
    return counts


def _first_that_counts(rows: pd.DataFrame) -> Real:
    """The year's first period; for roll-up 'last', its last."""
    return rows["year_first"].where(rows["roll"] != "last", rows["year_last"]).to_numpy(dtype=float)


def together(rows: pd.DataFrame, total: Real, weight: Real) -> Real:
    """A weighted sum as the year's figure: divided by its weight where periods are averaged (NaN without any)."""
    averaged = rows["roll"].isin(AVERAGED).to_numpy()
    return np.asarray(total / np.where(averaged, np.where(weight > 0, weight, np.nan), 1.0))


def figure(
    rows: pd.DataFrame,
    coming: Coming,
    interval_pct: float,
    so_far: Real | float = 0.0,
    known: Real | float = 0.0,
) -> pd.DataFrame:
    """The year's figure of each forecast: what is known and its weight, and what is to come.

    Returns
    -------
    DataFrame
        One row per row: outturn, low, high, scale (of its error), least, most (what is possible at all).
    """
    ahead = coming.weight.sum(axis=1)
    weight = known + ahead
    outturn = together(rows, so_far + (coming.weight * coming.point).sum(axis=1), weight)
    variance = np.einsum("si,sij,sj->s", coming.weight, coming.spread, coming.weight)
    scale = together(rows, np.sqrt(np.maximum(variance, 0)), weight)
    least, most = (
        together(
            rows, so_far + np.where(ahead > 0, rows[end].to_numpy(), 0.0) * np.maximum(ahead, 1e-300), weight
        )
        for end in ("floor", "ceiling")
    )
    reach = special.stdtrit(coming.freedom, 0.5 + interval_pct / 200) * scale
    found = {
        "outturn": outturn,
        "low": np.maximum(outturn - reach, least),
        "high": np.minimum(outturn + reach, most),
    }
    return pd.DataFrame({**found, "scale": scale, "least": least, "most": most}, rows.index)


def needed(rows: pd.DataFrame, so_far: Real, known: Real, ahead: Real) -> Real:
    """What the periods ahead would have to average for the target to be met; NaN for a range, or with none left.

    Where periods are averaged, the year's figure counts once rounded, as its status will: half a unit less is enough.
    """
    averaged = rows["roll"].isin(AVERAGED).to_numpy()
    bottom, top = _edges(rows, rows["target"], rows["target"])
    edge = bottom.where(rows["polarity"] != "lower", top - UNDER / 10.0 ** rows["decimals"])
    target = np.where(averaged, edge * (known + ahead), rows["target"])
    asked = rows["polarity"].isin(["higher", "lower"]).to_numpy() & (ahead > 0)
    return np.where(asked, target - so_far, np.nan) / np.where(ahead > 0, ahead, np.nan)


def earlier(known: Known) -> pd.DataFrame:
    """What the same periods as those ahead that count averaged in earlier years: earlier_lowest, earlier_highest (NaN: no whole one)."""
    season, width = known.season, known.figures.shape[1]
    counts, found = still_open(known, season), []
    for back in range(season, width + 1, season):
        those = slice(width - back, width - back + season)
        weight = np.where(counts, known.weights[:, those], 0.0)
        total = np.where(counts, known.weights[:, those] * known.figures[:, those], 0.0).sum(axis=1)
        found.append(total / np.where(weight.sum(axis=1) > 0, weight.sum(axis=1), np.nan))
    averages = pd.DataFrame(found, columns=known.rows.index, dtype=float)
    return pd.DataFrame({"earlier_lowest": averages.min(), "earlier_highest": averages.max()})


def goals(rows: pd.DataFrame, targets: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """The year-end target of each measure: target, lower, upper (in the unit of the year's figure), index of `rows`.

    A profiled target is the one for the year's last period. Else, where periods are summed, the sum of the targets of
    all its periods; in other cases the target in force in the last one.
    """
    is_summed = (rows["roll"] == "sum") & rows["kind"].isin(KINDS)
    steps = rows["kind"].map(STEPS_A_YEAR).where(is_summed, 1).astype(int).to_numpy()
    place = np.repeat(np.arange(len(rows)), steps)
    back = np.arange(len(place)) - (np.cumsum(steps) - steps)[place]
    found = in_force(targets, _asked(rows.take(place), back, quarter), quarter)
    is_last, is_profiled = back == 0, (found["basis"] == "year-to-date").to_numpy()
    goals = found[GOALS].to_numpy(copy=True)
    goals[~is_last & is_profiled[is_last][place]] = 0.0
    total = np.zeros((len(rows), len(GOALS)))
    np.add.at(total, place, goals)
    return pd.DataFrame(total, rows.index, columns=GOALS).where(rows["kind"].isin(KINDS))


def _asked(rows: pd.DataFrame, back: Whole, quarter: Period) -> pd.DataFrame:
    """Each row's measure and kind, with the first and last day of the period so many before the year's last one."""
    end = quarter.financial_year.end
    pairs = list(zip(rows["kind"], back.tolist(), strict=True))
    named = {
        pair: periods.last_ended(pair[0], end).shift(-pair[1]) for pair in set(pairs) if pair[0] in KINDS
    }
    days = {
        side: np.array(
            [getattr(named[pair], side) if pair in named else "NaT" for pair in pairs], dtype="datetime64[us]"
        )
        for side in ("start", "end")
    }
    return rows[["measure_id", "kind"]].reset_index(drop=True).assign(**days)


def chance(rows: pd.DataFrame, freedom: Real) -> Real:
    """How likely the year's figure, rounded to the measure's decimals, meets its target; NaN without a target.

    `rows` has what `figure` gives, and polarity, decimals, target, lower, upper. A scale of nought is certainty.
    """
    ranged = rows["polarity"] == "range"
    bottom = rows["lower"].where(ranged, rows["target"].where(rows["polarity"] == "higher"))
    top = rows["upper"].where(ranged, rows["target"].where(rows["polarity"] == "lower"))
    low, high = _edges(rows, bottom, top)
    under, over = _below(rows, low, freedom), 1 - _below(rows, high, freedom)
    met = np.clip(1 - np.nan_to_num(under) - np.nan_to_num(over), 0, 1)
    return np.where(bottom.isna() & top.isna(), np.nan, met)


def _edges(
    rows: pd.DataFrame, bottom: pd.Series[float], top: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """From where, and up to where, a figure lies between bottom and top once rounded to the measure's decimals."""
    unit = 10.0 ** rows["decimals"]
    low, high = np.ceil((bottom * unit).round(9)) - 0.5, np.floor((top * unit).round(9)) + 0.5
    return low / unit, high / unit


def _below(rows: pd.DataFrame, edge: pd.Series[float], freedom: Real) -> Real:
    """How likely the year's figure lies below an edge; NaN where there is no edge."""
    away = (edge - rows["outturn"]).to_numpy()
    unsure = (rows["scale"] > 0).to_numpy()
    found = special.stdtr(freedom, away / np.where(unsure, rows["scale"], 1.0))
    found = np.where(unsure, found, away > 0)
    found = np.where(edge <= rows["least"], 0.0, np.where(edge > rows["most"], 1.0, found))
    return np.where(edge.isna(), np.nan, found)
