"""Who is who in the store: digests of content, and the run id that every report carries as its content key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from pmf_lib import decisions
from pmf_lib.store.files import canonical_json, read_json

RUN_ID_LENGTH = 12
PACKAGE = Path(__file__).resolve().parents[1]
LIBRARY = ("**/*.py", "reports/template/**/*")
LOCK = ("requirements.lock",)
WORKSPACE = ("notebooks/*.yml", *LOCK)
POLICY = ("parameters/schemes/*.yml", "parameters/sources/*.yml", "parameters/crosswalks/*.yml")


def digest(content: object) -> str:
    """A short hash of plain content.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(canonical_json(content).encode("utf-8")).hexdigest()[:16]


def files_digest(root: Path, patterns: Iterable[str]) -> str:
    """A hash of the files that match: their names under `root` and their content, never their times."""
    paths = sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})
    lines = [
        [path.relative_to(root).as_posix(), content_hash(path)]
        for path in paths
        if "__pycache__" not in path.parts
    ]
    return digest(lines)


def code_digest(root: Path) -> str:
    """The code that makes a report: the library that runs (wherever it lies), the notebooks and the locked dependencies.

    Of a notebook its cells count, not the outputs that Run All leaves in it; a copy without a sidecar counts for nothing.
    """
    sidecars = sorted((root / "notebooks").glob("*.yml"))
    cells = [[path.stem, _cells(path.with_suffix(".ipynb"))] for path in sidecars]
    return digest([files_digest(PACKAGE, LIBRARY), files_digest(root, WORKSPACE), cells])


def library_digest(root: Path) -> str:
    """The code that every page rests on: the library and the locked dependencies."""
    return digest([files_digest(PACKAGE, LIBRARY), files_digest(root, LOCK)])


def notebook_digest(root: Path, name: str) -> str:
    """The cells of one official notebook, and what it declares."""
    notebooks = root / "notebooks"
    return digest([_cells(notebooks / f"{name}.ipynb"), files_digest(notebooks, [f"{name}.yml"])])


def _cells(notebook: Path) -> list[object]:
    """Kind, source and tags of each cell; nothing where the notebook can't be read (the run itself will say so)."""
    try:
        cells = read_json(notebook)["cells"]
        return [
            [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])] for cell in cells
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def policy_digest(root: Path, council: str, framework_digest: str, as_at: date) -> str:
    """The policy that a run obeys: its framework, schemes, sources, the council's own file, and what was decided by `as_at`.

    Raises
    ------
    PolicyError
        A decision's file can't be read.
    """
    files = files_digest(root, (*POLICY, f"parameters/councils/{council}.yml"))
    return digest([framework_digest, files, decisions.known(council, as_at, root).content])


def run_id(parts: Mapping[str, str]) -> str:
    """The content key of a run: council, framework, quarter, as-at, edition, snapshot, policy and code."""
    return digest(dict(parts))[:RUN_ID_LENGTH]


def content_hash(path: Path) -> str:
    """Hash of a file's content, whatever its line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
