"""Clause tests of kept registers, as drawn tables."""

from dataclasses import replace

import pandas as pd
import pytest
from minuted import FRAMEWORKS, drawn, evidence, found, not_sent, of_2009, rows

from pmf_lib.assurance.checks import TESTS, registers
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError

ENTRIES = """
entry_id | register      | title                         | party                | directorate | service | nodes           | objectives | performance_terms | opened_on  | due_on     | reviewed_on | closed_on
c-1      | consultations | Survey                        | Groups hard to reach | adult-care  |         |                 |            |                   | 2009-06-01 |            |             | 2009-08-31
o-1      | obligations   | Return of 2009                |                      | adult-care  |         |                 |            |                   | 2009-04-15 | 2009-07-31 |             | 2009-07-12
o-2      | obligations   | Return of 2009                |                      | adult-care  |         |                 |            |                   | 2009-04-15 | 2009-07-31 |             | 2009-07-31
p-1      | projects      | Care homes                    |                      | adult-care  |         |                 |            |                   | 2008-04-01 |            | 2009-10-22  |
g-1      | pledges       | Homes                         |                      | adult-care  |         | outcome-healthy |            |                   | 2009-04-01 | 2010-03-31 |             |
k-1      | contracts     | Home care                     |                      | adult-care  |         |                 |            | yes               | 2008-04-01 | 2012-03-31 |             |
d-1      | documents     | Quality policy of the council |                      | corporate   |         |                 |            |                   | 2008-04-01 | 2010-03-31 |             |
d-2      | documents     | Work programme of the board   |                      | adult-care  |         |                 |            |                   | 2008-04-01 | 2010-03-31 |             |
d-3      | documents     | Service standards             |                      | adult-care  | Catering |                |            |                   | 2008-04-01 | 2010-03-31 |             |
"""  # fmt: skip
NODES = [one.id for one in FRAMEWORKS["wpf-2009"].linkable]
PLEDGES = "\n".join(
    [
        "entry_id | register | title | nodes | objectives | opened_on | due_on",
        *(
            f"g-{n} | pledges | Pledge {n} | {node} | obj-{n} | 2009-04-01 | 2010-03-31"
            for n, node in enumerate(NODES)
        ),
    ]
)
PLANS = rows("plans", [{"plan_id": "plan", "valid_from": "2009-04-01", "valid_to": "2010-03-31"}])
GOALS = rows("objectives", [{"objective_id": f"obj-{n}", "plan_id": "plan"} for n in range(len(NODES))])
MEASURES = rows(
    "measures", [{"measure_id": "a", "directorate": "adult-care", "service": "Catering", "retired_from": ""}]
)


def made(text=ENTRIES, others="", directorate="", **told):
    """The evidence of a council whose registers are drawn; with `others` these are the rows of a directorate alone."""
    own = rows("registers", drawn(text) if text else [])
    tables = {"registers": own, "plans": PLANS, "objectives": GOALS, "measures": MEASURES}
    looked_at = of_2009(tables, directorate=directorate, **told)
    whole = tables | {"registers": rows("registers", drawn(others))} if others else tables
    return replace(looked_at, whole=whole.__getitem__)


