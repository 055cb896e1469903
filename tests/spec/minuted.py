"""Drawn tables of meetings and other records of arrangements, and the evidence that they make."""

from dataclasses import replace
from datetime import date

import pandas as pd

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import parse_quarter
from pmf_lib.records.findings import none
from pmf_lib.records.schema import TABLES

FRAMEWORKS = {one: frameworks.load(one) for one in frameworks.ids()}
NOTHING = {"text": "", "id": "", "ids": "", "posts": "", "choice": "", "period": "", "date": pd.NaT}


def without_services(council):
    """The council, none of whose services its file names: drawn records name their own."""
    units = tuple(one.model_copy(update={"services": ()}) for one in council.directorates)
    return council.model_copy(update={"directorates": units})


COUNCILS = {
    framework: without_services(councils.load(name))
    for framework, name in {"pmf-2022-25": "sample", "wpf-2009": "sample-2009"}.items()
}


def drawn(text):
    """The rows of a drawn table, as dictionaries; an empty cell is left out."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [{name: cell for name, cell in zip(lines[0], line, strict=True) if cell} for line in lines[1:]]


def rows(table, records):
    """Typed rows of a table, filled up with nothing, or with a column's default; source rows from 2 on."""
    specs = {name: spec.metadata for name, spec in TABLES[table].columns.items()}
    blank = {
        name: NOTHING.get(said["kind"], float("nan")) if said["default"] is None else said["default"]
        for name, said in specs.items()
    }
    made = [
        {**blank, "source_file": f"{table}.csv", "source_sheet": "", "source_row": n, **record}
        for n, record in enumerate(records, 2)
    ]
    frame = pd.DataFrame(made, columns=[*blank, "source_file", "source_sheet", "source_row"])
    days = [name for name, said in specs.items() if said["kind"] == "date"]
    texts = [name for name, said in specs.items() if said["kind"] not in ("date", "number", "flag")]
    return frame.astype(dict.fromkeys(days, "datetime64[us]") | dict.fromkeys(texts, "str"))


def minutes(text, item="", **agenda):
    """Meetings and their agenda from a drawn table; a cell of `items` lists kinds, 'kind@quarter' for a report on it."""
    meetings, items = [], []
    for n, line in enumerate(drawn(text), 1):
        own = {"meeting_id": f"m-{n}", "body": "directorate-board", **line}
        listed = [one.strip() for one in own.pop("items", item).split(",") if one.strip()]
        meetings.append(own)
        for number, one in enumerate(listed, 1):
            kind, _, quarter = one.partition("@")
            items.append(
                {
                    "meeting_id": own["meeting_id"],
                    "number": number,
                    "item": kind,
                    "quarter": quarter,
                    **agenda,
                }
            )
    return {"meetings": rows("meetings", meetings), "agenda": rows("agenda", items)}


def evidence(tables, framework="pmf-2022-25", quarter="2024-25 Q2", as_at="2024-11-15", directorate=""):
    """The evidence of a made-up council, or of one of its directorates."""
    return Evidence(
        tables,
        pd.DataFrame(columns=["measure_id", "state"], dtype="str"),
        none(),
        FRAMEWORKS[framework],
        parse_quarter(quarter),
        date.fromisoformat(as_at),
        council=COUNCILS[framework],
        directorate=directorate,
        sent=frozenset(tables),
    )


def of_2009(tables, as_at="2009-11-13", quarter="2009-10 Q2", directorate="adult-care"):
    """The evidence of a directorate of the council of 2009."""
    return evidence(tables, "wpf-2009", quarter, as_at, directorate)


def not_sent(made, table):
    """The same evidence, one table never sent."""
    return replace(made, sent=made.sent - {table})


def found(answer):
    """How many were tested, and the subjects of the exceptions."""
    return answer.population, answer.exceptions["subject"].tolist()
