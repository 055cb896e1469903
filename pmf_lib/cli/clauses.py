"""``pmf clauses``: results of a framework's clauses, what they cover, and a draw of them."""

from __future__ import annotations

import json
from typing import Any

import click

from pmf_lib.errors import ParameterError

OF_RESULTS = ("council", "quarter", "as_at", "unit", "result")
"""Options that only a list of results takes."""


@click.command()
@click.option("--council", help="Id of a file in parameters/councils (default: the sample).")
@click.option(
    "--framework", help="Id of a folder in parameters/frameworks (default: that of the council's run)."
)
@click.option("--quarter", help="Reporting quarter, as 'YYYY-YY Qn' (default: that of the council's run).")
@click.option("--as-at", help="Date at which the records are read, as YYYY-MM-DD.")
@click.option("--unit", help="Only this directorate, or 'council' for what is asked of the whole.")
@click.option(
    "--result",
    metavar="CODE",
    help="Only this result: met, partly, not_met, observation, no_evidence, not_due, not_applicable, varied.",
)
@click.option(
    "--coverage",
    is_flag=True,
    help="Count clauses by force and by way of checking instead, and account for every requirement.",
)
@click.option(
    "--draw",
    metavar="N",
    type=click.IntRange(min=1),
    help="Draw so many clauses instead, to read beside the document.",
)
@click.option(
    "--seed",
    metavar="S",
    type=int,
    default=1,
    show_default=True,
    help="What a draw starts from; the same seed draws the same clauses.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")  # fmt: skip
def clauses(coverage: bool, draw: int | None, seed: int, as_json: bool, **asked: str | None) -> None:
    """List results of clauses: which of the framework's duties are met, for every unit, from the records as they are now."""
    if coverage or draw:
        _refuse_beside(coverage=coverage, draw=draw, asked=asked)
    if coverage:
        _count(_frameworks(asked), as_json=as_json)
    elif draw:
        _draw(_frameworks(asked), draw, seed, as_json=as_json)
    else:
        _list(asked, as_json=as_json)


def _refuse_beside(*, coverage: bool, draw: int | None, asked: dict[str, str | None]) -> None:
    """A count or a draw is of clauses, and not of anybody's results."""
    if coverage and draw:
        raise ParameterError(
            "--coverage counts clauses and --draw draws some of them. Ask for one at a time."
        )
    extra = [f"--{name.replace('_', '-')}" for name in OF_RESULTS if asked[name]]
    if extra:
        raise ParameterError(
            f"{', '.join(extra)} says which results are listed, and --coverage and --draw list none. Leave it out."
        )


def _frameworks(asked: dict[str, str | None]) -> list[str]:
    from pmf_lib import framework

    return [asked["framework"]] if asked["framework"] else framework.ids()


def _count(names: list[str], *, as_json: bool) -> None:
    from pmf_lib.runs import clause_coverage

    found = [clause_coverage.account(name) for name in names]
    if as_json:
        _print_json([clause_coverage.as_json(one) for one in found])
    else:
        click.echo("\n\n".join(clause_coverage.text(one) for one in found))
    for one in found:
        clause_coverage.check(one)


def _draw(names: list[str], count: int, seed: int, *, as_json: bool) -> None:
    from pmf_lib import framework
    from pmf_lib.assurance import draw

    drawn = draw.draw([framework.load(name) for name in names], count, seed)
    if as_json:
        _print_json(draw.as_json(drawn))
    else:
        click.echo(draw.text(drawn))


def _list(asked: dict[str, Any], *, as_json: bool) -> None:
    from pmf_lib import settings
    from pmf_lib.runs import clause_results
    from pmf_lib.runs.plan import read_request

    name = clause_results.run_file(asked["council"] or "", asked["framework"] or "")
    changes = {key: asked[key] for key in ("council", "framework", "quarter", "as_at") if asked[key]}
    request = read_request(settings.root() / "parameters" / "runs" / f"{name}.yml", changes)
    is_dated = bool(asked["quarter"] and asked["as_at"])
    if said := clause_results.borrowed(name, request, is_dated=is_dated):
        click.echo(said, err=True)
    found = clause_results.listed(request, asked["unit"] or "", asked["result"] or "")
    click.echo(clause_results.as_json(found) if as_json else clause_results.text(found))


def _print_json(found: Any) -> None:
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
