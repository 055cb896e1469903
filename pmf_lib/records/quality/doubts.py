"""Doubts about a measure's figures, each by a declared reason, and the verdict that they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pmf_lib.periods import Period
from pmf_lib.records import findings
from pmf_lib.records.quality.known import dated
from pmf_lib.records.quality.revisions import far
from pmf_lib.records.quality.said import period_words, said
from pmf_lib.records.quality.scheme import QualityScheme
from pmf_lib.records.schema import PROVENANCE

__all__ = ["NOT_JUDGED", "RELY", "UNJUDGED", "Seen", "doubts", "period_words", "verdicts"]
COLUMNS = ("measure_id", "code", "period", "of")
RELY, NOT_JUDGED = "rely", "not_judged"
BY_RULE = {
    "value.unit-slip": "slip",
    "value.differs": "differs",
    "value.below-nought": "negative",
    "key.conflict": "conflict",
    "period.not-ended": "early",
    "series.falls-in-year": "falls",
}
"""Rules that doubt one value: of the latest period 'latest_…', of any other 'earlier_…'."""
UNJUDGED = {
    "retired": "It is retired.",
    "suppressed": "Its latest value is suppressed.",
    "no_value": "No value has come, and none was due.",
}
"""Why there is nothing to judge of a measure."""
NO_LOST_TARGET = ("key.repeated", "key.conflict", "row.superseded", "measure.left-out")
NO_FAULT_OF_READING = ("key.repeated", "key.conflict", "value.none", "row.superseded")


@dataclass(frozen=True)
class Seen:
    """What doubts are told from, for one unit as at a day; every frame as the functions of this package give it."""

    measures: pd.DataFrame
    known: pd.DataFrame
    """Observations in force."""
    due: pd.DataFrame
    findings: pd.DataFrame
    contradictions: pd.DataFrame
    revisions: pd.DataFrame
    states: pd.Series
    """measure_id → state against target."""
    quarter: Period
    as_at: date
    is_own: bool = True
    targets: pd.DataFrame | None = None
    """The row of the target that each measure is rated against, and whether it is of an earlier year (`goals.rated_against`)."""
    later: pd.DataFrame | None = None
    """Observations recorded after the day."""
    unchanged: pd.DataFrame | None = None
    """Commentary that is that of the quarter before (`repeated.unchanged`)."""
    failed: pd.DataFrame | None = None
    """One row per measure whose newest certification failed: measure_id, period, is_inaccurate (else it could not be certified)."""

    @cached_property
    def latest(self) -> pd.Series:
        """measure_id → label of the latest period, ended by the quarter's end, that has a value or is suppressed."""
        held = dated(self.known[["measure_id", "period"]], self.measures)
        held = held[held["end"] <= pd.Timestamp(self.quarter.end)]
        return held.drop_duplicates("measure_id", keep="last").set_index("measure_id")["period"]

    @cached_property
    def not_final(self) -> pd.DataFrame:
        """The observations in force that are each their measure's latest and are provisional or estimated."""
        held = self.known[self.known["state"].isin(["provisional", "estimated"])]
        return held[held["period"] == held["measure_id"].map(self.latest)]


def doubts(seen: Seen, scheme: QualityScheme) -> pd.DataFrame:
    """Every doubt that the scheme has a reason for.

    Returns
    -------
    DataFrame
        One row per doubt, by measure and then as the scheme lists its reasons: measure_id, code, period ('' where it is
        none of one period), of (the number that a count of doubts is out of; 0 where it is out of none).
    """
    not_final = seen.not_final
    parts = [
        _missing(seen.due),
        _late_often(seen.due, scheme),
        _of_values(seen),
        _left_out(seen.findings),
        _of_targets(seen),
        _of_certifications(seen),
        *(_of_series(seen, code) for code in ("copied", "digits")),
        _plain(seen.contradictions["measure_id"], "contradicts"),
        _plain(not_final["measure_id"], "not_final", not_final["period"]),
        _revised(seen, scheme),
        _without(seen.measures, "definition", "no_definition"),
        _without(seen.measures, "owner", "no_owner"),
    ]
    found = pd.concat([part for part in parts if len(part)] or [_NONE])
    reasons = [one.code for one in scheme.reasons(is_own=seen.is_own)]
    asked = seen.measures.loc[~_is_out_of_use(seen), "measure_id"]
    found = found[found["code"].isin(reasons) & found["measure_id"].isin(asked)]
    rank = found["code"].map({code: place for place, code in enumerate(reasons)})
    return found.assign(rank=rank).sort_values(["measure_id", "rank"], kind="stable", ignore_index=True)[
        list(COLUMNS)
    ]


