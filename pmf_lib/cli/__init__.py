"""The ``pmf`` command: a thin skin over the library, a module a family of commands. Exit codes: see `pmf_lib.errors`."""

from __future__ import annotations

from collections import UserDict
from importlib import import_module

import click

from pmf_lib import __version__
from pmf_lib.cli.shared import Pmf

PLACES = {
    "run": "runs:run",
    "check": "runs:check",
    "status": "runs:status",
    "open": "open:open_item",
    "verify": "verify:verify",
    "framework": "frameworks:framework",
    "clauses": "clauses:clauses",
    "new": "new:new",
    "decide": "decide:decide",
    "paper": "papers:paper",
    "issue": "papers:issue",
    "returns": "returns:returns",
    "spc": "spc:spc",
    "certify": "certify:certify",
}
"""Command → its module here, and its name there."""


class Commands(UserDict[str, click.Command]):
    """Commands by name, each loaded once it is asked for: a command waits for no other's modules."""

    def __getitem__(self, name: str) -> click.Command:
        """The command of this name."""
        module, _, own = self.data[name].partition(":")  # type: ignore[attr-defined]
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), own)
        return command


@click.group(cls=Pmf, commands=Commands(PLACES))  # type: ignore[arg-type]
@click.version_option(__version__, prog_name="pmf")
def main() -> None:
    """Run a quarter of a council's performance management framework, and see what it says."""