DEFECTS = {
    "register_has_entry": (
        ENTRIES, ENTRIES.replace("2009-06-01 |            |             | 2009-08-31", "2008-06-01 |            |             | 2008-08-31"),
        {"register": "consultations", "per": "year"}, "Register of consultations",
    ),
    "entry_is_closed_in_time": (ENTRIES, ENTRIES.replace("2009-07-12", "          "), {"register": "obligations"}, "Return of 2009 (o-1)"),
    "entry_is_reviewed": (ENTRIES, ENTRIES.replace("2009-10-22", "2009-08-12"), {"register": "projects", "months": 3}, "Care homes"),
    "entry_has_objective": (PLEDGES, PLEDGES.replace("obj-3 ", " "), {"register": "pledges"}, "Pledge 3"),
    "node_has_pledge": (PLEDGES, PLEDGES.replace(NODES[2], NODES[1]), {}, f"3. {FRAMEWORKS['wpf-2009'].linkable[2].title}"),
    "contract_covers_performance": (ENTRIES, ENTRIES.replace("| yes ", "| no  "), {}, "Home care"),
    "document_is_in_force": (
        ENTRIES, ENTRIES.replace("Quality policy of", "Policy of"), {"documents": ("Quality policy", "Service standards")}, "Quality policy",
    ),
}  # fmt: skip


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == registers.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    clean, spoilt, told, subject = DEFECTS[name]
    answer = TESTS[name](made(clean), **told)
    assert (answer.population > 0, answer.failed) == (True, 0)
    assert found(TESTS[name](made(spoilt), **told)) == (answer.population, [subject])


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name):
    clean, _, told, _ = DEFECTS[name]
    with pytest.raises(NotSentError):
        TESTS[name](not_sent(made(clean), "registers"), **told)


@pytest.mark.parametrize("table", ["plans", "objectives"])
def test_where_no_plans_were_sent_nobody_knows_whether_an_entry_leads_to_one(table):
    with pytest.raises(NotSentError):
        TESTS["entry_has_objective"](not_sent(made(PLEDGES), table), register="pledges")


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_records_at_all_are_never_a_pass(name):
    assert TESTS[name](made(""), **DEFECTS[name][2]).population == 0


HELD = """
register      | per     | party         | title | as_at      | quarter    | tested | said
consultations | year    |               |       | 2009-11-13 | 2009-10 Q2 | 1      |
consultations | year    | hard to reach |       | 2009-11-13 | 2009-10 Q2 | 1      |
consultations | year    | HARD to reach | surv  | 2009-11-13 | 2009-10 Q2 | 1      |
consultations | year    | citizen panel |       | 2009-11-13 | 2009-10 Q2 | 1      | It holds no entry whose party says 'citizen panel' since 13 November 2008.
consultations | year    |               | panel | 2009-11-13 | 2009-10 Q2 | 1      | It holds no entry whose title says 'panel' since 13 November 2008.
consultations | quarter |               |       | 2009-11-13 | 2009-10 Q2 | 1      |
consultations | quarter |               |       | 2009-08-14 | 2009-10 Q1 | 1      |
consultations | quarter |               |       | 2010-02-13 | 2009-10 Q3 | 1      | It holds no entry since 1 October 2009.
consultations | year    |               |       | 2010-08-31 | 2010-11 Q1 | 1      |
consultations | year    |               |       | 2010-09-01 | 2010-11 Q1 | 1      | It holds no entry since 1 September 2009.
training      | year    |               |       | 2009-11-13 | 2009-10 Q2 | 0      |
"""


@pytest.mark.parametrize("case", drawn(HELD), ids=str)
def test_a_register_that_is_kept_holds_an_entry_of_the_period(case):
    told = {key: case[key] for key in ("register", "per", "party", "title") if key in case}
    answer = TESTS["register_has_entry"](made(as_at=case["as_at"], quarter=case["quarter"]), **told)
    assert (answer.population, "".join(answer.exceptions["condition"])) == (
        int(case["tested"]),
        case.get("said", ""),
    )


def test_a_unit_without_entries_on_a_register_that_others_keep_has_none():
    own = made("", others=ENTRIES, directorate="corporate")
    assert found(TESTS["register_has_entry"](own, register="consultations", per="year")) == (
        1,
        ["Register of consultations"],
    )
    assert TESTS["register_has_entry"](own, register="training", per="year").population == 0


