"""``pmf framework``: frameworks as data."""

from __future__ import annotations

import click


@click.group()
def framework() -> None:
    """Frameworks as data."""


@framework.command("list")
def framework_list() -> None:
    """List the frameworks at hand."""
    from pmf_lib import framework as frameworks

    for name in frameworks.ids():
        found = frameworks.load(name)
        click.echo(f"{name}  {found.title}, {found.edition} ({found.status})")


@framework.command("show")
@click.argument("framework_id")
def framework_show(framework_id: str) -> None:
    """Print a framework as a tree."""
    from pmf_lib import framework as frameworks

    click.echo(frameworks.tree_text(frameworks.load(framework_id)))
