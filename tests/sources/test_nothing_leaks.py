"""Whatever a run that reads a database writes, whether it goes well or not, its address is in none of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
import yaml
from forms import PASSWORD, write_database
from workspace import RECORDS, Done, Workspace

from pmf_lib.records.schema import TABLES

NOTEBOOK = "2_measures_against_markers"
ITEM = ("run", "--directorate", "resources", "--item", f"resources/{NOTEBOOK}")
PAPERMILL = (sys.executable, "-m", "papermill", f"notebooks/{NOTEBOOK}.ipynb", "by-hand.ipynb")


def from_a_database(own: Workspace, address: str) -> Workspace:
    """The sample council, its records in a database and nowhere else."""
    tables = {path.stem: pd.read_csv(path, dtype="str", keep_default_na=False) for path in own_tables(own)}
    write_database(tables, address, is_typed=True, schema="sample")
    for path in own_tables(own):
        path.unlink()
    council = own.home / "parameters" / "councils" / "sample.yml"
    content = yaml.safe_load(council.read_text(encoding="utf-8"))
    asked = {
        "label": "warehouse",
        "url_from": "WAREHOUSE_URL",
        "tables": {name: f"sample.{name}" for name in tables},
    }
    content["records"] = {"databases": [asked]}
    council.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return own


def own_tables(own: Workspace) -> list[Path]:
    return [path for path in sorted((own.home / RECORDS).glob("*.csv")) if path.stem in TABLES]


def written(own: Workspace, said: list[Done]) -> bytes:
    """Everything: files of the workspace and its store, and what the commands said."""
    files = [path for path in own.home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".ipynb" and "store" in path.parts for path in files)
    return b"\n".join([*(path.read_bytes() for path in files), *(done.said.encode() for done in said)])


@pytest.mark.slow
def test_the_address_is_in_nothing_that_a_run_writes(postgresql, make_workspace) -> None:
    own = from_a_database(make_workspace("database"), postgresql)
    address = postgresql.replace("postgres:@", f"reader:{quote(PASSWORD)}@")
    right = Workspace(own.home, {"WAREHOUSE_URL": address})
    wrong = Workspace(
        own.home,
        {"WAREHOUSE_URL": address.replace("reader:", "reader:not-").replace("?", "?options=-cx%3Dy&")},
    )
    went_well = [right.pmf("check"), right.pmf(*ITEM), right.call(*PAPERMILL)]
    assert [done.code for done in went_well] == [0, 0, 0], "\n".join(done.said for done in went_well)
    assert "database:warehouse/observations" in right.page("resources", NOTEBOOK)
    refused = [wrong.pmf("check"), wrong.pmf(*ITEM), wrong.call(*PAPERMILL)]
    assert [done.code for done in refused[:2]] == [5, 5]
    assert refused[2].code != 0
    assert all("The database 'warehouse' cannot be reached" in done.said for done in refused)
    everything = written(own, [*went_well, *refused])
    host = re.search(r"host=(\S+)", postgresql)[1]
    for part in (PASSWORD, quote(PASSWORD), host, address):
        assert part.encode() not in everything, part
