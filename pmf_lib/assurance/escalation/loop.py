"""Escalation and the closed loop: what the declared rules ask against what was recorded, and what came of it.

Red → escalation → decision → action → did the series shift after the action? Frames in, frames out; the rules are in
``parameters/schemes/escalation.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from pmf_lib.assurance.escalation import counting
from pmf_lib.assurance.escalation.effects import effects
from pmf_lib.assurance.escalation.rules import EscalationScheme, rank
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.once import once
from pmf_lib.periods import Period
from pmf_lib.records.many import exploded
from pmf_lib.records.schema import PROVENANCE

ASKED_STATES = ("never", "lapsed", "too_low", "late", "in_time", "not_due")
"""What became of an escalation that the rules ask: never raised, lapsed, not high enough, late, in time, or not asked yet."""
ASKED_COLUMNS = (
    *("measure_id", "title", "owner", "running_n", "asked_level", "asked_by", "answered_on"),
    *("reached_level", "reached_on", "lapsed_level", "lapsed_on", "state"),
    *("escalation_id", "source_file", "source_sheet", "source_row"),
)
STANDS = (
    *("not_escalated", "not_decided", "no_action", "overdue", "under_way"),
    *("too_early", "not_testable", "no_change", "worse", "better"),
)
"""Where the loop of a missed measure stands: the first link that is open, else what came after the action."""
LOOP_COLUMNS = (
    *("measure_id", "title", "owner", "running_n", "escalation", "asked_level", "asked_by", "answered_on"),
    *("reached_level", "reached_on", "escalation_id", "decided_on", "outcome", "decision"),
    *("action_id", "action", "action_owner", "due_on"),
    *("done_on", "effect", "effect_why", "stands"),
)


@once
def running(evidence: Evidence, most: int) -> pd.DataFrame:
    """Measures that miss their target, and in how many quarters running they did, counted up to `most`.

    Returns
    -------
    DataFrame
        One row per measure rated 'missed': its columns as rated, and running_n.
    """
    missed = evidence.rated_as("missed")
    still, count = missed["measure_id"], pd.Series(1, index=missed.index)
    for back in range(1, most):
        if still.empty:
            break
        earlier = evidence.rated_in(evidence.quarter.shift(-back))
        still = still[still.isin(earlier.loc[earlier["state"] == "missed", "measure_id"])]
        count += missed["measure_id"].isin(still)
    return missed.assign(running_n=count)


def asked(
    missed: pd.DataFrame, escalations: pd.DataFrame, scheme: EscalationScheme, quarter: Period, as_at: date
) -> pd.DataFrame:
    """What the rules ask of each missed measure, against what is recorded.

    Parameters
    ----------
    missed
        One row per missed measure: measure_id, title, owner, due_on, running_n (`running`), source_file,
        source_sheet (optional), source_row.
    escalations
        Steps of escalations as they stood on the as-at date.
    scheme, quarter, as_at
        The rules, the quarter that was missed, and the only today.

    Returns
    -------
    DataFrame
        One row per missed measure: `ASKED_COLUMNS`. ``asked_level`` is the highest level asked for by the as-at date and
        ``asked_by`` its day (NaT where it was asked in an earlier quarter of the run); ``answered_on`` is the first day on
        which that level, or a higher one, was reached, and ``state`` is told by it. ``reached_level`` is the highest reached
        in the run's quarters, ``reached_on`` the last day on which it was. Source row and ``escalation_id`` are of the step
        of ``answered_on``, else of ``reached_on``, else (source row) of the rated value. ``lapsed_level`` is the highest reached
        for quarters so far back that it counts no longer, ``lapsed_on`` the last day on which it was; ``state`` is then
        *lapsed* where nothing has come since, or that level would be high enough and what came since is not.
    """
    told = counting.told(missed, escalations, quarter, as_at)
    raised, lapsed = counting.counting(told, scheme), counting.lapsed(told, scheme)
    steps = _steps_due(missed, lapsed, scheme, quarter, as_at)
    rows = missed.merge(steps, on="measure_id", how="left").assign(
        wanted=lambda made: made["wanted"].fillna(-1)
    )
    rows = rows.merge(_reached(rows, raised), on="measure_id", how="left")
    rows = rows.merge(lapsed, on="measure_id", how="left")
    is_late = rows["answered_on"] > rows["asked_by"]
    bare, low = rows["escalation_id"].isna(), rows["reached"] < rows["wanted"]
    is_lapsed = (bare & rows["lapsed"].notna()) | (low & (rows["lapsed"] >= rows["wanted"]))
    cases = [rows["wanted"] < 0, is_lapsed, bare, low, is_late]
    state = np.select(cases, ["not_due", "lapsed", "never", "too_low", "late"], "in_time")
    own = rows["escalation_id"].notna()
    return rows.assign(
        state=pd.Series(state, rows.index, dtype="str"),
        source_file=rows["step_file"].where(own, rows["source_file"]),
        source_sheet=rows["step_sheet"].where(own, rows.get("source_sheet", "")),
        source_row=rows["step_row"].where(own, rows["source_row"]).astype(int),
        **rows[["asked_level", "reached_level", "lapsed_level", "escalation_id"]].fillna(""),
    )[list(ASKED_COLUMNS)]


def skipped(escalations: pd.DataFrame, scheme: EscalationScheme) -> pd.DataFrame:
    """Steps that went past a level of the rules.

    Returns
    -------
    DataFrame
        One row per such step: its own columns, and missing_level, the lowest level that it went past.
    """
    ladder = list(scheme.ladder)
    place = {level: number for number, level in enumerate(ladder)}
    start = escalations["from_level"].map(place).astype(float)
    end = escalations["to_level"].map(place).astype(float).fillna(len(ladder))
    past = escalations[end - start > 1]
    missing = start[past.index].map(dict(enumerate(ladder[1:])))
    return past.assign(missing_level=missing.astype("str"))


def chains(escalations: pd.DataFrame) -> pd.DataFrame:
    """Steps of escalations, each with the first step of its chain: the same rows with first_id."""
    before = dict(zip(escalations["escalation_id"], escalations["follows"], strict=True))
    return escalations.assign(first_id=[_first(one, before) for one in escalations["escalation_id"]])


def _first(step: str, before: Mapping[str, str]) -> str:
    """The first step of a chain; one that leads nowhere, or in a circle, ends where it began to."""
    seen = {step}
    while before[step] in before and before[step] not in seen:
        step = before[step]
        seen.add(step)
    return step


@once
def effects_of(evidence: Evidence, scheme: EscalationScheme) -> pd.DataFrame:
    """What the unit's actions that were done changed (`pmf_lib.assurance.escalation.effects.effects`).

    Raises
    ------
    NotSentError
        Nobody sent the table of actions.
    """
    return effects(
        evidence.kept("actions"),
        evidence.of_council("observations"),
        evidence.of_council("measures"),
        quarter=evidence.quarter,
        as_at=evidence.as_at,
        before_n=scheme.before_at_most_n,
        after_n=scheme.after_at_most_n,
        options=evidence.charts,
        set_aside=evidence.set_aside,
    )


def answering(
    missed: pd.DataFrame, actions: pd.DataFrame, escalations: pd.DataFrame, as_at: date
) -> pd.DataFrame:
    """Actions begun and not given up that name a missed measure, themselves or by an escalation about it; done or not.

    Returns
    -------
    DataFrame
        One row per missed measure and action: measure_id, and the columns of actions.
    """
    today = pd.Timestamp(as_at)
    live = actions[(actions["raised_on"] <= today) & ~(actions["stopped_on"] <= today)]
    direct = exploded(live[["action_id", "measures"]], "measures").rename(columns={"measures": "measure_id"})
    by_step = exploded(live[["action_id", "escalations"]], "escalations")
    by_step = by_step.merge(
        escalations[["escalation_id", "measure_id"]], left_on="escalations", right_on="escalation_id"
    )
    pairs = pd.concat([direct, by_step[["action_id", "measure_id"]]]).drop_duplicates()
    pairs = pairs[pairs["measure_id"].isin(missed["measure_id"])]
    return pairs.merge(live, on="action_id")


def closed_loop(evidence: Evidence, scheme: EscalationScheme) -> pd.DataFrame:
    """Each missed measure with its escalation, decision and actions, and what came after them.

    Returns
    -------
    DataFrame
        One row per missed measure and action that answers it (one row where there is none), in the order as rated:
        `LOOP_COLUMNS`. ``escalation`` is one of `ASKED_STATES`, ``outcome``, ``decision`` (in the record's words) and
        ``decided_on`` are of the highest step decided on in the run, ``effect`` is one of `pmf_lib.assurance.escalation.effects.EFFECTS` or '', ``stands`` one of `STANDS`.

    Raises
    ------
    NotSentError
        Nobody sent the table of escalations, or of actions.
    """
    steps, actions = evidence.kept("escalations"), evidence.kept("actions")
    missed = running(evidence, scheme.counted)
    rows = asked(missed, steps, scheme, evidence.quarter, evidence.as_at)
    rows = rows.rename(columns={"state": "escalation"}).drop(columns=list(PROVENANCE))
    raised = counting.counting(counting.told(missed, steps, evidence.quarter, evidence.as_at), scheme)
    rows = rows.merge(_decided(raised, evidence.as_at), on="measure_id", how="left")
    named = answering(missed, actions, steps, evidence.as_at)
    own = named[["measure_id", "action_id", "title", "owner", "due_on", "done_on"]]
    own = own.rename(columns={"title": "action", "owner": "action_owner"})
    rows = rows.merge(own, on="measure_id", how="left")
    told = effects_of(evidence, scheme)[["action_id", "measure_id", "effect", "why"]]
    rows = rows.merge(told.rename(columns={"why": "effect_why"}), on=["action_id", "measure_id"], how="left")
    texts = ["outcome", "decision", "action_id", "action", "action_owner", "effect", "effect_why"]
    rows = rows.assign(**rows[texts].astype("object").fillna("").astype("str"))
    return rows.assign(stands=_stands(rows, evidence.as_at))[list(LOOP_COLUMNS)]


def _steps_due(
    missed: pd.DataFrame, lapsed: pd.DataFrame, scheme: EscalationScheme, quarter: Period, as_at: date
) -> pd.DataFrame:
    """By measure the highest step asked for: measure_id, asked_level, asked_by, wanted (its rank).

    A step is asked in the quarter in which the run comes to it, and anew in the one in which what was raised lapsed.
    """
    rows = missed[["measure_id", "due_on", "running_n"]].merge(scheme.frame(), how="cross")
    rows = rows.merge(lapsed[["measure_id", "just_lapsed"]], on="measure_id", how="left")
    rows = rows[rows["quarters"] <= rows["running_n"]]
    end = pd.Timestamp(quarter.end)
    after_due = rows["due_on"] + pd.to_timedelta(rows["days_after_due"], unit="D")
    after_end = end + pd.to_timedelta(rows["days"], unit="D")
    is_now = (rows["quarters"] == rows["running_n"]) | (rows["rank"] <= rows["just_lapsed"])
    day = after_end.where(~(after_due > after_end), after_due).where(is_now)
    due = rows.assign(asked_by=day)[day.isna() | (day < pd.Timestamp(as_at))]
    top = due.sort_values("rank").drop_duplicates("measure_id", keep="last")
    top = top.assign(asked_level=top["to_level"], wanted=top["rank"])
    return top[["measure_id", "asked_level", "asked_by", "wanted"]]


def _reached(rows: pd.DataFrame, raised: pd.DataFrame) -> pd.DataFrame:
    """By measure the last step to the highest level, and the first step that reached the level asked for (else that one)."""
    steps = raised.merge(rows[["measure_id", "wanted"]], on="measure_id")
    steps = steps.assign(height=rank(steps["to_level"])).sort_values(["height", "raised_on"])
    top = steps.drop_duplicates("measure_id", keep="last").set_index("measure_id")
    is_enough = (steps["wanted"] >= 0) & (steps["height"] >= steps["wanted"])
    enough = steps[is_enough].sort_values("raised_on").drop_duplicates("measure_id").set_index("measure_id")
    first = pd.concat([enough, top[~top.index.isin(enough.index)]])
    return pd.DataFrame(
        {
            "reached": top["height"],
            "reached_level": top["to_level"],
            "reached_on": top["raised_on"],
            "answered_on": enough["raised_on"],
            "escalation_id": first["escalation_id"],
            "step_file": first["source_file"],
            "step_sheet": first.get("source_sheet", ""),
            "step_row": first["source_row"],
        }
    ).reset_index()


def _decided(raised: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """By measure the decision on the highest step that counts: measure_id, decided_on, outcome, decision."""
    rows = raised[is_decided(raised, as_at)].sort_values(["rank", "decided_on"])
    return rows.drop_duplicates("measure_id", keep="last")[
        ["measure_id", "decided_on", "outcome", "decision"]
    ]


def is_decided(steps: pd.DataFrame, as_at: date) -> pd.Series[bool]:
    """Steps of which a decision is recorded: its day had come, and something became of it."""
    return (steps["decided_on"] <= pd.Timestamp(as_at)) & ~steps["outcome"].isin(["", "none"])


def _stands(rows: pd.DataFrame, as_at: date) -> pd.Series[str]:
    is_done = rows["done_on"] <= pd.Timestamp(as_at)
    cases = {
        "not_escalated": rows["escalation"].isin(["never", "lapsed", "too_low"]),
        "not_decided": (rows["reached_level"] != "") & rows["decided_on"].isna(),
        "no_action": rows["action_id"] == "",
        "overdue": ~is_done & (rows["due_on"] < pd.Timestamp(as_at)),
        "under_way": ~is_done,
    }
    found = np.select(
        list(cases.values()), list(cases), rows["effect"].mask(rows["effect"] == "", "not_testable")
    )
    return pd.Series(found, rows.index, dtype="str")
