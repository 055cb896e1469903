"""Rules drawn as tables: each row is a case, the last column is the expected answer."""

from datetime import date

import pandas as pd
import pytest

from pmf_lib.performance.rate import rate
from pmf_lib.performance.schemes import StatusScheme
from pmf_lib.periods import parse_quarter

NUMBERS = {
    "value",
    "target",
    "lower",
    "upper",
    "tolerance",
    "decimals",
    "due_days",
    "year_before",
    "mean",
    "lpl",
    "upl",
    "before",
}
QUARTER = parse_quarter("2024-25 Q2")
AS_AT = date(2024, 11, 15)
SCHEME = StatusScheme(
    version=1, dated=date(2024, 4, 1), source="test", tolerance={"amount": 5, "kind": "per-cent"}
)
MEASURE = {
    "measure_id": "a",
    "title": "Bins emptied on time",
    "definition": "Counted by the depot",
    "directorate": "x",
    "unit": "%",
    "decimals": 1.0,
    "polarity": "higher",
    "frequency": "quarterly",
}


def cases(table):
    """One pytest case for each row of a drawn table; a cell that is left empty is left out."""
    lines = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.strip().splitlines()
        if not set(line) <= set("|- ")
    ]
    names = lines[0]
    return [pytest.param(_row(names, cells), id=", ".join(filter(None, cells))) for cells in lines[1:]]


def _row(names, cells):
    return {name: _cell(name, cell) for name, cell in zip(names, cells, strict=True) if cell != ""}


def _cell(name, cell):
    return float(cell.replace("−", "-")) if name in NUMBERS else cell


def observations(values, **more):
    """Observations of measure 'a' by period."""
    return pd.DataFrame(
        [
            {
                "measure_id": "a",
                "period": period,
                "recorded_at": pd.Timestamp("2024-10-10"),
                "value": value,
                "state": "final",
                "source_file": "data/observations.csv",
                "source_row": row,
            }
            | more
            for row, (period, value) in enumerate(values.items(), start=2)
        ]
    )


def targets(**more):
    """One target of measure 'a', in force since 2020."""
    given = {"measure_id": "a", "from_period": "2020-21", "source_file": "data/targets.csv", "source_row": 2}
    return pd.DataFrame([given | more])


def rated(
    values,
    target=None,
    *,
    scheme=SCHEME,
    as_at=AS_AT,
    quarter=QUARTER,
    state="final",
    goals=None,
    seen=None,
    recorded_at=None,
    **measure,
):
    """The rated row of one measure for the quarter, by one target or by `goals`, a frame of them (`seen`: of results)."""
    given = {
        "seen": seen,
        "recorded_at": recorded_at,
        "values": values,
        "target": target,
        "goals": goals,
        "state": state,
        "measure": measure,
    }
    return rated_together([given], scheme=scheme, as_at=as_at, quarter=quarter)[0]


def rated_together(given, *, scheme=SCHEME, as_at=AS_AT, quarter=QUARTER):
    """The rated rows of many measures, in one go: each with values, target, state and its own columns."""
    named = [(f"m{number}", one) for number, one in enumerate(given)]
    aims = [targets(**one["target"]).assign(measure_id=name) for name, one in named if one.get("target")]
    aims += [one["goals"].assign(measure_id=name) for name, one in named if one.get("goals") is not None]
    seen = [
        observations(one["values"], **_marks(one)).assign(measure_id=name)
        for name, one in named
        if one["values"]
    ]
    seen += [one["seen"].assign(measure_id=name) for name, one in named if one.get("seen") is not None]
    found = rate(
        pd.DataFrame([MEASURE | one.get("measure", {}) | {"measure_id": name} for name, one in named]),
        pd.concat(seen, ignore_index=True) if seen else pd.DataFrame(),
        pd.concat(aims, ignore_index=True) if aims else pd.DataFrame(),
        quarter=quarter,
        as_at=as_at,
        scheme=scheme,
    )
    return [row for _, row in found.measures.iterrows()]


def _marks(one):
    recorded = {"recorded_at": one["recorded_at"]} if one.get("recorded_at") is not None else {}
    return {"state": one.get("state", "final")} | recorded


def pick(case, *names):
    """These cells of a case, where they are filled."""
    return {name: case[name] for name in names if name in case}
