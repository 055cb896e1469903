"""What the proposed rating counts of each unit: duties, groups of duties, figures, and what others found.

Counts of one family are nested (a duty not met is also one not fully met), so that a worsened record never lowers any
of them; shares are of all that is asked, so that a missing record never makes a known failure weigh more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.maturity.ladder import by_another
from pmf_lib.assurance.rating.rules import RatingScheme

ASKED = ("met", "partly", "not_met", "no_evidence")
"""Results of duties that are asked and due: the others were varied by decision, are not due, or nothing arose for them."""
ADVERSE = ("limited", "none")
"""Conclusions of assurers that hold a rating down."""


@dataclass(frozen=True)
class Seen:
    """What the rating looks at, each row with its `unit`; None of a table that nobody sent."""

    clauses: pd.DataFrame
    """One row per unit and clause, as from `pmf_lib.assurance.clauses.results`."""
    groups: pd.DataFrame
    """One row per unit and group of clauses: its level and counts, and how it stands to a year before."""
    reliance: pd.DataFrame
    """One row a measure: unit, reliance (a verdict)."""
    recommendations: pd.DataFrame | None = None
    """As recorded: unit, assurance_id, response, due_on, done_on."""
    assurances: pd.DataFrame | None = None
    """As recorded: unit, line, provider, subject, service, groups, reported_on, conclusion, entered_by, verified_by, verified_on."""
    certifications: pd.DataFrame | None = None
    """One row a measure tested: unit, is_failed."""


def counted(units: Sequence[str], seen: Seen, scheme: RatingScheme, as_at: date) -> pd.DataFrame:
    """Everything that the rating looks at, counted.

    Parameters
    ----------
    units
        Names of the units, in the order of pages.
    seen
        Clause results, levels of groups, and what stands beside them.
    scheme
        Key groups, independent lines, and how long a conclusion stands.
    as_at
        The only today.

    Returns
    -------
    DataFrame
        One row per unit (the index), all counts: asked_n, tested_n, not_met_n, not_full_n (not met or partly), in_doubt_n (or met on
        evidence that is too old), untested_n, varied_n; groups_n, not_lived_n, partly_n (or not lived), paper_n (or on paper), fell_n
        (since a year before), compared_n (groups of which that is known); key_n, key_known_n, key_not_lived_n; measures_n,
        unjudged_n, doubted_n; recommendations_n, overdue_n; limited_n (or none), none_n, unnamed_n (adverse conclusions that
        name no group of duties, which do not count); certified_n, failed_n; tables_n, unsent_n (of recommendations and assurances).
    """
    tables = {
        **_duties(seen.clauses, seen.groups),
        **_groups(seen.groups),
        **_key(seen.groups, key_words(seen.clauses, scheme)),
        **_figures(seen),
        **_recommendations(seen, as_at),
        **_assurers(seen, scheme, as_at),
    }
    unsent = (seen.recommendations is None) + (seen.assurances is None)
    found = pd.DataFrame({name: sums.reindex(list(units)) for name, sums in tables.items()})
    return found.fillna(0).astype(int).assign(tables_n=2, unsent_n=unsent)


def key_words(clauses: pd.DataFrame, scheme: RatingScheme) -> list[str]:
    """The key groups as results name them, in the order of the scheme."""
    names = clauses.drop_duplicates("group_id").set_index("group_id")["group"]
    return [str(names[name]) for name in scheme.key_groups if name in names.index]


def adverse(seen: Seen, scheme: RatingScheme, as_at: date) -> pd.DataFrame:
    """Conclusions of independent assurers that stand and are limited or none, as recorded.

    On each subject of a unit (and service) the newest of a provider's stands, for so many months. A row that no second
    post had checked by then takes no other's place, whatever it says: the worst of it and those before it stands.
    """
    rows = seen.assurances
    if rows is None:
        return pd.DataFrame(columns=["unit", "provider", "subject", "conclusion", "groups"], dtype="str")
    now = pd.Timestamp(as_at)
    asked = rows[rows["line"].isin(scheme.independent_lines) & (rows["reported_on"] <= now)]
    same = [asked[name].str.strip().str.lower() for name in ("unit", "service", "provider", "subject")]
    named = asked.assign(same=pd.Series(list(zip(*same, strict=True)), asked.index, dtype="object"))
    checked_on = named["reported_on"].where(by_another(named) & (named["verified_on"] <= now))
    is_newest = ~(named["reported_on"] < checked_on.groupby(named["same"]).transform("max"))
    stands = named["reported_on"] + pd.DateOffset(months=scheme.conclusions_stand_months) >= now
    worst = named[is_newest & stands & named["conclusion"].isin(ADVERSE)]
    order = worst.assign(_is_none=worst["conclusion"] == "none").sort_values("_is_none", kind="stable")
    return order.drop_duplicates("same", keep="last").sort_index().drop(columns=["same", "_is_none"])


def not_lived_widely(groups: pd.DataFrame, key: Sequence[str], whole: str, scheme: RatingScheme) -> list[str]:
    """Key groups that are not lived in the council's own work, or in as many directorates as hold it down."""
    rows = groups[groups["group"].isin(key) & (groups["duties_n"] > 0) & (groups["level"] == "not_lived")]
    units_n = rows[rows["unit"] != whole].groupby("group").size().reindex(list(key), fill_value=0)
    own = set(rows.loc[rows["unit"] == whole, "group"])
    return [name for name in key if name in own or units_n[name] >= scheme.directorates_that_hold]


