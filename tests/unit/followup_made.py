"""Issued papers whose page 7 kept a list of recommendations: made in the store without a run."""

from collections.abc import Iterable

import nbformat
import pandas as pd
from nbformat import v4

from pmf_lib.decisions import Issue, Response
from pmf_lib.store import issued
from pmf_lib.store.issued import Paper
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook import scraps

PAGE = "items/council/7_audit_committee/notebook.ipynb"
AS_AT = {
    "2024-25 Q1": "2024-08-15",
    "2024-25 Q2": "2024-11-15",
    "2024-25 Q3": "2025-02-14",
    "2024-25 Q4": "2025-05-15",
}


def paper(
    quarter: str,
    rows: pd.DataFrame | None,
    *,
    run_id: str,
    baseline: str = "",
    version: int = 1,
    responses: Iterable[Response] = (),
) -> Paper:
    """A version of a quarter's paper with this list in it; with None its page 7 kept no list."""
    about = {
        "council": "sample",
        "framework": "pmf-2022-25",
        "quarter": quarter,
        "as_at": AS_AT[quarter],
        "edition": "full",
    }
    item = Item(
        unit="council",
        notebook="7_audit_committee",
        stage="council",
        title="Report",
        key="k",
        outcome="ok",
        path=PAGE,
    )
    run = Manifest(
        run_id=run_id, **about, snapshot="s", baseline=baseline, policy="p", code="c", items=(item,)
    )
    issue = Issue(run=run_id, version=version, preparer="A", reviewer="B", confirmer="C", dated="2025-06-01")
    made = Paper(run_id=run_id, **about, issue=issue, responses=tuple(responses))
    files = {issued.MANIFEST: run.model_dump_json().encode(), PAGE: notebook(rows).encode()}
    return issued.write(made, files)


def notebook(rows: pd.DataFrame | None) -> str:
    """An executed notebook that recorded this list."""
    cells = [v4.new_markdown_cell("# Report", id="0")]
    if rows is not None:
        payload = scraps.packed("raised", 1, rows)
        scrap = {"name": "raised", "data": payload, "encoder": "json", "version": 1}
        about = {"scrapbook": {"name": "raised", "data": True, "display": False}}
        shown = v4.new_output(
            "display_data", {"application/scrapbook.scrap.json+json": scrap}, metadata=about
        )
        cells.append(v4.new_code_cell("", outputs=[shown], id="1"))
    return nbformat.writes(v4.new_notebook(cells=cells))


def response(run_id: str, unit: str, clause: str, **more: object) -> Response:
    """Management accepts a recommendation, unless `more` says otherwise."""
    said = {
        "answer": "accepted",
        "action": "Set them",
        "due": "2025-01-31",
        "by": "Director",
        "dated": "2024-08-18",
    }
    return Response.model_validate({"run": run_id, "unit": unit, "about": clause, **said, **more})
