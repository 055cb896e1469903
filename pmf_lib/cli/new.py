"""``pmf new``: a council of one's own. A framework begins with ``pmf framework new``."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def new() -> None:
    """Begin a council of your own (a framework: pmf framework new)."""


@new.command("council")
@click.argument("council_id")
@click.option("--name", required=True, help="What pages call the council.")
@click.option(
    "--directorate",
    "units",
    type=(str, str, str),
    metavar="ID NAME POST",
    multiple=True,
    required=True,
    help="A directorate: its id, its name and the post that answers for it (once for each).",
)
@click.option("--quarter", required=True, help="First quarter to run, as 'YYYY-YY Qn'.")
@click.option("--framework", default="pmf-2022-25", show_default=True, help="Id of a framework that is here.")
def new_council(
    council_id: str, name: str, units: tuple[tuple[str, str, str], ...], quarter: str, framework: str
) -> None:
    """Write the files that a council needs: who it is, what is run, and its empty tables."""
    from pmf_lib.runs.begin import new as begin

    _said(begin.council(council_id, name, units, framework, quarter))
    click.echo(f"Next: pmf returns template parameters/runs/{council_id}.yml --blank")


def _said(paths: list[Path]) -> None:
    from pmf_lib import settings

    for path in paths:
        click.echo(f"  wrote {path.relative_to(settings.root()).as_posix()}")
