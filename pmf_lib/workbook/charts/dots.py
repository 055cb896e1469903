"""Where a council stands among single authorities: a row of dots a measure, the worst ranks first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pmf_lib.performance.benchmark.figures import SIGNS, compared
from pmf_lib.performance.benchmark.options import BenchmarkOptions
from pmf_lib.performance.benchmark.same_period import held, of_same_period
from pmf_lib.performance.benchmark.told import nth
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, blank_area
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.facts import Facts
from pmf_lib.workbook.pieces import words

ROWS = 12
"""Measures that are drawn at most."""
LEAST = 5
"""Authorities, the council among them, under which dots say less than a sentence."""
REACH = 3.0
"""A row ends at so many times the wider half of its middle half: one odd return does not press the others together."""
ROW, HEAD, FOOT, LEFT, RIGHT = 0.44, 0.3, 0.1, 2.3, 1.75
NOTHING = "No measure can be ranked among enough authorities."


def dots_of(
    found: pd.DataFrame, comparators: pd.DataFrame, options: BenchmarkOptions, council: str = ""
) -> pd.DataFrame:
    """The measures that `quartile_dots` draws, the worst rank first, at most `ROWS` of them.

    Parameters
    ----------
    found
        What `benchmark` gives for latest results.
    comparators, options, council
        What it was given.

    Returns
    -------
    DataFrame
        One row per measure: the columns of `found`, and on the row's own scale from -1 (worse) to 1 (better), with the
        median at nought: here, lower and upper (ends of the middle half; NaN under `options.least_authorities`), others
        (a list, one number per authority); is_beyond (the council's figure lies further than the row goes).
    """
    rows = found[(found["n"] >= LEAST) & found["rank"].notna()]
    share = (rows["rank"] - 1) / (rows["n"] - 1)
    rows = rows.assign(share=share).sort_values(["share", "title"], ascending=[False, True], kind="stable")
    rows = rows.head(ROWS).reset_index(drop=True)
    same = of_same_period(rows, held(comparators, council, options.closed))
    values = same[same["authority_kind"] == "authority"].groupby("measure_id")["value"].agg(list)
    placed = [_placed(row, values.get(row["measure_id"], []), options) for row in rows.to_dict("records")]
    columns = ["here", "lower", "upper", "others", "is_beyond"]
    return rows.drop(columns=columns, errors="ignore").join(pd.DataFrame(placed, rows.index, columns))


def _placed(row: dict[Any, Any], others: list[float], options: BenchmarkOptions) -> dict[str, Any]:
    """One measure's figures on its own scale."""
    decimals = np.full(len(others) + 1, row["decimals"] if options.rounding == "measure" else np.nan)
    values = compared(np.array([row["last_value"], *others], dtype=float), decimals)
    sign = SIGNS[row["polarity"]]
    gaps = sign * (values - row["median"])
    quarters = sorted(sign * (row[name] - row["median"]) for name in ("lower_quartile", "upper_quartile"))
    far = float(np.abs(gaps).max()) or 1.0
    reach = min(far, REACH * max(-quarters[0], quarters[1])) or far
    at = np.clip(gaps / reach, -1, 1)
    is_held = row["n"] >= options.least_authorities
    low, high = (float(np.clip(end / reach, -1, 1)) if is_held else math.nan for end in quarters)
    return {
        "here": float(at[0]),
        "lower": low,
        "upper": high,
        "others": at[1:].tolist(),
        "is_beyond": bool(abs(gaps[0]) > reach * (1 + 1e-9)),
    }


@look.style()
def quartile_dots(known: pd.DataFrame, *, council: str = "Council") -> Figure:
    """Authorities as grey dots, the council as a named one, a row a measure; better is to the right in every row.

    Parameters
    ----------
    known
        What `dots_of` gives.
    council
        How the council's own dot is named.
    """
    if known.empty:
        return look.nothing(NOTHING)
    height = ROW * len(known)
    marks = list(_key(known, council))
    key = parts.key_height(marks, look.WIDTH * 72, look.SMALL)
    figure = look.sheet(FOOT + height + HEAD + key)
    ax = look.axes(figure, LEFT, FOOT, look.WIDTH - LEFT - RIGHT, height)
    ax.set(xlim=(-1.06, 1.06), ylim=(0, len(known)), xticks=[], yticks=[])
    ax.spines["bottom"].set_visible(False)
    _others(ax, known)
    sides = blank_area(figure, 0, FOOT, look.WIDTH, height)
    for at, (_, row) in enumerate(known.iterrows()):
        place = len(known) - at - 0.5
        _draw_row(ax, row, place)
        _name_row(sides, row, place * ROW * 72)
    _name_sides(ax)
    top = FOOT + height + HEAD
    parts.draw_key(blank_area(figure, 0.02, top, look.WIDTH - 0.02, key), marks, look.SMALL)
    return figure


def _others(ax: Axes, known: pd.DataFrame) -> None:
    """The other authorities of every row, without touching the scales."""
    ends = ax.get_xlim(), ax.get_ylim()
    rows = known.assign(place=np.arange(len(known))[::-1] + 0.5).explode("others", ignore_index=True)
    rows = rows[rows["others"].notna()]
    how = _other("")
    sns.stripplot(
        x=rows["others"].astype(float),
        y=rows["place"],
        orient="y",
        native_scale=True,
        jitter=False,
        color=how.colour,
        marker=how.shape,
        size=how.size,
        zorder=3,
        clip_on=False,
        ax=ax,
    )
    ax.set(xlim=ends[0], ylim=ends[1], xticks=[], yticks=[], xlabel="", ylabel="")


def _draw_row(ax: Axes, row: pd.Series[Any], place: float) -> None:
    if not math.isnan(row["lower"]):
        ax.fill_between(
            [row["lower"], row["upper"]], place - 0.3, place + 0.3, color=look.BAND, linewidth=0, zorder=1
        )
    ax.plot([-1, 1], [place, place], color=look.PALE, linewidth=0.8, zorder=1.5)
    ax.plot([0, 0], [place - 0.3, place + 0.3], color=look.OUTLINE, linewidth=1.2, zorder=2)
    _own("").draw(ax, [row["here"]], [place], zorder=4, clip_on=False)
    if row["is_beyond"]:
        side = 1 if row["here"] > 0 else -1
        ax.annotate(
            "»" if side > 0 else "«",
            (row["here"], place),
            xytext=(side * 9, 0),
            textcoords="offset points",
            ha="center",
            va="center_baseline",
            annotation_clip=False,
        )


def _name_row(ax: Area, row: pd.Series[Any], middle: float) -> None:
    """The measure at the left; at the right the council's place and figure."""
    facts = Facts.of(row)
    name = look.fitted(facts.title, LEFT * 72 - 14, look.SMALL)
    ax.text(2, middle, name, va="center", fontsize=look.SMALL, linespacing=1.15)
    right, room = (look.WIDTH - RIGHT) * 72 + 12, RIGHT * 72 - 14
    ax.text(
        right, middle + 5.5, look.drawable(rank_words(row)), va="center", fontsize=look.SMALL, weight="bold"
    )
    numbers = look.fitted(_figures(row, facts), room, look.SMALL, lines=1)
    ax.text(right, middle - 5.5, numbers, va="center", fontsize=look.SMALL, color=look.SECOND_TEXT)


def _figures(row: pd.Series[Any], facts: Facts) -> str:
    return f"{facts.number(row['last_value'])}, median {_beside(row['median'], row['last_value'], facts)}"


def _beside(value: float, own: float, facts: Facts) -> str:
    """A figure at the measure's decimals; with one more where it lies between two and would look like the council's."""
    steps = value * 10.0**facts.decimals
    is_finer = abs(steps - round(steps)) > 1e-6 and facts.number(value) == facts.number(own)
    return facts.number(value, decimals=facts.decimals + is_finer)


def rank_words(row: Any) -> str:
    """A place from the best, of how many.

    >>> rank_words({"rank": 3.0, "ties": 1, "n": 15})
    'joint 3rd of 15'
    """
    return f"{'joint ' if row['ties'] else ''}{nth(int(row['rank']))} of {row['n']}"


def _name_sides(ax: Axes) -> None:
    for place, said, side in ((-1, "◀ Worse", "left"), (1, "Better ▶", "right")):
        ax.annotate(
            said,
            (place, 1),
            xytext=(0, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha=side,
            fontsize=look.SMALL,
            color=look.SECOND_TEXT,
        )


def _own(said: str) -> Mark:
    return Mark(said, look.SERIES[0], shape="D", size=8.0)


def _other(said: str) -> Mark:
    return Mark(said, look.CONTEXT, shape="o", size=5.0)


def _key(known: pd.DataFrame, council: str) -> list[Mark]:
    name = look.fitted(council, look.WIDTH * 36, look.SMALL, lines=1)
    marks = [
        _own(name),
        _other("Another authority"),
        Mark("Median", look.OUTLINE, shape="|", hollow=True, size=9),
    ]
    return marks + (
        [Mark("Middle half", look.BAND, shape="s", size=8)] if known["lower"].notna().any() else []
    )


def alt_dots(known: pd.DataFrame, *, council: str = "Council") -> str:
    """The council's place in each row in words; the first three by name."""
    if known.empty:
        return NOTHING
    named = [f"{row['title']} ({rank_words(row)})" for row in known.head(3).to_dict("records")]
    more = len(known) - len(named)
    named += [words.counted(more, "more measure", in_words=True)] if more else []
    head = f"{council} among other authorities, the worst ranks first: {words.listing(named)}."
    behind = int((known["here"] < 0).sum())
    return f"{head} It is worse than the median in {behind} of {words.counted(len(known), 'row')}."


def data_dots(known: pd.DataFrame, *, council: str = "Council") -> pd.DataFrame:
    """The table behind quartile dots: one row per measure in the order drawn, figures as text since their units differ."""
    rows = known.to_dict("records")
    facts = [Facts.of(row) for row in rows]

    def figures(name: str) -> list[str]:
        return [_beside(row[name], row["last_value"], fact) for fact, row in zip(facts, rows, strict=True)]

    return pd.DataFrame(
        {
            "Measure": [row["title"] for row in rows],
            "Unit": [row["unit"] for row in rows],
            "Period": [fact.period(row["last_period"]) for fact, row in zip(facts, rows, strict=True)],
            council: [fact.number(row["last_value"]) for fact, row in zip(facts, rows, strict=True)],
            "Lower quartile": figures("lower_quartile"),
            "Median": figures("median"),
            "Upper quartile": figures("upper_quartile"),
            "Rank": [rank_words(row) for row in rows],
        }
    )
