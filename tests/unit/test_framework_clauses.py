"""The clauses of both frameworks beside their documents and the first reading of them; and every way to write one wrongly."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest
import yaml
from test_framework_checks import AGENDA, ITEM, TOY, keys
from test_framework_documents import one_line, seed

from pmf_lib import framework, settings
from pmf_lib.assurance.coverage import unaccounted
from pmf_lib.errors import PolicyError
from pmf_lib.framework import clauses, dispositions
from pmf_lib.framework.clauses import GROUPS, GroupFile
from pmf_lib.framework.parts import Section
from pmf_lib.records.schema import TABLES, words

PMF, WPF = "pmf-2022-25", "wpf-2009"
BOTH = pytest.mark.parametrize("name", [PMF, WPF])
SEEDS = {PMF: "P22", WPF: "F09"}


def requirements(name: str) -> list[dict[str, str]]:
    """The first reading's rows of one framework, or a skip (a failure where PMF_REQUIRE asks for the seeds)."""
    path = Path(os.environ.get("PMF_REQUIREMENTS") or settings.root().parent / "shared" / "requirements.csv")
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as stream:
            return [row for row in csv.DictReader(stream) if row["seed"] == SEEDS[name]]
    reason = f"the first reading is not at '{path}'; set PMF_REQUIREMENTS to the file"
    if "seeds" in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@BOTH
def test_every_requirement_of_the_first_reading_has_one_disposition(name):
    rows = dispositions.load(framework.load(name))
    assert unaccounted(rows, [row["id"] for row in requirements(name)]) == []


@BOTH
def test_every_disposition_says_why_and_leads_somewhere(name):
    rows = dispositions.load(framework.load(name))
    assert all(len(row.reason) > 8 for row in rows)
    assert all(row.clauses or row.activities for row in rows if row.disposition != "dropped as invented")


@BOTH
def test_every_section_listed_is_printed_in_the_document(name):
    lines = [one_line(line).lstrip("- ") for line in seed(name).splitlines()]
    for section in framework.load(name).sections:
        for start in printed_as(section):
            assert any(re.match(start, line) for line in lines), section


def printed_as(section: Section) -> list[str]:
    """How lines of the document begin: a numbered section with its number and heading, a report's paragraph with its number."""
    title = re.escape(section.title)
    numbered = re.fullmatch(r"(?:\d+ process )?(\d+(?:\.\d+)?)", section.id)
    paragraph = re.fullmatch(r"report (\d+\.\d+)", section.id)
    if numbered:
        return [rf"{re.escape(numbered[1])}\.? {title}"]
    return [rf"(?:\d\. )?{title}", rf"{re.escape(paragraph[1])} "] if paragraph else [title]


@BOTH
def test_every_clause_cites_sections_that_are_listed_and_every_section_listed_could_be_read(name):
    found = framework.load(name)
    assert found.sections
    listed = {section.id for section in found.sections}
    assert [clause.id for clause in found.clauses if not set(clause.sections) <= listed] == []


@BOTH
def test_who_is_given_only_in_the_document_s_own_words(name):
    text = one_line(seed(name)).casefold()
    named = {part for clause in framework.load(name).clauses for part in clause.who.split("; ") if part}
    assert [who for who in sorted(named) if who.casefold().removeprefix("the ") not in text] == []


@BOTH
def test_no_clause_repeats_a_long_stretch_of_the_document(name):
    """Clauses are worded by this workbook: nine words in a row are a quotation."""
    text = " ".join(re.findall(r"\w+", seed(name).casefold()))
    for clause in framework.load(name).clauses:
        said = re.findall(r"\w+", clause.what.casefold())
        runs = [" ".join(said[start : start + 9]) for start in range(len(said) - 8)]
        assert [run for run in runs if run in text] == [], clause.id


@BOTH
def test_every_activity_of_the_timetable_is_in_the_document_word_for_word_and_none_is_a_duty(name):
    text = one_line(seed(name))
    for activity in framework.load(name).timetable:
        assert one_line(activity.what) in text
        assert activity.stream in text
        assert activity.force == "example"


