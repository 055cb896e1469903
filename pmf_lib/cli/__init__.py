"""The ``pmf`` command: a thin skin over the library, a module a family of commands. Exit codes: see `pmf_lib.errors`."""

from __future__ import annotations

import click

from pmf_lib import __version__
from pmf_lib.cli import certify, clauses, decide, frameworks, new, papers, returns, runs, spc, verify
from pmf_lib.cli.open import open_item
from pmf_lib.cli.shared import Pmf


@click.group(cls=Pmf)
@click.version_option(__version__, prog_name="pmf")
def main() -> None:
    """Run a quarter of a council's performance management framework, and see what it says."""


for command in (
    runs.run,
    runs.check,
    runs.status,
    open_item,
    verify.verify,
    frameworks.framework,
    clauses.clauses,
    new.new,
    decide.decide,
    papers.paper,
    papers.issue,
    returns.returns,
    spc.spc,
    certify.certify,
):
    main.add_command(command)
