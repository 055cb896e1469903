"""Made-up meetings, what was on their agenda, and conversations with staff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arranged import Council, Row, entered, joined, workday
from arranged_form import Service

from pmf_lib.periods import Period

REPORTED = (
    "performance-report",
    "escalation",
    "service-planning",
    "risk-management",
    "data-quality",
    "pledges",
)
"""Items that are about the results of a quarter."""
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
OUTCOMES = {
    **dict.fromkeys(("data-quality", "performance-information"), "challenged"),
    "service-planning": "agreed",
    "escalation": "action",
    "budget": "agreed",
}


@dataclass(frozen=True)
class Meeting:
    """One meeting: whose, when, which quarter it looks back on, and its items."""

    id: str
    body: str
    day: date
    items: tuple[str, ...]
    quarter: Period | None = None
    directorate: str = ""
    service: Service | None = None
    portfolio: str = ""


def after(quarter: Period, days: int) -> date:
    """The working day so many days after the quarter's end."""
    return workday(quarter.end + timedelta(days=days))


def short(quarter: Period) -> str:
    """A quarter in an id, such as '24q2'."""
    return f"{quarter.label[2:4]}q{quarter.label[-1]}"


def held(council: Council) -> list[Meeting]:
    """Every meeting up to the day of the report."""
    every = [*_services(council), *_boards(council), *_council_wide(council), *_portfolios(council)]
    return [each for each in every if each.day < council.made.as_at]


def board_of(council: Council, directorate: str, quarter: Period) -> tuple[str, date]:
    """The board that looked at a quarter: id and day."""
    unit = council.made.directorates[directorate]
    day = workday((quarter.end + timedelta(days=1)).replace(day=unit.board_day))
    return f"board-{unit.key}-{day:%Y-%m}", day


def cmt_of(council: Council, quarter: Period) -> tuple[str, date]:
    """The management team's meeting that looked at a quarter."""
    day = after(quarter, council.made.lags["cmt"])
    return f"cmt-{day:%Y-%m}", day


def cabinet_of(council: Council, quarter: Period) -> tuple[str, date]:
    """The Cabinet that looked at a quarter."""
    day = after(quarter, council.made.lags["cabinet"])
    return f"cabinet-{day:%Y-%m-%d}", day


def _services(council: Council) -> Iterator[Meeting]:
    items = council.made.agendas["service-meeting"]["every"]
    for service in council.made.services:
        for quarter in council.quarters:
            day = after(quarter, council.made.lags["service-meeting"])
            name = f"team-{service.key}-{day:%Y-%m}"
            yield Meeting(name, "service-meeting", day, items, quarter, service.directorate, service)


def months(council: Council) -> Iterator[date]:
    """First days of months, from the one after the first quarter to that of the report."""
    day = council.quarters[0].end + timedelta(days=1)
    while day <= council.made.as_at:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def items_of(council: Council, body: str, month: date, is_report: bool) -> tuple[str, ...]:
    """What a body's meeting of a month has on its agenda."""
    agenda = council.made.agendas[body]
    now = (*(["report"] if is_report else []), "every", MONTHS[month.month - 1])
    return tuple(item for when in now for item in agenda.get(when, ()))


def _boards(council: Council) -> Iterator[Meeting]:
    for directorate, unit in council.made.directorates.items():
        for month in months(council):
            day, quarter = workday(month.replace(day=unit.board_day)), _ended(council, month)
            items = items_of(council, "directorate-board", month, quarter is not None)
            yield Meeting(
                f"board-{unit.key}-{day:%Y-%m}", "directorate-board", day, items, quarter, directorate
            )


def _ended(council: Council, month: date) -> Period | None:
    """The quarter that ended the day before this month."""
    return next((each for each in council.quarters if each.end + timedelta(days=1) == month), None)


def _council_wide(council: Council) -> Iterator[Meeting]:
    made = council.made
    quarters = {cmt_of(council, each)[1].replace(day=1): each for each in council.quarters}
    for month in months(council):
        quarter = quarters.get(month)
        day = cmt_of(council, quarter)[1] if quarter else workday(month.replace(day=5))
        yield Meeting(
            f"cmt-{day:%Y-%m}", "cmt", day, items_of(council, "cmt", month, quarter is not None), quarter
        )
        if "strategic-board" in made.agendas:
            yield _strategic(council, month)
    for quarter in council.quarters:
        name, day = cabinet_of(council, quarter)
        yield Meeting(name, "cabinet", day, items_of(council, "cabinet", day, True), quarter)
        day = after(quarter, made.lags["scrutiny"])
        items = items_of(council, "scrutiny", day, True)
        yield Meeting(f"scrutiny-{day:%Y-%m}", "scrutiny", day, items, quarter, portfolio=made.panel)
    for body, days in made.meets.items():
        for day in days:
            yield Meeting(f"{body}-{day}", body, day, items_of(council, body, day, False))


def _strategic(council: Council, month: date) -> Meeting:
    """The strategic board of a month."""
    day, quarter = workday(month.replace(day=9)), _ended(council, month)
    items = items_of(council, "strategic-board", month, quarter is not None)
    return Meeting(f"strategic-{day:%Y-%m}", "strategic-board", day, items, quarter)


def _portfolios(council: Council) -> Iterator[Meeting]:
    items = council.made.agendas["portfolio-meeting"]["every"]
    for directorate, unit in council.made.directorates.items():
        for quarter in council.quarters:
            day = after(quarter, council.made.lags["portfolio-meeting"])
            name = f"portfolio-{unit.key}-{day:%Y-%m}"
            yield Meeting(name, "portfolio-meeting", day, items, quarter, directorate, None, unit.portfolio)