def verdicts(seen: Seen, found: pd.DataFrame, scheme: QualityScheme) -> pd.DataFrame:
    """One row per measure, in the order given: measure_id, reliance (the gravest verdict of its doubts), reasons (in words).

    ``reliance`` is do_not_rely, with_care or rely; not_judged where there is nothing to judge, and ``reasons`` says why
    (`UNJUDGED`): the measure is retired, its latest value is suppressed, or no value has come and none was due.
    """
    reasons_told = scheme.reasons(is_own=seen.is_own)
    grave = {one.code for one in reasons_told if one.verdict == "do_not_rely"}
    says, verdict = (
        said(found, seen.measures, reasons_told),
        dict.fromkeys(found["measure_id"].tolist(), "with_care"),
    )
    for name, code in zip(found["measure_id"].tolist(), found["code"].tolist(), strict=True):
        if code in grave:
            verdict[name] = "do_not_rely"
    unjudged = _unjudged(seen, verdict)
    ids = seen.measures["measure_id"]
    reliance = [NOT_JUDGED if name in unjudged else verdict.get(name, RELY) for name in ids]
    reasons = [unjudged.get(name) or says.get(name, "") for name in ids]
    return pd.DataFrame(
        {"measure_id": ids, "reliance": _texts(reliance, ids.index), "reasons": _texts(reasons, ids.index)}
    )


def _unjudged(seen: Seen, verdict: Mapping[str, str]) -> dict[str, str]:
    """By measure of which there is nothing to judge, why (of `UNJUDGED`)."""
    something, suppressed = {*seen.known["measure_id"], *seen.due["measure_id"]}, _suppressed(seen)
    retired = set(seen.states.index[seen.states == "retired"])
    found = {}
    for name in seen.measures["measure_id"]:
        is_grave = verdict.get(name) == "do_not_rely"
        holds = {
            "retired": name in retired,
            "suppressed": name in suppressed and not is_grave,
            "no_value": name not in something and not is_grave,
        }
        if any(holds.values()):
            found[name] = UNJUDGED[next(why for why, is_so in holds.items() if is_so)]
    return found


def _suppressed(seen: Seen) -> set[str]:
    """Measures whose latest value is suppressed: none is shown to rely on."""
    held = seen.known[seen.known["state"] == "suppressed"]
    return set(held.loc[held["period"] == held["measure_id"].map(seen.latest), "measure_id"])


def _is_out_of_use(seen: Seen) -> pd.Series[bool]:
    return seen.measures["measure_id"].map(seen.states).eq("retired")


def _plain(ids: pd.Series, code: Any, period: Any = "", of: Any = 0) -> pd.DataFrame:
    """Doubts about these measures; code, period and of are one for all of them, or one each."""
    if not len(ids):
        return _NONE
    texts = {"measure_id": ids.array, "code": code, "period": period}
    named = {name: _texts(one, ids.index) for name, one in texts.items()}
    return pd.DataFrame({**named, "of": pd.Series(of, range(len(ids)), dtype="int64").array}, ids.index)


def _texts(texts: Any, index: pd.Index) -> pd.Series[str]:
    """Text, one for all or one each, in this order."""
    return pd.Series(texts.array if isinstance(texts, pd.Series) else texts, index, dtype="str")


_NONE = pd.DataFrame({name: pd.Series(dtype="int64" if name == "of" else "str") for name in COLUMNS})


def _missing(due: pd.DataFrame) -> pd.DataFrame:
    """Values that were due and are not there: the last one due, and gaps before it."""
    of, _ = pd.factorize(due["measure_id"])
    due_n, is_last = np.bincount(of)[of], ~due["measure_id"].duplicated(keep="last").to_numpy()
    absent = np.flatnonzero(~due["is_there"])
    rows = due[["measure_id", "period"]].take(absent)
    codes = np.where(is_last[absent], "latest_missing", "gaps")
    return _plain(rows["measure_id"], codes, rows["period"], due_n[absent])


