"""Tables of records from a database through SQLAlchemy, read in one read-only transaction that is never committed.

The address comes from the environment alone, and no message, table or log has any part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmf_lib import settings
from pmf_lib.council import Database
from pmf_lib.errors import RecordsError, SettingsError, listed, near_miss
from pmf_lib.records.raw import MOST_ROWS, Raw, check_columns, no_table, raw_table, refuse_too_many
from pmf_lib.records.schema import TABLES, Table
from pmf_lib.records.sources.cell_text import texts
from pmf_lib.records.sources.hidden import Address
from pmf_lib.records.sources.query import Named, Select, query

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
"""Short names of databases that would ask for a driver which is not the workbook's own."""
CONNECT_WITHIN_SECONDS = 15
OPTIONS: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
}
"""Kind of database → how its transaction is made read-only and of one moment."""
FIRST = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
}
"""Kind of database → what is said first, where that is how nothing can be written."""
MEND = "Mend 'records: databases' in the council's file under parameters/councils."
RENAME = "Name the columns in a SELECT in the council's file, under their names here, without the others."
ADD = "Name them in a SELECT in the council's file."


def read_database(database: Database) -> Raw:
    """Read the tables that the council's file names.

    Returns
    -------
    dict
        Raw tables by name, in the order of `schema.TABLES`: text columns as a CSV file would have them ('' where
        empty), ``source_file`` (``database:<label>/<table>``), ``source_sheet`` ('') and ``source_row``: the running
        number in the order of the table's key, then of all other columns, whatever order the database gives.

    Raises
    ------
    SettingsError
        The environment does not hold the address, it is no address, or its driver is not installed.
    PolicyError
        What is asked for is not the name of a table or one SELECT.
    RecordsError
        A name is no table of records; the database can't be reached or refuses; a table is not there; a column is
        unknown, missing or there twice.
    """
    for name in database.tables:
        if name not in TABLES:
            raise RecordsError(no_table(f"database:{database.label}", name, MEND))
    asked = {
        name: query(database.tables[name], _where(database, name))
        for name in TABLES
        if name in database.tables
    }
    who = f"The database '{database.label}'"
    address = Address(settings.secret(database.url_from, who), database.url_from)
    with _connected(who, address) as connection:
        return {
            name: _read(connection, what, _where(database, name), TABLES[name], address)
            for name, what in asked.items()
        }


def _where(database: Database, name: str) -> str:
    return f"database:{database.label}/{name}"


@contextmanager
def _connected(who: str, address: Address) -> Iterator[Connection]:
    """A connection in which nothing can be written; whatever was done in it is undone."""
    from sqlalchemy.exc import SQLAlchemyError

    engine = _engine(who, address)
    try:
        try:
            connection = engine.connect()
        except (SQLAlchemyError, OSError) as error:
            raise RecordsError(_unreachable(who, address, error)) from None
        with connection:
            kind = connection.dialect.name
            if kind in FIRST:
                connection.exec_driver_sql(FIRST[kind])
            connection.execution_options(**OPTIONS.get(kind, {}))
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def _engine(who: str, address: Address) -> Any:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError
    from sqlalchemy.pool import NullPool

    try:
        url = _url(address)
        _refuse_missing_file(who, address, url)
        within = {"connect_timeout": CONNECT_WITHIN_SECONDS} if url.get_backend_name() == "postgresql" else {}
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=within)
    except (NoSuchModuleError, ImportError) as error:
        raise SettingsError(
            f"{who} needs a Python package that is not installed: {address.words(error)} "
            "For PostgreSQL: pip install 'pmf-workbook[postgresql]'."
        ) from None
    except (ArgumentError, ValueError):
        raise SettingsError(
            f"{who}: what {address.variable} holds in the environment is not a database's address. Write it as "
            "postgresql://reader:password@host/name, with odd characters of the password in per cent code."
        ) from None


def _url(address: Address) -> URL:
    from sqlalchemy import make_url

    url = make_url(address.text)
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _refuse_missing_file(who: str, address: Address, url: URL) -> None:
    """SQLite would make an empty database of a slip in its name."""
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise RecordsError(_unreachable(who, address, FileNotFoundError("its file is not there")))


def _unreachable(who: str, address: Address, error: Exception) -> str:
    return (
        f"{who} cannot be reached: {address.words(_cause(error))} See that it runs, that the network lets you through, "
        f"and that {address.variable} in the environment holds the right host, name and password. Nothing was read from "
        "it."
    )


def _cause(error: Exception) -> BaseException:
    """What the driver said, without what is put around it."""
    return getattr(error, "orig", None) or error


def _read(
    connection: Connection, asked: Named | Select, where: str, table: Table, address: Address
) -> pd.DataFrame:
    from sqlalchemy.exc import SQLAlchemyError

    if isinstance(asked, Named):
        _refuse_unknown_table(connection, asked, where)
    try:
        names, rows = _rows(connection, asked)
    except SQLAlchemyError as error:
        raise RecordsError(
            f"{where}: the database refuses what is asked of it: {address.words(_cause(error))} {MEND}"
        ) from None
    check_columns(names, where, table, RENAME, ADD)
    refuse_too_many(len(rows), where)
    cells = {name: [row[number] for row in rows] for number, name in enumerate(names)}
    found = [row for row in texts(cells, where, table) if any(cell.strip() for cell in row)]
    return raw_table(names, _in_order(found, names, table), range(1, len(found) + 1), where)


def _rows(connection: Connection, asked: Named | Select) -> tuple[list[str], list[Any]]:
    """Names of columns, and rows as the driver gives them: one more than there may be at most."""
    from sqlalchemy import literal_column, select, table

    if isinstance(asked, Named):
        named: Any = select(literal_column("*")).select_from(table(asked.table, schema=asked.schema))
        result: Any = connection.execute(named)
    else:
        as_written = {"no_parameters": True}
        result = connection.exec_driver_sql(asked.text, execution_options=as_written)
    with result:
        return [str(name) for name in result.keys()], list(result.fetchmany(MOST_ROWS + 1))  # noqa: SIM118


def _refuse_unknown_table(connection: Connection, asked: Named, where: str) -> None:
    from sqlalchemy import inspect

    look = inspect(connection)
    if look.has_table(asked.table, schema=asked.schema):
        return
    there = sorted({*look.get_table_names(schema=asked.schema), *look.get_view_names(schema=asked.schema)})
    inside = f" in the schema '{asked.schema}'" if asked.schema else ""
    held = f" It has: {listed(there)}." if there else " It shows this account no table there at all."
    raise RecordsError(
        f"{where}: the database has no table '{asked.table}'{inside}.{near_miss(asked.table, there)}{held} {MEND}"
    )


def _in_order(rows: list[list[str]], names: list[str], table: Table) -> list[list[str]]:
    """Rows by the table's key, then by everything else, so that a row's number does not hang on the database."""
    first = [names.index(name) for name in table.key if name in names]
    return sorted(rows, key=lambda row: ([row[place] for place in first], row))
