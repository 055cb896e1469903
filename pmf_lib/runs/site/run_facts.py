"""What the index and the failure pages say of a run: plain facts, from its manifest and its executed notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib import settings, sidecar
from pmf_lib.errors import PmfError
from pmf_lib.framework import Framework, Node
from pmf_lib.periods import date_words, parse_date, parse_quarter
from pmf_lib.reports import paper_ratings
from pmf_lib.reports.glossary import HREF, INDEX_HREF
from pmf_lib.runs.issuing import ratings
from pmf_lib.runs.issuing.papers import standing
from pmf_lib.store import files, issued, manifest, places
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook.scraps import read


def facts_or_fault(path: Path) -> dict[str, Any]:
    """One run as the index shows it; a view that can't be read any more is listed as such and spoils no other."""
    try:
        return _facts(manifest.read(path), path.parent)
    except PmfError as error:
        council, framework, quarter, edition = path.parent.relative_to(settings.outputs()).parts
        fault = {
            "unit": "Whole council",
            "title": "This run can't be read any more",
            "outcome": "failed",
            "href": "",
        }
        names = {"council": council, "framework": framework, "quarter": quarter, "edition": edition}
        return {**names, "evidence": "", "complete": True, "items": [{**fault, "headline": str(error)}]}


def _facts(run: Manifest, folder: Path) -> dict[str, Any]:
    """One run as the index shows it."""
    return {
        **_head(run),
        "items": _items(run, folder),
        "measures": _index_measures(run, folder),
        "framework_id": run.framework,
        "nodes": _node_titles(frameworks.load(run.framework)),
        "content_key": run.run_id,
        "status": standing(run),
        "changes": _changes(run, folder),
        "assurance": _assurance(run, folder),
    }


def _items(run: Manifest, folder: Path) -> list[dict[str, Any]]:
    """Every report of a run, the council's own first."""
    outputs = settings.outputs()
    questions = {one.name: one.question for one in sidecar.all_sidecars()}
    return [
        {
            "unit": _unit_name(run, item.unit),
            "unit_id": item.unit,
            "title": item.title,
            "question": questions.get(item.notebook, ""),
            "outcome": item.outcome,
            "headline": item.headline or item.message,
            "href": (folder / item.unit / f"{item.notebook}.html").relative_to(outputs).as_posix(),
        }
        for item in sorted(run.items, key=lambda item: item.stage == "directorate")
    ]


def _assurance(run: Manifest, folder: Path) -> dict[str, str]:
    """What the page that proposes the assurance ratings found, and the council's rating; empty where no such page was made."""
    emits = {one.name for one in sidecar.all_sidecars() if ratings.SCRAP in one.emits}
    made = [item for item in run.items if item.notebook in emits and item.outcome == "ok"]
    if not made:
        return {}
    rated = _rating(run, made[0])
    href = (folder / made[0].unit / f"{made[0].notebook}.html").relative_to(settings.outputs()).as_posix()
    return {"title": made[0].title, "headline": made[0].headline, "href": href, "rating": rated}


def _rating(run: Manifest, item: Item) -> str:
    """The council's assurance rating as a sentence says it: as proposed, or as it was issued; '' where none is given."""
    try:
        proposed = ratings.of_item(run, item)
    except (OSError, PmfError):  # the run is another store's: its rating stands on its own page
        return ""
    paper = issued.of_run(run.run_id)
    return paper_ratings.headline(paper, proposed) if paper else paper_ratings.proposed(proposed)


def failure_facts(item: Item, run: Manifest) -> dict[str, Any]:
    """What a failure page says: what failed, what still stands, how to run just that again."""
    stands = [
        f"{other.title} ({_unit_name(run, other.unit)})" for other in run.items if other.outcome == "ok"
    ]
    return {
        **_head(run),
        "unit": _unit_name(run, item.unit),
        "title": item.title,
        "outcome": item.outcome,
        "message": item.message,
        "stands": stands,
        "again": _again(item, run),
        "content_key": run.run_id,
        "index_href": INDEX_HREF,
        "glossary_url": HREF,
    }


