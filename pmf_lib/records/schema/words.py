"""The closed lists of the tables of arrangements: levels, bodies, kinds, amounts and conclusions."""

from __future__ import annotations

PLAN_LEVELS = ("community", "council", "directorate", "service", "team")
"""From the plan for the whole area down; the individual's level is in the conversations, as counts."""
PLAN_KINDS = ("main", "overview", "transformation", "improvement", "workforce")
BODIES = (
    *("full-council", "cabinet", "audit-committee", "scrutiny", "cmt", "strategic-board"),
    *("directorate-board", "service-meeting", "portfolio-meeting", "partnership"),
)
"""Who meets: under the frameworks' own ids where ``bodies.yml`` has one; boards, one-to-ones and partnerships by kind."""
LEVELS = ("service", "directorate", "cmt", "cabinet", "scrutiny", "audit-committee", "full-council")
"""Levels between which something is escalated, the lowest first."""
MEETING_STATES = ("held", "cancelled", "planned")
"""A meeting to come is planned; once its day is over, its row is sent again as held or cancelled."""
TIME_GIVEN = ("separate", "dedicated", "shared", "not-recorded")
"""A meeting for performance alone, dedicated time within another, neither, or nobody says."""
DECISIONS = ("noted", "agreed", "challenged", "action", "referred", "deferred", "none")
ACTS = ("continue", "increase", "change", "stop")
"""What was done about an objective after it was checked."""
RESOURCED = ("yes", "partly", "no", "not-assessed")
ABOUT = ("measure", "objective", "risk", "data-quality", "achievement", "other")
RISK_LEVELS = ("strategic", "directorate", "service", "project", "partnership")
RISK_KINDS = ("threat", "opportunity")
LINES = ("first", "second", "third", "external")
ASSURANCE_KINDS = (
    *("self-assessment", "management-review", "survey", "internal-audit", "external-audit", "inspection"),
    *("peer-challenge", "investigation", "accreditation"),
)
AMOUNTS = ("high", "medium", "low")
"""How much assurance a source gives: how far and how deep it looked. Not what it concluded."""
CONCLUSIONS = ("substantial", "reasonable", "limited", "none", "not-stated")
PRIORITIES = ("high", "medium", "low")
RESPONSES = ("accepted", "partly", "rejected", "awaited")
APPROVAL_KINDS = ("framework", "plan", "objectives", "target", "budget", "variation", "other")
STAGES = ("consulted", "considered", "recommended", "approved", "rejected")
REGISTERS = (
    *(
        "documents",
        "contracts",
        "projects",
        "pledges",
        "consultations",
        "complaints",
        "training",
        "successes",
    ),
    *("benefits", "obligations", "framework-reviews", "events"),
)
RATINGS = ("red", "amber", "green")
YES_NO = ("yes", "no")
CONTROLS = ("strong", "moderate", "weak")
"""How sure the way of a measure's figures is, from the case to the report."""
CERTIFICATES = ("certified", "certified_with_qualification", "inaccurate", "factors_prevented_certification")
"""Categories of a certification: certified, with qualification, inaccurate, or factors prevented it."""
CLAUSE_GROUPS = (
    *("planning", "cycle", "thread", "measures-and-data-quality", "roles-and-reporting", "boards"),
    *("escalation", "risk", "external", "people-and-values", "review"),
)
CLAIMS = ("lived", "on_paper", "partly", "not_lived")
"""Levels that may be claimed: those of ``parameters/schemes/embedding.yml``, the best first."""
ORIGINS = ("system", "keyed")
AGENDA_ITEMS = (
    *("customer-satisfaction", "service-planning", "performance-information", "programmes-and-projects"),
    *("financial-management", "workforce-planning", "risk-management", "value-for-money", "inspection"),
    *("service-showcase", "directorate-specific", "equalities-health-safety"),
    *(
        "performance-report",
        "data-quality",
        "transformation",
        "promises",
        "pledges",
        "plan-review",
        "escalation",
    ),
    *("learning", "framework", "embedding", "budget", "partnership-targets", "recommendations", "successes"),
)
"""Items of an agenda that the frameworks' texts ask for; another one is kept, and counts for none of them."""
