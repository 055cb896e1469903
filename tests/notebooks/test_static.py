"""Official notebooks stay thin: what they may hold, told by notebook, cell and remedy."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from pmf_lib import settings, sidecar
from pmf_lib.records.schema import TABLES

NOTEBOOKS = sorted((settings.root() / "notebooks").glob("*.ipynb"))
LINES = 8
BANNED = {
    ast.FunctionDef: "def", ast.AsyncFunctionDef: "async def", ast.ClassDef: "class", ast.For: "for",
    ast.While: "while", ast.Try: "try", ast.Lambda: "lambda",
}  # fmt: skip
REMEDY = "Move the logic into pmf_lib and call it."


def cells(notebook: dict[str, Any]) -> list[tuple[int, str, list[str]]]:
    """Number, source and tags of each code cell."""
    listed = enumerate(notebook["cells"], 1)
    return [
        (number, "".join(cell["source"]), cell["metadata"].get("tags", []))
        for number, cell in listed
        if cell["cell_type"] == "code"
    ]


def faults(notebook: dict[str, Any], name: str) -> list[str]:
    """What an official notebook holds that it must not."""
    said = []
    for number, source, tags in cells(notebook):
        where = f"{name}, cell {number}"
        code = [line for line in source.splitlines() if line.strip() and not line.strip().startswith("#")]
        if len(code) > LINES and "parameters" not in tags:
            said.append(f"{where}: {len(code)} lines of code; at most {LINES}. {REMEDY}")
        if source.lstrip().startswith(("%", "!")):
            said.append(f"{where}: a magic. {REMEDY}")
            continue
        said += [f"{where}: {fault}" for fault in _code_faults(ast.parse(source), tags)]
    said += [
        f"{name}: cell {n} holds outputs; run `make fix`."
        for n, cell in enumerate(notebook["cells"], 1)
        if cell.get("outputs")
    ]
    return said


def _code_faults(tree: ast.Module, tags: list[str]) -> list[str]:
    said = [f"a '{BANNED[type(node)]}'. {REMEDY}" for node in ast.walk(tree) if type(node) in BANNED]
    for node in ast.walk(tree):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
        face = (
            modules == ["pmf_lib"]
            and isinstance(node, ast.ImportFrom)
            and [n.name for n in node.names] == ["workbook"]
        )
        said += [
            f"imports '{name}'; only pmf_lib.workbook may be imported."
            for name in modules
            if not (face or name == "pmf_lib.workbook")
        ]
    return said


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_official_notebooks_are_thin_and_stripped(path: Path) -> None:
    assert faults(read(path), path.name) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_parameters_cell_declares_what_the_sidecar_declares(path: Path) -> None:
    declared = sidecar.load(path.stem)
    source = next(source for _, source, tags in cells(read(path)) if "parameters" in tags)
    values: dict[str, Any] = {}
    exec(source, {}, values)
    assert values == {name: spec.default for name, spec in declared.parameters.items()}
    commented = [line for line in source.splitlines() if "  # " in line]
    assert len(commented) == len(values)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_order_is_title_parameters_then_the_rest(path: Path) -> None:
    notebook = read(path)
    first, second = notebook["cells"][:2]
    assert first["cell_type"] == "markdown"
    assert "".join(first["source"]).startswith("# ")
    assert second["metadata"]["tags"] == ["parameters"]
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_sidecar_reads_tables_that_exist_and_every_declared_scrap_is_recorded(path: Path) -> None:
    declared = sidecar.load(path.stem)
    assert set(declared.reads) <= set(TABLES)
    code = "\n".join(source for _, source, _ in cells(read(path)))
    assert [name for name in declared.emits if f'record("{name}"' not in code] == []


def test_every_notebook_has_a_sidecar_and_every_sidecar_a_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS] == [one.name for one in sidecar.all_sidecars()]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("for x in y:\n    pass", "a 'for'"),
        ("import pandas", "imports 'pandas'"),
        ("from pmf_lib import performance", "imports 'pmf_lib'"),
        ("f = lambda: 1", "a 'lambda'"),
        ("\n".join(f"a{n} = 1" for n in range(9)), "9 lines of code"),
        ("%matplotlib inline", "a magic"),
    ],
)
def test_a_fat_notebook_is_told_so(source: str, said: str) -> None:
    fat = {"cells": [{"cell_type": "code", "source": [source], "metadata": {}, "outputs": []}]}
    assert any(said in fault for fault in faults(fat, "fat.ipynb"))
