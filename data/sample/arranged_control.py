"""Made-up escalations, actions, risks, assurances, recommendations, approvals, registers and attestations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from arranged import Assurance, Council, Mend, Row, Service, entered, joined, texts, workday
from arranged_meetings import board_of, cabinet_of, cmt_of

from pmf_lib.periods import Period, parse_quarter

SELDOM = ("annual", "academic-annual", "termly")
"""Frequencies of which one result in a year or a term says whether an action is still wanted."""


def short(quarter: Period) -> str:
    """A quarter in an id, such as '24q2'."""
    return f"{quarter.label[2:4]}q{quarter.label[-1]}"


def service_of(council: Council, measure_id: str) -> Service:
    """The service that keeps a measure."""
    measure = council.measures[measure_id]
    named = (measure.directorate, measure.service)
    return next(each for each in council.made.services if (each.directorate, each.name) == named)


def escalations(council: Council) -> Iterator[Row]:
    for measure_id, labels in council.made.reds.items():
        for quarter in council.quarters:
            if quarter.label in labels:
                yield from _steps(council, measure_id, quarter)


def _steps(council: Council, measure_id: str, quarter: Period) -> Iterator[Row]:
    """A miss goes to the directorate; a second running to the management team; a third to Cabinet."""
    measure, running = council.measures[measure_id], council.reds_running(measure_id, quarter)
    service, unit = service_of(council, measure_id), measure.directorate
    board, cmt, cabinet = (
        board_of(council, unit, quarter),
        cmt_of(council, quarter),
        cabinet_of(council, quarter),
    )
    names = [f"{measure_id}-{short(quarter)}-{step}" for step in (1, 2, 3)]
    climb = [
        ("service", "directorate", service.head, board[1] - timedelta(days=5), board),
        ("directorate", "cmt", council.director(unit), board[1] + timedelta(days=1), cmt),
        ("cmt", "cabinet", "Chief Executive", cmt[1] + timedelta(days=1), cabinet),
    ]
    for step, (lower, upper, by, raised, (meeting, day)) in enumerate(climb[:running]):
        last = step + 1 == min(running, 3)
        yield {
            "escalation_id": names[step],
            "about": "measure",
            "measure_id": measure_id,
            "title": f"{measure.title}: target missed",
            "directorate": unit,
            "service": service.name,
            "quarter": quarter.label,
            "follows": names[step - 1] if step else "",
            "from_level": lower,
            "to_level": upper,
            "raised_by": by,
            "raised_on": f"{raised}",
            "received_on": f"{day}",
            "meeting_id": meeting,
            "decided_on": f"{day}",
            "outcome": "action" if last else "referred",
            "decision": "The action in hand goes on" if last else "Referred to the next level",
        } | entered(day, by, council.checker(by), f"Made-up minutes of {meeting}")


def runs(council: Council, measure_id: str) -> list[list[Period]]:
    """Quarters running in which a measure missed; of one that has a result a year or term, all together."""
    found: list[list[Period]] = []
    for quarter in council.quarters:
        if quarter.label not in council.made.reds[measure_id]:
            continue
        again = found and (
            found[-1][-1].shift(1) == quarter or council.measures[measure_id].frequency in SELDOM
        )
        if again:
            found[-1].append(quarter)
        else:
            found.append([quarter])
    return found


def actions(council: Council) -> Iterator[Row]:
    for measure_id in council.made.reds:
        for number, run in enumerate(runs(council, measure_id), start=1):
            yield from _action(council, measure_id, number, run)
    for measure_id, mend in council.made.mends.items():
        yield _mend(council, measure_id, mend)


def _mend(council: Council, measure_id: str, mend: Mend) -> Row:
    """An action to mend what can't be relied on."""
    measure, service = council.measures[measure_id], service_of(council, measure_id)
    raised = board_of(council, measure.directorate, parse_quarter(mend.quarter))[1]
    due = council.made.actions_due
    return {
        "action_id": f"act-data-{measure_id}",
        "title": mend.title,
        "directorate": measure.directorate,
        "service": service.name,
        "measures": measure_id,
        "owner": measure.owner or service.head,
        "raised_on": f"{raised}",
        "due_on": f"{due}",
        "expected_effect": "The figure can be relied on",
        "expected_by": f"{due}",
    } | entered(raised, service.head, council.checker(service.head))


