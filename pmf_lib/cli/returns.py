"""``pmf returns``: send out templates, collect what comes back, and see whom to chase."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmf_lib.cli.shared import request_of, request_options
from pmf_lib.errors import ParameterError, RecordsError

if TYPE_CHECKING:
    from pmf_lib.records.returns.status import Standing
    from pmf_lib.records.returns.take import Asked, Taken
    from pmf_lib.runs.plan import Request

LISTED = 100


@click.group()
def returns() -> None:
    """Workbooks that directorates fill in: send, collect, chase."""


@returns.command("template")
@request_options
@click.option(
    "--directorate", "directorates", multiple=True, help="Only this directorate (may be given again)."
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder to write into (default: outputs/returns/…).",
)
@click.option("--blank", is_flag=True, help="Write empty workbooks, for a council that has no records yet.")
def returns_template(directorates: tuple[str, ...], folder: Path | None, blank: bool, **options: Any) -> None:
    """Write one workbook a directorate, with its measures filled in."""
    from pmf_lib import council as councils
    from pmf_lib.periods import parse_quarter
    from pmf_lib.records.collect import collect
    from pmf_lib.records.returns.sheets import workbook_bytes
    from pmf_lib.records.returns.template import Whose, template
    from pmf_lib.store import files

    request = request_of(options)
    council, quarter, nodes = councils.load(request.council), parse_quarter(request.quarter), _nodes(request)
    units = [council.directorate(one) for one in directorates] or list(council.directorates)
    records = None if blank else collect(council, nodes=nodes)
    folder = folder or _outputs() / "returns" / council.id / quarter.path
    for unit in units:
        path = folder / f"{council.id}-{quarter.path}-{unit.id}.xlsx"
        files.write_bytes(path, workbook_bytes(template(Whose(council, unit, quarter, nodes), records)))
        click.echo(f"{path}  for {unit.director or unit.name}")


@returns.command("collect")
@click.argument("books", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--run",
    "run_file",
    type=click.Path(path_type=Path),
    help="A file of parameters/runs (default: the sample's).",
)
@click.option(
    "--received", type=click.DateTime(["%Y-%m-%d"]), help="Day on which it was received (default: today)."
)
@click.option(
    "--received-by", default="", help="Post that received it (default: the council's 'collected_by')."
)
@click.option("--directorate", default="", help="Whose return it is, where its cover does not say.")
@click.option("--json", "as_json", is_flag=True, help="Print receipts and faults as JSON.")
def returns_collect(books: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Take filled workbooks (.xlsx or .ods): keep the good rows, and say what is to be mended, cell by cell."""
    from pmf_lib.records.returns.take import take

    asked, refused, printed = _asked(options), [], []
    for path in books:
        try:
            taken = take(content_of(path), path.name, asked)
        except (ParameterError, RecordsError) as error:
            refused.append(str(error))
            continue
        printed.append(_taken_json(taken))
        if not as_json:
            click.echo(taken_text(taken))
    if as_json:
        click.echo(json.dumps(printed, indent=2, ensure_ascii=False))
    if refused:
        raise RecordsError("\n".join(refused))


@returns.command("status")
@request_options
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def returns_status(as_json: bool, **options: Any) -> None:
    """Who has sent what, when it was due, what is faulty or awaited, and whom to chase."""
    from pmf_lib import council as councils
    from pmf_lib.periods import parse_date, parse_quarter
    from pmf_lib.records.returns import inbox
    from pmf_lib.records.returns.status import standing

    request = request_of(options)
    council, quarter, as_at = (
        councils.load(request.council),
        parse_quarter(request.quarter),
        parse_date(request.as_at),
    )
    found = standing(council, quarter, as_at, _nodes(request))
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=2, ensure_ascii=False))
        return
    click.echo(f"Returns of {council.name} for {quarter.words}, as at {as_at.isoformat()}")
    _print_standing(found)
    for name in inbox.without_receipt(council):
        click.echo(f"Not read, because it was not taken to its end: {name}. Collect it again.")


