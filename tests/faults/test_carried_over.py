"""Other records, another run: what a directorate's page does not see changes nothing of it, and it is not made again."""

from pathlib import Path

import pytest
from tiny import PAGE, SUM, Undisturbed, ledger_lines, view
from workspace import Done, Workspace

from pmf_lib.runs.supervise import LOG

pytestmark = pytest.mark.slow
CHANGED, SAME, COUNCIL = f"childrens/{PAGE}", f"resources/{PAGE}", f"council/{SUM}"


@pytest.fixture
def own(whole: Undisturbed, tmp_path: Path) -> Workspace:
    """The tiny council's run, and then one measure of one directorate under another title."""
    made = whole.workspace.copied(tmp_path / "workspace")
    made.change("measures", retitle)
    return made


def retitle(rows: list[dict[str, str]]) -> None:
    next(row for row in rows if row["directorate"] == "childrens")["title"] = "Another title"


def told(done: Done) -> dict[str, str]:
    """Item → what is said of it."""
    assert done.code == 0, done.said
    return {item: what for what, item in (line.split() for line in done.err.splitlines())}


def stored(own: Workspace) -> dict[str, bytes]:
    """Every notebook and page of the newest run's items; a log may say that a kernel heard the interrupt that ends it."""
    home = own.store / "runs" / own.manifest()["run_id"] / "items"
    files = [path for path in sorted(home.rglob("*.*")) if path.name != LOG]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def test_one_directorates_row_makes_its_own_items_and_the_councils_anew(own: Workspace) -> None:
    first = own.manifest()["run_id"]
    assert told(own.pmf("run")) == {CHANGED: "ok", SAME: "kept", COUNCIL: "ok"}
    lines = [line for line in ledger_lines(own) if line.get("item") == SAME]
    assert [(line["outcome"], line.get("carried_from", "")) for line in lines] == [("ok", ""), ("ok", first)]
    assert lines[0]["key"] == lines[1]["key"]
    assert own.pmf("verify").code == 0


def test_what_is_carried_over_is_what_would_be_made_to_the_byte(own: Workspace) -> None:
    told(own.pmf("run"))
    carried, shown = stored(own), view(own)
    assert set(told(own.pmf("run", "--again")).values()) == {"ok"}
    assert stored(own) == carried
    assert view(own) == shown


def test_back_to_the_first_records_is_back_to_the_first_run(own: Workspace, whole: Undisturbed) -> None:
    told(own.pmf("run"))
    rows = (whole.workspace.home / "data/sample/measures.csv").read_bytes()
    (own.home / "data/sample/measures.csv").write_bytes(rows)
    assert set(told(own.pmf("run")).values()) == {"kept"}
    assert view(own) == whole.view


@pytest.mark.parametrize("file", ["notebook.ipynb", "page.html"])
def test_nothing_is_carried_over_from_what_was_altered(own: Workspace, file: str) -> None:
    path = next(own.store.glob(f"runs/*/items/{SAME}/{file}"))
    path.write_bytes(path.read_bytes() + b" ")
    assert told(own.pmf("run"))[SAME] == "ok"


def test_a_page_that_shows_its_snapshot_is_made_anew(own: Workspace) -> None:
    """It would speak of the earlier one, wherever else it names it."""
    notebook = own.home / "notebooks" / f"{PAGE}.ipynb"
    text = notebook.read_text(encoding="utf-8")
    assert text.count("book.record") == 1
    notebook.write_text(text.replace("book.record", "print(book.snapshot.id); book.record"), encoding="utf-8")
    assert set(told(own.pmf("run")).values()) == {"ok"}
    own.change("measures", lambda rows: retitle(rows[::-1]))
    assert told(own.pmf("run"))[SAME] == "ok"
