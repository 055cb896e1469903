"""What is claimed beside what is evidenced: a row a group of clauses, two marks on four ordered levels."""

from __future__ import annotations

from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pmf_lib.assurance.maturity.rules import LEVELS
from pmf_lib.workbook.charts import axes as parts
from pmf_lib.workbook.charts import look
from pmf_lib.workbook.charts.area import Area, blank_area
from pmf_lib.workbook.charts.axes import Mark
from pmf_lib.workbook.charts.facts import verdict
from pmf_lib.workbook.pieces import words

KIND = "embedding"
ROW, HEAD, FOOT, LEFT, RIGHT = 0.34, 0.52, 0.08, 1.55, 1.55
"""Inches: down for a row, for the levels' names and the first row's labels, and under it; across for names and for words."""
PLACES = {level: len(LEVELS) - place for place, level in enumerate(LEVELS)}
"""Level → its place from the left: lived stands furthest right, and nothing known at nought."""
UNKNOWN_PLACE = 0
UNKNOWN_WORDS = "Not known"
NOTHING = "Nobody has claimed a level, and no level could be shown from the records."
CLAIMED = Mark("claimed", look.SERIES[2], shape="D", hollow=True, size=9.5)
EVIDENCED = Mark("evidenced", look.SERIES[0], shape="o", size=6.5)
UNKNOWN = Mark("nothing known", look.CONTEXT, shape="o", hollow=True, size=6.5)


def places(known: pd.DataFrame) -> pd.DataFrame:
    """The same rows with `claimed_at` and `evidenced_at`, the marks' places: NaN where nothing is claimed, nought where
    nothing of the group is known from the records.
    """
    return known.assign(
        claimed_at=known["claimed"].map(PLACES).astype(float),
        evidenced_at=known["evidenced"].map(PLACES).fillna(UNKNOWN_PLACE).astype(float),
    )


@look.style()
def claims_beside_evidence(known: pd.DataFrame) -> Figure:
    """Groups down, levels across: a diamond where a level is claimed, a dot where the records show it, a line between.

    Parameters
    ----------
    known
        One row per group in the order in which it is drawn: group, claimed and evidenced (codes of levels; of what is not
        claimed or not known any other code, or empty) and said (a few words on the gap).
    """
    if known.empty:
        return look.nothing(NOTHING)
    rows = places(known).assign(place=[len(known) - at - 0.5 for at in range(len(known))])
    labels = _can_label(rows)
    key = 0.0 if labels else parts.key_height([CLAIMED, EVIDENCED, UNKNOWN], look.WIDTH * 72, look.SMALL)
    height = ROW * len(rows)
    figure = look.sheet(FOOT + height + HEAD + key)
    ax = look.axes(figure, LEFT, FOOT, look.WIDTH - LEFT - RIGHT, height)
    ax.set(xlim=(-0.5, len(LEVELS) + 0.5), ylim=(0, len(rows)), xticks=[], yticks=[])
    ax.spines["bottom"].set_visible(False)
    _ground(ax, len(rows))
    _marks(ax, rows)
    sides = blank_area(figure, 0, FOOT, look.WIDTH, height + HEAD)
    _name_levels(sides, height)
    for row in rows.to_dict("records"):
        _name_row(sides, str(row["group"]), str(row["said"]), row["place"] * ROW * 72)
    if labels:
        _label(ax, rows.iloc[0])
    else:
        top = blank_area(figure, 0.02, FOOT + height + HEAD, look.WIDTH - 0.02, key)
        parts.draw_key(top, [CLAIMED, EVIDENCED, UNKNOWN], look.SMALL)
    return figure


def _can_label(rows: pd.DataFrame) -> bool:
    """Whether the first row's two marks stand apart, so that words over them say which is which; else a key does."""
    first = rows.iloc[0]
    return bool(abs(first["claimed_at"] - first["evidenced_at"]) >= 1 and first["evidenced_at"] > 0)


def _ground(ax: Axes, count: int) -> None:
    """A pale line at each level; what is not known lies on grey."""
    ax.axvspan(-0.5, 0.5, color=look.PALE, linewidth=0, zorder=0)
    for place in PLACES.values():
        ax.plot([place, place], [0, count], color=look.BAND, linewidth=0.8, zorder=1)