def _duties(found: pd.DataFrame, groups: pd.DataFrame) -> dict[str, pd.Series[int]]:
    """Duties asked by unit, and how they stand."""
    binding = found[found["force"].isin(BINDING)]
    duties = binding[binding["result"].isin(ASKED)]
    result = duties["result"]
    not_full = _sum(duties, result.isin(["partly", "not_met"]))
    return {
        "asked_n": _sum(duties, result != ""),
        "tested_n": _sum(duties, result != "no_evidence"),
        "not_met_n": _sum(duties, result == "not_met"),
        "not_full_n": not_full,
        "in_doubt_n": not_full.add(groups.groupby("unit")["aged_n"].sum(), fill_value=0),
        "untested_n": _sum(duties, result == "no_evidence"),
        "varied_n": _sum(binding, binding["result"] == "varied"),
    }


def _groups(groups: pd.DataFrame) -> dict[str, pd.Series[int]]:
    """Groups of duties asked by unit, and how far they are lived; evidence too old to show anything stands as if partly lived."""
    asked = groups[groups["duties_n"] > 0]
    level = asked["level"]
    is_partly = level.isin(["not_lived", "partly"]) | ((level == "not_shown") & (asked["tested_n"] > 0))
    return {
        "groups_n": _sum(asked, level.notna()),
        "not_lived_n": _sum(asked, level == "not_lived"),
        "partly_n": _sum(asked, is_partly),
        "paper_n": _sum(asked, is_partly | (level == "on_paper")),
        "fell_n": _sum(asked, asked["since_year"] == "worse"),
        "compared_n": _sum(asked, asked["since_year"] != "not_known"),
    }


def _key(groups: pd.DataFrame, key: Sequence[str]) -> dict[str, pd.Series[int]]:
    """Key groups asked by unit, of how many a duty could be tested, and how many are not lived."""
    asked = groups[groups["group"].isin(key) & (groups["duties_n"] > 0)]
    return {
        "key_n": _sum(asked, asked["duties_n"] > 0),
        "key_known_n": _sum(asked, asked["tested_n"] > 0),
        "key_not_lived_n": _sum(asked, asked["level"] == "not_lived"),
    }


def _figures(seen: Seen) -> dict[str, pd.Series[int]]:
    """Measures by unit, how far their figures can be relied on, and what came of certifying them."""
    measures, tested = seen.reliance, seen.certifications
    code = measures["reliance"]
    found = {
        "measures_n": _sum(measures, code != ""),
        "unjudged_n": _sum(measures, code == "not_judged"),
        "doubted_n": _sum(measures, code == "do_not_rely"),
    }
    if tested is None:
        return found | {"certified_n": _none(), "failed_n": _none()}
    is_failed = tested["is_failed"].astype(bool)
    return found | {"certified_n": _sum(tested, is_failed.notna()), "failed_n": _sum(tested, is_failed)}


def _recommendations(seen: Seen, as_at: date) -> dict[str, pd.Series[int]]:
    """Recommendations of assurers by unit that were not rejected, and those whose day went by undone."""
    rows, now = seen.recommendations, pd.Timestamp(as_at)
    if rows is None:
        return {"recommendations_n": _none(), "overdue_n": _none()}
    asked = rows[(rows["assurance_id"] != "") & (rows["response"] != "rejected")]
    is_done = asked["done_on"] <= now
    return {
        "recommendations_n": _sum(asked, asked["response"] != ""),
        "overdue_n": _sum(asked, (asked["due_on"] < now) & ~is_done),
    }


def _assurers(seen: Seen, scheme: RatingScheme, as_at: date) -> dict[str, pd.Series[int]]:
    """Conclusions of independent assurers that stand against a unit's arrangements."""
    rows = adverse(seen, scheme, as_at)
    names_group = rows["groups"].str.strip() != ""
    return {
        "limited_n": _sum(rows, names_group),
        "none_n": _sum(rows, names_group & (rows["conclusion"] == "none")),
        "unnamed_n": _sum(rows, ~names_group),
    }


def _sum(rows: pd.DataFrame, flags: pd.Series[bool]) -> pd.Series[int]:
    """Flags counted by unit."""
    return flags.astype(int).groupby(rows["unit"]).sum()


def _none() -> pd.Series[int]:
    return pd.Series(dtype="int64")
