"""Doubts about a measure's figures, each by a declared reason, and the verdict that they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.periods import FREQUENCIES, Period
from pmf_lib.records import findings
from pmf_lib.records.cells import looked_up
from pmf_lib.records.quality.known import dated
from pmf_lib.records.quality.revisions import far
from pmf_lib.records.quality.scheme import QualityScheme, Reason
from pmf_lib.records.schema import PROVENANCE

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
COUNTS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
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


def doubts(seen: Seen, scheme: QualityScheme) -> pd.DataFrame:
    """Every doubt that the scheme has a reason for.

    Returns
    -------
    DataFrame
        One row per doubt, by measure and then as the scheme lists its reasons: measure_id, code, period ('' where it is
        none of one period), of (the number that a count of doubts is out of; 0 where it is out of none).
    """
    latest = latest_period(seen)
    parts = [
        _missing(seen.due),
        _late_often(seen.due, scheme),
        _of_values(seen, latest),
        _left_out(seen.findings),
        _of_targets(seen),
        _of_certifications(seen, latest),
        *(_of_series(seen, code) for code in ("copied", "digits")),
        _plain(seen.contradictions["measure_id"], "contradicts"),
        _plain(not_final(seen)["measure_id"], "not_final", not_final(seen)["period"]),
        _revised(seen, scheme),
        _without(seen.measures, "definition", "no_definition"),
        _without(seen.measures, "owner", "no_owner"),
    ]
    found = pd.concat([part for part in parts if len(part)] or [_plain(pd.Series(dtype="str"), "")])
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
    worst = {one.code: one.verdict for one in scheme.reasons(is_own=seen.is_own)}
    said = _said(seen, found, scheme).groupby("measure_id")
    gravest = (
        found.assign(grave=found["code"].map(worst) == "do_not_rely").groupby("measure_id")["grave"].any()
    )
    ids = seen.measures["measure_id"]
    verdict = {name: "do_not_rely" if grave else "with_care" for name, grave in gravest.items()}
    reliance = ids.map(lambda name: verdict.get(name, RELY))
    unjudged = _unjudged(seen, reliance == "do_not_rely")
    reliance = reliance.mask(unjudged != "", NOT_JUDGED)
    reasons = looked_up(ids, said["says"].agg(" ".join)).mask(unjudged != "", unjudged.map(UNJUDGED))
    return pd.DataFrame({"measure_id": ids, "reliance": reliance.astype("str"), "reasons": reasons})


def _unjudged(seen: Seen, is_grave: pd.Series[bool]) -> pd.Series[str]:
    """Why there is nothing to judge of a measure (a key of `UNJUDGED`); '' where there is something."""
    ids = seen.measures["measure_id"]
    nothing = ~ids.isin(seen.known["measure_id"]) & ~ids.isin(seen.due["measure_id"])
    why = pd.Series("", ids.index, dtype="str")
    why = why.mask(nothing & ~is_grave, "no_value")
    why = why.mask(ids.isin(_suppressed(seen)) & ~is_grave, "suppressed")
    return why.mask(_is_out_of_use(seen), "retired")


def _suppressed(seen: Seen) -> pd.Series[str]:
    """Measures whose latest value is suppressed: none is shown to rely on."""
    held = seen.known[seen.known["state"] == "suppressed"]
    return held.loc[held["period"] == held["measure_id"].map(latest_period(seen)), "measure_id"]


def latest_period(seen: Seen) -> pd.Series:
    """measure_id → label of the latest period, ended by the quarter's end, that has a value or is suppressed."""
    held = dated(seen.known, seen.measures)
    held = held[held["end"] <= pd.Timestamp(seen.quarter.end)]
    return held.drop_duplicates("measure_id", keep="last").set_index("measure_id")["period"]


def period_words(labels: pd.Series, ids: pd.Series, measures: pd.DataFrame) -> list[str]:
    """Periods of these measures in plain English; what is no period stays as it is."""
    kinds = ids.map(measures.set_index("measure_id")["frequency"]).map(FREQUENCIES)
    return [_words(label, kind) for label, kind in zip(labels, kinds, strict=True)]


def _words(label: str, kind: str) -> str:
    try:
        return periods.parse(label, kind).words
    except ParameterError:
        return label


def _said(seen: Seen, found: pd.DataFrame, scheme: QualityScheme) -> pd.DataFrame:
    """One row per measure and reason, with its sentence."""
    reasons = {one.code: one for one in scheme.reasons(is_own=seen.is_own)}
    grouped = found.groupby(["measure_id", "code"], sort=False)
    each = grouped.agg(period=("period", "last"), of=("of", "max"), rows=("period", "size")).reset_index()
    counts = each["rows"].where(each["code"] != "late_often", each["period"])
    named = period_words(each["period"], each["measure_id"], seen.measures)
    texts = [
        _template(reasons[code], count).format(period=period, count=count, Count=_capital(count), of=of)
        for code, period, count, of in zip(each["code"], named, counts, each["of"], strict=True)
    ]
    return each.assign(says=pd.Series(texts, each.index, dtype="str"))


def _template(reason: Reason, count: int | str) -> str:
    return reason.says_one if reason.says_one and count == 1 else reason.says