def _action(council: Council, measure_id: str, number: int, run: list[Period]) -> Iterator[Row]:
    """An action as agreed and, where it was done or is no longer wanted, as it ended."""
    made, measure, service = council.made, council.measures[measure_id], service_of(council, measure_id)
    raised = board_of(council, measure.directorate, run[0])[1]
    ends = _end(council, measure_id, run)
    done = made.done.get(measure_id) if ends.get("done_on") else None
    steps = [f"{measure_id}-{short(q)}-1" for q in run]
    years = dict.fromkeys(q.financial_year.label for q in run if q.financial_year.label in made.plan_years)
    row = {
        "action_id": f"act-{measure_id}" + (f"-{number}" if number > 1 else ""),
        "title": done.title if done else f"Recovery plan: {measure.title.lower()}",
        "directorate": measure.directorate,
        "service": service.name,
        "measures": measure_id,
        "objectives": joined(each for year in years for each in _objectives(council, measure_id, year)),
        "risks": f"risk-{service.key}",
        "owner": measure.owner or service.head,
        "raised_on": f"{raised}",
        "expected_effect": done.effect if done else "The measure is back at its target",
        "due_on": ends.get("due_on", f"{made.actions_due}"),
    }
    row["expected_by"] = f"{date.fromisoformat(row['due_on']) + timedelta(days=90)}"
    checked = council.checker(service.head)
    yield row | {"escalations": steps[0]} | entered(raised, service.head, checked)
    ended = {key: day for key, day in ends.items() if key != "due_on"}
    for day in ended.values():
        yield (
            row
            | {"escalations": joined(steps)}
            | ended
            | entered(date.fromisoformat(day), service.head, checked)
        )


def _end(council: Council, measure_id: str, run: list[Period]) -> Row:
    """How an action ended: done where the council's file says so, given up once the measure was back, or not yet."""
    made, measure = council.made, council.measures[measure_id]
    done, begun = made.done.get(measure_id), board_of(council, measure.directorate, run[0])[1]
    if done and begun < done.done_on:
        return {"done_on": f"{done.done_on}", "due_on": f"{done.done_on + timedelta(days=14)}"}
    if run[-1] == council.quarters[-1] or measure.frequency in SELDOM:
        return {}
    return {"stopped_on": f"{board_of(council, measure.directorate, run[-1].shift(1))[1]}"}


def _objectives(council: Council, measure_id: str, year: str) -> list[str]:
    """The service's objectives of the year that name a measure."""
    goals = list(council.made.goals)
    service = service_of(council, measure_id)
    return [
        f"obj-{service.key}-{year[2:4]}-{goals.index(node) + 1:02d}"
        for node in council.nodes_of(council.measures[measure_id], direct=False)
        if node in goals
    ]


def risks(council: Council) -> Iterator[Row]:
    for service in council.made.services:
        yield from _risk(council, service)
    for directorate, unit in council.made.directorates.items():
        first = council.services_of(directorate)[0]
        yield from _shared(
            council, directorate, first, f"risk-{unit.key}-partners", kind="threat", level="partnership"
        )
        yield from _shared(
            council, directorate, first, f"risk-{unit.key}-chance", kind="opportunity", level="directorate"
        )


def _risk(council: Council, service: Service) -> Iterator[Row]:
    """The risk that a service does not reach its measures, reviewed each quarter."""
    named = council.measures_of(service)
    missed = [each.id for each in named if each.id in council.made.reds] or [each.id for each in named[:1]]
    row = {
        "risk_id": f"risk-{service.key}",
        "title": f"{service.name} cannot meet demand with the staff and money that it has",
        "kind": "threat",
        "level": "service",
        "service": service.name,
        "owner": service.head,
        "response": "Demand and staffing are looked at each month; posts are filled first where targets are missed",
        "nodes": joined(node for name in missed for node in council.nodes_of(council.measures[name])),
        "measures": joined(missed),
    }
    yield from _reviewed(council, row, service.directorate, missed)


def _shared(
    council: Council, directorate: str, service: Service, name: str, *, kind: str, level: str
) -> Iterator[Row]:
    named = council.measures_of(service)[:1]
    title = (
        "A partner withdraws its share of the work" if kind == "threat" else "Work with partners frees staff"
    )
    row = {
        "risk_id": name,
        "title": title,
        "kind": kind,
        "level": level,
        "owner": council.director(directorate),
        "response": "Looked at with partners each quarter",
        "nodes": joined(node for each in named for node in council.nodes_of(each)),
        "measures": joined(each.id for each in named),
    }
    yield from _reviewed(council, row, directorate, [each.id for each in named])


