"""A small council of its own, and returns filled in for it, for the tests of returns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from workspace import Workspace

from pmf_lib import council as councils
from pmf_lib.council import Council
from pmf_lib.periods import parse_quarter
from pmf_lib.records.collect import collect
from pmf_lib.records.returns.sheets import workbook_bytes
from pmf_lib.records.returns.take import Asked, Taken, take
from pmf_lib.records.returns.template import Whose, form, template

QUARTER = parse_quarter("2024-25 Q2")
NODES = {"pmf-2022-25": ["marker-01", "marker-02"]}
COUNCIL = """id: own
name: Own Council
evidence: own
directorates:
  - {id: places, name: Places, director: Director of Places}
  - {id: people, name: People, director: Director of People}
records: {folders: [data/own]}
returns: {folder: data/returns/own, due_days: 20, collected_by: Performance Manager}
"""
MEASURES = """measure_id,title,directorate,owner,unit,polarity,frequency,due_days
missed-bins,Missed bins,places,Head of Waste,number,lower,monthly,20
swims,Swims,places,Head of Leisure,number,higher,quarterly,20
care-visits,Care visits,people,Head of Care,number,higher,quarterly,20
"""
OBSERVATIONS = """measure_id,period,recorded_at,value
missed-bins,2024-06,2024-07-10,40
missed-bins,2024-07,2024-08-10,41
swims,2024-25 Q1,2024-07-10,5
"""
TARGETS = "measure_id,from_period,target\nmissed-bins,2024-04,35\nswims,2024-25 Q1,6\n"
RUN = "council: own\nframework: pmf-2022-25\nquarter: 2024-25 Q2\nas_at: '2024-11-15'\n"
MEASURE = {
    "title": "New", "directorate": "places", "unit": "number", "polarity": "higher", "frequency": "quarterly",
}  # fmt: skip


def small_council(workspace: Workspace) -> Council:
    """The council's file, records and run, put into a workspace."""
    home = workspace.home
    for path, text in {
        "parameters/councils/own.yml": COUNCIL,
        "parameters/runs/own.yml": RUN,
        "data/own/measures.csv": MEASURES,
        "data/own/observations.csv": OBSERVATIONS,
        "data/own/targets.csv": TARGETS,
    }.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
    return councils.load("own")


def whose(council: Council, directorate: str = "places") -> Whose:
    return Whose(council, council.directorate(directorate), QUARTER, NODES)


def sent(council: Council, directorate: str = "places") -> bytes:
    """The template as it is sent."""
    return workbook_bytes(template(whose(council, directorate), collect(council, nodes=NODES)))


def filled(council: Council, directorate: str = "places", **tables: list[dict[str, str]]) -> bytes:
    """A return with these rows of text."""
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return workbook_bytes(form(whose(council, directorate), frames))


def taken(
    council: Council, content: bytes, day: str = "2024-10-15", file: str = "return.xlsx", **more: Any
) -> Taken:
    asked = Asked(council, QUARTER, NODES, date.fromisoformat(day), **more)
    return take(content, file, asked)


def figures(council: Council) -> list[list[Any]]:
    """Measure, period, day of recording and value of every observation."""
    table = collect(council, nodes=NODES).tables["observations"]
    table = table.sort_values(["measure_id", "period", "recorded_at"])
    days = table["recorded_at"].dt.strftime("%Y-%m-%d")
    return [list(row) for row in zip(table["measure_id"], table["period"], days, table["value"], strict=True)]


def repacked(
    content: bytes, change: Mapping[str, bytes | Callable[[bytes], bytes] | None], **more: Any
) -> bytes:
    """A workbook with some of its parts changed, added, or (None) taken out."""
    out, left = io.BytesIO(), dict(change)
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **more) as new,
    ):
        for name in old.namelist():
            given = left.pop(name, old.read(name))
            if given is not None:
                new.writestr(name, given(old.read(name)) if callable(given) else given)
        for name, given in left.items():
            new.writestr(name, given)
    return out.getvalue()


def sheet_part(content: bytes, name: str) -> str:
    """The part of a workbook that holds this sheet (sheets are numbered in order)."""
    import openpyxl

    names = openpyxl.load_workbook(io.BytesIO(content), read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(name) + 1}.xml"
