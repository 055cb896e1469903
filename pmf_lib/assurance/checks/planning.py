"""Clause tests of plans: are they there, in force, nested, checked, refreshed, published and approved?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from pmf_lib.assurance.checks.common import (
    by,
    counted,
    directorates,
    in_force,
    in_words,
    is_older,
    last_day,
    named,
    plans_in_force,
    services,
    told,
)
from pmf_lib.assurance.checks.minutes import NAMES
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at, or_nothing_arose
from pmf_lib.periods import MONTHS, date_words
from pmf_lib.records.cells import looked_up
from pmf_lib.records.schema.words import BODIES, PLAN_KINDS, PLAN_LEVELS

PLAN_WORDS = {
    "main": "plan",
    "overview": "overview on a page",
    "transformation": "transformation plan",
    "improvement": "improvement plan",
    "workforce": "workforce plan",
}
_UNIT = ["directorate", "service"]
_NO_PART_OF = {"community": _UNIT, "council": _UNIT, "directorate": ["service"], "service": []}
"""Level → columns that do not say whose plan of that level it is."""


@clause_test
def plan_is_in_force(evidence: Evidence, *, level: str, kind: str = "main") -> Answer:
    """Each unit of this level has a plan of this level and kind in force.

    Of units: the council, its directorates, or the services that keep measures. A unit without any plan at all fails too:
    it is the plan that the clause asks for.
    """
    word = PLAN_WORDS[told("kind", kind, PLAN_KINDS)]
    units = _units(evidence, told("level", level, _UNITS))
    plans = evidence.kept("plans")
    plans = plans[(plans["level"] == level) & (plans["kind"] == kind)].sort_values("valid_from")
    plans = plans.assign(**dict.fromkeys(_NO_PART_OF[level], ""))
    last = plans.drop_duplicates(_UNIT, keep="last").drop(columns="title").rename(columns={"owner": "post"})
    day = last_day(evidence.quarter, evidence.as_at)
    now = in_force(plans, day)
    bare = _without(units, now).merge(last, on=_UNIT, how="left")
    bare = bare.assign(last=_of_last(bare, day))
    bare = bare.fillna({"source_file": "", "source_sheet": "", "source_row": 0, "post": ""})
    bare = bare.assign(owner=bare["owner"].where(bare["owner"] != "", bare["post"]))
    said = f"No {word} is in force on {date_words(day)}; {{last}}."
    return looked_at(now, exceptions(bare.astype({"source_row": int}), said), len(units))


@clause_test
def plan_has_parent(evidence: Evidence) -> Answer:
    """Each plan in force below the top leads to a plan in force of a higher level, whoever keeps that.

    The top is the highest level of which a plan is in force anywhere in the council; its plans are not asked.
    """
    every = evidence.of_council("plans")
    ranks = {level: rank for rank, level in enumerate(PLAN_LEVELS)}
    day = last_day(evidence.quarter, evidence.as_at)
    top = in_force(every, day)["level"].map(ranks).min()
    plans = plans_in_force(evidence)
    plans = named(plans[plans["level"].map(ranks) > top], "plan_id")
    above = every[["plan_id", "title", "level", "valid_from", "valid_to"]].add_prefix("above_")
    led = plans.merge(above, left_on="parent", right_on="above_plan_id", how="left")
    led = led.assign(why=_why_unled(led, led["above_level"].map(ranks) < led["level"].map(ranks), day))
    found = looked_at(led, exceptions(led[led["why"] != ""], "{why}"))
    is_top = len(plans_in_force(evidence)) > 0
    return or_nothing_arose(found, is_top, "each of its plans in force is of the council's highest level")


@clause_test
def plan_is_checked(evidence: Evidence, *, months: int) -> Answer:
    """Progress of each plan that has been in force for so many months was checked within them."""
    plans = plans_in_force(evidence)
    day = pd.Timestamp(last_day(evidence.quarter, evidence.as_at))
    begun = plans["valid_from"] + pd.DateOffset(months=months) <= day
    found = _recent(plans[begun], "reviewed_on", months, evidence, ("checked", "check of its progress"))
    young = f"no plan of its own has been in force for {counted(months, 'month')}"
    return or_nothing_arose(found, len(plans) > 0, young)


@clause_test
def plan_is_refreshed(evidence: Evidence, *, months: int) -> Answer:
    """The text of each plan in force was written, or refreshed, within so many months."""
    plans = plans_in_force(evidence)
    refreshed = by(plans["refreshed_on"], evidence.as_at)
    written = plans[["valid_from"]].assign(refreshed_on=refreshed).max(axis=1)
    plans = plans.assign(written_on=written)
    return _recent(plans, "written_on", months, evidence, ("written or refreshed", "day of its text"))


@clause_test
def plan_starts_in(evidence: Evidence, *, month: int, levels: tuple[str, ...]) -> Answer:
    """Each plan in force of these levels went live in this month (its number)."""
    wanted = MONTHS[int(told("month", str(month), map(str, range(1, 13)))) - 1]
    plans = plans_in_force(evidence)
    plans = plans[plans["level"].isin([told("levels", level, PLAN_LEVELS) for level in levels])]
    off = named(plans, "plan_id")[plans["valid_from"].dt.month != month]
    found = exceptions(in_words(off, "valid_from"), f"It went live on {{valid_from}}, and not in {wanted}.")
    return looked_at(plans, found)


@clause_test
def plan_spans(evidence: Evidence, *, level: str, years: int) -> Answer:
    """The plan of each unit of this level looks so many years ahead, its last day included."""
    plans = plans_in_force(evidence, level, "main")
    whole = plans["valid_from"] + pd.DateOffset(years=years) - pd.Timedelta(days=1)
    short = in_words(named(plans, "plan_id"), "valid_from", "valid_to")[~(plans["valid_to"] >= whole)]
    ends = ("ends on " + short["valid_to"]).where(short["valid_to"] != "", "names no last day")
    said = f"It began on {{valid_from}} and {{ends}}; it is to look {counted(years, 'year')} ahead."
    return looked_at(plans, exceptions(short.assign(ends=ends), said))


@clause_test
def plan_is_published(evidence: Evidence, *, level: str, months: int) -> Answer:
    """The plan of each unit of this level was published within so many months."""
    plans = plans_in_force(evidence, level, "main")
    return _recent(plans, "published_on", months, evidence, ("published", "publication"))


@clause_test
def plan_is_approved(evidence: Evidence, *, level: str, body: str) -> Answer:
    """The plan of each unit of this level was approved by this body by the as-at date."""
    plans = plans_in_force(evidence, level, "main")
    on = by(plans["approved_on"], evidence.as_at)
    is_due_body = plans["approved_by"] == told("body", body, BODIES)
    why = pd.Series("No day of its approval is recorded", index=plans.index)
    why = why.mask(~is_due_body, "It was approved by: " + looked_up(plans["approved_by"], NAMES))
    why = why.mask(plans["approved_by"] == "", "No approval is recorded")
    loose = named(plans, "plan_id").assign(why=why)[~is_due_body | on.isna()]
    return looked_at(plans, exceptions(loose, f"{{why}}; it is for: {NAMES[body]}."))


def _recent(
    plans: pd.DataFrame, column: str, months: int, evidence: Evidence, words: tuple[str, str]
) -> Answer:
    """Plans whose day of something is empty, or lies more than so many months before `last_day`, as exceptions."""
    done, thing = words
    day = last_day(evidence.quarter, evidence.as_at)
    last = by(plans[column], evidence.as_at)
    old = in_words(named(plans, "plan_id").assign(last=last), "last")
    old = old[last.isna() | is_older(last, months, day)]
    why = f"It was last {done} on " + old["last"] + f", more than {counted(months, 'month')} before."
    why = why.where(old["last"] != "", f"No {thing} is recorded.")
    return looked_at(plans, exceptions(old.assign(why=why), "{why}"))


def _units(evidence: Evidence, level: str) -> pd.DataFrame:
    """One row per unit of a level: directorate and service (empty where it is none), title and owner."""
    units = _UNITS[level](evidence)
    return units.reindex(columns=[*_UNIT, "title", "owner"], fill_value="").astype("str")


def _whole(evidence: Evidence) -> pd.DataFrame:
    return pd.DataFrame({"title": [evidence.council.name if evidence.council else "The whole council"]})


_UNITS: dict[str, Callable[[Evidence], pd.DataFrame]] = {
    "community": _whole,
    "council": _whole,
    "directorate": directorates,
    "service": services,
}
"""Levels of planning whose units are known; which teams there are, nobody says."""


def _without(units: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Units of which no plan is among these."""
    have = pd.MultiIndex.from_frame(plans[_UNIT])
    return units[~pd.MultiIndex.from_frame(units[_UNIT]).isin(have)]


def _of_last(rows: pd.DataFrame, day: date) -> pd.Series[str]:
    """What became of the newest plan of each unit that has none in force."""
    is_ahead = rows["valid_from"] > pd.Timestamp(day)
    rows = in_words(rows, "valid_from", "valid_to")
    why = "the last one ended on " + rows["valid_to"]
    why = why.mask(is_ahead, "the next begins on " + rows["valid_from"])
    return why.where(rows["plan_id"].notna(), "none was ever recorded")


def _why_unled(rows: pd.DataFrame, is_higher: pd.Series[bool], day: date) -> pd.Series[str]:
    """Why a plan leads nowhere; empty where it does."""
    stands = rows.index.isin(in_force(rows, day, "above_valid_from", "above_valid_to").index)
    above = "It serves '" + rows["above_title"] + "', which is "
    why = pd.Series("", index=rows.index, dtype="str")
    why = why.mask(~is_higher, above + "of no higher level.")
    why = why.mask(~stands, above + "not in force.")
    why = why.mask(rows["above_plan_id"].isna(), "It serves '" + rows["parent"] + "', which is no plan here.")
    return why.mask(rows["parent"] == "", "It names no plan that it serves.")
