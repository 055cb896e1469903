"""The sample council of 2009: small, made up, and clean, with a quarter that the framework of 2009 can speak of."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from workspace import Reader, Workspace

from pmf_lib import council, framework, periods
from pmf_lib.performance.rate import rate
from pmf_lib.records.collect import collect
from pmf_lib.records.parse import Records
from pmf_lib.runs.plan import read_request
from pmf_lib.workbook.book import schemes

ROOT = Path(__file__).resolve().parents[2]
NAME = "sample-2009"


@pytest.fixture(scope="module", autouse=True)
def home():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        yield


@pytest.fixture(scope="module")
def records(home) -> Records:
    nodes = {"wpf-2009": {node.id for node in framework.load("wpf-2009").nodes}}
    return collect(council.load(NAME), nodes=nodes)


@pytest.fixture(scope="module")
def rated(records) -> pd.DataFrame:
    tables = [records.tables[name] for name in ("measures", "observations", "targets")]
    asked = {"quarter": periods.parse_quarter("2009-10 Q2"), "as_at": date(2009, 11, 13)}
    found = rate(*tables, **asked, scheme=schemes().status, options=schemes().xmr)
    return found.measures.set_index("measure_id")


def test_its_records_are_read_without_a_finding(records):
    assert records.findings.empty, records.findings.to_string()


def test_five_made_up_directorates_hold_some_twenty_measures(records):
    measures = records.tables["measures"]
    asked = council.load(NAME)
    assert asked.evidence == "made-up"
    assert asked.assumption is not None
    assert set(measures.directorate) == {each.id for each in asked.directorates}
    assert len(asked.directorates) == 5
    assert len(measures) == 22


def test_every_outcome_and_driver_of_2009_has_a_measure_and_every_measure_a_reason(records):
    links = records.tables["links"]
    nodes = {node.id for node in framework.load("wpf-2009").nodes if node.id != "vision"}
    assert set(links.framework) == {"wpf-2009"}
    assert set(links.node) == nodes
    assert set(links.measure_id) == set(records.tables["measures"].measure_id)


def test_its_results_cover_two_years_up_to_the_quarter(records):
    observations = records.tables["observations"]
    monthly = observations[observations.measure_id == "waste-recycled"].period
    assert (monthly.min(), monthly.max(), len(monthly)) == ("2007-10", "2009-09", 24)


@pytest.mark.parametrize(
    ("measure_id", "column", "answer"),
    [
        ("waste-recycled", "variation", "improving_high"),
        ("benefit-claim-days", "variation", "worsening_high"),
        ("young-people-out-of-learning", "variation", "worsening_high"),
        ("equipment-in-seven-days", "capability", "consistently_meets"),
        ("businesses-helped-to-start", "capability", "consistently_meets"),
        ("racial-incidents-acted-on", "state", "suppressed"),
        ("out-of-work-benefits", "state", "monitor_only"),
        ("get-on-well-in-area", "state", "not_due"),
    ],
)
def test_the_library_finds_what_was_planted(rated, measure_id, column, answer):
    assert rated.loc[measure_id, column] == answer


def test_a_miss_is_unexplained_and_a_target_unapproved_as_the_guide_says(records, rated):
    told = records.tables["commentary"].query("quarter == '2009-10 Q2'").measure_id
    assert set(rated.index[rated.state == "missed"]) - set(told) == {"calls-answered-in-time"}
    targets = records.tables["targets"]
    assert set(targets[targets.approved_by == ""].measure_id) == {"services-redesigned"}


def test_the_counts_of_states_are_those_that_the_guide_gives(rated):
    found = rated.state.value_counts().to_dict()
    assert found == {"met": 10, "near": 5, "missed": 4, "not_due": 1, "monitor_only": 1, "suppressed": 1}
    guide = (ROOT / "docs" / "sample-council.md").read_text(encoding="utf-8")
    assert "10 met, 5 near, 4 missed and one each of not due, monitor only and suppressed" in guide


def test_its_run_asks_for_the_framework_of_its_own_year():
    request = read_request(ROOT / "parameters" / "runs" / f"{NAME}.yml", {})
    assert (request.council, request.framework, request.quarter) == (NAME, "wpf-2009", "2009-10 Q2")


@pytest.mark.slow
def test_its_quarter_runs_and_its_pages_speak_of_outcomes_drivers_and_the_superseded_framework(
    site_workspace: Callable[..., Workspace],
) -> None:
    own = site_workspace("sample-2009")
    target = own.home / "data" / NAME
    if not target.exists():
        shutil.copytree(ROOT / "data" / NAME, target)
    done = own.pmf("run", f"parameters/runs/{NAME}.yml")
    assert done.code == 0, done.said
    view = own.home / "outputs" / NAME / "wpf-2009" / "2009-10-q2" / "full"
    page = Reader((view / "council" / "5_council_scorecard.html").read_text(encoding="utf-8"))
    assert page.faults == []
    for words in (
        "Oldsample Borough Council",
        "Made-up data",
        "Superseded framework",
        "Aspiring and achieving",
    ):
        assert words in page.text
    assert (view / "corporate" / "2_measures_against_markers.html").exists()
