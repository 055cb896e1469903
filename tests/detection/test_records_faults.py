"""Every rule of reading finds its fault, wherever it is planted, and no rule fires on clean records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pytest
from clean_records import clean
from record_faults import MUTATORS, Planted
from rows_together import CLEAN_SEEDS, ROWS_A_SEED, clean_findings, outcome, plant, read, together

from pmf_lib.records.findings import worded
from pmf_lib.records.parse import Records
from pmf_lib.records.rules import RULES
from pmf_lib.records.schema import MEASURES


@dataclass(frozen=True)
class Together:
    """One council for each rule, with that one fault planted in it, all read in one go."""

    planted: Mapping[str, Planted]
    records: Records

    def rows(self, rule: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of the rule's own council, numbered as there."""
        at = list(self.planted).index(rule)
        own = frame[frame["source_row"] // ROWS_A_SEED == at]
        return own.assign(source_row=own["source_row"] - at * ROWS_A_SEED)


@pytest.fixture(scope="module")
def one_each() -> Together:
    planted = {rule: plant(rule, 1) for rule in MUTATORS}
    return Together(planted, read(together([one.raw for one in planted.values()])))


@pytest.mark.parametrize("rule", MUTATORS)
def test_a_planted_fault_is_the_one_thing_found(rule: str, one_each: Together):
    """In one council; over fifty seeds: below."""
    planted, found = one_each.planted[rule], one_each.rows(rule, one_each.records.findings)
    if planted.table == "measures":
        found = found[found["rule"] != "measure.left-out"]
    assert len(found) == 1, worded(found).to_list()
    place = found.iloc[0][["rule", "table", "source_row", "column"]].to_list()
    assert place == [planted.rule, planted.table, planted.source_row, planted.column]


@pytest.mark.parametrize("rule", MUTATORS)
def test_a_row_is_left_out_where_its_rule_says_so_and_no_row_is_lost(rule: str, one_each: Together):
    planted, severity = one_each.planted[rule], RULES[rule].severity
    kept = one_each.rows(rule, one_each.records.tables[planted.table])
    is_kept = planted.source_row in kept["source_row"].to_list()
    assert is_kept == (severity == "warning" and not RULES[rule].leaves_out)


def test_rows_read_are_rows_kept_and_rows_left_out(one_each: Together):
    reads, planted = one_each.records.reads, one_each.planted.values()
    assert (reads["rows_read"] == reads["rows_kept"] + reads["rows_left_out"]).all()
    assert reads["rows_read"].sum() == sum(len(table) for one in planted for table in one.raw.values())


@pytest.mark.slow
@pytest.mark.parametrize("rule", MUTATORS)
def test_a_planted_fault_is_the_one_thing_found_over_fifty_seeds(rule):
    seen = outcome(rule, range(50))
    assert (seen.planted, seen.found) == (50, 50)
    assert seen.elsewhere.empty, worded(seen.elsewhere).to_list()


def test_clean_records_have_no_findings():
    found = clean_findings(range(CLEAN_SEEDS))
    assert found.empty, worded(found).to_list()
    assert read(clean(0)).reads["rows_left_out"].sum() == 0


def test_every_rule_has_a_mutator():
    told_elsewhere = {"measure.left-out", "control.differs", "edition.published-before"}
    assert set(MUTATORS) == set(RULES) - told_elsewhere


def test_a_measure_that_is_left_out_takes_its_rows_with_it_and_each_says_so():
    raw = clean(3)
    raw["measures"].loc[0, "polarity"] = "downwards"
    records = read(raw)
    lost = {name: (raw[name]["measure_id"] == "missed-bins").sum() for name in MEASURES if name != "measures"}
    found = records.findings[records.findings["rule"] == "measure.left-out"]
    assert found["table"].value_counts().to_dict() == lost
    assert set(found["directorate"]) == {"adults-health"}
