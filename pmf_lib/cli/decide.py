"""``pmf decide``: what people decide about measures, written down as files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from pmf_lib.cli.papers import DAY, TODAY, day_of
from pmf_lib.errors import ParameterError

BY = "The post or body that decides, never a name."


@click.group()
def decide() -> None:
    """What people decide about measures: where limits begin anew, and whether words and figures really differ."""


@decide.command("rebase")
@click.argument("run")
@click.argument("measure")
@click.argument("period")
@click.option("--why", required=True, help="What was changed in the process then.")
@click.option("--by", required=True, help=BY)
@click.option("--withdraw", "withdrawn", is_flag=True, help="Take such a decision back.")
@click.option("--date", "day", type=DAY, help=TODAY)
def decide_rebase(run: str, day: datetime | None, **said: Any) -> None:
    """Write down that limits of a MEASURE of a RUN begin anew at a PERIOD of its frequency."""
    from pmf_lib.runs.issuing import decide as deciding
    from pmf_lib.runs.issuing import papers

    _written(deciding.rebase(papers.find(run), dated=day_of(day), **said))


@decide.command("comment")
@click.argument("run")
@click.argument("measure")
@click.option("--confirmed", "answer", flag_value="confirmed", help="It is so: other pages may show both.")
@click.option(
    "--otherwise",
    "answer",
    flag_value="means something else",
    help="The text speaks of something else: nothing more is asked.",
)
@click.option(
    "--unchanged",
    "prompt",
    flag_value="unchanged",
    help="About a text that is that of the quarter before (default: one that seems to contradict its figures).",
)
@click.option("--by", required=True, help=BY)
@click.option("--note", default="", help="Anything that belongs beside it; pages show it.")
@click.option("--date", "day", type=DAY, help=TODAY)
def decide_comment(run: str, measure: str, prompt: str | None, day: datetime | None, **said: Any) -> None:
    """Write down a person's answer to what page 1 of a RUN asks about the commentary of a MEASURE."""
    from pmf_lib.runs.issuing import decide as deciding
    from pmf_lib.runs.issuing import papers

    if said["answer"] is None:
        raise ParameterError("Say --confirmed, or --otherwise where the text means something else.")
    found = papers.find(run)
    _written(deciding.comment(found, measure, prompt or "contradicts", dated=day_of(day), **said))


def _written(made: Any) -> None:
    click.echo(f"Written: {made.path}. Commit it to git with the rest of parameters/.\n{made.note}")