CLOSED = """
due_on     | closed_on  | tested | said
2009-11-13 |            | 0      |
2009-11-12 |            | 1      | It was due on 12 November 2009, and is not closed.
2009-11-12 | 2009-11-12 | 1      |
2009-11-11 | 2009-11-12 | 1      | It was due on 11 November 2009, and closed on 12 November 2009.
2009-11-12 | 2009-11-14 | 1      | It was due on 12 November 2009, and is not closed.
           |            | 0      |
2008-11-13 | 2009-01-01 | 1      | It was due on 13 November 2008, and closed on 1 January 2009.
2008-11-12 | 2009-01-01 | 0      |
2007-11-12 |            | 1      | It was due on 12 November 2007, and is not closed.
"""


@pytest.mark.parametrize("case", drawn(CLOSED), ids=str)
def test_an_entry_is_closed_by_its_day_and_a_late_one_is_told_for_a_year(case):
    text = f"register | title | due_on | closed_on\ncomplaints | C | {case.get('due_on', '')} | {case.get('closed_on', '')}"
    answer = TESTS["entry_is_closed_in_time"](made(text), register="complaints")
    assert (answer.population, "".join(answer.exceptions["condition"])) == (
        int(case["tested"]),
        case.get("said", ""),
    )


REVIEWED = """
opened_on  | reviewed_on | closed_on  | months | tested | said
2009-08-12 |             |            | 3      | 1      | Open since 12 August 2009, never reviewed.
2009-08-13 |             |            | 3      | 0      |
2009-08-12 |             | 2009-11-13 | 3      | 0      |
2009-08-12 |             | 2009-11-14 | 3      | 1      | never reviewed
2008-04-01 | 2009-08-13  |            | 3      | 1      |
2008-04-01 | 2009-08-12  |            | 3      | 1      | Open since 1 April 2008, last reviewed on 12 August 2009.
2008-04-01 | 2009-08-12  |            | 12     | 1      |
2008-04-01 | 2009-11-14  |            | 12     | 1      | never reviewed
"""


@pytest.mark.parametrize("case", drawn(REVIEWED), ids=str)
def test_an_entry_that_has_been_open_for_the_months_was_reviewed_within_them(case):
    own = {key: text for key, text in case.items() if key.endswith("_on")}
    register = rows("registers", [{"register": "benefits", "title": "B", **own}])
    looked_at = replace(made(), tables={"registers": register})
    answer = TESTS["entry_is_reviewed"](looked_at, register="benefits", months=int(case["months"]))
    assert (answer.population, answer.failed) == (int(case["tested"]), int("said" in case))
    assert case.get("said", "") in "".join(answer.exceptions["condition"])


YEARS = """
opened_on  | due_on     | closed_on  | framework   | as_at      | quarter    | tested | serves
2009-04-01 | 2010-03-31 |            |             | 2009-11-13 | 2009-10 Q2 | 1      | 1
2009-04-01 | 2010-03-31 |            | wpf-2009    | 2009-11-13 | 2009-10 Q2 | 1      | 1
2009-04-01 | 2010-03-31 |            | pmf-2022-25 | 2009-11-13 | 2009-10 Q2 | 0      | 0
2009-11-14 | 2010-03-31 |            |             | 2009-11-13 | 2009-10 Q2 | 0      | 0
2010-03-31 | 2011-03-31 |            |             | 2010-05-14 | 2009-10 Q4 | 1      | 1
2010-04-01 | 2011-03-31 |            |             | 2010-05-14 | 2009-10 Q4 | 0      | 0
2010-04-01 | 2011-03-31 |            |             | 2010-05-14 | 2010-11 Q1 | 1      | 1
2008-04-01 | 2009-03-31 |            |             | 2009-11-13 | 2009-10 Q2 | 1      | 0
2008-04-01 | 2009-03-31 | 2009-04-01 |             | 2009-11-13 | 2009-10 Q2 | 1      | 0
2008-04-01 | 2010-03-31 | 2009-03-31 |             | 2009-11-13 | 2009-10 Q2 | 0      | 0
2008-04-01 |            |            |             | 2009-11-13 | 2009-10 Q2 | 1      | 0
2009-04-01 |            |            |             | 2009-11-13 | 2009-10 Q2 | 1      | 1
           | 2010-03-31 |            |             | 2009-11-13 | 2009-10 Q2 | 1      | 1
           |            |            |             | 2009-11-13 | 2009-10 Q2 | 1      | 1
"""


