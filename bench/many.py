"""A made-up council of any number of directorates: the sample council's records, its directorates repeated.

Every copy has ids, titles and services of its own, and points to its own copies of what the first one points to. Posts
keep their names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pmf_lib.records.schema import MEASURES, SEPARATOR, TABLES

Tables = dict[str, pd.DataFrame]
"""Name of a table of records → its rows as text."""
Owners = Mapping[str, Mapping[str, str]]
"""Table → id → whose it is: a directorate's id, or nothing for the whole council's."""
BELONGS = {"measure_id": "measures", "plan_id": "plans", "meeting_id": "meetings"}
"""Column by which a row that names no directorate belongs to one → the table that has its id."""


@dataclass(frozen=True)
class Size:
    """How many directorates, how many times each of their measures, and how often each figure was recorded."""

    directorates: int
    measures: int = 1
    recordings: int = 1


def numbered(name: str, copy: int, mark: str = "-d") -> str:
    """A name's copy; the first is the name itself, and so is nothing. No id of the sample ends like a copy's.

    >>> numbered("childrens", 1), numbered("childrens", 2), numbered("", 2)
    ('childrens', 'childrens-d2', '')
    """
    return name if copy == 1 or not name else f"{name}{mark}{copy}"


def read(folder: Path) -> Tables:
    """The tables of a folder of records, as text."""
    found = {name: folder / f"{name}.csv" for name in TABLES}
    return {
        name: pd.read_csv(path, dtype="str", keep_default_na=False)
        for name, path in found.items()
        if path.is_file()
    }


def grown(tables: Tables, council: Mapping[str, Any], size: Size) -> Tables:
    """The records of a council of this size (`council`: the sample's own file, as read)."""
    more = with_measures(tables, size.measures)
    more["observations"] = recorded_again(more["observations"], size.recordings)
    found = of_directorates(more, copies_of(council, size))
    return {name: frame.astype("str") for name, frame in found.items()}


def copies_of(council: Mapping[str, Any], size: Size) -> Counter[str]:
    """Directorate of the sample → how many of it there are; they come in turn."""
    names = [one["id"] for one in council["directorates"]]
    return Counter(names[number % len(names)] for number in range(size.directorates))


def grown_council(council: Mapping[str, Any], size: Size) -> dict[str, Any]:
    """The council's own file with these directorates; portfolios take in the copies of what they hold."""
    copies = copies_of(council, size)
    known = {one["id"]: one for one in council["directorates"]}
    units = [
        {
            **known[name],
            "id": numbered(name, copy),
            "name": numbered(known[name]["name"], copy, " "),
            "services": [numbered(service, copy, " ") for service in known[name]["services"]],
        }
        for copy in range(1, max(copies.values()) + 1)
        for name in copies
        if copy <= copies[name]
    ]
    services = {service: copies[name] for name in copies for service in known[name]["services"]}
    portfolios = [_portfolio(one, copies, services) for one in council["portfolios"]]
    return {**council, "directorates": units, "portfolios": portfolios}


def _portfolio(
    one: Mapping[str, Any], copies: Mapping[str, int], services: Mapping[str, int]
) -> dict[str, Any]:
    """One portfolio with the copies of its directorates and services."""
    named = {
        what: [
            numbered(name, copy, mark)
            for name in one.get(what, [])
            for copy in range(1, held.get(name, 0) + 1)
        ]
        for what, held, mark in (("directorates", copies, "-d"), ("services", services, " "))
    }
    return {**one, **{what: names for what, names in named.items() if names or what in one}}


def with_measures(tables: Tables, times: int) -> Tables:
    """Each measure so many times, with all its figures; what names a list of measures names its copies too."""
    again = range(1, times + 1)
    found = dict(tables)
    for name, frame in tables.items():
        if name in MEASURES:
            found[name] = pd.concat([_variant(frame, number) for number in again], ignore_index=True)
        for column in _lists(name, "measures"):
            found[name] = _mapped(
                found[name], column, lambda each: [numbered(each, number, "-x") for number in again]
            )
    return found


def _variant(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    titles = {"title": _named(frame["title"], number)} if "title" in frame else {}
    return frame.assign(
        measure_id=frame["measure_id"].map(lambda each: numbered(each, number, "-x")), **titles
    )


def recorded_again(observations: pd.DataFrame, times: int) -> pd.DataFrame:
    """Each figure recorded so often: as it stood last, once a day on the days after."""
    last = observations.drop_duplicates(["measure_id", "period"], keep="last")
    days = pd.to_datetime(last["recorded_at"])
    later = [
        last.assign(recorded_at=(days + pd.Timedelta(days=number)).dt.strftime("%Y-%m-%d"))
        for number in range(1, times)
    ]
    return pd.concat([observations, *later], ignore_index=True)


def of_directorates(tables: Tables, copies: Mapping[str, int]) -> Tables:
    """So many copies of each directorate's rows, and the whole council's rows once, about all of them."""
    whose = _whose(tables)
    owners = {
        name: dict(zip(frame[TABLES[name].key[0]], whose[name], strict=True))
        for name, frame in tables.items()
    }
    services = _services(tables, copies)
    found = {}
    for name, frame in tables.items():
        parts = [_shared(name, frame[whose[name] == ""], owners, copies, services)]
        parts += [
            _copy(name, frame[whose[name] == unit], owners, copies, (unit, copy))
            for unit, count in copies.items()
            for copy in range(1, count + 1)
        ]
        found[name] = pd.concat(parts, ignore_index=True)
    return found


def _whose(tables: Tables) -> dict[str, pd.Series]:
    """Table → whose each of its rows is: a directorate's id, or nothing for the whole council's."""
    found: dict[str, pd.Series] = {}
    for name, frame in tables.items():
        if "directorate" in frame:
            found[name] = frame["directorate"]
            continue
        column = next(column for column in BELONGS if column in frame)
        to = BELONGS[column]
        owners = dict(zip(tables[to][column], found[to], strict=True))
        found[name] = frame[column].map(owners).fillna("")
    return found


def _services(tables: Tables, copies: Mapping[str, int]) -> set[str]:
    """Services that some directorate of the council has."""
    both = pd.concat([tables["measures"], tables["conversations"]])
    return {"", *both.loc[both["directorate"].isin(list(copies)), "service"]}


def _shared(
    name: str, rows: pd.DataFrame, owners: Owners, copies: Mapping[str, int], services: set[str]
) -> pd.DataFrame:
    """Rows of the whole council: where they name one entry it is the first copy, where a list it is all of them."""
    for column, to in _references(name).items():
        whole = column in _lists(name, to)
        rows = _mapped(
            rows, column, lambda each, to=to, whole=whole: _all(each, owners[to], copies, whole=whole)
        )
    if "service" in rows:
        rows = rows.assign(service=rows["service"].where(rows["service"].isin(services), ""))
    return rows


def _all(each: str, owners: Mapping[str, str], copies: Mapping[str, int], *, whole: bool) -> list[str]:
    owner = owners.get(each, "")
    count = copies.get(owner, 0) if owner else 1
    return [numbered(each, copy) for copy in range(1, count + 1)][: None if whole else 1]


def _copy(
    name: str, rows: pd.DataFrame, owners: Owners, copies: Mapping[str, int], of: tuple[str, int]
) -> pd.DataFrame:
    """Rows of one copy of a directorate (`of`: its id in the sample and its number)."""
    unit, copy = of
    for column, to in _references(name).items():
        rows = _mapped(rows, column, lambda each, to=to: _one(each, owners[to].get(each, ""), copies, copy))
    if "directorate" in rows:
        rows = rows.assign(directorate=numbered(unit, copy))
    if "service" in rows:
        rows = rows.assign(service=rows["service"].map(lambda each: numbered(each, copy, " ")))
    return rows.assign(title=_named(rows["title"], copy)) if "title" in rows else rows


def _one(each: str, owner: str, copies: Mapping[str, int], copy: int) -> list[str]:
    """An id as this copy names it: its own copy, the nearest there is of another directorate's, the council's as it is."""
    if not owner:
        return [each]
    nearest = min(copy, copies.get(owner, 0))
    return [numbered(each, nearest)] if nearest else []


def _named(titles: pd.Series, copy: int) -> pd.Series:
    return titles if copy == 1 else titles.where(titles == "", titles + f" ({copy})")


def _references(name: str) -> dict[str, str]:
    """Column → table whose ids it holds; the table's own ids too."""
    table = TABLES[name]
    own = table.key[0]
    is_own = own.endswith("_id") and own not in table.points_to
    return {**table.points_to, **({own: name} if is_own else {})}


def _lists(name: str, to: str) -> list[str]:
    """Columns of a table that hold lists of another table's ids."""
    columns = TABLES[name].columns
    return [
        column
        for column, table in TABLES[name].points_to.items()
        if table == to and (columns[column].metadata or {})["kind"] == "ids"
    ]


def _mapped(frame: pd.DataFrame, column: str, ids: Callable[[str], list[str]]) -> pd.DataFrame:
    """The frame with each id of a column replaced by these."""

    def cell(text: str) -> str:
        named = [part.strip() for part in text.split(SEPARATOR.strip()) if part.strip()]
        return SEPARATOR.join(new for each in named for new in ids(each))

    if column not in frame:
        return frame
    said = {text: cell(text) for text in frame[column].unique()}
    return frame.assign(**{column: frame[column].map(said)})
