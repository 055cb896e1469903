"""Embedding, as drawn tables: what a clause shows, capped by its evidence, and what becomes of a group of clauses."""

from datetime import date

import pandas as pd
import pytest
from drawn import cases

from pmf_lib import framework as frameworks
from pmf_lib import settings, verdicts
from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.maturity import embedding
from pmf_lib.assurance.maturity.rules import LEVELS, UNKNOWN, Basis, EmbeddingScheme, EvidenceKind
from pmf_lib.errors import PolicyError
from pmf_lib.policy import load

CAPS = {
    "independent": "lived", "re-performance": "lived", "document": "on_paper", "self-assertion": "not_shown",
}  # fmt: skip
SCHEME = EmbeddingScheme(
    version=1,
    dated=date(2024, 4, 1),
    source="test",
    not_lived_from_pct=50,
    kinds=tuple(EvidenceKind(code=code, word=code, cap=cap, means="x") for code, cap in CAPS.items()),
    tests={code: Basis(rests_on=code, mend="x") for code in CAPS},
)
IN_FORCE = load(settings.root() / "parameters" / "schemes" / "embedding.yml", EmbeddingScheme)
WORDS = {
    "+": "met",
    "~": "partly",
    "-": "not_met",
    "o": "observation",
    "?": "no_evidence",
    "!": "not_due",
    "0": "not_applicable",
}
EVIDENCE = {"r": "re-performance", "d": "document", "s": "self-assertion"}


def clauses(*rows: tuple[str, str, str], group: str = "g") -> pd.DataFrame:
    """Clause results, one per (force, result, test), with one exception in four where there is one."""
    frame = pd.DataFrame(rows, columns=["force", "result", "test"])
    bad = frame["result"].isin(["partly", "not_met"])
    seen = ~frame["result"].isin(["no_evidence", "not_due", "not_applicable"])
    return frame.assign(
        clause=[f"c{n}" for n in range(len(rows))], group=group, failed=bad.astype(int), population=4 * seen
    )


CLAUSES = """
| force         | result      | rests on       | shows     |
| duty          | met         | independent    | lived     |
| duty          | met         | re-performance | lived     |
| duty          | met         | document       | on_paper  |
| duty          | met         | self-assertion | not_shown |
| minimum       | met         | document       | on_paper  |
| duty          | partly      | re-performance | partly    |
| duty          | partly      | document       | partly    |
| minimum       | not_met     | document       | not_lived |
| duty          | no_evidence | re-performance | not_shown |
| duty          | observation | re-performance | observed  |
| good practice | met         | re-performance | observed  |
| good practice | observation | document       | observed  |
| context       | no_evidence | document       | not_shown |
| duty          | not_due     | document       |           |
| context       | not_due     | document       |           |
| duty          | not_applicable | document    |           |
| example       | not_applicable | document    |           |
"""


@pytest.mark.parametrize("case", cases(CLAUSES))
def test_a_clause_shows_no_more_than_its_evidence_can(case):
    found = embedding.by_clause(clauses((case["force"], case["result"], case["rests on"])), SCHEME)
    assert found["level"].tolist() == [case.get("shows", "")]


