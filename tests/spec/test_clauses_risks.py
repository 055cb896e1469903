"""Clause tests of risks, as drawn tables."""

from dataclasses import replace

import pandas as pd
import pytest
from minuted import drawn, evidence, found, not_sent, rows

from pmf_lib.assurance.checks import TESTS, risks
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError

RISKS = """
risk_id | title            | kind        | level       | owner | response  | nodes     | measures | objectives | raised_on  | reviewed_on | closed_on
r-1     | A depot burns    | threat      | directorate | Head  | Sprinkler |           | bins     |            | 2023-04-01 | 2024-08-01  |
r-2     | A partner leaves | threat      | partnership | Head  | Talks     | marker-19 |          |            | 2024-04-01 |             |
r-3     | A partner leaves | opportunity | service     | Head  | Talks     |           | calls    | obj-1      | 2023-04-01 | 2024-08-01  |
"""


def made(text=RISKS, missed=("bins", "calls")):
    """The evidence of a register, and of measures that miss their targets."""
    names = list(missed)
    rated = pd.DataFrame(
        {"measure_id": names, "title": [one.upper() for one in names], "state": "missed"}, dtype="str"
    )
    return replace(
        evidence({"risks": rows("risks", drawn(text) if text else [])}, directorate="resources"), rated=rated
    )


DEFECTS = {
    "red_has_risk": (RISKS.replace("| bins  ", "| other "), {}, "BINS"),
    "risk_is_managed": (RISKS.replace("2023-04-01 | 2024-08-01  |\nr-2", "2023-04-01 | 2023-08-01  |\nr-2"), {"months": 12}, "A depot burns"),
    "risk_is_linked": (RISKS.replace("marker-19", "         "), {}, "A partner leaves (r-2)"),
    "register_holds_risk": (RISKS.replace("opportunity", "threat     "), {"kind": "opportunity"}, "Register of risks"),
}  # fmt: skip


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == risks.__name__}


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_records_pass_and_one_defect_is_the_one_exception(name):
    spoilt, told, subject = DEFECTS[name]
    answer = TESTS[name](made(), **told)
    assert (answer.population > 0, answer.failed) == (True, 0)
    assert found(TESTS[name](made(spoilt), **told)) == (answer.population, [subject])


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_what_nobody_sent_is_not_known(name):
    with pytest.raises(NotSentError):
        TESTS[name](not_sent(made(), "risks"), **DEFECTS[name][1])


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_records_at_all_are_never_a_pass(name):
    assert TESTS[name](made("", ()), **DEFECTS[name][1]).population == 0


def test_a_red_of_a_unit_that_keeps_no_risks_has_none():
    assert found(TESTS["red_has_risk"](made(""))) == (2, ["BINS", "CALLS"])


OPEN = """
raised_on  | closed_on  | open
2024-04-01 |            | 1
2024-04-01 | 2024-11-15 | 0
2024-04-01 | 2024-11-16 | 1
2024-11-16 |            | 0
"""


@pytest.mark.parametrize("case", drawn(OPEN), ids=str)
@pytest.mark.parametrize("name", ["risk_is_managed", "risk_is_linked"])
def test_only_risks_that_are_open_on_the_as_at_date_are_asked(name, case):
    text = "\n".join(
        [
            "risk_id | title | raised_on | closed_on",
            f"r | R | {case['raised_on']} | {case.get('closed_on', '')}",
        ]
    )
    answer = TESTS[name](made(text), **({"months": 12} if name == "risk_is_managed" else {}))
    assert (answer.population, answer.failed) == (int(case["open"]), int(case["open"]))


MANAGED = """
owner | response | raised_on  | reviewed_on | months | said
Head  | Talks    | 2023-11-15 |             | 12     |
Head  | Talks    | 2023-11-14 |             | 12     | It was last looked at on 14 November 2023.
Head  | Talks    | 2020-04-01 | 2024-05-15  | 6      |
Head  | Talks    | 2020-04-01 | 2024-05-14  | 6      | It was last looked at on 14 May 2024.
Head  | Talks    | 2020-04-01 | 2024-12-01  | 6      | It was last looked at on 1 April 2020.
      | Talks    | 2024-04-01 |             | 12     | No post answers for it.
Head  |          | 2024-04-01 |             | 12     | No response is recorded.
      |          | 2020-04-01 |             | 12     | No post answers for it; no response is recorded; it was last looked at on 1 April 2020.
"""


@pytest.mark.parametrize("case", drawn(MANAGED), ids=str)
def test_a_risk_has_an_owner_a_response_and_a_look_within_the_months(case):
    one = {key: text for key, text in case.items() if key not in ("months", "said")}
    register = rows("risks", [{"risk_id": "r", "title": "R", **one}])
    answer = TESTS["risk_is_managed"](evidence({"risks": register}), months=int(case["months"]))
    assert answer.population == 1
    assert "".join(answer.exceptions["condition"]) == case.get("said", "")


@pytest.mark.parametrize(
    ("told", "failed"),
    [
        ({"level": "partnership"}, 0), ({"kind": "opportunity"}, 0), ({"level": "project"}, 1),
        ({"level": "partnership", "kind": "opportunity"}, 1), ({"level": "service", "kind": "opportunity"}, 0),
    ],
)  # fmt: skip
def test_a_register_holds_a_risk_of_the_level_and_kind(told, failed):
    assert TESTS["register_holds_risk"](made(), **told).failed == failed


def test_what_a_register_lacks_is_said():
    (said,) = TESTS["register_holds_risk"](made(), level="project").exceptions["condition"]
    assert said == "It holds no project risk among 3 open entries."


@pytest.mark.parametrize("told", [{"level": "partner"}, {"kind": "chance"}])
def test_a_level_or_kind_that_does_not_exist_is_refused(told):
    with pytest.raises(PolicyError, match="is not a known"):
        TESTS["register_holds_risk"](made(), **told)
