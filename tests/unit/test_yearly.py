"""The stage at the year's end: made with the last quarter alone, and reading what was issued of the year."""

import json
from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd
import papers_made
import pytest
from papers_made import POSTS, made
from workspace import RECORDS, Workspace

from pmf_lib import sidecar
from pmf_lib.cli.shared import DEFAULT_RUN
from pmf_lib.errors import ParameterError, RunError, StoreError
from pmf_lib.runs.issuing import issue as issuing
from pmf_lib.runs.plan import Plan, plan, read_request
from pmf_lib.store import identity
from pmf_lib.store.issued import Paper
from pmf_lib.workbook import results, reviewed
from pmf_lib.workbook.book import opened
from pmf_lib.workbook.pages.annual.told import READ

REVIEW = "council/8_annual_review"
LAST = {"quarter": "2023-24 Q4", "as_at": "2024-05-15"}
FIRST = {"quarter": "2023-24 Q1", "as_at": "2023-08-14"}
THIRD = {"quarter": "2023-24 Q3", "as_at": "2024-02-14"}
OTHER_YEAR = {"quarter": "2022-23 Q3", "as_at": "2023-02-14"}
RESULTS = pd.DataFrame(
    [("Whole council", "council-plan", "met"), ("Whole council", "no-longer-asked", "not_met")],
    columns=["unit", "clause", "result"],
).assign(what="A plan", group="planning", force="duty", source="2.2")
"""What an issued page 7 recorded: a clause of today's framework, and one that it has no more."""
UNCHECKED = dict.fromkeys(
    ("adults-health", "childrens", "economy-environment", "resources"), "No answer came"
)


