"""Made-up registers: contracts, returns, documents, events, successes, and entries that a council's file lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from arranged import Council, Row, entered, joined, texts, workday
from arranged_form import Service
from arranged_meetings import board_of, short


def registers(council: Council) -> Iterator[Row]:
    yield from _contracts(council)
    yield from _obligations(council)
    for directorate in council.made.directorates:
        yield from _of_directorate(council, directorate)
    yield from _documents(council)
    yield from _events(council)
    for entry in council.made.registers:
        yield from _entry(
            council,
            {"entry_id": entry.id, "register": entry.register_name, "title": entry.title}
            | texts(entry.columns),
        )


def _entry(council: Council, row: Row) -> Iterator[Row]:
    """An entry that came by its own dates, recorded when it began and when it ended; projects and benefits each quarter."""
    staff = council.made.performance
    begin = date.fromisoformat(row["opened_on"])
    closed = row.get("closed_on", "")
    row = row | {"framework": council.made.framework if row.get("nodes") else ""}
    yield row | {"closed_on": "", "outcome": "", "achieved": ""} | entered(begin, staff.clerk, staff.manager)
    if row["register"] in ("projects", "benefits", "pledges"):
        days = [workday(quarter.end + timedelta(days=22)) for quarter in council.quarters]
        days = [day for day in days if begin < day]
        for number, day in enumerate(days):
            said = _so_far(row, number, len(days) - 1) | {"reviewed_on": f"{day}"}
            yield row | said | entered(day, staff.clerk, staff.manager)
    elif closed:
        yield row | entered(date.fromisoformat(closed), staff.clerk, staff.manager)


def _so_far(row: Row, step: int, steps: int) -> Row:
    """What of a pledge's figure was achieved by a quarter's review: nothing at the first, all of it at the last."""
    if row["register"] != "pledges" or not row.get("achieved"):
        return {}
    return {"achieved": f"{round(float(row['achieved']) * step / steps, 1):g}"}


def _contracts(council: Council) -> Iterator[Row]:
    """A contract for each provider that a measure names."""
    named = {each.provider: each for each in council.catalogue.measures if each.provider}
    for number, (provider, measure) in enumerate(sorted(named.items()), start=1):
        service, began = council.service_of(measure.id), council.quarters[0].start
        own = [each.id for each in council.catalogue.measures if each.provider == provider]
        yield {
            "entry_id": f"contract-{number:02d}",
            "register": "contracts",
            "title": f"Contract: {provider}",
            "directorate": measure.directorate,
            "service": service.name,
            "owner": service.head,
            "party": provider,
            "measures": joined(own),
            "opened_on": f"{began}",
            "due_on": f"{began.replace(year=began.year + 4)}",
            "performance_terms": "yes",
        } | entered(
            began, "Procurement Officer", "Head of Procurement and Property", "Made-up contract", "system"
        )


def _obligations(council: Council) -> Iterator[Row]:
    """A return for each national framework that a measure names, year by year."""
    named = {each.external_framework: each for each in council.catalogue.measures if each.external_framework}
    for number, (asked, measure) in enumerate(sorted(named.items()), start=1):
        for year in council.made.plan_years:
            begin = int(year[:4])
            sent = workday(date(begin, 7, 5) + timedelta(days=number % 12))
            service = council.service_of(measure.id)
            own = [each.id for each in council.catalogue.measures if each.external_framework == asked]
            row = {
                "entry_id": f"return-{number:02d}-{begin}",
                "register": "obligations",
                "title": f"{asked}: return of {begin}",
                "directorate": measure.directorate,
                "service": service.name,
                "owner": service.head,
                "party": "Central government",
                "measures": joined(own),
                "opened_on": f"{begin}-04-15",
                "due_on": f"{begin}-07-31",
            }
            yield row | entered(date(begin, 4, 15), service.head, council.lead(measure.directorate))
            yield (
                row
                | {"closed_on": f"{sent}"}
                | entered(sent, service.head, council.lead(measure.directorate))
            )


def _documents(council: Council) -> Iterator[Row]:
    """Documents that each service and each board has."""
    made, begin = council.made, council.quarters[0].financial_year.start
    common = {"register": "documents", "opened_on": f"{begin}", "due_on": f"{made.actions_due}"}
    for number, title in enumerate(made.service_documents, start=1):
        for service in made.services:
            yield (
                common
                | {
                    "entry_id": f"doc-{service.key}-{number}",
                    "title": f"{title} of {service.name}",
                    "directorate": service.directorate,
                    "service": service.name,
                    "owner": service.head,
                }
                | entered(begin, service.head, council.checker(service.head))
            )
    for number, title in enumerate(made.board_documents, start=1):
        for directorate, unit in made.directorates.items():
            row = {
                "entry_id": f"doc-board-{unit.key}-{number}",
                "title": f"{title} of the board, {unit.name}",
            }
            owner = council.director(directorate)
            yield (
                common
                | row
                | {"directorate": directorate, "owner": owner}
                | entered(begin, owner, council.checker(owner))
            )


def _events(council: Council) -> Iterator[Row]:
    """Each activity of the timetable in each quarter that has ended: in its middle month, or in every month."""
    staff = council.made.performance
    for quarter in council.quarters:
        for activity in council.timetable:
            if activity["quarter"] != quarter.label[-1]:
                continue
            for month in (0, 1, 2) if activity["frequency"] == "monthly" else (1,):
                day = workday((quarter.start + timedelta(days=31 * month)).replace(day=14))
                yield {
                    "entry_id": f"event-{activity['id']}-{day:%y%m}"[:40],
                    "register": "events",
                    "event": activity["id"],
                    "title": activity["what"],
                    "opened_on": f"{day}",
                    "closed_on": f"{day}",
                    "owner": staff.manager,
                } | entered(day, staff.clerk, staff.manager, f"Made-up note of {day}")


def _of_directorate(council: Council, directorate: str) -> Iterator[Row]:
    """Successes each quarter; a consultation and training each year."""
    key, services = council.made.directorates[directorate].key, council.services_of(directorate)
    for number, quarter in enumerate(council.quarters):
        service, day = services[number % len(services)], board_of(council, directorate, quarter)[1]
        yield {
            "entry_id": f"success-{key}-{short(quarter)}",
            "register": "successes",
            "directorate": directorate,
            "title": f"Praise for {service.name}",
            "service": service.name,
            "owner": service.head,
            "opened_on": f"{day}",
            "outcome": "Told to all staff; two teams took the way of working over",
        } | entered(day, service.head, council.lead(directorate))
    for year in council.made.plan_years:
        yield from _yearly(council, directorate, f"{key}-{year[:4]}", int(year[:4]), services)


def _yearly(
    council: Council, directorate: str, name: str, year: int, services: list[Service]
) -> Iterator[Row]:
    begin, checked = date(year, 6, 1), council.made.performance.manager
    common = {"directorate": directorate, "owner": council.director(directorate), "opened_on": f"{begin}"}
    rows = {
        "consultations": {"title": "Survey of customers", "party": "Customers", "closed_on": f"{year}-08-31"}
        | {"outcome": "Opening hours and letters were changed"},
        "training": {"title": "Training in performance management", "party": "Managers"}
        | {"planned": f"{4 * len(services)}", "achieved": f"{4 * len(services)}", "unit": "managers"}
        | {"closed_on": f"{year}-09-20"},
        "complaints": {
            "title": "Complaint about a late answer",
            "party": "A resident",
            "due_on": f"{year}-06-29",
        }
        | {"closed_on": f"{year}-06-20", "outcome": "Upheld; the letter was changed"},
    }
    for register, row in rows.items():
        whole = common | {"entry_id": f"{register}-{name}", "register": register} | row
        yield (
            whole
            | {"closed_on": "", "outcome": "", "achieved": ""}
            | entered(begin, council.lead(directorate), checked)
        )
        yield whole | entered(date.fromisoformat(row["closed_on"]), council.lead(directorate), checked)