def rated_measures(run: Manifest, view: Path) -> pd.DataFrame:
    """Every rated measure of the run, one row each, from the directorate items' scraps."""
    frames = [
        read(_executed(item, run, view), {"rated_measures": version})
        for item, version in _measure_items(run)
        if item.outcome == "ok"
    ]
    found = [scraps["rated_measures"] for scraps in frames]
    filled = [frame for frame in found if isinstance(frame, pd.DataFrame) and not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _again(item: Item, run: Manifest) -> str:
    """The command that runs just this item of the same run again."""
    units = {other.unit for other in run.stage("directorate")}
    listed = [one.id for one in councils.load(run.council).directorates]
    some = [f"--directorate {unit}" for unit in listed if unit in units] if units < set(listed) else []
    asked = (
        f"--council {run.council} --framework {run.framework} --quarter '{run.quarter}' --as-at {run.as_at}"
    )
    of = [f"--edition {run.edition}", *([f"--exemption '{run.exemption}'"] if run.exemption else [])]
    return " ".join(["pmf run", asked, *of, *some, f"--item {item.id}"])


def _changes(run: Manifest, folder: Path) -> list[str]:
    """What the council's pages say changed since the last issued run."""
    made = [item for item in run.stage("council") if item.outcome == "ok"]
    pages = [files.read_json(_executed(item, run, folder))["metadata"]["pmf"]["page"] for item in made]
    return [str(page["changed"]) for page in pages if page.get("changed")]


def _index_measures(run: Manifest, folder: Path) -> pd.DataFrame:
    """Measures as the index lists them, each with a link into its directorate's page."""
    rated = rated_measures(run, folder)
    if rated.empty:
        return rated
    base = folder.relative_to(settings.outputs()).as_posix()
    pages = {item.unit: f"{base}/{item.unit}/{item.notebook}.html" for item, _ in _measure_items(run)}
    names = {one.id: one.name for one in councils.load(run.council).directorates}
    return pd.DataFrame(
        {
            "measure": rated["title"],
            "directorate": rated["directorate"].map(names),
            "markers": _node_names(rated["nodes"], frameworks.load(run.framework)),
            "state": rated["state"],
            "variation": rated["variation"],
            "href": rated["directorate"].map(pages) + "#measure-" + rated["measure_id"],
        }
    )


def _measure_items(run: Manifest) -> list[tuple[Item, int]]:
    """Directorate items whose notebook records rated measures, each with the version of that scrap."""
    emits = {one.name: one.emits.get("rated_measures", 0) for one in sidecar.all_sidecars()}
    found = [(item, emits.get(item.notebook, 0)) for item in run.stage("directorate")]
    return [(item, version) for item, version in found if version]


def _executed(item: Item, run: Manifest, view: Path) -> Path:
    """The executed notebook: as recorded, else (the run is another store's) as the view shows it."""
    recorded = places.run_folder(run.run_id) / item.path
    return recorded if recorded.is_file() else view / item.unit / f"{item.notebook}.ipynb"


def _node_names(nodes: pd.Series[str], framework: Framework) -> list[list[str]]:
    """Level and number of each node a measure is linked to, as the index filters by them."""
    names = {node.id: _node_name(node, framework) for node in framework.nodes}
    return [[names[node] for node in cell.split("; ") if node in names] for cell in nodes]


def _node_name(node: Node, framework: Framework) -> str:
    return f"{framework.level(node.level).singular.capitalize()} {node.number or node.title}"


def _node_titles(framework: Framework) -> dict[str, str]:
    """Name of each node as `_node_names` gives it → its title, in the framework's order; '' where it is the name."""
    return {_node_name(node, framework): node.title if node.number else "" for node in framework.nodes}


def _head(run: Manifest) -> dict[str, Any]:
    council, framework = councils.load(run.council), frameworks.load(run.framework)
    return {
        "council": council.name,
        "evidence": council.evidence,
        "framework": framework.title,
        "quarter": run.quarter,
        "quarter_words": parse_quarter(run.quarter).words,
        "as_at_words": date_words(parse_date(run.as_at)),
        "edition": run.edition,
        "exemption": run.exemption,
        "complete": run.is_complete,
    }


def _unit_name(run: Manifest, unit: str) -> str:
    found = {one.id: one.name for one in councils.load(run.council).directorates}
    return found.get(unit, "Whole council")
