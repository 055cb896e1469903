"""The proposed rating, as drawn tables: what each condition allows, when nothing can be concluded, what holds the council."""

from dataclasses import replace

import pandas as pd
import pytest
from drawn import cases
from pydantic import ValidationError
from rating_made import AS_AT, SCHEME, WHOLE, assurance, code, rated, recommendation, seen

from pmf_lib import decisions
from pmf_lib.assurance import rating
from pmf_lib.assurance.rating import CODES, RatingScheme

DUTIES = """
| met | partly | not_met | no_evidence | varied | rating       | why                                                        |
| 50  |        |         |             |        | substantial  |                                                            |
| 46  | 4      |         |             |        | substantial  | 8 per cent not fully met; reasonable from 10               |
| 45  | 5      |         |             |        | reasonable   | 10 per cent                                                |
| 49  |        | 1       |             |        | reasonable   | 2 per cent not met                                         |
| 46  |        | 4       |             |        | reasonable   | 8 per cent not met; limited from 10                        |
| 45  |        | 5       |             |        | limited      | 10 per cent                                                |
| 35  | 15     |         |             |        | limited      | 30 per cent not fully met                                  |
| 31  |        | 19      |             |        | limited      | 38 per cent not met; no assurance from 40                  |
| 30  |        | 20      |             |        | no_assurance | 40 per cent                                                |
|     |        | 50      |             |        | no_assurance |                                                            |
| 46  |        |         | 4           |        | substantial  | 8 per cent untested; reasonable from 10                    |
| 45  |        |         | 5           |        | reasonable   | 10 per cent untested                                       |
| 30  |        |         | 20          |        | reasonable   | 60 per cent tested, the least there may be                 |
| 29  |        |         | 21          |        | unable       | 58 per cent tested                                         |
|     |        | 29      | 21          |        | unable       | all that was tested is not met, and too little was tested  |
|     |        | 30      | 20          |        | no_assurance | 60 per cent not met of all that is asked                   |
|     |        | 19      | 11          |        | no_assurance | 63 per cent tested and not met                             |
|     |        |         | 50          |        | unable       | no records are not no assurance                            |
|     |        |         |             | 50     | unable       | nothing is asked                                           |
| 40  |        |         |             | 10     | substantial  | what is varied is not asked                                |
"""  # fmt: skip


@pytest.mark.parametrize("case", cases(DUTIES))
def test_duties_hold_the_rating_down(case):
    results = {name: int(case.get(name, 0)) for name in ("met", "partly", "not_met", "no_evidence", "varied")}
    assert code({"results": results}) == case["rating"]


OTHERS = """
| what is so                                 | how many | rating       |
| groups not lived, none of them key         | 1        | reasonable   |
| groups not lived, none of them key         | 2        | reasonable   |
| groups not lived, none of them key         | 3        | limited      |
| key groups not lived                       | 1        | limited      |
| groups partly lived                        | 1        | substantial  |
| groups partly lived                        | 2        | reasonable   |
| groups partly lived                        | 7        | limited      |
| groups on paper                            | 4        | substantial  |
| groups on paper                            | 5        | reasonable   |
| groups on paper                            | 10       | reasonable   |
| groups shown by nothing new enough         | 2        | reasonable   |
| groups that fell                           | 2        | substantial  |
| groups that fell                           | 3        | reasonable   |
| duties met on evidence that is too old     | 7        | substantial  |
| duties met on evidence that is too old     | 8        | reasonable   |
| measures not to be relied on, of 20 more   | 2        | substantial  |
| measures not to be relied on, of 20 more   | 3        | reasonable   |
| measures not to be relied on, of 20 more   | 9        | limited      |
| certifications failed                      | 1        | reasonable   |
| certifications failed                      | 4        | limited      |
| recommendations overdue                    | 1        | reasonable   |
| recommendations overdue                    | 5        | limited      |
| conclusions limited                        | 1        | reasonable   |
| conclusions limited                        | 2        | limited      |
| conclusions none                           | 1        | limited      |
| conclusions none                           | 2        | no_assurance |
"""
LIVED = ["lived"] * 5


def made(what: str, count: int) -> tuple[dict, dict]:
    """A unit that is sound but for this, and the tables beside it."""
    subjects = [f"Subject {place}" for place in range(count)]
    concluded = {
        word: [assurance(subject=one, conclusion=word) for one in subjects] for word in ("limited", "none")
    }
    units = {
        "groups not lived, none of them key": {"levels": [*LIVED, *["not_lived"] * count]},
        "key groups not lived": {"levels": ["not_lived"] * count},
        "groups partly lived": {"levels": ["partly"] * count},
        "groups on paper": {"levels": ["on_paper"] * count},
        "groups shown by nothing new enough": {"levels": ["not_shown"] * count},
        "groups that fell": {"fell": count},
        "duties met on evidence that is too old": {"aged": count},
        "measures not to be relied on, of 20 more": {"doubted": count},
        "certifications failed": {"failed": count},
    }
    tables = {
        "recommendations overdue": {"recommendations": [recommendation()] * count},
        "conclusions limited": {"assurances": concluded["limited"]},
        "conclusions none": {"assurances": concluded["none"]},
    }
    return units.get(what, {}), tables.get(what, {})


