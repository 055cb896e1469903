"""``pmf decide``: what is written and what is refused, and what pages make of it as records change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest
from papers_made import made
from workspace import Workspace

from pmf_lib import decisions, settings
from pmf_lib import framework as frameworks
from pmf_lib.runs import plan as planning
from pmf_lib.store import identity
from pmf_lib.workbook import compared, decided, prompts, reliance, results
from pmf_lib.workbook.baseline import Baseline
from pmf_lib.workbook.book import Book, start
from pmf_lib.workbook.pages.measures import commentary
from pmf_lib.workbook.pages.shared import decisions as pages
from pmf_lib.workbook.pages.shared import rules
from pmf_lib.workbook.pieces.markup import link
from pmf_lib.workbook.reliance import Quality

KEPT = ("child-protection-visits", "ehc-annual-reviews-in-time", "calls-answered", "sickness-days")
VISITS, REVIEWS = KEPT[:2]
AS_AT = date(2024, 11, 15)
BOARD = ("--by", "Performance Board", "--why", "One team plans them")


@pytest.fixture(scope="module")
def small(make_workspace: Callable[..., Workspace]) -> tuple[Workspace, str]:
    """The sample council with four measures, no decision, and one finished run in its store."""
    own = make_workspace("deciding")
    keep(own, "measures", lambda row: row["measure_id"] in KEPT)
    for table in ("observations", "targets", "commentary", "links", "comparators", "forecasts"):
        keep(own, table, lambda row: row["measure_id"] in KEPT)
    shutil.rmtree(own.home / "parameters" / "decisions", ignore_errors=True)
    with pytest.MonkeyPatch.context() as patched:
        named(own, patched)
        return own, made(own.home).run_id


@pytest.fixture
def workspace(small: tuple[Workspace, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    own = small[0].copied(tmp_path / "workspace")
    named(own, monkeypatch)
    return own


@pytest.fixture
def decide(workspace: Workspace, small: tuple[Workspace, str]) -> Callable[..., str]:
    """Give a command about the run, and return what it said."""

    def given(kind: str, *arguments: str, day: str = "2024-11-15") -> str:
        return workspace.here("decide", kind, small[1], *arguments, "--date", day).said

    return given


def keep(own: Workspace, table: str, wanted: Callable[[dict[str, str]], bool]) -> None:
    own.change(table, lambda rows: rows.__setitem__(slice(None), [row for row in rows if wanted(row)]))


def named(own: Workspace, patched: pytest.MonkeyPatch) -> None:
    patched.setenv("PMF_HOME", str(own.home))
    patched.setenv("PMF_STORE", str(own.store))
    patched.setattr(identity, "code_digest", lambda _: "code")


def book(notebook: str = "1_data_quality", as_at: str = "2024-11-15", directorate: str = "childrens") -> Book:
    return start(notebook, {"directorate": directorate, "as_at": as_at})


def quality(of: Book) -> Quality:
    return reliance.quality(of, results.rated(of).measures)


def page_1() -> str:
    return unescape(commentary.contradictions(of := book(), quality(of)).markup)


def on_page_2() -> dict[str, str]:
    """What the measure's own page shows of the service's words."""
    told = prompts.prompts(of := book(), quality(of).seen)
    said = pages.service(
        {"The service says": "Its words."}, told, link("data quality", "1_data_quality.html")
    )
    return {head: getattr(words, "plain", words) for head, words in said.items()}


def run_id(workspace: Workspace, **changes: str) -> str:
    return planning.plan(
        planning.read_request(workspace.home / "parameters/runs/sample.yml", changes)
    ).manifest.run_id


def files() -> list[str]:
    return [Path(one.file).name for one in decisions.of_measures("sample").all]


@pytest.mark.slow
def test_a_rebase_is_written_and_a_run_as_at_its_day_or_later_is_another_run(
    workspace: Workspace, decide: Callable[..., str]
) -> None:
    before = {day: run_id(workspace, as_at=day) for day in ("2024-11-15", "2024-11-20")}
    said = decide("rebase", REVIEWS, "2023-10", *BOARD, day="2024-11-18")
    name = f"2024-11-18-rebase-{REVIEWS}-2023-10.yml"
    assert f"Written: parameters/decisions/measures/sample/{name}. Commit it to git" in said
    assert "Runs as at 18 November 2024 or later obey it. This run is as at 15 November 2024." in said
    assert run_id(workspace, as_at="2024-11-15") == before["2024-11-15"]
    assert run_id(workspace, as_at="2024-11-20") != before["2024-11-20"]


@pytest.mark.slow
def test_page_2_rates_and_draws_what_was_decided_and_the_rules_say_so(decide: Callable[..., str]) -> None:
    without = results.rated(book("2_measures_against_markers"))
    assert "No such decision is known by 15 November 2024." in rules.rules(book()).markup
    decide("rebase", REVIEWS, "2023-10", *BOARD)
    of = book("2_measures_against_markers")
    with_it = results.rated(of)
    variation = [
        found.measures.set_index("measure_id").loc[REVIEWS, "variation"] for found in (without, with_it)
    ]
    assert variation == ["improving_high", "no_real_change"]
    drawn = with_it.points[with_it.points["decision"] != ""]
    assert drawn["decision"].tolist() == ["Performance Board, 15 November 2024: One team plans them"]
    assert "Known by 15 November 2024: one decision that holds." in rules.rules(of).markup
    listed = pages.listed(of).markup
    assert "One decision to begin limits anew holds here" in listed
    assert "Limits begin anew from October 2023." in listed


@pytest.mark.slow
def test_what_changes_by_a_decision_has_changed_by_policy(decide: Callable[..., str]) -> None:
    root = settings.root()
    policy = identity.policy_digest(root, "sample", frameworks.digest(book().framework), AS_AT)
    before = cast(Baseline, SimpleNamespace(manifest=SimpleNamespace(policy=policy, code="code")))
    assert compared.changed_rules(book(), before) == ()
    decide("rebase", REVIEWS, "2023-10", *BOARD)
    assert compared.changed_rules(book(), before) == ("policy",)
    assert compared.changed_rules(book(as_at="2024-11-14"), before) == ()


@pytest.mark.slow
def test_a_council_page_rates_by_the_same_decisions_and_lists_those_of_every_directorate(
    decide: Callable[..., str],
) -> None:
    decide("rebase", REVIEWS, "2023-10", *BOARD)
    decide("rebase", "calls-answered", "2023-04", *BOARD)
    of = start("5_council_scorecard", {})
    rated = results.collected(of, "rated_measures")["rated_measures"].set_index("measure_id")
    assert rated.loc[REVIEWS, "n_points"] == 12
    assert rated.loc["calls-answered", "n_points"] == 18
    assert set(decided.held(of)["measure_id"]) == {REVIEWS, "calls-answered"}
    assert decided.held(book())["measure_id"].tolist() == [REVIEWS]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("calls-answere", "2023-04"),
            "'calls-answere' is not a known measure. Did you mean 'calls-answered'?",
        ),
        (("calls-answered", "2023-24 Q1"), "The measure is monthly, and '2023-24 Q1' is not a period."),
        (("calls-answered", "2021-04"), "No value lies before April 2021"),
        (("sickness-days", "2023-04"), "It has no control chart that could begin anew."),
        (("calls-answered", "2023-04", "--why", ""), "'why': got ''"),
    ],
)
def test_a_rebase_that_can_t_hold_is_refused_in_words_and_nothing_is_written(
    decide: Callable[..., str], arguments: tuple[str, ...], said: str
) -> None:
    assert said in decide("rebase", arguments[0], arguments[1], *BOARD, *arguments[2:])
    assert files() == []


@pytest.mark.slow
def test_one_too_near_the_last_value_waits_and_page_and_check_say_so(
    workspace: Workspace, decide: Callable[..., str]
) -> None:
    words = (
        "7 values are known from March 2024 on, and limits need 8: the decision waits until they are there."
    )
    assert words in decide("rebase", REVIEWS, "2024-03", *BOARD)
    of = book("2_measures_against_markers")
    assert results.rated(of).measures.set_index("measure_id").loc[REVIEWS, "variation"] == "improving_high"
    assert words in pages.beside(of)[REVIEWS]
    assert words in pages.listed(of).markup
    assert "no decisions that hold, and one that does not" in rules.rules(of).plain
    checked = workspace.here("check").out
    assert (
        f"decision: parameters/decisions/measures/sample/2024-11-15-rebase-{REVIEWS}-2024-03.yml: {words}"
        in checked
    )
    assert "1 decisions about measures" in checked


@pytest.mark.slow
def test_check_names_files_about_what_is_not_there(workspace: Workspace, decide: Callable[..., str]) -> None:
    decide("rebase", REVIEWS, "2023-10", *BOARD)
    decide("comment", VISITS, "--confirmed", "--by", "Head of Performance")
    for path in (workspace.home / "parameters/decisions/measures/sample").glob("*.yml"):
        path.write_text(path.read_text().replace(REVIEWS, "reviewed").replace(VISITS, "visited"))
    told = [line for line in workspace.here("check").out.splitlines() if line.startswith("decision: ")]
    assert [word in line for word, line in zip(("'reviewed'", "'visited'"), told, strict=True)] == [
        True,
        True,
    ]
    (workspace.home / "parameters/decisions/measures/smaple").mkdir()
    assert "smaple" in workspace.here("check").err


@pytest.mark.slow
def test_a_rebase_that_is_withdrawn_is_obeyed_no_longer(decide: Callable[..., str]) -> None:
    decide("rebase", REVIEWS, "2023-10", *BOARD, day="2024-11-01")
    decide("rebase", REVIEWS, "2023-10", *BOARD, "--withdraw", day="2024-11-10")
    assert len(files()) == 2
    assert decided.rebases(book()).empty
    assert len(decided.held(book(as_at="2024-11-09"))) == 1


@pytest.mark.slow
def test_a_rebase_that_no_longer_holds_can_be_withdrawn_and_it_is_said_whose_it_was(
    workspace: Workspace, decide: Callable[..., str]
) -> None:
    decide("rebase", REVIEWS, "2023-10", *BOARD, day="2024-11-01")
    workspace.change(
        "observations",
        lambda rows: rows.__setitem__(
            slice(None),
            [row for row in rows if row["measure_id"] != REVIEWS or row["period"] >= "2023-10"],
        ),
    )
    run = made(workspace.home).run_id
    withdrawn = ("rebase", run, REVIEWS, "2023-10", *BOARD, "--date", "2024-11-10", "--withdraw")
    assert "No value lies before October 2023" in workspace.here("check").out
    said = workspace.here("decide", *withdrawn).said
    assert "Taken back: the decision of Performance Board, 1 November 2024. Runs as at 10 November" in said
    assert decisions.known("sample", AS_AT).rebases == ()


def test_withdrawing_one_that_waits_does_not_say_that_it_waits(decide: Callable[..., str]) -> None:
    decide("rebase", REVIEWS, "2024-03", *BOARD, day="2024-11-01")
    assert "waits" not in decide("rebase", REVIEWS, "2024-03", *BOARD, "--withdraw", day="2024-11-10")


@pytest.mark.parametrize(
    ("period", "day", "said"),
    [
        ("2023-04", "2024-11-15", f"There stand: '{REVIEWS} (2023-10)'"),
        ("2023-10", "2024-10-31", "stands on 31 October 2024, so none can be withdrawn. None stands at all."),
    ],
    ids=["another period", "an earlier day"],
)
def test_what_does_not_stand_is_not_withdrawn_and_nothing_is_written(
    decide: Callable[..., str], period: str, day: str, said: str
) -> None:
    decide("rebase", REVIEWS, "2023-10", *BOARD, day="2024-11-01")
    refused = decide("rebase", REVIEWS, period, *BOARD, "--withdraw", day=day)
    assert f"No rebase of '{REVIEWS}' from '{period}' stands" in refused
    assert said in refused
    assert len(files()) == 1


@pytest.mark.slow
def test_a_confirmed_prompt_is_shown_with_the_figures_once_it_is_known(decide: Callable[..., str]) -> None:
    assert on_page_2() == {
        "The service says": "Held back until a person has read it beside its figures. See data quality."
    }
    assert "Nobody has answered yet." in page_1()
    said = decide("comment", VISITS, "--confirmed", "--by", "Head of Performance", "--note", "Read together.")
    assert "Confirmed (Head of Performance, 15 November 2024). Read together." in said
    assert "Confirmed (Head of Performance, 15 November 2024). Read together." in page_1()
    shown = on_page_2()
    assert shown["The service says"] == "Its words."
    assert (
        "as Head of Performance confirmed on 15 November 2024 after reading both" in shown["The figures show"]
    )
    assert shown["The figures show"].endswith("Read together.")


@pytest.mark.slow
def test_an_answer_that_the_text_means_something_else_ends_the_question(decide: Callable[..., str]) -> None:
    asked = quality(book())
    decide("comment", VISITS, "--otherwise", "--by", "Head of Performance")
    settled = quality(book())
    assert on_page_2() == {"The service says": "Its words."}
    assert "The text means something else (Head of Performance, 15 November 2024)." in page_1()
    assert "No commentary seems to contradict its figures" in page_1()
    doubts = [found.measures.set_index("measure_id").loc[VISITS, "reasons"] for found in (asked, settled)]
    assert ["side by side" in text for text in doubts] == [True, False]
    assert ["side by side" in " ".join(found.mend["what"]) for found in (asked, settled)] == [True, False]


def changed_value(rows: list[dict[str, str]]) -> None:
    row = next(row for row in rows if (row["measure_id"], row["period"]) == (VISITS, "2024-07"))
    row.update(numerator="290", value="84.3")


def changed_text(rows: list[dict[str, str]]) -> None:
    row = next(row for row in rows if (row["measure_id"], row["quarter"]) == (VISITS, "2024-25 Q2"))
    row["text"] = "Visits improved again this quarter and meet the target."


@pytest.mark.slow
@pytest.mark.parametrize(("table", "change"), [("observations", changed_value), ("commentary", changed_text)])
def test_an_answer_no_longer_holds_once_text_or_figures_change(
    workspace: Workspace, decide: Callable[..., str], table: str, change: Callable[..., None]
) -> None:
    decide("comment", VISITS, "--confirmed", "--by", "Head of Performance")
    workspace.change(table, change)
    assert (
        "An answer no longer holds (Head of Performance, 15 November 2024): the text or the figures"
        in page_1()
    )
    held = on_page_2()
    assert held["The service says"].startswith(
        "Held back until a person has read it beside its figures again"
    )
    assert "The figures show" not in held


def test_an_answer_to_what_is_not_asked_any_more_is_told_on_page_1(
    workspace: Workspace, decide: Callable[..., str]
) -> None:
    decide("comment", VISITS, "--confirmed", "--by", "Head of Performance")
    keep(workspace, "commentary", lambda row: row["measure_id"] != VISITS)
    said = "the answer of Head of Performance, 15 November 2024, no longer holds: the text or the figures have changed"
    assert said in page_1()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            (REVIEWS, "--confirmed"),
            f"asks nothing about '{REVIEWS}' of the kind 'contradicts'. Its directorate's page asks",
        ),
        ((VISITS, "--confirmed", "--unchanged"), "of the kind 'unchanged'"),
        (("visits", "--confirmed"), "'visits' is not a known measure of this run."),
        ((VISITS,), "Say --confirmed, or --otherwise"),
    ],
)
def test_an_answer_to_what_was_not_asked_is_refused(
    decide: Callable[..., str], arguments: tuple[str, ...], said: str
) -> None:
    assert said in decide("comment", *arguments, "--by", "Head of Performance")
    assert files() == []


def test_nobody_answers_before_the_page_was_there_to_be_read(decide: Callable[..., str]) -> None:
    said = decide("comment", VISITS, "--confirmed", "--by", "Head of Performance", day="2024-11-14")
    assert "nobody can have read its pages then" in said
    assert files() == []


def test_a_text_confirmed_to_be_last_quarter_s_is_told_so_beside_it() -> None:
    asked = {
        "prompt": "unchanged",
        "answer": "confirmed",
        "by": "Head of Service",
        "dated": "2024-11-15",
        "note": "",
    }
    said = {"The service says": "As before."}
    told = pages.service(said, pd.DataFrame([asked]), "x")
    assert told == {
        **said,
        "The quarter before": "The service said the same but for dates and numbers, as Head of Service confirmed on 15 November 2024.",
    }
    assert pages.service(said, pd.DataFrame([{**asked, "answer": ""}]), "x") == said


def test_hostile_words_of_a_decision_are_shown_as_text(decide: Callable[..., str]) -> None:
    decide("rebase", REVIEWS, "2023-10", "--by", "<b>Board</b>", "--why", "<script>x</script>")
    shown = pages.listed(book()).markup
    assert "<script>" not in shown
    assert "&lt;b&gt;Board" in shown
