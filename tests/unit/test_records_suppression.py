"""Once the newest word on a figure is that it may not be shown, no earlier number of it is anywhere."""

from __future__ import annotations

import pandas as pd
import pytest
from returns_made import NODES, filled, small_council, taken
from test_records_parse import MEASURE, OBSERVATION, raw, read_observations, rules
from workspace import Workspace

from pmf_lib.council import Council
from pmf_lib.records.collect import collect
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.schema import DELIVERY

FIGURES = ["value", "numerator", "denominator"]
TOLD = {"value": "8417", "numerator": "8417", "denominator": "8418"}
LATER = {"recorded_at": "2024-09-10"}
HIDDEN = LATER | {"value": "", "state": "suppressed"}


@pytest.fixture
def council(workspace: Workspace) -> Council:
    return small_council(workspace)


def everything(records: Records) -> str:
    frames = [*records.tables.values(), records.findings, records.reads]
    return "".join(frame.to_csv() for frame in frames)


@pytest.mark.parametrize(
    "newest",
    [
        HIDDEN,
        LATER | {"value": "[c]"},
        HIDDEN | {"recorded_at": "soon"},
        HIDDEN | {"recorded_at": OBSERVATION["recorded_at"]},
        HIDDEN | {"recorded_at": "2034-09-10"},
    ],
    ids=["by its state", "by a mark", "on no day", "of the same day", "later than any report"],
)
def test_no_earlier_figure_is_kept_once_the_newest_is_suppressed(newest):
    records = read_observations(TOLD, newest)
    kept = records.tables["observations"]
    assert set(kept["state"]) == {"suppressed"}  # where the newest can't be kept, the older one is as silent
    assert kept[FIGURES].isna().all(axis=None)
    assert "841" not in everything(records)


def test_a_figure_that_is_told_again_after_it_was_suppressed_is_shown():
    kept = read_observations(TOLD, HIDDEN, {"recorded_at": "2024-10-10", "value": "9"}).tables["observations"]
    assert kept["state"].to_list() == ["final", "suppressed", "final"]
    assert kept["value"].dropna().to_list() == [8417.0, 9.0]


@pytest.mark.parametrize("change", [{"value": "about 9"}, {"value": "-"}, {"denominator": "-3"}])
def test_a_row_that_cannot_be_read_lifts_no_suppression(change):
    records = read_observations(TOLD, HIDDEN, {"recorded_at": "2024-10-10", "value": "9"} | change)
    assert "841" not in everything(records)


def test_other_periods_keep_their_figures():
    kept = read_observations(TOLD, HIDDEN, {"period": "2024-06", "value": "9"}).tables["observations"]
    assert kept["value"].dropna().to_list() == [9.0]


def test_what_one_return_says_over_another_is_not_told_either():
    days = ("", "2024-10-01", "2024-10-02", "2024-10-03")
    rows = [TOLD, TOLD | {"value": "8416"}, TOLD | {"value": "8415"}, HIDDEN]
    rows[:3] = [row | {"recorded_at": "2024-08-10"} for row in rows[:3]]
    sent = [raw("observations", OBSERVATION | row) for row in rows]
    sent = [
        one.assign(**dict.fromkeys(DELIVERY, "")).assign(
            **{DELIVERY[0]: day, "source_file": f"{day or 'own'}"}
        )
        for one, day in zip(sent, days, strict=True)
    ]
    records = parse({"measures": raw("measures", MEASURE), "observations": pd.concat(sent)})
    assert "841" not in everything(records)


def test_another_directorate_neither_suppresses_a_figure_nor_lifts_that():
    measures = [MEASURE, MEASURE | {"measure_id": "swims", "directorate": "people"}]
    others = dict.fromkeys(DELIVERY, "") | {DELIVERY[0]: "2024-12-01", DELIVERY[1]: "people"}

    def kept(value: str, *own: dict[str, str]) -> list[float]:
        sent = raw("observations", OBSERVATION | {"recorded_at": "", "value": value}).assign(**others)
        mine = raw("observations", *(OBSERVATION | row for row in own))
        found = parse({"measures": raw("measures", *measures), "observations": pd.concat([mine, sent])})
        assert rules(found) == ["directorate.other"]
        return found.tables["observations"]["value"].dropna().to_list()

    assert kept("c", TOLD) == [8417.0]
    assert kept("9", TOLD, HIDDEN) == []


def test_a_sum_that_a_return_stated_with_the_figure_in_it_is_dropped(council):
    swims = {"measure_id": "swims", "period": "2024-25 Q2", "value": "8417"}
    bins = {"measure_id": "missed-bins", "period": "2024-08", "value": "30"}
    taken(council, filled(council, observations=[swims, bins]), day="2024-10-15")
    assert sums(council) == [46.0 + 40.0, 8447.0, 8447.0]
    taken(council, filled(council, observations=[swims | {"value": "c"}]), day="2024-10-16")
    assert sums(council) == [46.0 + 40.0, 30.0, 0.0, 0.0]


def sums(council: Council) -> list[float]:
    """Every sum that is told of observations: what was read and, where it is told, what was stated."""
    reads = collect(council, nodes=NODES).reads
    told = reads.loc[reads["table"] == "observations", ["control_total", "stated_total"]]
    return [each for each in told.to_numpy().ravel().tolist() if each == each]
