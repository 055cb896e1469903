"""The committee's page: the worst unit speaks, nothing known hides nothing, and each question names its case."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance import audit_findings
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import ARRANGEMENTS
from pmf_lib.reports.glossary import glossary
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.committee import caveats, committee, committee_tables, first_side
from pmf_lib.workbook.pages.lived import clause_tables, untested
from pmf_lib.workbook.pages.shared import terms
from pmf_lib.workbook.results import Collected


def found(*rows: tuple[str, str, str, str, int, int]) -> pd.DataFrame:
    """One row per (clause, force, unit, result, tested, failed)."""
    frame = pd.DataFrame(rows, columns=["clause", "force", "unit", "result", "population", "failed"])
    return frame.assign(
        what="What " + frame["clause"],
        source="1",
        group="g",
        group_id="risk",
        test="measure_has_owner",
        why="",
    )


def by_clause(rows: pd.DataFrame) -> pd.DataFrame:
    return committee.by_clause(rows, SCHEMES.embedding)


FRAMEWORK = frameworks.load("pmf-2022-25")
SCHEMES = schemes()
GROUPS = pd.DataFrame(
    {"group": ["x", "y"], "unit": ["A", "B"], "claim_gap": ["agrees", "no_claim"], "claimed": ["lived", ""],
     "has_evidence": [True, False], "is_checked": [False, False], "is_earlier": [True, False]}
)  # fmt: skip
"""Two groups over two units, one of them claimed."""


def book(*, own: bool = True, sent: tuple[str, ...] = ARRANGEMENTS, chief: str = "Chief Executive") -> Any:
    directorates = tuple(
        SimpleNamespace(id=name.lower(), name=name, director=f"Director of {name}") for name in "AB"
    )
    return SimpleNamespace(
        has_own_records=own, council=SimpleNamespace(directorates=directorates, chief=chief), framework=FRAMEWORK, schemes=SCHEMES,
        quarter=parse_quarter("2024-25 Q2"), unit=None, baseline=None, snapshot=SimpleNamespace(table={"reads": reads(sent)}.__getitem__),
    )  # fmt: skip


def reads(sent: tuple[str, ...]) -> pd.DataFrame:
    """What was read, one row a table: those that were sent, and the others."""
    return pd.DataFrame({"table": list(ARRANGEMENTS), "is_sent": [name in sent for name in ARRANGEMENTS]})


def collected(*missing: str) -> Collected:
    return Collected({}, is_recorded=True, missing=missing)


def test_the_worst_unit_speaks_for_a_clause() -> None:
    rows = found(
        ("x", "duty", "A", "met", 9, 0),
        ("x", "duty", "B", "not_met", 3, 1),
        ("x", "duty", "C", "partly", 9, 1),
    )
    clause = by_clause(rows).iloc[0]
    assert (clause["result"], clause["population"], clause["failed"]) == ("not_met", 21, 2)


@pytest.mark.parametrize("result", ["met", "observation", "partly", "not_met"])
def test_no_evidence_in_one_unit_hides_no_result_of_another(result: str) -> None:
    rows = found(("x", "duty", "A", "no_evidence", 0, 0), ("x", "duty", "B", result, 4, 1))
    assert by_clause(rows)["result"].tolist() == [result]


def test_no_evidence_anywhere_is_no_evidence() -> None:
    rows = found(("x", "duty", "A", "no_evidence", 0, 0), ("x", "duty", "B", "no_evidence", 0, 0))
    assert by_clause(rows)["result"].tolist() == ["no_evidence"]


def test_the_headline_counts_duties_alone() -> None:
    rows = found(
        ("x", "duty", "A", "not_met", 3, 3), ("y", "minimum", "A", "partly", 9, 1), ("z", "duty", "A", "met", 9, 0),
        ("o", "good practice", "A", "observation", 9, 9), ("n", "duty", "A", "no_evidence", 0, 0),
    )  # fmt: skip
    said = committee.page_headline(book(), collected(), by_clause(rows))
    assert said == "Two of three tested duties are not fully met; one fails in at least one unit"


def test_the_headline_of_an_incomplete_set_says_so_first() -> None:
    rows = by_clause(found(("x", "duty", "A", "met", 3, 0)))
    assert committee.page_headline(book(), collected("B"), rows).startswith(
        "Of one of two directorates: the one duty"
    )


def test_published_figures_give_observations_only() -> None:
    rows = by_clause(found(("x", "duty", "A", "observation", 3, 3), ("y", "duty", "A", "no_evidence", 0, 0)))
    said = committee.page_headline(book(own=False), collected(), rows)
    assert said == "Published figures can show 1 of 2 duties, as observations only"
    assert "council's own records" in first_side.asked(book(own=False), collected(), rows).plain


def test_a_question_names_the_first_case_of_the_unit_that_the_failure_above_names() -> None:
    rows = found(("x", "duty", "A", "partly", 9, 1), ("x", "duty", "B", "not_met", 3, 2))
    cases = pd.DataFrame(
        {"clause": "x", "subject": ["Homes", "Calls <answered>", "Bins"], "unit": ["A", "B", "B"], "is_past": False}
    )  # fmt: skip
    asked = first_side.questions(book(), by_clause(rows), rows, cases)
    assert asked.plain == "- On the first, “Calls <answered>” and one more: who will see to it, and by when?"
    assert '<a href="#finding-x">first</a>, “Calls &lt;answered&gt;” and' in asked.markup


def test_headline_table_and_first_paragraph_count_the_same_duties() -> None:
    rows = found(
        *((f"f{n}", "duty", "A", "partly", 9, 1) for n in range(7)), ("m", "minimum", "A", "met", 9, 0),
        ("r", "duty", "Whole council", "not_due", 0, 0), ("n", "duty", "A", "no_evidence", 0, 0),
        ("o", "good practice", "A", "observation", 9, 0),
    )  # fmt: skip
    clauses = by_clause(rows)
    assert committee.page_headline(book(), collected(), clauses).startswith("Seven of eight tested duties")
    weak = committee_tables.weakest(book(), rows, clauses)
    assert "Seven arrangements are not fully met" in weak.plain
    assert sum(f"What f{n}" in weak.markup for n in range(7)) == 7
    first = first_side.failures(book(), rows, clauses, 5)
    assert (
        first.plain.splitlines()[0]
        == "Seven arrangements are not fully met; here are the five weakest, and two more below:"
    )
    assert sum(f"What f{n}" in first.plain for n in range(7)) == 5
    assert "how the seven weaknesses will be mended" in first_side.asked(book(), collected(), clauses).plain
    said = committee.section(book(), "know", committee.looked_at(clauses)).plain
    assert "Nine of 11 clauses with a test could be tested; one is not yet due." in said
    limits = caveats.limits(book(), rows, GROUPS, collected()).plain
    assert (
        f"Beside the clauses with a test stand {untested.without_test(FRAMEWORK.clauses)}; none of them is taken for a pass."
    ) in limits


def test_an_observation_is_never_shown_as_met() -> None:
    rows = found(("o", "good practice", "A", "observation", 9, 0), ("p", "example", "B", "observation", 9, 2))
    said = committee_tables.by_unit(book(), collected(), rows.assign(level="observed")).markup
    assert "Observation: no exceptions" in said
    assert "Observation: two exceptions" in said
    assert "Met" not in said


def test_no_owner_is_said_the_same_way_with_the_post_that_answers() -> None:
    rows = by_clause(found(("x", "duty", "A", "partly", 9, 1)))
    cases = pd.DataFrame(
        {"clause": "x", "subject": "Bins", "condition": "wrong", "owner": "", "unit": ["A", "Whole council"],
         "source_file": "", "source_row": 0}
    )  # fmt: skip
    said = clause_tables.exceptions_in_full(book(), cases, rows).markup
    assert "none named; the Director of A answers<" in said
    assert "none named; the Chief Executive answers<" in said
    said = clause_tables.exceptions_in_full(book(chief=""), cases, rows).markup.replace("&#x27;", "'")
    assert "none named; the council's management team answers<" in said


def test_what_could_not_be_tested_is_said_with_its_units() -> None:
    rows = found(
        ("x", "duty", "A", "no_evidence", 0, 0),
        ("x", "duty", "B", "met", 4, 0),
        ("y", "duty", "A", "met", 4, 0),
    )
    said = caveats.limits(book(), rows, GROUPS, collected()).markup
    assert "What x: no evidence in A." in said
    assert "What y" not in said


def test_what_a_decision_varies_is_told_once_with_its_units_and_counted_with_what_was_not_tested() -> None:
    rows = found(
        ("x", "duty", "A", "varied", 0, 0), ("x", "duty", "B", "varied", 0, 0), ("x", "duty", "Whole council", "varied", 0, 0),
        ("y", "duty", "A", "not_applicable", 0, 0), ("y", "duty", "B", "varied", 0, 0),
        ("z", "duty", "A", "varied", 0, 0), ("z", "duty", "B", "partly", 4, 1),
    ).assign(why="Cabinet agreed.")  # fmt: skip
    clauses = by_clause(rows)
    assert clauses.set_index("clause")["result"].to_dict() == {"x": "varied", "y": "varied", "z": "partly"}
    said = committee.looked_at(clauses)
    assert (
        "One of three clauses with a test could be tested; two are varied by decision in some unit." in said
    )
    limits = caveats.limits(book(), rows, GROUPS, collected()).plain
    assert "“What x” is not judged in A, in B and for the whole council. Cabinet agreed." in limits
    assert limits.count("“What x”") == 1


def test_what_could_be_tested_nowhere_is_one_sentence_and_names_no_unit() -> None:
    rows = found(*((clause, "duty", unit, "no_evidence", 0, 0) for clause in "xy" for unit in "AB"))
    said = caveats.limits(book(), rows, GROUPS, collected()).plain
    assert "In no unit is there any evidence of: “What x”; “What y”." in said
    assert "no evidence in A" not in said


def test_tables_that_nobody_sent_are_named_and_where_all_were_sent_none_is():
    rows = found(("x", "duty", "A", "met", 4, 0))
    assert "Nobody sent" not in caveats.limits(book(), rows, GROUPS, collected()).plain
    some = tuple(name for name in ARRANGEMENTS if name not in ("risks", "meetings"))
    said = caveats.limits(book(sent=some), rows, GROUPS, collected()).plain
    assert "Nobody sent the tables of meetings and risks, so nothing is known" in said
    said = caveats.limits(book(sent=ARRANGEMENTS[1:]), rows, GROUPS, collected()).plain
    assert f"Nobody sent the table of {ARRANGEMENTS[0]}, so" in said


def test_where_no_table_of_arrangements_was_sent_only_the_measures_tables_were_tested():
    (said,) = caveats.unsent(book(sent=()))
    assert said.startswith(
        "Nobody sent any table of arrangements, so only what leaves a trace in the measures' own tables"
    )
    assert all(name in said for name in ARRANGEMENTS)


@pytest.mark.parametrize(
    ("result", "said"),
    [("no_evidence", "No duty could be tested, so none can fail."), ("met", "Every duty that could be tested is met."),
     ("observation", "No duty could be tested, so none can fail.")],
)  # fmt: skip
def test_no_weak_arrangement_is_told_apart_from_none_tested(result: str, said: str) -> None:
    rows = found(("x", "duty", "A", result, 3, 0))
    assert said in committee_tables.weakest(book(), rows, by_clause(rows)).markup


def test_where_every_tested_duty_fails_the_headline_says_none():
    rows = by_clause(found(("x", "duty", "A", "partly", 9, 1), ("y", "duty", "A", "partly", 9, 1)))
    said = committee.page_headline(book(), collected(), rows)
    assert said == "None of two tested duties is fully met; none fails outright"


def test_a_failure_of_the_council_as_a_whole_says_so() -> None:
    rows = found(("x", "duty", "Whole council", "not_met", 3, 1))
    said = first_side.failures(book(), rows, by_clause(rows), 5)
    assert (
        said.plain
        == "One arrangement is not fully met, the weakest first:\n- What x: not met for the whole council (1 of 3 measures)."
    )


def test_how_far_figures_can_be_relied_on_is_one_sentence() -> None:
    quality = pd.DataFrame({"reliance": ["rely", "with_care", "do_not_rely", "with_care", "not_judged"]})
    (said,) = caveats.reliance(Collected({"quality": quality}, is_recorded=True))
    assert said.startswith(
        "One of four measures that could be judged has figures that should not be relied on, and two are to be read with "
        "care; one more could not be judged. Each"
    )


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["not_judged"] * 3, "Of no measure could it be judged whether its figures can be relied on."),
        (
            ["rely", "rely"],
            "None of two measures that could be judged has figures that should not be relied on, and none is",
        ),
        (["do_not_rely"], "The one measure that could be judged has figures that should not be relied on"),
    ],
)
def test_what_was_not_judged_is_never_counted_as_relied_on(codes: list[str], said: str) -> None:
    quality = pd.DataFrame({"reliance": codes})
    assert caveats.reliance(Collected({"quality": quality}, is_recorded=True))[0].startswith(said)


def test_without_a_page_on_data_quality_nothing_is_said_of_it() -> None:
    assert caveats.reliance(collected()) == []


def test_what_limits_the_evidence_says_how_far_claims_go_and_what_they_lack() -> None:
    rows = found(("x", "duty", "A", "met", 4, 0))
    said = caveats.limits(book(), rows, GROUPS, collected()).plain
    assert (
        "One of two groups over two units has a claimed level: one was checked by no second post and one is of an earlier year. "
        "A claim is never taken for evidence."
    ) in said


@pytest.mark.parametrize(
    ("past", "said"),
    [
        ([True], "“S0”: how did it come about, and what keeps it from happening again?"),
        ([False, True], "“S0” and one more: who will see to what can still be mended, and by when?"),
        ([False], "“S0”: who will see to it, and by when?"),
    ],
)
def test_nobody_is_asked_to_see_to_what_lies_in_the_past(past: list[bool], said: str) -> None:
    rows = found(("x", "duty", "A", "partly", 9, len(past)))
    subjects = [f"S{place}" for place in range(len(past))]
    cases = pd.DataFrame({"clause": "x", "subject": subjects, "unit": "A", "is_past": past})
    asked = first_side.questions(book(), by_clause(rows), rows, cases)
    assert asked.plain == f"- On the first, {said}"


def test_table_questions_and_findings_stand_in_one_order() -> None:
    rows = found(
        ("a", "duty", "A", "partly", 9, 2), ("a", "duty", "B", "met", 90, 0), ("b", "duty", "A", "partly", 9, 1),
        ("c", "duty", "A", "not_met", 9, 4), ("c", "duty", "B", "met", 900, 0), ("d", "duty", "B", "not_met", 9, 3),
    )  # fmt: skip
    ordered = audit_findings.worst_first(rows[rows["result"].isin(audit_findings.FAILED)], SCHEMES.embedding)
    assert by_clause(rows)["clause"].tolist() == ordered["clause"].tolist() == ["c", "d", "a", "b"]


@pytest.mark.parametrize(
    ("units", "chief", "asks"),
    [
        ("A", "Chief Executive", "asks the directors of the units named to say"),
        ("AW", "Chief Executive", "asks the directors of the units named, and the Chief Executive for the council as a whole, to say"),
        ("W", "Chief Executive", "asks the Chief Executive to say"),
        ("W", "", "asks the council's management team to say"),
    ],
)  # fmt: skip
def test_the_recommendation_names_who_is_asked(units: str, chief: str, asks: str) -> None:
    names = {"A": "A", "W": "Whole council"}
    rows = found(*((unit, "duty", names[unit], "partly", 9, 1) for unit in units))
    assert asks in first_side.asked(book(chief=chief), collected(), by_clause(rows)).plain


def test_the_title_of_few_weaknesses_counts_them() -> None:
    rows = found(("x", "duty", "A", "partly", 9, 1), ("y", "duty", "A", "partly", 9, 1))
    assert (
        "Two arrangements are not fully met" in committee_tables.weakest(book(), rows, by_clause(rows)).plain
    )


def test_that_the_council_attests_nothing_of_itself_is_said() -> None:
    rows, own = found(("x", "duty", "A", "met", 4, 0)), GROUPS.assign(unit=["A", "Whole council"])
    said = "Nobody attests anything of the council as a whole: no attestation is its own, so its one group of duties stands"
    assert said in caveats.limits(book(), rows, own, collected()).plain
    assert "Nobody attests" not in caveats.limits(book(), rows, GROUPS, collected()).plain


# ---- the first side --------------------------------------------------------------------------------------------------


def test_a_paper_from_an_incomplete_set_says_so_before_all_and_asks_to_hear_of_the_rest() -> None:
    rows = by_clause(found(("x", "duty", "A", "met", 3, 0)))
    said = first_side.aim(book(), collected("B"), rows).plain.splitlines()
    assert said[0] == (
        "This paper is from an incomplete set. It speaks of one of two directorates: no results of B are in it, so it can't be taken for "
        "the whole council."
    )
    asked = first_side.asked(book(), collected("B"), rows).plain.splitlines()
    assert (
        asked[-1]
        == "- asks again once the results of B are in: a paper on part of the council says nothing of the rest."
    )


def test_a_whole_set_has_no_such_warning() -> None:
    rows = by_clause(found(("x", "duty", "A", "met", 3, 0)))
    assert "incomplete" not in first_side.aim(book(), collected(), rows).plain
    assert first_side.asked(book(), collected(), rows).plain.splitlines() == [
        "That the committee:",
        "- notes the proposed rating and what it rests on; no weakness was found in what could be tested.",
    ]


def test_published_figures_are_told_from_arrangements_and_ask_nobody() -> None:
    rows = found(("x", "duty", "A", "observation", 3, 3), ("y", "duty", "A", "no_evidence", 0, 0))
    said = first_side.aim(book(own=False), collected(), by_clause(rows)).plain
    assert said.endswith(
        "The council's own records were not seen. One of two clauses with a test could be tested. What limits this."
    )
    assert first_side.failures(book(own=False), rows, by_clause(rows), 5).plain == (
        "No failure can be told from published figures, and nobody is asked for anything."
    )


def test_each_failure_on_the_first_side_leads_to_its_finding_and_says_where_it_is_worst() -> None:
    rows = found(
        ("x", "duty", "A", "partly", 1200, 1), ("x", "duty", "B", "not_met", 3, 2), ("y", "duty", "A", "partly", 9, 1),
    )  # fmt: skip
    said = first_side.failures(book(), rows, by_clause(rows), 5)
    assert said.plain.splitlines() == [
        "Two arrangements are not fully met, the weakest first:",
        "- What x: not met in B (2 of 3 measures), and in one more unit.",
        "- What y: partly met in A (1 of 9 measures).",
    ]
    assert '<a href="#finding-x">What x:</a>' in said.markup


def test_without_an_earlier_paper_nothing_is_said_to_have_changed() -> None:
    assert first_side.changed(book(), pd.DataFrame(), None).plain == ""


def test_the_nothing_that_could_be_tested_is_noted() -> None:
    rows = by_clause(found(("x", "duty", "A", "no_evidence", 0, 0)))
    said = first_side.asked(book(), collected(), rows).plain
    assert said.endswith(
        "notes the proposed rating and what it rests on; nothing could be tested on the records that came."
    )


def test_a_section_has_the_heading_of_the_council_s_template_under_its_own_address() -> None:
    said = committee.section(book(), "know").markup
    assert said.startswith('<h2 class="pmf-new-side" id="know">Know: what the records show</h2>')
    assert 'glossary.html#finding">Findings</a>' in said


def test_every_word_that_pages_link_is_in_the_glossary() -> None:
    listed = set(glossary((settings.root() / "GLOSSARY.md").read_text(encoding="utf-8"))["word"])
    assert sorted(set(terms.TERMS.values()) - listed) == []
