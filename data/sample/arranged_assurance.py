"""Made-up sources of assurance, recommendations, approvals and attestations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from arranged import Council, Row, entered, joined, texts, workday
from arranged_form import Assurance


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
            "framework": council.made.framework if one.nodes else "",
            "nodes": joined(one.nodes),
            "risks": joined(one.risks),
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


def attestations(council: Council) -> Iterator[Row]:
    made = council.made
    for day, year in ((each.day, each.title) for each in made.attested_on):
        for directorate in made.directorates:
            for group, claim in (made.attested | made.attested_in.get(directorate, {})).items():
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