# Each clause is a letter for its force (D duty, g good practice), a sign for its result and a letter for its evidence.
GROUPS = """
| clauses             | level     | met | tested | why                                              |
| D+r                 | lived     | 1   | 1      | met, and seen by the workbook itself             |
| D+r D+r             | lived     | 2   | 2      |                                                  |
| D+r D+d             | on_paper  | 2   | 2      | the weakest evidence caps the group              |
| D+d g-d             | on_paper  | 1   | 1      | good practice informs, and takes nothing away    |
| D+r D~r             | partly    | 1   | 2      | one duty is only partly met                      |
| D+r D?r             | partly    | 1   | 1      | a duty that could not be tested is never a pass  |
| D+r D+r D-r         | partly    | 2   | 3      | fewer than half of the duties are not met        |
| D+r D-r             | not_lived | 1   | 2      | half of them are                                 |
| D-d                 | not_lived | 0   | 1      |                                                  |
| D~r D~r             | partly    | 0   | 2      |                                                  |
| D?r                 | not_shown | 0   | 0      | nothing could be tested                          |
| D?r gor             | observed  | 0   | 0      | only an observation could be made                |
| gor                 | observed  | 0   | 0      | no duty is asked                                 |
| g?r                 | not_shown | 0   | 0      |                                                  |
| Dor D?d             | observed  | 0   | 0      | published figures                                |
| D+s                 | not_shown | 1   | 1      | somebody's word alone shows nothing              |
| D!r                 |           | 0   | 0      | nothing is due yet, so there is no level         |
| D+r D!r             | lived     | 1   | 1      | what is not yet due takes nothing away           |
| D!r g+r             | observed  | 0   | 0      |                                                  |
| D0r                 |           | 0   | 0      | nothing arose, so there is no level, and no pass |
| D+r D0r             | lived     | 1   | 1      | good figures take nothing away                   |
| D-r D0r             | not_lived | 0   | 1      | nor do they add anything                         |
| D0r D?r             | not_shown | 0   | 0      | one duty could have been told, and was not       |
| D0r g?r             |           | 0   | 0      | good practice without evidence shows no duty     |
| D0r g+r             | observed  | 0   | 0      |                                                  |
"""


def drawn(text: str) -> pd.DataFrame:
    forces = {"D": "duty", "g": "good practice"}
    rows = [(forces[one[0]], WORDS[one[1]], EVIDENCE[one[2]]) for one in text.split()]
    return embedding.by_clause(clauses(*rows), SCHEME)


@pytest.mark.parametrize("case", cases(GROUPS))
def test_a_group_is_as_lived_as_its_duties_and_its_weakest_evidence(case):
    (row,) = embedding.by_group(drawn(case["clauses"]), SCHEME).to_dict("records")
    assert (row["level"], row["met_n"], row["tested_n"]) == (
        case.get("level", ""),
        int(case["met"]),
        int(case["tested"]),
    )


@pytest.mark.parametrize("case", cases(GROUPS))
def test_counts_of_a_group_reconcile(case):
    found = drawn(case["clauses"])
    (row,) = embedding.by_group(found, SCHEME).to_dict("records")
    assert row["met_n"] + row["partly_n"] + row["not_met_n"] == row["tested_n"] <= row["duties_n"]
    assert row["clauses_n"] == len(found)


@pytest.mark.parametrize("case", cases(GROUPS))
def test_the_order_of_clauses_never_matters(case):
    found = drawn(case["clauses"])
    columns = ["level", *embedding.COUNTS, "rests_on"]
    there, back = (embedding.by_group(rows, SCHEME)[columns] for rows in (found, found.iloc[::-1]))
    pd.testing.assert_frame_equal(there, back)


@pytest.mark.parametrize("case", cases(GROUPS))
def test_weaker_evidence_never_gives_a_better_level(case):
    order = ["", *LEVELS, *UNKNOWN]
    strong, weak = (
        embedding.by_group(drawn(case["clauses"].replace("r", kind)), SCHEME)["level"].iloc[0]
        for kind in "rd"
    )
    assert order.index(weak) >= order.index(strong)


def test_groups_are_told_apart_by_unit():
    two = pd.concat([drawn("D+r").assign(unit="A"), drawn("D-r").assign(unit="B")], ignore_index=True)
    found = embedding.by_group(two, SCHEME, "unit")
    assert found[["unit", "level"]].to_numpy().tolist() == [["A", "lived"], ["B", "not_lived"]]


def test_the_widest_gap_comes_first_and_a_lived_group_leaves_none():
    drawings = {
        "paper": "D+d",
        "lived": "D+r",
        "unseen": "D?r",
        "asked of nobody": "gor",
        "partly": "D+r D~r",
        "failed": "D-r",
    }
    rows = pd.concat([drawn(text).assign(group=group) for group, text in drawings.items()], ignore_index=True)
    gaps = embedding.widest(embedding.by_group(rows, SCHEME))
    assert gaps["group"].tolist() == ["failed", "partly", "unseen", "paper"]


