"""What a directorate's page sees of a snapshot, and that its digests change with that and with nothing else."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from workspace import Workspace

from pmf_lib import council as councils
from pmf_lib import settings, sidecar
from pmf_lib.errors import ParameterError, PmfError, PolicyError, StoreError
from pmf_lib.records.collect import collect
from pmf_lib.records.seen import digests, seen
from pmf_lib.records.snapshot import Snapshot, freeze, load
from pmf_lib.workbook.book import opened

AS_AT = date(2024, 11, 15)
UNIT, OTHER = "childrens", "resources"
PAGES = [one for one in sidecar.all_sidecars() if one.stage == "directorate"]
BOARD = next(one for one in PAGES if "actions" in one.reads)


@pytest.fixture(scope="module")
def first(make_workspace: Callable[..., Workspace]) -> Snapshot:
    return frozen(make_workspace("seen"))


def frozen(own: Workspace) -> Snapshot:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PMF_HOME", str(own.home))
        return freeze(collect(councils.load("sample"), as_at=AS_AT), own.store)


def of(snapshot: Snapshot, page: sidecar.Sidecar, unit: str = UNIT) -> Snapshot:
    return seen(snapshot, unit, page.reads, page.reads_whole)


def keys(snapshot: Snapshot, page: sidecar.Sidecar, unit: str = UNIT) -> dict[str, str]:
    return digests(snapshot, unit, page.reads, page.reads_whole)


def owner(snapshot: Snapshot) -> pd.Series:
    return snapshot.table("measures").set_index("measure_id")["directorate"]


def test_of_observations_a_page_sees_its_measures_and_those_that_its_rows_name(first: Snapshot) -> None:
    own = of(first, BOARD).table("observations")
    others = set(own["measure_id"].map(owner(first))) - {UNIT}
    named = "; ".join(first.table("actions").query("directorate == @UNIT")["measures"]).split("; ")
    assert others == set(owner(first).reindex(named).dropna()) - {UNIT}
    assert set(own["measure_id"]) < set(first.table("observations")["measure_id"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_of_a_directorate_sees_every_observation(first: Snapshot, page: sidecar.Sidecar) -> None:
    assert "observations" not in page.reads_whole
    assert len(of(first, page).table("observations")) < len(first.table("observations"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_rows_come_in_the_same_order_with_the_same_types(first: Snapshot, page: sidecar.Sidecar) -> None:
    for name in page.reads:
        whole, own = first.table(name), of(first, page).table(name)
        pd.testing.assert_frame_equal(
            own, whole.merge(own.drop_duplicates(), how="inner")[whole.columns].astype(whole.dtypes.to_dict())
        )


def changed(
    snapshot: Snapshot, make: Callable[..., Workspace], name: str, row: Callable[[dict[str, str]], bool]
) -> Snapshot:
    own = make("changed")

    def one_more(rows: list[dict[str, str]]) -> None:
        found = next(each for each in rows if row(each) and each["value"])
        found["value"] = str(float(found["value"]) + 0.01)

    own.change(name, one_more)
    return frozen(own)


def test_another_directorates_figure_changes_no_key(
    first: Snapshot, make_workspace: Callable[..., Workspace]
) -> None:
    theirs = owner(first)[owner(first) == OTHER].index[0]
    now = changed(first, make_workspace, "observations", lambda row: row["measure_id"] == theirs)
    assert now.id != first.id
    for page in PAGES:
        before, after = keys(first, page), keys(now, page)
        differ = {name for name in before if before[name] != after[name]}
        assert differ == set()
        assert "observations" in {
            name for name, one in keys(first, page, OTHER).items() if one != keys(now, page, OTHER)[name]
        }


def test_a_figure_of_a_measure_that_an_own_action_names_changes_the_key(first: Snapshot) -> None:
    actions = first.tables["actions"]
    theirs = owner(first)[owner(first) == OTHER].index[0]
    at = actions.index[actions["directorate"] == UNIT][0]
    naming = actions.assign(measures=actions["measures"].mask(actions.index == at, theirs))
    told = Snapshot(first.id, first.folder, first.partitions, {**first.tables, "actions": naming})
    figures = first.tables["observations"]
    other = figures.assign(value=figures["value"].mask(figures["measure_id"] == theirs, 1.0))
    moved = Snapshot(first.id, first.folder, first.partitions, {**told.tables, "observations": other})
    assert theirs in set(of(told, BOARD).table("observations")["measure_id"])
    assert keys(told, BOARD)["observations"] != keys(moved, BOARD)["observations"]


def test_what_was_read_is_told_without_other_directorates_rows(first: Snapshot) -> None:
    reads = of(first, BOARD).table("reads")
    assert set(reads["table"]) == set(first.table("reads")["table"])
    assert set(reads["rows_read"]) == {0}
    assert set(reads.loc[reads["is_sent"], "table"]) == set(first.table("reads").query("is_sent")["table"])


def test_a_page_that_reads_whole_what_it_does_not_declare_is_refused(
    first: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMF_STORE", str(first.folder.parents[1]))
    page = sidecar.load("2_measures_against_markers")
    book = opened(page, page.checked({"snapshot": first.id, "directorate": UNIT}))
    assert len(book.whole("plans")) > len(book.table("plans"))
    with pytest.raises(PmfError, match="'reads_whole' in notebooks/2_measures_against_markers"):
        book.whole("targets")


def test_a_sidecar_can_t_read_whole_what_it_does_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (settings.root() / "notebooks" / "1_data_quality.yml").read_text(encoding="utf-8")
    assert "reads_whole: [measures" in text
    path = tmp_path / "x.yml"
    path.write_text(text.replace("reads_whole: [measures", "reads_whole: [plans"), encoding="utf-8")
    monkeypatch.setattr(sidecar, "sidecar_path", lambda _: path)
    with pytest.raises((PolicyError, ParameterError), match="reads_whole"):
        sidecar.load("x")


def test_a_snapshot_is_read_once_and_again_as_soon_as_a_file_of_it_is_another(
    make_workspace: Callable[..., Workspace],
) -> None:
    own = make_workspace("memo")
    made = frozen(own)
    assert load(made.id, own.store) is load(made.id, own.store)
    path = made.folder / "observations.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError, match=r"'observations.parquet' is missing or cannot be read"):
        load(made.id, own.store)
