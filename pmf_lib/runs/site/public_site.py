"""The public editions as a site of their own: an index that knows of no other edition, their pages and tables, and the glossary.

    outputs/public-site/index.html, glossary.html, <council>/<framework>/<quarter>/public[-vN]/<unit>/<notebook>.html

Whoever publishes copies this folder and nothing else. Notebooks and manifests are not in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pmf_lib import settings
from pmf_lib.editions import PUBLIC
from pmf_lib.reports.site import index_html
from pmf_lib.runs.site import issued_views
from pmf_lib.store import files, places
from pmf_lib.store.issued import Paper

FOLDER = "public-site"
NOT_PUBLISHED = ("*.ipynb", "*.json")


def folder() -> Path:
    """Where the site lies."""
    return settings.outputs() / FOLDER


def write(runs: Mapping[Path, Mapping[str, Any]], papers: Sequence[Paper]) -> None:
    """Lay out the site anew over every public edition; none where nothing public was made.

    Parameters
    ----------
    runs
        Facts of each run that has a view (as `pmf_lib.reports.site.index_html` takes them), by the view's folder.
    papers
        Every issued version.
    """
    public = {view: facts for view, facts in runs.items() if view.name == PUBLIC}
    issued = [paper for paper in papers if paper.edition == PUBLIC]
    if not public and not issued:
        shutil.rmtree(folder(), ignore_errors=True)
        return
    with files.replaced_folder(folder()) as site:
        for view in [*public, *map(_view, issued)]:
            aside = site / view.relative_to(settings.outputs())
            shutil.copytree(view, aside, ignore=shutil.ignore_patterns(*NOT_PUBLISHED))
        shutil.copyfile(settings.outputs() / "glossary.html", site / "glossary.html")
        files.write_text(site / "index.html", index_html(list(public.values()), issued_views.listed(issued)))


def _view(paper: Paper) -> Path:
    return places.issued_view(paper.council, paper.framework, paper.quarter, paper.edition, paper.version)
