"""``pmf clauses``: results as pages have them, counts that account for every requirement, and a draw that can be repeated."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from workspace import REPOSITORY, Done

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance.coverage import Coverage
from pmf_lib.assurance.coverage import text as coverage_text
from pmf_lib.assurance.draw import draw
from pmf_lib.cli import main
from pmf_lib.errors import SettingsError
from pmf_lib.framework import dispositions
from pmf_lib.runs import clause_results
from pmf_lib.runs.plan import Request, read_request
from pmf_lib.workbook import results

at_hand = settings.requirements
"""Before this module's tests are told that there is none."""
BOTH = ["pmf-2022-25", "wpf-2009"]
ASKED = {"council": "sample-2009", "framework": "wpf-2009", "quarter": "2009-10 Q2", "as_at": "2009-11-13"}


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    """The repository's own parameters and records, a store of this module's own, and no first reading at hand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(REPOSITORY))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        patch.setattr(settings, "requirements", lambda: None)
        yield


def pmf(*arguments: str) -> Done:
    done = CliRunner().invoke(main, ["clauses", *arguments], catch_exceptions=False)
    return Done(done.exit_code, done.stdout, done.stderr)


def printed(*arguments: str) -> Any:
    done = pmf(*arguments, "--json")
    assert done.code == 0, done.said
    return json.loads(done.out)


@pytest.fixture(scope="module")
def council(home) -> dict[str, Any]:
    """What is asked of the small council of 2009 as a whole."""
    return printed("--council", "sample-2009", "--unit", "council")


@pytest.mark.slow
def test_every_unit_has_the_results_of_its_pages():
    path = REPOSITORY / "parameters" / "runs" / "sample-2009.yml"
    found = clause_results.listed(read_request(path, {}))
    book, units = found.book, [one.id for one in found.book.council.directorates]
    assert [*units, "council"] == found.results["unit"].drop_duplicates().tolist()
    one = book.of(book.council.directorate(units[0]))
    pages = {
        "council": results.arrangements(book, results.collected(book, "rated_measures")["rated_measures"]),
        units[0]: tuple(results.RESULTS[name].make(one) for name in ("arrangements", "exceptions")),
    }
    for unit, page in pages.items():
        for ours, theirs in zip((found.results, found.exceptions), page, strict=True):
            mine = ours[ours["unit"] == unit].drop(columns="unit").reset_index(drop=True)
            pd.testing.assert_frame_equal(mine, theirs, check_dtype=False)
    said = clause_results.text(found).splitlines()
    assert "Made-up data" in said[0]
    assert said[-1].startswith(f"{len(found.results)} results: ")
    assert "for a person to tell" in said[-1]


def test_one_unit_is_listed_with_its_clauses_and_exceptions(council):
    assert {key: council[key] for key in ASKED} == ASKED
    assert council["evidence"] == "made-up"
    asked = {one.id for one in frameworks.load("wpf-2009").clauses if one.unit == "council" and one.check}
    assert {row["clause"] for row in council["results"]} == asked
    assert {row["unit"] for row in council["results"]} == {"council"}
    for row in council["results"]:
        assert len({case["subject"] for case in row["exceptions"]}) == row["failed"], row["clause"]


def test_one_result_is_listed_by_its_code(council):
    counts = pd.Series([row["result"] for row in council["results"]]).value_counts()
    done = pmf("--council", "sample-2009", "--unit", "council", "--result", "observation")
    assert done.code == 0, done.said
    assert (
        0 < sum(line.startswith("  Observation ") for line in done.out.splitlines()) == counts["observation"]
    )
    assert counts["observation"] < len(council["results"])
    assert f"\n{counts['observation']} results: {counts['observation']} observation." in done.out
    assert "for a person to tell" not in done.out


@pytest.mark.parametrize(
    ("council", "framework", "name"),
    [
        ("", "", "sample"),
        ("sample", "", "sample"),
        ("sample", "wpf-2009", "sample"),
        ("", "wpf-2009", "sample-2009"),
        ("", "pmf-2022-25", "sample"),
        ("walsall-published", "", "walsall-published"),
        ("", "none-such", "sample"),
    ],
)
def test_a_council_s_own_run_says_quarter_and_framework(council, framework, name):
    assert clause_results.run_file(council, framework) == name


@pytest.mark.parametrize(
    ("framework", "is_dated", "words"),
    [
        ("pmf-2022-25", False, ""),
        ("wpf-2009", True, ""),
        (
            "wpf-2009",
            False,
            "come from sample.yml, which is of 'pmf-2022-25'; --quarter and --as-at name others.",
        ),
    ],
)
def test_it_is_said_where_the_quarter_is_that_of_another_framework(framework, is_dated, words):
    asked = Request(council="sample", framework=framework, quarter="2024-25 Q2", as_at="2024-11-15")
    said = clause_results.borrowed("sample", asked, is_dated=is_dated)
    assert said.endswith(words)
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--council", "smple"), 2, "Did you mean 'sample'?"),
        (("--framework", "wpf-2090"), 2, "Did you mean 'wpf-2009'?"),
        (("--council", "sample-2009", "--unit", "adult-cares"), 2, "Did you mean 'adult-care'?"),
        (("--council", "sample-2009", "--result", "not_mte"), 2, "Did you mean 'not_met'?"),
        (("--quarter", "2024-25"), 2, "is not a reporting quarter"),
        (("--quarter", "2025-26 Q1"), 2, "lies before the end of the quarter"),
        (("--coverage", "--draw", "3"), 2, "Ask for one at a time"),
        (("--coverage", "--unit", "council"), 2, "--unit says which results are listed"),
        (("--draw", "2", "--as-at", "2024-11-15"), 2, "--as-at says which results are listed"),
        (("--draw", "0"), 2, "0 is not in the range"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(options, code, said):
    done = pmf(*options)
    assert (done.code, said in done.err) == (code, True), done.said


def test_coverage_counts_and_accounts_for_every_requirement_without_the_first_reading():
    found = {one["framework"]: one for one in printed("--coverage")}
    assert list(found) == BOTH
    for name, one in found.items():
        framework = frameworks.load(name)
        assert sum(one["by_force"].values()) == sum(one["by_how"].values()) == len(framework.clauses)
        tests = {clause.check for clause in framework.clauses} - {""}
        assert one["tests_there_n"] + one["tests_awaited_n"] == len(tests)
        rows = [row.requirement for row in dispositions.load(framework) if row.requirement]
        assert [row["requirement"] for row in one["requirements"]] == rows
        assert all(row["disposition"] and row["reason"] for row in one["requirements"])
        assert one["unaccounted"] is None
    said = pmf("--coverage", "--framework", "wpf-2009").out
    assert (
        "accounted for: 137 requirements by dispositions.csv; the list of the first reading is not at hand"
        in said
    )
    assert "pmf-2022-25" not in said


def test_whose_quarter_it_is_stands_beside_the_results_and_never_within_them(monkeypatch):
    monkeypatch.setattr(clause_results, "listed", lambda *_: None)
    monkeypatch.setattr(clause_results, "as_json", lambda _: "[]")
    done = pmf("--council", "sample", "--framework", "wpf-2009", "--json")
    assert (done.code, json.loads(done.out)) == (0, [])
    assert "Quarter 2024-25 Q2 and as-at date 2024-11-15 come from sample.yml" in done.err
    assert "--quarter" not in done.out


def test_of_one_thing_the_coverage_speaks_in_the_singular():
    one = Coverage("own", 1, {"duty": 1}, {"test": 1}, {}, 1, 0, 1, {"kept": 1}, 1, 1)
    said = coverage_text(one)
    assert said.startswith("own: 1 clause\n")
    assert "first reading: 1 requirement, kept 1; 1 clause is new\n" in said
    assert said.endswith("example timetable: 1 activity")
    assert coverage_text(replace(one, activities_n=0)).endswith("example timetable: 0 activities")


def first_reading(path: Path, without: str = "", more: str = "") -> Path:
    """A first reading that holds what the dispositions name, but for one, and one more."""
    rows = [row for name in BOTH for row in dispositions.load(frameworks.load(name))]
    ids = [row.requirement for row in rows if row.requirement and row.requirement != without]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["id", "section"], *([one, "1"] for one in [*ids, *filter(None, [more])])]
        )
    return path


def test_beside_the_first_reading_a_requirement_that_is_not_accounted_for_is_named(tmp_path, monkeypatch):
    for without, more, code in (("", "", 0), ("P22-005", "", 4), ("", "F09-900", 4)):
        path = first_reading(tmp_path / "rows.csv", without, more)
        monkeypatch.setattr(settings, "requirements", lambda path=path: path)
        done = pmf("--coverage")
        assert done.code == code, done.said
        assert ("each of the 159 requirements of the first reading, once" in done.out) == (without == "")
        assert all(f"not accounted for: '{name}'" in done.out for name in (without, more) if name)
        assert all(f"'{name}'" in done.err for name in (without, more) if name)


def test_a_first_reading_that_is_no_list_is_refused(tmp_path, monkeypatch):
    (tmp_path / "rows.csv").write_text("number,section\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(settings, "requirements", lambda: tmp_path / "rows.csv")
    done = pmf("--coverage")
    assert (done.code, "expected a CSV file in UTF-8 with a column 'id'" in done.err) == (4, True), done.said


def test_the_first_reading_is_where_the_setting_says_or_beside_the_workspace_or_nowhere(
    tmp_path, monkeypatch
):
    named = first_reading(tmp_path / "rows.csv")
    (tmp_path / "here" / "parameters").mkdir(parents=True)
    monkeypatch.setenv("PMF_HOME", str(tmp_path / "here"))
    monkeypatch.delenv("PMF_REQUIREMENTS", raising=False)
    assert at_hand() is None
    beside = tmp_path / "shared" / "requirements.csv"
    beside.parent.mkdir()
    beside.touch()
    assert at_hand() == beside
    monkeypatch.setenv("PMF_REQUIREMENTS", str(named))
    assert at_hand() == named
    monkeypatch.setenv("PMF_REQUIREMENTS", str(tmp_path / "none.csv"))
    with pytest.raises(SettingsError, match=r"none.csv', which is not a file"):
        at_hand()


def test_the_same_seed_draws_the_same_clauses_and_another_seed_others():
    one, same, other = (pmf("--draw", "20", "--seed", seed).out for seed in ("5", "5", "6"))
    assert one == same
    assert one != other
    drawn = printed("--draw", "20", "--seed", "5")
    assert len({(row["framework"], row["id"]) for row in drawn}) == 20
    assert {row["framework"] for row in drawn} == set(BOTH)


def test_what_is_drawn_is_told_with_section_force_who_what_and_test():
    said = pmf("--draw", "999").out
    told = dict(re.findall(r"^\d+\. (\S+ \S+)\n((?:   .*\n?)+)", said, re.MULTILINE))
    every = {f"{name} {clause.id}": clause for name in BOTH for clause in frameworks.load(name).clauses}
    assert set(told) == set(every)
    for name, clause in every.items():
        heads = dict(line.strip().split(maxsplit=1) for line in told[name].splitlines())
        assert all(section in heads["section"] for section in clause.sections)
        assert heads["force"].split(",")[0] == clause.force
        assert heads["who"] == (clause.who or "the text names nobody")
        assert heads["what"] == clause.what
        assert heads["test"].startswith(clause.check or "none; ")


def test_each_clause_has_the_same_chance_and_a_clause_taken_out_moves_no_other():
    whole = frameworks.load("wpf-2009")
    (_, first), *rest = draw([whole], 40, 3)
    less = whole.model_copy(update={"clauses": tuple(one for one in whole.clauses if one != first)})
    assert [one.id for _, one in draw([less], 39, 3)] == [one.id for _, one in rest]
    times = pd.Series([one.id for seed in range(300) for _, one in draw([whole], 11, seed)]).value_counts()
    assert len(times) == len(whole.clauses)
    assert times.max() < 60  # 30 expected; chance alone passes 60 in less than one run of ten thousand


def test_days_are_written_as_text_and_what_is_not_known_as_nothing():
    rows = pd.DataFrame({"newest_on": pd.to_datetime(["2024-11-15", None]), "age_months": [0.5, None], "why": ["a", "b"]})  # fmt: skip
    assert clause_results._plain(rows) == [
        {"newest_on": "2024-11-15", "age_months": 0.5, "why": "a"},
        {"newest_on": None, "age_months": None, "why": "b"},
    ]