def _capital(count: int | str) -> str:
    """The count as a sentence begins with it."""
    return COUNTS[count - 1] if isinstance(count, int) and count <= len(COUNTS) else f"{count}"


def _is_out_of_use(seen: Seen) -> pd.Series[bool]:
    return seen.measures["measure_id"].map(seen.states).eq("retired")


def _plain(ids: pd.Series, code: str, period: pd.Series | str = "", of: pd.Series | int = 0) -> pd.DataFrame:
    made = pd.DataFrame({"measure_id": ids}).assign(code=code, period=period, of=of)
    return made.astype({"measure_id": "str", "code": "str", "period": "str", "of": "int64"})


def _missing(due: pd.DataFrame) -> pd.DataFrame:
    """Values that were due and are not there: the last one due, and gaps before it."""
    last = ~due.duplicated("measure_id", keep="last")
    due_n = due.groupby("measure_id")["period"].transform("size").astype("int64")
    absent = ~due["is_there"]
    parts = {"latest_missing": absent & last, "gaps": absent & ~last}
    return pd.concat(
        [_plain(due.loc[rows, "measure_id"], code, due["period"], due_n) for code, rows in parts.items()]
    )


def _late_often(due: pd.DataFrame, scheme: QualityScheme) -> pd.DataFrame:
    """Measures of whose values too many came late; `period` holds the count."""
    came = due[due["is_there"]].assign(late=lambda rows: rows["days_late"] > 0)
    counts = came.groupby("measure_id")["late"].agg(["sum", "size"])
    often = counts[
        (counts["sum"] >= scheme.late_often_at_least)
        & (counts["sum"] * 100 >= counts["size"] * scheme.late_often_pct)
    ]
    rows = often.reset_index()
    return _plain(rows["measure_id"], "late_often", rows["sum"].astype("str"), rows["size"])


def _of_values(seen: Seen, latest: pd.Series) -> pd.DataFrame:
    """Doubts about one value each, where its row is in force, or was left out for one that is."""
    found = seen.findings[
        (seen.findings["table"] == "observations") & seen.findings["rule"].isin(list(BY_RULE))
    ]
    held = seen.known[[*PROVENANCE, "period"]]
    rows = found.merge(held, on=list(PROVENANCE), how="left")
    named = rows["got"].str.extract(r", period (.+?), recorded_at ")[0].where(rows["rule"] == "key.conflict")
    rows = rows.assign(period=rows["period"].fillna(named)).dropna(subset=["period"])
    rows = dated(rows, seen.measures)
    when = (rows["period"] == rows["measure_id"].map(latest)).map({True: "latest_", False: "earlier_"})
    return _plain(rows["measure_id"], "", rows["period"]).assign(code=when + rows["rule"].map(BY_RULE))


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
    rows = rows.merge(seen.known[[*PROVENANCE, "period"]], on=list(PROVENANCE))
    return _plain(rows["measure_id"], code, rows["period"])


def _of_targets(seen: Seen) -> pd.DataFrame:
    """Doubts about what a measure is rated against."""
    found, rules = seen.findings, seen.findings["rule"]
    row = ["measure_id", "source_file", "source_row"]
    used = seen.targets if seen.targets is not None else found.iloc[:0][row].assign(carried=False)
    rated = found.merge(used, on=row)
    slipped = rated.loc[rated["rule"] == "target.slip", "measure_id"]
    lost = (found["table"] == "targets") & findings.leaves_out(found) & ~rules.isin(NO_LOST_TARGET)
    lost &= found["measure_id"].isin(used.loc[used["carried"], "measure_id"])
    ids = {
        "other_scale": found.loc[rules == "value.other-scale", "measure_id"],
        "target_slip": slipped,
        "target_left_out": found.loc[lost, "measure_id"].drop_duplicates(),
        "target_later": found.loc[rules == "target.later", "measure_id"],
    }
    return pd.concat([_plain(named, code) for code, named in ids.items()])


def _of_certifications(seen: Seen, latest: pd.Series) -> pd.DataFrame:
    """Measures whose newest certification failed: found inaccurate, in its latest period or an earlier one, or not certifiable."""
    failed = seen.failed
    if failed is None or failed.empty:
        return _plain(pd.Series(dtype="str"), "")
    is_latest = failed["period"] == failed["measure_id"].map(latest)
    when = is_latest.map({True: "latest_inaccurate", False: "earlier_inaccurate"})
    codes = when.where(failed["is_inaccurate"], "not_certifiable")
    return _plain(failed["measure_id"], "", failed["period"]).assign(code=codes.astype("str"))


def not_final(seen: Seen) -> pd.DataFrame:
    """The observations in force that are each their measure's latest and are provisional or estimated."""
    held = seen.known[seen.known["state"].isin(["provisional", "estimated"])]
    return held[held["period"] == held["measure_id"].map(latest_period(seen))]


def _revised(seen: Seen, scheme: QualityScheme) -> pd.DataFrame:
    rows = far(seen.revisions, seen.known, seen.measures, scheme)
    return _plain(rows["measure_id"], "revised", rows["period"])


def _without(measures: pd.DataFrame, column: str, code: str) -> pd.DataFrame:
    return _plain(measures.loc[measures[column] == "", "measure_id"], code)
