"""The tables of measures: what is measured, where it leads, and its figures, targets and words."""

from __future__ import annotations

import pandera.pandas as pa

from pmf_lib.periods import FREQUENCIES
from pmf_lib.records.schema.base import Table, column

POLARITIES = ("higher", "lower", "range", "none")
ACCUMULATIONS = ("in-period", "year-to-date", "rolling")
ROLL_UPS = ("sum", "mean", "last", "ratio", "none")
STATES = ("final", "provisional", "estimated", "suppressed")
PERSPECTIVES = ("customer", "process", "finance", "people", "outcome")
AUTHORITY_KINDS = ("authority", "neighbours", "region", "country", "median")

MEASURES = Table(
    "measures",
    "one row per measure",
    ("measure_id",),
    {
        "measure_id": column("id", "Short id in lower case, for example 'missed-bins'"),
        "title": column("text", "What is measured, as a reader would say it"),
        "definition": column(
            "text", "How it is counted; a measure without a definition is 'not defined'", needed=False
        ),
        "directorate": column("id", "Id of the directorate, from the council's file"),
        "service": column("text", "Service that keeps the figures", needed=False),
        "owner": column("text", "Post (never a name) that answers for the measure", needed=False),
        "unit": column("text", "Unit in words: %, days, number, £, rate per 10,000"),
        "decimals": column(
            "number",
            "Decimals to which it is reported and rated",
            default=0,
            checks=[pa.Check.in_range(0, 6)],
        ),
        "polarity": column("choice", "Which way is better", choices=POLARITIES),
        "frequency": column("choice", "How often a value falls due", choices=tuple(FREQUENCIES)),
        "accumulation": column(
            "choice",
            "In the period, since 1 April, or over a rolling window",
            choices=ACCUMULATIONS,
            default="in-period",
        ),
        "roll_up": column(
            "choice", "How shorter periods make a longer one", choices=ROLL_UPS, default="none"
        ),
        "numerator_name": column("text", "What the numerator counts", needed=False),
        "denominator_name": column("text", "What the denominator counts", needed=False),
        "promise": column("text", "The promise that it tracks, if any", needed=False),
        "evidence_kind": column(
            "choice",
            "Quantitative or qualitative",
            choices=("quantitative", "qualitative"),
            default="quantitative",
        ),
        "customer_measure": column("flag", "Does it tell of customers' experience?", default=False),
        "provider": column("text", "Provider that delivers it under contract, if any", needed=False),
        "external_framework": column("text", "National framework that asks for it, if any", needed=False),
        "comparator_group": column("text", "Whom it is compared with", needed=False),
        "due_days": column(
            "number",
            "Days after a period's end when the value is due",
            default=30,
            checks=[pa.Check.in_range(0, 1000)],
        ),
        "monitor_only": column("flag", "Watched without a target", default=False),
        "exempt": column("flag", "Not for the public edition", default=False),
        "definition_from": column(
            "period",
            "First period counted by the present definition; it is not compared with what came before",
            needed=False,
        ),
        "retired_from": column("period", "First period for which it is no longer kept", needed=False),
    },
)

LINKS = Table(
    "links",
    "one row per framework, node and measure",
    ("framework", "node", "measure_id"),
    {
        "framework": column("id", "Id of the framework"),
        "node": column("id", "Id of the marker, outcome or pledge"),
        "measure_id": column("id", "The measure"),
        "perspective": column(
            "choice", "Side of the balanced scorecard", choices=PERSPECTIVES, default="outcome"
        ),
        "reason": column("text", "Why this measure speaks for this node"),
        "directness": column(
            "choice",
            "Does it measure the node itself, or something near it?",
            choices=("direct", "proxy"),
            default="direct",
        ),
        "valid_from": column("period", "First financial year of the link", needed=False, period_kind="year"),
        "valid_to": column("period", "Last financial year of the link", needed=False, period_kind="year"),
    },
    {"measure_id": "measures"},
)

OBSERVATIONS = Table(
    "observations",
    "one row per measure, period and date of recording",
    ("measure_id", "period", "recorded_at"),
    {
        "measure_id": column("id", "The measure"),
        "period": column("period", "The period that the value covers"),
        "recorded_at": column(
            "date", "When this value was recorded; the latest by the as-at date is in force"
        ),
        "value": column("number", "The value, as reported", needed=False),
        "numerator": column("number", "Numerator, where there is one", needed=False),
        "denominator": column(
            "number", "Denominator, where there is one", needed=False, checks=[pa.Check.ge(0)]
        ),
        "state": column("choice", "How firm the value is", choices=STATES, default="final"),
    },
    {"measure_id": "measures"},
)

TARGETS = Table(
    "targets",
    "one row per measure and first period in force",
    ("measure_id", "from_period"),
    {
        "measure_id": column("id", "The measure"),
        "from_period": column("period", "First period that the target is for; it holds until the next row"),
        "target": column("number", "The value to reach", needed=False),
        "lower": column("number", "Bottom of the range (polarity 'range')", needed=False),
        "upper": column("number", "Top of the range (polarity 'range')", needed=False),
        "stretch": column("number", "A better value still to aim for (a stretch target)", needed=False),
        "tolerance": column("number", "How far off is still 'near'", needed=False, checks=[pa.Check.ge(0)]),
        "tolerance_kind": column(
            "choice",
            "Is the tolerance an amount or per cent of the target?",
            choices=("amount", "per-cent"),
            default="amount",
        ),
        "basis": column(
            "choice",
            "Is the target for the period, or profiled for the year to date?",
            choices=("in-period", "year-to-date"),
            default="in-period",
        ),
        "approved_by": column("text", "Body that approved it", needed=False),
        "approved_on": column("date", "When it was approved", needed=False),
        "reference": column("text", "Minute or decision", needed=False),
    },
    {"measure_id": "measures"},
)

COMPARATORS = Table(
    "comparators",
    "one row per measure, period and authority",
    ("measure_id", "period", "authority"),
    {
        "measure_id": column("id", "The measure"),
        "period": column("period", "The period that the value covers"),
        "authority": column("text", "Name of the authority, region or group"),
        "authority_kind": column("choice", "What it is", choices=AUTHORITY_KINDS, default="authority"),
        "value": column("number", "Its value", needed=False),
    },
    {"measure_id": "measures"},
)

COMMENTARY = Table(
    "commentary",
    "one row per measure and quarter",
    ("measure_id", "quarter"),
    {
        "measure_id": column("id", "The measure"),
        "quarter": column("period", "The reporting quarter, as 'YYYY-YY Qn'", period_kind="quarter"),
        "text": column("text", "What the service says"),
        "cause": column("text", "What it gives as the cause", needed=False),
        "post": column("text", "Post that wrote it", needed=False),
    },
    {"measure_id": "measures"},
)

FORECASTS = Table(
    "forecasts",
    "one row per measure and quarter",
    ("measure_id", "quarter"),
    {
        "measure_id": column("id", "The measure"),
        "quarter": column(
            "period", "The reporting quarter in which it was given, as 'YYYY-YY Qn'", period_kind="quarter"
        ),
        "year": column("period", "The financial year that it is for, as 'YYYY-YY'", period_kind="year"),
        "forecast": column("number", "What the service expects the year's figure to be"),
        "basis": column("text", "How the service came to it", needed=False),
        "post": column("text", "Post that gave it", needed=False),
    },
    {"measure_id": "measures"},
)

MEASURE_TABLES = (MEASURES, LINKS, OBSERVATIONS, TARGETS, COMPARATORS, COMMENTARY, FORECASTS)
