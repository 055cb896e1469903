"""Clause tests of escalation and action: what ought to have gone up, what was decided, what was done, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.checks.common import YEAR, by, counted, in_words, is_older, named, told
from pmf_lib.assurance.checks.occasions import acts, is_dated, is_kept, none_missed, year_to
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.checks.turns import nothing_known
from pmf_lib.assurance.escalation import loop
from pmf_lib.assurance.escalation.answers import answers
from pmf_lib.assurance.escalation.counting import quarter_of
from pmf_lib.assurance.escalation.effects import JUDGED
from pmf_lib.assurance.escalation.rules import level_words, often, rank
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at, or_nothing_arose
from pmf_lib.periods import date_words
from pmf_lib.records.schema.words import LEVELS

MEETS_AS: Mapping[str, str] = MappingProxyType(
    {"service": "service-meeting", "directorate": "directorate-board"}
)
"""The body in which a level meets, where it isn't called the same."""
NO_STEP, NO_ACTION = (
    f"The figure's row, as no {what} is recorded" for what in ("escalation", "action that answers it")
)
"""What the row of an exception is where the thing itself is missing."""
ASKED_SAYS = {
    "never": "It missed its target {often}: to be raised to {asked} {by}, and no escalation is recorded.",
    "lapsed": "It missed its target {often}: raised to {lapsed} on {lapsed_on}, which counts for {stands} and has lapsed; "
    "to be raised anew to {asked} {by}.",
    "too_low": "It missed its target {often}: raised to {reached} on {on} and no further, to be raised to {asked} {by}.",
    "late": "It missed its target {often}: raised to {asked} on {answered_on}, to be raised {by}.",
}


@clause_test
def red_is_escalated(evidence: Evidence) -> Answer:
    """Each measure that misses its target was escalated, as high and as soon as the declared rules ask.

    Tested are those that the rules ask to be escalated by the as-at date. The rules are in
    ``parameters/schemes/escalation.yml``; where none are declared nothing is known.
    """
    steps, scheme = evidence.kept("escalations"), evidence.escalation
    if scheme is None:
        return nothing_known()
    missed = loop.running(evidence, scheme.counted)
    asked = loop.asked(missed, steps, scheme, evidence.quarter, evidence.as_at)
    asked = asked[asked["state"] != "not_due"]
    said = in_words(asked, "asked_by", "answered_on", "reached_on", "lapsed_on").assign(
        often=[often(n, scheme.counted) for n in asked["running_n"]],
        lapsed=level_words(asked["lapsed_level"]),
        stands=counted(scheme.stands_for_quarters, "quarter"),
        asked=level_words(asked["asked_level"]),
        reached=level_words(asked["reached_level"]),
        on=lambda rows: rows["reached_on"],
        row_is=pd.Series(NO_STEP, asked.index).where(asked["state"] == "never", ""),
        by=lambda rows: ("by " + rows["asked_by"]).where(rows["asked_by"] != "", "in an earlier quarter"),
        is_past=asked["state"] == "late",
    )
    found = [exceptions(said[said["state"] == state], words) for state, words in ASKED_SAYS.items()]
    about = steps[steps["measure_id"].isin(asked["measure_id"])]
    answer = looked_at(about, pd.concat(found, ignore_index=True), len(asked))
    later = f"no escalation of a missed measure was asked for by {date_words(evidence.as_at)}"
    is_later = len(evidence.rated_as("missed")) > 0
    return or_nothing_arose(none_missed(evidence, answer), is_later, later)


@clause_test
def escalation_passes_level(evidence: Evidence, *, level: str) -> Answer:
    """What comes from a service reaches a level above this one only by way of it.

    Tested is each escalation of the quarter whose first step came from a service; its steps are told by ``follows``.
    """
    own = rank(pd.Series([told("level", level, LEVELS)])).iloc[0]
    steps = _of_quarter(evidence, loop.chains(evidence.kept("escalations")))
    steps = steps.assign(to=rank(steps["to_level"]), came=steps["first_id"].map(_came_from(steps)))
    steps = steps[steps["came"] == "service"]
    reached = steps.loc[steps["to"] == own, "first_id"]
    past = steps[(steps["to"] > own) & ~steps["first_id"].isin(reached)].sort_values("to")
    past = past.drop_duplicates("first_id").assign(upper=lambda rows: level_words(rows["to_level"]))
    said = in_words(_subjects(evidence, past), "raised_on")
    here = level_words(pd.Series([level])).iloc[0]
    words = f"It went from the service to {{upper}} on {{raised_on}}, past {here}."
    found = looked_at(steps, exceptions(said, words), steps["first_id"].nunique())
    return or_nothing_arose(
        found, is_kept(evidence, "escalations"), "no escalation of the quarter came from a service"
    )


