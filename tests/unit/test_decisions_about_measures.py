"""Decisions about measures as files: whose they are, from which day they are known, and what a run's id makes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from pmf_lib import decisions
from pmf_lib.decisions import Rebase, about_measures
from pmf_lib.errors import PolicyError
from pmf_lib.store import identity

REBASE = {
    "kind": "rebase",
    "measure": "calls",
    "period": "2024-04",
    "why": "New telephones",
    "by": "Performance Board",
    "dated": date(2024, 8, 1),
}
COMMENT = {
    "kind": "comment",
    "measure": "calls",
    "quarter": "2024-25 Q2",
    "answer": "confirmed",
    "read": "0123456789ab",
    "by": "Head of Performance",
    "dated": date(2024, 11, 15),
}
AS_AT = date(2024, 11, 15)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a decision of a council into a root of its own."""
    monkeypatch.setenv("PMF_HOME", str(tmp_path))

    def written(name: str, content: object, council: str = "sample") -> Path:
        path = tmp_path / about_measures.folder(council) / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    (tmp_path / "parameters").mkdir()
    return written


def test_a_decision_is_known_from_its_own_day_on(write: Callable[..., Path]) -> None:
    write("a", REBASE)
    assert decisions.known("sample", date(2024, 7, 31)).all == ()
    [(file, known)] = decisions.known("sample", date(2024, 8, 1)).rebases
    assert (file, known.period) == ("parameters/decisions/measures/sample/a.yml", "2024-04")


def test_a_council_s_decisions_are_no_other_council_s(write: Callable[..., Path]) -> None:
    write("a", REBASE)
    write("b", "nonsense", council="another")
    assert len(decisions.of_measures("sample").all) == 1


def test_of_two_about_the_same_the_last_one_dated_counts(write: Callable[..., Path]) -> None:
    write("z", REBASE)
    write("a", {**REBASE, "why": "New rota", "dated": date(2024, 9, 1)})
    write("b", {**REBASE, "period": "2023-04"})
    found = {one.period: one.why for _, one in decisions.known("sample", AS_AT).rebases}
    assert found == {"2024-04": "New rota", "2023-04": "New telephones"}
    write("m", COMMENT)
    write("n", {**COMMENT, "answer": "means something else"})
    assert [one.answer for _, one in decisions.known("sample", AS_AT).comments] == ["means something else"]


def test_a_decision_that_was_withdrawn_was_still_known_in_between(write: Callable[..., Path]) -> None:
    write("a", REBASE)
    write("b", {**REBASE, "withdrawn": True, "dated": date(2024, 10, 1)})
    assert len(decisions.known("sample", date(2024, 9, 30)).rebases) == 1
    assert decisions.known("sample", AS_AT).rebases == ()


@pytest.mark.parametrize("last", ["b", "a-10"])
def test_of_one_date_the_last_in_the_order_of_names_counts_whatever_their_length(
    write: Callable[..., Path], last: str
) -> None:
    write("a-2-taken-back", {**REBASE, "withdrawn": True})
    write(last, REBASE)
    assert len(decisions.known("sample", AS_AT).rebases) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            {**REBASE, "kind": "rebas"},
            "'rebas' is not a known kind of decision about a measure. Did you mean 'rebase'?",
        ),
        ({**REBASE, "perod": "2024-04"}, "key 'perod' is not known. Did you mean 'period'?"),
        ({name: value for name, value in REBASE.items() if name != "by"}, "key 'by' is missing."),
        ({**REBASE, "why": ""}, "'why': got ''"),
        ({**COMMENT, "quarter": "2024-25 Q5"}, "'2024-25 Q5' is not a reporting quarter."),
        ({**COMMENT, "answer": "perhaps"}, "'answer': got 'perhaps'"),
        ({**COMMENT, "read": "all of it"}, "'read': got 'all of it'"),
    ],
)
def test_a_file_that_says_something_unknown_is_refused_by_name_and_key(
    write: Callable[..., Path], content: object, said: str
) -> None:
    write("mine", content)
    with pytest.raises(PolicyError, match=r"mine\.yml") as refused:
        decisions.of_measures("sample")
    assert said in str(refused.value)


def test_what_is_written_reads_as_what_was_decided(write: Callable[..., Path], tmp_path: Path) -> None:
    content = {**REBASE, "measure": "x", "period": "2023/24 Summer"}
    made = about_measures.made("sample", Rebase, **{key: content[key] for key in content if key != "kind"})
    path = about_measures.path("sample", made)
    assert path.name == "2024-08-01-rebase-x-2023-24-summer.yml"
    write(path.stem, "")
    (tmp_path / path).write_text(about_measures.text(made), encoding="utf-8")
    assert "withdrawn" not in about_measures.text(made)
    [one] = decisions.of_measures("sample").all
    assert one.decision == made
    assert about_measures.path("sample", made).name == "2024-08-01-rebase-x-2023-24-summer-2.yml"


def test_what_is_decided_by_the_as_at_date_is_part_of_the_policy_and_nothing_else_is(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    def digest(as_at: date = AS_AT) -> str:
        return identity.policy_digest(tmp_path, "sample", "framework", as_at)

    before = digest()
    write("elsewhere", REBASE, council="another")
    write("later", {**REBASE, "dated": date(2024, 11, 16)})
    assert digest() == before
    write("known", REBASE)
    known = digest()
    assert known != before
    write("known", {**REBASE, "why": "Another reason"})
    assert len({before, known, digest(), digest(date(2024, 11, 16))}) == 4
    assert digest(date(2024, 7, 31)) == before
