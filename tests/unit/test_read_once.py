"""What is read or worked out once: policy of the same bytes, cells of the same text, targets of many periods."""

import os
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pmf_lib import policy
from pmf_lib.decisions import Measures
from pmf_lib.decisions.about_measures import Kept, Rebase
from pmf_lib.errors import PolicyError, SettingsError
from pmf_lib.performance.frames import complete, plain_tuples
from pmf_lib.performance.targets import in_force
from pmf_lib.periods import parse_quarter
from pmf_lib.records import cells, findings, period_days
from pmf_lib.records.quality import known, patterns
from pmf_lib.records.quality.scheme import PatternRules
from pmf_lib.workbook import decided


class Wish(policy.Policy):
    size: int


@pytest.fixture
def wish(tmp_path):
    path = tmp_path / "wish.yml"
    path.write_text("size: 1\n", encoding="utf-8")
    return path


def test_policy_of_the_same_bytes_is_understood_once(wish):
    first = policy.load(wish, Wish)
    wish.write_bytes(wish.read_bytes())
    assert policy.load(wish, Wish) is first


def test_policy_is_read_again_whatever_its_time_says(wish):
    before, stat = policy.load(wish, Wish), wish.stat()
    wish.write_text("size: 2\n", encoding="utf-8")
    os.utime(wish, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (before.size, policy.load(wish, Wish).size) == (1, 2)


def test_policy_that_became_wrong_or_went_is_told_each_time(wish):
    policy.load(wish, Wish)
    wish.write_text("sise: 1\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PolicyError, match="'sise' is not known"):
            policy.load(wish, Wish)
    wish.unlink()
    with pytest.raises(SettingsError, match="is not there"):
        policy.load(wish, Wish)


def test_the_same_bytes_at_two_places_are_told_apart(wish):
    other = wish.with_name("other.yml")
    for path in (wish, other):
        path.write_text("size: much\n", encoding="utf-8")
        with pytest.raises(PolicyError, match=path.name):
            policy.load(path, Wish)


def test_a_measure_may_be_asked_for_many_periods_at_once():
    first = {"target": 10.0, "from_period": "2023-04", "basis": "in-period"}
    targets = pd.DataFrame([{"measure_id": "a", **first}, {"measure_id": "a", **first, "target": 12.0, "from_period": "2024-06"}])  # fmt: skip
    begins = pd.to_datetime(pd.Series(["2024-07-01", "2024-05-01", "2022-05-01"], index=[5, 6, 7]))
    due = pd.DataFrame(
        {"measure_id": "a", "kind": "month", "start": begins, "end": begins + pd.offsets.MonthEnd(0)}
    )
    found = in_force(targets, due, parse_quarter("2024-25 Q2"))
    assert found.index.tolist() == [5, 6, 7]
    assert found["target"].fillna(-1).tolist() == [12.0, 10.0, -1.0]
    assert found["changed"].tolist() == [True, False, False]
    for place in due.index:  # each as if it had been asked for alone
        pd.testing.assert_frame_equal(
            found.loc[[place]], in_force(targets, due.loc[[place]], parse_quarter("2024-25 Q2"))
        )


def test_every_cell_of_one_text_is_read_alike():
    asked = cells.Asked("value", "number", needed=False, default=None, choices=())
    parsed = cells.parse_column(pd.Series(["1,200", "n.a.n", "", "1,200"], index=[3, 1, 7, 2]), asked)
    np.testing.assert_array_equal(parsed.typed, [1200.0, np.nan, np.nan, 1200.0])
    assert parsed.faulty.to_dict() == {3: False, 1: True, 7: False, 2: False}


def test_rows_are_told_as_plain_values_in_order():
    rows = pd.DataFrame({"name": ["a", "b"], "day": pd.to_datetime(["2024-04-01", None]), "n": [1.5, np.nan]})
    first, second = plain_tuples(rows)
    assert (first.name, first.day.date(), first.n) == ("a", date(2024, 4, 1), 1.5)
    assert (second.name, pd.isna(second.day), pd.isna(second.n)) == ("b", True, True)


def test_what_is_in_force_is_the_row_recorded_last_by_the_day():
    rows = pd.DataFrame({
        "measure_id": ["b", "a", "a", "a"], "period": "2024-04",
        "recorded_at": pd.to_datetime(["2024-05-01", "2024-05-09 18:00", "2024-05-09 09:00", "2024-05-10"], format="mixed"),
        "source_file": "o.csv", "source_row": [2, 3, 4, 5], "state": ["suppressed", "final", "final", "final"],
        "value": [1.0, 2.0, 3.0, 4.0], "numerator": 1.0, "denominator": 1.0,
    })  # fmt: skip
    found = known.in_force(rows, date(2024, 5, 9))
    assert found.index.tolist() == [1, 0]
    np.testing.assert_array_equal(found["value"], [2.0, np.nan])
    assert known.in_force(rows, date.max)["source_row"].tolist() == [5, 2]


def test_a_label_that_is_no_period_has_no_day():
    found = period_days.days(
        pd.Series(["2024-05", "soon", "2024-05"]), pd.Series(["month", "month", "quarter"])
    )
    assert found.isna().tolist() == [False, True, False]


def test_values_repeated_from_the_year_before_are_found_across_measures():
    n = 36
    noise = np.random.default_rng(3).integers(1000, 2000, n).astype(float)
    noise[24:] = noise[12:24]
    frame = pd.DataFrame({"measure_id": ["a"] * n + ["b"] * n, "ordinal": [*range(n)] * 2})
    frame = frame.assign(
        value=[*noise, *np.random.default_rng(4).integers(1000, 2000, n)], kind="month", period="x"
    )
    frame = frame.assign(
        decimals=0, unit="number", accumulation="in-period", denominator=np.nan, source_file="o.csv"
    )
    found = patterns.copied(frame.assign(source_sheet="", source_row=range(2 * n)), PatternRules())
    assert found["measure_id"].tolist() == ["a"]
    assert found["source_row"].tolist() == [n - 1]
    assert "12 values in succession equal to those of the year before" in found["expected"].iloc[0]


def test_decisions_of_some_measures_are_theirs_alone():
    made = [
        Kept(f"{name}.yml", Rebase(kind="rebase", measure=name, period="2024-04", by="Head of Bins", dated=date(2024, 5, 1), why="New rounds"))
        for name in ("bins", "roads")
    ]  # fmt: skip
    assert [file for file, _ in Measures(tuple(made)).of({"roads"}).rebases] == ["roads.yml"]


def test_where_nothing_was_decided_the_answer_has_every_column():
    measures = complete(
        pd.DataFrame([{"measure_id": "roads", "title": "Roads mended", "frequency": "monthly"}]), "measures"
    )
    tables = (measures, complete(pd.DataFrame(), "observations"), findings.none())
    asked = {"quarter": parse_quarter("2024-25 Q2"), "as_at": date(2024, 11, 15), "least": 8}
    made = Rebase(
        kind="rebase", measure="roads", period="2024-04", by="Board", dated=date(2024, 5, 1), why="New gangs"
    )
    one = decided.judged(Measures((Kept("roads.yml", made),)), *tables, **asked)
    none = decided.judged(Measures(), *tables, **asked)
    assert (one["problem"].tolist(), len(none)) == (["waits"], 0)
    assert none.dtypes.to_dict() == one.dtypes.to_dict()
