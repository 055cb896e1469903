"""Implications are told from the records alone: counted, and where the records say nothing, that is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib.assurance.bearing import risks_behind
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.committee import implications, registered

AS_AT = pd.Timestamp("2024-11-15")
SCHEMES = schemes()


def row(place: int) -> dict[str, object]:
    return {"source_file": "a.csv", "source_sheet": "", "source_row": place}


RISKS = pd.DataFrame(
    [
        {"title": "Floods", "kind": "threat", "likelihood": 3.0, "impact": 5.0, "owner": "Head of Parks", "measures": "drains", **row(2)},
        {"title": "Strikes", "kind": "threat", "likelihood": 4.0, "impact": 4.0, "owner": "", "measures": "bins; calls", **row(3)},
        {"title": "Fires", "kind": "threat", "likelihood": None, "impact": 4.0, "owner": "", "measures": "", **row(4)},
        {"title": "A grant", "kind": "opportunity", "likelihood": 5.0, "impact": 5.0, "owner": "", "measures": "bins", **row(5)},
    ]
).assign(objectives="", raised_on=AS_AT, closed_on=pd.NaT)  # fmt: skip
MEASURES = pd.DataFrame(
    [{"measure_id": "bins", "title": "Bins", **row(7)}, {"measure_id": "drains", "title": "Drains", **row(8)}]
)
NONE = pd.DataFrame(columns=["clause", "source_file", "source_sheet", "source_row"])


def evidence(**tables: pd.DataFrame) -> Evidence:
    held = {"measures": MEASURES, **tables}
    return Evidence(
        held, pd.DataFrame(columns=["measure_id", "state"]), pd.DataFrame(), frameworks.load("pmf-2022-25"),
        parse_quarter("2024-25 Q2"), date(2024, 11, 15), sent=frozenset(held),
    )  # fmt: skip


def standing_on(*places: int) -> pd.DataFrame:
    return pd.DataFrame([{"clause": "x", **row(place)} for place in places])


# ---- which risks stand behind what failed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "behind"),
    [
        ((7,), ["Strikes"]),
        ((7, 8), ["Strikes", "Floods"]),
        ((4,), ["Fires"]),
        ((0, 99), []),
    ],
)
def test_a_risk_stands_behind_what_failed_by_its_own_row_or_by_what_it_names(
    places: tuple[int, ...], behind: list[str]
) -> None:
    found = risks_behind(evidence(risks=RISKS), standing_on(*places))
    assert found["title"].tolist() == behind


def test_a_closed_risk_stands_behind_nothing() -> None:
    closed = RISKS.assign(closed_on=AS_AT)
    assert risks_behind(evidence(risks=closed), standing_on(7, 8)).empty


def test_a_row_of_another_sheet_of_the_file_is_another_row() -> None:
    other = standing_on(7).assign(source_sheet="Old")
    assert risks_behind(evidence(risks=RISKS), other).empty


# ---- what is said ----------------------------------------------------------------------------------------------------


def book(*, own: bool = True) -> Any:
    return SimpleNamespace(has_own_records=own, schemes=SCHEMES)


def failed(group: str = "risk") -> pd.DataFrame:
    return pd.DataFrame(
        {"clause": ["x"], "what": ["Risks are <read>"], "group_id": [group], "is_failed": [True]}
    )


def told(
    records: Evidence, cases: pd.DataFrame = NONE, clauses: pd.DataFrame | None = None
) -> dict[str, str]:
    """Heading → what is said under it."""
    said = implications.shown(book(), records, failed() if clauses is None else clauses, cases).plain
    found: dict[str, str] = {}
    for line in said.splitlines():
        heading, _, rest = line.partition(": ")
        if heading in {one.heading for one in SCHEMES.committee.implications}:
            found[heading] = rest
            last = heading
        else:
            found[last] += f" {line}"
    return found


def test_risks_are_told_with_their_scores_and_owners_and_the_finding_that_bears_on_them() -> None:
    said = told(evidence(risks=RISKS), standing_on(7, 8))["Risk management"]
    assert said == (
        "Two open risks stand behind what failed, the highest first: Strikes (likelihood 4, impact 4; no owner is named); Floods "
        "(likelihood 3, impact 5; Head of Parks). One finding bears on it: Risks are <read>."
    )


def test_an_implication_leads_to_its_finding_and_escapes_it() -> None:
    said = implications.shown(book(), evidence(risks=RISKS), failed(), NONE).markup
    assert '<a href="#finding-x">Risks are &lt;read&gt;</a>' in said


def test_a_table_that_nobody_sent_is_said_once_and_is_no_nought() -> None:
    said = told(evidence(), clauses=failed("cycle"))
    assert said["Climate"] == "Nobody sent the table of plans, so nothing is known of it."
    assert said["Risk management"] == "Nobody sent the table of risks, so nothing is known of it."
    assert said["Financial"].count("plans") == 1


def test_published_figures_have_no_implication() -> None:
    said = implications.shown(book(own=False), evidence(), failed(), NONE)
    assert said.plain == implications.PUBLISHED


PLANS = pd.DataFrame(
    {
        "plan_id": ["a", "b", "c"], "kind": ["main", "main", "overview"], "climate": ["section 4", "", ""],
        "equalities": ["section 1", "section 1", ""], "valid_from": pd.Timestamp("2024-04-01"), "valid_to": pd.NaT,
    }
)  # fmt: skip


def test_parts_of_plans_in_force_are_counted_overviews_aside() -> None:
    parts = dict.fromkeys(("resources", "finance_link", "workforce", "consultation"), "")
    said = told(evidence(plans=PLANS.assign(**parts)))
    assert said["Climate"] == "One of two plans in force has no part on climate change."
    assert (
        said["Reducing inequalities"] == "Each of 2 plans in force has a part on equalities needs and access."
    )
    assert "No objective in force" not in said["Climate"]


def test_where_no_plan_is_in_force_that_is_said() -> None:
    old = PLANS.assign(valid_to=pd.Timestamp("2024-05-01"))
    assert told(evidence(plans=old))["Climate"] == "No plan in force is recorded."


OBJECTIVES = pd.DataFrame({"plan_id": "a", "resourced": ["no", "partly", "yes", "not-assessed"]})


def test_objectives_without_money_or_people_are_counted_and_what_nobody_looked_at_apart() -> None:
    said = implications._resourced(evidence(plans=PLANS, objectives=OBJECTIVES))
    assert said == "Two of four objectives lack money or people, in whole or part; of one nobody said."


def entry(register: str, **cells: object) -> dict[str, object]:
    blank = {"title": "An entry", "opened_on": AS_AT, "due_on": pd.NaT, "closed_on": pd.NaT, "outcome": ""}
    return {"register": register, **blank, **cells}


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (pd.NaT, "One of one obligation to others whose day has gone by stands open: Return of homes."),
        (AS_AT, "None of one obligation to others whose day has gone by stands open."),
    ],
)
def test_obligations_past_their_day_are_told_while_they_stand_open(closed: object, said: str) -> None:
    rows = [
        entry("obligations", title="Return of homes", opened_on=pd.Timestamp("2024-05-01"), due_on=pd.Timestamp("2024-07-31"), closed_on=closed),
        entry("obligations", title="Not due", opened_on=pd.Timestamp("2024-05-01"), due_on=pd.Timestamp("2025-07-31")),
    ]  # fmt: skip
    frame = pd.DataFrame(rows).astype(dict.fromkeys(["due_on", "closed_on"], "datetime64[us]"))
    assert registered.obligations(evidence(registers=frame)) == said


def test_a_register_without_entries_is_told_as_such() -> None:
    empty = pd.DataFrame([entry("training")])
    assert (
        registered.obligations(evidence(registers=empty))
        == "The register of obligations to others has no entry."
    )
    assert registered.consultations(evidence(registers=empty)).startswith(
        "No consultation is on the register"
    )


def test_consultations_say_what_came_of_them_within_the_year_alone() -> None:
    rows = [
        entry("consultations", outcome="Hours were changed"),
        entry("consultations"),
        entry("consultations", opened_on=pd.Timestamp("2023-11-15")),
    ]
    said = registered.consultations(evidence(registers=pd.DataFrame(rows)))
    assert said == "One of two consultations of the last twelve months says what came of it."


def test_the_newest_budget_in_force_is_named() -> None:
    rows = pd.DataFrame(
        {"kind": "budget", "stage": "approved", "subject": ["Budget for 2023-24", "Budget for 2024-25"],
         "decided_on": pd.to_datetime(["2023-02-22", "2024-02-21"]), "valid_from": pd.to_datetime(["2023-04-01", "2024-04-01"]),
         "valid_to": pd.to_datetime(["2024-03-31", "2025-03-31"])}
    )  # fmt: skip
    records = evidence(approvals=rows)
    assert implications._budget(records) == "Budget for 2024-25 was approved on 21 February 2024."
    assert (
        implications._budget(replace(records, as_at=date(2026, 1, 1)))
        == "No approval of the year's budget is recorded."
    )
