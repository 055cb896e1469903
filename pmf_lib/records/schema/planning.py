"""The tables of planning and of meetings: plans, objectives, conversations, meetings and what was on their agenda."""

from __future__ import annotations

import pandera.pandas as pa

from pmf_lib.records.schema import words
from pmf_lib.records.schema.base import column
from pmf_lib.records.schema.evidence import (
    ids,
    link_columns,
    optional_date,
    optional_id,
    optional_text,
    table,
    unit_columns,
)


def _part(what: str) -> pa.Column:
    """Where a part that plans hold stands in this one."""
    return optional_text(f"Where the plan speaks of {what}, such as 'section 4'; empty if it does not")


PLANS = table(
    "plans",
    "plan",
    ("plan_id",),
    {
        "plan_id": column("id", "Short id, for example 'plan-highways-2024'"),
        "level": column("choice", "Level of planning", choices=words.PLAN_LEVELS),
        "kind": column(
            "choice",
            "The plan of its level, an overview of it on a page, or a plan of its own kind",
            choices=words.PLAN_KINDS,
            default="main",
        ),
        "title": column("text", "What it is called"),
        "parent": optional_id("The plan that it serves", "plans"),
        **unit_columns(),
        "owner": optional_text("Post that answers for it"),
        "valid_from": column("date", "When it went live, or will"),
        "valid_to": optional_date("Its last day"),
        "approved_by": column("choice", "Body that approved it", choices=words.BODIES, needed=False),
        "approved_on": optional_date("When it was approved"),
        "reviewed_on": optional_date("When its progress was last checked"),
        "refreshed_on": optional_date("When its text was last changed"),
        "published_on": optional_date("When it was published"),
        "resources": _part("the resources that it needs"),
        "finance_link": _part("the medium term financial strategy"),
        "workforce": _part("the workforce and its planning"),
        "customers": _part("who its customers are"),
        "equalities": _part("equalities needs and access"),
        "future_demand": _part("measures of demand to come"),
        "strategies": _part("links to the council's other strategies"),
        "interdependencies": _part("links to other services and directorates"),
        "risks": _part("risks and opportunities"),
        "health_safety": _part("health and safety"),
        "drivers": _part("what drives it from outside: law, partners, economy, people, environment, policy"),
        "consultation": _part("whom it was consulted with"),
        "climate": _part("climate change"),
    },
)

OBJECTIVES = table(
    "objectives",
    "objective of a plan",
    ("objective_id",),
    {
        "objective_id": column("id", "Short id, for example 'obj-potholes'"),
        "plan_id": column("id", "The plan that holds it", to="plans"),
        "title": column("text", "What is to be reached"),
        "parent": optional_id("The objective above, in a higher plan", "objectives"),
        **link_columns(),
        "promise": optional_text("The promise that it serves, if any"),
        "owner": optional_text("Post that answers for it"),
        "specific": optional_text("What exactly will be done or be different"),
        "achievable": optional_text("Why it can be done with the means there are"),
        "realistic": optional_text("Why it matters and can be expected now"),
        "resourced": column(
            "choice", "Are the money and people there?", choices=words.RESOURCED, default="not-assessed"
        ),
        "planned_on": optional_date("When it was planned"),
        "due_on": optional_date("By when it is to be reached"),
        "delivered_on": optional_date("When it was delivered"),
        "checked_on": optional_date("When delivery and its effect were last checked"),
        "considered": optional_text("What may have influenced delivery, as the check found"),
        "acted_on": optional_date("When something followed from the check"),
        "act": column("choice", "What followed", choices=words.ACTS, needed=False),
    },
)

CONVERSATIONS = table(
    "conversations",
    "service, financial year",
    ("directorate", "service", "year"),
    {
        "directorate": column("id", "Id of the directorate"),
        "service": column("text", "The service, written as in the table of measures"),
        "year": column("period", "The financial year, as 'YYYY-YY'", period_kind="year"),
        "staff_n": column("number", "Staff who should have one", checks=[pa.Check.ge(0)]),
        "held_n": column("number", "Conversations held so far", checks=[pa.Check.ge(0)]),
        "linked_n": column(
            "number", "Of these, with an objective of a plan in them", needed=False, checks=[pa.Check.ge(0)]
        ),
        "development_n": column(
            "number", "Of these, with training or development agreed", needed=False, checks=[pa.Check.ge(0)]
        ),
        "mid_year_n": column("number", "Reviews held in mid-year", needed=False, checks=[pa.Check.ge(0)]),
    },
)

MEETINGS = table(
    "meetings",
    "meeting",
    ("meeting_id",),
    {
        "meeting_id": column("id", "Short id, for example 'board-childrens-2024-07'"),
        "body": column("choice", "Who met", choices=words.BODIES),
        **unit_columns(),
        "portfolio": optional_text("Portfolio or panel, of a portfolio meeting or one of several panels"),
        "held_on": column("date", "The day of the meeting, or the day for which it is planned"),
        "state": column(
            "choice",
            "Did it take place, or is it planned for a day to come?",
            choices=words.MEETING_STATES,
            default="held",
        ),
        "time_given": column(
            "choice",
            "Was it a meeting for performance alone, or had performance its own time in it?",
            choices=words.TIME_GIVEN,
            default="not-recorded",
        ),
        "present": column("posts", "Posts present (never names), parted by semicolons", needed=False),
        "published_on": optional_date("When its papers were published"),
    },
)

AGENDA = table(
    "agenda",
    "item of a meeting",
    ("meeting_id", "number"),
    {
        "meeting_id": column("id", "The meeting", to="meetings"),
        "number": column("number", "Number of the item on the agenda", checks=[pa.Check.ge(1)]),
        "item": column("id", "What kind of item, for example 'risk-management'"),
        "title": optional_text("What the item was called"),
        "quarter": column(
            "period",
            "The quarter reported on, as 'YYYY-YY Qn'",
            needed=False,
            period_kind="quarter",
        ),
        "report": optional_text("The report or document before the meeting"),
        "outcome": column("choice", "What became of it", choices=words.DECISIONS, default="none"),
        "decision": optional_text("What was decided, in a sentence"),
        "referred_to": column("choice", "Body that it was referred to", choices=words.BODIES, needed=False),
        "service": optional_text("The service shown, of a showcase"),
        "measures": ids("Measures looked at by name", "measures"),
        "risks": ids("Risks looked at by name", "risks"),
        "plans": ids("Plans looked at by name", "plans"),
    },
)

PLANNING_TABLES = (PLANS, OBJECTIVES, CONVERSATIONS, MEETINGS, AGENDA)
