"""The folders that the contestants of `bench/runs.py` work in: a checkout of an older state, and a workspace each."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import many
import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
COUNCIL = Path("parameters", "councils", "sample.yml")
REQUEST = Path("parameters", "runs", "sample.yml")
RECORDS = Path("data", "sample")
CODE = ("pmf_lib", "notebooks", "parameters", "GLOSSARY.md", "requirements.lock")
"""What of a checkout a run needs."""


def checked_out(ref: str, folder: Path) -> Path:
    """The code of an older state, as git has it under this name, with its bytecode."""
    packed = folder.with_suffix(".tar")
    asked = ["git", "-C", str(ROOT), "archive", "--format=tar", f"--output={packed}", ref, *CODE]
    subprocess.run(asked, check=True)  # noqa: S603 - git and our own folder
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    packed.unlink()
    compiled(folder / "pmf_lib")
    return folder


def compiled(package: Path) -> None:
    """Bytecode of a package, so that no contestant compiles while it is timed."""
    compileall.compile_dir(package, quiet=1)


def environment(code: Path, home: Path) -> dict[str, str]:
    """The environment of a contestant that runs this code in this workspace.

    Raises
    ------
    RuntimeError
        Python would import another ``pmf_lib`` than this code's.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PMF_", "PYTHON", "JUPYTER", "JPY_"))
    }
    path = os.pathsep.join([str(BIN), kept.get("PATH", "")])
    found = {**kept, "PATH": path, "PMF_HOME": str(home), "PYTHONPATH": str(code)}
    asked = [sys.executable, "-c", "import pmf_lib; print(pmf_lib.__file__)"]
    told = subprocess.run(asked, env=found, cwd=home, capture_output=True, text=True, check=True)  # noqa: S603
    if Path(told.stdout.strip()) != code / "pmf_lib" / "__init__.py":
        raise RuntimeError(f"expected the code of {code}, and Python imports {told.stdout.strip()}")
    return found


def workspace(folder: Path, code: Path, size: many.Size) -> Path:
    """A new workspace with this code's notebooks and parameters, and a council of this size; its records are the tree's."""
    for name in ("GLOSSARY.md", "requirements.lock"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(code / name, folder / name)
    for name in ("notebooks", "parameters"):
        shutil.copytree(code / name, folder / name, ignore=shutil.ignore_patterns("analysis"))
    for kept in (COUNCIL, REQUEST):
        for other in {*(folder / kept).parent.iterdir()} - {folder / kept}:
            shutil.rmtree(other) if other.is_dir() else other.unlink()
    _write(folder, size)
    return folder


def _write(folder: Path, size: many.Size) -> None:
    council = yaml.safe_load((folder / COUNCIL).read_text(encoding="utf-8"))
    grown = yaml.safe_dump(many.grown_council(council, size), sort_keys=False, allow_unicode=True)
    (folder / COUNCIL).write_text(grown, encoding="utf-8")
    (folder / RECORDS).mkdir(parents=True)
    for name, frame in many.grown(many.read(ROOT / RECORDS), council, size).items():
        frame.to_csv(folder / RECORDS / f"{name}.csv", index=False, lineterminator="\n")


def change_one(folder: Path) -> str:
    """One figure of one directorate raised by one, as a correction in its return; the measure that it is of.

    It is the last row of a measure without numerators, so that nothing contradicts it.
    """
    path = folder / RECORDS / "observations.csv"
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    free = rows.index[(rows["numerator"] == "") & rows["value"].str.fullmatch(r"\d+(\.\d+)?")]
    whole, dot, part = str(rows.loc[free[-1], "value"]).partition(".")
    rows.loc[free[-1], "value"] = f"{int(whole) + 1}{dot}{part}"
    rows.to_csv(path, index=False, lineterminator="\n")
    return str(rows.loc[free[-1], "measure_id"])
