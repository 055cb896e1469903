"""A copy of an official notebook, with the parameters of one item of a run filled in: an analyst's own, to change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmf_lib import settings, sidecar
from pmf_lib.errors import ParameterError, PmfError, StoreError, near_miss, unknown
from pmf_lib.runs.plan import Request, parameters_of
from pmf_lib.store import files, identity, manifest, places
from pmf_lib.store.manifest import Item, Manifest

ASKED = ("council", "framework", "quarter", "as_at", "edition", "exemption")
OTHER_CODE = (
    "The workbook's code or notebooks have changed since that run: the copy is of today's notebook, and may say "
    "something else than the run's page."
)


@dataclass(frozen=True)
class Opened:
    """The copy, and what is to be said of it."""

    path: Path
    note: str = ""


def open_copy(request: Request, wanted: str) -> Opened:
    """The copy of this item (``unit/notebook``) of the newest run that was asked the same.

    It lies under ``notebooks/analysis/<run id>/<unit>/``. A copy that is there already is left as its owner has it.

    Raises
    ------
    ParameterError
        There is no such run, or it has no such item.
    """
    run, item = _found(request, wanted)
    path = analysis() / run.run_id / item.unit / f"{item.notebook}.ipynb"
    if path.exists():
        return Opened(path, "It was there already and is as you left it; delete it to begin afresh.")
    declared = sidecar.load(item.notebook)
    original = files.read_json(sidecar.notebook_path(item.notebook))
    copy = with_parameters(original, parameters_of(item, run, declared))
    copy["cells"].insert(1, _whose(run, item))
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(path, json.dumps(copy, indent=1, ensure_ascii=False) + "\n")
    changed = identity.code_digest(settings.root()) != run.code
    return Opened(path, OTHER_CODE if changed else "")


def analysis() -> Path:
    """The analysts' own folder."""
    return settings.root() / "notebooks" / "analysis"


def with_parameters(notebook: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The notebook with these values in its parameters cell, without outputs."""
    cells = [_bare(cell) for cell in notebook["cells"]]
    place = next(
        number for number, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", ())
    )
    source = "".join(cells[place]["source"])
    for name, value in values.items():
        source = _filled(source, name, value)
    cells[place] = {**cells[place], "source": source.splitlines(keepends=True)}
    return {**notebook, "cells": cells}


def _filled(source: str, name: str, value: str) -> str:
    """The parameters' cell with one value in its place; its comment stays."""
    line = re.compile(rf'^({re.escape(name)}\s*=\s*)"[^"\n]*"', re.MULTILINE)
    filled, times = line.subn(lambda found: found[1] + json.dumps(value, ensure_ascii=False), source)
    if times != 1:
        raise PmfError(
            f"The parameters cell gives '{name}' {times} times, expected one line such as {name} = \"…\"."
        )
    return filled


def _bare(cell: Mapping[str, Any]) -> dict[str, Any]:
    is_code = cell["cell_type"] == "code"
    return {**cell, "outputs": [], "execution_count": None} if is_code else dict(cell)


def _whose(run: Manifest, item: Item) -> dict[str, Any]:
    text = (
        f"*Your copy, for {item.unit}, {run.quarter}, of run {run.run_id}. Change it as you like: the official notebook is "
        f"`notebooks/{item.notebook}.ipynb`, and no run reads this one.*"
    )
    return {"cell_type": "markdown", "id": "your-copy", "metadata": {}, "source": [text]}


def _found(request: Request, wanted: str) -> tuple[Manifest, Item]:
    """The newest run that was asked the same and has the item; one in which it ended well comes first."""
    runs = _asked_the_same(request)
    having = [(run, item) for run in runs for item in run.items if item.id == wanted]
    if not having:
        known = dict.fromkeys(item.id for run in runs for item in run.items)
        raise ParameterError(unknown("item", wanted, known, "Items: `pmf run --plan`."))
    return next((both for both in having if both[1].outcome == "ok"), having[0])


def _asked_the_same(request: Request) -> list[Manifest]:
    """Runs with the request's parameters, the newest first."""
    paths = sorted(places.runs().glob("*/manifest.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    there = [run for run in map(_read, paths) if run is not None]
    asked = request.model_dump(include=set(ASKED))
    found = [run for run in there if run.model_dump(include=set(ASKED)) == asked]
    if not found:
        known = list(dict.fromkeys(_words(run) for run in there))
        mine = _words(request)
        raise ParameterError(
            f"No run of {mine} is in the store.{near_miss(mine, known)} "
            "Start it with `pmf run` and the same options, or see `pmf status` for what there is."
        )
    return found


def _read(path: Path) -> Manifest | None:
    try:
        return manifest.read(path)
    except StoreError:  # of another version: its parameters say nothing today
        return None


def _words(asked: Request | Manifest) -> str:
    return ", ".join(
        [asked.council, asked.framework, asked.quarter, f"as at {asked.as_at}", f"{asked.edition} edition"]
    )