def _marks(ax: Axes, rows: pd.DataFrame) -> None:
    """The lines first, then dots, then diamonds around them."""
    for row in rows[rows["claimed_at"].notna()].to_dict("records"):
        line = ":" if row["evidenced_at"] == UNKNOWN_PLACE else "-"
        ends = [row["evidenced_at"], row["claimed_at"]]
        ax.plot(ends, [row["place"]] * 2, color=look.CONTEXT, linewidth=1.8, linestyle=line, zorder=2)
    shown = rows["evidenced_at"] > UNKNOWN_PLACE
    _points(ax, rows[shown], "evidenced_at", EVIDENCED, 4)
    _points(ax, rows[~shown], "evidenced_at", UNKNOWN, 4)
    _points(ax, rows[rows["claimed_at"].notna()], "claimed_at", CLAIMED, 3)


def _points(ax: Axes, rows: pd.DataFrame, column: str, how: Mark, order: int) -> None:
    sns.scatterplot(
        x=rows[column],
        y=rows["place"],
        marker=how.shape,
        s=how.size**2,
        facecolor=look.WHITE if how.hollow else how.colour,
        edgecolor=how.colour if how.hollow else look.WHITE,
        linewidth=1.6 if how.hollow else 0.9,
        zorder=order,
        clip_on=False,
        legend=False,
        ax=ax,
    )
    ax.set(xlabel="", ylabel="")


def _name_levels(ax: Area, height: float) -> None:
    """The levels over their places."""
    step = (look.WIDTH - LEFT - RIGHT) * 72 / (len(LEVELS) + 1)
    named = {UNKNOWN_PLACE: UNKNOWN_WORDS, **{at: verdict(KIND, level).word for level, at in PLACES.items()}}
    for at, name in named.items():
        said = look.fitted(name, step - 4, look.SMALL)
        at_x = LEFT * 72 + (at + 0.5) * step
        ax.text(at_x, height * 72 + 16, said, ha="center", va="bottom", fontsize=look.SMALL, linespacing=1.1)


def _name_row(ax: Area, group: str, said: str, middle: float) -> None:
    """The group at the left, the gap in words at the right."""
    name = look.fitted(words.sentence(group), LEFT * 72 - 12, look.SMALL)
    ax.text(2, middle, name, va="center", fontsize=look.SMALL, linespacing=1.1)
    gap = look.fitted(said, RIGHT * 72 - 10, look.SMALL)
    ax.text((look.WIDTH - RIGHT) * 72 + 8, middle, gap, va="center", fontsize=look.SMALL, linespacing=1.1,
            color=look.SECOND_TEXT)  # fmt: skip


def _label(ax: Axes, first: pd.Series) -> None:
    """Which mark is which, in words over the first row's."""
    for column, how in (("claimed_at", CLAIMED), ("evidenced_at", EVIDENCED)):
        ax.annotate(how.words, (first[column], first["place"]), xytext=(0, 8), textcoords="offset points", ha="center",
                    va="bottom", fontsize=look.SMALL, color=how.colour, annotation_clip=False)  # fmt: skip


def alt_claims(known: pd.DataFrame) -> str:
    """The picture in words: how many groups are claimed above, as and under what is evidenced; those above by name."""
    if known.empty:
        return NOTHING
    rows = places(known)
    claimed, is_known = rows["claimed_at"].notna(), rows["evidenced_at"] > UNKNOWN_PLACE
    gap = (rows["claimed_at"] - rows["evidenced_at"]).where(claimed & is_known)
    counts = {
        "claimed above what is evidenced": (gap > 0).sum(),
        "claimed as evidenced": (gap == 0).sum(),
        "evidenced above what is claimed": (gap < 0).sum(),
        "claimed with nothing known": (claimed & ~is_known).sum(),
        "not claimed": (~claimed).sum(),
    }
    listed = words.listing(f"{count} {said}" for said, count in counts.items() if count)
    head = f"{words.counted(len(rows), 'group')} of clauses: {listed}."
    named = [_in_words(row) for row in rows[(gap > 0).to_numpy()].to_dict("records")]
    return f"{head} {'; '.join(named)}." if named else head


def _in_words(row: dict[Any, Any]) -> str:
    both = (verdict(KIND, row[name]).word.lower() for name in ("claimed", "evidenced"))
    return "{group}: claimed {}, evidenced {}".format(*both, group=words.sentence(row["group"]))


def data_claims(known: pd.DataFrame) -> pd.DataFrame:
    """The table behind the picture: one row per group in the order drawn, both levels and the gap in words."""
    return pd.DataFrame(
        {
            "What is asked": known["group"].map(words.sentence),
            "Claimed": [_level(code, "no claim") for code in known["claimed"]],
            "Evidenced": [_level(code, "not known") for code in known["evidenced"]],
            "Gap": known["said"],
        }
    ).reset_index(drop=True)


def _level(code: str, none: str) -> str:
    return verdict(KIND, code).word if code in PLACES else none
