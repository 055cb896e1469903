"""From the store to the view that people open: pages, notebooks, tidy exports, failure pages and the index."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pmf_lib import council as councils
from pmf_lib import editions, settings
from pmf_lib.errors import PmfError
from pmf_lib.reports.export import write_measures, write_recommendations
from pmf_lib.reports.failure import failure_html
from pmf_lib.reports.glossary import glossary_html
from pmf_lib.reports.site import index_html
from pmf_lib.runs.issuing import followed
from pmf_lib.runs.item import NOTEBOOK, PAGE
from pmf_lib.runs.site import issued_views, public_site
from pmf_lib.runs.site.run_facts import facts_or_fault, failure_facts, rated_measures
from pmf_lib.store import files, issued, manifest, places
from pmf_lib.store.files import replaced_folder, write_text
from pmf_lib.store.manifest import Item, Manifest

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Published:
    """The index, what is to be said of the view beside it, and the folders of the site that are the run's own."""

    index: Path
    note: str = ""
    folders: tuple[Path, ...] = ()


def publish(run: Manifest) -> Published:
    """Lay out this run's view and the index over all runs; one command at a time.

    A run of which only some items were asked for never takes the place of another run that was whole.
    """
    with files.locked(settings.store() / "publish"):
        _clear()
        return _published(run)


def _clear() -> None:
    """What a killed command left of views that it never finished."""
    outputs = settings.outputs()
    views = {view.parent for view in outputs.glob("*/*/*/*/") if settings.store() not in view.parents}
    for place in (outputs, *sorted(views)):
        files.sweep(place)


def _published(run: Manifest) -> Published:
    view = places.view(run.council, run.framework, run.quarter, run.edition)
    whole = _whole_before(run, view)
    if whole:
        here = places.run_folder(run.run_id) / "items"
        return Published(
            write_index(), f"The site still shows run {whole}, which is whole. What was run lies in {here}."
        )
    _show(run, view)
    public = [public_site.folder()] if run.edition == editions.PUBLIC else []
    return Published(write_index(), _where_public(run), (view, *public))


def _where_public(run: Manifest) -> str:
    """Of a public run: which folder may be published."""
    if run.edition != editions.PUBLIC:
        return ""
    return f"The public editions alone, as a site of their own: {public_site.folder()}. Publish that folder, and nothing else."


def refresh(run: Manifest) -> Path:
    """The index and every issued paper anew, and this run's view where it shows this run: its paper was issued."""
    with files.locked(settings.store() / "publish"):
        _clear()
        view = places.view(run.council, run.framework, run.quarter, run.edition)
        if not (view / MANIFEST).is_file() or _shown(view) == run.run_id:
            _show(run, view)
        return write_index()


def _shown(view: Path) -> str:
    """Id of the run that a view shows; '' where it can't be read."""
    try:
        return manifest.read(view / MANIFEST).run_id
    except PmfError:
        return ""


def _show(run: Manifest, view: Path) -> None:
    """Lay out a run: as it was issued, if it was; else as a draft."""
    paper = issued.of_run(run.run_id)
    with replaced_folder(view) as folder:
        if paper:
            later = issued.newest(paper, issued.readable())
            issued_views.write(paper, later, folder)
        else:
            for item in run.items:
                _lay_out(item, run, folder)
        manifest.write(folder / MANIFEST, run)
        measures = rated_measures(run, folder)
        if not measures.empty:
            write_measures(measures, folder)
        recommended = followed.exported(run, paper)
        if not recommended.empty:
            write_recommendations(recommended, folder)


def _whole_before(run: Manifest, view: Path) -> str:
    """The run that the view shows, where it is another one and whole, and this one is not."""
    if not (view / MANIFEST).is_file() or _is_whole(run):
        return ""
    try:
        shown = manifest.read(view / MANIFEST)
    except PmfError:  # damaged, or of another version: it is no run that anybody could go back to
        return ""
    return shown.run_id if shown.is_complete and _is_whole(shown) and shown.run_id != run.run_id else ""


def _is_whole(run: Manifest) -> bool:
    """Was every item of every directorate asked for?"""
    units = {item.unit for item in run.stage("directorate")}
    every = units >= {one.id for one in councils.load(run.council).directorates}
    return every and all(item.outcome != "waiting" for item in run.items)


def write_index() -> Path:
    """Write ``outputs/index.html`` over every run that has a view."""
    outputs = settings.outputs()
    paths = sorted(outputs.glob(f"*/*/*/*/{MANIFEST}"))
    papers = issued.readable()
    issued_views.lay_out(papers)
    write_text(
        outputs / "glossary.html",
        glossary_html((settings.root() / "GLOSSARY.md").read_text(encoding="utf-8")),
    )
    facts = {path.parent: facts_or_fault(path) for path in paths}
    public_site.write(facts, papers)
    runs = list(facts.values())
    write_text(outputs / "index.html", index_html(runs, issued_views.listed(papers), issued.damaged()))
    return outputs / "index.html"


def _lay_out(item: Item, run: Manifest, folder: Path) -> None:
    """One item's page and notebook, or the page that says why there is none."""
    target = folder / item.unit
    target.mkdir(parents=True, exist_ok=True)
    source = places.item_folder(run.run_id, item.unit, item.notebook)
    if item.outcome == "ok":
        shutil.copyfile(source / PAGE, target / f"{item.notebook}.html")
    else:
        write_text(target / f"{item.notebook}.html", failure_html(failure_facts(item, run)))
    if (source / NOTEBOOK).exists():
        shutil.copyfile(source / NOTEBOOK, target / f"{item.notebook}.ipynb")
