"""Drawing a sample: the measure's value as reported, the cases behind it, and which of them are to be tested."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib import periods, policy, settings
from pmf_lib.assurance.certification.rules import CertificationScheme
from pmf_lib.assurance.certification.sample import drawn, sample_size
from pmf_lib.council import Council
from pmf_lib.errors import ParameterError, RecordsError, listed, unknown
from pmf_lib.periods import FREQUENCIES, Period
from pmf_lib.records.collect import collect
from pmf_lib.records.quality.known import in_force
from pmf_lib.records.returns.book import number_text
from pmf_lib.runs import clause_results
from pmf_lib.runs.certify import layout
from pmf_lib.runs.certify.cases import Cases
from pmf_lib.runs.certify.worksheet import Worksheet
from pmf_lib.runs.plan import Request, read_request

SCHEME = "certification.yml"


def scheme() -> CertificationScheme:
    """The rules of certification in force."""
    return policy.load(settings.root() / "parameters" / "schemes" / SCHEME, CertificationScheme)


def request_of(named: str) -> Request:
    """The request of a run's file (a path), or of the run's file that is of this council.

    Raises
    ------
    ParameterError
        The council is not known, or no run's file is of it.
    """
    if named.endswith((".yml", ".yaml")):
        return read_request(Path(named), {})
    name = clause_results.run_file(named)
    return read_request(settings.root() / "parameters" / "runs" / f"{name}.yml", {})


def nodes_of(request: Request) -> dict[str, list[str]]:
    """The nodes of the request's framework, to which links may point."""
    found = frameworks.load(request.framework)
    return {found.id: [node.id for node in found.linkable]}


def worksheet(
    request: Request, measure_id: str, period: str, cases: Cases, *, controls: str, seed: int
) -> Worksheet:
    """The worksheet of one measure and period, with its sample drawn.

    Raises
    ------
    ParameterError
        The measure or the period is not there.
    RecordsError
        No value is recorded for the period, or it is suppressed.
    """
    council, rules = councils.load(request.council), scheme()
    tables = collect(council, nodes=nodes_of(request)).tables
    measure = _measure(tables, measure_id)
    about = _period(period, str(measure["frequency"]))
    value = _reported(tables, measure, about, request)
    count = sample_size(len(cases.figures), controls, rules)
    taken = drawn(cases.figures, count, seed)
    return Worksheet(
        title=f"Certification of a measure: {measure['title']}",
        about=_about(council, measure, about, value, cases),
        sealed=_sealed(council, measure, about, value, cases) | {
            layout.DRAWN_FOR: controls, layout.COUNT: str(count), layout.SEED: str(seed), layout.VERSION_ID: layout.VERSION,
        },
        drawn=[[str(number), case, cases.figures[case]] for number, case in enumerate(taken, start=1)],
        controls=controls,
        filling={"tolerance": f"{rules.tolerance_pct:g}", "months": str(rules.valid_months)},
        is_made_up=council.evidence == "made-up",
    )  # fmt: skip


def stem(sheet: Worksheet) -> str:
    """What the file of a worksheet is called: measure, period and seed."""
    period = re.sub(r"[^a-z0-9]+", "-", sheet.sealed[layout.PERIOD].lower())
    return f"{sheet.sealed[layout.MEASURE_ID]}-{period}-{sheet.sealed[layout.SEED]}"


def _measure(tables: Mapping[str, pd.DataFrame], measure_id: str) -> pd.Series:
    measures = tables["measures"]
    own = measures[measures["measure_id"] == measure_id]
    if own.empty:
        raise ParameterError(
            unknown("measure", measure_id, measures["measure_id"], "Its id stands in the table of measures.")
        )
    return own.iloc[0]


def _period(label: str, frequency: str) -> Period:
    kind = FREQUENCIES[frequency]
    try:
        found = periods.parse(label, kind)
    except ParameterError as error:
        raise ParameterError(f"The measure is {frequency}: {error}") from None
    if found.kind != kind:
        raise ParameterError(
            f"'{label}' is no period of this measure, which is {frequency}. Write it as '{periods.EXAMPLES[kind]}'."
        )
    return found


def _reported(
    tables: Mapping[str, pd.DataFrame], measure: pd.Series, period: Period, request: Request
) -> str:
    """The value in force at the request's as-at date, as text."""
    held = in_force(tables["observations"], periods.parse_date(request.as_at))
    own = held[held["measure_id"] == measure["measure_id"]]
    row = own[own["period"] == period.label]
    if row.empty:
        last = listed(own["period"].iloc[-3:]) if len(own) else "none"
        raise RecordsError(
            f"No value of '{measure['measure_id']}' for {period.label} was recorded by {request.as_at}; the last are of {last}."
        )
    value = row["value"].iloc[0]
    if pd.isna(value):
        raise RecordsError(
            f"The value of '{measure['measure_id']}' for {period.label} is {row['state'].iloc[0]}, so it can't stand in a "
            "worksheet that goes to others. Certify a period whose value may be shown."
        )
    return number_text(float(value))


def _about(council: Council, measure: pd.Series, period: Period, value: str, cases: Cases) -> dict[str, str]:
    return {
        "Council": council.name,
        "Measure": str(measure["title"]),
        "Definition": str(measure["definition"]) or "none is recorded: nobody can say what would follow it",
        "Period": period.words,
        "Value reported": f"{value} ({measure['unit']})",
        "Service": str(measure["service"]),
        "Cases behind it": f"{len(cases.figures):,}, from {cases.name}",
    }


def _sealed(council: Council, measure: pd.Series, period: Period, value: str, cases: Cases) -> dict[str, str]:
    return {
        layout.COUNCIL_ID: council.id,
        layout.MEASURE_ID: str(measure["measure_id"]),
        layout.PERIOD: period.label,
        layout.REPORTED: value,
        layout.OWNER: str(measure["owner"]),
        layout.LIST: cases.name,
        layout.LIST_DIGEST: cases.digest,
        layout.POPULATION: str(len(cases.figures)),
    }
