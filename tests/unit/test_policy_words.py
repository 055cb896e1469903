"""What is said to whoever wrote a policy file wrongly: the entry, what stands there, what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmf_lib.errors import PolicyError
from pmf_lib.framework.clauses import GroupFile
from pmf_lib.framework.files import FrameworkFile, ThreadFile
from pmf_lib.policy import Policy, load

NODE = "nodes:\n  - {id: aim, level: aim, title: Thrive, source: '1'}\n"
CLAUSE = "clauses:\n  - id: warm\n    source: '1'\n    what: It is warm\n    force: duty\n    unit: council\n    period: year\n    how: attestation\n"  # fmt: skip

SLIPS: dict[str, tuple[type[Policy], str, str, str, str]] = {
    "a section without quotation marks": (ThreadFile, NODE, "source: '1'", "source: 3.1",
        """In entry 1 ('aim'), 'nodes.0.source': got '3.1'; expected text: put it in quotation marks, as in "3.1"."""),
    "a word that is no choice": (GroupFile, CLAUSE, "unit: council", "unit: team",
        "In entry 1 ('warm'), 'clauses.0.unit': got 'team'; expected 'council', 'directorate', 'service' or 'board'."),
    "an id with a capital": (ThreadFile, NODE, "id: aim", "id: Aim",
        "In entry 1 ('Aim'), 'nodes.0.id': got 'Aim'; expected at most 40 lower case letters, digits and hyphens, the first no hyphen."),
    "a key that is missing": (GroupFile, CLAUSE, "    how: attestation\n", "", "In entry 1 ('warm'), key 'clauses.0.how' is missing."),
    "an entry without an id": (GroupFile, CLAUSE, "id: warm\n    ", "", "In entry 1, key 'clauses.0.id' is missing."),
    "a mistyped key": (GroupFile, CLAUSE, "unit: council", "unti: council",
        "In entry 1 ('warm'), key 'clauses.0.unti' is not known. Did you mean 'unit'?"),
    "nothing under a key": (GroupFile, CLAUSE, CLAUSE, "clauses:\n",
        "'clauses': nothing is written there; expected a list, each entry on a line of its own after a hyphen."),
    "a comma within brackets": (ThreadFile, NODE, "title: Thrive", "title: Thrive, all",
        "In entry 1 ('aim'), key 'nodes.0.all' is not known. If it is part of a text that holds a comma, that text stands in quotation marks."),
    "a colon within brackets": (ThreadFile, NODE, "title: Thrive", "title: Aim: thrive",
        "Within brackets, a text that holds a comma, a colon or a bracket stands in quotation marks."),
    "a colon in a line": (GroupFile, CLAUSE, "what: It is warm", "what: Aim: thrive",
        """A text that holds a colon and a space stands in quotation marks, as in "Our aim: to thrive"."""),
    "a tab": (GroupFile, CLAUSE, "    source", "\tsource", "Put spaces in its place."),
    "a line that is set in otherwise": (GroupFile, CLAUSE, "    source", "   source", "take two spaces a step."),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_is_told_by_its_entry_with_what_was_expected(tmp_path: Path, case: str) -> None:
    model, text, old, new, said = SLIPS[case]
    path = tmp_path / "file.yml"
    path.write_text(text, encoding="utf-8")
    load(path, model)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as told:
        load(path, model)
    assert said in str(told.value)


def test_a_list_whose_entries_are_wrong_is_not_called_too_short_besides(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    path.write_text(NODE.replace("'1'", "1"), encoding="utf-8")
    with pytest.raises(PolicyError) as told:
        load(path, ThreadFile)
    assert len(str(told.value).splitlines()) == 2
    path.write_text("nodes: []\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="at least 1 item"):
        load(path, ThreadFile)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "in_force: {from_date: 1 April 2022}",
            "'in_force.from_date': got '1 April 2022'; expected a date, as in 2025-01-31.",
        ),
        ("levels: [{id: a, links: maybe}]", "In entry 1 ('a'), 'levels.0.links': got 'maybe'; expected true or false."),
    ],
)  # fmt: skip
def test_dates_and_flags_are_asked_for_in_words(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "framework.yml"
    path.write_text(f"id: own\n{line}\n", encoding="utf-8")
    with pytest.raises(PolicyError) as told:
        load(path, FrameworkFile)
    assert said in str(told.value)
