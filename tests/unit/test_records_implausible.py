"""Values that no measure can have, targets on another scale or in the wrong year, odd units, persons for posts."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pmf_lib.performance.rate import rate
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.periods import parse_quarter
from pmf_lib.policy import load
from pmf_lib.records import posts
from pmf_lib.records.check import check, implausible
from pmf_lib.records.findings import worded
from pmf_lib.records.parse import parse
from pmf_lib.records.quality import doubts, known, measures, scheme
from pmf_lib.records.slips import DEFAULT, SlipRules
from pmf_lib.settings import root

QUARTERS = ["2022-23 Q1", "2022-23 Q4", "2023-24 Q2", "2023-24 Q4", "2024-25 Q1", "2024-25 Q2"]
AS_AT = date(2024, 11, 15)
QUARTER = parse_quarter("2024-25 Q2")
NUMBER = {"unit": "number", "decimals": "0", "polarity": "lower"}


def raw(name, rows):
    frame = pd.DataFrame(rows, dtype="str").fillna("")
    return frame.assign(
        source_file=f"data/own/{name}.csv", source_sheet="", source_row=range(2, len(frame) + 2)
    )


def records(values=(), targets=(), commentary=(), **about):
    """One quarterly measure 'a' with these values, and targets as (from, target)."""
    measure = {
        "measure_id": "a", "title": "Reviews done in time", "directorate": "resources", "unit": "%", "decimals": "1",
        "polarity": "higher", "frequency": "quarterly", "definition": "How it is counted", "owner": "Head of Service",
    }  # fmt: skip
    values = values if isinstance(values, dict) else dict(zip(QUARTERS, values, strict=False))
    seen = [
        {"measure_id": "a", "period": label, "recorded_at": str(known_on(label)), "value": str(value)}
        for label, value in values.items()
    ]
    tables = {"measures": raw("measures", [measure | about])}
    if seen:
        tables["observations"] = raw("observations", seen)
    rows = [
        dict(zip(("from_period", "target", "lower", "upper", "stretch"), row, strict=False))
        for row in targets
    ]
    if rows:
        tables["targets"] = raw("targets", [{"measure_id": "a"} | row for row in rows])
    if commentary:
        tables["commentary"] = raw("commentary", list(commentary))
    return check(parse(tables), directorates=["resources"], as_at=AS_AT)


def known_on(label):
    return parse_quarter(label).end + pd.Timedelta(days=20)


def rules(read):
    return read.findings[["rule", "source_row", "column"]].to_records(index=False).tolist()


YEARLY = [("2022-23 Q1", "79"), ("2023-24 Q1", "79"), ("2024-25 Q1", "80")]


@pytest.mark.parametrize(
    ("about", "targets", "values"),
    [
        (NUMBER, [], [30, 31, 29, 30, 28, -12]),
        ({}, YEARLY, [78, 77, 79, 80, 78, -4]),
        ({"unit": "days"}, [], [12, -1]),
        ({"unit": "rate per 10,000"}, [], [12, 13, -11]),
    ],
    ids=["count", "per cent", "days", "rate"],
)
def test_a_value_below_nought_is_found_where_the_measure_can_have_none(about, targets, values):
    read = records(values, targets, **about)
    assert rules(read) == [("value.below-nought", len(values) + 1, "value")], worded(read.findings).to_list()


@pytest.mark.parametrize(
    ("about", "targets", "values"),
    [
        (NUMBER | {"title": "Net new homes"}, [], [30, -12]),
        ({"title": "Forecast variance"}, [], [0.3, -0.4]),
        ({"unit": "£m"}, [], [3, -1]),
        ({"definition": "Starts less ends"}, [], [3, -1]),
        ({"polarity": "range"}, [], [3, -1]),
        ({}, [("2022-23 Q1", "-1")], [3, -1]),
        (NUMBER, [], [-3, 2, 4, -1]),
    ],
    ids=["net", "variance", "pounds", "less", "range", "target below nought", "several"],
)
def test_a_value_below_nought_is_right_where_something_says_so(about, targets, values):
    assert rules(records(values, targets, **about)) == []


def test_a_series_of_fractions_against_a_target_in_per_cents_is_found_once():
    read = records([0.77, 0.78, 0.79, 0.8, 0.78, 0.781], YEARLY)
    assert rules(read) == [("value.other-scale", 7, "value")]
    assert "the target is 80 (row 4 of the targets)" in worded(read.findings)[0]


def test_a_target_given_as_a_fraction_from_the_first_year_on_is_found_at_the_latest_value():
    assert rules(records([78, 77, 79], [("2022-23 Q1", "0.79")])) == [("value.other-scale", 4, "value")]


@pytest.mark.parametrize(
    ("values", "targets", "about"),
    [
        ([78, 77, 0.79], YEARLY, {}),
        ([1.2, 1.4], [("2022-23 Q1", "30")], {}),
        ([0.78, 0.8], [("2022-23 Q1", "79")], NUMBER),
        ([0.78, 0.8], [], {}),
    ],
    ids=["one slip only", "far but no hundredth", "a count", "no target"],
)
def test_other_series_are_on_the_scale_of_their_target(values, targets, about):
    assert "value.other-scale" not in [rule for rule, *_ in rules(records(values, targets, **about))]


@pytest.mark.parametrize(
    ("earlier", "slipped", "found"),
    [
        (["18", "18"], "0.18", True),
        (["79"], "0.79", True),
        (["79", "80"], "7900", True),
        (["18", "18"], "1.8", True),
        (["18"], "1.8", False),
        (["18", "18"], "9", False),
        (["18", "18"], "3", False),
    ],
)
def test_a_target_a_power_of_ten_from_the_earlier_ones_is_found(earlier, slipped, found):
    years = ["2022-23 Q1", "2023-24 Q1", "2024-25 Q1"]
    read = records([18, 17], list(zip(years, [*earlier, slipped], strict=False)))
    assert rules(read) == ([("target.slip", len(earlier) + 2, "target")] if found else [])


def test_how_near_a_slip_of_a_target_or_another_scale_must_lie_is_policy():
    fractions = records([0.77, 0.78, 0.79, 0.8, 0.78, 0.781], YEARLY)
    targets = records([18, 17], [("2022-23 Q1", "18"), ("2023-24 Q1", "0.19")])
    narrow = SlipRules(near_for_target=0.01, near_for_other_scale=0.001)
    for read, rule in ((fractions, "value.other-scale"), (targets, "target.slip")):
        held, off = read.tables["observations"], read.findings.head(0)
        found = {
            rules: pd.concat(implausible(read.tables, held, off, rules).values())["rule"].tolist()
            for rules in (DEFAULT, narrow)
        }
        assert found == {DEFAULT: [rule], narrow: []}


def test_a_target_that_goes_back_to_its_scale_after_a_slip_is_none():
    rows = [("2022-23 Q1", "18"), ("2023-24 Q1", "0.18"), ("2024-25 Q1", "18")]
    assert rules(records([18, 17], rows)) == [("target.slip", 3, "target")]


def test_a_new_definition_may_have_another_target():
    about = {"definition_from": "2024-25 Q1"}
    assert rules(records([18, 17], [("2022-23 Q1", "18"), ("2024-25 Q1", "0.18")], **about)) == []


STRETCH = [
    ("higher", "95", "94.9", True),
    ("higher", "95", "95", False),
    ("higher", "95", "98", False),
    ("lower", "10", "10.5", True),
    ("lower", "10", "8", False),
    ("lower", "-10", "-9", True),
    ("none", "95", "90", False),
    ("range", "95", "90", False),
    ("higher", "", "90", False),
]


@pytest.mark.parametrize(("polarity", "target", "stretch", "is_worse"), STRETCH)
def test_a_stretch_target_worse_than_its_target_is_found(polarity, target, stretch, is_worse):
    row = {"from_period": "2024-25", "target": target, "lower": "1", "upper": "99", "stretch": stretch}
    read = records(targets=[tuple(row.values())], polarity=polarity)
    assert rules(read) == ([("target.stretch-worse", 2, "stretch")] if is_worse else [])
    assert len(read.tables["targets"]) == 1


def test_a_worse_stretch_target_is_told_with_both_figures_and_what_to_do():
    said = worded(records(targets=[("2024-25", "95", "", "", "90")]).findings)[0]
    assert (
        "column 'stretch': got '90', expected the target of 95 or a higher figure, since higher is better"
        in said
    )
    assert said.endswith(
        "See which of the two was approved as the target and which as the stretch target, correct the "
        "row and send the file again."
    )


@pytest.mark.parametrize("label", ["2034-35 Q1", "2025-26 Q1"])
def test_a_target_in_the_wrong_year_is_found_and_says_which_is_used(label):
    read = records([78, 77, 79, 80, 78, 78], [*YEARLY[:2], (label, "80")])
    assert rules(read) == [("target.later", 4, "from_period")]
    assert "the one of 2023-24 Q1 is used" in worded(read.findings)[0]


@pytest.mark.parametrize(
    ("targets", "about"),
    [
        ([*YEARLY, ("2025-26 Q1", "82")], {}),
        (YEARLY[:1], {}),
        ([("2025-26 Q1", "82")], {}),
        ([*YEARLY[:2], ("2025-26 Q1", "82")], {"monitor_only": "yes"}),
    ],
    ids=["next year's as well", "one that stands", "the first ever", "monitor only"],
)
def test_a_later_target_is_right_where_no_earlier_year_stands_in_for_it(targets, about):
    assert rules(records([78, 77, 79, 80, 78, 78], targets, **about)) == []


def why(read):
    tables = [read.tables[name] for name in ("measures", "observations", "targets")]
    status = load(root() / "parameters" / "schemes" / "status.yml", StatusScheme)
    return rate(*tables, quarter=QUARTER, as_at=AS_AT, scheme=status).measures.iloc[0]


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (YEARLY, False),
        (YEARLY[:2], True),
        ([*YEARLY[:2], ("2034-35 Q1", "80")], True),
        (YEARLY[:1], False),
    ],
    ids=["this year's", "missing", "far later", "one that stands"],
)
def test_the_reason_says_that_the_target_is_of_an_earlier_year(targets, said):
    begins = {2: "1 April 2023", 3: "1 April 2023"}.get(len(targets))
    sentence = f" The target is the one set from {begins}; no later one is in force."
    assert why(records([78, 77, 79, 80, 78, 78], targets))["why"].endswith(sentence) == said


def judged(read, later=None):
    from pmf_lib.records import goals

    rated, tables, rules = why(read), read.tables, scheme.load()
    seen = doubts.Seen(
        measures=tables["measures"],
        known=known.in_force(tables["observations"], AS_AT),
        due=known.values_due(tables["measures"], tables["observations"], quarter=QUARTER, as_at=AS_AT, quarters=1),
        findings=read.findings,
        contradictions=read.findings.iloc[:0],
        revisions=pd.DataFrame({"measure_id": [], "period": [], "difference": [], "old": []}).astype(
            {"measure_id": str, "period": str, "difference": float, "old": float}
        ),
        states=pd.Series({"a": "met"}),
        quarter=QUARTER,
        as_at=AS_AT,
        targets=goals.rated_against(rated.to_frame().T.infer_objects(), tables["targets"]),
        later=tables["observations"][tables["observations"]["recorded_at"] > pd.Timestamp(AS_AT)],
    )  # fmt: skip
    return seen, doubts.verdicts(seen, doubts.doubts(seen, rules), rules).iloc[0]


FULL = [78, 77, 79, 80, 78, 78]


@pytest.mark.parametrize(
    ("read", "reliance", "reason"),
    [
        (lambda: records([*FULL[:5], -4], YEARLY), "do_not_rely", "below nought"),
        (lambda: records([0.78] * 6, YEARLY), "do_not_rely", "look like fractions"),
        (lambda: records(FULL, [*YEARLY[:2], ("2024-25 Q1", "0.8")]), "do_not_rely", "a power of ten out"),
        (
            lambda: records(FULL, [*YEARLY[:2], ("2034-35 Q1", "80")]),
            "with_care",
            "begins after every period",
        ),
        (
            lambda: records(FULL, [*YEARLY[:1], ("2024-25 Q1", "", "90", "70")]),
            "with_care",
            "A row of its targets was left out",
        ),
        (lambda: records(FULL, YEARLY), "rely", ""),
    ],
    ids=["negative", "fractions", "slip", "later", "left out", "clean"],
)
def test_page_one_says_how_far_to_rely_on_it(read, reliance, reason):
    verdict = judged(read())[1]
    assert verdict["reliance"] == reliance, verdict["reasons"]
    assert reason in verdict["reasons"]


@pytest.mark.parametrize("day", ["2024-12-10", "2035-01-01"])
def test_a_late_value_that_waits_under_a_later_date_is_told_as_such(day):
    read = records(FULL, YEARLY)
    rows = read.tables["observations"]
    rows.loc[rows["period"] == QUARTER.label, "recorded_at"] = pd.Timestamp(day)
    asked = measures.to_mend(judged(read)[0], director="Director")["what"]
    assert asked.str.contains("A row is there, recorded on").sum() == 1
    assert asked.str.contains("after the as-at date of 15 November 2024").sum() == 1


@pytest.mark.parametrize(
    ("unit", "usual"),
    [
        ("percent", "%"),
        ("Per cent", "%"),
        ("pct", "%"),
        ("GBP", "£"),
        ("pounds", "£"),
        ("no.", "number"),
        ("#", "number"),
    ],
)
def test_a_unit_written_another_way_is_found(unit, usual):
    read = records([78], unit=unit)
    assert rules(read) == [("unit.unusual", 2, "unit")]
    assert f"'{usual}'" in read.findings["expected"][0]


@pytest.mark.parametrize("unit", ["%", "number", "per cent of residents", "£ thousand", "cases"])
def test_a_unit_of_its_own_is_left_alone(unit):
    assert rules(records([78], unit=unit)) == []


@pytest.mark.parametrize(
    "owner",
    [
        "Jane Smith (jane.smith@council.example)",
        "a@b.example",
        "Cllr J Jones",
        "Mrs Brown",
        "Head (Dr. Who)",
        "Councillor Jones",
    ],
)
def test_a_person_for_a_post_is_found_and_no_address_is_kept(owner):
    read = records([78], owner=owner)
    assert rules(read) == [("post.person", 2, "owner")]
    assert "@" not in read.tables["measures"]["owner"][0] + worded(read.findings)[0]
    note = {"measure_id": "a", "quarter": "2024-25 Q2", "text": "Well", "post": owner}
    assert rules(records([78], commentary=[note])) == [("post.person", 2, "post")]


@pytest.mark.parametrize(
    "owner",
    [
        "Head of Housing",
        "Councillor Support Officer",
        "MS Project Lead",
        "Director (Drainage)",
        "Misson Ward Manager",
        "",
    ],
)
def test_a_post_is_no_person(owner):
    assert rules(records([78], owner=owner)) == []


def test_every_column_for_a_post_is_looked_at():
    from pmf_lib.records.schema import TABLES

    said = ("post", "posts")
    named = {
        (name, key)
        for name, table in TABLES.items()
        for key, column in table.columns.items()
        if key == "owner" or {*(column.description or "").lower().replace("(", " ").split()} & {*said}
    }
    looked_at = {(name, key) for name, keys in posts.COLUMNS.items() for key in keys}
    assert named - looked_at <= {("assurances", "provider")}
    assert looked_at <= named
