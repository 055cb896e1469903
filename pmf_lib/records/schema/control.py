"""The tables of control: what was escalated, done, risked, assured, recommended, approved, registered and attested."""

from __future__ import annotations

import pandera.pandas as pa

from pmf_lib.records.schema import words
from pmf_lib.records.schema.base import column
from pmf_lib.records.schema.certifying import CERTIFICATIONS
from pmf_lib.records.schema.evidence import (
    ids,
    link_columns,
    optional_date,
    optional_id,
    optional_text,
    table,
    unit_columns,
)


def _score(doc: str) -> pa.Column:
    return column("number", doc, needed=False, checks=[pa.Check.in_range(1, 5)])


ESCALATIONS = table(
    "escalations",
    "step of an escalation",
    ("escalation_id",),
    {
        "escalation_id": column("id", "Short id, for example 'esc-fly-tips-1'; each step up has its own"),
        "about": column("choice", "What is escalated", choices=words.ABOUT, default="measure"),
        "title": column("text", "The concern or achievement, in a sentence"),
        "measure_id": optional_id("The measure, if it is about one", "measures"),
        "objective_id": optional_id("The objective, if it is about one", "objectives"),
        "risk_id": optional_id("The risk, if it is about one", "risks"),
        **unit_columns(),
        "quarter": column(
            "period",
            "The quarter whose results gave rise to it, as 'YYYY-YY Qn'",
            needed=False,
            period_kind="quarter",
        ),
        "follows": optional_id("The step before, from a lower level", "escalations"),
        "from_level": column("choice", "Level that raised it", choices=words.LEVELS),
        "to_level": column("choice", "Level that it was raised to", choices=words.LEVELS),
        "raised_by": optional_text("Post that raised it"),
        "raised_on": column("date", "When it was raised"),
        "received_on": optional_date("When the higher level looked at it"),
        "meeting_id": optional_id("The meeting that looked at it", "meetings"),
        "decided_on": optional_date("When it was decided on"),
        "outcome": column("choice", "What became of it", choices=words.DECISIONS, needed=False),
        "decision": optional_text("What was decided, in a sentence"),
    },
)

ACTIONS = table(
    "actions",
    "action",
    ("action_id",),
    {
        "action_id": column("id", "Short id, for example 'act-fly-tips-crew'"),
        "title": column("text", "What is to be done"),
        **unit_columns(),
        "escalations": ids("Escalations that it answers", "escalations"),
        "objectives": ids("Objectives that it serves", "objectives"),
        "measures": ids("Measures that it should move", "measures"),
        "risks": ids("Risks that it should lower", "risks"),
        "recommendations": ids("Recommendations that it carries out", "recommendations"),
        "owner": optional_text("Post that answers for it"),
        "raised_on": column("date", "When it was agreed"),
        "due_on": optional_date("By when it is to be done"),
        "done_on": optional_date("When it was done"),
        "stopped_on": optional_date("When it was given up or replaced"),
        "expected_effect": optional_text("What should change, and in which figure"),
        "expected_by": optional_date("By when the figure should show it"),
    },
)

RISKS = table(
    "risks",
    "risk",
    ("risk_id",),
    {
        "risk_id": column("id", "Short id, for example 'risk-placements'"),
        "title": column("text", "What may happen, and what would follow"),
        "kind": column("choice", "A threat or an opportunity", choices=words.RISK_KINDS, default="threat"),
        "level": column("choice", "Register that it stands in", choices=words.RISK_LEVELS),
        **unit_columns(),
        **link_columns(),
        "objectives": ids("Objectives that it threatens or serves", "objectives"),
        "owner": optional_text("Post that answers for it"),
        "likelihood": _score("Likelihood from 1 (hardly) to 5 (almost certain)"),
        "impact": _score("Impact from 1 (slight) to 5 (very great)"),
        "response": optional_text("What is done about it"),
        "raised_on": column("date", "When it came on the register"),
        "reviewed_on": optional_date("When it was last reviewed"),
        "closed_on": optional_date("When it left the register"),
    },
)

ASSURANCES = table(
    "assurances",
    "source of assurance",
    ("assurance_id",),
    {
        "assurance_id": column("id", "Short id, for example 'audit-data-quality-2024'"),
        "line": column("choice", "Line of assurance", choices=words.LINES),
        "kind": column("choice", "What it was", choices=words.ASSURANCE_KINDS),
        "provider": column("text", "Post or organisation that gave it"),
        "subject": column("text", "What it was about"),
        "scope": optional_text("What was looked at, and what was not"),
        **unit_columns(),
        "groups": optional_text(
            "Groups of clauses that it covers, as the attestations name them; semicolons"
        ),
        **link_columns(),
        "risks": ids("Risks that it is about", "risks"),
        "covers_from": optional_date("First day of the time looked at"),
        "covers_to": optional_date("Last day of the time looked at"),
        "reported_on": column("date", "When it was reported"),
        "amount": column("choice", "How much assurance: how far it looked", choices=words.AMOUNTS),
        "conclusion": column("choice", "What it concluded", choices=words.CONCLUSIONS),
        "next_due": optional_date("When the next is due"),
    },
)

