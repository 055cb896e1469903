"""The ladder of evidence, as drawn tables: what a result rests on by its own rows, and what age takes from it."""

from datetime import date

import pandas as pd
import pytest
from drawn import cases

from pmf_lib import settings
from pmf_lib.assurance.evidence import Answer, exceptions, looked_at
from pmf_lib.assurance.maturity import embedding, ladder
from pmf_lib.assurance.maturity.rules import EmbeddingScheme
from pmf_lib.policy import load

IN_FORCE = load(settings.root() / "parameters" / "schemes" / "embedding.yml", EmbeddingScheme)
AS_AT = date(2024, 11, 15)
TESTS = {
    "minuted": "item_was_on_agenda",
    "self-keyed": "plan_is_checked",
    "document": "plan_is_in_force",
    "re-performance": "data_is_on_time",
}
"""A test that declares each kind."""


def rows(
    *checks: str, entered: str = "2024-10-01", day: str = "2024-10-02", reference: str = "minute 4"
) -> pd.DataFrame:
    """Rows entered by a clerk and checked by these posts (empty: by nobody)."""
    made = pd.DataFrame({"verified_by": checks}, dtype="str")
    days = pd.Series(pd.Timestamp(day), made.index).where(made["verified_by"] != "")
    return made.assign(
        entered_by="Clerk", verified_on=days, recorded_at=pd.Timestamp(entered), reference=reference,
        source_file="plans.csv", source_sheet="", source_row=range(2, len(made) + 2),
    )  # fmt: skip


def results(
    test: str, told: pd.DataFrame | None, period: str = "quarter", result: str = "met"
) -> pd.DataFrame:
    """The result of one duty that looked at these rows."""
    frame = {
        "clause": "c",
        "test": test,
        "force": "duty",
        "group": "g",
        "result": result,
        "period": period,
        "failed": 0,
    }
    return pd.DataFrame([{**frame, "population": 4, **ladder.facts(told, AS_AT)}])


# Of ten rows so many were checked by another post, and so many name a minute.
LADDER = """
| declared       | rows | checked | named | rests on        | level    | why                                                |
| self-keyed     | 10   | 10      | 0     | verified-return | lived    | every row was checked                              |
| self-keyed     | 10   | 9       | 0     | verified-return | lived    | nine in ten are enough                             |
| self-keyed     | 10   | 8       | 10    | self-keyed      | on_paper | eight are not; a reference is no check             |
| self-keyed     | 10   | 0       | 0     | self-keyed      | on_paper |                                                    |
| self-keyed     | 0    | 0       | 0     | self-keyed      | on_paper | no row was looked at, so the declared kind stands  |
| minuted        | 10   | 0       | 10    | minuted         | lived    | every row names its minute                         |
| minuted        | 10   | 10      | 9     | minuted         | lived    |                                                    |
| minuted        | 10   | 0       | 8     | self-keyed      | on_paper | without minutes it is a service's word             |
| minuted        | 10   | 10      | 8     | verified-return | lived    | unless a second post checked it                    |
| minuted        | 0    | 0       | 0     | minuted         | lived    |                                                    |
| document       | 10   | 10      | 10    | document        | on_paper | a checked list still shows only what is written    |
| re-performance | 10   | 0       | 0     | re-performance  | lived    | the workbook looked itself                         |
"""


@pytest.mark.parametrize("case", cases(LADDER))
def test_what_a_result_rests_on_is_told_by_its_rows(case):
    count, checked, named = (int(case[name]) for name in ("rows", "checked", "named"))
    told = rows(*(["Manager"] * checked + [""] * (count - checked)))
    told["reference"] = ["minute 4"] * named + [""] * (count - named)
    found = embedding.by_clause(results(TESTS[case["declared"]], told), IN_FORCE)
    row = found.iloc[0]
    assert (row["declared"], row["rests_on"], row["level"]) == (
        case["declared"],
        case["rests on"],
        case["level"],
    )


CHECKED = """
| checked by | checked on | counts | why                                              |
| Manager    | 2024-10-02 | 1      | another post, in time                            |
| Manager    | 2024-11-15 | 1      | on the as-at date                                |
| Manager    | 2024-11-16 | 0      | a later check is not known yet                   |
| Clerk      | 2024-10-02 | 0      | nobody checks their own row                      |
| clerk      | 2024-10-02 | 0      | in whatever case                                 |
|            | 2024-10-02 | 0      | nobody did                                       |
"""


@pytest.mark.parametrize("case", cases(CHECKED))
def test_a_row_is_checked_by_another_post_and_in_time(case):
    told = rows(case.get("checked by", ""), day=case["checked on"])
    assert ladder.facts(told, AS_AT)["checked_n"] == int(case["counts"])


