"""Stories of escalation, actions, risks and registers in the sample councils: each is found, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib import workbook
from pmf_lib.assurance import clauses
from pmf_lib.assurance.checks import TESTS, escalation, external, registers, risks
from pmf_lib.assurance.escalation import loop
from pmf_lib.workbook import results

ROOT = Path(__file__).resolve().parents[2]
LOOKED_AT = {
    name
    for name, test in TESTS.items()
    if test.__module__ in {module.__name__ for module in (escalation, external, registers, risks)}
}
ASKED = {
    "sample": {
        "framework": "pmf-2022-25",
        "quarter": "2024-25 Q2",
        "as_at": "2024-11-15",
        "directorate": "resources",
    },
    "sample-2009": {
        "framework": "wpf-2009",
        "quarter": "2009-10 Q2",
        "as_at": "2009-11-13",
        "directorate": "corporate",
    },
}
FOUND = {
    "sample": {
        ("childrens", "actions-work", "Two more writers of plans"),
        ("childrens", "corrective-action", "Education, health and care plans issued within 20 weeks"),
        ("economy-environment", "underperformance-escalated", "Fly-tips cleared within two working days"),
        ("economy-environment", "national-frameworks", "National homelessness return: return of 2024"),
        ("resources", "underperformance-escalated", "Forecast spending against the net budget"),
        ("resources", "escalated-by-directorate", "Spending on agency staff: target missed"),
    },
    "sample-2009": {
        ("economy-planning", "projects-at-boards", "Town centre square"),
        ("", "pledges-in-plans", "Advice on benefits in every library"),
    },
}


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        yield


def units(council: str):
    """The book of each directorate, then of the whole council, with its evidence."""
    given = {"council": council, "edition": "full", "snapshot": "", "baseline": "", **ASKED[council]}
    book = workbook.start("3_pmf_embedding", given)
    for own in (
        *(book.of(one) for one in book.council.directorates),
        replace(book, unit=None, recorded=set()),
    ):
        yield own, results.evidence(own, results.rated(own).measures)


@pytest.fixture(scope="module", params=sorted(ASKED))
def council(request):
    return request.param, list(units(request.param))


def test_each_story_is_found_in_its_unit_and_nothing_else_is(council):
    name, looked_at = council
    found = set()
    for book, evidence in looked_at:
        level = "directorate" if book.unit else "council"
        asked = [one for one in clauses.asked_in(book.framework.clauses, level) if one.check in LOOKED_AT]
        _, listed = clauses.results(asked, evidence, book.schemes.clauses)
        unit = book.unit.id if book.unit else ""
        found |= {(unit, one.clause, one.subject) for one in listed.itertuples()}
    assert found == FOUND[name]


def test_the_actions_that_were_done_are_told_apart_by_what_came_after_them(council):
    name, looked_at = council
    _, whole = looked_at[-1]
    told = loop.effects_of(whole, whole.escalation).set_index("measure_id")["effect"].to_dict()
    done = {"potholes-in-time": "better", "missed-bins": "better", "ehc-annual-reviews-in-time": "better"}
    assert told == ({**done, "ehc-plans-in-time": "no_change"} if name == "sample" else {})


def test_the_loop_of_every_red_is_told_and_is_open_where_a_story_says_so(council):
    _, looked_at = council
    _, whole = looked_at[-1]
    made = loop.closed_loop(whole, whole.escalation).set_index("measure_id")["stands"]
    assert set(made.index) == set(whole.rated_as("missed")["measure_id"])
    stories = {"fly-tips-cleared-in-time": "not_escalated", "ehc-plans-in-time": "no_change"}
    expected = pd.Series("under_way", made.index).mask(made.index.isin(stories), made.index.map(stories))
    pd.testing.assert_series_equal(made, expected, check_names=False, check_dtype=False)


def test_the_order_of_rows_never_matters(council):
    _, looked_at = council
    _, evidence = looked_at[0]
    turned = {name: frame.iloc[::-1] for name, frame in evidence.tables.items()}
    again = replace(evidence, tables=turned)
    for name in (
        "red_is_escalated",
        "escalation_is_decided",
        "red_has_action",
        "action_is_done_in_time",
        "red_has_risk",
    ):
        first, second = (TESTS[name](one) for one in (evidence, again))
        assert (first.population, set(first.exceptions["subject"])) == (
            second.population,
            set(second.exceptions["subject"]),
        )
