"""A made-up council with sources of assurance, as the assurance map is told from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from pmf_lib import council, framework, policy, settings
from pmf_lib.assurance.lines import AssuranceMap, AssuranceMapScheme, Given, assurance_map
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import PROVENANCE, TABLES

AS_AT = date(2024, 11, 15)
UNITS = ("adults-health", "childrens", "economy-environment", "resources")
SCHEME = policy.load(settings.root() / "parameters" / "schemes" / "assurance_map.yml", AssuranceMapScheme)
AUDIT = {"source_file": "assurances.csv", "source_sheet": "", "line": "third", "kind": "internal-audit",
         "provider": "Head of Internal Audit", "amount": "high", "conclusion": "reasonable", "reported_on": "2024-06-28"}  # fmt: skip
MEASURES = pd.DataFrame(
    {"measure_id": ["bins", "streets"], "directorate": UNITS[2], "service": ["Waste", "Streets"]}
)
LINKS = pd.DataFrame({"measure_id": ["bins", "streets"], "node": "marker-19"})


def rows(table: str, *given: dict[str, Any]) -> pd.DataFrame:
    """Typed rows of a table of arrangements; what is not given is empty."""
    spec = TABLES[table].columns
    made = pd.DataFrame(list(given), columns=[*spec, *PROVENANCE])
    kinds = {name: (column.metadata or {})["kind"] for name, column in spec.items()}
    days = {
        name: pd.to_datetime(made[name]).astype("datetime64[us]")
        for name, kind in kinds.items()
        if kind == "date"
    }
    numbers = {name: pd.to_numeric(made[name]) for name, kind in kinds.items() if kind == "number"}
    texts = [name for name in made if name not in (*days, *numbers, "source_row")]
    made = made.assign(**days, **numbers, source_row=range(2, len(made) + 2))
    return made.assign(**{name: made[name].astype("object").fillna("").astype("str") for name in texts})


def source(name: str, **cells: Any) -> dict[str, Any]:
    """One source of assurance: internal audit's, high, reasonable, reported in June, unless said otherwise."""
    return {**AUDIT, "assurance_id": name, "subject": name.capitalize(), **cells}


def risk(name: str, score: tuple[int, int], **cells: Any) -> dict[str, Any]:
    """One open threat with its likelihood and impact, on a service's register unless said otherwise."""
    likelihood, impact = score
    base = {
        "risk_id": name,
        "title": f"{name.capitalize()} fails",
        "kind": "threat",
        "level": "service",
        "raised_on": "2024-04-01",
    }
    return {**base, "likelihood": likelihood, "impact": impact, **cells}


def levels(group: str, *of: str, whole: str = "", met: int = 1, tested: int = 1) -> pd.DataFrame:
    """Levels of a group in the four directorates, in their order, and of the council where one is given."""
    units = [*UNITS[: len(of)], *([""] if whole else [])]
    made = pd.DataFrame({"group": GROUPS[group], "unit": units, "level": [*of, *([whole] if whole else [])]})
    return made.assign(tested_n=tested, met_n=met)


@cache
def _base() -> Given:
    none = pd.DataFrame(columns=["group", "unit", "level", "tested_n", "met_n"])
    return Given(
        framework=framework.load("pmf-2022-25"),
        council=council.load("sample"),
        quarter=parse_quarter("2024-25 Q2"),
        as_at=AS_AT,
        scheme=SCHEME,
        links=LINKS,
        rated=pd.DataFrame({"measure_id": ["bins", "streets"], "state": ["met", "met"]}),
        measures=MEASURES,
        groups=none.astype({"group": "str", "unit": "str", "level": "str", "tested_n": int, "met_n": int}),
        assurances=rows("assurances"),
        attestations=None,
        risks=rows("risks"),
    )


def given(*sources: dict[str, Any], risks: tuple[dict[str, Any], ...] = (), **more: Any) -> Given:
    """What the map is told from, with these sources and risks."""
    tables = {"assurances": rows("assurances", *sources), "risks": rows("risks", *risks)}
    return replace(_base(), **{**tables, **more})


def made(*sources: dict[str, Any], risks: tuple[dict[str, Any], ...] = (), **more: Any) -> AssuranceMap:
    """The map of it."""
    return assurance_map(given(*sources, risks=risks, **more))


def area(found: AssuranceMap, name: str) -> dict[str, Any]:
    """One area of a map."""
    return found.areas.set_index("area").loc[name].to_dict()


def kinds(found: AssuranceMap, name: str) -> list[str]:
    """Kinds of finding about one area, in order."""
    here = [name in cell.split("; ") for cell in found.findings["areas"]]
    return found.findings.loc[here, "kind"].tolist()