@clause_test
def escalation_is_decided(evidence: Evidence, *, to: str = "") -> Answer:
    """Each escalation (to this level) was decided on.

    Tested are those of the last year, and those still not decided, that the level looked at, or that were raised before a
    meeting of it that has been held, or longer ago than the declared rules leave for a decision. An outcome of *none* is no
    decision.
    """
    steps = evidence.kept("escalations")
    if to:
        steps = steps[steps["to_level"] == told("to", to, LEVELS)]
    is_decided = loop.is_decided(steps, evidence.as_at)
    is_recent = ~is_decided | ~is_older(steps["raised_on"], YEAR, evidence.as_at)
    steps = steps[_awaits_no_meeting(evidence, steps) & is_recent]
    open_still = _subjects(evidence, steps[~loop.is_decided(steps, evidence.as_at)])
    said = in_words(open_still, "raised_on").assign(upper=level_words(open_still["to_level"]))
    found = looked_at(
        steps, exceptions(said, "Raised to {upper} on {raised_on}, and no decision is recorded.")
    )
    of = f" to {level_words(pd.Series([to])).iloc[0]}" if to else ""
    none = f"no escalation{of} called for a decision in {year_to(evidence)}"
    return or_nothing_arose(found, is_kept(evidence, "escalations"), none)


@clause_test
def red_has_action(evidence: Evidence) -> Answer:
    """Each measure that misses its target has an action with an owner and a day.

    An action counts that was begun and not given up, and that names the measure, itself or by an escalation about it. One
    that is done, and changed nothing for the better though enough results are in and its effect was expected by now, no
    longer counts (`pmf_lib.assurance.escalation.answers`): poor performance is to lead to action, and the measure is missed
    still.
    """
    missed = evidence.rated_as("missed")
    named = answers(evidence, missed)
    live = named[named["is_in_hand"]]
    whole = live[(live["owner"] != "") & live["due_on"].notna()]
    bare = missed[~missed["measure_id"].isin(named["measure_id"])].assign(row_is=NO_ACTION)
    half = live[~live["measure_id"].isin(whole["measure_id"])]
    spent = named[~named["measure_id"].isin(live["measure_id"])]
    found = [
        exceptions(bare, "It misses its target, and no action under way or done names it."),
        exceptions(_of_measure(half, missed), "Its action '{action}' names {lacks}."),
        exceptions(_of_measure(spent, missed), "Its action '{action}' is done, and none is in hand. {why}"),
    ]
    return none_missed(evidence, looked_at(named, pd.concat(found, ignore_index=True), len(missed)))


@clause_test
def action_is_done_in_time(evidence: Evidence) -> Answer:
    """Each action was done by its day.

    Tested are actions due before the as-at date and not given up: those due in the last year, and those still not done.
    """
    actions, today = evidence.kept("actions"), pd.Timestamp(evidence.as_at)
    due = actions[(actions["due_on"] < today) & ~(actions["stopped_on"] <= today)]
    due = due.assign(done_on=by(due["done_on"], evidence.as_at))
    due = due[due["done_on"].isna() | ~is_older(due["due_on"], YEAR, evidence.as_at)]
    said = in_words(named(due, "action_id"), "due_on", "done_on")
    late, open_still = said[due["done_on"] > due["due_on"]], said[due["done_on"].isna()]
    found = [
        exceptions(open_still, "It was due on {due_on}, and is not done."),
        exceptions(late.assign(is_past=True), "It was due on {due_on}, and done on {done_on}."),
    ]
    is_known = acts(evidence, actions) and is_dated(actions, "due_on", "done_on", "stopped_on")
    none = f"no action fell due in {year_to(evidence)}, and none is overdue"
    return or_nothing_arose(looked_at(due, pd.concat(found, ignore_index=True)), is_known, none)


