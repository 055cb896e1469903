"""Claims beside evidence, as drawn tables: which attestation stands, and how it differs from what the records show."""

from datetime import date

import pandas as pd
import pytest
from drawn import cases

from pmf_lib.assurance.maturity import claims
from pmf_lib.periods import parse

YEAR, AS_AT = parse("2024-25", "year"), date(2024, 11, 15)


def attestation(year: str = "2024-25", attested: str = "2024-10-25", **cells: str) -> dict[str, object]:
    """One attestation that risk is lived, checked and with its evidence, unless the cells say otherwise."""
    said = {
        "clause_group": "risk", "directorate": "streets", "claimed": "lived", "because": "w", "evidence": "folder",
        "reference": "", "post": "Director", "entered_by": "Lead", "verified_by": "Manager",
    }  # fmt: skip
    days = {"attested_on": pd.Timestamp(attested), "verified_on": pd.Timestamp("2024-10-27")}
    return {**said, "year": year, **days, **cells}


def known(*rows: dict[str, object]) -> pd.DataFrame:
    return claims.known(pd.DataFrame(rows), YEAR, AS_AT)


def group(level: str = "partly", duties: int = 3, name: str = "risk") -> pd.DataFrame:
    return pd.DataFrame([{"group": name, "level": level, "duties_n": duties}])


GAPS = """
| evidenced | claimed   | gap             | levels | why                                              |
| lived     | lived     | agrees          | 0      |                                                  |
| on_paper  | lived     | claimed_above   | 1      | written down and not shown to be done            |
| partly    | lived     | claimed_above   | 2      |                                                  |
| not_lived | lived     | claimed_above   | 3      | the widest there is                              |
| not_lived | partly    | claimed_above   | 1      |                                                  |
| lived     | not_lived | evidenced_above | -3     | modest                                           |
| lived     | on_paper  | evidenced_above | -1     |                                                  |
| not_lived | not_lived | agrees          | 0      | an honest claim                                  |
| not_shown | lived     | only_claimed    | 0      | nothing could be shown                           |
| not_shown | not_lived | only_claimed    | 0      |                                                  |
| observed  | partly    | only_claimed    | 0      | seen, and no duty of it could be tested          |
| partly    |           | no_claim        | 0      | nobody claims anything                           |
| not_shown |           | no_claim        | 0      |                                                  |
|           | lived     |                 | 0      | nothing is due yet                               |
"""


@pytest.mark.parametrize("case", cases(GAPS))
def test_a_claim_stands_beside_what_is_evidenced(case):
    rows = (
        known(attestation(claimed=case["claimed"])) if case.get("claimed") else known(attestation()).iloc[:0]
    )
    (row,) = claims.beside(group(case.get("evidenced", "")), rows).to_dict("records")
    assert (row["claim_gap"], row["gap_n"]) == (case.get("gap", ""), int(case["levels"]))


def test_where_no_duty_is_asked_there_is_nothing_to_compare_a_claim_with():
    (row,) = claims.beside(group("observed", duties=0), known(attestation())).to_dict("records")
    assert (row["claimed"], row["claim_gap"]) == ("lived", "")


def test_of_a_table_that_nobody_sent_nothing_is_known_and_no_claim_is_denied():
    (row,) = claims.beside(group(), None).to_dict("records")
    assert (row["claim_gap"], row["claimed"], row["has_evidence"]) == ("not_known", "", False)


STANDS = """
| attested for | on         | stands | earlier | why                                        |
| 2024-25      | 2024-10-25 | yes    | no      | of the quarter's year                      |
| 2024-25      | 2024-11-15 | yes    | no      | on the as-at date                          |
| 2024-25      | 2024-11-16 | no     |         | not known yet                              |
| 2023-24      | 2024-04-26 | yes    | yes     | the newest there is, and said so           |
| 2022-23      | 2023-04-26 | yes    | yes     |                                            |
| 2025-26      | 2024-10-25 | no     |         | of a year to come                          |
"""


@pytest.mark.parametrize("case", cases(STANDS))
def test_the_attestation_of_the_year_stands_else_the_newest_before_it(case):
    rows = known(attestation(case["attested for"], case["on"]))
    assert [("yes" if row else "no") for row in rows["is_earlier"]] == (
        [case["earlier"]] if case["stands"] == "yes" else []
    )


def test_the_newest_year_wins_and_within_it_the_newest_day():
    rows = known(
        attestation("2024-25", "2024-10-25", claimed="partly"),
        attestation("2024-25", "2024-06-01", claimed="lived"),
        attestation("2023-24", "2024-11-01", claimed="not_lived"),
    )
    assert rows[["claimed", "claim_year"]].to_numpy().tolist() == [["partly", "2024-25"]]


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        ({}, (True, True)),
        ({"evidence": "", "reference": "minute 4"}, (True, True)),
        ({"evidence": " ", "reference": ""}, (False, True)),
        ({"verified_by": ""}, (True, False)),
        ({"verified_by": "lead"}, (True, False)),
    ],
)
def test_a_claim_says_whether_it_names_evidence_and_who_checked_it(cells, flags):
    (row,) = claims.beside(group(), known(attestation(**cells))).to_dict("records")
    assert (row["has_evidence"], row["is_checked"]) == flags


def test_units_are_told_apart_by_their_key():
    rows = known(attestation(), attestation(directorate="care", claimed="partly"))
    groups = pd.concat(
        [group().assign(directorate=unit) for unit in ("care", "streets", "schools")], ignore_index=True
    )
    found = claims.beside(groups, rows, "directorate")
    assert found["claim_gap"].tolist() == ["agrees", "claimed_above", "no_claim"]


def test_the_widest_gap_comes_first_and_claims_without_evidence_before_others():
    names = ("modest", "shown", "bare", "only", "one level", "agrees")
    gaps = ("evidenced_above", "claimed_above", "claimed_above", "only_claimed", "claimed_above", "agrees")
    steps, evidence = (-3, 2, 2, 0, 1, 0), (True, True, False, True, False, True)
    rows = pd.DataFrame({"group": names, "claim_gap": gaps, "gap_n": steps, "has_evidence": evidence})
    found = claims.widest(rows.assign(is_checked=True, claimed="lived"))
    assert found["group"].tolist() == ["bare", "shown", "one level", "only", "modest"]
