"""Clean raw records of a small made-up council, different for each seed, in which no rule of reading fires."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib import periods
from pmf_lib.records import schema
from pmf_lib.records.schema import TABLES

DIRECTORATES = ("adults-health", "childrens", "resources")
NODES = {"pmf-2022-25": tuple(f"marker-{number:02d}" for number in range(1, 21))}

Rows = list[dict[str, str]]

MEASURES = (
    ("missed-bins", "adults-health", "rate per 1,000", "monthly", "lower", 2),
    ("reviews-in-time", "childrens", "%", "quarterly", "higher", 1),
    ("days-to-decide", "resources", "days", "quarterly", "range", 1),
    ("residents-survey", "resources", "per cent of residents", "annual", "higher", 0),
)
FACTORS = {"rate per 1,000": 1000, "%": 100, "days": 1, "per cent of residents": 100}
FIRST = {
    "monthly": ("month", "2023-04"),
    "quarterly": ("quarter", "2022-23 Q1"),
    "annual": ("year", "2018-19"),
}


def clean(seed: int) -> dict[str, pd.DataFrame]:
    """Raw tables by name, as `pmf_lib.records.sources.folder` reads them."""
    rng = np.random.default_rng(seed)
    rows: dict[str, Rows] = {name: [] for name in schema.MEASURES}
    for measure in MEASURES:
        _add_measure(rows, measure, rng)
    return {name: raw_table(name, found) for name, found in rows.items()}


def raw_table(name: str, rows: Rows) -> pd.DataFrame:
    """Rows of text with provenance, as though read from ``data/own/<name>.csv``."""
    frame = pd.DataFrame(rows, columns=list(TABLES[name].columns), dtype="str").fillna("")
    numbers = pd.RangeIndex(2, len(frame) + 2)
    return frame.assign(source_file=f"data/own/{name}.csv", source_sheet="", source_row=numbers)


def _add_measure(
    rows: dict[str, Rows], measure: tuple[str, str, str, str, str, int], rng: np.random.Generator
) -> None:
    name, directorate, unit, frequency, polarity, decimals = measure
    rows["measures"].append(
        {
            "measure_id": name,
            "title": f"Measure, called {name}",
            "directorate": directorate,
            "unit": unit,
            "decimals": str(decimals),
            "polarity": polarity,
            "frequency": frequency,
            "due_days": "30",
            "customer_measure": "yes",
            "monitor_only": "no",
            "exempt": "no",
        }
    )
    for node in rng.choice(NODES["pmf-2022-25"], size=2, replace=False):
        link = {"framework": "pmf-2022-25", "node": node, "measure_id": name, "reason": "It speaks for it"}
        rows["links"].append(
            link | {"perspective": "customer", "directness": "direct", "valid_from": "2022-23"}
        )
    kind, label = FIRST[frequency]
    first = periods.parse(label, kind)
    for step in range(int(rng.integers(6, 12))):
        _add_period(rows, measure, first.shift(step), rng)
    target = {"measure_id": name, "from_period": first.label, "tolerance": "5", "tolerance_kind": "per-cent"}
    figures = {"lower": "10", "upper": "20"} if polarity == "range" else {"target": "50"}
    rows["targets"].append(target | figures | {"approved_on": "2022-03-16", "approved_by": "Cabinet"})
    quarter = {
        "measure_id": name,
        "quarter": "2024-25 Q2",
        "text": "More staff, fewer delays",
        "post": "Head of",
    }
    rows["commentary"].append(quarter)
    own = {
        "measure_id": name,
        "quarter": "2024-25 Q2",
        "year": "2024-25",
        "forecast": "48",
        "post": "Head of",
    }
    rows["forecasts"].append(own)


def _add_period(
    rows: dict[str, Rows],
    measure: tuple[str, str, str, str, str, int],
    period: periods.Period,
    rng: np.random.Generator,
) -> None:
    name, _, unit, _, _, decimals = measure
    denominator = int(rng.integers(100, 5000))
    numerator = int(rng.integers(1, denominator))
    value = round(numerator / denominator * FACTORS[unit], decimals)
    recorded = period.end + pd.Timedelta(days=int(rng.integers(0, 40)))
    observation = {
        "measure_id": name,
        "period": period.label,
        "recorded_at": recorded.isoformat(),
        "value": f"{value:,}",
        "numerator": str(numerator),
        "denominator": str(denominator),
        "state": str(rng.choice(["final", "provisional", ""])),
    }
    if rng.random() < 0.2:
        observation |= {"value": "[c]", "numerator": "c", "denominator": "c", "state": ""}
    rows["observations"].append(observation)
    comparator = {"measure_id": name, "period": period.label, "authority": "Otherton, made up"}
    rows["comparators"].append(comparator | {"authority_kind": "authority", "value": str(value)})
