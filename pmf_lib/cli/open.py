"""``pmf open``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from pmf_lib.cli.shared import request_of, request_options


@click.command("open")
@click.argument("item")
@request_options
@click.option("--lab", is_flag=True, help="Open it in JupyterLab at once.")
def open_item(item: str, lab: bool, **options: Any) -> None:
    """Copy the notebook of ITEM (unit/notebook) with its parameters filled in: yours to change, never the original."""
    from pmf_lib.runs.begin.open import analysis, open_copy

    opened = open_copy(request_of(options), item)
    if opened.note:
        click.echo(opened.note, err=True)
    click.echo(f"Your copy: {opened.path}")
    if lab:
        sys.exit(_in_lab(opened.path, analysis()))
    click.echo(
        "To open it in JupyterLab, give the same command with --lab, or choose it from the list of `make lab`."
    )


def _in_lab(path: Path, folder: Path) -> int:
    """JupyterLab on the copy, until it is closed."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", str(path)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter, and a path we made
