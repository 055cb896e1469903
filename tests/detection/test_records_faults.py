"""Every rule of reading finds its fault, wherever it is planted, and no rule fires on clean records."""

from __future__ import annotations

import arrangement_faults
import pytest
from clean_records import clean
from record_faults import MUTATORS, Planted
from rows_together import CLEAN_SEEDS, clean_findings, outcome, plant, read

from pmf_lib.records.findings import worded
from pmf_lib.records.parse import Records
from pmf_lib.records.rules import RULES
from pmf_lib.records.schema import MEASURES


def assert_only_that_finding(planted: Planted) -> None:
    records = read(planted.raw)
    found = records.findings
    if planted.table == "measures":
        found = found[found["rule"] != "measure.left-out"]
    assert len(found) == 1, worded(found).to_list()
    place = found.iloc[0][["rule", "table", "source_row", "column"]].to_list()
    assert place == [planted.rule, planted.table, planted.source_row, planted.column]
    assert_rows_reconcile(planted, records)


def assert_rows_reconcile(planted: Planted, records: Records) -> None:
    rule = RULES[planted.rule]
    kept = planted.source_row in records.tables[planted.table]["source_row"].to_list()
    assert kept == (rule.severity == "warning" and not rule.leaves_out)
    reads = records.reads
    assert (reads["rows_read"] == reads["rows_kept"] + reads["rows_left_out"]).all()
    assert reads["rows_read"].sum() == sum(len(table) for table in planted.raw.values())


@pytest.mark.parametrize("rule", MUTATORS)
def test_a_planted_fault_is_the_one_thing_found(rule):
    """In one council; over fifty seeds: below."""
    assert_only_that_finding(plant(rule, 1))


@pytest.mark.slow
@pytest.mark.parametrize("rule", arrangement_faults.MUTATORS)
def test_a_planted_fault_of_the_arrangements_is_the_one_thing_found_over_fifty_seeds(rule):
    for seed in range(50):
        assert_only_that_finding(plant(rule, seed))


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule in MUTATORS if rule not in arrangement_faults.MUTATORS])
def test_a_planted_fault_is_the_one_thing_found_over_fifty_seeds(rule):
    seen = outcome(rule, range(50))
    assert (seen.planted, seen.found) == (50, 50)
    assert seen.elsewhere.empty, worded(seen.elsewhere).to_list()


def test_clean_records_have_no_findings():
    found = clean_findings(range(CLEAN_SEEDS))
    assert found.empty, worded(found).to_list()
    assert read(clean(0)).reads["rows_left_out"].sum() == 0


def test_every_rule_has_a_mutator():
    assert set(MUTATORS) == set(RULES) - {"measure.left-out", "control.differs"}


def test_a_measure_that_is_left_out_takes_its_rows_with_it_and_each_says_so():
    raw = clean(3)
    raw["measures"].loc[0, "polarity"] = "downwards"
    records = read(raw)
    lost = {name: (raw[name]["measure_id"] == "missed-bins").sum() for name in MEASURES if name != "measures"}
    found = records.findings[records.findings["rule"] == "measure.left-out"]
    assert found["table"].value_counts().to_dict() == lost
    assert set(found["directorate"]) == {"adults-health"}
