"""``pmf paper`` and ``pmf issue``: from a draft to an issued version."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click

from pmf_lib.errors import ParameterError

DAY = click.DateTime(["%Y-%m-%d"])
TODAY = "On which day, as YYYY-MM-DD (default: today)."


@click.group()
def paper() -> None:
    """What is said of a run's pages before they are issued, and where each paper stands."""


@paper.command("check")
@click.argument("run")
@click.argument("directorate")
@click.option("--agreed", "answer", flag_value="agreed", help="The facts of its pages are right.")
@click.option(
    "--corrections", "answer", flag_value="corrections wanted", help="Something is wrong: see --note."
)
@click.option("--by", required=True, help="The post that says so.")
@click.option("--note", default="", help="What is to be corrected, or anything else.")
@click.option("--date", "day", type=DAY, help=TODAY)
def paper_check(
    *, run: str, directorate: str, answer: str | None, by: str, note: str, day: datetime | None
) -> None:
    """Write down whether a DIRECTORATE agrees that its pages of a RUN are factually right."""
    from pmf_lib.runs.issuing import papers

    if answer is None or (answer != "agreed" and not note):
        raise ParameterError("Say --agreed, or --corrections with a --note of what is wrong.")
    _written(papers.check(papers.find(run), directorate, answer, by=by, dated=day_of(day), note=note))


@paper.command("respond")
@click.argument("run")
@click.argument("unit")
@click.argument("about", required=False, default="")
@click.option(
    "--accepted", "answer", flag_value="accepted", help="Management will act: see --action and --due."
)
@click.option("--rejected", "answer", flag_value="rejected", help="Management will not: see --note.")
@click.option("--action", default="", help="What will be done.")
@click.option("--by", required=True, help="The post that will do it, or that rejects it.")
@click.option("--due", type=DAY, help="By when, as YYYY-MM-DD.")
@click.option("--note", default="", help="Why it is rejected, or anything else.")
@click.option("--date", "day", type=DAY, help=TODAY)
def paper_respond(
    *, run: str, unit: str, about: str, due: datetime | None, day: datetime | None, **said: Any
) -> None:
    """Write down management's response to a finding: ABOUT a clause, a measure or a faulty row of a UNIT.

    The id of a recommendation, such as R-7K2M9QD, may stand in place of both.
    """
    from pmf_lib.runs.issuing import papers

    if said["answer"] is None:
        raise ParameterError(
            "Say --accepted with --action and --due, or --rejected with a --note that says why."
        )
    by_when = due.date() if due else None
    _written(papers.respond(papers.find(run), unit, about, due=by_when, dated=day_of(day), **said))


@paper.command("rating")
@click.argument("run")
@click.argument("unit")
@click.option("--confirm", is_flag=True, help="The rating that the page proposes is confirmed.")
@click.option("--override", metavar="CODE", help="It is overridden: what is issued in its place. See --why.")
@click.option(
    "--proposed", metavar="CODE", default="", help="What you read on the page; refused if it says another."
)
@click.option("--why", default="", help="Why, as it would follow 'because'; needed to override.")
@click.option("--preparer", required=True, help="The post that prepared the rating.")
@click.option("--reviewer", required=True, help="The post that reviewed it.")
@click.option("--confirmer", required=True, help="The post that confirms or overrides it.")
@click.option("--date", "day", type=DAY, help=TODAY)
def paper_rating(
    *,
    run: str,
    unit: str,
    confirm: bool,
    override: str | None,
    proposed: str,
    day: datetime | None,
    **said: str,
) -> None:
    """Confirm or override the assurance rating that a RUN proposes for a UNIT: a directorate, or council.

    CODE is substantial, reasonable, limited, no_assurance or unable.
    """
    from pmf_lib.runs.issuing import papers, ratings

    if confirm == (override is not None):
        raise ParameterError("Say --confirm, or --override CODE with --why.")
    _written(ratings.rate(papers.find(run), unit, override, expected=proposed, dated=day_of(day), **said))


@paper.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def paper_status(as_json: bool) -> None:
    """List every run: draft, issued or superseded, what directorates have said, and what the last paper recommended."""
    from pmf_lib.runs.issuing import papers

    facts = papers.status()
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else papers.status_text(facts))


@click.command()
@click.argument("run")
@click.option("--preparer", help="The post that prepared the paper.")
@click.option("--reviewer", help="The post that reviewed it.")
@click.option("--confirmer", help="The post that confirms it.")
@click.option(
    "--without-check",
    "without",
    multiple=True,
    metavar="DIRECTORATE=REASON",
    help="Do not wait for this directorate's agreement (may be given again); the reason is printed on the page.",
)
@click.option("--note", help="Anything the pages should say about this issue.")
@click.option("--date", "day", type=DAY, help=TODAY)
def issue(run: str, without: tuple[str, ...], day: datetime | None, **said: str | None) -> None:
    """Issue a RUN as the next version of its quarter's paper; what is issued never changes again."""
    from pmf_lib.runs.issuing import issue as issuing
    from pmf_lib.runs.issuing import papers
    from pmf_lib.runs.site import publish

    given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if without:
        given["without_check"] = dict(_reason(pair) for pair in without)
    if day or given:
        given["dated"] = day_of(day)
    found = papers.find(run)
    made = issuing.issue(found, given)
    index = publish.refresh(found)
    click.echo(f"Issued: {made.name} (run {made.run_id}).\nThe site shows it: {index}")


def _reason(pair: str) -> tuple[str, str]:
    directorate, _, reason = pair.partition("=")
    if not reason.strip():
        raise ParameterError(
            f"--without-check got '{pair}', expected a directorate and a reason, for example 'childrens=No director in post'."
        )
    return directorate.strip(), reason.strip()


def day_of(given: datetime | None) -> date:
    """The day given, else today."""
    return given.date() if given else date.today()


def _written(path: Any) -> None:
    from pmf_lib import settings

    click.echo(
        f"Written: {path.relative_to(settings.root())}. Commit it to git with the rest of parameters/."
    )
