"""Drift, sides and distributions, as drawn tables: better or worse than before, and how many stand at each level."""

import pandas as pd
import pytest
from drawn import cases

from pmf_lib import settings
from pmf_lib.assurance.clauses import no_results
from pmf_lib.assurance.maturity import claims, drift, embedding
from pmf_lib.assurance.maturity.rules import ORDER, EmbeddingScheme
from pmf_lib.policy import load

IN_FORCE = load(settings.root() / "parameters" / "schemes" / "embedding.yml", EmbeddingScheme)

MOVES = """
| then      | now       | move      | why                                        |
| lived     | lived     | same      |                                            |
| on_paper  | lived     | better    |                                            |
| not_lived | partly    | better    |                                            |
| lived     | on_paper  | worse     |                                            |
| partly    | not_lived | worse     |                                            |
| not_shown | lived     | not_known | nothing was known before                   |
| lived     | not_shown | not_known | nothing is known now, which is no fall     |
| observed  | lived     | not_known |                                            |
|           | lived     | not_known | nothing was due, or nothing was there      |
| lived     |           | not_known |                                            |
| not_shown | not_shown | not_known | two unknowns are not the same              |
"""


@pytest.mark.parametrize("case", cases(MOVES))
def test_a_level_stands_to_an_earlier_one(case):
    now, before = (pd.DataFrame({"group": ["g"], "level": [case.get(name, "")]}) for name in ("now", "then"))
    (row,) = drift.beside(now, before, before.iloc[:0]).to_dict("records")
    assert (row["before_quarter"], row["since_quarter"]) == (case.get("then", ""), case["move"])
    assert (row["before_year"], row["since_year"]) == ("", "not_known")


def test_a_group_that_was_not_there_before_is_not_known_and_one_that_is_gone_is_left_out():
    now, before = (pd.DataFrame({"group": names, "level": "lived"}) for names in (["a", "b"], ["b", "c"]))
    found = drift.beside(now, before, before)
    assert found[["group", "since_quarter", "since_year"]].to_numpy().tolist() == [
        ["a", "not_known", "not_known"],
        ["b", "same", "same"],
    ]


def test_units_are_told_apart_by_their_key():
    now = pd.DataFrame({"unit": ["x", "y"], "group": "g", "level": ["lived", "lived"]})
    before = now.assign(level=["partly", "lived"])
    assert drift.beside(now, before, before, "unit")["since_quarter"].tolist() == ["better", "same"]


def clauses(*rows: tuple[str, str], failed: int = 0) -> pd.DataFrame:
    """Duties with their levels."""
    made = pd.DataFrame(rows, columns=["clause", "level"])
    return made.assign(is_duty=True, group="g", what="w", failed=failed, population=4)


def test_duties_that_fell_are_told_before_those_that_rose_and_no_others():
    now = clauses(("rose", "lived"), ("stayed", "partly"), ("fell", "not_lived"), ("new", "lived"), failed=2)
    before = clauses(
        ("rose", "partly"), ("stayed", "partly"), ("fell", "partly"), ("gone", "lived"), failed=1
    )
    found = drift.of_clauses(now, before)
    assert found[["clause", "level", "before", "since"]].to_numpy().tolist() == [
        ["fell", "not_lived", "partly", "worse"],
        ["rose", "lived", "partly", "better"],
    ]
    assert found[["failed", "failed_before"]].to_numpy().tolist() == [[2, 1], [2, 1]]


def test_good_practice_that_moves_is_no_drift():
    now, before = (
        clauses(("c", "lived")).assign(is_duty=False),
        clauses(("c", "partly")).assign(is_duty=False),
    )
    assert drift.of_clauses(now, before).empty


def told(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Clauses by side, result, level and exceptions."""
    made = pd.DataFrame(rows, columns=["side", "result", "level", "failed"])
    return made.assign(is_duty=made["level"] != "observed", aged="")


def test_the_enabler_side_stands_beside_the_outcome_side():
    found = embedding.by_side(
        told(
            ("outcome", "observation", "observed", 2),
            ("outcome", "observation", "observed", 0),
            ("enabler", "met", "on_paper", 0),
            ("enabler", "partly", "partly", 1),
            ("enabler", "no_evidence", "not_shown", 0),
            ("enabler", "not_due", "", 0),
        )
    )
    columns = [
        "side",
        "duties_n",
        "tested_n",
        "met_n",
        "partly_n",
        "not_met_n",
        "observed_n",
        "doubted_n",
        "clauses_n",
    ]
    assert found.columns.tolist() == columns
    assert found.to_numpy().tolist() == [
        ["enabler", 3, 2, 1, 1, 0, 0, 0, 4],
        ["outcome", 0, 0, 0, 0, 0, 2, 1, 2],
    ]


def test_a_side_without_a_clause_is_there_with_zeros():
    found = embedding.by_side(told(("enabler", "met", "lived", 0)).assign(unit="x"), "unit")
    assert found[["unit", "side", "clauses_n"]].to_numpy().tolist() == [
        ["x", "enabler", 1],
        ["x", "outcome", 0],
    ]


def test_rows_of_several_units_under_one_index_are_counted_once():
    one = told(("enabler", "met", "lived", 0))
    found = embedding.by_side(pd.concat([one.assign(unit="x"), one.assign(unit="y")]), "unit")
    assert found.loc[found["side"] == "enabler", "met_n"].tolist() == [1, 1]


GROUPS = pd.DataFrame(
    [("u", "risk", "lived"), ("v", "risk", "partly"), ("u", "cycle", ""), ("v", "cycle", "lived")],
    columns=["unit", "group", "level"],
)


def test_a_distribution_counts_units_at_each_level_and_averages_nothing():
    found = embedding.distribution(GROUPS, "group").set_index("group")
    assert found.loc["risk", ["lived", "partly", "not_due", "all_n"]].tolist() == [1, 1, 0, 2]
    assert found.loc["cycle", ["lived", "partly", "not_due", "all_n"]].tolist() == [1, 0, 1, 2]


def test_the_counts_of_a_distribution_reconcile_whichever_way_they_are_told():
    for key in ("group", "unit"):
        found = embedding.distribution(GROUPS, key)
        assert (found[[*ORDER, "not_due"]].sum(axis=1) == found["all_n"]).all()
        assert found["all_n"].sum() == len(GROUPS)
        assert found[key].tolist() == list(dict.fromkeys(GROUPS[key]))


def test_a_unit_of_which_no_clause_is_asked_has_no_groups_and_is_no_error():
    none = embedding.by_clause(no_results(), IN_FORCE)
    groups = embedding.by_group(none, IN_FORCE)
    assert drift.beside(claims.beside(groups, None), groups, groups).empty
    assert claims.widest(claims.beside(groups, claims.known_columns())).empty
    assert drift.of_clauses(none, none).empty
    assert embedding.distribution(groups, "group").empty
    assert embedding.by_side(none)["clauses_n"].tolist() == [0, 0]