@pytest.mark.parametrize("case", cases(OTHERS))
def test_each_condition_holds_the_rating_down_from_its_threshold_on(case):
    unit, tables = made(case["what is so"], int(case["how many"]))
    assert (unit or tables) != {}
    assert code(unit, **tables) == case["rating"]


RECOMMENDED = """
| response | due        | done       | by an assurer | counts |
| accepted | 2024-11-14 |            | yes           | yes    |
| accepted | 2024-11-15 |            | yes           | no     |
| accepted | 2024-09-30 | 2024-10-31 | yes           | no     |
| accepted | 2024-09-30 | 2024-11-16 | yes           | yes    |
| partly   | 2024-09-30 |            | yes           | yes    |
| awaited  | 2024-09-30 |            | yes           | yes    |
| awaited  |            |            | yes           | no     |
| rejected | 2024-09-30 |            | yes           | no     |
| accepted | 2024-09-30 |            |               | no     |
"""


@pytest.mark.parametrize("case", cases(RECOMMENDED))
def test_a_recommendation_is_overdue_once_its_day_went_by_undone(case):
    row = recommendation(
        response=case["response"], due_on=pd.Timestamp(case.get("due")), done_on=pd.Timestamp(case.get("done")),
        assurance_id="audit" if case.get("by an assurer") else "",
    )  # fmt: skip
    assert (code({}, recommendations=[row]) == "reasonable") == (case["counts"] == "yes")


CONCLUDED = """
| line     | conclusion  | reported   | groups   | newer, on the same subject | counts | why                                    |
| third    | limited     | 2024-06-01 | planning |                            | yes    |                                        |
| external | limited     | 2024-06-01 | planning |                            | yes    |                                        |
| second   | limited     | 2024-06-01 | planning |                            | no     | not independent of management          |
| third    | reasonable  | 2024-06-01 | planning |                            | no     |                                        |
| third    | not-stated  | 2024-06-01 | planning |                            | no     | it concluded nothing                   |
| third    | limited     | 2022-11-15 | planning |                            | yes    | 24 months to the day                   |
| third    | limited     | 2022-11-14 | planning |                            | no     | too long ago                           |
| third    | limited     | 2024-11-16 | planning |                            | no     | not known yet                          |
| third    | limited     | 2024-06-01 |          |                            | no     | of no group of duties: a limit         |
| third    | limited     | 2024-06-01 | planning | substantial                | no     | it was looked at again                 |
| third    | substantial | 2024-06-01 | planning | limited                    | yes    |                                        |
"""


@pytest.mark.parametrize("case", cases(CONCLUDED))
def test_an_independent_conclusion_stands_until_a_newer_one_or_for_a_time(case):
    first = assurance(
        line=case["line"], conclusion=case["conclusion"], reported_on=pd.Timestamp(case["reported"]), groups=case.get("groups", "")
    )  # fmt: skip
    newer = case.get("newer, on the same subject")
    again = [
        first | {"conclusion": newer, "reported_on": pd.Timestamp("2024-10-01"), "subject": " planning"}
    ] * bool(newer)
    assert (code({}, assurances=[*again, first]) == "reasonable") == (case["counts"] == "yes")


LIED = """
| older       | newer       | newer checked by | on         | stands      | why                                             |
| limited     | substantial | Manager          | 2024-10-02 | substantial |                                                 |
| limited     | substantial |                  |            | reasonable  | a row that nobody checked lifts nothing         |
| limited     | substantial | Officer          | 2024-10-02 | reasonable  | who entered it can't check it                   |
| limited     | substantial | Manager          | 2024-11-16 | reasonable  | not checked yet                                 |
| none        | limited     |                  |            | limited     | the worse of the two stands                     |
| none        | limited     | Manager          | 2024-10-02 | reasonable  |                                                 |
| substantial | limited     |                  |            | reasonable  | what is worse counts at once                    |
| substantial | none        |                  |            | limited     |                                                 |
"""


@pytest.mark.parametrize("case", cases(LIED))
def test_a_better_conclusion_takes_the_place_of_a_worse_one_only_where_a_second_post_checked_it(case):
    older = assurance(conclusion=case["older"])
    newer = assurance(
        conclusion=case["newer"], reported_on=pd.Timestamp("2024-10-01"),
        verified_by=case.get("newer checked by", ""), verified_on=pd.Timestamp(case.get("on")),
    )  # fmt: skip
    for rows in ([older, newer], [newer, older]):
        assert code({}, assurances=rows) == case["stands"]


