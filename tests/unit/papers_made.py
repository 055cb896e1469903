"""A run of the sample council in the store that no notebook was executed for: its pages hold one sentence each."""

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbformat import v4

from pmf_lib import sidecar
from pmf_lib.cli.shared import DEFAULT_RUN
from pmf_lib.runs.carry_out import RECORDED, who_and_when
from pmf_lib.runs.issue import page_path
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


def made(home: Path, *, rated: tuple[str, ...] = (), **changes: str) -> Manifest:
    """A finished run of these parameters, as the ledger has it; with what the measures of these directorates rate as."""
    planned = plan(read_request(home / DEFAULT_RUN, changes))
    run = planned.manifest
    for order in planned.orders:
        frame = (
            _rated(order) if order.item.unit in rated and order.item.notebook == MEASURES else pd.DataFrame()
        )
        run = run.with_item(_done(order.item, run, frame))
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


def _recorded(rated: pd.DataFrame) -> Any:
    """A cell that recorded these rated measures."""
    payload = scraps.packed("rated_measures", 1, rated)
    scrap = {"name": "rated_measures", "data": payload, "encoder": "json", "version": 1}
    about = {"scrapbook": {"name": "rated_measures", "data": True, "display": False}}
    shown = v4.new_output("display_data", {"application/scrapbook.scrap.json+json": scrap}, metadata=about)
    return v4.new_code_cell("", outputs=[shown], id="1")


def _done(item: Item, run: Manifest, rated: pd.DataFrame) -> Item:
    folder = places.run_folder(run.run_id)
    name = f"items/{item.unit}/{item.notebook}/notebook.ipynb"
    item = item.model_copy(update={"outcome": "ok", "path": name})
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(f"# {item.title}", id="0"), _recorded(rated)])
    notebook.metadata["pmf"] = {"page": {"title": item.title, "headline": item.id, "paper_status": "Draft"}}
    files.write_text(folder / name, nbformat.writes(notebook))
    files.write_text(folder / page_path(item), f"<p>{item.id}</p>")
    hashes = {"sha256": content_hash(folder / name), "page_sha256": content_hash(folder / page_path(item))}
    return item.model_copy(update=hashes)
