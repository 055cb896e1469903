"""The sample council: made the same every time, broad enough, and labelled as made up."""

from __future__ import annotations

import csv
import re
import shutil
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from pmf_lib import council, errors, periods
from pmf_lib.records.schema import TABLES

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SAMPLE))
        import generate

    for name in ("generate", "catalogue"):  # names too plain to leave behind
        sys.modules.pop(name, None)
    return generate


def read(table: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLE / f"{table}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def measures() -> pd.DataFrame:
    return read("measures").set_index("measure_id")


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return read("observations")


def guide() -> str:
    return (ROOT / "docs" / "sample-council.md").read_text(encoding="utf-8")


# ---- written the same every time ------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [SAMPLE, SAMPLE.parent / "sample-2009"], ids=lambda folder: folder.name)
def test_generating_again_gives_the_committed_files_byte_for_byte(generate, tmp_path, folder):
    made = generate.generate(tmp_path, generate.load(folder), folder)
    empty = {"sample-2009": {"certifications", "forecasts"}}.get(folder.name, set())
    assert {path.stem for path in made} == set(TABLES) - empty
    assert {path.name for path in folder.glob("*.csv")} == {path.name for path in made}
    for path in made:
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_dropping_a_measure_leaves_the_rows_of_all_others_alone(generate):
    whole = generate.load()
    gone = whole.measures[4].id
    fewer = whole.model_copy(update={"measures": whole.measures[:4] + whole.measures[5:]})
    for table, rows in generate.WRITERS.items():
        expected = [row for row in rows(whole) if row["measure_id"] != gone]
        assert list(rows(fewer)) == expected, table


def test_a_longer_span_leaves_the_earlier_periods_alone(generate):
    whole = generate.load()
    longer = whole.model_copy(update={"through": date(2025, 3, 31)})
    earlier, later = list(generate.observations(whole)), list(generate.observations(longer))
    assert len(later) > len(earlier)
    assert [row for row in earlier if row not in later] == []


def test_a_span_that_begins_earlier_leaves_the_later_periods_alone(generate):
    whole = generate.load()
    longer = whole.model_copy(update={"first": whole.first | {"month": "2020-04", "quarter": "2020-21 Q1"}})
    usual, earlier = list(generate.observations(whole)), list(generate.observations(longer))
    assert len(earlier) > len(usual) + 500
    assert [row for row in usual if row not in earlier] == []


def test_a_directorate_is_named_once_in_its_file_and_a_key_that_is_not_known_is_refused(generate, tmp_path):
    folder = tmp_path / "catalogue"
    shutil.copytree(SAMPLE / "catalogue", folder)
    text = (folder / "childrens.yml").read_text(encoding="utf-8")
    assert text.count("directorate: childrens") == 1
    (folder / "childrens.yml").write_text(text.replace("    polarity:", "    polrity:", 1), encoding="utf-8")
    with pytest.raises(errors.PolicyError, match="polrity"):
        generate.load(tmp_path)


def test_two_measures_with_the_same_story_differ(generate):
    first = generate.stream("one", "noise").standard_normal(5)
    assert not np.allclose(first, generate.stream("two", "noise").standard_normal(5))
    assert not np.allclose(first, generate.stream("one", "recorded").standard_normal(5))


@pytest.mark.parametrize("table", TABLES)
def test_every_file_has_the_columns_of_its_table_in_order_and_sorted_rows_ending_in_a_line_feed(table):
    content = (SAMPLE / f"{table}.csv").read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    header, *rows = csv.reader(content.decode("utf-8").splitlines())
    assert header == list(TABLES[table].columns)
    keys = [[row[header.index(name)] for name in TABLES[table].key] for row in rows]
    assert keys == sorted(keys)
    doubled = {tuple(key) for key in keys if keys.count(key) > 1} if table == "observations" else set()
    assert len({tuple(key) for key in keys}) == len(keys) - len(doubled)
    assert {key[:2] for key in doubled} <= {("environmental-crime-actions", "2024-08")}


# ---- broad enough ---------------------------------------------------------------------------------------------------


def test_there_are_measures_of_every_kind(measures):
    assert len(measures) == 145
    kinds = measures.frequency.value_counts().to_dict()
    assert kinds == {"monthly": 62, "quarterly": 58, "annual": 12, "termly": 8, "academic-annual": 5}
    said = "145 measures (62 monthly, 58 quarterly, 8 termly, 12 annual, 5 for the school year)"
    assert said in guide()
    assert set(measures.polarity) == {"higher", "lower", "range", "none"}
    assert measures.accumulation.value_counts().to_dict() == {
        "in-period": 129,
        "year-to-date": 12,
        "rolling": 4,
    }
    assert (measures.customer_measure == "yes").sum() >= 20
    assert (measures.evidence_kind == "qualitative").sum() == 3
    assert (measures.provider != "").sum() >= 20
    assert (measures.external_framework != "").sum() >= 40
    assert measures.due_days.nunique() >= 12


def test_the_directorates_are_the_councils_and_each_has_at_least_thirty_measures(measures, monkeypatch):
    monkeypatch.setenv("PMF_HOME", str(ROOT))
    known = {each.id for each in council.load("sample").directorates}
    sizes = measures.directorate.value_counts()
    assert set(sizes.index) == known
    assert sizes.min() >= 30


def test_every_marker_has_a_measure_and_every_measure_has_a_reasoned_link_in_both_frameworks(measures):
    links = read("links")
    markers = set(links[links.framework == "pmf-2022-25"].node)
    assert markers == {f"marker-{number:02d}" for number in range(1, 21)}
    for name in ("pmf-2022-25", "wpf-2009"):
        assert set(links[links.framework == name].measure_id) == set(measures.index)
    assert (links.reason.str.len() > 20).all()
    assert set(links.perspective) == {"customer", "process", "finance", "people", "outcome"}


def test_every_marker_has_several_measures_and_most_have_more_than_one_side():
    links = read("links").query("framework == 'pmf-2022-25'")
    by_marker = links.groupby("node")
    assert by_marker.size().min() >= 5
    assert (by_marker.perspective.nunique() >= 2).sum() >= 19
    sides = links[links.valid_to == ""].measure_id.value_counts()
    assert 10 <= (sides == 2).sum() <= 20
    assert 30 <= (links.directness == "proxy").sum() <= 70


def test_each_exempt_measure_has_a_public_counterpart_that_says_so_and_not_of_what(measures):
    exempt = measures.index[measures.exempt == "yes"].tolist()
    assert exempt == ["care-provider-concerns", "children-at-risk-of-exploitation", "domestic-abuse-repeat"]
    said = measures.definition.str.contains("public counterpart")
    public = measures[said & measures.definition.str.endswith("of a measure that is exempt.")]
    assert said.sum() == len(public)
    assert public.index.tolist() == [
        "care-homes-good",
        "domestic-abuse-referrals",
        "missing-children-interviews",
    ]
    assert (public.exempt == "no").all()


def test_the_driver_of_transformation_has_no_measure_and_all_other_nodes_of_2009_have_one():
    nodes = read("links").query("framework == 'wpf-2009'").node
    assert set(nodes) == {
        *(f"outcome-{name}" for name in ("healthy", "safe-secure", "aspiring-achieving", "active")),
        *("outcome-high-quality-of-life", "outcome-financially-secure", "outcome-free-from-discrimination"),
        *("driver-resources", "driver-services"),
    }


def test_the_markers_without_a_customer_measure_are_those_that_the_guide_names(measures):
    links = read("links").query("framework == 'pmf-2022-25'")
    customer = links.measure_id.map(measures.customer_measure == "yes")
    ended = links.valid_to.between("2022-23", "2023-24")
    with_one = set(links[customer & ~ended].node)
    without = sorted(int(node[-2:]) for node in set(links.node) - with_one)
    line = re.search(r"markers without a customer measure \| markers ([\d, ]+) \|", guide())
    assert line
    assert without == [int(number) for number in line[1].split(", ")]


def test_the_marker_seen_from_one_side_is_the_one_that_the_guide_names():
    links = read("links").query("framework == 'pmf-2022-25'")
    sides = links[~links.valid_to.between("2022-23", "2023-24")].groupby("node").perspective.agg(set)
    assert sides[sides.map(len) == 1].to_dict() == {"marker-10": {"customer"}}
    assert "| a marker seen from one side: all its measures are of customers | marker 10 |" in guide()


def test_the_measure_that_nobody_s_figures_came_for_is_the_one_that_the_guide_names(measures):
    compared = measures.index[(measures.comparator_group != "") & (measures.retired_from == "")]
    assert set(compared) - set(read("comparators").measure_id) == {"claimant-rate"}
    assert "nobody's figures came | `claimant-rate` |" in guide()


def test_figures_are_sane(measures, observations):
    numbers = observations[observations.value != ""].copy()
    numbers["value"] = numbers.value.astype(float)
    numbers = numbers.join(measures[["unit", "polarity"]], on="measure_id")
    assert (numbers[numbers.polarity != "range"].value >= 0).all()
    assert (numbers[numbers.unit == "%"].value <= 100).all()


def test_values_agree_with_numerator_and_denominator_to_the_decimals_reported(measures, observations):
    ratios = observations[observations.denominator != ""].join(
        measures[["unit", "decimals"]], on="measure_id"
    )
    scale = ratios.unit.map({"%": 100.0, "rate per 100,000": 100_000.0, "rate per 10,000": 10_000.0}).fillna(
        1.0
    )
    again = ratios.numerator.astype(float) / ratios.denominator.astype(float) * scale
    off = (again - ratios.value.astype(float)).abs()
    assert len(ratios) > 1500
    assert (off <= 0.5 * 10.0 ** -ratios.decimals.astype(float) + 1e-9).all()


def test_returns_are_recorded_after_the_period_and_on_time_but_for_the_two_planted(measures, observations):
    first = observations.drop_duplicates(["measure_id", "period"])
    frequency = first.measure_id.map(measures.frequency).map(periods.FREQUENCIES)
    pairs = zip(first.period, frequency, strict=True)
    ends = pd.Series([pd.Timestamp(periods.parse(*pair).end) for pair in pairs], first.index)
    recorded = pd.to_datetime(first.recorded_at)
    days_due = pd.to_timedelta(first.measure_id.map(measures.due_days).astype(int), unit="D")
    late = first[recorded > ends + days_due]
    assert (recorded > ends).all()
    assert set(zip(late.measure_id, late.period, strict=True)) == {
        ("active-volunteers", "2023-24 Q3"),
        ("discharge-delay-days", "2024-05"),
    }


def test_everything_made_up_says_so():
    assert read("comparators").authority.str.endswith("(made-up)").all()
    references = read("targets").reference
    assert references[references != ""].str.startswith("Made-up").all()
    texts = [
        SAMPLE / "README.md",
        SAMPLE.parent / "sample-2009" / "README.md",
        ROOT / "docs" / "sample-council.md",
    ]
    for path in (*texts, *SAMPLE.parent.glob("sample*/catalogue/*.yml")):
        assert re.search(r"[Mm]ade up|does not exist", path.read_text(encoding="utf-8")), path.name
