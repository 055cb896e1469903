"""Issued papers in the view: each version at its own address, beside the newest run of its quarter, as <edition>-vN.

The view may be deleted and is made again from the store. A version that a later one has taken the place of is shown
with a notice; the store's copy never changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.periods import date_words
from pmf_lib.reports import papers as pages
from pmf_lib.runs.issuing.issue import FACTS, page_path, place
from pmf_lib.store import files, issued, places
from pmf_lib.store.issued import Paper
from pmf_lib.store.manifest import Item

MARK = "paper.json"


def lay_out(papers: Iterable[Paper]) -> None:
    """Lay out every version that is not in the view, or was not yet known there to be superseded."""
    papers = list(papers)
    for paper in papers:
        later = issued.newest(paper, papers)
        view = places.issued_view(paper.council, paper.framework, paper.quarter, paper.edition, paper.version)
        mark = {"issue_sha256": issued.seal(paper), "superseded_by": later.version if later else 0}
        if _mark(view) != mark:
            with files.replaced_folder(view) as folder:
                write(paper, later, folder)
                files.write_json(folder / MARK, mark)


def write(paper: Paper, later: Paper | None, folder: Path) -> None:
    """Every page and notebook of a version, with a notice where `later` has taken its place."""
    for item in issued.run_of(paper).items:
        files.write_bytes(folder / item.unit / f"{item.notebook}.html", page(paper, item, later))
        files.write_bytes(folder / item.unit / f"{item.notebook}.ipynb", issued.content(paper, item.path))


def page(paper: Paper, item: Item, later: Paper | None) -> bytes:
    """A page as it was issued; of a superseded version the same with its notice."""
    if later is None:
        return issued.content(paper, page_path(item))
    from pmf_lib.reports.html import issued_page  # nbconvert, which no other page of the site needs

    facts = json.loads(issued.content(paper, place(item, FACTS)))
    notebook = issued.content(paper, item.path)
    return issued_page(notebook, {**facts, **pages.superseded(paper, later)}).encode("utf-8")


def listed(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """Issued versions as the index lists them, the newest first."""
    papers = list(papers)
    return [_listed(paper, issued.newest(paper, papers)) for paper in reversed(papers)]


def _listed(paper: Paper, later: Paper | None) -> dict[str, Any]:
    view = places.issued_view(paper.council, paper.framework, paper.quarter, paper.edition, paper.version)
    base = view.relative_to(settings.outputs()).as_posix()
    council = [item for item in issued.run_of(paper).items if item.stage == "council"]
    first = next(iter(council or issued.run_of(paper).items))
    return {
        "paper": f"{councils.load(paper.council).name}, {frameworks.load(paper.framework).title}: {paper.name}",
        "href": f"{base}/{first.unit}/{first.notebook}.html",
        "edition": paper.edition,
        "status": f"Superseded by v{later.version}" if later else f"Issued v{paper.version}",
        "issued_on": date_words(paper.issue.dated),
        "confirmer": paper.issue.confirmer,
    }


def _mark(view: Path) -> Any:
    try:
        return files.read_json(view / MARK)
    except (OSError, ValueError):
        return None
