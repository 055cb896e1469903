"""Records in every form: how each is written, and what a council's file then says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from workspace import REPOSITORY

from pmf_lib.council import Council
from pmf_lib.records.collect import collect
from pmf_lib.records.parse import Records
from pmf_lib.records.schema import PROVENANCE, TABLES

PASSWORD = "correct horse-4711"
DIRECTORATES = ("adults-health", "childrens", "economy-environment", "resources")
WORD = "twelve"
EARLY = time(0, 30)
"""Half past midnight: in summer still the day before by Greenwich."""
Texts = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Home:
    """A root, and what is done in it."""

    path: Path

    def folder(self, name: str = "data/own") -> Path:
        made = self.path / name
        made.mkdir(parents=True, exist_ok=True)
        return made

    def collect(self, **records: Any) -> Records:
        """Everything that this part of a council's file names."""
        directorates = [{"id": name, "name": name} for name in DIRECTORATES]
        about = {"id": "own", "name": "Own Council", "evidence": "own", "directorates": directorates}
        return collect(Council.model_validate({**about, "records": records}))


def planted() -> Texts:
    """The sample council's tables as text, in the order of their keys, with faults that typed columns can hold too."""
    tables = {
        name: pd.read_csv(REPOSITORY / "data" / "sample" / f"{name}.csv", dtype="str", keep_default_na=False)
        for name in TABLES
        if (REPOSITORY / "data" / "sample" / f"{name}.csv").exists()
    }
    seen = tables["observations"]
    row = seen[seen["measure_id"] == "missed-bins"].iloc[3:4]
    tables["observations"] = pd.concat([seen, row, row.assign(value="inf", period="2019-04")])
    tables["links"] = pd.concat(
        [tables["links"], tables["links"].iloc[:1].assign(measure_id="no-such-measure")]
    )
    return {name: _by_key(frame, name) for name, frame in tables.items()}


def with_text_in_a_number(texts: Texts) -> Texts:
    """One more fault, which only columns of text can hold."""
    seen = texts["observations"].copy()
    seen.loc[seen.index[5], "value"] = WORD
    return {**texts, "observations": seen}


def _by_key(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame.sort_values([*TABLES[name].key, *frame.columns], kind="stable", ignore_index=True)


def typed(frame: pd.DataFrame, name: str) -> dict[str, list[Any]]:
    """Columns as a careful database holds them: decimals, whole numbers, days, true and false; nothing where empty."""
    kinds = {column: (TABLES[name].columns[column].metadata or {})["kind"] for column in frame}
    return {
        column: [_typed(text, column, kinds[column]) if text else None for text in frame[column]]
        for column in frame
    }


def _typed(text: str, column: str, kind: str) -> Any:
    if kind == "number":
        whole = column in ("decimals", "due_days")
        return int(text) if whole else Decimal(text) if column == "target" else float(text)
    if kind == "date":
        day = pd.Timestamp(text).date()
        return datetime.combine(day, EARLY, ZoneInfo("Europe/London")) if column == "recorded_at" else day
    return text == "yes" if kind == "flag" else text


def write_csv(texts: Texts, folder: Path) -> None:
    for name, frame in texts.items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def write_parquet(texts: Texts, folder: Path, *, is_typed: bool) -> None:
    for name, frame in texts.items():
        columns = typed(frame, name) if is_typed else frame.to_dict("list")
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def write_database(texts: Texts, address: str, *, is_typed: bool, schema: str | None = None) -> None:
    """One table each, its rows put in backwards, so that no order is given for nothing."""
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        if schema:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
        for name, frame in texts.items():
            columns = typed(frame, name) if is_typed else frame.to_dict("list")
            if engine.dialect.name == "sqlite":
                columns = {column: [_for_sqlite(cell) for cell in cells] for column, cells in columns.items()}
            kinds = [sa.Column(column, _kind(cells)) for column, cells in columns.items()]
            table = sa.Table(name, sa.MetaData(), *kinds, schema=schema)
            table.create(connection)
            rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
            connection.execute(table.insert(), rows[::-1])
    engine.dispose()


def _for_sqlite(cell: Any) -> Any:
    """It has neither decimals nor times with a zone."""
    if isinstance(cell, Decimal):
        return float(cell)
    return cell.date() if isinstance(cell, datetime) else cell


def _kind(cells: list[Any]) -> Any:
    kinds = {bool: sa.Boolean, int: sa.Integer, float: sa.Double, Decimal: sa.Numeric}
    found = next((cell for cell in cells if cell is not None), "")
    if isinstance(found, date):
        return sa.DateTime(timezone=True) if isinstance(found, datetime) else sa.Date
    return kinds.get(type(found), sa.Text)()


def without_place(frame: pd.DataFrame) -> pd.DataFrame:
    """A table in the order of its content, without where its rows were read, also where a finding says it in words."""
    bare = frame.drop(columns=list(PROVENANCE))
    if "expected" in bare:
        bare["expected"] = bare["expected"].str.replace(r"row \d+ of \S+", "a row", regex=True)
    return bare.sort_values(list(bare.columns), ignore_index=True)


def assert_same(got: Records, wanted: Records) -> None:
    """The same rows, the same findings in the same words, the same control totals."""
    assert len(wanted.findings) >= 3
    for name in TABLES:
        pd.testing.assert_frame_equal(
            without_place(got.tables[name]), without_place(wanted.tables[name]), obj=name
        )
    pd.testing.assert_frame_equal(without_place(got.findings), without_place(wanted.findings), obj="findings")
    totals = ["table", "rows_read", "rows_kept", "rows_left_out", "control_total"]
    pd.testing.assert_frame_equal(got.reads[totals], wanted.reads[totals])
