"""How long is left is told from the ledger's past runs."""

from __future__ import annotations

import json

import pytest

from pmf_lib.runs import pace, progress
from pmf_lib.runs.plan import Order
from pmf_lib.store import ledger, places
from pmf_lib.store.manifest import Item


def order(unit: str, notebook: str) -> Order:
    return Order(
        Item(unit=unit, notebook=notebook, stage="directorate", title="", key=f"{unit}/{notebook}"), {}
    )


def entry(item: str, seconds: float, outcome: str = "ok") -> dict[str, object]:
    return {"kind": "item", "item": item, "outcome": outcome, "seconds": seconds, "run_id": "r"}


def test_a_notebook_takes_as_long_as_its_last_runs_did_whatever_the_unit() -> None:
    carried = {**entry("a/1_x", 0.0), "carried_from": "other"}
    entries = [
        entry("a/1_x", 2.0),
        entry("b/1_x", 4.0),
        entry("a/1_x", 90.0, "failed"),
        {"kind": "run"},
        carried,
    ]
    assert pace.past_seconds(entries) == {"1_x": 3.0}


def test_only_recent_runs_count() -> None:
    entries = [entry("a/1_x", 100.0)] * pace.RECENT + [entry("a/1_x", 2.0)] * pace.RECENT
    assert pace.past_seconds(entries) == {"1_x": 2.0}


def test_one_item_left_is_not_shared_between_two_jobs() -> None:
    left = pace.Pace({"1_x": 6.0}, 2, {"a/1_x": "1_x", "b/1_x": "1_x"})
    assert left.seconds == 6.0
    left.done("a/1_x")
    assert left.seconds == 6.0
    left.done("b/1_x")
    assert left.seconds == 0.0


def test_a_first_run_promises_nothing() -> None:
    assert pace.Pace({}, 2, {"a/1_x": "1_x"}).seconds is None


def test_the_json_log_has_an_event_a_line_with_what_is_left(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PMF_STORE", str(tmp_path))
    ledger.append(places.ledger(), [entry("a/1_x", 5.0)])
    orders = [order("a", "1_x"), order("b", "1_x")]
    with progress.shown(orders, 1, as_json=True) as tell:
        tell(orders[0].item, "started")
        tell(orders[0].item.model_copy(update={"message": "Zeile é"}), "ok")
    said = capsys.readouterr()
    events = [json.loads(line) for line in said.err.splitlines()]
    assert [(one["event"], one["item"], one["left_seconds"]) for one in events] == [
        ("started", "a/1_x", 10.0),
        ("ok", "a/1_x", 5.0),
    ]
    assert events[1]["message"] == "Zeile é"
    assert said.out == ""
