"""Made-up certifications of measures: the value and its cases are those of the measure's own series."""

from __future__ import annotations

from collections.abc import Iterator

from arranged import Council, Row, entered
from arranged_form import Certified
from drawn_series import series


def certifications(council: Council) -> Iterator[Row]:
    staff = council.made.audit
    for one in council.made.certifications:
        told = _value(council, one)
        yield {
            **told,
            "measure_id": one.measure,
            "period": one.period,
            "sample_n": f"{one.sample_n}",
            "errors_n": f"{one.errors_n}",
            "recalculated": one.recalculated or told["reported"],
            "documentation": "yes",
            "definition_followed": "yes",
            "controls": one.controls,
            "category": one.category,
            "seed": f"{one.seed}",
            "certified_by": staff.clerk if staff else "",
            "certified_on": f"{one.certified_on}",
            "remarks": one.remarks,
        } | _entered(council, one)


def _value(council: Council, one: Certified) -> Row:
    """The value that was reported, and the cases behind it."""
    rows = series(council.measures[one.measure], council.catalogue)
    row = next(row for row in rows if row["period"] == one.period)
    return {"reported": row["value"], "population_n": row["denominator"]}


def _entered(council: Council, one: Certified) -> Row:
    staff = council.made.audit
    if staff is None:
        raise ValueError("Certifications are there, and nobody who makes them: 'audit' is missing.")
    return entered(one.certified_on, staff.clerk, staff.manager, f"Made-up worksheet of {one.certified_on}")