@pytest.mark.parametrize("case", drawn(YEARS), ids=str)
def test_an_entry_is_of_the_year_when_it_stood_on_a_day_of_it_and_serves_if_made_for_it(case):
    own = {key: text for key, text in case.items() if key.endswith("_on") or key == "framework"}
    register = rows("registers", [{"register": "pledges", "title": "P", "nodes": NODES[0], **own}])
    looked_at = made(as_at=case["as_at"], quarter=case["quarter"])
    looked_at = replace(looked_at, tables={**looked_at.tables, "registers": register}, whole=None)
    tested = TESTS["entry_has_objective"](looked_at, register="pledges")
    assert (tested.population, tested.failed) == (int(case["tested"]), int(case["tested"]))
    assert TESTS["node_has_pledge"](looked_at).failed == len(NODES) - int(case["serves"])


@pytest.mark.parametrize(
    ("closed_on", "as_at", "quarter", "failed"),
    [
        ("", "2010-03-31", "2009-10 Q3", 0),
        ("", "2010-05-14", "2009-10 Q4", 0),
        ("2010-03-20", "2010-05-14", "2009-10 Q4", 0),
        ("", "2010-05-14", "2010-11 Q1", len(NODES)),
    ],
)
def test_a_report_told_after_the_year_holds_its_pledges_against_the_plans_of_that_year(
    closed_on, as_at, quarter, failed
):
    looked_at = made(PLEDGES, as_at=as_at, quarter=quarter)
    closed = looked_at.tables["registers"].assign(
        closed_on=pd.Series([pd.Timestamp(closed_on or "NaT")] * len(NODES)),
        due_on=pd.Timestamp("2011-03-31"),
    )
    looked_at = replace(looked_at, whole={**looked_at.tables, "registers": closed}.__getitem__)
    looked_at = replace(looked_at, tables={**looked_at.tables, "registers": closed})
    answer = TESTS["entry_has_objective"](looked_at, register="pledges")
    assert (answer.population, answer.failed) == (len(NODES), failed)


@pytest.mark.parametrize(
    ("objectives", "said"),
    [
        ("obj-1", ""),
        ("obj-9000; obj-1", ""),
        ("obj-9000", "Its objective is in no plan in force: obj-9000."),
        ("", "It names no objective."),
    ],
)
def test_an_entry_leads_to_an_objective_of_a_plan_in_force(objectives, said):
    text = f"register | title | objectives | opened_on\npledges | P | {objectives} | 2009-04-01"
    for plans, expected in (
        (PLANS, said),
        (PLANS.assign(valid_to=PLANS["valid_from"]), said or "no plan in force"),
    ):
        looked_at = replace(made(text), whole=None)
        looked_at = replace(looked_at, tables={**looked_at.tables, "plans": plans})
        assert expected in "".join(
            TESTS["entry_has_objective"](looked_at, register="pledges").exceptions["condition"]
        )


def test_a_framework_without_pledges_asks_for_none():
    register = rows("registers", drawn(PLEDGES))
    assert TESTS["node_has_pledge"](evidence({"registers": register})).population == 0


TERMS = """
performance_terms | opened_on  | closed_on  | tested | said
yes               | 2008-04-01 |            | 1      |
no                | 2008-04-01 |            | 1      | It does not cover performance and the information to be given.
                  | 2008-04-01 |            | 1      | Nobody says whether it covers performance and the information to be given.
no                |            |            | 1      | It does not cover performance and the information to be given.
no                | 2008-04-01 | 2009-11-13 | 0      |
no                | 2009-11-14 |            | 0      |
"""


