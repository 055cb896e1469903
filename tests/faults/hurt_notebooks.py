"""Tiny notebooks, one a way of going wrong, each with its sidecar."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat
import yaml
from nbformat import v4

WELL = """
from pmf_lib import workbook
from pmf_lib.workbook.pages.shared import evidence
book = workbook.start("{name}", vars())
book.record("page", evidence.page(book, "It went well"))
"""
ONCE = """
import os, time
from pathlib import Path
here = Path(os.environ["PMF_HOME"], "{name}.pid")
if not here.exists():
    here.write_text(f"{os.getpid()} {os.environ['JPY_PARENT_PID']}")
    time.sleep(3600)
"""
"""Tells the process of its kernel and of its item, waits for somebody to end one, and goes on when it is run again."""

HURTS = {
    "1_well": "",
    "2_raises": "{}['nothing']",
    "3_says": "from pmf_lib.errors import RecordsError\nraise RecordsError(\"The sky fell on 'x.csv'. Put it up.\")",
    "4_exits": "import sys\nsys.exit()",
    "5_leaves": "import os\nos._exit(0)",
    "6_sleeps": 'import os, time\ntime.sleep(3600 if os.path.exists(os.environ["PMF_HOME"] + "/sleep") else 0)',
    "7_eats": (
        "import time\nfrom itertools import repeat\n"
        "eaten = [(bytearray(b'x') * 2**27, time.sleep(0.1)) for _ in repeat(0, 20)]\ntime.sleep(3600)"
    ),
    "8_forgets": "",
    "8_prints": "print('x' * 10**8)",
    "8_floods": "import os\nfrom itertools import repeat\n[os.write(1, b'x' * 2**20) for _ in repeat(0, 10**6)]",
    "9_child": ONCE,
    "9_kernel": ONCE,
}
PARAMETERS = {
    "council": ("id", "sample"),
    "framework": ("id", "pmf-2022-25"),
    "quarter": ("quarter", "2024-25 Q2"),
    "as_at": ("date", "2024-11-15"),
    "edition": ("choice", "full"),
    "snapshot": ("snapshot", ""),
    "directorate": ("id", "childrens"),
}


def write_all(folder: Path) -> None:
    """Put these notebooks in the place of the official ones."""
    remove_all(folder)
    for name, hurt in HURTS.items():
        write(folder, name, hurt.replace("{name}", name), end="book = 1" if name == "8_forgets" else "")


def remove_all(folder: Path) -> None:
    """Take the official notebooks away."""
    for path in [*folder.glob("*.ipynb"), *folder.glob("*.yml")]:
        path.unlink()


def write(
    folder: Path, name: str, hurt: str, *, end: str = "", stage: str = "directorate",
    parameters: Mapping[str, tuple[str, str]] = PARAMETERS,
) -> None:  # fmt: skip
    """One notebook: its parameters, what hurts, and the end that it should come to."""
    first = v4.new_code_cell("\n".join(f'{key} = "{value}"' for key, (_, value) in parameters.items()))
    first.metadata["tags"] = ["parameters"]
    cells = [
        v4.new_markdown_cell("# Does it end well?"),
        first,
        v4.new_code_cell(hurt),
        v4.new_code_cell(end or WELL.format(name=name)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{name}.ipynb")
    declared = {key: _parameter(kind, value) for key, (kind, value) in parameters.items()}
    sidecar = {
        "title": f"Test {name}", "question": "Does it end well?", "stage": stage,
        "parameters": declared, "reads": ["measures"], "emits": {"page": 1},
    }  # fmt: skip
    (folder / f"{name}.yml").write_text(yaml.safe_dump(sidecar), encoding="utf-8")


def _parameter(kind: str, value: str) -> dict[str, object]:
    more = {"choices": [value]} if kind == "choice" else {}
    return {"kind": kind, "default": value, "doc": "As in the official notebooks", **more}