RECOMMENDATIONS = table(
    "recommendations",
    "recommendation",
    ("recommendation_id",),
    {
        "recommendation_id": column("id", "Short id, for example 'rec-data-quality-1'"),
        "assurance_id": optional_id("The source of assurance that made it", "assurances"),
        "made_by": column("choice", "Body that made it, if a body did", choices=words.BODIES, needed=False),
        "made_to": column("choice", "Body that it was made to, if any", choices=words.BODIES, needed=False),
        "title": column("text", "What is recommended"),
        **unit_columns(),
        "priority": column("choice", "Its priority", choices=words.PRIORITIES, default="medium"),
        "raised_on": column("date", "When it was made"),
        "response": column("choice", "How it was answered", choices=words.RESPONSES, default="awaited"),
        "answer": optional_text("The answer, in a sentence"),
        "responded_on": optional_date("When it was answered"),
        "owner": optional_text("Post that answers for it"),
        "due_on": optional_date("By when it is to be carried out"),
        "done_on": optional_date("When it was carried out"),
    },
)

APPROVALS = table(
    "approvals",
    "step of an approval",
    ("approval_id",),
    {
        "approval_id": column("id", "Short id, for example 'framework-2022-cabinet'"),
        "kind": column("choice", "What was before the body", choices=words.APPROVAL_KINDS),
        "subject": column("text", "What it was called"),
        "subjects": ids("Ids of what it was: plans, measures, objectives, a framework, or clauses varied"),
        "edition": optional_text("Edition or version before the body"),
        "body": column("choice", "The body (of consultation: whom)", choices=words.BODIES, needed=False),
        "consulted": optional_text("Who was consulted, if it was no body"),
        "stage": column("choice", "What the body did", choices=words.STAGES),
        "decided_on": column("date", "When"),
        "meeting_id": optional_id("The meeting", "meetings"),
        **unit_columns(),
        "portfolio": optional_text("Portfolio that it belongs to, if any"),
        "valid_from": optional_date("From when it holds"),
        "valid_to": optional_date("Until when it holds"),
        "reason": optional_text("Why; of a declared variation what external demand asks for it"),
    },
)

REGISTERS = table(
    "registers",
    "entry of a register",
    ("entry_id",),
    {
        "entry_id": column("id", "Short id, for example 'pledge-2009-recycling'"),
        "register": column("choice", "Register that it stands in", choices=words.REGISTERS),
        "event": column("id", "Of an event: the item of the calendar that it was", needed=False),
        "title": column("text", "What it is"),
        **unit_columns(),
        **link_columns(),
        "objectives": ids("Objectives that deliver it", "objectives"),
        "owner": optional_text("Post that answers for it"),
        "party": optional_text(
            "Provider, inspectorate, partner or group of people concerned; never a person"
        ),
        "opened_on": optional_date("When it began, came in or came into force"),
        "due_on": optional_date("When it is due, ends, or is to be reviewed"),
        "reviewed_on": optional_date("When it was last reviewed"),
        "closed_on": optional_date("When it was done, answered, sent in or ended"),
        "rating": column("choice", "Its rating, of a project", choices=words.RATINGS, needed=False),
        "strategic": column("choice", "Is it strategic?", choices=words.YES_NO, needed=False),
        "performance_terms": column(
            "choice",
            "Of a contract: does it cover performance and the information to be given?",
            choices=words.YES_NO,
            needed=False,
        ),
        "planned": column("number", "What was planned: people to train, money to save …", needed=False),
        "achieved": column("number", "What was achieved so far", needed=False),
        "unit": optional_text("Unit of the two figures"),
        "outcome": optional_text("What came of it, and what was learnt or changed"),
    },
)

ATTESTATIONS = table(
    "attestations",
    "group of clauses, directorate, financial year",
    ("clause_group", "directorate", "year"),
    {
        "clause_group": column("choice", "Group of clauses", choices=words.CLAUSE_GROUPS),
        "directorate": column(
            "id", "Id of the directorate; empty if it is the whole council's", needed=False
        ),
        "year": column("period", "The financial year, as 'YYYY-YY'", period_kind="year"),
        "claimed": column("choice", "How far it is lived, as the directorate sees it", choices=words.CLAIMS),
        "because": optional_text("Why it thinks so"),
        "evidence": optional_text("Where the evidence can be seen"),
        "post": optional_text("Post that attests it"),
        "attested_on": column("date", "When"),
    },
)

CONTROL_TABLES = (
    *(ESCALATIONS, ACTIONS, RISKS, ASSURANCES, RECOMMENDATIONS, APPROVALS, REGISTERS, ATTESTATIONS),
    CERTIFICATIONS,
)
