"""The cells of the map: what each line gives to each area, what it concluded, and what that comes to against what is asked."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.lines.rules import CONCLUSIONS, LINES, NOT_STATED, OF_RANK, RANK, AssuranceMapScheme

STEP = {conclusion: step for step, conclusion in enumerate(CONCLUSIONS)}
"""Conclusion → how many steps it is from the best."""
CELLS = ("area", "line", "state", "amount", "reach", "reached_n", "parts_n", "counts_as", "points", "conclusion",
         "conclusions", "sources_n", "stale_n", "age_months", "newest_on", "providers")  # fmt: skip
IN_FORCE, STALE, UNKNOWN = "in_force", "stale", "unknown"


def cells(
    areas: pd.DataFrame,
    parts: pd.DataFrame,
    sources: pd.DataFrame,
    reached: pd.DataFrame,
    scheme: AssuranceMapScheme,
) -> pd.DataFrame:
    """What each line gives to each area.

    Returns
    -------
    DataFrame
        One row per area and line, areas in their order, lines from the first outwards: area, line, state (``in_force``;
        ``stale``: sources are recorded and all are stale; ``unknown``: none is recorded), amount (the best in force for as much of
        the area as it reaches; '' where none), reach (``whole``, ``part`` or ''), reached_n and parts_n, counts_as (the amount, one step lower where
        it reaches only a part; '' for nothing), points, conclusion (the worst of those in force; ``not-stated`` where none
        says; '' without a source in force), conclusions (all of them, the worst first), sources_n and stale_n (in force, and stale), age_months and
        newest_on (of the newest in force), providers.
    """
    grid = areas[["area"]].merge(pd.DataFrame({"line": list(LINES)}), how="cross")
    counts = parts.groupby("area", sort=False).size().rename("parts_n")
    given = reached.merge(sources[~sources["is_replaced"]], on="source")
    in_force = given[given["amount_now"] != ""]
    keys = ["area", "line"]
    made = grid.merge(counts, on="area", how="left")
    made = made.merge(_amounts(in_force, counts), on=keys, how="left").merge(
        _said(in_force), on=keys, how="left"
    )
    made = made.merge(_stale(given), on=keys, how="left")
    return _filled(made, scheme)


def _amounts(in_force: pd.DataFrame, counts: pd.Series) -> pd.DataFrame:
    """One row per area and line: the amount that counts for most, and how far it reaches."""
    ranks = in_force.assign(rank=in_force["amount_now"].map(RANK).astype("int64"))
    steps = ranks.merge(pd.DataFrame({"level": list(OF_RANK)[1:]}), how="cross")
    steps = steps[steps["rank"] >= steps["level"]]
    whole_parts = steps[steps["is_complete"]].drop_duplicates(["area", "line", "level", "part"])
    by = ["area", "line", "level"]
    told = (
        steps[by]
        .drop_duplicates()
        .merge(whole_parts.groupby(by).size().rename("reached_n").reset_index(), on=by, how="left")
    )
    told = told.assign(
        reached_n=told["reached_n"].fillna(0).astype(int), of=told["area"].map(counts).astype("float64")
    )
    is_whole = told["reached_n"] >= told["of"]
    told = told.assign(is_whole=is_whole, counts=told["level"] - (~is_whole).astype(int))
    best = told.sort_values(["counts", "is_whole", "level"], ascending=False, kind="stable")
    best = best.drop_duplicates(["area", "line"])
    return best.assign(
        amount=best["level"].map(OF_RANK),
        counts_as=best["counts"].map(OF_RANK),
        reach=best["is_whole"].map({True: "whole", False: "part"}),
    )[["area", "line", "amount", "counts_as", "reach", "reached_n"]]


def _said(in_force: pd.DataFrame) -> pd.DataFrame:
    """One row per area and line: what its sources in force concluded, and how old the newest is."""
    rows = in_force.drop_duplicates(["source", "area"])
    rows = rows.assign(step=rows["conclusion"].map(STEP).astype("float64").fillna(-1))
    rows = rows.sort_values("step", ascending=False, kind="stable")
    grouped = rows.groupby(["area", "line"], sort=False)
    return grouped.agg(
        conclusion=("conclusion", "first"),
        conclusions=("conclusion", lambda said: "; ".join(dict.fromkeys(said))),
        sources_n=("source", "size"),
        age_months=("age_months", "min"),
        newest_on=("ended_on", "max"),
        providers=("provider", lambda names: "; ".join(dict.fromkeys(names))),
    ).reset_index()


def _stale(given: pd.DataFrame) -> pd.DataFrame:
    rows = given[given["is_stale"]].drop_duplicates(["source", "area"])
    return rows.groupby(["area", "line"]).size().rename("stale_n").reset_index()


def _filled(made: pd.DataFrame, scheme: AssuranceMapScheme) -> pd.DataFrame:
    """Every column, of its type; with the state of each cell and its points."""
    texts = ("amount", "reach", "counts_as", "conclusion", "conclusions", "providers")
    counts = ("parts_n", "reached_n", "sources_n", "stale_n")
    made = made.assign(
        **{name: made[name].astype("object").fillna("").astype("str") for name in texts},
        **{name: made[name].fillna(0).astype(int) for name in counts},
        age_months=made["age_months"].astype("float64"),
        newest_on=pd.to_datetime(made["newest_on"]).astype("datetime64[us]"),
    )
    state = made["stale_n"].gt(0).map({True: STALE, False: UNKNOWN}).mask(made["sources_n"] > 0, IN_FORCE)
    points = [
        scheme.points.of(line).of(level) for line, level in zip(made["line"], made["counts_as"], strict=True)
    ]
    return made.assign(state=state, points=pd.Series(points, made.index, dtype="int64"))[list(CELLS)]


def against(areas: pd.DataFrame, of: pd.DataFrame, scheme: AssuranceMapScheme) -> pd.DataFrame:
    """What each area asks for beside what its lines give.

    Returns
    -------
    DataFrame
        The areas in their order, with points and needed_points, provided (a level; '' for none), short (points that are
        missing), lines_n (lines that give any), known_n (lines with a source, in force or stale), weight (the points that are missing times the rank of
        what is asked) and standing: ``unknown`` (no source is recorded), ``gap``, ``enough`` or ``over``.
    """
    by_area = of.groupby("area", sort=False)
    points = areas["area"].map(by_area["points"].sum()).fillna(0).astype(int)
    lines = areas["area"].map(of[of["points"] > 0].groupby("area").size()).fillna(0).astype(int)
    known = areas["area"].map(of[of["state"] != UNKNOWN].groupby("area").size()).fillna(0).astype(int)
    needed = areas["required"].map(scheme.needed.of).astype(int)
    short = (needed - points).clip(lower=0)
    standing = pd.Series("enough", areas.index, dtype="str").mask(short > 0, "gap")
    standing = standing.mask(points >= needed + scheme.over_by_points, "over").mask(known == 0, UNKNOWN)
    return areas.assign(
        points=points,
        needed_points=needed,
        provided=[scheme.provided(int(count)) for count in points],
        short=short,
        lines_n=lines,
        known_n=known,
        weight=short * areas["required"].map(RANK).astype(int),
        standing=standing,
    )


def worst_first(told: pd.DataFrame) -> pd.DataFrame:
    """Areas by what matters: the largest gap times risk, then what is asked, the highest score and the largest share amiss; among equals in their order."""
    ranked = told.assign(_rank=told["required"].map(RANK).astype(int))
    ordered = ranked.sort_values(["weight", "_rank", "score", "amiss_pct"], ascending=False, kind="stable")
    return ordered.drop(columns="_rank").reset_index(drop=True)


def is_bad(conclusion: str) -> bool:
    """Does a source that concludes so say that the control itself is weak?

    >>> [is_bad(said) for said in ("reasonable", "limited", "none", "not-stated")]
    [False, True, True, False]
    """
    return conclusion in CONCLUSIONS[2:] and conclusion != NOT_STATED
