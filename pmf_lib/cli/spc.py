"""``pmf spc``: control charts of anybody's CSV file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option(
    "--by", metavar="COLUMN", help="The column that tells series apart (default: there is one series)."
)
@click.option(
    "--date", metavar="COLUMN", help="The column of periods or days (default: 'date', 'period', 'month' …)."
)
@click.option(
    "--value", metavar="COLUMN", help="The column of values (default: 'value', 'figure', 'result' …)."
)
@click.option(
    "--target", metavar="COLUMN|NUMBER", help="The target in each period: a column, or one number for all."
)
@click.option(
    "--polarity", type=click.Choice(["higher", "lower", "none"]), default="none", show_default=True,
    help="Which way is better.",
)  # fmt: skip
@click.option(
    "--rebase",
    metavar="LABEL",
    multiple=True,
    help="Calculate limits anew from this period or day on (may be given again).",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, with every point.")
@click.option(
    "--chart", "picture_at", metavar="OUT.svg", type=click.Path(path_type=Path), help="Draw the charts there."
)
def spc(file: Path, as_json: bool, picture_at: Path | None, **asked: Any) -> None:
    """Control charts (XmR) of a CSV file: is the change real, can the target be met?

    One row of FILE.csv is one value of one series in one period. Rows that cannot be read are named and left out.
    """
    from pmf_lib.workbook.any_series import Asked, charted, picture, told

    if picture_at:
        picture.check(picture_at)
    with _workbook():
        found = charted(file.read_bytes(), file.name, Asked(**asked), _options())
        click.echo(json.dumps(told.facts(found), indent=2) if as_json else told.text(found))
        for path in picture.write(found, picture_at) if picture_at else ():
            click.echo(f"Drawn: {path}", err=True)


def _options() -> Any:
    """How charts are drawn and read in this workspace."""
    from pmf_lib import policy, settings
    from pmf_lib.performance.schemes import SpcScheme

    return policy.load(settings.root() / "parameters" / "schemes" / "spc.yml", SpcScheme).options


@contextmanager
def _workbook() -> Iterator[None]:
    """Outside any workspace, the words and options are those of the workbook that this command belongs to."""
    from pmf_lib import settings
    from pmf_lib.errors import SettingsError

    given = dict(os.environ)
    try:
        settings.root()
    except SettingsError:
        if "PMF_HOME" not in given:
            os.environ["PMF_HOME"] = str(settings.root(Path(__file__)))
    try:
        yield
    finally:
        if "PMF_HOME" not in given:
            os.environ.pop("PMF_HOME", None)