@pytest.mark.parametrize("case", drawn(TERMS), ids=str)
def test_a_contract_in_force_covers_performance(case):
    own = {key: text for key, text in case.items() if key not in ("tested", "said")}
    register = rows("registers", [{"register": "contracts", "title": "K", **own}])
    answer = TESTS["contract_covers_performance"](replace(made(), tables={"registers": register}))
    assert (answer.population, "".join(answer.exceptions["condition"])) == (
        int(case["tested"]),
        case.get("said", ""),
    )


DOCUMENTS = """
document          | each    | of         | as_at      | tested | said
Quality policy    |         |            | 2009-11-13 | 1      |
quality POLICY    |         |            | 2009-11-13 | 1      |
policy            |         |            | 2009-11-13 | 1      | No such document is on the register.
Quality policy    |         |            | 2010-03-31 | 1      |
Quality policy    |         |            | 2010-04-01 | 1      | It was to be reviewed by 31 March 2010.
Quality policy    |         |            | 2008-03-31 | 1      | No such document is on the register.
Quality policy    |         | adult-care | 2009-11-13 | 1      |
Work programme    | board   | adult-care | 2009-11-13 | 1      |
Work programme    | board   | corporate  | 2009-11-13 | 1      | No such document is on the register.
Service standards | board   | adult-care | 2009-11-13 | 1      | No such document is on the register.
Service standards | service | adult-care | 2009-11-13 | 1      |
Work programme    | service | adult-care | 2009-11-13 | 1      | No such document is on the register.
"""


@pytest.mark.parametrize("case", drawn(DOCUMENTS), ids=str)
def test_a_document_whose_title_begins_so_is_in_force_and_not_past_its_review(case):
    looked_at = made(directorate=case.get("of", ""), as_at=case["as_at"])
    answer = TESTS["document_is_in_force"](
        looked_at, documents=(case["document"],), each=case.get("each", "")
    )
    assert (answer.population, "".join(answer.exceptions["condition"])) == (
        int(case["tested"]),
        case.get("said", ""),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("2008-04-01 | 2010-03-31 |             |\nd-2", "2008-04-01 | 2010-03-31 |             | 2009-06-30\nd-2"), "It ended on 30 June 2009."),
        (("2008-04-01 | 2010-03-31 |             |\nd-2", "2008-04-01 |            |             |\nd-2"), ""),
    ],
)  # fmt: skip
def test_a_document_that_ended_is_not_in_force_and_one_without_a_review_date_is(change, said):
    answer = TESTS["document_is_in_force"](made(ENTRIES.replace(*change)), documents=("Quality policy",))
    assert "".join(answer.exceptions["condition"]) == said


def test_an_older_edition_that_lapsed_does_no_harm_beside_one_in_force():
    old = ENTRIES + "d-0 | documents | Quality policy | | corporate | | | | | 2005-04-01 | 2008-03-31 | |\n"
    assert found(TESTS["document_is_in_force"](made(old), documents=("Quality policy",))) == (1, [])


def test_boards_are_named_and_every_directorate_s_is_asked_in_the_council_s_papers():
    answer = TESTS["document_is_in_force"](made(), documents=("Work programme",), each="board")
    assert answer.population == 5
    assert "Board of Corporate Services: Work programme" in set(answer.exceptions["subject"])
    assert answer.failed == 4


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("register_has_entry", {"register": "surveys", "per": "year"}),
        ("register_has_entry", {"register": "consultations", "per": "month"}),
        ("entry_is_closed_in_time", {"register": "returns"}),
        ("document_is_in_force", {"documents": ("X",), "each": "team"}),
    ],
)
def test_a_word_of_no_list_is_refused(name, told):
    with pytest.raises(PolicyError, match="is not a known"):
        TESTS[name](made(), **told)
