"""Whatever form records come in, they are the records that a folder of CSV would have been: row by row, fault by fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from forms import (
    WORD,
    Home,
    Texts,
    assert_same,
    with_text_in_a_number,
    write_csv,
    write_database,
    write_parquet,
)

from pmf_lib.records.parse import Records

FORMS = pytest.mark.parametrize(
    "is_typed", [pytest.param(True, id="typed", marks=pytest.mark.slow), pytest.param(False, id="text")]
)


@pytest.fixture(scope="module")
def kept() -> dict[str, Records]:
    """What CSV gave, by the texts' form: read once for all that is held against it."""
    return {}


@pytest.fixture
def wanted(home: Home, kept: dict[str, Records]) -> Callable[[Texts], Records]:
    """The records that a folder of CSV gives."""

    def read(texts: Texts) -> Records:
        form = "text" if (texts["observations"]["value"] == WORD).any() else "typed"
        if form not in kept:
            write_csv(texts, home.folder("data/csv"))
            kept[form] = home.collect(folders=["data/csv"])
        return kept[form]

    return read


def told(records: Texts, is_typed: bool) -> Texts:
    return records if is_typed else with_text_in_a_number(records)


def rules(found) -> set[str]:
    return set(found.findings["rule"])


def test_the_planted_faults_are_found(home, records, wanted):
    found = rules(wanted(told(records, is_typed=False)))
    assert {"cell.number", "key.repeated", "measure.unknown"} <= found


@FORMS
def test_parquet_files(home, records, wanted, is_typed):
    texts = told(records, is_typed)
    write_parquet(texts, home.folder(), is_typed=is_typed)
    got = home.collect(folders=["data/own"])
    assert_same(got, wanted(texts))
    assert set(got.tables["targets"]["source_file"]) == {"data/own/targets.parquet"}


@FORMS
def test_an_sqlite_database(home, records, wanted, is_typed, monkeypatch):
    texts = told(records, is_typed)
    address = f"sqlite:///{home.path / 'own.db'}"
    write_database(texts, address, is_typed=is_typed)
    monkeypatch.setenv("OWN_URL", address)
    tables = {name: name if is_typed else f'SELECT * FROM "{name}";' for name in texts}
    got = home.collect(databases=[{"label": "own", "url_from": "OWN_URL", "tables": tables}])
    assert_same(got, wanted(texts))
    assert set(got.tables["targets"]["source_file"]) == {"database:own/targets"}


@FORMS
def test_a_postgresql_database(home, records, wanted, is_typed, monkeypatch, postgresql):
    """Typed: numbers as double and numeric, days, timestamps with a zone, true and false."""
    texts, schema = told(records, is_typed), f"as_{'typed' if is_typed else 'text'}"
    write_database(texts, postgresql, is_typed=is_typed, schema=schema)
    monkeypatch.setenv("OWN_URL", postgresql)
    tables = {name: f"{schema}.{name}" for name in texts}
    got = home.collect(databases=[{"label": "own", "url_from": "OWN_URL", "tables": tables}])
    assert_same(got, wanted(texts))


@FORMS
def test_a_folder_elsewhere(home, records, wanted, is_typed):
    texts = told(records, is_typed)
    write_parquet(texts, home.folder(), is_typed=is_typed)
    write_csv({"links": texts["links"]}, home.folder())
    (home.folder() / "links.parquet").unlink()
    memory = fsspec.filesystem("memory")
    memory.put(f"{home.folder()}/", "memory://quarter/", recursive=True)
    try:
        got = home.collect(locations=[{"label": "share", "url": "memory://quarter"}])
    finally:
        memory.rm("/quarter", recursive=True)
    assert_same(got, wanted(texts))
    assert set(got.tables["links"]["source_file"]) == {"share:links.csv"}


def test_several_kinds_of_place_are_put_together(home, records, wanted, monkeypatch):
    """Measures from a folder, figures from a database, the rest from a location."""
    kept = {"measures": records["measures"]}
    figures = {"observations": records["observations"]}
    rest = {name: frame for name, frame in records.items() if name not in {**kept, **figures}}
    write_csv(kept, home.folder())
    write_csv(rest, home.folder("elsewhere"))
    address = f"sqlite:///{home.path / 'own.db'}"
    write_database(figures, address, is_typed=False)
    monkeypatch.setenv("OWN_URL", address)
    monkeypatch.setenv("SHARE_URL", Path(home.folder("elsewhere")).as_uri())
    got = home.collect(
        folders=["data/own"],
        databases=[{"label": "own", "url_from": "OWN_URL", "tables": {"observations": "observations"}}],
        locations=[{"label": "share", "url_from": "SHARE_URL"}],
    )
    assert_same(got, wanted(records))
    assert set(got.reads["source_file"]) == {
        "data/own/measures.csv",
        "database:own/observations",
        *(f"share:{name}.csv" for name in rest),
    }
