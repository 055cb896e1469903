"""Workspaces for tests that spoil things, and one run that was hurt and mended, shared by all who only look at it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import workspace as workspaces
from workspace import Recovery, Workspace

HURT = "childrens"
STARTUP = """
import os, signal
from pathlib import Path

def strike(info):
    names = get_ipython().user_ns
    notebook = names["book"].sidecar.name if "book" in names else ""
    struck = names.get("directorate") == "{unit}" and notebook == "2_measures_against_markers"
    if Path(os.environ["PMF_HOME"], "strike").exists() and struck:
        os.kill(os.getpid(), signal.SIGKILL)

get_ipython().events.register("pre_run_cell", strike)
"""
"""Unaltered notebooks, struck from outside: the kernel of one directorate is killed once it has begun."""


def pytest_configure() -> None:
    """Ctrl-C reaches what tests start, also where they run in the background: what is ignored here is ignored there too."""
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a file share what it makes, so they stay with one worker; those that need no more than a tiny council go to any."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        goes_anywhere = "whole" in used and "steps" not in used
        if not (goes_anywhere or item.get_closest_marker("xdist_group")):
            item.add_marker(pytest.mark.xdist_group("recovery" if "recovery" in used else str(item.path)))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A fresh workspace that the environment of this process names too."""
    made = workspaces.make(tmp_path / "workspace")
    monkeypatch.setenv("PMF_HOME", str(made.home))
    monkeypatch.setenv("PMF_STORE", str(made.store))
    return made


@pytest.fixture(scope="session")
def make_workspace(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Workspace]:
    """Makes fresh workspaces by name."""

    def make(name: str, **env: str) -> Workspace:
        return workspaces.make(tmp_path_factory.mktemp(name) / "workspace", **env)

    return make


@pytest.fixture(scope="session")
def site_workspace(make_workspace: Callable[..., Workspace]) -> Callable[..., Workspace]:
    """As `make_workspace`, with a copy of the store of the finished site that PMF_SITE names, if any.

    A run is kept only where the same code has made the same request of the same records, and its files are untouched.
    """

    def make(name: str, **env: str) -> Workspace:
        own, store = (
            make_workspace(name, **env),
            Path(os.environ.get("PMF_SITE", "outputs"), "store").resolve(),
        )
        if "PMF_SITE" in os.environ and store.is_dir():
            shutil.copytree(store, own.store)
        return own

    return make


@pytest.fixture(scope="session")
def recovery(make_workspace: Callable[..., Workspace], tmp_path_factory: pytest.TempPathFactory) -> Recovery:
    """Look only; whoever spoils it copies it first."""
    profile = tmp_path_factory.mktemp("ipython")
    startup = profile / "profile_default" / "startup" / "strike.py"
    startup.parent.mkdir(parents=True)
    startup.write_text(STARTUP.format(unit=HURT))
    own = make_workspace("recovery", IPYTHONDIR=str(profile))
    (own.home / "strike").touch()
    hurt = own.pmf("run")
    pages = {
        path.relative_to(own.home / "outputs").as_posix(): path.read_text(encoding="utf-8")
        for path in (own.home / "outputs").rglob("*.html")
    }
    status = own.pmf("status").out
    (own.home / "strike").unlink()
    return Recovery(own, hurt, pages, status, own.pmf("run"))