def _late_often(due: pd.DataFrame, scheme: QualityScheme) -> pd.DataFrame:
    """Measures of whose values too many came late; `period` holds the count."""
    of, ids = pd.factorize(due.loc[due["is_there"], "measure_id"])
    is_late = (due.loc[due["is_there"], "days_late"] > 0).to_numpy()
    count, late = np.bincount(of, minlength=len(ids)), np.bincount(of[is_late], minlength=len(ids))
    often = np.flatnonzero(
        (late >= scheme.late_often_at_least) & (late * 100 >= count * scheme.late_often_pct)
    )
    return _plain(pd.Series(ids[often]), "late_often", [str(n) for n in late[often]], count[often])


def _of_values(seen: Seen) -> pd.DataFrame:
    """Doubts about one value each, where its row is in force, or was left out for one that is."""
    found = seen.findings[
        (seen.findings["table"] == "observations") & seen.findings["rule"].isin(list(BY_RULE))
    ]
    if found.empty:
        return _NONE
    held = seen.known[[*PROVENANCE, "period"]]
    rows = found.merge(held, on=list(PROVENANCE), how="left")
    named = rows["got"].str.extract(r", period (.+?), recorded_at ")[0].where(rows["rule"] == "key.conflict")
    rows = rows.assign(period=rows["period"].fillna(named)).dropna(subset=["period"])
    rows = dated(rows, seen.measures)
    is_latest = (rows["period"] == rows["measure_id"].map(seen.latest)).to_numpy()
    codes = np.where(is_latest, "latest_", "earlier_").astype(object) + rows["rule"].map(BY_RULE).to_numpy(
        object
    )
    return _plain(rows["measure_id"], codes, rows["period"])


def _left_out(found: pd.DataFrame) -> pd.DataFrame:
    """Observations whose row could not be read."""
    rows = found[
        (found["table"] == "observations")
        & findings.leaves_out(found)
        & ~found["rule"].isin(NO_FAULT_OF_READING)
    ]
    rows = rows.drop_duplicates(list(PROVENANCE))
    return _plain(rows["measure_id"], "left_out")


def _of_series(seen: Seen, code: str) -> pd.DataFrame:
    """Doubts about a whole series, each with the period of the row on which it was found."""
    rows = seen.findings[seen.findings["rule"] == f"series.{code}"]
    if rows.empty:
        return _NONE
    rows = rows.merge(seen.known[[*PROVENANCE, "period"]], on=list(PROVENANCE))
    return _plain(rows["measure_id"], code, rows["period"])


def _of_targets(seen: Seen) -> pd.DataFrame:
    """Doubts about what a measure is rated against."""
    found, rules = seen.findings, seen.findings["rule"]
    row = ["measure_id", "source_file", "source_row"]
    used = seen.targets if seen.targets is not None else found.iloc[:0][row].assign(carried=False)
    slipped = found.loc[rules == "target.slip", row]
    lost = (found["table"] == "targets") & findings.leaves_out(found) & ~rules.isin(NO_LOST_TARGET)
    lost &= found["measure_id"].isin(used.loc[used["carried"], "measure_id"])
    ids = {
        "other_scale": found.loc[rules == "value.other-scale", "measure_id"],
        "target_slip": slipped.merge(used, on=row)["measure_id"] if len(slipped) else slipped["measure_id"],
        "target_left_out": found.loc[lost, "measure_id"].drop_duplicates(),
        "target_later": found.loc[rules == "target.later", "measure_id"],
    }
    return pd.concat([_plain(named, code) for code, named in ids.items()])


def _of_certifications(seen: Seen) -> pd.DataFrame:
    """Measures whose newest certification failed: found inaccurate, in its latest period or an earlier one, or not certifiable."""
    failed = seen.failed
    if failed is None or failed.empty:
        return _NONE
    is_latest = (failed["period"] == failed["measure_id"].map(seen.latest)).to_numpy()
    when = np.where(is_latest, "latest_inaccurate", "earlier_inaccurate")
    codes = np.where(failed["is_inaccurate"].astype(bool), when, "not_certifiable")
    return _plain(failed["measure_id"], codes, failed["period"])


def _revised(seen: Seen, scheme: QualityScheme) -> pd.DataFrame:
    if seen.revisions.empty:
        return _NONE
    rows = far(seen.revisions, seen.known, seen.measures, scheme)
    return _plain(rows["measure_id"], "revised", rows["period"])


def _without(measures: pd.DataFrame, column: str, code: str) -> pd.DataFrame:
    return _plain(measures.loc[measures[column] == "", "measure_id"], code)
