"""Made-up clause results, groups and records of units, for tests of the proposed rating."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import cycle
from typing import Any

import pandas as pd

from pmf_lib import policy, settings
from pmf_lib.assurance import rating
from pmf_lib.assurance.rating import Rated, RatingScheme, Seen

WHOLE = "Whole council"
AS_AT = date(2024, 11, 15)
SCHEME = policy.load(settings.root() / "parameters" / "schemes" / "rating.yml", RatingScheme)
GROUPS = {
    "planning": "planning", "cycle": "planning cycle", "measures-and-data-quality": "measures and data quality",
    "roles-and-reporting": "roles and reporting", "escalation": "escalation", "risk": "risk", "thread": "golden thread",
    "external": "external review", "people-and-values": "people and values", "review": "review",
}  # fmt: skip
"""Ten groups, the first five of them key."""
UNTESTED = ("no_evidence", "varied", "not_due", "not_applicable")


def clauses(unit: str, results: Mapping[str, int]) -> pd.DataFrame:
    """So many duties of each result, in turn over the ten groups."""
    each = [result for result, count in results.items() for _ in range(count)]
    rows = [
        {"unit": unit, "clause": f"c{place}", "group_id": group, "group": GROUPS[group], "force": "duty", "result": result}
        for place, (result, group) in enumerate(zip(each, cycle(GROUPS), strict=False))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "clause", "group_id", "group", "force", "result"])


def groups(
    found: pd.DataFrame, unit: str, levels: Sequence[str] = (), fell: int = 0, aged: int = 0
) -> pd.DataFrame:
    """The groups of these clauses, lived but for the first ones; the first few fell, and the first duties are too old."""
    counts = {name: Counter(rows["result"]) for name, rows in found.groupby("group", sort=False)}
    rows = [
        {
            "unit": unit, "group": name, "level": (*levels, *["lived"] * 10)[place],
            "duties_n": sum(count for result, count in counted.items() if result not in UNTESTED[1:]),
            "tested_n": sum(count for result, count in counted.items() if result not in UNTESTED),
            "aged_n": aged if place == 0 else 0, "since_year": "worse" if place < fell else "same",
        }
        for place, (name, counted) in enumerate(counts.items())
    ]  # fmt: skip
    columns = ["unit", "group", "level", "duties_n", "tested_n", "aged_n", "since_year"]
    return pd.DataFrame(rows, columns=columns)


def assurance(unit: str = "A", **cells: Any) -> dict[str, Any]:
    """A conclusion of internal audit on planning that stands, unless the cells say otherwise."""
    return {
        "unit": unit, "line": "third", "provider": "Head of Internal Audit", "subject": "Planning", "service": "",
        "groups": "planning", "reported_on": pd.Timestamp("2024-06-01"), "conclusion": "limited",
        "entered_by": "Officer", "verified_by": "Manager", "verified_on": pd.Timestamp("2024-06-02"), **cells,
    }  # fmt: skip


def recommendation(unit: str = "A", **cells: Any) -> dict[str, Any]:
    """An accepted recommendation of an assurer that is overdue, unless the cells say otherwise."""
    return {
        "unit": unit, "assurance_id": "audit", "response": "accepted", "due_on": pd.Timestamp("2024-09-30"),
        "done_on": pd.NaT, **cells,
    }  # fmt: skip


def framed(like: dict[str, Any], rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(like))
    days = {name: "datetime64[us]" for name in frame if name.endswith("_on")}
    return frame.astype(days)


def seen(units: Mapping[str, Mapping[str, Any]] | None = None, **tables: Any) -> Seen:
    """What is seen of these units; each may say its `results`, `levels`, `fell`, `aged`, `doubted`, `judged`, `failed`."""
    told = units or {"A": {}, "B": {}, WHOLE: {}}
    found = {unit: clauses(unit, said.get("results", {"met": 50})) for unit, said in told.items()}
    levels = [
        groups(found[unit], unit, said.get("levels", ()), said.get("fell", 0), said.get("aged", 0)) for unit, said in told.items()
    ]  # fmt: skip
    measures = [(unit, code) for unit, said in told.items() for code in _codes(said)]
    tested = [(unit, True) for unit, said in told.items() for _ in range(said.get("failed", 0))]
    return Seen(
        pd.concat(found.values(), ignore_index=True),
        pd.concat(levels, ignore_index=True),
        pd.DataFrame(measures, columns=["unit", "reliance"]),
        framed(recommendation(), tables.get("recommendations", ())) if tables.get("recommendations", ()) is not None else None,
        framed(assurance(), tables.get("assurances", ())) if tables.get("assurances", ()) is not None else None,
        pd.DataFrame(tested, columns=["unit", "is_failed"]),
    )  # fmt: skip


def _codes(said: Mapping[str, Any]) -> list[str]:
    return ["do_not_rely"] * said.get("doubted", 0) + ["rely"] * said.get("judged", 20)


def rated(
    units: Mapping[str, Mapping[str, Any]] | None = None, *, missing: Sequence[str] = (), **tables: Any
) -> Rated:
    """The proposed ratings of these units; the last of them is the whole council."""
    told = units or {"A": {}, "B": {}, WHOLE: {}}
    names = [unit for unit in told if unit != WHOLE]
    there = told if WHOLE in told else {**told, WHOLE: {}}
    return rating.rated(names, WHOLE, seen(there, **tables), SCHEME, as_at=AS_AT, missing=missing)


def code(unit: Mapping[str, Any], **tables: Any) -> str:
    """The proposed rating of one directorate of this kind."""
    return str(rated({"A": unit}, **tables).codes["A"])
