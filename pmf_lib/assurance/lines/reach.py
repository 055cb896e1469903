"""Which areas a source of assurance covers, and how far it reaches into each: a source covers what it names."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.lines.given import Given
from pmf_lib.assurance.lines.sources import OWN_RUN
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.records.many import exploded

REACHED = ("source", "area", "part", "is_complete")


def reached(given: Given, sources: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """One row per source, area that it names, and part of the area that it reaches.

    Parameters
    ----------
    given
        What the map is told from.
    sources
        As from `pmf_lib.assurance.lines.sources.sources`.
    parts
        As from `pmf_lib.assurance.lines.areas.parts`.

    Returns
    -------
    DataFrame
        source, area, part and is_complete (the whole of that part was looked at, and not one service of it). A source limited to a
        directorate reaches only that directorate's parts. One that names an area and none of whose parts are its directorate's has one row with an empty part,
        not complete.
    """
    own = sources[sources["framework"].isin(["", given.framework.id])]
    named = pd.concat(
        [
            _named(own.assign(groups=_group_ids(own["groups"])), "groups", "group"),
            _named(own, "nodes", "node"),
            _named(sources, "risks", "risk"),
        ],
        ignore_index=True,
    )
    pairs = _within(named.merge(parts, on=["kind", "key"]), given)
    every = pd.concat([pairs, _by_measure(sources, parts)], ignore_index=True)
    ordered = every.sort_values("is_complete", ascending=False, kind="stable")
    return (
        ordered.drop_duplicates(["source", "area", "part"]).sort_index()[list(REACHED)].reset_index(drop=True)
    )


def _named(rows: pd.DataFrame, column: str, kind: str) -> pd.DataFrame:
    """One row per source and thing that it names in a column."""
    listed = exploded(rows, column)
    made = listed[["source", "directorate", "service", "made_of"]].rename(
        columns={"directorate": "of_directorate", "service": "of_service"}
    )
    return made.assign(kind=kind, key=listed[column].str.strip())


def _group_ids(cells: pd.Series) -> pd.Series:
    """Groups of clauses by their ids, whatever parts them and whether the id or its words are written."""
    ids = {words.casefold(): group for group, words in GROUPS.items()} | {group: group for group in GROUPS}
    return pd.Series(
        [
            "; ".join(ids.get(name.strip().casefold(), "") for name in cell.replace(",", ";").split(";"))
            for cell in cells
        ],
        cells.index,
        dtype="str",
    )


def _within(pairs: pd.DataFrame, given: Given) -> pd.DataFrame:
    """The parts that lie within what each source looked at; a source that reaches no part whole still touches its area."""
    everywhere = pairs["of_directorate"] == ""
    inside = everywhere | (pairs["of_directorate"] == pairs["directorate"])
    one_service = (pairs["of_service"] != "") & (pairs["of_service"] != pairs["service"])
    of_council = (pairs["made_of"] == OWN_RUN) & everywhere & pairs["key"].isin(_asked_of_directorates(given))
    inside &= ~of_council
    pairs = pairs.assign(inside=inside, is_complete=inside & ~one_service)
    touched = pairs.groupby(["source", "area"], sort=False)["inside"].transform("any")
    bare = pairs[~touched].drop_duplicates(["source", "area"]).assign(part="")
    return pd.concat([pairs[pairs["inside"]], bare], ignore_index=True)[list(REACHED)]


def _asked_of_directorates(given: Given) -> set[str]:
    """Groups of which a level was told in a directorate: there the council's own level speaks of no directorate."""
    own = given.groups[(given.groups["unit"] != "") & (given.groups["level"] != "")]
    words = set(own["group"])
    return {group for group, name in GROUPS.items() if name in words}


def _by_measure(sources: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """What is reached through measures that a source names: that part of each of their nodes."""
    listed = exploded(sources, "measures")[["source", "measures"]].rename(columns={"measures": "part"})
    nodes = parts.loc[(parts["kind"] == "node") & (parts["part"] != ""), ["area", "part"]]
    return listed.merge(nodes, on="part").assign(is_complete=True)[list(REACHED)]
