"""``pmf run``, ``pmf check``, ``pmf status``."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import click

from pmf_lib.cli.shared import request_of, request_options
from pmf_lib.errors import ParameterError, RunError
from pmf_lib.runs import progress, unchanged

if TYPE_CHECKING:
    from pathlib import Path

    from pmf_lib.runs.plan import Plan
    from pmf_lib.runs.unchanged import Asked

ABOVE_ZERO = click.FloatRange(min=0, min_open=True)


@click.command()
@request_options
@click.option(
    "--directorate", "directorates", multiple=True, help="Only this directorate (may be given again)."
)
@click.option(
    "--item", "--only", "items", multiple=True, help="Only this item, as unit/notebook (may be given again)."
)
@click.option("--plan", "only_plan", is_flag=True, help="Say what would be run, and stop.")
@click.option("--again", is_flag=True, help="Run every item anew, also those that are done.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Items side by side (default: processors).")
@click.option(
    "--timeout", type=ABOVE_ZERO, default=900.0, show_default=True, help="Seconds that one item may take."
)
@click.option("--memory", type=ABOVE_ZERO, default=4.0, show_default=True, help="GiB that one item may take.")
@click.option("--cold", is_flag=True, help="Start each item by itself, not forked from a warm process.")
@click.option(
    "--cluster", default="", help="Address of a Dask scheduler whose workers do the items (docs/running.md)."
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the manifest as JSON, and an event a line on standard error.",
)
def run(**options: Any) -> None:
    """Run a quarter: RUN_FILE is a file of parameters/runs (default: the sample council's)."""
    whole = unchanged.asked(options)
    last = unchanged.last(whole) if whole else None
    kept = unchanged.wanted(last, options["items"]) if last else ()
    if whole and last and kept and unchanged.still(last, whole):
        for item in kept:
            click.echo((progress.event if options["as_json"] else progress.line)("kept", item), err=True)
        manifest, site = unchanged.manifest_file(last, whole), unchanged.site(last, whole)
        _print_end(manifest, site, last.note, as_json=options["as_json"])
    elif options["only_plan"]:
        _print_plan(_plan(options), options["as_json"])
    else:
        _carry_out(None if options["items"] else whole, options)


def _carry_out(whole: Asked | None, options: dict[str, Any]) -> None:
    """Plan, carry out and publish; a whole run that ends well is kept in mind for the next command."""
    from pmf_lib import council as councils
    from pmf_lib.runs import carry_out
    from pmf_lib.runs.means import means
    from pmf_lib.runs.site import publish
    from pmf_lib.runs.supervise import Limits
    from pmf_lib.store import places

    limits = Limits(options["timeout"], int(options["memory"] * 2**30))
    jobs = options["jobs"] or os.cpu_count() or 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with means(jobs, limits, options["cluster"], is_cold=options["cold"]) as by:
        before = unchanged.before(whole, councils.load(request_of(options).council))
        plan = _plan(options)
        by.hold(plan.manifest)
        with progress.shown(plan.orders, jobs, as_json=options["as_json"]) as tell:
            done = carry_out.carry_out(plan, tell, by, again=options["again"])
    published = publish.publish(done)
    manifest = places.run_folder(done.run_id) / "manifest.json"
    _print_end(manifest, published.index, published.note, as_json=options["as_json"])
    _refuse_failures(done)
    unchanged.keep(before, plan, published)


def _print_end(manifest: Path, index: Path, note: str, *, as_json: bool) -> None:
    if note:
        click.echo(note, err=True)
    click.echo(manifest.read_text(encoding="utf-8").rstrip() if as_json else f"\nOpen the site: {index}")


@click.command()
@request_options
@click.option("--all", "each", is_flag=True, help="List each finding, also those of one kind on one measure.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(as_json: bool, each: bool, **options: Any) -> None:
    """Check parameters, frameworks and records without running anything; list what is wrong in the records."""
    from pmf_lib.runs import look
    from pmf_lib.runs.issuing import decide

    request = request_of(options)
    in_order = look.check_parameters()
    records = look.records_of(request)
    click.echo(look.findings_json(records) if as_json else look.findings_text(records, each=each))
    for fault in decide.faults(request, records):
        click.echo(f"decision: {fault}", err=as_json)
    if not as_json:
        click.echo(in_order)


@click.command()
@request_options
@click.option(
    "--why",
    "tells_why",
    is_flag=True,
    help="Say which items the next run would keep, and what changed for the others.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def status(as_json: bool, tells_why: bool, **options: Any) -> None:
    """What runs there are, which items failed, and whether the ledger holds; RUN_FILE and what changes it are for --why."""
    if tells_why:
        _tell_why(options, as_json=as_json)
        return
    if any(options.values()):
        raise ParameterError("What is asked for belongs to --why: `pmf status --why` with the same options.")
    from pmf_lib.runs import look

    facts = look.runs()
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else look.runs_text(facts))
    look.verify_ledger()


def _tell_why(options: dict[str, Any], *, as_json: bool) -> None:
    from pmf_lib.runs import why

    request, asked = request_of(options), unchanged.asked(options)
    found = why.why(asked, request) if asked else []
    click.echo(why.as_json(found) if as_json else why.text(found))


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
