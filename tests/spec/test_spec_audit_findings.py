"""Findings in audit form, as drawn tables: which results make one, in what order, on what evidence, and who mends it."""

from datetime import date

import pandas as pd
import pytest
from drawn import cases

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance import audit_findings, citations
from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.maturity.rules import Basis, EmbeddingScheme, EvidenceKind
from pmf_lib.policy import load

SCHEME = EmbeddingScheme(
    version=1,
    dated=date(2024, 4, 1),
    source="test",
    not_lived_from_pct=50,
    kinds=(
        EvidenceKind(code="seen", word="Seen", cap="lived", means="x"),
        EvidenceKind(code="said", word="Said", cap="on_paper", means="x"),
    ),
    tests={
        "seen": Basis(
            rests_on="seen",
            of="skips",
            mend="Do it",
            mend_past="Ask why it was late",
            matters="It stays undone",
        ),
        "said": Basis(rests_on="said", mend="Say it"),
    },
)
IN_FORCE = load(settings.root() / "parameters" / "schemes" / "embedding.yml", EmbeddingScheme)
FRAMEWORK = frameworks.load("pmf-2022-25")
OF_2009 = frameworks.load("wpf-2009")
CLAUSES = [clause.id for clause in FRAMEWORK.clauses]
DAY = date(2025, 1, 20)


def clauses(*rows: tuple[str, str, str, int, int], test: str = "seen") -> pd.DataFrame:
    """Clauses of one unit, from (clause, force, result, tested, failed)."""
    frame = pd.DataFrame(rows, columns=["clause", "force", "result", "population", "failed"])
    return frame.assign(unit="Bins", what="What " + frame["clause"], test=test, rests_on=test)


def exceptions(*rows: tuple[str, str, str, int], unit: str = "Bins") -> pd.DataFrame:
    """Exceptions, from (clause, subject, owner, row); one without a row has none."""
    frame = pd.DataFrame(rows, columns=["clause", "subject", "owner", "source_row"])
    file = (frame["source_row"] > 0).map({True: "a.csv", False: ""})
    return frame.assign(unit=unit, condition="It lacks it.", source_file=file, answers="", is_past=False)


def findings(shown: pd.DataFrame, found: pd.DataFrame, **directors: str) -> pd.DataFrame:
    told = found.assign(answers=[directors.get(unit, "") for unit in found["unit"]])
    return audit_findings.findings(shown, told, framework=FRAMEWORK, scheme=SCHEME, by=DAY)


MAKES = """
| force         | result      | becomes     |
| duty          | not_met     | finding     |
| duty          | partly      | finding     |
| minimum       | not_met     | finding     |
| minimum       | partly      | finding     |
| duty          | met         | neither     |
| duty          | no_evidence | neither     |
| duty          | not_due     | neither     |
| duty          | observation | observation |
| good practice | observation | observation |
| example       | observation | observation |
| context       | observation | observation |
| good practice | no_evidence | neither     |
"""


@pytest.mark.parametrize("case", cases(MAKES))
def test_only_a_duty_or_a_minimum_that_is_not_fully_met_makes_a_finding(case):
    shown = clauses((CLAUSES[0], case["force"], case["result"], 4, 1))
    found = exceptions((CLAUSES[0], "Skips", "Head", 2))
    made = len(findings(shown, found)), len(audit_findings.observations(shown, found, FRAMEWORK, SCHEME))
    assert made == {"finding": (1, 0), "observation": (0, 1), "neither": (0, 0)}[case["becomes"]]


ORDER = """
| first                | second               |
| not_met 1 of 9 seen  | partly 1 of 4 said   |
| partly 1 of 4 seen   | partly 1 of 9 said   |
| partly 1 of 9 said   | partly 1 of 9 seen   |
| not_met 3 of 3 said  | not_met 3 of 9 said  |
"""


@pytest.mark.parametrize("case", cases(ORDER))
@pytest.mark.parametrize("turned", [False, True])
def test_the_worst_comes_first_however_the_clauses_stand(case, turned):
    drawn = [
        (clause, *case[place].split()) for clause, place in zip(CLAUSES, ("first", "second"), strict=False)
    ]
    rows = [
        clauses((clause, "duty", result, int(population), int(failed)), test=test)
        for clause, result, failed, _, population, test in drawn
    ]
    shown = pd.concat(reversed(rows) if turned else rows, ignore_index=True)
    assert findings(shown, exceptions())["clause"].tolist() == CLAUSES[:2]


EVIDENCE = """
| rows          | evidence                                               |
| 5             | a.csv, row 5.                                          |
| 5 9 12        | a.csv, row 5; row 9; row 12.                           |
| 5 9 12 13     | a.csv, row 5; row 9; row 12; 1 more row.               |
| 5 9 12 13 14  | a.csv, row 5; row 9; row 12; 2 more rows.              |
| 5 5           | a.csv, row 5.                                          |
| 5 0           | a.csv, row 5; 1 exception has no row.                  |
| 0 0           | No row: what is missing leaves none.                   |
"""


