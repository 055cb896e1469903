"""The pages under test and the browser that opens them.

The pages are built from made-up content; with ``PMF_SITE`` set to a folder (``outputs``, for example) every HTML file
below it is tested as well. Without Chromium, Java or the Nu HTML checker the tests are skipped and say so, unless
``PMF_REQUIRE`` names ``browser`` or ``vnu``: then they fail.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import made_up

MADE_UP = ("report.html", "index.html", "empty-index.html", "failure.html")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-sync", "--disable-component-update"),
]


def site() -> Path | None:
    """The finished site to test, if one is named."""
    named = os.environ.get("PMF_SITE")
    return Path(named).resolve() if named else None


def page_names() -> list[str]:
    """Pages under test, as paths below the folder of made-up pages, where the site lies as ``site``."""
    folder = site()
    below = sorted(path.relative_to(folder) for path in folder.rglob("*.html")) if folder else []
    return [*MADE_UP, *(str(Path("site") / path) for path in below if path.parts[0] != "store")]


def one_of_a_kind(names: list[str]) -> list[str]:
    """The largest page of each notebook and council: what depends on the form of a page is looked at on it."""
    folder = site()
    kinds: dict[tuple[str, ...], str] = {}
    for name in sorted(names, key=lambda one: _size(folder, one)):
        parts = Path(name).parts
        kinds[(*parts[:2], parts[-1])] = name
    return [name for name in names if name in kinds.values()]


def _size(folder: Path | None, name: str) -> int:
    path = Path(name)
    return (folder / path.relative_to("site")).stat().st_size if folder and path.parts[0] == "site" else 0


def missing(what: str, reason: str) -> Any:
    """Skip, or fail where this is required."""
    if what in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(f"PMF_REQUIRE names '{what}', and {reason}.")
    pytest.skip(f"{reason}; set PMF_REQUIRE={what} to make this a failure")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page_name" in metafunc.fixturenames:
        names = page_names()
        if metafunc.definition.get_closest_marker("one_of_a_kind"):
            names = one_of_a_kind(names)
        pages = [pytest.param(name, marks=pytest.mark.xdist_group(f"page {name}")) for name in names]
        metafunc.parametrize("page_name", pages, scope="module")


@pytest.fixture(scope="session")
def pages_folder(made_up_folder: Path) -> Path:
    """The folder that holds the pages under test."""
    folder = site()
    if folder is not None:
        (made_up_folder / "site").symlink_to(folder, target_is_directory=True)
    return made_up_folder


@pytest.fixture(scope="session")
def page_files(pages_folder: Path) -> list[Path]:
    """Every page under test."""
    return [pages_folder / name for name in page_names()]


@pytest.fixture(scope="session")
def made_up_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up pages alone."""
    folder = tmp_path_factory.mktemp("made-up")
    for name, markup in made_up.pages().items():
        (folder / name).write_text(markup, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    chromium = os.environ.get("PMF_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        missing("browser", "Chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("browser", "the package playwright is not installed")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=QUIET)
        yield opened
        opened.close()


def open_file(context: Any, path: Path) -> Any:
    """A page of this context; ``asked`` and ``said`` hold its requests and console."""
    page = context.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.goto(path.as_uri())
    return page


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens a file in a context of its own."""
    contexts = []

    def open_alone(path: Path, **settings: Any) -> Any:
        contexts.append(browser.new_context(**settings))
        return open_file(contexts[-1], path)

    yield open_alone
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def shown(browser: Any, pages_folder: Path, page_name: str) -> Iterator[Any]:
    """The page under test, loaded once for all tests that look at it as it is opened on a wide screen."""
    context = browser.new_context()
    page = open_file(context, pages_folder / page_name)
    yield page
    context.close()


@pytest.fixture(scope="session")
def vnu() -> list[str]:
    """The command of the Nu HTML checker."""
    root = Path(__file__).parents[2]
    named = os.environ.get("PMF_VNU_JAR") or str(root / "node_modules/vnu-jar/build/dist/vnu.jar")
    java = shutil.which("java")
    if not java or not Path(named).is_file():
        missing("vnu", "Java or the Nu HTML checker (npm install vnu-jar, or PMF_VNU_JAR) is not here")
    return [str(java), "-jar", named, "--errors-only", "--format", "json"]
