"""``pmf run``, ``pmf check``, ``pmf status``."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import click

from pmf_lib.cli.shared import request_of, request_options
from pmf_lib.errors import RunError

if TYPE_CHECKING:
    from pmf_lib.runs.plan import Plan

ABOVE_ZERO = click.FloatRange(min=0, min_open=True)


@click.command()
@request_options
@click.option(
    "--directorate", "directorates", multiple=True, help="Only this directorate (may be given again)."
)
@click.option("--item", "items", multiple=True, help="Only this item, as unit/notebook (may be given again).")
@click.option("--plan", "only_plan", is_flag=True, help="Say what would be run, and stop.")
@click.option("--again", is_flag=True, help="Run every item anew, also those that are done.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Items side by side (default: processors).")
@click.option(
    "--timeout", type=ABOVE_ZERO, default=900.0, show_default=True, help="Seconds that one item may take."
)
@click.option("--memory", type=ABOVE_ZERO, default=4.0, show_default=True, help="GiB that one item may take.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def run(**options: Any) -> None:
    """Run a quarter: RUN_FILE is a file of parameters/runs (default: the sample council's)."""
    from pmf_lib.runs import carry_out, progress, publish
    from pmf_lib.runs.supervise import Limits

    plan = _plan(options)
    if options["only_plan"]:
        _print_plan(plan, options["as_json"])
        return
    limits = Limits(options["timeout"], int(options["memory"] * 2**30))
    jobs = options["jobs"] or os.cpu_count() or 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with progress.shown(len(plan.orders), quiet=options["as_json"]) as tell:
        done = carry_out.carry_out(plan, tell, jobs=jobs, limits=limits, again=options["again"])
    published = publish.publish(done)
    if published.note:
        click.echo(published.note, err=True)
    click.echo(
        done.model_dump_json(indent=2) if options["as_json"] else f"\nOpen the site: {published.index}"
    )
    _refuse_failures(done)


@click.command()
@request_options
@click.option("--all", "each", is_flag=True, help="List each finding, also those of one kind on one measure.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(as_json: bool, each: bool, **options: Any) -> None:
    """Check parameters, frameworks and records without running anything; list what is wrong in the records."""
    from pmf_lib.runs import decide, look

    request = request_of(options)
    in_order = look.check_parameters()
    records = look.records_of(request)
    click.echo(look.findings_json(records) if as_json else look.findings_text(records, each=each))
    for fault in decide.faults(request, records):
        click.echo(f"decision: {fault}", err=as_json)
    if not as_json:
        click.echo(in_order)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def status(as_json: bool) -> None:
    """What runs there are, which items failed, and whether the ledger holds."""
    from pmf_lib.runs import look

    facts = look.runs()
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else look.runs_text(facts))
    look.verify_ledger()


def _plan(options: dict[str, Any]) -> Plan:
    from pmf_lib.runs.plan import plan

    return plan(request_of(options), options["directorates"], options["items"])


def _print_plan(plan: Plan, as_json: bool) -> None:
    from pmf_lib.runs import look

    click.echo(plan.manifest.model_dump_json(indent=2) if as_json else look.plan_text(plan))


def _refuse_failures(done: Any) -> None:
    failed = [item for item in done.items if item.outcome not in ("ok", "waiting")]
    if failed:
        lines = "\n".join(f"  {item.id}: {item.outcome}. {item.message}" for item in failed)
        raise RunError(
            f"{len(failed)} of {len(done.items)} items did not end well; the rest stands.\n{lines}"
        )