@pytest.fixture(scope="module")
def own(make_workspace: Callable[..., Workspace]) -> Iterator[Workspace]:
    """The sample council with a handful of measures and nothing else, in a store of its own."""
    made_here = make_workspace("yearly")
    for path in sorted((made_here.home / RECORDS).glob("*.csv")):
        kept = 4 if path.stem == "measures" else 0
        made_here.change(path.stem, lambda rows, kept=kept: rows.__setitem__(slice(None), rows[:kept]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PMF_HOME", str(made_here.home))
        patched.setenv("PMF_STORE", str(made_here.store))
        patched.setattr(identity, "code_digest", lambda _: "code")
        yield made_here


@pytest.fixture(scope="module")
def papers(own: Workspace) -> dict[str, Paper]:
    """Issued: the first quarter, which recorded results of clauses; the third in two versions; and a quarter of the year before."""
    with pytest.MonkeyPatch.context() as patched:
        before = papers_made._recorded
        patched.setattr(papers_made, "_recorded", lambda held: before({**held, "clause_results": RESULTS}))
        first = issue(own, 20, **FIRST)
    issued = {
        "before": issue(own, 20, **OTHER_YEAR),
        "first": first,
        "third": issue(own, 20, **THIRD),
    }
    return {**issued, "third again": issue(own, 22, **{**THIRD, "as_at": "2024-02-21"})}


def issue(own: Workspace, day: int, **asked: str) -> Paper:
    run = made(own.home, **asked)
    return issuing.issue(run, {**POSTS, "dated": date(2024, 11, day), "without_check": UNCHECKED})


def planned(own: Workspace, **asked: str) -> Plan:
    return plan(read_request(own.home / DEFAULT_RUN, {**LAST, **asked}))


def test_in_other_quarters_no_annual_page_is_made_and_the_plan_says_why(own: Workspace) -> None:
    done = own.here("run", "--plan")
    assert REVIEW not in done.out
    assert "No annual review: it is made with the last quarter of the year, 2024-25 Q4." in done.out


def test_a_run_of_the_last_quarter_makes_it_last_of_all(own: Workspace) -> None:
    found = planned(own, issued="none")
    assert found.orders[-1].item.id == REVIEW
    assert [order.item.stage for order in found.stage("annual")] == ["annual"]
    assert found.manifest.issued == ""


@pytest.mark.slow
def test_it_reads_the_newest_issued_version_of_each_earlier_quarter(
    own: Workspace, papers: dict[str, Paper]
) -> None:
    found = planned(own)
    wanted = f"{papers['first'].run_id} {papers['third again'].run_id}"
    assert found.manifest.issued == wanted
    given = {order.item.notebook: order.parameters for order in found.orders}
    assert given["8_annual_review"]["issued"] == wanted
    assert [name for name, parameters in given.items() if "issued" in parameters] == ["8_annual_review"]
    said = own.here("run", "--plan", "--quarter", LAST["quarter"], "--as-at", LAST["as_at"]).out
    assert f"The annual review reads issued {wanted.replace(' ', ', ')}." in said


@pytest.mark.slow
def test_what_was_issued_of_the_year_is_part_of_the_runs_id(own: Workspace, papers: dict[str, Paper]) -> None:
    ids = [planned(own, issued=asked).manifest.run_id for asked in ("", "none", papers["first"].run_id)]
    assert len(set(ids)) == 3
    assert planned(own, issued=planned(own).manifest.issued).manifest.run_id == ids[0]


@pytest.mark.slow
def test_the_command_line_names_them_in_any_order(own: Workspace, papers: dict[str, Paper]) -> None:
    ids = [papers["third"].run_id, papers["first"].run_id]
    done = own.here(
        "run",
        "--plan",
        "--json",
        "--quarter",
        LAST["quarter"],
        "--as-at",
        LAST["as_at"],
        "--issued",
        " ".join(ids),
    )
    assert json.loads(done.out)["issued"] == " ".join(reversed(ids))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("named", "asked", "said"),
    [
        (["before"], {}, "is version 1 of Quarter 3, October to December 2022 of council 'sample'"),
        (["third", "third again"], {}, "names two versions of one quarter"),
        (["first"], {"quarter": "2023-24 Q3", "as_at": "2024-02-14"}, "It is made with the last quarter of the year"),
        (["first"], {"edition": "public"}, "full edition. The annual review reads issued runs of its own council"),
    ],
)  # fmt: skip
def test_a_run_that_is_none_of_the_years_is_refused_in_words(
    own: Workspace, papers: dict[str, Paper], named: list[str], asked: dict[str, str], said: str
) -> None:
    ids = " ".join(papers[name].run_id for name in named)
    with pytest.raises(ParameterError, match="issued") as told:
        planned(own, **{**asked, "issued": ids})
    assert said.lower() in str(told.value).lower()


@pytest.mark.slow
def test_a_run_that_was_never_issued_is_refused_by_its_id(own: Workspace, papers: dict[str, Paper]) -> None:
    with pytest.raises(StoreError, match="'0123456789ab' is not a known issued run"):
        planned(own, issued="0123456789ab")


@pytest.mark.slow
def test_a_review_that_does_not_read_what_was_issued_is_not_issued(
    own: Workspace, papers: dict[str, Paper]
) -> None:
    run = made(own.home, **LAST, issued="none")
    with pytest.raises(RunError, match="annual review does not read what has been issued of the year"):
        issuing.issue(run, {**POSTS, "dated": date(2024, 11, 25), "without_check": UNCHECKED})


def test_the_notebook_of_the_year_declares_what_it_reads() -> None:
    declared = sidecar.load("8_annual_review")
    assert declared.stage == "annual"
    assert declared.parameters["issued"].default == ""
    assert declared.parameters["quarter"].default.endswith("Q4")


@pytest.mark.slow
def test_the_year_is_told_from_issued_papers_where_they_recorded_it_and_else_from_the_records(
    own: Workspace, papers: dict[str, Paper]
) -> None:
    given = next(
        order.parameters
        for order in planned(own, as_at="2024-05-16").orders
        if order.item.notebook == "8_annual_review"
    )
    book = opened(sidecar.load("8_annual_review"), {**given, "inputs": ""})
    year = reviewed.year(book, results.collected(book, *READ))
    assert [one.paper is not None for one in year.quarters] == [True, False, False, False]
    assert [one.is_own for one in year.quarters] == [False, False, False, True]
    first = year.found[year.found["quarter"] == "2023-24 Q1"]
    assert first[["unit", "clause", "result"]].to_dict("records") == [
        {"unit": "Whole council", "clause": "council-plan", "result": "met"}
    ]
    computed = year.found[year.found["quarter"] == "2023-24 Q3"]
    assert set(computed["unit"]) == {*(one.name for one in book.council.directorates), "Whole council"}
    assert "met" not in set(computed.loc[computed["clause"] == "council-plan", "result"])
    assert year.raised is None