@clause_test
def action_had_effect(evidence: Evidence) -> Answer:
    """A figure that an action was to move shifted for the better after the action was done.

    Tested are actions done whose effect was expected in the last year, with a measure of which enough is known to tell
    (`pmf_lib.assurance.escalation.effects`).
    """
    actions = evidence.kept("actions")
    if evidence.escalation is None:
        return nothing_known()
    shown = by(actions["expected_by"].fillna(actions["done_on"]), evidence.as_at)
    recent = actions[shown.notna() & ~is_older(shown, YEAR, evidence.as_at)]
    told_of = loop.effects_of(evidence, evidence.escalation)
    told_of = told_of[told_of["effect"].isin(JUDGED) & told_of["action_id"].isin(recent["action_id"])]
    worked = told_of.loc[told_of["effect"] == "better", "action_id"]
    idle = told_of[~told_of["action_id"].isin(worked)]
    tested = named(told_of.drop_duplicates("action_id"), "action_id").set_index("action_id")["subject"]
    idle = idle.assign(subject=idle["action_id"].map(tested))
    found = Answer(told_of["action_id"].nunique(), exceptions(idle, "{measure}: {why}"))
    is_known = acts(evidence, actions) and recent.empty
    return or_nothing_arose(found, is_known, f"no action was to show its effect in {year_to(evidence)}")


def _of_quarter(evidence: Evidence, steps: pd.DataFrame) -> pd.DataFrame:
    """Chains of which a step tells of the quarter's results."""
    now = steps.loc[quarter_of(steps) == evidence.quarter.label, "first_id"]
    return steps[steps["first_id"].isin(now)]


def _came_from(steps: pd.DataFrame) -> pd.Series[str]:
    """By chain the level that its first step came from."""
    first = steps[steps["escalation_id"] == steps["first_id"]]
    return first.set_index("first_id")["from_level"]


def _subjects(evidence: Evidence, steps: pd.DataFrame) -> pd.DataFrame:
    """Steps with what they are about: the measure's title where they are about one, and the post that raised them."""
    owners = evidence.of_council("measures").set_index("measure_id")["owner"]
    of_measure = steps["measure_id"].map(owners).astype("object").fillna("").astype("str")
    return named(steps, "escalation_id").assign(owner=of_measure.where(of_measure != "", steps["raised_by"]))


def _awaits_no_meeting(evidence: Evidence, steps: pd.DataFrame) -> pd.Series[bool]:
    """Steps on which a decision could be asked for by the as-at date."""
    today = pd.Timestamp(evidence.as_at)
    left = evidence.escalation.decide_within_days if evidence.escalation else 0
    is_old = steps["raised_on"] + pd.Timedelta(days=left) < today
    looked_at = (steps["received_on"] <= today) | (steps["decided_on"] <= today)
    return is_old | looked_at | (_last_met(evidence, steps) > steps["raised_on"])


def _last_met(evidence: Evidence, steps: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The last day on which each step's upper level met, of the same directorate where it is one's own board."""
    asked = pd.DataFrame(
        {"body": steps["to_level"].replace(MEETS_AS), "unit": steps["directorate"]}, index=steps.index
    )
    asked["unit"] = asked["unit"].where(asked["body"].isin(MEETS_AS.values()), "")
    if "meetings" not in evidence.sent:
        return pd.Series(pd.NaT, steps.index, dtype="datetime64[us]")
    met = evidence.of_council("meetings")
    met = met[(met["state"] == "held") & (met["held_on"] <= pd.Timestamp(evidence.as_at))]
    unit = met["directorate"].where(met["body"].isin(MEETS_AS.values()), "")
    last = met.assign(unit=unit).groupby(["body", "unit"])["held_on"].max().rename("last")
    return asked.join(last, on=["body", "unit"])["last"]


def _of_measure(actions: pd.DataFrame, missed: pd.DataFrame) -> pd.DataFrame:
    """Actions, one for each missed measure (the one done last, else the first), under its title and owner."""
    last = actions.sort_values("done_on", ascending=False, kind="stable").drop_duplicates("measure_id")
    last = last.assign(lacks=_lacks(last)).rename(columns={"title": "action"})
    titles = missed.set_index("measure_id")[["title", "owner"]]
    return last.drop(columns="owner").join(titles, on="measure_id")


def _lacks(actions: pd.DataFrame) -> pd.Series[str]:
    """What an action does not name."""
    no_owner, no_day = actions["owner"] == "", actions["due_on"].isna()
    words = pd.Series("no post that answers for it", actions.index).where(
        no_owner, "no day by which it is due"
    )
    return words.mask(no_owner & no_day, "neither a post nor a day")
