"""The sample council of 2009: small, made up, and clean, with a quarter that the framework of 2009 can speak of.

Its pages speak in the words of its own framework, and those of the other council in theirs.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from workspace import Reader, Workspace

from pmf_lib import council, framework, periods
from pmf_lib.assurance import pledges
from pmf_lib.assurance.checks.registers import entry_has_objective
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.performance.rate import rate
from pmf_lib.records.collect import collect
from pmf_lib.records.parse import Records
from pmf_lib.records.schema import ARRANGEMENTS
from pmf_lib.records.standing import standing
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


AS_AT = date(2009, 11, 13)


@pytest.fixture(scope="module")
def known(records) -> dict[str, pd.DataFrame]:
    """Its arrangements as they stood on the day of the report."""
    return {name: standing(name, records.tables[name], AS_AT).reset_index(drop=True) for name in ARRANGEMENTS}


def test_each_board_had_all_twelve_items_of_the_core_agenda_but_the_one_that_was_planted(known):
    (core,) = framework.load("wpf-2009").agendas
    items = {one.id for one in core.items}
    assert len(items) == 12
    boards = known["meetings"].query("body in ('directorate-board', 'strategic-board') and state == 'held'")
    year = boards[boards["held_on"] > pd.Timestamp("2008-11-13")]
    seen = known["agenda"].merge(year, on="meeting_id").groupby("directorate")["item"].agg(set)
    assert len(seen) == 6
    assert {unit: items - looked for unit, looked in seen.items() if items - looked} == {
        "streets-neighbourhoods": {"risk-management"}
    }


def test_its_ten_pledges_are_told_and_the_one_in_no_plan_is_the_one_that_was_planted(known, rated):
    wpf = framework.load("wpf-2009")
    asked = {"framework": wpf, "quarter": periods.parse_quarter("2009-10 Q2"), "as_at": AS_AT}
    states = rated.reset_index()
    found = pledges.pledges(known["registers"], known["plans"], known["objectives"], states, **asked)
    assert found["node"].to_list() == [
        node.id for node in wpf.nodes if node.level in wpf.level("pledge").parents
    ]
    assert found["state"].value_counts().to_dict() == {
        "unknown": 5,
        "on_course": 2,
        "behind": 1,
        "no_plan": 1,
        "kept": 1,
    }
    by_id = found.set_index("entry_id")
    assert by_id.loc[["pledge-2009-07", "pledge-2009-06"], "rule"].to_list() == ["overdue", "in-no-plan"]
    assert by_id.loc[["pledge-2009-01", "pledge-2009-02"], "rule"].to_list() == [
        "figure-short",
        "near-measures",
    ]
    assert by_id.loc[["pledge-2009-08", "pledge-2009-10"], "rule"].to_list() == ["measure-met", "measure-met"]
    assert by_id.loc["pledge-2009-02", "due_on"] == pd.Timestamp("2009-11-30")
    told = (ROOT / "docs" / "sample-council.md").read_text(encoding="utf-8")
    assert (
        "two on course by a measure of their own, one kept, one behind, one in no plan; of five it is not known"
        in " ".join(told.split())
    )
    assert by_id.loc["pledge-2009-03", ["rule", "state"]].to_list() == ["reached", "kept"]
    evidence = Evidence(known, states, states, wpf, asked["quarter"], AS_AT, sent=frozenset(known))
    told = entry_has_objective(evidence, register="pledges")
    assert set(told.exceptions["subject"]) == set(found.loc[found["state"] == "no_plan", "title"])
    assert told.population == len(found)


def test_its_run_asks_for_the_framework_of_its_own_year():
    request = read_request(ROOT / "parameters" / "runs" / f"{NAME}.yml", {})
    assert (request.council, request.framework, request.quarter) == (NAME, "wpf-2009", "2009-10 Q2")


# ---- every page in its own framework's words --------------------------------------------------------------------

ASKED = {
    NAME: {"framework": "wpf-2009", "quarter": "2009-10 Q2", "as_at": "2009-11-13", "directorate": "corporate"},
    "sample": {"framework": "pmf-2022-25", "quarter": "2024-25 Q2", "as_at": "2024-11-15", "directorate": "resources"},
}  # fmt: skip
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("[1-7]_*.ipynb"))
COUNCIL_PAGES = ("5_council_scorecard", "6_assurance_map", "7_audit_committee")
NAMES_OF_PAGES = re.compile(r"measures against markers( of success)?", re.IGNORECASE)
"""The page's name is the same under every framework."""
ONLY = {
    "sample": ["marker", r"(?-i:\bPMF\b)", "EPICC"],
    NAME: [
        *("pledge", "citizen outcome", "internal driver", "individual performance management", "Gershon"),
        *("Sustainable Community Strategy", "core agenda"),
    ],
}
"""Council → words that its framework's document has and the other's has not."""


