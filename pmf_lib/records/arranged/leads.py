"""Names that lead nowhere: directorates, services, measures, nodes and entries that are not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from pmf_lib.errors import near_miss
from pmf_lib.records import findings
from pmf_lib.records.faults import unknown_name
from pmf_lib.records.many import exploded
from pmf_lib.records.schema import AGENDA_ITEMS, ARRANGEMENTS, TABLES

Tables = Mapping[str, pd.DataFrame]
SUBJECTS = {"plan": "plans", "objectives": "objectives", "target": "measures"}
"""Kind of approval → table that its subjects are of."""


def unknown_directorates(name: str, rows: pd.DataFrame, directorates: Collection[str]) -> pd.DataFrame:
    """Rows of a directorate that the council does not have (rows of the whole council name none)."""
    off = rows[(rows["directorate"] != "") & ~rows["directorate"].isin(list(directorates))]
    expected = "the id of one of the council's directorates, or nothing for the whole council"
    return unknown_name(
        "directorate.unknown", name, off, "directorate", expected=expected, known=directorates
    )


def unknown_owners(name: str, tables: Tables) -> pd.DataFrame:
    """Rows that belong to an entry of another table which is not there, such as an item to its meeting."""
    return findings.gathered(
        _unknown(
            "entry.unknown",
            name,
            tables[name],
            (column, _ids(tables, to)),
            f"the id of a row of the table '{to}'",
        )
        for column, to in _points(name, needed=True)
    )


def unknown_links(name: str, rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Rows that name, beside what they say, an entry of another table which is not there."""
    return findings.gathered(
        _unknown("link.unknown", name, rows, (column, _ids(tables, to)), f"ids of rows of the table '{to}'")
        for column, to in _points(name, needed=False)
    )


def unknown_subjects(approvals: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Approvals of plans, objectives or targets that are not there."""
    parts = []
    for kind, to in SUBJECTS.items():
        rows = exploded(approvals[approvals["kind"] == kind], "subjects")
        parts.append(
            _not_among(
                "link.unknown",
                "approvals",
                rows,
                "subjects",
                known=_ids(tables, to),
                expected=f"ids of the table '{to}'",
            )
        )
    return findings.gathered(parts)


def unknown_nodes(name: str, rows: pd.DataFrame, nodes: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Rows that name a node which their framework does not have; of frameworks that are not known nothing is said."""
    parts = []
    for framework, ids in nodes.items():
        named = exploded(rows[rows["framework"] == framework], "nodes")
        expected = f"ids of nodes of the framework '{framework}'"
        parts.append(_not_among("link.unknown", name, named, "nodes", known=ids, expected=expected))
    return findings.gathered(parts)


def unknown_services(name: str, rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Rows of a service that neither the measures nor the conversations know under this name."""
    known = {*tables["measures"]["service"], *tables["conversations"]["service"]} - {""}
    if not known:
        return findings.none()
    own = name == "conversations"  # names its services itself: only a likely slip of the pen is told
    off = rows[(rows["service"] != "") & ~rows["service"].isin(_measured(tables) if own else known)]
    near = {each: near_miss(each, _measured(tables)) for each in off["service"].unique()}
    off = off[off["service"].map(near).astype("str") != ""] if own else off
    expected = "a service as the table of measures or of conversations writes it"
    return unknown_name("service.unknown", name, off, "service", expected=expected, known=known)


@dataclass(frozen=True)
class Named:
    """What frameworks have beside their nodes, by id: items of agendas of those in use, and clauses of all that are at hand."""

    items: frozenset[str] = frozenset()
    clauses: frozenset[str] = frozenset()


NOTHING = Named()


def unknown_clauses(approvals: pd.DataFrame, clauses: Collection[str]) -> pd.DataFrame:
    """Declared variations of a clause that no framework has, so that they vary nothing; not checked where none is known."""
    varied = exploded(approvals[approvals["kind"] == "variation"], "subjects")
    return _not_among(
        "link.unknown",
        "approvals",
        varied if clauses else varied.head(0),
        "subjects",
        known=clauses,
        expected="ids of clauses of a framework (docs/clauses.md)",
    )


def unknown_items(agenda: pd.DataFrame, more: Collection[str] = ()) -> pd.DataFrame:
    """Items of an agenda that no framework asks for (`more`: items of the framework in use)."""
    expected = "one of the items that the frameworks ask for; another one counts for none of them"
    return _not_among(
        "agenda.unknown", "agenda", agenda, "item", known={*AGENDA_ITEMS, *more}, expected=expected
    )


def with_units() -> list[str]:
    """Tables of arrangements whose rows name a directorate."""
    return [name for name in ARRANGEMENTS if "directorate" in TABLES[name].columns]


def _measured(tables: Tables) -> set[str]:
    return {*tables["measures"]["service"]} - {""}


def _points(name: str, *, needed: bool) -> list[tuple[str, str]]:
    """Columns that point to other tables; those to one measure are checked with the measures' own tables."""
    table = TABLES[name]
    return [
        (column, to)
        for column, to in table.points_to.items()
        if column != "measure_id" and (table.columns[column].metadata or {})["needed"] == needed
    ]


def _unknown(
    rule: str, name: str, rows: pd.DataFrame, way: tuple[str, Collection[str]], expected: str
) -> pd.DataFrame:
    """`way`: the column, and the ids that it may name."""
    column, known = way
    return _not_among(rule, name, exploded(rows, column), column, known=known, expected=expected)


def _ids(tables: Tables, name: str) -> Collection[str]:
    return set(tables[name][TABLES[name].key[0]])


def _not_among(
    rule: str, name: str, rows: pd.DataFrame, column: str, *, known: Collection[str], expected: str
) -> pd.DataFrame:
    is_off = ~rows[column].isin(list(known))
    if not is_off.any():
        return findings.none()
    off = rows[is_off]
    return unknown_name(rule, name, off, column, expected=expected, known=known)
