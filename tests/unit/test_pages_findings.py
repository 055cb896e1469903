"""Findings on the pages: a card each, the worst first, ten open; observations stand apart, and nothing known is no pass."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib.assurance.maturity.embedding import by_clause
from pmf_lib.council import load
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.lived import findings

SCHEMES = schemes()
COUNCIL = load("sample")
FRAMEWORK = frameworks.load("pmf-2022-25")
IDS = [clause.id for clause in FRAMEWORK.clauses if clause.source == "3.2"][:12]
HOME = COUNCIL.directorates[3]
REGISTERS = pd.DataFrame(
    {"source_file": ["r.csv"], "source_sheet": "", "source_row": [201], "directorate": [HOME.id]}
)


def book(*, own: bool = True, council: bool = False) -> Any:
    """As much of a book as the cards look at."""
    reads = pd.DataFrame({"table": ["registers"], "is_sent": [True]})
    return SimpleNamespace(
        snapshot=SimpleNamespace(table={"reads": reads}.__getitem__), table={"registers": REGISTERS}.__getitem__,
        has_own_records=own, schemes=SCHEMES, council=COUNCIL, framework=FRAMEWORK, unit=None if council else HOME,
        unit_name="Whole council" if council else HOME.name, next_return=date(2025, 1, 20),
    )  # fmt: skip


def clauses(*rows: tuple[str, str, str, int, int]) -> pd.DataFrame:
    """Clauses with levels, from (clause, force, result, tested, failed)."""
    frame = pd.DataFrame(rows, columns=["clause", "force", "result", "population", "failed"])
    named = frame.assign(what="What " + frame["clause"], source="3.2", group="x", why="")
    return by_clause(named.assign(test="measure_has_owner", period="quarter"), SCHEMES.embedding)


def exceptions(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Exceptions, from (clause, subject, owner)."""
    frame = pd.DataFrame(rows, columns=["clause", "subject", "owner"])
    return frame.assign(
        condition="It lacks it.",
        source_file="m.csv",
        source_sheet="",
        source_row=range(2, 2 + len(rows)),
        is_past=False,
    )


ONE = clauses((IDS[0], "duty", "not_met", 3, 2))
CASES = exceptions((IDS[0], "Bins <b>", "Head of Bins"), (IDS[0], "Calls", ""))


def test_where_the_thing_is_missing_its_row_is_said_to_be_of_another_thing_and_no_kind_of_evidence_is_claimed():
    said = findings.findings(
        book(), ONE, CASES.assign(row_is="The figure's row, as no escalation is recorded")
    ).plain
    assert "\nEvidence: The figure's row, as no escalation is recorded: m.csv, row 2; row 3.\n" in said
    assert "Document in force" not in said


def test_a_card_says_criterion_condition_evidence_consequence_action_owner_and_day():
    said = findings.findings(book(), ONE, CASES).plain.splitlines()
    assert said == [
        "One finding, of a duty that is not met.",
        f"1. What {IDS[0]}: not so for 2 of 3 measures",
        "Criterion: A duty of section 3.2 of the Performance Management Framework 2022/2025. ▲ Not met",
        "Condition: Not so for 2 of 3 measures. One of them, “Bins <b>”: It lacks it.",
        "Evidence: Document in force. m.csv, row 2; row 3.",
        "Consequence: Nobody has to explain the figure or put it right.",
        "Suggested action: Name the post that answers for it. By 20 January 2025.",
        f"Owner: Head of Bins (1); {HOME.director}, since no owner is named (1)",
    ]


def test_hostile_text_stays_text():
    markup = findings.findings(book(), ONE, CASES).markup
    assert "<b>" not in markup
    assert "&lt;b&gt;" in markup


def test_the_head_counts_findings_by_result_and_the_worst_stands_first():
    shown = clauses(
        (IDS[0], "duty", "partly", 9, 1), (IDS[1], "minimum", "not_met", 3, 2), (IDS[2], "duty", "partly", 9, 2)
    )  # fmt: skip
    said = findings.findings(book(), shown, exceptions((IDS[0], "A", "B"))).plain.splitlines()
    assert (
        said[0]
        == "Three findings, the worst first: one of a duty that is not met and two of duties that are partly met."
    )
    assert said[1] == f"1. What {IDS[1]}: not so for 2 of 3 measures"


def test_at_most_ten_are_open_and_the_rest_is_folded():
    shown = clauses(*((clause, "duty", "partly", 9, 1) for clause in IDS))
    markup = findings.findings(book(), shown, exceptions()).markup
    opened, folded = markup.split("<details>")
    assert (opened.count("<h3 "), folded.count("<h3 ")) == (10, 2)
    assert "<summary>Two more findings</summary>" in folded