def present(council: Council, one: Meeting) -> str:
    """The posts that were there."""
    made = council.made
    if one.service:
        return joined([one.service.head, f"Team managers of {one.service.name}"])
    if one.body == "directorate-board":
        unit = made.directorates[one.directorate]
        heads = [each.head for each in council.services_of(one.directorate)]
        return joined(
            [council.director(one.directorate), *heads, council.lead(one.directorate), *unit.others]
        )
    if one.body == "portfolio-meeting":
        return joined([f"Portfolio holder for {one.portfolio}", council.director(one.directorate)])
    officers = [council.director(each) for each in made.directorates]
    if one.body in ("cmt", "strategic-board"):
        return joined(["Chief Executive", *officers, made.performance.manager])
    holders = [f"Portfolio holder for {each.portfolio}" for each in made.directorates.values()]
    chairs = {"cabinet": ["Leader of the Council", *holders], "scrutiny": ["Chair of the panel"]}
    return joined([*chairs.get(one.body, ["Chair"]), "Chief Executive", made.committee.manager])


def meetings(council: Council) -> Iterator[Row]:
    for one in held(council):
        is_open = one.body in ("cabinet", "scrutiny", "audit-committee", "full-council")
        yield {
            "meeting_id": one.id,
            "body": one.body,
            "directorate": one.directorate,
            "service": one.service.name if one.service else "",
            "portfolio": one.portfolio,
            "held_on": f"{one.day}",
            "state": "held",
            "time_given": "separate" if one.body in ("directorate-board", "strategic-board") else "dedicated",
            "present": present(council, one),
            "published_on": f"{one.day - timedelta(days=7)}" if is_open else "",
        } | _minuted(council, one)


def agenda(council: Council) -> Iterator[Row]:
    for one in held(council):
        for number, item in enumerate(one.items, start=1):
            yield (
                {
                    "meeting_id": one.id,
                    "number": f"{number}",
                    "item": item,
                    "title": TITLES.get(item, item.replace("-", " ").capitalize()),
                    "report": f"Made-up report {number} of {one.day}",
                }
                | _looked_at(council, one, item)
                | _minuted(council, one)
            )


TITLES = {
    "performance-report": "Performance report for the quarter",
    "performance-information": "Indicators of the month",
    "programmes-and-projects": "Projects",
    "embedding": "How performance management is embedded",
    "framework": "Effectiveness of performance management",
    "service-showcase": "A service shows its work",
    "directorate-specific": "Hot issues",
}


def _looked_at(council: Council, one: Meeting, item: str) -> Row:
    """The quarter, measures, risks and plans of an item, and what became of it."""
    about: Row = {"outcome": OUTCOMES.get(item, "noted")}
    if one.quarter and item in REPORTED:
        about["quarter"] = one.quarter.label
    if one.quarter and item in ("performance-report", "escalation"):
        reds = council.reds_of(one.quarter, one.directorate, one.service.name if one.service else "")
        reds = [each for each in reds if council.known_on(each, one.quarter) <= one.day]
        about |= {"measures": joined(reds), "outcome": "action" if reds else "noted"}
    if item == "risk-management":
        about["risks"] = joined(f"risk-{each.key}" for each in council.services_of(one.directorate))
    if item in ("plan-review", "service-planning") and one.quarter:
        own = [one.service] if one.service else council.services_of(one.directorate)
        if one.quarter.financial_year.label in council.made.plan_years:
            about["plans"] = joined(f"plan-{each.key}-{one.quarter.label[:4]}" for each in own if each)
    if item == "service-showcase" and one.directorate:
        shown = council.services_of(one.directorate)
        about["service"] = shown[one.day.month % len(shown)].name
    about["decision"] = DECISIONS.get(about["outcome"], "")
    return about


DECISIONS = {
    "action": "Each measure that missed its target gets an action or keeps the one that it has.",
    "agreed": "Agreed as reported.",
    "challenged": "Questions on figures and targets were put to the services, and answered.",
}


def _minuted(council: Council, one: Meeting) -> Row:
    if one.service:
        unit = council.lead(one.directorate)
        return entered(one.day, one.service.head, unit, f"Made-up note of {one.day}")
    staff = council.made.committee
    return entered(one.day, staff.clerk, staff.manager, f"Made-up minutes of {one.body}, {one.day}")


def conversations(council: Council) -> Iterator[Row]:
    for year in council.made.plan_years:
        for service in council.made.services:
            yield from _conversations(council, service, int(year[:4]))


def _conversations(council: Council, service: Service, year: int) -> Iterator[Row]:
    """Counts at mid-year and at the year's end: a tenth of the staff is left for the last half of March each."""
    stages = {date(year, 10, 18): (0.5, 1.0), date(year + 1, 3, 28): (1.0, 1.0)}
    for day, (part, reviewed) in stages.items():
        if day < council.made.as_at:
            count = round(service.staff * part)
            yield {
                "directorate": service.directorate,
                "service": service.name,
                "year": f"{year}-{(year + 1) % 100:02d}",
                "staff_n": f"{service.staff}",
                **dict.fromkeys(("held_n", "linked_n", "development_n"), f"{count}"),
                "mid_year_n": f"{round(service.staff * reviewed)}",
            } | entered(
                day,
                "Human Resources Systems Officer",
                "Head of Human Resources",
                "Made-up staff system",
                "system",
            )