def taken_text(taken: Taken) -> str:
    """A receipt for a terminal, with every fault by its cell."""
    receipt = taken.receipt
    if not taken.is_new:
        return f"{receipt.file}: the same workbook was taken on {receipt.received.isoformat()}; nothing was changed."
    lines = [
        f"{kind}: {text}"
        for kind, text in zip(taken.faults["severity"], taken.faults["message"], strict=True)
    ]
    more = [f"and {len(lines) - LISTED} more; --json lists all."] if len(lines) > LISTED else []
    head = (
        f"Taken: {receipt.file}, {receipt.kind} of {receipt.directorate} for {receipt.quarter}, received "
        f"{receipt.received.isoformat()}, kept as {receipt.kept_as}. Rows read {receipt.rows_read}, kept "
        f"{receipt.rows_kept}, left out {receipt.rows_left_out}, still without a value {receipt.rows_unfilled}; "
        f"faults {receipt.findings}."
    )
    mend = [f"Send back to be mended: {taken.to_mend}"] if taken.to_mend else []
    changes = [f"changed: {each}" for each in taken.changes]
    return "\n".join(
        [*lines[:LISTED], *more, *changes, *(f"note: {each}" for each in receipt.notes), head, *mend]
    )


def _taken_json(taken: Taken) -> dict[str, Any]:
    faults = json.loads(taken.faults.to_json(orient="records"))
    receipt = json.loads(taken.receipt.model_dump_json())
    return {
        "receipt": receipt, "is_new": taken.is_new, "faults": faults, "changes": list(taken.changes),
        "to_mend": taken.to_mend,
    }  # fmt: skip


def _asked(options: dict[str, Any]) -> Asked:
    from pmf_lib import council as councils
    from pmf_lib.periods import parse_quarter
    from pmf_lib.records.returns.inbox import policy_of
    from pmf_lib.records.returns.take import Asked

    request = request_of(options)
    council = councils.load(request.council)
    policy_of(council)
    received = options["received"].date() if options["received"] else date.today()
    quarter, nodes = parse_quarter(request.quarter), _nodes(request)
    return Asked(council, quarter, nodes, received, options["received_by"], options["directorate"])


def content_of(path: Path) -> bytes:
    """The bytes of a workbook that came, and no more than a return may hold."""
    from pmf_lib.records.returns.safe import MOST_BYTES

    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise RecordsError(f"'{path.name}' cannot be opened: {error.strerror}.") from error


def _nodes(request: Request) -> dict[str, list[str]]:
    from pmf_lib import framework as frameworks

    found = frameworks.load(request.framework)
    return {found.id: [node.id for node in found.linkable]}


def _outputs() -> Path:
    from pmf_lib import settings

    return settings.outputs()


def _print_standing(found: list[Standing]) -> None:
    """A table where there is a terminal, else a few plain lines a directorate."""
    if sys.stdout.isatty():
        _print_table(found)
    for one in found:
        if not sys.stdout.isatty():
            click.echo(
                f"{one.directorate} ({one.director or 'no director named'}): due {one.due.isoformat()}; {one.words}"
            )
            click.echo(
                f"  returns {len(one.received)}, rows {one.rows}, faults open {one.faults}, figures awaited "
                f"{one.awaited}, of these overdue {one.overdue}"
            )
        for post, measures in one.chase.items():
            click.echo(f"  chase {post}: {', '.join(measures)}")


def _print_table(found: list[Standing]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for head in (
        "Directorate",
        "Director",
        "Due",
        "Received",
        "Returns",
        "Rows",
        "Faults",
        "Awaited",
        "Overdue",
    ):
        table.add_column(head)
    for one in found:
        figures = (len(one.received), one.rows, one.faults, one.awaited, one.overdue)
        table.add_row(one.name, one.director, one.due.isoformat(), one.words, *map(str, figures))
    Console(markup=False).print(table)