def test_good_practice_and_examples_are_observations_and_never_findings():
    shown = clauses((IDS[0], "good practice", "observation", 9, 4), (IDS[1], "example", "observation", 9, 0),
                    (IDS[2], "duty", "met", 3, 0))  # fmt: skip
    found = exceptions((IDS[0], "Bins", "Head"))
    assert findings.findings(book(), shown, found).plain == findings.ALL_MET
    apart = findings.observations(book(), shown, found)
    assert "One observation of a clause that binds nobody" in apart.plain
    assert "Not so for 4 of 9 measures. One of them, “Bins”: It lacks it." in apart.markup
    assert IDS[1] not in apart.markup


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(IDS[0], "duty", "no_evidence", 0, 0)], findings.NOTHING_TESTED),
        ([(IDS[0], "duty", "no_evidence", 0, 0), (IDS[1], "duty", "met", 2, 0)], findings.ALL_MET),
        ([(IDS[0], "good practice", "observation", 2, 1)], findings.NOTHING_TESTED),
    ],
)
def test_no_finding_says_why_and_what_could_not_be_tested_is_no_pass(rows, said):
    shown = findings.findings(book(), clauses(*rows), exceptions()).plain
    assert shown.startswith(said)
    untested = any(row[2] == "no_evidence" for row in rows)
    assert (
        "One duty could not be tested: of it nothing is known, which is no finding and no pass." in shown
    ) is untested


def test_published_figures_give_no_finding_and_ask_nobody():
    shown = clauses((IDS[0], "duty", "observation", 9, 3))
    said = findings.findings(book(own=False), shown, exceptions((IDS[0], "Bins", "Head"))).plain
    assert said == findings.PUBLISHED


def over_units() -> tuple[pd.DataFrame, pd.DataFrame]:
    units = [COUNCIL.directorates[0].name, COUNCIL.directorates[1].name]
    shown = clauses(
        (IDS[0], "duty", "partly", 9, 1), (IDS[0], "duty", "not_met", 4, 3), (IDS[1], "duty", "not_met", 1, 1)
    )
    found = exceptions((IDS[0], "A", "Ann"), (IDS[0], "B", ""), (IDS[1], "C", ""))
    return shown.assign(unit=[*units, "Whole council"]), found.assign(unit=[*units, "Whole council"])


def test_the_committee_reads_one_card_a_criterion_with_its_units_named():
    said = findings.findings(book(council=True), *over_units()).plain
    assert said.startswith("Two findings in three units, of duties that are not met, the worst first.")
    assert f"1. What {IDS[1]}: not so for the only one tested for the whole council" in said
    assert f"2. What {IDS[0]}: not so for 4 of 13 measures in two units" in said
    assert f"- {COUNCIL.directorates[0].name}: Ann" in said
    assert (
        f"- {COUNCIL.directorates[1].name}: {COUNCIL.directorates[1].director}, since no owner is named"
        in said
    )
    assert "Owner: Chief Executive, since no owner is named" in said


def test_observations_of_the_committee_name_their_unit():
    shown, found = over_units()
    seen = findings.observations(
        book(council=True), shown.assign(force="example", result="observation"), found
    )
    assert COUNCIL.directorates[0].name in seen.markup
    assert "so nothing was observed" in findings.observations(book(council=True), shown, found).markup
    clean = shown.assign(force="example", result="observation", failed=0)
    assert "no exception was seen" in findings.observations(book(council=True), clean, found).markup


def test_of_the_whole_council_the_director_answers_whose_row_it_is_and_else_the_chief():
    shown = clauses((IDS[0], "duty", "partly", 9, 2)).assign(unit="Whole council")
    found = exceptions((IDS[0], "Ours", ""), (IDS[0], "Nobody's", "")).assign(unit="Whole council")
    found = found.assign(source_file="r.csv", source_row=[201, 0])
    made = findings.of_book(book(council=True), shown, found)["owner"].tolist()
    assert made == [
        f"{HOME.director}, since no owner is named (1); Chief Executive, since no owner is named (1)"
    ]


def test_where_one_unit_is_late_and_another_has_not_begun_each_is_asked_what_fits():
    shown, found = over_units()
    late = shown.assign(test="red_is_escalated")
    said = findings.findings(book(council=True), late, found.assign(is_past=[False, True, False])).plain
    assert f"- {COUNCIL.directorates[0].name}: Raise it to the level that the rules ask for" in said
    assert f"- {COUNCIL.directorates[1].name}: Find out why it was raised late" in said
