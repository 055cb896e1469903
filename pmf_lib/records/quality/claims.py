"""What a commentary claims, told by its words, set beside what the figures show.

Words are only words: a claim may speak of something else than the measure. So a difference is a *seeming*
contradiction, for a person to confirm, and doubtful cases (both claims in one text, another basis of comparison)
say nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.numbers import half_up, rounded, written
from pmf_lib.periods import Period
from pmf_lib.records import findings
from pmf_lib.records.cells import looked_up
from pmf_lib.records.quality.known import dated
from pmf_lib.records.quality.scheme import ClaimWords
from pmf_lib.records.quality.wording import PAIRS, About, claims

BETTER = {"higher": 1.0, "lower": -1.0}
TOLD_FROM = ("text", "title", "unit", "polarity")
WAYS = {"improving": "better", "worsening": "worse"}


def contradictions(
    commentary: pd.DataFrame,
    known: pd.DataFrame,
    measures: pd.DataFrame,
    states: pd.Series,
    *,
    quarter: Period,
    words: ClaimWords,
) -> pd.DataFrame:
    """Commentary of the quarter that seems to contradict its series: findings of the rule 'commentary.contradicts'.

    A text contradicts its series where it claims better, and the latest value is worse than that of the period before
    (by the measure's decimals), or the other way round; and where it claims a target met that is not, or missed that
    is met. It is compared with the same period last year where it says so, or where values run from 1 April. Values
    before a change of definition are not compared. Where months went one way and their quarters' means the other, the
    text may speak of either, and nothing is found.

    Parameters
    ----------
    commentary, measures
        Tables of records.
    known
        Observations in force (`known.in_force`).
    states
        measure_id → state of the measure against its target (met, near, missed, or why there is none).
    quarter
        The reporting quarter; nothing that ends after it is compared.
    words
        What words claim.
    """
    of_quarter = commentary["quarter"] == quarter.label
    rows = commentary[of_quarter & commentary["measure_id"].isin(measures["measure_id"])]
    if rows.empty:
        return findings.none()
    rows = _with_claims(rows, measures, words)
    rows = rows.assign(state=looked_up(rows["measure_id"], states))
    rows = _with_values(rows, known[known["value"].notna()], measures, quarter)
    shown = [_contradicted(row) for row in rows.to_dict("records")]
    kept = [bool(one) for one in shown]
    expected = pd.Series([one for one in shown if one], rows.index[kept], dtype="str")
    return findings.found(
        "commentary.contradicts",
        "commentary",
        rows[kept],
        column="text",
        got=rows.loc[kept, "text"],
        expected=expected,
        mend="Say which is right: correct the text or the figures, or confirm that the text means something else.",
    )


def _with_claims(rows: pd.DataFrame, measures: pd.DataFrame, words: ClaimWords) -> pd.DataFrame:
    """Commentary with what its measure is, and what the text claims of it: said."""
    about = measures.set_index("measure_id")[["title", "polarity", "decimals", "unit", "accumulation"]]
    rows = rows.join(about, on="measure_id")
    told_from = zip(*(rows[name] for name in TOLD_FROM), strict=True)
    told = [claims(text, About(title, unit, way), words) for text, title, unit, way in told_from]
    return rows.assign(said=pd.Series(told, rows.index, dtype="object"))


def _with_values(
    rows: pd.DataFrame, held: pd.DataFrame, measures: pd.DataFrame, quarter: Period
) -> pd.DataFrame:
    """`rows` with the latest value and the one that the text compares it with: value, of, before, before_of."""
    named = dated(held, measures)[["measure_id", "period", "end", "ordinal", "kind", "value"]]
    named = named[named["end"] <= pd.Timestamp(quarter.end)]
    named = named.merge(_first_comparable(measures), on="measure_id", how="left")
    latest = named.drop_duplicates("measure_id", keep="last").set_index("measure_id")
    rows = rows.join(latest.rename(columns={"period": "of"}), on="measure_id")
    yearly = rows["said"].map(lambda one: "year_before" in one) | (rows["accumulation"] == "year-to-date")
    steps = rows["kind"].map(periods.STEPS_TO_YEAR_BEFORE).where(yearly, 1).fillna(1)
    rows["earlier"] = rows["ordinal"] - steps
    past = named[["measure_id", "ordinal", "period", "value"]]
    past = past.rename(columns={"ordinal": "earlier", "period": "before_of", "value": "before"})
    found = rows.reset_index().merge(past, on=["measure_id", "earlier"], how="left").set_index("index")
    same = ~(found["earlier"] < found["first"])
    found = found.assign(before=found["before"].where(same), before_of=found["before_of"].fillna(""))
    return found.assign(**_quarter_means(found, named, yearly))


def _quarter_means(
    rows: pd.DataFrame, named: pd.DataFrame, yearly: pd.Series[bool]
) -> dict[str, pd.Series[float]]:
    """Of months, the mean of their latest quarter, and of the one that it is compared with; NaN for other kinds."""
    months = named[(named["kind"] == "month") & ~(named["ordinal"] < named["first"])]
    means = months.groupby(["measure_id", months["ordinal"] // 3])["value"].mean()
    quarter = rows["ordinal"] // 3
    back = yearly.map({True: 4, False: 1})
    of = {"mean": quarter, "mean_before": quarter - back}
    return {
        name: means.reindex(pd.MultiIndex.from_arrays([rows["measure_id"], at])).set_axis(rows.index)
        for name, at in of.items()
    }


def _first_comparable(measures: pd.DataFrame) -> pd.DataFrame:
    """measure_id and `first`, the ordinal of the first period of its present definition."""
    broken = measures.loc[measures["definition_from"] != "", ["measure_id", "definition_from"]]
    found = dated(broken.rename(columns={"definition_from": "period"}), measures)
    return found[["measure_id", "ordinal"]].rename(columns={"ordinal": "first"})


def _contradicted(row: Mapping[Hashable, Any]) -> str:
    """What the figures show where the text claims the opposite; nothing where it does not."""
    shown = (_movement(row), _standing(str(row["state"])))
    facts = [
        _worded(row, fact)
        for pair, fact in zip(PAIRS, shown, strict=True)
        if len(claimed := row["said"] & set(pair)) == 1 and fact and fact not in claimed
    ]
    return f"a text that fits the figures: {', and '.join(facts)}" if facts else ""


def _standing(state: str) -> str:
    return {"met": "on_target", "near": "off_target", "missed": "off_target"}.get(state, "")


def _movement(row: Mapping[Hashable, Any]) -> str:
    """Better or worse than before, by more than rounding; nothing where that can't be told, or quarters went the other way."""
    if "other_period" in row["said"] or not abs(row["value"] - row["before"]) > 0.5 * 10.0 ** -int(
        row["decimals"]
    ):
        return ""
    latest, quarters = _way(row, "value", "before"), _way(row, "mean", "mean_before")
    return "" if latest * quarters < 0 else {1.0: "improving", -1.0: "worsening"}.get(latest, "")


def _way(row: Mapping[Hashable, Any], now: str, before: str) -> float:
    """1 where it went the good way by the measure's decimals, -1 the bad way, 0 where neither is known."""
    first, last = (half_up(float(row[name]), int(row["decimals"])) for name in (before, now))
    return float(np.nan_to_num(BETTER.get(str(row["polarity"]), 0.0) * np.sign(last - first)))


def _worded(row: Mapping[Hashable, Any], fact: str) -> str:
    if fact in PAIRS[1]:
        reached = "is met" if fact == "on_target" else "is not met"
        return f"the target {reached}"
    now, before = (_figure(row, name) for name in ("value", "before"))
    of, before_of = (periods.parse(row[name], row["kind"]).words for name in ("of", "before_of"))
    return f"{now} in {of} is {WAYS[fact]} than {before} in {before_of} ({row['polarity']} is better)"


def _figure(row: Mapping[Hashable, Any], name: str) -> str:
    shown = written(rounded(float(row[name]), int(row["decimals"])))
    return f"{shown}%" if row["unit"] == "%" else shown
