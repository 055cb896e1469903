"""``pmf framework``: frameworks as data."""

from __future__ import annotations

import click


@click.group()
def framework() -> None:
    """Frameworks as data: list them, show one, begin your own."""


@framework.command("list")
def framework_list() -> None:
    """List the frameworks at hand."""
    from pmf_lib import framework as frameworks
    from pmf_lib.framework import placeholders

    for name in frameworks.ids():
        found = frameworks.load(name)
        left = " – still holds words of its template" if placeholders.left(found) else ""
        click.echo(f"{name}  {found.title}, {found.edition} ({found.status}){left}")


@framework.command("show")
@click.argument("framework_id")
def framework_show(framework_id: str) -> None:
    """Print a framework as a tree, and say which tests of its clauses are not known."""
    from pmf_lib import framework as frameworks
    from pmf_lib.runs import look

    found = frameworks.load(framework_id)
    click.echo(frameworks.tree_text(found))
    look.check_tests(found)


@framework.command("new")
@click.argument("framework_id")
@click.option("--title", default="", help="What the document calls itself, as on its title page.")
@click.option(
    "--from", "after", default="", help="Id of a framework that is here, to copy in place of the template."
)
def framework_new(framework_id: str, title: str, after: str) -> None:
    """Begin a framework of your own: a folder of commented files whose words you replace by your document's."""
    from pmf_lib import settings
    from pmf_lib.runs.begin import new_framework

    begun = new_framework.begin(framework_id, title, after)
    click.echo(f"Written: {begun.folder.relative_to(settings.root()).as_posix()}, {begun.words}\nNext:")
    for number, step in enumerate(begun.steps, start=1):
        click.echo(f"  {number}. {step}")
