"""The made-up council of many directorates is sound: its ids are its own, its links lead somewhere, its records are read."""

import importlib
from pathlib import Path

import pandas as pd
import pytest
import yaml
from pandas.testing import assert_frame_equal

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib.council import Council
from pmf_lib.periods import parse_date
from pmf_lib.records.collect import collect
from pmf_lib.records.schema import TABLES

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "bench"
UNITS = 9
AS_AT = parse_date("2024-11-15")


@pytest.fixture(scope="module")
def bench():
    """The modules of the benchmark, by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        yield importlib.import_module


@pytest.fixture(scope="module")
def sample(bench):
    return bench("many").read(ROOT / "data" / "sample")


@pytest.fixture(scope="module")
def policy():
    return yaml.safe_load((ROOT / "parameters" / "councils" / "sample.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def grown(bench, sample, policy):
    many = bench("many")
    return many.grown(sample, policy, many.Size(UNITS, measures=2, recordings=3))


def collected(home: Path, monkeypatch: pytest.MonkeyPatch):
    """What the workbook makes of the records of a workspace."""
    monkeypatch.setenv("PMF_HOME", str(home))
    framework = frameworks.load("pmf-2022-25")
    nodes = {framework.id: [node.id for node in framework.linkable]}
    return collect(councils.load("sample"), nodes=nodes, as_at=AS_AT)


def test_a_council_of_the_samples_size_is_the_sample(bench, sample, policy):
    many = bench("many")
    again = many.grown(sample, policy, many.Size(4))
    for name, frame in sample.items():
        keys = list(frame.columns)
        assert_frame_equal(
            again[name].sort_values(keys, ignore_index=True), frame.sort_values(keys, ignore_index=True)
        )


def test_directorates_come_in_turn_and_have_all_rows_of_their_own(bench, sample, policy, grown):
    council = bench("many").grown_council(policy, bench("many").Size(UNITS))
    names = [one["id"] for one in council["directorates"]]
    assert len(set(names)) == UNITS
    assert names[:5] == [*(one["id"] for one in policy["directorates"]), "adults-health-d2"]
    held, first = grown["escalations"]["directorate"].value_counts(), sample["escalations"]["directorate"]
    assert held["childrens-d2"] == held["childrens"] == (first == "childrens").sum()
    assert grown["measures"]["directorate"].value_counts()["adults-health-d3"] == 2 * 32


def test_the_councils_file_is_one_and_portfolios_take_in_the_copies(bench, policy):
    many = bench("many")
    for count in (2, UNITS):
        council = Council.model_validate(many.grown_council(policy, many.Size(count)))
        assert len(council.directorates) == count
    place = next(one for one in council.portfolios if one.id == "adults-health")
    assert place.directorates == ("adults-health", "adults-health-d2", "adults-health-d3")


def test_ids_are_of_one_directorate_each(sample, grown):
    for name, frame in grown.items():
        key = TABLES[name].key[0]
        if "directorate" in frame and key.endswith("_id"):
            assert frame.groupby(key)["directorate"].nunique().max() == 1, name
        assert (
            frame.duplicated(list(TABLES[name].key)).sum()
            <= 2 * 3 * sample[name].duplicated(list(TABLES[name].key)).sum()
        ), name


def test_a_copy_points_to_its_own_copies(grown):
    second = grown["escalations"].query("directorate == 'childrens-d2'")
    measures = grown["measures"].set_index("measure_id")["directorate"]
    named = second.loc[second["measure_id"] != "", "measure_id"]
    assert len(named) > 20
    assert set(named.map(measures)) == {"childrens-d2"}
    plans = grown["objectives"].merge(grown["plans"][["plan_id", "directorate"]].drop_duplicates())
    of = plans.query("directorate == 'childrens-d2'")["measures"].str.split("; ").explode()
    assert set(of[of != ""].map(measures)) == {"childrens-d2"}


def test_a_list_of_the_whole_council_names_every_copy(sample, grown):
    cmt = grown["agenda"].query("meeting_id == 'cmt-2023-08' and measures != ''")["measures"].iloc[0]
    before = sample["agenda"].query("meeting_id == 'cmt-2023-08' and measures != ''")["measures"].iloc[0]
    owner = grown["measures"].set_index("measure_id")["directorate"]
    held = pd.Series(cmt.split("; ")).map(owner).str.replace(r"-d\d+$", "", regex=True)
    first = pd.Series(before.split("; ")).map(sample["measures"].set_index("measure_id")["directorate"])
    copies = {"adults-health": 3} | dict.fromkeys(["childrens", "economy-environment", "resources"], 2)
    assert held.value_counts().to_dict() == {
        unit: 2 * copies[unit] * count for unit, count in first.value_counts().items()
    }


def test_figures_recorded_again_say_the_same(bench, sample):
    first = sample["observations"]
    again = bench("many").recorded_again(first, 5)
    key = ["measure_id", "period"]
    assert len(again) == len(first) + 4 * len(first.drop_duplicates(key))
    last = again.drop_duplicates(key, keep="last").set_index(key)["value"]
    assert last.equals(first.drop_duplicates(key, keep="last").set_index(key)["value"])
    assert again["recorded_at"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()


@pytest.fixture(scope="module")
def known():
    """Rules that find something in the sample."""
    with pytest.MonkeyPatch.context() as patch:
        return set(collected(ROOT, patch).findings["rule"])


@pytest.mark.parametrize("size", [(6, 1, 1), pytest.param((2, 4, 3), marks=pytest.mark.slow)])
def test_the_workbook_reads_it_with_no_fault_that_the_sample_has_not(
    bench, known, tmp_path, monkeypatch, size
):
    home = bench("place").workspace(tmp_path / "home", ROOT, bench("many").Size(*size))
    found = collected(home, monkeypatch)
    assert set(found.findings["rule"]) <= known
    assert [name for name, rows in found.tables.items() if rows.empty] == []


def test_one_figure_is_changed_and_nothing_else(bench, tmp_path):
    home = bench("place").workspace(tmp_path / "home", ROOT, bench("many").Size(2))
    path = home / "data" / "sample" / "observations.csv"
    before = path.read_text(encoding="utf-8").splitlines()
    measure = bench("place").change_one(home)
    after = path.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0][0].startswith(f"{measure},")
