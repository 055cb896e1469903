"""Two long-lived processes that execute notebooks through papermill and render them with one exporter each.

`python bench/pooled.py ORDERS` reads a list of orders: notebook, executed (a path), page (a path), parameters.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import papermill
from nbconvert import HTMLExporter

WORKERS = 2


def main() -> None:
    """Do every order; the first that fails ends it."""
    orders = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    snapshot = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["snapshot"]
    ready = [{**one, "parameters": {**one["parameters"], "snapshot": snapshot}} for one in orders]
    with ProcessPoolExecutor(WORKERS) as pool:
        for _ in pool.map(_done, ready):
            pass


def _done(order: dict[str, Any]) -> None:
    papermill.execute_notebook(
        order["notebook"], order["executed"], parameters=order["parameters"], progress_bar=False
    )
    page, _ = _exporter().from_filename(order["executed"])
    Path(order["page"]).write_text(page, encoding="utf-8")


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    return HTMLExporter()


if __name__ == "__main__":
    main()
