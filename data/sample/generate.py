"""Write the records of the sample councils from their catalogues. The councils and every figure are made up.

Run ``python data/sample/generate.py``: the files come out the same, byte for byte, every time. Each measure draws
from random streams of its own, derived from its id, so a measure added, changed or dropped leaves all others alone,
and a longer span (``through``, ``first``) leaves the other periods alone.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from arranged_tables import arranged
from catalogue import HERE, Approval, Catalogue, Comparison, Measure, Target, load
from drawn_series import revised, series, span, stream

from pmf_lib import periods
from pmf_lib.periods import Period
from pmf_lib.records.schema import TABLES

COUNCILS = (HERE, HERE.parent / "sample-2009")
Row = dict[str, str]


def observations(catalogue: Catalogue) -> Iterable[Row]:
    for measure in catalogue.measures:
        rows = series(measure, catalogue)
        doubled = [row for row in rows if row["period"] in measure.story.doubled]
        yield from rows + doubled + revised(measure, rows)


def measures(catalogue: Catalogue) -> Iterable[Row]:
    columns = [name for name in TABLES["measures"].columns if name != "measure_id"]
    for measure in catalogue.measures:
        yield {"measure_id": measure.id} | {name: written(getattr(measure, name)) for name in columns}


def links(catalogue: Catalogue) -> Iterable[Row]:
    for measure in catalogue.measures:
        yield from ({"measure_id": measure.id} | link.model_dump() for link in measure.links)


def targets(catalogue: Catalogue) -> Iterable[Row]:
    for measure in catalogue.measures:
        if measure.target:
            yield from _targets(measure, measure.target, catalogue.approvals)


def _targets(measure: Measure, target: Target, approvals: dict[str, Approval]) -> Iterable[Row]:
    basis = "year-to-date" if target.profiles else "in-period"
    for year, values in _goals(target).items():
        shared = {"measure_id": measure.id, "basis": basis, "tolerance_kind": target.tolerance_kind}
        shared |= {"tolerance": written(target.tolerance)} | _approval(target, year, approvals)
        for step, value in enumerate(values):
            first = first_of_year(measure.kind, year).shift(step)
            yield shared | {"from_period": first.label} | value
    for period, changed in target.changed.items():
        alike = {"measure_id": measure.id, "basis": basis, "tolerance_kind": target.tolerance_kind}
        yield alike | {
            "tolerance": written(target.tolerance),
            "from_period": period,
            "target": written(changed),
        }


def _goals(target: Target) -> dict[str, list[Row]]:
    """The target cells by year, one for each row that the year needs."""
    whole = {year: [{"target": written(value)}] for year, value in target.years.items()}
    bands = {
        year: [{"lower": written(low), "upper": written(high)}] for year, (low, high) in target.ranges.items()
    }
    profiled = {
        year: [{"target": written(value)} for value in values] for year, values in target.profiles.items()
    }
    return whole | bands | profiled


def _approval(target: Target, year: str, approvals: dict[str, Approval]) -> Row:
    if year in target.not_approved:
        return {}
    found = approvals[year.replace("/", "-")]
    return {"approved_by": found.by, "approved_on": f"{found.day}", "reference": found.reference}


def first_of_year(kind: str, year: str) -> Period:
    """The first period of a kind in a year: April, the first quarter, autumn, or the year itself."""
    labels = {"month": f"{year[:4]}-04", "quarter": f"{year} Q1", "term": f"{year} Autumn"}
    return periods.parse(labels.get(kind, year), kind)


def comparators(catalogue: Catalogue) -> Iterable[Row]:
    for measure in catalogue.measures:
        if measure.comparison:
            yield from _comparators(measure, measure.comparison, catalogue)


def _comparators(measure: Measure, comparison: Comparison, catalogue: Catalogue) -> Iterable[Row]:
    steps = [step for step in span(measure, catalogue) if step >= measure.period(comparison.since)]
    for authority in catalogue.authorities:
        draws = stream(f"{measure.id}/{authority.name}", "comparators")
        share = 1 if authority.kind == "authority" else 0.2
        middle = measure.story.level + comparison.offset + share * comparison.spread * draws.standard_normal()
        values = middle + share * measure.story.noise * draws.standard_normal(len(steps))
        for step, value in zip(steps, values, strict=True):
            gone = authority.name == comparison.missing and step is steps[-1]
            shown = min(max(value, 0), 100 if measure.unit == "%" else np.inf)
            yield {
                "measure_id": measure.id,
                "period": step.label,
                "authority": authority.name,
                "authority_kind": authority.kind,
                "value": "" if gone else f"{shown:.{measure.decimals}f}",
            }


def commentary(catalogue: Catalogue) -> Iterable[Row]:
    for measure in catalogue.measures:
        for quarter, comment in measure.commentary.items():
            yield {"measure_id": measure.id, "quarter": quarter, "post": measure.owner} | comment.model_dump()


def forecasts(catalogue: Catalogue) -> Iterable[Row]:
    for measure in catalogue.measures:
        for quarter, own in measure.forecasts.items():
            yield {
                "measure_id": measure.id,
                "quarter": quarter,
                "year": periods.parse_quarter(quarter).financial_year.label,
                "forecast": f"{own.value:.{measure.decimals}f}",
                "basis": own.basis,
                "post": measure.owner,
            }


def written(value: object) -> str:
    """A cell's text: flags as yes or no, whole numbers without a point."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


WRITERS = {
    "measures": measures,
    "links": links,
    "observations": observations,
    "targets": targets,
    "comparators": comparators,
    "commentary": commentary,
    "forecasts": forecasts,
}


def as_csv(table: str, rows: Iterable[Row]) -> str:
    """A table as CSV text: the schema's columns, sorted by the table's key."""
    spec, text = TABLES[table], io.StringIO()
    writer = csv.DictWriter(text, list(spec.columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: [row[name] for name in spec.key]))
    return text.getvalue()


def generate(folder: Path, catalogue: Catalogue, home: Path) -> list[Path]:
    """Write every table that has a row into `folder`; `home` holds the council's catalogue and arrangements."""
    tables = {table: list(rows(catalogue)) for table, rows in WRITERS.items()} | arranged(home, catalogue)
    return [_written(folder / f"{table}.csv", as_csv(table, rows)) for table, rows in tables.items() if rows]


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


if __name__ == "__main__":
    for council in COUNCILS:
        for made in generate(council, load(council), council):
            sys.stdout.write(f"{council.name}/{made.name}\n")