@pytest.mark.parametrize("case", cases(EVIDENCE))
def test_evidence_is_a_few_rows_and_how_many_more(case):
    rows = [int(row) for row in case["rows"].split()]
    found = exceptions(*((CLAUSES[0], f"S{place}", "Head", row) for place, row in enumerate(rows)))
    (row,) = findings(clauses((CLAUSES[0], "duty", "partly", 99, len(rows))), found).to_dict("records")
    assert row["evidence"] == case["evidence"]


LACKS = "The figure's row, as no escalation is recorded"
ROW_IS = f"""
| row is       | kind | evidence                                                     |
| -; -         | yes  | a.csv, row 5; row 6.                                         |
| {LACKS}; -   | yes  | a.csv, row 6. {LACKS}: a.csv, row 5.                         |
| {LACKS}; {LACKS} | no | {LACKS}: a.csv, row 5; row 6.                              |
"""


@pytest.mark.parametrize("case", cases(ROW_IS))
def test_a_row_of_another_thing_is_said_to_be_that_and_is_not_of_the_kind_of_evidence(case):
    row_is = ["" if one == "-" else one for one in case["row is"].split("; ")]
    found = exceptions((CLAUSES[0], "A", "Head", 5), (CLAUSES[0], "B", "Head", 6)).assign(row_is=row_is)
    (row,) = findings(clauses((CLAUSES[0], "duty", "partly", 9, 2)), found).to_dict("records")
    assert (row["evidence"], row["is_of_kind"]) == (case["evidence"], case["kind"] == "yes")


def test_another_file_is_named_anew():
    found = exceptions((CLAUSES[0], "A", "", 5), (CLAUSES[0], "B", "", 6), (CLAUSES[0], "C", "", 7))
    moved = found.assign(source_file=["a.csv", "b.csv", "b.csv"])
    (row,) = findings(clauses((CLAUSES[0], "duty", "partly", 9, 3)), moved).to_dict("records")
    assert row["evidence"] == "a.csv, row 5; b.csv, row 6; row 7."


OWNERS = """
| posts           | director | owner                                                  |
| Ann             | Dee      | Ann                                                    |
| Ann Ann         | Dee      | Ann                                                    |
| Ann Bob Bob     | Dee      | Bob (2); Ann (1)                                       |
| -               | Dee      | Dee, since no owner is named                           |
| - - Ann         | Dee      | Dee, since no owner is named (2); Ann (1)              |
| -               |          | none named                                             |
| Ann Bob Cy Di E | Dee      | Ann (1); Bob (1); Cy (1); 2 more posts                 |
"""


@pytest.mark.parametrize("case", cases(OWNERS))
def test_posts_stand_with_their_counts_and_the_director_answers_where_none_is_named(case):
    posts = [post.replace("-", "") for post in case["posts"].split()]
    found = exceptions(*((CLAUSES[0], f"S{place}", post, 2) for place, post in enumerate(posts)))
    directors = {"Bins": case["director"]} if "director" in case else {}
    shown = clauses((CLAUSES[0], "duty", "not_met", 9, len(posts)))
    assert findings(shown, found, **directors)["owner"].tolist() == [case["owner"]]


SECTIONS = """
| framework | sections             | cited                                                                                     |
| 2022      | 3.2                  | section 3.2 of the Performance Management Framework 2022/2025                             |
| 2022      | 2.1, 3.2, 3.3        | sections 2.1, 3.2 and 3.3 of the Performance Management Framework 2022/2025               |
| 2022      | title page           | the title page of the Performance Management Framework 2022/2025                          |
| 2022      | report 7.1           | section 7.1 of the report on the Performance Management Framework 2022/2025               |
| 2009      | 3, 5 process 7       | sections 3 and 5 (process 7) of the Walsall Performance Framework 2009                    |
| 2009      | report recommendations | the recommendations of the report on the Walsall Performance Framework 2009             |
"""


@pytest.mark.parametrize("case", cases(SECTIONS))
def test_a_criterion_is_cited_by_section_and_document(case):
    framework = {"2022": FRAMEWORK, "2009": OF_2009}[case["framework"]]
    assert citations.cite(framework, case["sections"].split(", ")) == case["cited"]


def test_a_section_of_both_documents_names_both():
    said = citations.cite(FRAMEWORK, ["1.1", "report 4.6"])
    assert said == (
        "section 1.1 of the Performance Management Framework 2022/2025 and section 4.6 of the report on the Performance "
        "Management Framework 2022/2025"
    )


