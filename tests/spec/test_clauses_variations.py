"""Declared variations as drawn tables: which decisions vary a clause, where, and what then becomes of it."""

import pandas as pd
import pytest
from arranged_rows import table, world
from minuted import not_sent

from pmf_lib.assurance import clauses, variations
from pmf_lib.assurance.maturity import embedding
from pmf_lib.workbook.book import schemes

SCHEMES = schemes()
BODIES = SCHEMES.clauses.varied_by
PLANS = """
plan_id | level   | title        | directorate | service    | valid_from | valid_to   | resources | finance_link | workforce
help    | service | Plan of help | childrens   | Early Help | 2024-04-01 | 2025-03-31 | page 1    | page 2       |
care    | service | Plan of care | childrens   | In Care    | 2024-04-01 | 2025-03-31 | page 1    | page 2       | page 3
"""
DECISION = """
kind      | subjects                   | body    | stage    | decided_on | directorate | service | valid_from | valid_to   | reason
variation | plan-resources; agreed-not | cabinet | approved | 2024-03-20 | childrens   |         | 2024-04-01 | 2025-03-31 | A grant asks for its own plan
"""
SAID = "Cabinet agreed on 20 March 2024 that it is done in another way, until 31 March 2025: A grant asks for its own plan."


def made(decision=DECISION, plans=PLANS):
    return world(approvals=table("approvals", decision, approval_id="v"), plans=plans)


def told(evidence):
    """The result of the clause on resources of plans, and its exceptions."""
    asked = [clause for clause in evidence.framework.clauses if clause.id == "plan-resources"]
    found, listed = clauses.results(asked, evidence, SCHEMES.clauses)
    return found.iloc[0], listed


def test_a_clause_that_a_decision_varies_is_not_judged_and_says_by_whose_decision():
    result, listed = told(made())
    assert (result["result"], result["population"], result["failed"]) == ("varied", 0, 0)
    assert result["why"] == f"{SAID} Without it: not in order, 1 of 2 tested."
    assert listed.empty
    assert told(made(DECISION.replace("variation", "other    ")))[0]["result"] == "not_met"


def test_a_clause_that_is_met_in_spite_of_its_variation_stays_met():
    assert (
        told(made(plans=PLANS.replace("page 2       |\n", "page 2       | page 4\n")))[0]["result"] == "met"
    )


COUNTS_NOT = {
    "nobody approved it": DECISION.replace("approved", "rejected"),
    "it gives no reason": DECISION.replace("A grant asks for its own plan", ""),
    "it is over": DECISION.replace("2025-03-31", "2024-10-31"),
    "it is to come": DECISION.replace("2024-04-01", "2024-12-01"),
    "it is another directorate's": DECISION.replace("childrens", "resources"),
    "it is of one service alone": DECISION.replace("|         |", "| In Care |"),
    "it names another clause": DECISION.replace("plan-resources", "plan-equalities"),
    "it names no body": DECISION.replace("cabinet", "       "),
    "no such body may agree to it": DECISION.replace("cabinet", "service-meeting"),
    "it is yet to be agreed": DECISION.replace("2024-03-20", "2025-01-20"),
}


@pytest.mark.parametrize("why", COUNTS_NOT)
def test_a_variation_counts_only_where_it_is_approved_reasoned_in_force_and_of_the_unit(why):
    assert "plan-resources" not in variations.declared(made(COUNTS_NOT[why]), BODIES)
    assert told(made(COUNTS_NOT[why]))[0]["result"] == "not_met"


def test_a_variation_of_the_whole_council_holds_in_its_directorates_and_without_days_goes_on():
    own = DECISION.replace("childrens", "         ").replace(
        "2024-04-01 | 2025-03-31", "           |           "
    )
    assert told(made(own))[0]["why"].startswith(SAID.replace(", until 31 March 2025", ""))


def test_nothing_is_varied_where_nobody_sent_approvals():
    assert variations.declared(not_sent(made(), "approvals"), BODIES) == {}


def test_a_varied_duty_counts_in_no_number_of_duties_and_a_group_of_such_has_no_level():
    rows = pd.DataFrame(
        [("planning", "duty", "varied"), ("planning", "duty", "met"), ("risk", "duty", "varied")],
        columns=["group", "force", "result"],
    ).assign(clause=["a", "b", "c"], test="plan_has_part", population=[0, 2, 0], failed=0)
    groups = embedding.by_group(embedding.by_clause(rows, SCHEMES.embedding), SCHEMES.embedding)
    counts = groups.set_index("group")[["duties_n", "met_n", "varied_n"]].to_dict("split")["data"]
    assert counts == [[1, 1, 1], [0, 0, 1]]
    assert groups["level"].tolist() == ["on_paper", ""]
    spread = embedding.distribution(groups, "group").set_index("group")
    assert spread.loc["risk", ["not_due", "idle", "varied", "all_n"]].tolist() == [0, 0, 1, 1]
