"""Certification of measures: sizes, the draw, the category and the standing, as drawn tables; and the published cases."""

import json
import math
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib import policy, settings
from pmf_lib.assurance.certification.category import ASKED, categories
from pmf_lib.assurance.certification.findings import other_category
from pmf_lib.assurance.certification.rules import CATEGORY_WORDS, CertificationScheme
from pmf_lib.assurance.certification.sample import drawn, sample_size, sample_sizes
from pmf_lib.assurance.certification.standing import COLUMNS, standings
from pmf_lib.records.schema.words import CERTIFICATES

SCHEME = policy.load(settings.root() / "parameters" / "schemes" / "certification.yml", CertificationScheme)
VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "measure_certification.json").read_text(encoding="utf-8")
)["vectors"]
SOUND = {
    "population_n": 400.0, "sample_n": 29.0, "errors_n": 0.0, "reported": 100.0, "recalculated": 100.0,
    "documentation": "yes", "definition_followed": "yes", "deviation_changes": "", "controls": "strong",
}  # fmt: skip
NUMBERS = ("population_n", "sample_n", "errors_n", "reported", "recalculated")


def drawn_cases(table):
    """Name, cells and expected answer of each row of a drawn table; '?' is not known."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    names, *rows = lines
    return [
        pytest.param(dict(zip(names[1:-1], cells[1:-1], strict=True)), cells[-1], id=cells[0])
        for cells in rows
    ]


def row(**cells):
    """One certification that is sound but for these cells."""
    said = {name: text for name, text in cells.items() if text != ""}
    figures = {name: math.nan if said[name] == "?" else float(said[name]) for name in NUMBERS if name in said}
    texts = {name: "" if text == "?" else text for name, text in said.items() if name not in NUMBERS}
    return SOUND | texts | figures


def category(**cells):
    return categories(pd.DataFrame([row(**cells)]), SCHEME).iloc[0]


# ---- the published cases ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_certification_gives_the_published_category_and_size(vector):
    said = vector["input"]
    if said.get("question") == "sample size":
        assert sample_size(10_000, said["controls"], SCHEME) == vector["expected"]
        return
    yes = {True: "yes", False: "no"}
    found = category(
        sample_n="?",
        population_n="?",
        errors_n="?",
        reported=str(said["reported"]),
        recalculated="?" if said["recalculated"] is None else str(said["recalculated"]),
        documentation=yes[said["documentation_available"]],
        definition_followed=yes[said["definition_followed"]],
        deviation_changes=yes[said["deviation_from_definition_changes_result_over_5pct"]],
        controls=said["controls"],
    )
    assert found["category"] == vector["expected"]


def test_categories_are_those_of_the_table_of_records():
    assert tuple(CATEGORY_WORDS) == CERTIFICATES


# ---- how many, and which ---------------------------------------------------------------------------------------------

SIZES = """
case                                  | population | controls | cases
controls strong                       | 400        | strong   | 29
moderate                              | 400        | moderate | 61
weak                                  | 400        | weak     | 61
the first population of which some    | 41         | strong   | 29
the last that is tested whole         | 40         | strong   | 40
weak, and fewer than the sample       | 52         | weak     | 52
one more than the sample              | 62         | weak     | 61
no case                               | 0          | weak     | 0
"""


@pytest.mark.parametrize(("cells", "cases"), drawn_cases(SIZES))
def test_so_many_cases_are_tested(cells, cases):
    population = int(cells["population"])
    assert sample_size(population, cells["controls"], SCHEME) == int(cases)
    frame = pd.DataFrame({"population_n": [float(population)], "controls": [cells["controls"]]})
    assert sample_sizes(frame, SCHEME).tolist() == [float(cases)]


def test_of_a_population_that_nobody_counted_as_many_are_asked_as_of_a_large_one():
    frame = pd.DataFrame({"population_n": [math.nan] * 2, "controls": ["strong", "weak"]})
    assert sample_sizes(frame, SCHEME).tolist() == [29.0, 61.0]


IDS = [f"case-{number:03d}" for number in range(1, 101)]


def test_a_seed_draws_these_cases_on_every_machine():
    assert drawn(IDS, 5, 7) == ["case-009", "case-031", "case-056", "case-071", "case-076"]


def test_the_order_of_the_list_draws_no_other_cases_and_another_seed_does():
    assert drawn(reversed(IDS), 29, 7) == drawn(IDS, 29, 7) != drawn(IDS, 29, 8)


def test_a_larger_draw_of_the_same_seed_keeps_the_cases_of_the_smaller():
    assert drawn(IDS, 61, 7)[:29] == drawn(IDS, 29, 7)


def test_a_case_taken_out_of_the_list_moves_no_other():
    first, *others = drawn(IDS, 29, 7)
    assert drawn([case for case in IDS if case != first], 28, 7) == others


# ---- the category ----------------------------------------------------------------------------------------------------

RULE = """
case                                    | reported | recalculated | sample_n | errors_n | population_n | documentation | definition_followed | deviation_changes | controls | category
exact                                   |          |       |     |    |     |     |     |     |          | certified
5 per cent of what is right, exactly    | 105      | 100   |     |    |     |     |     |     |          | certified
just more                               | 105.01   | 100   |     |    |     |     |     |     |          | inaccurate
the same below                          | 95       | 100   |     |    |     |     |     |     |          | certified
just more below                         | 94.99    | 100   |     |    |     |     |     |     |          | inaccurate
a negative value                        | -105     | -100  |     |    |     |     |     |     |          | certified
nothing reported, and nothing is right  | 0        | 0     |     |    |     |     |     |     |          | certified
something reported, and nothing is right| 1        | 0     |     |    |     |     |     |     |          | inaccurate
decimals that binary can't hold         | 0.105    | 0.1   |     |    |     |     |     |     |          | certified
one error in 29                         |          |       |     | 1  |     |     |     |     |          | certified
two errors in 29                        |          |       |     | 2  |     |     |     |     |          | inaccurate
5 per cent of errors, exactly           |          |       | 40  | 2  | 40  |     |     |     |          | certified
three errors in 61                      |          |       | 61  | 3  |     |     |     |     | weak     | certified_with_qualification
four errors in 61                       |          |       | 61  | 4  |     |     |     |     | weak     | inaccurate
can't be worked out again               |          | ?     |     |    |     |     |     |     |          | factors_prevented_certification
no value reported                       | ?        |       |     |    |     |     |     |     |          | factors_prevented_certification
no documents, strong controls           |          |       | 0   |    |     | no  |     |     |          | certified_with_qualification
no documents, moderate controls         |          |       | 0   |    |     | no  |     |     | moderate | factors_prevented_certification
no documents, and wrong                 | 110      | 100   | 0   |    |     | no  |     |     | weak     | inaccurate
departs, and it changes much            |          |       |     |    |     |     | no  | yes |          | inaccurate
departs, and it changes little          |          |       |     |    |     |     | no  | no  |          | certified_with_qualification
departs, and nobody knows what changes  |          |       |     |    |     |     | no  | ?   |          | factors_prevented_certification
departs, and can't be worked out again  |          | ?     |     |    |     |     | no  | ?   |          | factors_prevented_certification
fewer cases than asked                  |          |       | 28  |    |     |     |     |     |          | factors_prevented_certification
fewer, and enough errors already        |          |       | 10  | 3  |     |     |     |     |          | inaccurate
fewer, but all there are                |          |       | 12  |    | 12  |     |     |     |          | certified
controls moderate                       |          |       | 61  |    |     |     |     |     | moderate | certified_with_qualification
controls weak                           |          |       | 61  |    |     |     |     |     | weak     | certified_with_qualification
enough for strong controls only         |          |       | 29  |    |     |     |     |     | weak     | factors_prevented_certification
"""


@pytest.mark.parametrize(("cells", "expected"), drawn_cases(RULE))
def test_the_rule_gives_the_category(cells, expected):
    assert category(**cells)["category"] == expected


def test_all_rows_are_judged_at_once_as_one_by_one_and_none_is_changed():
    cells, expected = zip(*(given for given, *_ in drawn_cases(RULE)), strict=True)
    rows = pd.DataFrame([row(**each) for each in cells])
    before = rows.copy()
    together = categories(rows, SCHEME)["category"].tolist()
    assert together == list(expected)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"errors_n": "2"}, "2 of 29 cases tested do not agree with their documents, more than 5 per cent"),
        ({"sample_n": "28"}, "28 cases were tested, and 29 are asked for"),
        (
            {"reported": "200"},
            "the value reported lies more than 5 per cent away from the value worked out again",
        ),
        (
            {"controls": "moderate", "sample_n": "61"},
            "controls over it are moderate: the value is right, and the next may not be",
        ),
    ],
)
def test_the_reason_is_said_in_words(cells, why):
    assert category(**cells)["why"] == why


# ---- how a measure stands --------------------------------------------------------------------------------------------

STANDINGS = """
case                                     | certified_on | valid_to   | errors_n | by      | as_at      | standing
never tested                             |              |            |          |         | 2024-11-15 | never
tested                                   | 2024-09-12   |            |          |         | 2024-11-15 | certified
with one error too many                  | 2024-09-12   |            | 5        |         | 2024-11-15 | failed
concluded only later                     | 2024-11-16   |            |          |         | 2024-11-15 | never
the last day of its 24 months            | 2022-11-15   |            |          |         | 2024-11-15 | certified
the day after                            | 2022-11-14   |            |          |         | 2024-11-15 | expired
the last day that the auditor named      | 2024-01-10   | 2024-11-15 |          |         | 2024-11-15 | certified
the day after that                       | 2024-01-10   | 2024-11-14 |          |         | 2024-11-15 | expired
failed long ago, and nobody tested since | 2019-01-10   |            | 5        |         | 2024-11-15 | failed
certified by its owner                   | 2024-09-12   |            |          | Head A  | 2024-11-15 | never
by its owner, written otherwise          | 2024-09-12   |            |          | head a  | 2024-11-15 | never
"""
MEASURES = pd.DataFrame({"measure_id": ["a"], "owner": ["Head A"]})


def certification(certified_on="2024-09-12", valid_to="", errors_n="", by="", **more):
    return row(errors_n=errors_n) | {
        "measure_id": "a", "period": "2024-06", "category": "", "certified_by": by or "Auditor", "reference": "",
        "certified_on": pd.Timestamp(certified_on), "valid_to": pd.Timestamp(valid_to) if valid_to else pd.NaT,
        "source_file": "certifications.csv", "source_sheet": "", "source_row": 2,
    } | more  # fmt: skip


def table(*rows):
    frame = pd.DataFrame(list(rows), columns=list(certification()))
    days = {name: pd.to_datetime(frame[name]) for name in ("certified_on", "valid_to")}
    return frame.assign(**days, **{name: frame[name].astype(float) for name in NUMBERS})


def stands(frame, as_at="2024-11-15", measures=MEASURES):
    return standings(measures, frame, date.fromisoformat(as_at), SCHEME)


@pytest.mark.parametrize(("cells", "expected"), drawn_cases(STANDINGS))
def test_a_measure_stands_so_at_a_day(cells, expected):
    as_at = cells.pop("as_at")
    rows = [certification(**cells)] if cells["certified_on"] else []
    found = stands(table(*rows), as_at)
    assert list(found.columns) == list(COLUMNS)
    assert found["standing"].tolist() == [expected]


def test_the_newest_certification_speaks_for_a_measure_whatever_the_order_of_rows():
    rows = [certification("2024-05-01"), certification("2024-09-12", errors_n="9", period="2024-07")]
    assert (
        stands(table(*rows))["standing"].tolist()
        == stands(table(*rows[::-1]))["standing"].tolist()
        == ["failed"]
    )
    assert stands(table(*rows), "2024-09-11")["standing"].tolist() == ["certified"]


def test_documents_without_a_number_of_cases_tested_certify_nothing():
    found = stands(table(certification(sample_n=math.nan)))
    assert found[["standing", "why"]].to_numpy().tolist() == [
        ["failed", "0 cases were tested, and 29 are asked for"]
    ]


def test_every_measure_has_one_row_in_their_order():
    three = pd.DataFrame({"measure_id": ["c", "a", "b"]})
    found = stands(table(certification()), measures=three)
    assert found[["measure_id", "standing"]].to_numpy().tolist() == [
        ["c", "never"],
        ["a", "certified"],
        ["b", "never"],
    ]
    assert found.loc[0, ["category", "why", "certified_by"]].tolist() == ["", "", ""]


# ---- what the auditor recorded ---------------------------------------------------------------------------------------


def test_a_category_that_the_rule_does_not_give_is_a_finding_for_the_post_that_recorded_it():
    rows = table(
        certification(category="certified", errors_n="5"), certification(category="certified", measure_id="b")
    )
    found = other_category(rows, SCHEME)
    assert found[["rule", "column", "got", "owner"]].to_numpy().tolist() == [
        ["certification.category", "category", "certified", "Auditor"]
    ]
    assert found["expected"].iloc[0].startswith("inaccurate, since 5 of 29 cases tested")


def test_a_category_that_nobody_recorded_is_no_finding():
    assert other_category(table(certification(errors_n="5")), SCHEME).empty


def test_the_rule_reads_columns_of_the_table():
    from pmf_lib.records.schema import TABLES

    assert set(ASKED) <= set(TABLES["certifications"].columns)
