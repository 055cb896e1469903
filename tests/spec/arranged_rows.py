"""Drawn tables of plans, objectives and the rest, with a council's measures beside them."""

from dataclasses import replace

import pandas as pd
from minuted import drawn, evidence, rows

from pmf_lib.records.schema import TABLES

MEASURES = """
measure_id | title            | directorate | service    | owner       | frequency | provider | external_framework
visits     | Visits in time   | childrens   | Early Help | Head of Help | monthly   | Charity  |
checks     | Dental checks    | childrens   | In Care    | Head of Care | quarterly |          | National outcomes
waits      | Waits for visits | childrens   | In Care    | Head of Care | annual    |          |
"""
LINKS = """
measure_id | framework   | node      | perspective | directness
visits     | pmf-2022-25 | marker-14 | customer    | direct
checks     | pmf-2022-25 | marker-07 | outcome     | proxy
"""


def table(name, text, **same):
    """A typed table from a drawn one; columns that all its rows share come as keywords."""
    specs = {column: spec.metadata["kind"] for column, spec in TABLES[name].columns.items()}
    lines = [{**same, **line} for line in drawn(text)] if text.strip() else []
    return rows(
        name, [{column: _typed(specs[column], cell) for column, cell in line.items()} for line in lines]
    )


def _typed(kind, cell):
    if kind == "number":
        return float(cell)
    return cell == "yes" if kind == "flag" else cell


def world(directorate="childrens", rated=None, **tables):
    """The evidence of a directorate of the made-up council: three measures, and the tables given (text or frames)."""
    given = {
        "measures": MEASURES,
        "links": LINKS,
        "targets": "",
        "observations": "",
        "commentary": "",
    } | tables
    made = {name: table(name, text) if isinstance(text, str) else text for name, text in given.items()}
    measures = made["measures"]
    plain = measures[["measure_id", "title", "owner", "directorate", "source_row"]].assign(
        state="met", source_file="o.csv"
    )
    plain = plain.assign(
        value=1.0, due_on=pd.Timestamp("2024-10-20"), period="2024-09", variation="no_real_change"
    )
    return replace(
        evidence(made, directorate=directorate), rated=plain if rated is None else plain.assign(**rated)
    )


def edited(frame, key, **values):
    """The same rows; of the one with this id (in the first column) some cells changed, or the row left out (no values)."""
    is_it = frame.iloc[:, 0] == key
    if not is_it.any():
        raise KeyError(key)
    if not values:
        return frame[~is_it].reset_index(drop=True)
    changed = frame.copy()
    for name, value in values.items():
        is_day = str(frame[name].dtype).startswith("datetime")
        changed.loc[is_it, name] = (pd.Timestamp(value) if value else pd.NaT) if is_day else value
    return changed


def told(answer):
    """How many were tested, and each exception as subject and condition."""
    return answer.population, answer.exceptions[["subject", "condition"]].to_numpy().tolist()
