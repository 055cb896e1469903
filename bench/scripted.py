"""A notebook as one plain script: its code cells, each cell's last expression asked for its HTML, and no kernel."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HEAD = '''"""The code cells of one notebook, one after another."""
PAGE = []

def shown(found):
    if found is not None:
        PAGE.append(found._repr_html_() if hasattr(found, "_repr_html_") else repr(found))

'''
FOOT = """
import pathlib, sys
pathlib.Path(sys.argv[1]).write_text("\\n".join(PAGE), encoding="utf-8")
"""


def script(notebook: Path, parameters: Mapping[str, str], snapshot: str) -> str:
    """Source of the script, which writes what is shown to the file that it is given.

    `snapshot` is an expression that gives the id of the frozen records.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    lines = [HEAD]
    for cell in cells:
        if cell["cell_type"] == "code":
            lines.append(_cell("".join(cell["source"])))
            if "parameters" in cell["metadata"].get("tags", []):
                lines += [f"{name} = {value!r}" for name, value in parameters.items()]
                lines.append(f"snapshot = {snapshot}")
    return "\n".join([*lines, FOOT])


def _cell(source: str) -> str:
    """A cell whose last expression is shown, as a notebook shows it."""
    tree = ast.parse(source)
    last: Any = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        call = ast.Call(ast.Name("shown", ast.Load()), [last.value], [])
        tree.body[-1] = ast.fix_missing_locations(ast.copy_location(ast.Expr(call), last))
    return ast.unparse(tree)
