"""The guide's worked example is carried out: one function and one YAML row make a clause test."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from minuted import evidence, not_sent, rows
from workspace import REPOSITORY

from pmf_lib import framework as frameworks
from pmf_lib import policy
from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.clauses import ClauseScheme, results, standing
from pmf_lib.assurance.maturity import embedding
from pmf_lib.assurance.maturity.rules import EmbeddingScheme
from pmf_lib.errors import PolicyError
from pmf_lib.framework.clauses import Clause

GUIDE = REPOSITORY / "docs" / "frameworks.md"
NAME, CLAUSE = "recommendation_has_owner", "recommendations-owned"
ACCEPTED = {
    "recommendation_id": "r-1",
    "title": "Write it down",
    "response": "accepted",
    "owner": "Head of Bins",
}
ROWS = [ACCEPTED, {**ACCEPTED, "recommendation_id": "r-2", "title": "Ask again"}, {**ACCEPTED, "recommendation_id": "r-3", "title": "Buy it", "response": "awaited", "owner": ""}]  # fmt: skip


def blocks() -> tuple[str, str, str]:
    """The function, its row, and the clause that names it."""
    section = GUIDE.read_text(encoding="utf-8").split(
        "## Adding a clause test: one function and one YAML row"
    )[1]
    function, row, clause = re.findall(r"```(?:python|yaml)\n(.*?)```", section.split("\n## ")[0], re.DOTALL)
    return function, row, clause


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the parameters, and a registry that is put back."""
    shutil.copytree(REPOSITORY / "parameters", tmp_path / "parameters")
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    known = dict(TESTS)
    yield tmp_path / "parameters"
    TESTS.clear()
    TESTS.update(known)


def write_down(home: Path) -> Clause:
    """The row under 'tests', the clause at the end of its group's file, and the function; the clause as it is read."""
    function, row, clause = blocks()
    with (home / "schemes" / "embedding.yml").open("a", encoding="utf-8") as stream:
        stream.write(row)
    with (home / "frameworks" / "pmf-2022-25" / "clauses" / "external.yml").open(
        "a", encoding="utf-8"
    ) as stream:
        stream.write(clause)
    exec(compile(function, "frameworks.md", "exec", dont_inherit=True), {})
    return next(one for one in frameworks.load("pmf-2022-25").clauses if one.id == CLAUSE)


def answered(home: Path, clause: Clause, looked_at) -> tuple[pd.Series, pd.DataFrame]:
    """The clause's result with what it shows, and its exceptions."""
    found, cases = results([clause], looked_at, policy.load(home / "schemes" / "clauses.yml", ClauseScheme))
    shown = embedding.by_clause(found, policy.load(home / "schemes" / "embedding.yml", EmbeddingScheme))
    return shown.iloc[0], cases


def test_the_function_and_the_row_of_the_guide_are_a_clause_test(home):
    clause = write_down(home)
    assert standing(clause) == "has_test"
    row, cases = answered(home, clause, evidence({"recommendations": rows("recommendations", ROWS)}))
    assert (row["result"], row["population"], row["level"], len(cases)) == ("met", 2, "on_paper", 0)
    bare = [{**ROWS[0], "owner": ""}, *ROWS[1:]]
    row, cases = answered(home, clause, evidence({"recommendations": rows("recommendations", bare)}))
    assert (row["result"], row["population"], row["failed"]) == ("not_met", 2, 1)
    assert cases[["subject", "condition", "source_file", "source_row"]].to_numpy().tolist() == [
        [
            "Write it down",
            "It was accepted, and no post is named that carries it out.",
            "recommendations.csv",
            2,
        ]
    ]


def test_the_test_of_the_guide_takes_nothing_known_for_no_evidence(home):
    clause = write_down(home)
    none = evidence({"recommendations": rows("recommendations", [])})
    for looked_at in (none, not_sent(none, "recommendations")):
        assert answered(home, clause, looked_at)[0]["result"] == "no_evidence"


def test_without_its_row_the_test_is_refused_with_the_place_to_write_it(home):
    before = (home / "schemes" / "embedding.yml").read_bytes()
    clause = write_down(home)
    (home / "schemes" / "embedding.yml").write_bytes(before)
    with pytest.raises(PolicyError, match=r"Add it under 'tests' in parameters/schemes/embedding.yml"):
        answered(home, clause, evidence({"recommendations": rows("recommendations", ROWS)}))


def test_without_its_function_the_clause_is_refused(home):
    clause = write_down(home)
    del TESTS[NAME]
    with pytest.raises(PolicyError, match=rf"'{NAME}' is not a known test \(clause '{CLAUSE}'\)"):
        answered(home, clause, evidence({"recommendations": rows("recommendations", ROWS)}))