def test_the_larger_share_of_exceptions_is_the_wider_gap():
    few = drawn("D~r").assign(group="few", failed=1, population=20)
    many = drawn("D~r").assign(group="many", failed=1, population=5)
    gaps = embedding.widest(embedding.by_group(pd.concat([few, many]), SCHEME))
    assert gaps["group"].tolist() == ["many", "few"]


def test_the_gap_names_the_duty_that_is_furthest_off():
    found = drawn("D+r D~r D-r D~r D+r")
    (row,) = embedding.by_group(found, SCHEME).to_dict("records")
    assert (row["worst"], row["failed"], row["population"]) == ("c2", 1, 4)


def test_the_gap_of_a_group_on_paper_is_the_duty_that_rests_on_the_weakest_evidence():
    rows = clauses(
        ("duty", "met", "document"), ("duty", "met", "hearsay"), ("duty", "met", "re-performance")
    )  # fmt: skip
    weak = EvidenceKind(code="hearsay", word="Hearsay", cap="on_paper", means="x")
    scheme = SCHEME.model_copy(
        update={
            "kinds": (*SCHEME.kinds[:-1], weak, SCHEME.kinds[-1]),
            "tests": {**SCHEME.tests, "hearsay": Basis(rests_on="hearsay", mend="x")},
        }
    )
    (row,) = embedding.by_group(embedding.by_clause(rows, scheme), scheme).to_dict("records")
    assert (row["level"], row["rests_on"], row["worst"]) == ("on_paper", "hearsay", "c1")


def test_no_clause_at_all_gives_no_group():
    nothing = embedding.by_clause(clauses(), SCHEME)
    assert embedding.by_group(nothing, SCHEME).empty


def test_a_test_that_the_scheme_does_not_know_is_refused_in_words():
    with pytest.raises(PolicyError, match="'documnt' is not a known test of the embedding scheme"):
        embedding.by_clause(clauses(("duty", "met", "documnt")), SCHEME)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kinds": SCHEME.kinds[::-1]}, "weaker kind of evidence has a higher cap"),
        ({"tests": {"t": Basis(rests_on="hearsay", mend="x")}}, "'hearsay' is not a known kind of evidence"),
        ({"not_lived_from_pct": 0}, "greater than 0"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        EmbeddingScheme.model_validate({**SCHEME.model_dump(), **change})


def test_the_scheme_in_force_covers_every_test_and_every_level_has_a_word():
    assert set(IN_FORCE.tests) == set(TESTS)
    assert verdicts.load().codes("embedding") == [*LEVELS, *UNKNOWN]


def test_nothing_that_services_say_about_themselves_is_lived():
    weak = IN_FORCE.codes[IN_FORCE.codes.index("document") :]
    assert {IN_FORCE.kind(code).cap for code in weak} == {"on_paper", "not_shown"}
    assert IN_FORCE.basis("target_is_approved").rests_on == "self-keyed"


@pytest.mark.parametrize("framework", frameworks.ids())
def test_every_clause_belongs_to_a_group(framework):
    assert [one.id for one in frameworks.load(framework).clauses if not one.group] == []


def test_the_guide_counts_the_tests_that_rest_on_each_kind_of_evidence():
    guide = (settings.root() / "docs" / "methods" / "embedding.md").read_text(encoding="utf-8")
    rows = {
        line.split("|")[1].split(":")[0].strip(): line.split("|")[3].strip()
        for line in guide.split("### The ladder")[0].splitlines()
        if line.count("|") == 5
    }
    resting = [basis.rests_on for basis in IN_FORCE.tests.values()]
    for kind in IN_FORCE.kinds:
        assert rows[kind.word.lower()] == str(resting.count(kind.code)), kind.code
    said = [kind.code for kind in IN_FORCE.kinds if kind.cap != "lived"]
    assert (
        f"Of the {len(resting)} tests {sum(code in said for code in resting)} read what services say" in guide
    )
