"""Defects of what services leave behind, one function for each test."""

from __future__ import annotations

import pandas as pd
from lived_ground import Ground, Plant, Planted
from lived_shape import Service


def _of_service(ground: Ground, service: Service) -> list[str]:
    return [each.id for each in ground.lived.figures.of(service)]


def service_has_forecast(ground: Ground) -> Planted:
    """None, one of a year long gone, or one for a measure that is watched only."""
    service = ground.service()
    own = ground.lived.tables["forecasts"]["measure_id"].isin(_of_service(ground, service))
    watched = ground.lived.figures.of(service)[-1].id
    cells = ground.one_of({}, {"year": "2001-02"}, {"measure_id": watched})
    left = ground.put("forecasts", own, **cells) if cells else ground.drop("forecasts", own)
    return left.at_service(service)


def service_has_reported(ground: Ground) -> Planted:
    """Figures of the service all came before the quarter, and it said nothing."""
    service = ground.service()
    ids, tables = _of_service(ground, service), ground.lived.tables
    start = pd.Timestamp(ground.shape.quarter.start)
    own = tables["observations"]["measure_id"].isin(ids)
    late = own & (tables["observations"]["recorded_at"] >= start)
    silent = ground.drop("observations", late).drop(
        "commentary", tables["commentary"]["measure_id"].isin(ids)
    )
    return silent.at_service(service)


def service_leaves_records(ground: Ground) -> Planted:
    """No plan in force, or no conversations of this year or the last."""
    service, table = ground.service(), ground.one_of("plans", "conversations")
    rows = ground.lived.tables[table]
    own = (rows["directorate"] == service.directorate) & (rows["service"] == service.name)
    return ground.drop(table, own).at_service(service)


def record_has_owner(ground: Ground) -> Planted:
    """A plan, objective or action without a post."""
    table = ground.one_of(*(name for name in ground.told["tables"] if len(_open(ground, name))))
    row = ground.choose(_open(ground, table))
    return ground.put(table, int(row["source_row"]), owner="").at(row)


def _open(ground: Ground, table: str) -> pd.DataFrame:
    """Rows that are in force, or not done."""
    rows = ground.own(table)
    if table == "actions":
        return rows[rows["done_on"].isna()]
    return rows[~rows["plan_id"].str.endswith("-before")]


PLANTS: dict[str, Plant] = {
    each.__name__: each
    for each in (service_has_forecast, service_has_reported, service_leaves_records, record_has_owner)
}
"""Test → what plants its defect."""