def test_the_condition_counts_and_names_the_plainest_exception():
    found = exceptions((CLAUSES[0], "Long", "", 2), (CLAUSES[0], "Short", "", 3))
    found["condition"] = ["It lacks it, and more is said of it than anybody reads.", "It lacks it."]
    (row,) = findings(clauses((CLAUSES[0], "duty", "partly", 1200, 2)), found).to_dict("records")
    assert row["condition"] == "Not so for 2 of 1,200 skips. One of them, “Short”: It lacks it."


def test_consequence_action_and_day_are_those_declared():
    (row,) = findings(
        clauses((CLAUSES[0], "duty", "partly", 9, 1)), exceptions((CLAUSES[0], "S", "H", 2))
    ).to_dict("records")
    assert (row["consequence"], row["action"], row["by"]) == ("It stays undone.", "Do it.", pd.Timestamp(DAY))


def test_rows_of_a_workbook_are_told_with_their_sheet():
    found = exceptions(("a", "A", "", 2), ("a", "B", "", 3), ("a", "C", "", 2)).assign(
        source_file="return.xlsx", source_sheet=["agenda", "agenda", "plans"]
    )
    (row,) = findings(
        clauses((CLAUSES[0], "duty", "not_met", 3, 3)), found.assign(clause=CLAUSES[0])
    ).to_dict("records")
    assert row["evidence"] == "return.xlsx, sheet agenda, row 2; row 3; return.xlsx, sheet plans, row 2."


def test_each_unit_has_its_own_finding_with_its_own_evidence():
    one = clauses((CLAUSES[0], "duty", "partly", 9, 1))
    two = one.assign(unit="Parks", result="not_met")
    found = [exceptions((CLAUSES[0], "A", "Ann", 2)), exceptions((CLAUSES[0], "B", "Bob", 3), unit="Parks")]
    made = findings(pd.concat([one, two]), pd.concat(found))
    assert made[["unit", "owner", "evidence"]].to_numpy().tolist() == [
        ["Parks", "Bob", "a.csv, row 3."],
        ["Bins", "Ann", "a.csv, row 2."],
    ]


def test_neither_frame_is_changed_and_without_exceptions_there_are_no_rows_to_name():
    shown, found = clauses((CLAUSES[0], "duty", "partly", 9, 1)), exceptions()
    before = shown.copy()
    assert findings(shown, found)["condition"].tolist() == ["Not so for 1 of 9 skips."]
    pd.testing.assert_frame_equal(shown, before)


def test_observations_stand_in_the_order_of_their_share():
    shown = clauses(
        (CLAUSES[0], "example", "observation", 9, 1), (CLAUSES[1], "context", "observation", 4, 1)
    )
    made = audit_findings.observations(shown, exceptions(), FRAMEWORK, SCHEME)
    assert made["clause"].tolist() == [CLAUSES[1], CLAUSES[0]]


@pytest.mark.parametrize("test", sorted(TESTS))
def test_every_test_says_what_follows_from_its_exceptions(test):
    words = IN_FORCE.basis(test).matters
    assert len(words.split()) >= 4
    assert not words.endswith(".")
    assert words[0].isupper()


@pytest.mark.parametrize("test", sorted(TESTS))
def test_every_test_says_what_it_counts(test):
    (noun,) = audit_findings.nouns(pd.DataFrame({"test": [test]}), FRAMEWORK, IN_FORCE)
    assert noun
    assert "{" not in noun
    assert noun[0].islower()


def test_nodes_are_counted_in_the_framework_s_own_word():
    tested = pd.DataFrame({"test": ["node_has_measures"]})
    assert audit_findings.nouns(tested, FRAMEWORK, IN_FORCE) == ["markers of success"]
    assert audit_findings.nouns(tested, OF_2009, IN_FORCE) == [OF_2009.markers_word]


PAST = """
| exceptions | asked                                              |
| open       | Do it.                                             |
| past       | Ask why it was late.                               |
| open past  | Do it. Of what was late: ask why it was late.      |
"""


@pytest.mark.parametrize("case", cases(PAST))
def test_what_is_asked_fits_what_can_be_mended_and_what_is_past(case):
    lies = [one == "past" for one in case["exceptions"].split()]
    found = exceptions(*((CLAUSES[0], f"S{place}", "Head", 2) for place in range(len(lies))))
    shown = clauses((CLAUSES[0], "duty", "partly", 9, len(lies)))
    assert findings(shown, found.assign(is_past=lies))["action"].tolist() == [case["asked"]]


@pytest.mark.parametrize("test", ["red_is_escalated", "action_is_done_in_time", "entry_is_closed_in_time", "item_was_on_agenda",
                                  "body_has_met", "conversations_are_held"])  # fmt: skip
def test_a_test_that_may_find_what_is_past_says_what_is_asked_then(test):
    basis = IN_FORCE.basis(test)
    assert basis.asks(is_past=True) != basis.asks(is_past=False)
