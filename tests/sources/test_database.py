"""A database is only ever read, in words when it refuses, and its address is in nothing that is said."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import sqlalchemy as sa
from forms import PASSWORD

from pmf_lib.council import Database
from pmf_lib.errors import PolicyError, RecordsError, SettingsError
from pmf_lib.records.sources.database import read_database
from pmf_lib.records.sources.query import Named, Select, query

SEEN = """
CREATE TABLE observations (measure_id text, period text, recorded_at date, value numeric);
INSERT INTO observations VALUES ('b', '2024-07', '2024-08-10', 2.50), ('a', '2024-08', '2024-09-10', NULL),
  ('a', '2024-07', '2024-08-10', 1), (NULL, NULL, NULL, NULL);
CREATE VIEW seen AS SELECT * FROM observations;
CREATE TABLE wide AS SELECT 1 AS id, o.* FROM observations o
"""


@pytest.fixture
def sqlite(home, monkeypatch):
    address = f"sqlite:///{home.path / 'own.db'}"
    with sa.create_engine(address, poolclass=sa.NullPool).begin() as connection:
        for statement in SEEN.split(";"):
            connection.exec_driver_sql(statement)
    monkeypatch.setenv("OWN_URL", address)
    return address


@pytest.fixture
def reader(postgresql, monkeypatch):
    """The address of the account that must give its password, and a function that runs SQL as the owner."""
    owner = sa.create_engine(postgresql.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)

    def run(text: str) -> list:
        with owner.begin() as connection:
            result = connection.exec_driver_sql(text)
            return result.fetchall() if result.returns_rows else []

    run("DROP VIEW IF EXISTS seen; DROP TABLE IF EXISTS wide, observations;" + SEEN)
    address = postgresql.replace("postgres:@", f"reader:{quote(PASSWORD)}@")
    monkeypatch.setenv("OWN_URL", address)
    return address, run


def database(**tables: str) -> Database:
    return Database(label="warehouse", url_from="OWN_URL", tables=tables)


def refusal(kind: type[Exception] = RecordsError, **tables: str) -> str:
    with pytest.raises(kind) as caught:
        read_database(database(**tables))
    return str(caught.value)


def observations(asked: str) -> list[list]:
    table = read_database(database(observations=asked))["observations"]
    return (
        table[["measure_id", "period", "recorded_at", "value", "source_file", "source_row"]]
        .to_numpy()
        .tolist()
    )


WANTED = [
    ["a", "2024-07", "2024-08-10", "1", "database:warehouse/observations", 1],
    ["a", "2024-08", "2024-09-10", "", "database:warehouse/observations", 2],
    ["b", "2024-07", "2024-08-10", "2.50", "database:warehouse/observations", 3],
]
ASKED = [
    "observations",
    "seen",
    "SELECT * FROM observations ORDER BY measure_id DESC",
    "WITH s AS (SELECT * FROM observations) SELECT * FROM s; -- all of them",
    "SELECT measure_id, period, recorded_at, value FROM observations WHERE measure_id LIKE '%' OR period IS NULL",
]


@pytest.mark.parametrize("asked", ASKED)
def test_rows_are_numbered_in_the_order_of_the_key_whatever_the_database_gives(reader, asked):
    assert observations(asked) == WANTED


@pytest.mark.parametrize("asked", [*ASKED, "main.observations"])
def test_sqlite_gives_the_same(sqlite, asked):
    assert [row[:3] + row[4:] for row in observations(asked)] == [row[:3] + row[4:] for row in WANTED]


def test_nothing_can_be_written_even_by_a_select(reader):
    run = reader[1]
    run(
        "CREATE OR REPLACE FUNCTION noted() RETURNS text LANGUAGE sql AS $$ INSERT INTO observations VALUES ('x') RETURNING measure_id $$"
    )
    run("GRANT INSERT ON observations TO reader")
    said = refusal(
        observations="SELECT noted() AS measure_id, '2024-07' AS period, '2024-08-10' AS recorded_at"
    )
    assert "database:warehouse/observations: the database refuses" in said
    assert "read-only transaction" in said
    assert run("SELECT count(*) FROM observations") == [(4,)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("DELETE FROM observations", "it begins with 'DELETE'"),
        ("DROP TABLE observations", "it begins with 'DROP'"),
        ("SELECT 1; DELETE FROM observations", "more than one statement"),
        ("WITH gone AS (DELETE FROM observations RETURNING *) SELECT * FROM gone", "it holds 'DELETE'"),
        ("SELECT * INTO copied FROM observations", "it holds 'INTO'"),
        ("SELECT /* ; */ 1 -- ;\n; SELECT 2", "more than one statement"),
        (r"SELECT E'\''; DELETE FROM observations; --'", "a backslash or a dollar sign"),
        ("", "it begins with ''"),
        ("a.b.c.d", "it begins with 'a.b.c.d'"),
    ],
)
def test_only_one_select_is_taken(monkeypatch, asked, words):
    monkeypatch.setenv("OWN_URL", "sqlite://")
    said = refusal(PolicyError, observations=asked)
    assert said.startswith("database:warehouse/observations: ")
    assert words in said
    assert "one SELECT" in said


@pytest.mark.parametrize(
    "asked",
    ["SELECT ';' AS period", 'SELECT 1 AS "delete" -- delete; it', "select into_force, updated FROM x;"],
)
def test_words_and_marks_in_texts_names_and_comments_are_no_statements(asked):
    assert query(asked, "here") == Select(asked.removesuffix(";"))


def test_a_name_with_a_schema_is_a_name():
    assert query(" pmf.observations ", "here") == Named("observations", "pmf")


def test_a_table_that_is_not_there_is_refused_with_the_one_that_was_meant(sqlite):
    said = refusal(observations="observation")
    assert "the database has no table 'observation'. Did you mean 'observations'?" in said


def test_a_schema_without_tables_is_said(reader):
    assert "no table 'observations' in the schema 'pmf'" in refusal(observations="pmf.observations")


def test_a_table_with_other_columns_is_refused_as_a_csv_file_is(sqlite):
    said = refusal(observations="wide")
    assert "database:warehouse/observations: column 'id' is not a column of the table 'observations'" in said
    assert "Name the columns in a SELECT" in said
    said = refusal(observations="SELECT measure_id, period, recorded_at, value AS valeu FROM observations")
    assert "Did you mean 'value'?" in said


def test_a_column_that_a_select_slips_on_is_told_in_the_databases_words(reader):
    said = refusal(observations="SELECT measure_id, peroid FROM observations")
    assert 'column "peroid" does not exist' in said
    assert "parameters/councils" in said


def test_a_table_that_records_do_not_have_is_refused_before_anything_is_asked(monkeypatch):
    monkeypatch.delenv("OWN_URL", raising=False)
    said = refusal(observation="x")
    assert "database:warehouse: 'observation' is not a table of records. Did you mean 'observations'?" in said


def test_an_address_that_the_environment_lacks_is_asked_for(monkeypatch):
    monkeypatch.delenv("OWN_URL", raising=False)
    said = refusal(SettingsError, observations="x")
    assert "The database 'warehouse' takes its address from the environment, and 'OWN_URL' is not set" in said


@pytest.mark.parametrize("address", ["no-address", "://x", "postgresql://a:b@host:port/x"])
def test_what_is_no_address_is_refused_without_being_shown(monkeypatch, address):
    monkeypatch.setenv("OWN_URL", address)
    said = refusal(SettingsError, observations="x")
    assert "what OWN_URL holds in the environment is not a database's address" in said
    assert address not in said


@pytest.mark.parametrize("address", ["mssql+pyodbc://a:b@host/x", "nosuch://a:b@host/x"])
def test_a_driver_that_is_not_installed_is_named_as_a_package(monkeypatch, address):
    monkeypatch.setenv("OWN_URL", address)
    assert "needs a Python package that is not installed" in refusal(SettingsError, observations="x")


def test_a_slip_in_a_files_name_makes_no_new_database(home, monkeypatch):
    monkeypatch.setenv("OWN_URL", f"sqlite:///{home.path / 'slip.db'}")
    assert "its file is not there" in refusal(observations="x")
    assert not (home.path / "slip.db").exists()


def parts_of(address: str) -> list[str]:
    return [PASSWORD, quote(PASSWORD), address, "reader:"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda address: address.replace(quote(PASSWORD), "wrong-4711"), "password authentication failed"),
        (lambda address: address.replace("host=/", "host=/nowhere"), "cannot be reached"),
        (lambda address: address.replace("/postgres?", "/nosuch?"), "cannot be reached"),
    ],
    ids=["a wrong password", "a server that does not answer", "a database that is not there"],
)
def test_a_database_that_lets_nobody_in_is_told_without_its_address(reader, monkeypatch, change, words):
    address = change(reader[0])
    monkeypatch.setenv("OWN_URL", address)
    with pytest.raises(RecordsError) as caught:
        read_database(database(observations="observations"))
    said = str(caught.value)
    assert said.startswith("The database 'warehouse' cannot be reached: ")
    assert words in said
    assert "OWN_URL" in said
    for part in [*parts_of(address), "wrong-4711", "reader", "nosuch"]:
        assert part not in said
    assert caught.value.__suppress_context__


def test_a_server_that_is_away_is_told_without_its_host(monkeypatch):
    monkeypatch.setenv("OWN_URL", f"postgresql://reader:{quote(PASSWORD)}@127.0.0.1:1/warehouse")
    said = refusal(observations="observations")
    assert "refused" in said
    for part in (PASSWORD, quote(PASSWORD), "127.0.0.1", "reader"):
        assert part not in said


def test_a_million_joined_rows_are_refused(sqlite, monkeypatch):
    for place in ("raw", "sources.database"):
        monkeypatch.setattr(f"pmf_lib.records.{place}.MOST_ROWS", 2)
    assert "has more than 2 rows" in refusal(observations="observations")
