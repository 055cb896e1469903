"""What every command shares: faults as sentences with an exit code, and the options that change what a run asks for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmf_lib.errors import PmfError, SettingsError
from pmf_lib.runs.unchanged import CHANGES, DEFAULT_RUN

if TYPE_CHECKING:
    from pmf_lib.runs.plan import Request

INTERRUPTED = 130


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


def request_options(command: Any) -> Any:
    """Options that change what a run's file asks for."""
    for name, text in (
        (
            "issued",
            "Ids of issued runs that the annual review reads, or 'none' (default: the newest of each quarter).",
        ),
        ("baseline", "Id of the issued run to compare with, or 'none' (default: the last one issued)."),
        (
            "exemption",
            "Paragraph of Schedule 12A under which the exempt edition is closed, as in 3 or '1, 3'.",
        ),
        ("edition", "Edition of the pages: full, public or exempt."),
        ("as-at", "Date at which the records are read, as YYYY-MM-DD."),
        ("quarter", "Reporting quarter, as 'YYYY-YY Qn'."),
        ("framework", "Id of a folder in parameters/frameworks."),
        ("council", "Id of a file in parameters/councils."),
    ):
        command = click.option(f"--{name}", help=text)(command)
    return click.argument("run_file", required=False, type=click.Path(path_type=Path))(command)


def request_of(options: dict[str, Any]) -> Request:
    """The request of a run's file with the command line's changes."""
    from pmf_lib import settings
    from pmf_lib.runs.plan import read_request

    changes = {name: options[name] for name in CHANGES if options.get(name)}
    return read_request(options["run_file"] or settings.root() / DEFAULT_RUN, changes)


def _file_words(error: OSError) -> str:
    """What the system said of a file or folder: full, locked, not ours to write."""
    named = f"'{error.filename}': " if error.filename else ""
    return (
        f"{named}{error.strerror or error}. A file or folder could not be read or written: see that it is there, "
        "that it is yours to write, and that the disk is not full. What was finished is kept."
    )
