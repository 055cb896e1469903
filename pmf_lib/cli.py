"""The ``pmf`` command: a thin skin over the library. Exit codes: see `pmf_lib.errors`."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmf_lib import __version__
from pmf_lib.errors import PmfError, RunError, SettingsError

if TYPE_CHECKING:
    from pmf_lib.runs.plan import Plan, Request

DEFAULT_RUN = "parameters/runs/sample.yml"
INTERRUPTED = 130
ABOVE_ZERO = click.FloatRange(min=0, min_open=True)


class Pmf(click.Group):
    """Turns the workbook's own errors into a sentence and an exit code; a reader never sees a traceback of these."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command and end with its exit code."""
        kwargs["standalone_mode"] = False
        try:
            super().main(*args, **kwargs)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except PmfError as error:
            click.echo(f"pmf: {error}", err=True)
            sys.exit(error.exit_code)
        except OSError as error:
            click.echo(f"pmf: {_file_words(error)}", err=True)
            sys.exit(SettingsError.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo(
                "pmf: interrupted; what was finished is kept, and the same command goes on from there.",
                err=True,
            )
            sys.exit(INTERRUPTED)


@click.group(cls=Pmf)
@click.version_option(__version__, prog_name="pmf")
def main() -> None:
    """Run a quarter of a council's performance management framework, and see what it says."""


def request_options(command: Any) -> Any:
    """Options that change what a run's file asks for."""
    for name, text in (
        ("edition", "Edition of the pages."),
        ("as-at", "Date at which the records are read, as YYYY-MM-DD."),
        ("quarter", "Reporting quarter, as 'YYYY-YY Qn'."),
        ("framework", "Id of a folder in parameters/frameworks."),
        ("council", "Id of a file in parameters/councils."),
    ):
        command = click.option(f"--{name}", help=text)(command)
    return click.argument("run_file", required=False, type=click.Path(path_type=Path))(command)


@main.command()
@request_options
@click.option(
    "--directorate", "directorates", multiple=True, help="Only this directorate (may be given again)."
)
@click.option("--item", help="Only this item, as unit/notebook.")
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


@main.command()
@request_options
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(as_json: bool, **options: Any) -> None:
    """Check parameters, frameworks and records without running anything; list what is wrong in the records."""
    from pmf_lib.runs import look

    request = _request(options)
    in_order = look.check_parameters()
    records = look.records_of(request)
    click.echo(look.findings_json(records) if as_json else look.findings_text(records))
    if not as_json:
        click.echo(in_order)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def status(as_json: bool) -> None:
    """What runs there are, which items failed, and whether the ledger holds."""
    from pmf_lib.runs import look

    facts = look.runs()
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else look.runs_text(facts))
    look.verify_ledger()


@main.group()
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


def _request(options: dict[str, Any]) -> Request:
    from pmf_lib import settings
    from pmf_lib.runs.plan import read_request

    names = ("council", "framework", "quarter", "as_at", "edition")
    changes = {name: options[name] for name in names if options.get(name)}
    return read_request(options["run_file"] or settings.root() / DEFAULT_RUN, changes)


def _plan(options: dict[str, Any]) -> Plan:
    from pmf_lib.runs.plan import plan

    return plan(_request(options), options["directorates"], options["item"] or "")


def _print_plan(plan: Plan, as_json: bool) -> None:
    from pmf_lib.runs import look

    click.echo(plan.manifest.model_dump_json(indent=2) if as_json else look.plan_text(plan))


def _file_words(error: OSError) -> str:
    """What the system said of a file or folder: full, locked, not ours to write."""
    named = f"'{error.filename}': " if error.filename else ""
    return (
        f"{named}{error.strerror or error}. A file or folder could not be read or written: see that it is there, "
        "that it is yours to write, and that the disk is not full. What was finished is kept."
    )


def _refuse_failures(done: Any) -> None:
    failed = [item for item in done.items if item.outcome not in ("ok", "waiting")]
    if failed:
        lines = "\n".join(f"  {item.id}: {item.outcome}. {item.message}" for item in failed)
        raise RunError(
            f"{len(failed)} of {len(done.items)} items did not end well; the rest stands.\n{lines}"
        )


if __name__ == "__main__":
    main()
