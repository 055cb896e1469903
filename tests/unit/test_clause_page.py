"""The page of clauses says what the frameworks' files say, and counts of clauses reconcile."""

from __future__ import annotations

import json

import pytest

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance.clause_page import markdown
from pmf_lib.assurance.clauses import ClauseScheme
from pmf_lib.assurance.coverage import as_json, coverage, text, unaccounted
from pmf_lib.framework import dispositions
from pmf_lib.framework.dispositions import Disposition
from pmf_lib.policy import load

PAGE = settings.root() / "docs" / "clauses.md"
REMEDY = """docs/clauses.md lags behind the frameworks' files. Write it again with:
python -c "
from pmf_lib import framework, policy, settings
from pmf_lib.assurance import clause_page, clauses
from pmf_lib.framework import dispositions
scheme = policy.load(settings.root() / 'parameters/schemes/clauses.yml', clauses.ClauseScheme)
found = [framework.load(name) for name in ('pmf-2022-25', 'wpf-2009')]
print(clause_page.markdown([(one, dispositions.load(one)) for one in found], scheme), end='')
" > docs/clauses.md"""


def scheme() -> ClauseScheme:
    return load(settings.root() / "parameters" / "schemes" / "clauses.yml", ClauseScheme)


@pytest.fixture(scope="module", params=["pmf-2022-25", "wpf-2009"])
def one(request):
    found = frameworks.load(request.param)
    return found, dispositions.load(found)


def test_the_committed_page_is_the_files():
    found = [frameworks.load(name) for name in ("pmf-2022-25", "wpf-2009")]
    assert PAGE.read_text(encoding="utf-8") == markdown(
        [(each, dispositions.load(each)) for each in found], scheme()
    ), REMEDY


def test_the_page_lists_every_clause_with_force_check_and_section(one):
    lines = PAGE.read_text(encoding="utf-8").split(f"(`{one[0].id}`)\n")[1].split("\n## ")[0].splitlines()
    listed = {line.split(" | ")[0].removeprefix("| "): line for line in lines if line.startswith("| `")}
    assert list(listed) == [f"`{clause.id}`" for clause in one[0].clauses]
    for clause in one[0].clauses:
        line = listed[f"`{clause.id}`"]
        assert clause.what in line
        assert f"| {clause.force}" in line
        assert clause.check in line
        assert line.endswith(f"| {clause.source} |")


def test_the_page_lists_every_test_once():
    said = PAGE.read_text(encoding="utf-8").split("## Tests\n")[1]
    named = {clause.check for name in ("pmf-2022-25", "wpf-2009") for clause in frameworks.load(name).clauses}
    assert [line.split("`")[1] for line in said.splitlines() if line.startswith("| `")] == sorted(
        named - {""}
    )


def test_counts_of_clauses_reconcile(one):
    found = coverage(*one)
    for counts in (found.by_force, found.by_how, found.by_standing):
        assert sum(counts.values()) == found.clauses_n == len(one[0].clauses)
    assert sum(found.by_disposition.values()) == found.requirements_n
    assert found.tests_there_n + found.tests_awaited_n == len(
        {clause.check for clause in one[0].clauses} - {""}
    )


def test_coverage_is_plain_data_and_can_be_read(one):
    found = coverage(*one)
    assert json.loads(json.dumps(as_json(found)))["clauses_n"] == found.clauses_n
    said = text(found)
    assert said.startswith(f"{one[0].id}: {found.clauses_n} clauses\n")
    assert f"duty {found.by_force['duty']}" in said
    assert f"{found.requirements_n} requirements" in said


def test_a_requirement_without_a_disposition_is_named_and_so_is_a_disposition_without_a_requirement():
    rows = [
        Disposition(requirement=name, disposition="kept", clauses=("x",), activities=(), reason="r")
        for name in ("A-1", "A-3")
    ]
    assert unaccounted(rows, ["A-1", "A-2"]) == ["A-2", "A-3"]
