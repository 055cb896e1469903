"""The guide to returns says which table feeds which page, and pages say what the guide says that they do without it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from workspace import Workspace

from pmf_lib import sidecar
from pmf_lib.records.returns.minimum import WITHOUT, markdown
from pmf_lib.records.schema import TABLES
from pmf_lib.workbook import certified, measures, one_by_one, others, outturns, reliance, results, year_end
from pmf_lib.workbook.book import Book, opened

GUIDE = Path(__file__).parents[2] / "docs" / "returns.md"
PAGE = "2_measures_against_markers"
SAID: dict[str, Callable[[Book], object]] = {
    "links": lambda book: one_by_one.all_measures(
        book,
        results.rated(book),
        reliance.quality(book, results.rated(book).measures),
        outturns.outturns(book, results.rated(book)),
    ),
    "observations": lambda book: measures.asked(book, results.rated(book).measures),
    "targets": lambda book: measures.not_expected(book, results.rated(book).measures),
    "comparators": lambda book: others.others(book, results.rated(book).measures),
    "commentary": lambda book: measures.asked(book, results.rated(book).measures),
    "certifications": lambda book: certified.shown(book, results.rated(book).measures),
    "forecasts": lambda book: year_end.shown(
        book, results.rated(book).measures, outturns.outturns(book, results.rated(book))
    ),
}


def book_of(workspace: Workspace) -> Book:
    declared = sidecar.load(PAGE)
    return opened(declared, declared.checked({"directorate": "resources"}))


def emptied(workspace: Workspace, table: str) -> None:
    path = workspace.home / "data/sample" / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")


def test_the_guides_table_is_written_from_the_sidecars() -> None:
    told = GUIDE.read_text(encoding="utf-8")
    assert markdown(sidecar.all_sidecars()) in told, (
        "docs/returns.md lags behind. Put into its last section what this prints: python -c "
        '"from pmf_lib import sidecar; from pmf_lib.records.returns.minimum import markdown; print(markdown(sidecar.all_sidecars()))"'
    )


def test_every_table_of_a_return_is_in_the_guide() -> None:
    assert set(WITHOUT) <= set(TABLES)
    assert all(f"| `{table}` |" in markdown(sidecar.all_sidecars()) for table in TABLES)


@pytest.mark.slow
@pytest.mark.parametrize("table", SAID)
def test_a_page_says_what_the_guide_says_that_it_does_without_a_table(
    table: str, workspace: Workspace
) -> None:
    def said() -> int:
        return str(getattr(SAID[table](book_of(workspace)), "markup", "")).count(WITHOUT[table][1])

    with_it = said()
    emptied(workspace, table)
    assert said() > with_it


def test_nothing_runs_without_measures(workspace: Workspace) -> None:
    (workspace.home / "data/sample/measures.csv").unlink()
    done = workspace.here("check", str(workspace.home / "parameters/runs/sample.yml"))
    assert done.code == 5
    assert WITHOUT["measures"][1] in done.err