def test_the_2009_timetable_s_48_rows_are_activities_in_their_own_quarter_and_one_example_clause():
    found = framework.load(WPF)
    rows = {row.requirement: row for row in dispositions.load(found)}
    there = {activity.id: activity for activity in found.timetable}
    asked = [row for row in requirements(WPF) if row["section"] == "6 timetable"]
    assert len(asked) == len(there) == 48
    for row in asked:
        (activity,) = rows[row["id"]].activities
        assert f"calendar Q{there[activity].quarter}" == row["area"] or row["actor_or_frequency"].endswith(
            f"Q{there[activity].quarter}"
        )
        assert rows[row["id"]].clauses == ("timetable-activities",)
    assert {clause.force for clause in found.clauses if clause.id == "timetable-activities"} == {"example"}


def by_id(name: str) -> dict[str, clauses.Clause]:
    return {clause.id: clause for clause in framework.load(name).clauses}


def test_board_frequencies_are_examples_monthly_boards_good_practice_and_the_minimum_is_the_yearly_agenda():
    found = by_id(WPF)
    assert found["agenda-frequencies"].force == "example"
    assert found["boards-monthly"].force == "good practice"
    assert (found["agenda-covered"].force, found["agenda-covered"].parameters["times"]) == ("minimum", 1)


def test_inspections_and_cases_are_examples_and_history_asks_nothing():
    pmf, wpf = by_id(PMF), by_id(WPF)
    asked = [pmf["inspections-answered"], pmf["investigations-answered"], pmf["peer-challenge-answered"]]
    assert {clause.force for clause in [*asked, wpf["inspections-answered"]]} == {"example"}
    assert (wpf["assessment-history"].force, wpf["assessment-history"].how) == ("context", "information")


def test_smart_has_a_test_for_each_letter_but_realistic():
    found = by_id(PMF)
    letters = [
        found[f"objectives-{word}"]
        for word in ("specific", "measurable", "achievable", "realistic", "time-based")
    ]
    tests = [clause.check for clause in letters]
    assert tests[3] == ""
    assert letters[3].how == "attestation"
    assert len(set(tests)) == 5


def test_what_the_first_reading_missed_is_there():
    pmf, wpf = by_id(PMF), by_id(WPF)
    assert {
        "panel-on-arrangements",
        "hard-to-reach",
        "citizen-panels",
        "strategic-board-meets",
        "contracted-agencies",
    } <= set(wpf)
    assert {
        "portfolios-have-objectives",
        "portfolios-discussed",
        "providers-send-data",
        "report-implications",
    } <= set(pmf)
    assert "portfolios-discussed" in wpf


@BOTH
def test_dates_that_are_indicative_or_example_are_never_binding(name):
    dated = [clause for clause in framework.load(name).clauses if {"month", "by"} & set(clause.parameters)]
    assert {clause.force for clause in dated} <= {"example"}


KNOWN = {
    "body": words.BODIES, "first": words.BODIES, "then": words.BODIES, "made_by": words.BODIES, "item": words.AGENDA_ITEMS,
    "register": words.REGISTERS, "kinds": words.ASSURANCE_KINDS, "line": words.LINES, "outcome": words.DECISIONS,
    "with_plan": words.PLAN_LEVELS, "levels": words.PLAN_LEVELS, "parts": TABLES["plans"].columns, "tables": TABLES,
    "to": (*TABLES["objectives"].columns, *words.LEVELS), "stage": TABLES["objectives"].columns,
    "asked_by": TABLES["measures"].columns, "level": (*words.PLAN_LEVELS, *words.RISK_LEVELS, *words.LEVELS),
    "kind": (*words.PLAN_KINDS, *words.RISK_KINDS, *words.APPROVAL_KINDS),
}  # fmt: skip
"""Parameter → what records can hold of it."""


@BOTH
@pytest.mark.parametrize("key", KNOWN)
def test_what_a_parameter_names_can_stand_in_the_records(name, key):
    values = {clause.id: clause.parameters.get(key, ()) for clause in framework.load(name).clauses}
    named = {
        (one, value)
        for one, found in values.items()
        for value in ((found,) if isinstance(found, str) else found)
    }
    assert [pair for pair in sorted(named) if pair[1] not in KNOWN[key]] == []


