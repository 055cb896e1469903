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
    now, before = (pd.Series([case.get(name, "")], dtype="str") for name in ("now", "then"))
    assert drift.moved(now, before).tolist() == [case["move"]]


WORDS = {"+": "met", "~": "partly", "-": "not_met", "?": "no_evidence", "!": "not_due", "0": "not_applicable"}
COMMON = """
| then   | now    | was       | is        | move      | both | new | gone | why                                                 |
| a+ b+  | a+ b-  | lived     | not_lived | worse     | 2    |     |      |                                                     |
| a+ b-  | a+ b+  | not_lived | lived     | better    | 2    |     |      |                                                     |
| a+ b?  | a+ b-  | lived     | lived     | same      | 1    | 1   |      | b was as bad then, for all that is known            |
| a+ b0  | a+ b-  | lived     | lived     | same      | 1    | 1   |      | no occasion arose then: what is new is no drift     |
| a+ b-  | a+ b?  | lived     | lived     | same      | 1    |     | 1    | what can't be tested any more is no rise            |
| a+ b-  | a+ b0  | lived     | lived     | same      | 1    |     | 1    |                                                     |
| a+ b!  | a+ b+  | lived     | lived     | same      | 1    | 1   |      |                                                     |
| a+     | b-     |           |           | not_known |      | 1   | 1    | no duty in common                                   |
| a?     | a-     |           |           | not_known |      |     |      | nothing at all was tested then: what is new, nobody knows |
| a+ b+  | a~ b? c- | lived   | partly    | worse     | 1    | 1   | 1    | of the duties tested both times alone               |
"""


def duties(cell: str, **more: str) -> pd.DataFrame:
    """Duties of one group as shown, from their ids and results."""
    rows = [(each[0], WORDS[each[1]], "?0!".find(each[1]) < 0) for each in cell.split()]
    made = pd.DataFrame(rows, columns=["clause", "result", "is_tested"])
    counts = {
        "failed": made["result"].isin(["partly", "not_met"]).astype(int),
        "population": 8 * made["is_tested"],
    }
    said = {"group": "g", "what": "w", "force": "duty", "test": "data_is_on_time", **more}
    made = made.assign(**counts, **said)
    return embedding.by_clause(made, IN_FORCE)


def beside(now: pd.DataFrame, before: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """How the groups stand to the quarter before; of the year before nothing is known."""
    return drift.beside(
        embedding.by_group(now, IN_FORCE, *keys), now, before, before.head(0), IN_FORCE, *keys
    )


@pytest.mark.parametrize("case", cases(COMMON))
def test_a_group_is_compared_by_the_duties_tested_at_both_times_alone(case):
    (row,) = beside(duties(case["now"]), duties(case["then"])).to_dict("records")
    levels = tuple(case.get(name, "") for name in ("was", "is", "move"))
    assert (row["before_quarter"], row["now_quarter"], row["since_quarter"]) == levels
    counts = [int(case.get(name, 0) or 0) for name in ("both", "new", "gone")]
    assert [row[f"{name}_n_quarter"] for name in ("both", "new", "gone")] == counts
    assert (row["before_year"], row["since_year"], row["new_n_year"]) == ("", "not_known", 0)


@pytest.mark.parametrize("case", cases(COMMON))
def test_where_a_group_moved_a_duty_of_it_moved_the_same_way(case):
    now, then = duties(case["now"]), duties(case["then"])
    assert (case["move"] in drift.of_clauses(now, then)["since"].tolist()) == (
        case["move"] in ("worse", "better")
    )


def test_a_group_that_was_not_there_before_is_not_known_and_one_that_is_gone_is_left_out():
    now = pd.concat([duties("a+", group="a"), duties("b+", group="b")], ignore_index=True)
    before = pd.concat([duties("b+", group="b"), duties("c+", group="c")], ignore_index=True)
    assert beside(now, before)[["group", "since_quarter"]].to_numpy().tolist() == [
        ["a", "not_known"],
        ["b", "same"],
    ]


def test_units_are_told_apart_by_their_key():
    now = pd.concat([duties("a+", unit="x"), duties("a+", unit="y")], ignore_index=True)
    before = pd.concat([duties("a-", unit="x"), duties("a+", unit="y")], ignore_index=True)
    assert beside(now, before, "unit")["since_quarter"].tolist() == ["better", "same"]


def clauses(*rows: tuple[str, str], failed: int = 0) -> pd.DataFrame:
    """Duties with their levels, all tested."""
    made = pd.DataFrame(rows, columns=["clause", "level"])
    told = {"group": "g", "what": "w", "test": "red_has_risk", "failed": failed, "population": 4}
    return made.assign(is_duty=True, result="met", **told)


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


def test_a_met_duty_whose_evidence_grew_too_old_fell():
    now, before = clauses(("aged", "not_shown")), clauses(("aged", "lived"))
    assert drift.of_clauses(now, before)["since"].tolist() == ["worse"]


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
).assign(idle_n=0, varied_n=0)


def test_a_distribution_counts_units_at_each_level_and_averages_nothing():
    found = embedding.distribution(GROUPS, "group").set_index("group")
    assert found.loc["risk", ["lived", "partly", "not_due", "all_n"]].tolist() == [1, 1, 0, 2]
    assert found.loc["cycle", ["lived", "partly", "not_due", "all_n"]].tolist() == [1, 0, 1, 2]


def test_a_distribution_tells_what_did_not_arise_from_what_is_not_yet_due():
    found = embedding.distribution(GROUPS.assign(idle_n=[0, 1, 1, 0]), "group").set_index("group")
    assert found.loc["cycle", ["not_due", "idle", "all_n"]].tolist() == [0, 1, 2]
    assert found.loc["risk", ["partly", "idle"]].tolist() == [1, 0]


def test_the_counts_of_a_distribution_reconcile_whichever_way_they_are_told():
    for key in ("group", "unit"):
        found = embedding.distribution(GROUPS, key)
        assert (found[[*ORDER, "not_due", "idle", "varied"]].sum(axis=1) == found["all_n"]).all()
        assert found["all_n"].sum() == len(GROUPS)
        assert found[key].tolist() == list(dict.fromkeys(GROUPS[key]))


def test_a_unit_of_which_no_clause_is_asked_has_no_groups_and_is_no_error():
    none = embedding.by_clause(no_results(), IN_FORCE)
    groups = embedding.by_group(none, IN_FORCE)
    assert drift.beside(claims.beside(groups, None), none, none, none, IN_FORCE).empty
    assert claims.widest(claims.beside(groups, claims.known_columns())).empty
    assert drift.of_clauses(none, none).empty
    assert embedding.distribution(groups, "group").empty
    assert embedding.by_side(none)["clauses_n"].tolist() == [0, 0]