COUNCIL = """
| directorates                               | own          | council      | why                                                |
| substantial, substantial, substantial      | substantial  | substantial  |                                                    |
| reasonable, substantial, substantial       | substantial  | substantial  | one alone does not hold it                         |
| limited, substantial, substantial          | substantial  | reasonable   | one step better than the worst at most             |
| no_assurance, substantial, substantial     | substantial  | limited      | the same                                           |
| no_assurance, reasonable, reasonable       | substantial  | limited      | the same                                           |
| limited, reasonable, substantial           | substantial  | reasonable   | two are reasonable or worse                        |
| limited, no_assurance, substantial         | substantial  | limited      | two are limited or worse                           |
| no_assurance, no_assurance, substantial    | substantial  | no_assurance |                                                    |
| unable, substantial, substantial           | substantial  | reasonable   | one may be without; it counts as limited           |
| unable, reasonable, substantial            | substantial  | reasonable   |                                                    |
| unable, no_assurance, substantial          | substantial  | limited      | the one without counts as limited                  |
| unable, unable, substantial                | substantial  | unable       | two are without                                    |
| substantial, substantial, substantial      | limited      | limited      | its own duties hold it                             |
| substantial, substantial, substantial      | unable       | unable       |                                                    |
| limited                                    | substantial  | limited      | its only one holds it                              |
"""
KINDS = {
    "substantial": {"met": 50},
    "reasonable": {"met": 49, "not_met": 1},
    "limited": {"met": 45, "not_met": 5},
    "no_assurance": {"not_met": 50},
    "unable": {"no_evidence": 50},
}


@pytest.mark.parametrize("case", cases(COUNCIL))
def test_the_council_is_no_better_than_its_own_duties_and_two_of_its_directorates_allow(case):
    names = case["directorates"].split(", ")
    units = {f"D{place}": {"results": KINDS[name]} for place, name in enumerate(names)}
    found = rated({**units, WHOLE: {"results": KINDS[case["own"]]}}).codes
    assert found.tolist() == [*names, case["council"]]


KEY = """
| not lived in          | council     |
| A                     | substantial |
| A and B, one each     | substantial |
| A and B               | limited     |
| the council itself    | limited     |
"""


@pytest.mark.parametrize("case", cases(KEY))
def test_a_key_group_holds_the_council_where_it_is_not_lived_in_two_directorates_or_in_itself(case):
    """The rule of key groups alone: what the directorates' own ratings allow is left out."""
    first, second = ["not_lived"], ["lived", "not_lived"]
    where = {
        "A": {"A": first}, "A and B": {"A": first, "B": first}, "A and B, one each": {"A": first, "B": second},
        "the council itself": {WHOLE: first},
    }[case["not lived in"]]  # fmt: skip
    found = rated({unit: {"levels": where.get(unit, ())} for unit in ("A", "B", WHOLE)})
    rows = found.caps[(found.caps["unit"] == WHOLE) & (found.caps["of"] == "key_groups_not_lived")]
    assert rows["cap"].tolist() == [case["council"]]


def test_a_missing_directorate_leaves_nothing_to_conclude_of_it_or_of_the_council():
    found = rated({"A": {}, "B": {"results": {}}, WHOLE: {}}, missing=["B"])
    assert found.codes.to_dict() == {"A": "substantial", "B": "unable", WHOLE: "unable"}
    assert found.unable.loc[WHOLE].to_dict()["missing"]


def test_nothing_is_concluded_where_of_most_key_groups_nothing_is_known():
    """Three of five key groups hold only what could not be tested, though of all duties enough could."""
    bare = {f"c{place}" for place in (0, 1, 2)}
    looked = seen({"A": {"results": {"met": 10}}, WHOLE: {}})
    found, levels = looked.clauses.copy(), looked.groups.copy()
    mine = (found["unit"] == "A") & found["clause"].isin(bare)
    found.loc[mine, "result"] = "no_evidence"
    levels.loc[(levels["unit"] == "A") & levels["group"].isin(found.loc[mine, "group"]), "tested_n"] = 0
    told = rating.rated(["A"], WHOLE, replace(looked, clauses=found, groups=levels), SCHEME, as_at=AS_AT)
    assert told.codes["A"] == "unable"
    assert told.unable.loc["A"].to_dict() == {
        "missing": False, "nothing_asked": False, "too_little_tested": False, "key_groups_unknown": True,
        "directorates_unable": False,
    }  # fmt: skip


def test_what_assurers_said_is_not_taken_for_well_where_nobody_sent_it():
    assert code({}, assurances=None) == "reasonable"
    assert code({}, recommendations=None) == "reasonable"


def changed(**keys):
    return {**SCHEME.model_dump(), **keys}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"caps": [{"of": "duties_untested", "counted": "pct", "no_assurance_from": 90}]},
            "never 'no assurance'",
        ),
        (
            {"caps": [{"of": "duties_not_met", "counted": "pct", "reasonable_from": 9, "limited_from": 3}]},
            "higher one",
        ),
        ({"caps": [{"of": "duties_not_met", "counted": "pct"}]}, "at least one threshold"),
        ({"caps": [{"of": "groups_fell", "counted": "n", "limited_from": 1}] * 2}, "look at: groups_fell"),
        ({"unable_counts_as": "no_assurance"}, "missing records are never"),
    ],
)
def test_a_scheme_that_would_make_no_assurance_of_missing_records_or_makes_no_sense_is_refused(keys, said):
    with pytest.raises(ValidationError, match=said):
        RatingScheme.model_validate(changed(**keys))


def test_decisions_know_the_same_ratings():
    assert decisions.OPINIONS == CODES
