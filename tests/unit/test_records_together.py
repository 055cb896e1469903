"""Faults of one kind on one measure are told once; nothing is hidden, and few stand by themselves."""

import numpy as np
import pandas as pd
import pytest

from pmf_lib.records import faults, findings, together
from pmf_lib.records.check import values_off
from pmf_lib.records.parse import Records
from pmf_lib.records.slips import DEFAULT
from pmf_lib.runs.look import findings_text


def differing(count, measure="bins", first=12):
    """So many values of one measure that are not what numerator and denominator give."""
    rows = pd.DataFrame({"measure_id": [measure] * count, "value": 93.4})
    rows = rows.assign(source_file="o.csv", source_sheet="", source_row=range(first, first + count))
    return faults.value_differs(rows.assign(numerator=467.0, denominator=500.0), pd.Series(0.934, rows.index))


def test_many_of_one_kind_are_one_line_with_rows_and_count():
    found = together.together(differing(42))
    assert found[["n", "rows"]].to_numpy().tolist() == [[42, "rows 12 to 53"]]
    assert (
        together.worded(found)
        .iloc[0]
        .startswith(
            "o.csv, rows 12 to 53 of bins, column 'value': 42 values differ from what numerator and denominator give. "
            "The first: got '93.4', expected 0.934"
        )
    )


@pytest.mark.parametrize(("count", "lines"), [(0, 0), (1, 1), (2, 2), (3, 1)])
def test_fewer_than_three_stand_each_by_itself(count, lines):
    found = together.together(differing(count) if count else findings.none())
    assert len(found) == lines
    assert found["n"].sum() == count


def test_measures_columns_and_remedies_are_told_apart():
    other = differing(3).assign(column="numerator"), differing(3).assign(mend="Other.")
    found = together.together(pd.concat([differing(3), differing(3, "calls"), *other]))
    assert found["n"].tolist() == [3, 3, 3, 3]


def test_one_alone_is_worded_as_ever():
    one = differing(1)
    assert together.worded(together.together(one)).tolist() == findings.worded(one).tolist()


def test_the_check_hides_nothing_and_lists_each_when_asked():
    reads = pd.DataFrame({"rows_read": [60], "rows_kept": [60], "rows_left_out": [0]})
    names = [f"measure-{number}" for number in range(60)]
    found = pd.concat([differing(42), *(differing(1, name) for name in names)], ignore_index=True)
    records = Records({}, found, reads)
    text = findings_text(records)
    assert text.count("row 12, column 'value'") == 60
    assert text.count("warning: ") == 61
    assert "102 findings" in text
    assert "`pmf check --all` lists each" in text
    assert findings_text(records, each=True).count("warning: ") == 102


def scaled(factor, count=8, odd=None):
    """A measure whose values are all this many times what numerator and denominator give."""
    top = np.arange(800.0, 800.0 + count)
    rows = pd.DataFrame({"measure_id": "bins", "value": np.round(top / 10.0 * factor, 1), "numerator": top})
    rows = rows.assign(denominator=1000.0, state="final", source_file="o.csv", source_sheet="")
    rows["period"] = [f"2024-{month:02d}" for month in range(1, count + 1)]
    rows = rows.assign(recorded_at=pd.Timestamp("2024-10-01"), source_row=range(2, count + 2))
    if odd is not None:
        rows.loc[0, "value"] = odd
    about = {"measure_id": "bins", "unit": "%", "decimals": 1.0, "frequency": "monthly"}
    return rows, pd.DataFrame([about | {"accumulation": "in-period", "definition_from": ""}])


@pytest.mark.parametrize(("factor", "says"), [(10, "10 times what"), (0.01, "one 100th of what")])
def test_values_that_all_differ_by_one_power_of_ten_are_on_another_scale(factor, says):
    found = values_off(*scaled(factor), DEFAULT)
    assert set(found["rule"]) == {"value.differs"}
    assert len(found) == 8
    assert found["mend"].str.contains(says).all()
    assert len(together.together(found)) == 1


def test_one_value_that_fits_leaves_the_others_slips():
    found = values_off(*scaled(10, odd=80.0), DEFAULT)
    assert set(found["rule"]) == {"value.unit-slip"}


def test_values_as_they_should_be_are_on_no_other_scale():
    assert values_off(*scaled(1), DEFAULT).empty