def test_a_row_that_is_looked_at_twice_counts_once():
    told = rows("Manager", "")
    assert ladder.facts(pd.concat([told, told.iloc[:1]]), AS_AT)["rows_n"] == 2


def test_rows_of_other_tables_say_nothing_of_themselves():
    measures = pd.DataFrame({"measure_id": ["bins"], "owner": ["Head"]})
    assert ladder.facts(measures, AS_AT)["rows_n"] == ladder.facts(None, AS_AT)["rows_n"] == 0


def test_why_the_kind_differs_from_the_declared_one_is_said():
    told = rows("Manager", "Manager", reference="")
    found = ladder.rests_on(
        pd.concat([results(TESTS["minuted"], told), results(TESTS["document"], told)]), IN_FORCE
    )
    assert found["rows_say"].tolist() == [
        "Of the 2 rows looked at 0 name a minute or document. A second post checked 2 of the 2 rows looked at.", "",
    ]  # fmt: skip


# The newest row is so many whole months old. Self-keyed and verified returns are good for 15 months, documents for 24.
AGE = """
| declared       | months | asked   | level     | why                                                 |
| self-keyed     | 15     | quarter | lived     | just good enough                                    |
| self-keyed     | 16     | quarter | on_paper  | too old to show that it is done                     |
| self-keyed     | 30     | year    | on_paper  | twice the age                                       |
| self-keyed     | 31     | year    | not_shown | past twice the age                                  |
| self-keyed     | 99     | edition | lived     | asked once in an edition: it has not gone stale     |
| document       | 25     | year    | on_paper  | it shows no more than that anyway                   |
| document       | 49     | year    | not_shown |                                                     |
| re-performance | 99     | quarter | lived     | looked at anew in each quarter                      |
"""


@pytest.mark.parametrize("case", cases(AGE))
def test_evidence_ages(case):
    day = (pd.Timestamp(AS_AT) - pd.DateOffset(months=int(case["months"]))).date().isoformat()
    told = rows("Manager", entered=day, day=day)
    found = embedding.by_clause(results(TESTS[case["declared"]], told, case["asked"]), IN_FORCE)
    assert found["level"].tolist() == [case["level"]]


def test_the_newest_row_or_check_gives_the_age():
    old = rows("Manager", entered="2021-04-01", day="2021-04-02")
    new = rows("Manager", entered="2021-04-01", day="2024-10-20").assign(source_row=9)
    facts = ladder.facts(pd.concat([old, new]), AS_AT)
    assert (facts["newest_on"], facts["age_months"]) == (pd.Timestamp(2024, 10, 20), 0)


def test_age_is_said_in_words_where_it_takes_something_away():
    told = rows("Manager", entered="2023-05-02", day="2023-05-03")
    said = [
        embedding.by_clause(results(TESTS["self-keyed"], told, result=result), IN_FORCE)["aged"].iloc[0]
        for result in ("met", "not_met")
    ]
    assert said == ["Its newest row is of 3 May 2023; a verified return is good for 15 months.", ""]


def test_a_group_with_a_duty_that_is_too_old_to_be_shown_is_partly_lived_and_counts_it():
    old = rows("Manager", entered="2020-05-02", day="2020-05-03")
    found = pd.concat(
        [results(TESTS["self-keyed"], rows("Manager")), results(TESTS["self-keyed"], old).assign(clause="d")]
    )
    (group,) = embedding.by_group(embedding.by_clause(found, IN_FORCE), IN_FORCE).to_dict("records")
    assert (group["level"], group["met_n"], group["aged_n"], group["worst"]) == ("partly", 2, 1, "d")


def test_an_answer_counts_its_rows_or_the_subjects_behind_them():
    none = exceptions(pd.DataFrame(), "")
    assert [looked_at(rows("", ""), none).population, looked_at(rows("", ""), none, 5).population] == [2, 5]
    assert Answer(3, none).rows is None


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("self-keyed", {"checked": "self-assertion"}, "'self-assertion' is not a known 'checked' of the kind 'self-keyed'"),
        ("minuted", {"unreferenced": "independent"}, "'independent' is not a known 'unreferenced' of the kind 'minuted'"),
        ("minuted", {"good_for_months": 0}, "greater than 0"),
    ],
)  # fmt: skip
def test_a_check_never_weakens_and_a_missing_minute_never_strengthens(kind, change, said):
    given = IN_FORCE.model_dump()
    given["kinds"] = [{**each, **(change if each["code"] == kind else {})} for each in given["kinds"]]
    with pytest.raises(ValueError, match=said):
        EmbeddingScheme.model_validate(given)


def test_evidence_does_not_get_better_with_age():
    with pytest.raises(ValueError, match="evidence does not get better with age"):
        EmbeddingScheme.model_validate({**IN_FORCE.model_dump(), "very_old": "lived"})
