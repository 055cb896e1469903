"""A council that does not exist, as ``arrangements/council.yml`` has it: who meets, plans, escalates and acts.

What the file may say: ``arranged_form.py``. What is then changed in its clean records: ``arranged_stories.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from arranged_form import Cells, Made, Service
from catalogue import Catalogue, Measure
from drawn_series import series
from holidays import HOLIDAYS

from pmf_lib import periods, policy
from pmf_lib.periods import Period

LOOKED_AT_DAYS = 46
"""So many days after its end a quarter is rated."""
Row = dict[str, str]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Council:
    """How a council's arrangements are made up, and the measures that they are about."""

    made: Made
    catalogue: Catalogue
    timetable: tuple[Row, ...] = ()
    """Activities of the framework's timetable: id, what, quarter (1 is April to June), frequency."""

    @cached_property
    def quarters(self) -> list[Period]:
        """Quarters whose results are reported."""
        first, last = (
            periods.parse_quarter(each) for each in (self.made.first_quarter, self.made.last_quarter)
        )
        return [first.shift(step) for step in range(last.ordinal - first.ordinal + 1)]

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {each.id: each for each in self.catalogue.measures}

    def director(self, directorate: str) -> str:
        """The post at the head of a directorate."""
        return self.made.directorates[directorate].director

    def lead(self, directorate: str) -> str:
        """The post that supports a directorate's board in performance, and checks its records."""
        return f"Performance lead, {self.made.directorates[directorate].name}"

    def checker(self, owner: str) -> str:
        """The post that checks what this one entered: never the same."""
        staff = self.made.performance
        return staff.manager if owner != staff.manager else staff.clerk

    def services_of(self, directorate: str) -> list[Service]:
        return [each for each in self.made.services if each.directorate == directorate]

    def service_of(self, measure_id: str) -> Service:
        """The service that keeps a measure."""
        measure = self.measures[measure_id]
        named = (measure.directorate, measure.service)
        return next(each for each in self.made.services if (each.directorate, each.name) == named)

    def measures_of(self, service: Service) -> list[Measure]:
        """Measures of the service that are linked to the framework."""
        own = (service.directorate, service.name)
        return [each for each in self.catalogue.measures if (each.directorate, each.service) == own]

    def nodes_of(self, measure: Measure, direct: bool = True) -> list[str]:
        """The nodes that the measure is linked to in this framework."""
        own = [each for each in measure.links if each.framework == self.made.framework]
        return [each.node for each in own if each.directness == "direct" or not direct]

    def reds_of(self, quarter: Period, directorate: str = "", service: str = "") -> list[str]:
        """Measures that missed their target in the quarter."""
        named = [self.measures[name] for name, labels in self.made.reds.items() if quarter.label in labels]
        return [
            each.id
            for each in named
            if directorate in ("", each.directorate) and service in ("", each.service)
        ]

    @cached_property
    def recorded(self) -> dict[str, list[tuple[date, date]]]:
        """Of each measure that ever missed its target: each period's last day, and when its value first came in."""
        named = (self.measures[name] for name in self.made.reds)
        return {
            each.id: [
                (each.period(row["period"]).end, date.fromisoformat(row["recorded_at"]))
                for row in series(each, self.catalogue)
            ]
            for each in named
        }

    def known_on(self, measure_id: str, quarter: Period) -> date:
        """The day on which the figure that the quarter's report rates came in."""
        until = quarter.end + timedelta(days=LOOKED_AT_DAYS)
        came = [(end, day) for end, day in self.recorded[measure_id] if end <= quarter.end and day <= until]
        return max(came)[1]

    def reds_running(self, measure_id: str, quarter: Period) -> int:
        """In how many quarters running, up to this one, the measure missed its target."""
        count, labels = 0, self.made.reds[measure_id]
        while quarter.shift(-count).label in labels:
            count += 1
        return count


def load(folder: Path, catalogue: Catalogue) -> Council:
    """What ``arrangements/council.yml`` of the folder says."""
    made = policy.load(folder / "arrangements" / "council.yml", Made)
    return Council(made, catalogue, _timetable(folder, made) if made.has_timetable else ())


def _timetable(folder: Path, made: Made) -> tuple[Row, ...]:
    place = folder.parents[1] / "parameters" / "frameworks" / made.framework / "timetable.yml"
    return tuple(
        {"frequency": "once"} | {key: str(cell) for key, cell in activity.items()}
        for activity in policy.read_yaml(place)["timetable"]
    )


def texts(cells: Cells) -> Row:
    """Cells as a CSV file has them."""
    return {key: str(cell) for key, cell in cells.items()}


def workday(day: date) -> date:
    """The day itself or, where it is at a weekend or a bank holiday, the next that is neither."""
    while day.weekday() > 4 or day in HOLIDAYS:
        day += timedelta(days=1)
    return day


def entered(day: date, by: str, checked: str, reference: str = "", origin: str = "keyed") -> Row:
    """What a row of evidence says of itself: entered the day after, checked on the next working day."""
    recorded = day + timedelta(days=1)
    return {
        "reference": reference,
        "origin": origin,
        "entered_by": by,
        "verified_by": checked,
        "verified_on": f"{recorded + timedelta(days=1)}",
        "recorded_at": f"{recorded}",
    }


def joined(parts: Iterable[str]) -> str:
    """A list in one cell."""
    return "; ".join(dict.fromkeys(part for part in parts if part))