def test_attestations_name_groups_as_clauses_do():
    assert set(words.CLAUSE_GROUPS) == set(GROUPS)


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Writes the toy framework with these files of clauses and dispositions, and loads it."""
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    folder = tmp_path / "parameters" / "frameworks" / "toy"
    (folder / "clauses").mkdir(parents=True)

    def load(groups, table="", **more):
        for name, content in {**TOY, **more}.items():
            (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
        for name, rows in groups.items():
            (folder / "clauses" / name).write_text(yaml.safe_dump({"clauses": rows}), encoding="utf-8")
        if table:
            (folder / "dispositions.csv").write_text(f"{HEAD}\n{table}\n", encoding="utf-8")
        return framework.load("toy")

    load.folder = folder
    return load


HEAD = "requirement,disposition,clauses,activities,reason"
CLAUSE = {"id": "warm", "source": "1", "what": "It is warm", "force": "duty", "unit": "council", "period": "year", "how": "test", "check": "is_warm"}  # fmt: skip
COLD = {**CLAUSE, "id": "cold", "check": "is_cold"}


def test_a_clause_takes_its_group_from_its_file_and_groups_stand_in_their_own_order(toy):
    found = toy({"risk.yml": [CLAUSE], "roles-and-reporting.yml": [COLD]}).clauses
    assert [(one.id, one.group, one.file) for one in found] == [
        ("cold", "roles-and-reporting", "clauses/roles-and-reporting.yml"),
        ("warm", "risk", "clauses/risk.yml"),
    ]


SECTIONS = {"framework.yml": {**TOY["framework.yml"], "sections": [{"id": "1.1", "title": "Heat"}]}}
AGENDAS = {"bodies.yml": {"agendas": [{**AGENDA, "items": [ITEM]}]}}
FAULTS = {
    "the same id in two groups": ({"risk.yml": [CLAUSE], "review.yml": [{**COLD, "id": "warm"}]}, {}, "clauses: clause 'warm' is written twice"),
    "an unknown group": ({"risks.yml": [CLAUSE]}, {}, r"'risks.yml' in '.*clauses' is not the file of a group of clauses. Did you mean 'risk.yml'\?"),
    "one file for all, as it used to be": ({}, {"clauses.yml": {"clauses": [CLAUSE]}}, r"'clauses.yml'.*Clauses are written in clauses/<group>.yml"),
    "an unknown key": ({"risk.yml": [{**CLAUSE, "chek": "x"}]}, {}, r"'risk.yml'(?s:.*)key 'clauses.0.chek' is not known. Did you mean 'check'\?"),
    "a group within the file": ({"risk.yml": [{**CLAUSE, "group": "risk"}]}, {}, r"key 'clauses.0.group' is not known"),
    "an unknown unit": ({"risk.yml": [{**CLAUSE, "unit": "team"}]}, {}, r"'clauses.0.unit': got 'team'"),
    "an unknown way of checking": ({"risk.yml": [{**CLAUSE, "how": "person"}]}, {}, r"'clauses.0.how': got 'person'"),
    "a test that is not named": ({"risk.yml": [{**CLAUSE, "check": ""}]}, {}, r"clauses/risk.yml: clause 'warm' says 'how: test' and names no test. Name it under 'check'"),
    "a test for a person": ({"risk.yml": [{**CLAUSE, "how": "attestation"}]}, {}, r"clause 'warm' says 'how: attestation', which no test answers"),
    "a duty that asks nothing": ({"risk.yml": [{**CLAUSE, "how": "information", "check": ""}]}, {}, r"clause 'warm' is a duty that is only 'information'"),
    "a section that is not there": ({"risk.yml": [{**CLAUSE, "source": "1.1, 1.2"}]}, SECTIONS, r"clause 'warm' cites the section '1.2', which framework.yml does not list. Did you mean '1.1'\?"),
    "an agenda that is not there": ({"boards.yml": [{**CLAUSE, "parameters": {"agenda": "bord"}}]}, AGENDAS, r"parameter 'agenda' names 'bord', which is no agenda of bodies.yml. Did you mean 'board'\?"),
    "one question asked twice": ({"risk.yml": [CLAUSE], "review.yml": [{**COLD, "check": "is_warm"}]}, {}, r"clauses/review.yml: clause 'cold' asks what clause 'warm' asks"),
}  # fmt: skip


@pytest.mark.parametrize(("groups", "more", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_clause_is_refused_with_file_clause_and_remedy(toy, groups, more, said):
    with pytest.raises(PolicyError, match=said):
        toy(groups, **more)


def test_clauses_may_share_a_test_with_other_parameters_or_of_another_unit(toy):
    shared = [
        {**CLAUSE, "parameters": {"months": 3}},
        {**COLD, "check": "is_warm", "parameters": {"months": 6}},
        {**COLD, "id": "cool", "check": "is_warm", "unit": "service", "parameters": {"months": 3}},
    ]
    assert len(toy({"risk.yml": shared}).clauses) == 3


TABLES = {
    "an unknown clause": ("R-1,kept,wram,,as printed\n,new,warm,,missing", r"row 2: 'wram' is no clause of the framework. Did you mean 'warm'\?"),
    "an unknown disposition": ("R-1,keep,warm,,as printed", r"row 2: got the disposition 'keep', expected one of: kept, .*Did you mean 'kept'\?"),
    "no reason": ("R-1,kept,warm,,", "row 2: no reason is given"),
    "a requirement twice": ("R-1,kept,warm,,as printed\nR-1,merged,warm,,again", "requirement 'R-1' is disposed of 2 times"),
    "a clause from nowhere": ("R-1,dropped as invented,,,not in the text", "clause 'warm' comes from no row"),
    "a row that leads nowhere": ("R-1,kept,,,as printed\n,new,warm,,missing", "row 2: kept, and yet it names no clause"),
    "a dropped row that leads somewhere": ("R-1,dropped as invented,warm,,invented", "row 2: dropped, and yet it names a clause"),
    "a new clause from a requirement": ("R-1,new,warm,,missing", "row 2: a row 'new' has no requirement"),
    "an unknown activity": ("R-1,mended,warm,q1-x,an example", "row 2: 'q1-x' is no activity of the framework"),
    "too many cells": ("R-1,kept,warm,,as printed, really", "row 2: got 6 cells, expected 5"),
}  # fmt: skip


@pytest.mark.parametrize(("table", "said"), TABLES.values(), ids=TABLES)
def test_a_fault_in_the_dispositions_is_refused_with_its_row(toy, table, said):
    found = toy({"risk.yml": [CLAUSE]}, table)
    with pytest.raises(PolicyError, match=said):
        dispositions.load(found)


def test_dispositions_that_are_not_utf_8_are_refused(toy):
    found = toy({"risk.yml": [CLAUSE]})
    (toy.folder / "dispositions.csv").write_bytes(f"{HEAD}\nR-1,kept,warm,,caf\xe9".encode("latin-1"))
    with pytest.raises(PolicyError, match="is not a CSV file in UTF-8"):
        dispositions.load(found)


def test_dispositions_of_other_columns_are_refused(toy):
    found = toy({"risk.yml": [CLAUSE]})
    (toy.folder / "dispositions.csv").write_text("id,what\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"got the columns 'id, what', expected 'requirement, disposition,"):
        dispositions.load(found)


def test_a_framework_without_a_first_reading_has_no_dispositions(toy):
    assert dispositions.load(toy({"risk.yml": [CLAUSE]})) == ()


def test_the_guide_names_every_group_and_every_key_of_a_clause():
    guide = (settings.root() / "docs" / "frameworks.md").read_text(encoding="utf-8")
    assert [group for group in GROUPS if f"`{group}`" not in guide] == []
    assert [key for key in sorted(keys([GroupFile])) if f"`{key}`" not in guide] == []
    assert [head for head in (*dispositions.HEADS, *dispositions.KINDS) if f"`{head}`" not in guide] == []
