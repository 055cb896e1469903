"""The rows of the assurance map: groups of clauses, nodes that measures link to, and principal risks; with their parts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.checks.common import still_open
from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.lines.given import Given
from pmf_lib.assurance.lines.rules import LEVELS, RANK
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.records.many import exploded

KINDS = ("group", "node", "risk")
AREAS = ("area", "kind", "key", "title", "number", "level_word", "directorate", "score", "amiss_pct", "required", "why")  # fmt: skip
RATED = ("met", "near", "missed")


def areas(given: Given) -> pd.DataFrame:
    """The areas of the map, in the framework's order.

    Returns
    -------
    DataFrame
        One row per area: area (its id: kind and key), kind (one of `KINDS`), key (the group's, node's or risk's id), title,
        number and level_word (of a node; else empty), directorate (of a risk), score (of the worst open threat to it, 0 where none is known), amiss_pct (the share of a node's rated measures
        that miss, or of a group's tested duties that are not fully met), required (a level) and why (in words).

    Source: a choice of this workbook after HM Treasury's *Assurance frameworks*, docs/methods/assurance-map.md.
    """
    made = pd.concat([_groups(given), _nodes(given), _risks(given)], ignore_index=True)
    return made.assign(area=made["kind"] + " " + made["key"])[list(AREAS)]


def parts(given: Given, of: pd.DataFrame) -> pd.DataFrame:
    """What each area is made of: of a group the directorates, of a node its measures, of a risk itself.

    Returns
    -------
    DataFrame
        One row per area and part: area, kind, key, part (an id; '' of what has no parts), directorate and service (whose the part is; ''
        where it is nobody's).
    """
    units = pd.DataFrame({"part": [one.id for one in given.council.directorates]}, dtype="str")
    groups = of[of["kind"] == "group"].merge(units.assign(whose=units["part"]), how="cross")
    measures = given.links[["measure_id", "node"]].merge(given.measures, on="measure_id")[
        ["node", "measure_id", "directorate", "service"]
    ]
    measures = measures.drop_duplicates(["node", "measure_id"])
    measures = measures.rename(columns={"node": "key", "measure_id": "part", "directorate": "whose"})
    nodes = of[of["kind"] == "node"].merge(measures, on="key", how="left")
    risks = of[of["kind"] == "risk"].assign(part="", whose=lambda rows: rows["directorate"])
    made = pd.concat([groups.assign(service=""), nodes, risks.assign(service="")], ignore_index=True)
    texts = {
        name: made[name].astype("object").fillna("").astype("str") for name in ("part", "whose", "service")
    }
    return made.assign(**texts).assign(directorate=texts["whose"])[
        ["area", "kind", "key", "part", "directorate", "service"]
    ]


def open_threats(given: Given) -> pd.DataFrame:
    """Open threats on the registers, with their score; none where nobody sent the table."""
    if given.risks is None:
        return pd.DataFrame(
            columns=["risk_id", "title", "level", "directorate", "framework", "nodes", "measures", "score"]
        )
    rows = still_open(given.risks, given.as_at, "closed_on")
    rows = rows[rows["kind"] == "threat"]
    return rows.assign(score=(rows["likelihood"] * rows["impact"]).fillna(0).astype(int))


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=[name for name in AREAS if name != "area"])
    texts = {
        name: made[name].astype("object").fillna("").astype("str")
        for name in ("kind", "key", "title", "level_word", "directorate", "required", "why")
    }
    return made.assign(
        **texts,
        score=made["score"].fillna(0).astype(int),
        amiss_pct=made["amiss_pct"].astype("float64").fillna(0),
        number=pd.to_numeric(made["number"]).astype("float64"),
    )


def _groups(given: Given) -> pd.DataFrame:
    """One row per group of the framework's clauses."""
    rows = [
        _group(given, group) for group in GROUPS if any(one.group == group for one in given.framework.clauses)
    ]
    return _frame(rows)


def _group(given: Given, group: str) -> dict[str, object]:
    rules, binding_n = (
        given.scheme.required,
        sum(one.group == group and one.force in BINDING for one in given.framework.clauses),
    )
    told = given.groups[given.groups["group"] == GROUPS[group]]
    tested, met = int(told["tested_n"].sum()), int(told["met_n"].sum())
    base = rules.binding_group if binding_n else rules.other_group
    said = (
        f"It holds {_counted(binding_n, 'duty or minimum requirement', 'duties and minimum requirements')}"
        if binding_n
        else "It holds no duty"
    )
    share = _share(tested - met, tested, "answer to a tested duty", "answers to tested duties", "not full")
    required, raised = _raised(given, base, tested - met, tested, share)
    return {
        "kind": "group",
        "key": group,
        "title": GROUPS[group],
        "amiss_pct": 100 * (tested - met) / max(tested, 1),
        "required": required,
        "why": f"{said}: {base}{raised}.",
    }


def _nodes(given: Given) -> pd.DataFrame:
    """One row per node that measures link to in the quarter's year."""
    known = {row["node"]: row for row in given.framework.node_rows(linkable=True)}
    threats = _threats_to(given)
    states = given.links.merge(given.rated[["measure_id", "state"]], on="measure_id").drop_duplicates(
        ["node", "measure_id"]
    )
    year = given.quarter.financial_year.label
    rows = [
        _node(given, known[node.id], threats, states[states["node"] == node.id]["state"])
        for node in given.framework.linkable_in(year)
    ]
    return _frame(rows)


def _node(
    given: Given, node: dict[str, Any], threats: pd.DataFrame, states: pd.Series[str]
) -> dict[str, object]:
    found = threats[threats["node"] == node["node"]]
    score = int(found["score"].max()) if len(found) else 0
    base = given.scheme.required.of_score(score)
    missed, rated = int((states == "missed").sum()), int(states.isin(RATED).sum())
    share = _share(missed, rated, "rated measure", "rated measures", "missed")
    required, raised = _raised(given, base, missed, rated, share)
    return {
        **{name: node[name] for name in ("title", "number", "level_word")},
        "kind": "node",
        "key": node["node"],
        "score": score,
        "amiss_pct": 100 * missed / max(rated, 1),
        "required": required,
        "why": f"{_threat_words(given, score)}: {base}{raised}.",
    }


def _threat_words(given: Given, score: int) -> str:
    if given.risks is None:
        return "Nobody sent the table of risks"
    return f"The worst open threat to it scores {score}" if score else "No open threat to it is recorded"


def _threats_to(given: Given) -> pd.DataFrame:
    """One row per node and open threat that names it, or one of its measures: node, score."""
    threats = open_threats(given)
    own = threats[threats["framework"].isin(["", given.framework.id])]
    named = exploded(own, "nodes").rename(columns={"nodes": "node"})[["node", "score"]]
    measures = exploded(threats, "measures").rename(columns={"measures": "measure_id"})
    through = measures[["measure_id", "score"]].merge(given.links[["measure_id", "node"]], on="measure_id")
    return pd.concat([named, through[["node", "score"]]], ignore_index=True).astype({"score": "int64"})


def _risks(given: Given) -> pd.DataFrame:
    """One row per principal risk, the highest score first."""
    rules, threats = given.scheme.principal, open_threats(given)
    principal = threats["level"].isin(rules.levels)
    if rules.from_score is not None:
        principal |= threats["score"] >= rules.from_score
    shown = threats[principal.astype(bool)].sort_values(
        ["score", "title"], ascending=[False, True], kind="stable"
    )
    rows = [
        {"kind": "risk", "key": row["risk_id"], "title": row["title"], "directorate": row["directorate"], "score": row["score"],
         "required": (level := given.scheme.required.of_score(row["score"])),
         "why": f"It stands on the {row['level']} register with a score of {row['score']}: {level}."}
        for row in shown.to_dict("records")
    ]  # fmt: skip
    return _frame(rows)


def _raised(given: Given, base: str, part: int, whole: int, said: str) -> tuple[str, str]:
    """The level, raised by one where enough is amiss, and why in words that follow the level."""
    if not whole or 100 * part < given.scheme.required.raised_from_pct * whole:
        return base, ""
    raised = LEVELS[min(RANK[base], len(LEVELS) - 1)]
    return raised, f", raised to {raised} since {said}" if raised != base else f" (and {said})"


def _share(part: int, whole: int, one: str, many: str, what: str) -> str:
    return f"{part} of {whole} {one if whole == 1 else many} {'is' if part == 1 else 'are'} {what}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