def own_words(name: str) -> list[str]:
    """Those words, and every title of the framework's thread and promises of more than two words."""
    own, other = (framework.load(ASKED[each]["framework"]) for each in (name, *({*ASKED} - {name})))
    titles = [one.title for one in (*own.nodes, *own.promises) if len(one.title.split()) > 2]
    strange = {one.title.casefold() for one in (*other.nodes, *other.promises)}
    return [*ONLY[name], *(re.escape(title) for title in titles if title.casefold() not in strange)]


def both_councils(own: Workspace) -> Workspace:
    """A workspace with the records of 2009 too."""
    target = own.home / "data" / NAME
    if not target.exists():
        shutil.copytree(ROOT / "data" / NAME, target)
    return own


@pytest.fixture(scope="module")
def pages(site_workspace: Callable[..., Workspace]) -> Callable[[str, str], str]:
    """What a reader sees of a council's page by its notebook, as one text; runs that are there already are kept."""
    own = both_councils(site_workspace("two-councils"))
    for name in ASKED:
        done = own.pmf("run", f"parameters/runs/{name}.yml")
        assert done.code == 0, done.said
    runs = {name: run_of(own, name) for name in ASKED}

    @cache
    def text(name: str, notebook: str) -> str:
        unit = "council" if notebook in COUNCIL_PAGES else ASKED[name]["directorate"]
        shown = nbformat.read(runs[name] / "items" / unit / notebook / "notebook.ipynb", as_version=4).cells
        seen = " ".join(part for cell in shown for part in _shown(cell))
        return NAMES_OF_PAGES.sub("", unescape(re.sub(r"<[^>]+>|\s+", " ", seen)))

    return text


def run_of(own: Workspace, name: str) -> Path:
    """The folder of the run that the view of the council's quarter shows."""
    quarter = ASKED[name]["quarter"].lower().replace(" ", "-")
    view = own.home / "outputs" / name / ASKED[name]["framework"] / quarter / "full"
    run_id = json.loads((view / "manifest.json").read_text(encoding="utf-8"))["run_id"]
    return own.store / "runs" / str(run_id)


def _shown(cell: Any) -> Iterator[str]:
    """The words of a cell as its page has them."""
    if cell.cell_type == "markdown":
        yield cell.source
    for output in cell.get("outputs", ()):
        yield output.get("data", {}).get("text/html", "")


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("name", ASKED)
def test_no_page_speaks_in_the_words_of_the_other_framework(pages, name, notebook):
    (other,) = {*ASKED} - {name}
    text = pages(name, notebook)
    assert len(text) > 2000
    found = {
        words: re.findall(f".{{0,50}}{words}.{{0,50}}", text, re.IGNORECASE)[:3] for words in own_words(other)
    }
    assert {words: places for words, places in found.items() if places} == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("notebook", "words"),
    [
        ("2_measures_against_markers", ["Of four pledges, one is in no plan and two are on course; of one it is not known"]),
        ("4_performance_board", [one.title for one in framework.load("wpf-2009").agendas[0].items]),
        (
            "5_council_scorecard",
            [
                "Vision: “Walsall will be a great place to live, work and invest”.",
                "Of ten pledges, one is behind, one is in no plan, two are on course and one is kept; of five it is not known",
                "Each of the 10 citizen outcomes and internal drivers has a pledge for 2009-10.",
                "SCS Perspectives – People, Places, Prosperity",
            ],
        ),
    ],
)  # fmt: skip
def test_its_pages_show_its_own_vision_pledges_agenda_and_alignment(pages, notebook, words):
    assert [each for each in words if each not in pages(NAME, notebook)] == []


@pytest.mark.slow
def test_the_other_council_s_scorecard_shows_its_promises_and_no_pledge(pages):
    text = pages("sample", "5_council_scorecard")
    assert "All three promises have a measure that misses its target" in text
    assert "Aim: “" in text


@pytest.mark.slow
def test_its_quarter_runs_and_its_pages_speak_of_outcomes_drivers_and_the_superseded_framework(
    site_workspace: Callable[..., Workspace],
) -> None:
    own = both_councils(site_workspace("sample-2009"))
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
