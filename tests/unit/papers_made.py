"""A run of the sample council in the store that no notebook was executed for: its pages hold one sentence each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbformat import v4

from pmf_lib import sidecar
from pmf_lib.cli.shared import DEFAULT_RUN
from pmf_lib.runs.carry_out import RECORDED, who_and_when
from pmf_lib.runs.issuing.issue import page_path
from pmf_lib.runs.plan import Order, plan, read_request
from pmf_lib.store import files, ledger, manifest, places
from pmf_lib.store.identity import content_hash
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook import scraps
from pmf_lib.workbook.book import opened
from pmf_lib.workbook.results import MEASURES, RESULTS

POSTS = {
    "preparer": "Performance Officer",
    "reviewer": "Head of Performance",
    "confirmer": "Assurance Manager",
}


COMMITTEE = "7_audit_committee"


def made(
    home: Path, *, rated: tuple[str, ...] = (), proposed: Mapping[str, str] | None = None, **changes: str
) -> Manifest:
    """A finished run of these parameters, as the ledger has it.

    With what the measures of these directorates rate as, and the assurance ratings that its page 7 proposes (unit → code).
    """
    planned = plan(read_request(home / DEFAULT_RUN, changes))
    run = planned.manifest
    for order in planned.orders:
        measures = (
            _rated(order) if order.item.unit in rated and order.item.notebook == MEASURES else pd.DataFrame()
        )
        held = {"rated_measures": measures}
        if proposed is not None and order.item.notebook == COMMITTEE:
            held["ratings"] = pd.DataFrame(
                {"unit_id": list(proposed), "code": list(proposed.values())}, dtype="str"
            )
        run = run.with_item(_done(order.item, run, held))
    close(run)
    return run


def _rated(order: Order) -> pd.DataFrame:
    return RESULTS["rated_measures"].make(opened(sidecar.load(order.item.notebook), order.parameters))


def close(run: Manifest) -> None:
    """Write the manifest, and the ledger's lines about the run and its items."""
    path = places.run_folder(run.run_id) / "manifest.json"
    manifest.write(path, run)
    who = who_and_when(run)
    items = [
        {"kind": "item", "item": one.id, **one.model_dump(include=set(RECORDED)), **who} for one in run.items
    ]
    ledger.append(places.ledger(), [*items, {"kind": "run", "manifest_sha256": content_hash(path), **who}])


def _recorded(held: Mapping[str, pd.DataFrame]) -> list[Any]:
    """Cells that recorded these frames."""
    return [_cell(name, frame, f"{place}") for place, (name, frame) in enumerate(held.items(), 1)]


def _cell(name: str, frame: pd.DataFrame, place: str) -> Any:
    payload = scraps.packed(name, 1, frame)
    scrap = {"name": name, "data": payload, "encoder": "json", "version": 1}
    about = {"scrapbook": {"name": name, "data": True, "display": False}}
    shown = v4.new_output("display_data", {"application/scrapbook.scrap.json+json": scrap}, metadata=about)
    return v4.new_code_cell("", outputs=[shown], id=place)


def _done(item: Item, run: Manifest, held: Mapping[str, pd.DataFrame]) -> Item:
    folder = places.run_folder(run.run_id)
    name = f"items/{item.unit}/{item.notebook}/notebook.ipynb"
    item = item.model_copy(update={"outcome": "ok", "path": name})
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(f"# {item.title}", id="0"), *_recorded(held)])
    notebook.metadata["pmf"] = {"page": {"title": item.title, "headline": item.id, "paper_status": "Draft"}}
    files.write_text(folder / name, nbformat.writes(notebook))
    files.write_text(folder / page_path(item), f"<p>{item.id}</p>")
    hashes = {"sha256": content_hash(folder / name), "page_sha256": content_hash(folder / page_path(item))}
    return item.model_copy(update=hashes)
