"""The schema's last word on typed rows: whatever pandera's whole schema refuses is refused, by whichever way."""

from __future__ import annotations

import pandas as pd
import pytest
from pandera.errors import SchemaError, SchemaErrors

from pmf_lib.records.against_schema import no_rows, validated
from pmf_lib.records.schema import TABLES

TARGETS = TABLES["targets"]
ROW = {
    "measure_id": "bins", "from_period": "2024-25 Q1", "basis": "in-period", "tolerance_kind": "amount", "target": 90.0, "source_file": "a.csv",
    "source_sheet": "", "source_row": 2,
}  # fmt: skip


def typed(*changes: dict[str, object]) -> pd.DataFrame:
    """Typed targets, one a change."""
    empty = no_rows("targets")
    blank = {name: "" if kind == "str" else None for name, kind in empty.dtypes.items()}
    return pd.DataFrame([{**blank, **ROW, **change} for change in changes]).astype(empty.dtypes)


@pytest.mark.parametrize("name", TABLES)
def test_pandera_accepts_the_names_and_types_that_rows_are_held_against(name):
    pd.testing.assert_frame_equal(TABLES[name].schema.validate(no_rows(name)), no_rows(name))


def test_rows_that_keep_to_the_schema_are_given_back():
    rows = typed({}, {"measure_id": "calls"})
    pd.testing.assert_frame_equal(validated(rows, TARGETS), rows)


@pytest.mark.parametrize(
    "rows",
    [
        typed({}, {}),
        typed({"measure_id": "No Id"}),
        typed({"measure_id": None}),
        typed({"basis": "weekly"}),
        typed({"source_row": 0}),
        typed({}).assign(target="90"),
        typed({}).assign(more=1),
        typed({}).drop(columns="target"),
    ],
    ids=["key twice", "no id", "missing", "no choice", "limit", "type", "column more", "column less"],
)
def test_rows_that_break_the_schema_are_refused_as_the_whole_schema_refuses_them(rows):
    for hold in (lambda: TARGETS.schema.validate(rows), lambda: validated(rows, TARGETS)):
        with pytest.raises((SchemaError, SchemaErrors)):
            hold()