def _reviewed(council: Council, row: Row, directorate: str, measures: list[str]) -> Iterator[Row]:
    begin = board_of(council, directorate, council.quarters[0])[1]
    for quarter in council.quarters:
        day = board_of(council, directorate, quarter)[1]
        year = quarter.shift(1).financial_year.label
        missed = any(quarter.label in council.made.reds.get(name, ()) for name in measures)
        yield (
            row
            | {
                "directorate": directorate,
                "framework": council.made.framework,
                "objectives": joined(each for name in measures for each in _objectives(council, name, year)),
                "likelihood": "4" if missed else "3",
                "impact": "3",
                "raised_on": f"{begin}",
                "reviewed_on": f"{day}",
            }
            | entered(day, row["owner"], council.lead(directorate), f"Made-up risk register, {day}")
        )


def assurances(council: Council) -> Iterator[Row]:
    for one in council.made.assurances:
        yield {
            "assurance_id": one.id,
            "line": one.line,
            "kind": one.kind,
            "provider": one.provider,
            "subject": one.subject,
            "scope": one.scope,
            "directorate": one.directorate,
            "groups": joined(one.groups),
            "covers_from": f"{one.reported_on - timedelta(days=one.covers)}",
            "covers_to": f"{one.reported_on}",
            "reported_on": f"{one.reported_on}",
            "amount": one.amount,
            "conclusion": one.conclusion,
            "next_due": f"{one.next_due}",
        } | _assured(council, one)


def _assured(council: Council, one: Assurance) -> Row:
    staff = council.made.performance
    return entered(one.reported_on, staff.clerk, staff.manager, f"Made-up report of {one.reported_on}")


def recommendations(council: Council) -> Iterator[Row]:
    for one in council.made.assurances:
        for number, title in enumerate(one.recommends, start=1):
            row = {"recommendation_id": f"rec-{one.id}-{number}", "assurance_id": one.id, "title": title}
            yield from _recommended(council, row, one.directorate, one.reported_on)
    for asked in council.made.scrutiny_recommends:
        row = {"recommendation_id": f"rec-scrutiny-{asked.day}", "title": asked.title}
        yield from _recommended(council, row | {"made_by": "scrutiny", "made_to": "cabinet"}, "", asked.day)


def _recommended(council: Council, row: Row, directorate: str, day: date) -> Iterator[Row]:
    """A recommendation as made, as answered three weeks later, and as carried out half a year after that."""
    staff, answered = council.made.performance, workday(day + timedelta(days=21))
    due = workday(day + timedelta(days=200))
    row = row | {
        "directorate": directorate,
        "priority": "medium",
        "raised_on": f"{day}",
        "owner": council.director(directorate) if directorate else "Chief Executive",
    }
    yield row | {"response": "awaited"} | entered(day, staff.clerk, staff.manager)
    if answered < council.made.as_at:
        row |= {
            "response": "accepted",
            "answer": "It will be done as recommended",
            "responded_on": f"{answered}",
        }
        row["due_on"] = f"{due}"
        yield row | entered(answered, staff.clerk, staff.manager)
    done = due - timedelta(days=7)
    if done < council.made.as_at:
        yield row | {"done_on": f"{done}"} | entered(done, staff.clerk, staff.manager)


def approvals(council: Council) -> Iterator[Row]:
    staff = council.made.committee
    for given in map(texts, council.made.approvals):
        row = {key: text for key, text in given.items() if key != "id"} | {"approval_id": given["id"]}
        yield row | entered(
            date.fromisoformat(given["decided_on"]), staff.clerk, staff.manager, given["reference"]
        )


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
        for quarter in council.quarters:
            day = workday(quarter.end + timedelta(days=22))
            if begin < day:
                yield row | {"reviewed_on": f"{day}"} | entered(day, staff.clerk, staff.manager)
    elif closed:
        yield row | entered(date.fromisoformat(closed), staff.clerk, staff.manager)


def _contracts(council: Council) -> Iterator[Row]:
    """A contract for each provider that a measure names."""
    named = {each.provider: each for each in council.catalogue.measures if each.provider}
    for number, (provider, measure) in enumerate(sorted(named.items()), start=1):
        service, began = service_of(council, measure.id), council.quarters[0].start
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
            service = service_of(council, measure.id)
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


def attestations(council: Council) -> Iterator[Row]:
    made = council.made
    for day, year in ((each.day, each.title) for each in made.attested_on):
        for directorate in made.directorates:
            for group, claim in made.attested.items():
                yield {
                    "clause_group": group,
                    "directorate": directorate,
                    "year": year,
                    "claimed": claim.claimed,
                    "because": claim.because,
                    "post": council.director(directorate),
                    "evidence": f"Made-up folder of evidence: {group}",
                    "attested_on": f"{day}",
                } | entered(day, council.lead(directorate), made.performance.manager)
