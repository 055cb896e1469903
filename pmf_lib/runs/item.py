"""One item, in a process of its own: execute the notebook, look whether it truly ended well, write the page.

Run as ``python -m pmf_lib.runs.item ORDER.json``. It writes into the order's folder only; the supervisor puts that
folder in its place once the item is done, so that nothing half-written is ever seen.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pmf_lib.errors import PmfError
from pmf_lib.sidecar import Sidecar, load, notebook_path
from pmf_lib.store.files import read_json, write_bytes, write_json, write_text

NOTEBOOK, PAGE, RESULT = "notebook.ipynb", "page.html", "outcome.json"
ENDED_BADLY = 1
LOOK_EVERY_SECONDS = 0.5
LARGEST_BYTES = 20 * 2**20
"""An executed notebook or a page beyond this size is no report: a cell prints without end, or draws far too much."""


@dataclass(frozen=True)
class Result:
    """How the item ended, as its own process saw it."""

    outcome: str
    headline: str = ""
    message: str = ""


def alone(order_path: Path, parent: int) -> int:
    """Do one order in this process, which does not outlive its parent; 0 when it ended well."""
    order = read_json(order_path)
    threading.Thread(target=_end_with, args=(parent, order["private"]), daemon=True).start()
    return main(order)


def main(order: dict[str, Any]) -> int:
    """Do one order; 0 when it ended well."""
    folder = Path(order["folder"])
    result = do(order["notebook"], order["parameters"], order["run_id"], folder)
    write_json(folder / RESULT, asdict(result))
    return 0 if result.outcome == "ok" else ENDED_BADLY


def do(notebook: str, parameters: dict[str, str], run_id: str, folder: Path) -> Result:
    """Execute, check, stamp and render one notebook into `folder`."""
    sidecar = load(notebook)
    executed, ended = execute(notebook, parameters, folder)
    fault = ended.message or faults(executed, sidecar)
    if fault:
        return Result(ended.outcome, message=fault)
    page = stamp(executed, folder / NOTEBOOK, run_id)
    from pmf_lib.reports.html import render

    html = render(executed)
    if len(html) > LARGEST_BYTES:
        return Result("failed", message=_too_large("Its page", len(html)))
    write_text(folder / PAGE, html)
    return Result("ok", headline=str(page["headline"]))


def execute(notebook: str, parameters: dict[str, str], folder: Path) -> tuple[Any, Result]:
    """Run through stock papermill; the executed notebook, and what would be wrong with it: how it failed, in words."""
    import nbformat
    import papermill

    beside = folder / f".{NOTEBOOK}"
    ended = Result("failed")
    try:
        papermill.execute_notebook(
            str(notebook_path(notebook)), str(beside), parameters=parameters, **_engine_options()
        )
    except papermill.PapermillExecutionError as failed:
        ended = Result("failed", message=_cell_error(failed))
    except RuntimeError:
        ended = Result("killed", message=_KERNEL_GONE)
    if beside.exists() and beside.stat().st_size > LARGEST_BYTES:
        ended = Result("failed", message=_without_outputs(beside))
    executed = nbformat.read(beside if beside.exists() else notebook_path(notebook), as_version=4)
    beside.unlink(missing_ok=True)
    _without_times(executed)
    write_text(folder / NOTEBOOK, nbformat.writes(executed))
    return executed, ended


def faults(executed: Any, sidecar: Sidecar) -> str:
    """Did it truly run to its end? After a killed kernel papermill's file calls every cell complete."""
    cells = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    for number, cell in enumerate(cells, 1):
        for error in (output for output in cell.outputs if output.output_type == "error"):
            return f"Cell {number} of {len(cells)} ended the notebook before its end, with {error.ename}."
        if cell.execution_count is None:
            return f"Cell {number} of {len(cells)} was never run: the kernel stopped before it."
    missing = set(sidecar.emits) - _scrap_names(cells)
    return f"It did not record: {', '.join(sorted(missing))}." if missing else ""


def stamp(executed: Any, path: Path, run_id: str) -> dict[str, Any]:
    """Put the page's facts and the content key where the template finds them, in the notebook's own metadata."""
    import nbformat

    from pmf_lib.reports.glossary import HREF, INDEX_HREF
    from pmf_lib.workbook.scraps import read

    page = dict(read(path, {"page": 1})["page"])
    page |= {"content_key": run_id, "index_href": INDEX_HREF, "glossary_url": HREF}
    executed.metadata["pmf"] = {"page": page}
    write_bytes(path, nbformat.writes(executed).encode("utf-8"))
    return page


def _engine_options() -> dict[str, Any]:
    """Quiet, one write at the end, and no open port: the kernel speaks over files in a private folder.

    Left to itself, every kernel of a folder would take the same file names.
    """
    from traitlets.config import Config

    options: dict[str, Any] = {
        "kernel_name": "python3",
        "progress_bar": False,
        "log_output": False,
        "request_save_on_cell_execute": False,
    }
    if sys.platform != "win32":
        sockets = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / "kernel"
        options["config"] = Config({"KernelManager": {"transport": "ipc", "ip": str(sockets)}})
    return options


def _cell_error(failed: Any) -> str:
    """The error as its reader needs it: the workbook's own sentence, or kind and cell."""
    own = {kind.__name__ for kind in _family(PmfError)}
    if failed.ename in own:
        return str(failed.evalue)
    return f"Cell {failed.exec_count} stopped with {failed.ename}: {failed.evalue}"


_ADDED = {"injected-parameters", "papermill-error-cell-tag"}
_KERNEL_GONE = (
    "The program that runs the notebook (its kernel) was gone before the notebook's end: it was ended from outside, "
    "had no memory left, or a cell ended it."
)


def _without_outputs(path: Path) -> str:
    """Take every output out of a notebook that grew too large; what is to be said of it."""
    content, size = read_json(path), path.stat().st_size
    cells = [cell for cell in content["cells"] if cell["cell_type"] == "code" and cell["source"]]
    most = [sum(len(str(output)) for output in cell["outputs"]) for cell in cells]
    for cell in cells:
        cell["outputs"] = []
    write_json(path, content)
    where = most.index(max(most)) + 1
    return f"{_too_large('Its executed notebook', size)} Cell {where} of {len(cells)} shows the most."


def _too_large(what: str, size: int) -> str:
    return (
        f"{what} came to {size / 2**20:.0f} MB; a report may have {LARGEST_BYTES // 2**20}. "
        "Print and show less: no page is made of it."
    )


def _family(kind: type[PmfError]) -> set[type[PmfError]]:
    return {kind, *(found for child in kind.__subclasses__() for found in _family(child))}


def _without_times(executed: Any) -> None:
    """Take out what papermill stamps of times and places (they belong to the ledger), and its cells' random names."""
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        if "id" in cell and _ADDED & set(cell.metadata.get("tags", ())):
            cell["id"] = f"added-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)


def _scrap_names(cells: list[Any]) -> set[str]:
    metadata = [
        output.metadata for cell in cells for output in cell.outputs if output.output_type == "display_data"
    ]
    return {found["scrapbook"]["name"] for found in metadata if "scrapbook" in found}


def _end_with(parent: int, private: str) -> None:
    """Do not outlive whoever started this process: nobody would take up the result, or clear what is left of it."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    shutil.rmtree(private, ignore_errors=True)
    os._exit(ENDED_BADLY)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    sys.exit(alone(path, read_json(path)["parent"]))
