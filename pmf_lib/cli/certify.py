"""``pmf certify``: draw a sample of the cases behind a measure's value, and collect what the auditor found."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmf_lib.cli.returns import content_of, taken_text
from pmf_lib.cli.shared import request_of

if TYPE_CHECKING:
    from pmf_lib.runs.certify.cases import Cases

MOST_SEED = 10**8


@click.group()
def certify() -> None:
    """Certification of measures: from the list of cases to a worksheet, and from the worksheet to the records."""


@certify.command("draw")
@click.argument("council_or_run", metavar="COUNCIL-or-RUN")
@click.argument("measure")
@click.argument("period")
@click.argument("cases", metavar="CASES", type=click.Path(path_type=Path))
@click.option(
    "--controls",
    type=click.Choice(["strong", "moderate", "weak"]),
    default="weak",
    show_default=True,
    help="How sure the way of the figures is, as you judge it now; it says how many cases are drawn.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0, max=MOST_SEED),
    help="What the draw starts from; the same seed draws the same cases (default: a number by chance; it is recorded).",
)
@click.option(
    "--to", "path", type=click.Path(path_type=Path), help="File to write (default: outputs/certify/…)."
)
def certify_draw(
    council_or_run: str,
    measure: str,
    period: str,
    cases: Path,
    *,
    controls: str,
    seed: int | None,
    path: Path | None,
) -> None:
    """Draw the sample of one measure and period, and write the auditor's worksheet.

    CASES is a CSV file or a workbook with a column 'case_id' and, if each case has a figure, a column 'value'.
    """
    from pmf_lib import settings
    from pmf_lib.runs.certify import draw
    from pmf_lib.runs.certify.cases import read_cases
    from pmf_lib.runs.certify.worksheet import workbook_bytes
    from pmf_lib.store import files

    request, listed = draw.request_of(council_or_run), read_cases(cases)
    start = secrets.randbelow(MOST_SEED) if seed is None else seed
    sheet = draw.worksheet(request, measure, period, listed, controls=controls, seed=start)
    path = path or settings.outputs() / "certify" / request.council / f"{draw.stem(sheet)}.xlsx"
    files.write_bytes(path, workbook_bytes(sheet))
    click.echo(
        f"{path}  {len(sheet.drawn)} of {len(listed.figures):,} cases drawn for {controls} controls, seed {start}"
    )
    for note in _notes(listed):
        click.echo(f"note: {note}", err=True)


@certify.command("collect")
@click.argument("worksheet", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--run",
    "run_file",
    type=click.Path(path_type=Path),
    help="A file of parameters/runs, whose council and quarter it is (default: the sample's).",
)
@click.option(
    "--cases", type=click.Path(path_type=Path), help="The list of cases, to draw from again and compare."
)
@click.option(
    "--received", type=click.DateTime(["%Y-%m-%d"]), help="Day on which it was received (default: today)."
)
@click.option(
    "--to",
    "path",
    type=click.Path(path_type=Path),
    help="CSV file of the table of certifications to append the row to (default: the council's inbox).",
)
def certify_collect(
    worksheet: Path,
    *,
    run_file: Path | None,
    cases: Path | None,
    received: datetime | None,
    path: Path | None,
) -> None:
    """Read a filled worksheet (.xlsx or .ods): say what is to be mended, cell by cell, or take it as one row of records."""
    from pmf_lib.runs.certify import collect
    from pmf_lib.runs.certify.cases import read_cases

    day = received.date() if received else date.today()
    listed = read_cases(cases) if cases else None
    done = collect.concluded(content_of(worksheet), worksheet.name, day, listed)
    click.echo(done.words)
    if path:
        collect.to_csv(done, path)
        click.echo(f"Row appended: {path}")
        return
    request = request_of({"run_file": run_file})
    click.echo(taken_text(collect.to_inbox(done, request, worksheet.name, day)))


def _notes(cases: Cases) -> Iterator[str]:
    """What an auditor should know of the list of cases."""
    if cases.unread:
        count = len(cases.unread)
        yield f"{count} {'column was' if count == 1 else 'columns were'} not read, so nothing of it is in the worksheet."
    if cases.personal:
        one = cases.personal == 1
        yield (
            f"{cases.personal} of the case ids {'looks' if one else 'look'} like a person. The worksheet goes to others: use the numbers that the "
            "system gives its cases, and draw again."
        )
    if not cases.has_values:
        yield "The list has no value for each case, so the worksheet will ask you for the value recalculated."
