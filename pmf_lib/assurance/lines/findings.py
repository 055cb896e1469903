"""What the map shows: gaps in assurance and in control, conflicts, single lines, stale sources, overlaps, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from pmf_lib.assurance.lines.cells import IN_FORCE, STALE, is_bad
from pmf_lib.assurance.lines.pairs import at_once as looked_at_once
from pmf_lib.assurance.lines.pairs import between, covering, steps, with_run
from pmf_lib.assurance.lines.rules import LINES
from pmf_lib.assurance.lines.sources import RECORDED
from pmf_lib.assurance.lines.told import Told, concluded, source_words

KINDS = ("control", "gap", "conflict", "single_line", "stale", "over", "unknown")
"""Kinds of finding, those that ask most of a reader first."""
COLUMNS = ("kind", "areas", "titles", "sentence", "why", "weight", "sources")
UNSENT = "Nobody sent the table of assurances"
PUBLISHED = "Published figures hold no reports of audits or inspections"
KIND_WORDS = {"group": "groups of clauses", "node": "{nodes}", "risk": "principal risks"}


def findings(told: Told) -> pd.DataFrame:
    """What the map shows, one row a finding.

    Returns
    -------
    DataFrame
        kind (one of `KINDS`), areas (ids, joined by ``; ``), titles (their names), sentence, why, weight (of the heaviest area) and sources (ids, joined by
        ``; ``); by kind, then the heaviest first. Without the table of assurances only what is not known is told.

    Source: a choice of this workbook, docs/methods/assurance-map.md.
    """
    finders: dict[str, Callable[[Told], list[dict[str, Any]]]] = {
        "control": _control, "gap": _gaps, "conflict": _conflicts, "single_line": _single, "stale": _stale, "over": _over,
    }  # fmt: skip
    asked = finders if told.is_sent else {}
    rows = [{**row, "kind": kind} for kind, find in asked.items() for row in find(told)]
    rows += [{**row, "kind": "unknown"} for row in _unknown(told)]
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = {name: made[name].astype("str") for name in COLUMNS if name != "weight"}
    made = made.assign(**texts, weight=made["weight"].fillna(0).astype(int))
    place = made["kind"].map({kind: at for at, kind in enumerate(KINDS)})
    ordered = made.assign(_place=place).sort_values(
        ["_place", "weight"], ascending=[True, False], kind="stable"
    )
    return ordered.drop(columns="_place").reset_index(drop=True)


def _row(areas: pd.DataFrame, sentence: str, why: str, sources: list[str] | None = None) -> dict[str, Any]:
    return {
        "areas": "; ".join(areas["area"]),
        "titles": "; ".join(areas["name"]),
        "sentence": sentence,
        "why": why,
        "weight": int(areas["weight"].max()),
        "sources": "; ".join(dict.fromkeys(sources or [])),
    }


def _gaps(told: Told) -> list[dict[str, Any]]:
    """Areas of which a source is recorded, and less is given than is asked."""
    rows = told.areas[told.areas["standing"] == "gap"]
    return [
        _row(
            rows.loc[[at]],
            f"{_sentence(area['name'])} has {_less(area)} assurance than it asks for: {area['provided'] or 'none'} instead of {area['required']}.",
            f"{area['why']} {_lines(told, area['area'])}",
        )
        for at, area in zip(rows.index, rows.to_dict("records"), strict=True)
    ]


def _less(area: dict[Any, Any]) -> str:
    return "less" if area["points"] else "no"


def _lines(told: Told, area: str) -> str:
    """What the lines of an area give, in a sentence."""
    rows = told.cells[(told.cells["area"] == area) & (told.cells["state"] == IN_FORCE)]
    said = [
        f"{LINES[row['line']].lower()} {row['amount']}{' in part' if row['reach'] == 'part' else ''}"
        for row in rows.to_dict("records")
    ]
    return f"What it has: {', '.join(said)}." if said else "No source is in force."


def _control(told: Told) -> list[dict[str, Any]]:
    """Areas of which a recorded source in force concludes that the control is weak."""
    rows = covering(told)
    bad = rows[rows["conclusion"].map(is_bad).astype(bool)]
    made = []
    for area, found in bad.groupby("area", sort=False):
        worst = found.assign(step=steps(found["conclusion"])).sort_values(
            "step", ascending=False, kind="stable"
        )
        name = _name(told, str(area))
        said = "; ".join(
            f"{source_words(row, told.whose)}: {concluded(row['conclusion'])}"
            for row in worst.to_dict("records")
        )
        made.append(
            _row(
                _of(told, area),
                f"{_sentence(name)} was looked at, and what was found is weak: {concluded(worst['conclusion'].iloc[0])}.",
                f"{said}.",
                worst["source"].tolist(),
            )
        )
    return made


def _conflicts(told: Told) -> list[dict[str, Any]]:
    """Areas on which two sources in force, or one and the run's own level, are too many steps apart."""
    pairs = pd.concat([between(told), with_run(told)], ignore_index=True)
    pairs = pairs[pairs["apart"] >= told.scheme.conflict_from_steps]
    widest = pairs.sort_values("apart", ascending=False, kind="stable").drop_duplicates("area")
    ordered = widest.set_index("area").reindex(
        [one for one in told.areas["area"] if one in set(widest["area"])]
    )
    return [
        _row(
            _of(told, area),
            f"Sources disagree about {_name(told, str(area))}: {concluded(row['said'])} and {concluded(row['other_said'])}.",
            f"{row['words']}; {row['other_words']}.",
            [row["source"], row["other"]],
        )
        for area, row in ordered.iterrows()
    ]


def _single(told: Told) -> list[dict[str, Any]]:
    """Areas that ask for much and rest on one line alone; where that is too little, the gap says it."""
    rows = told.areas[
        (told.areas["required"] == "high") & (told.areas["lines_n"] == 1) & (told.areas["short"] == 0)
    ]
    made = []
    for at, area in zip(rows.index, rows.to_dict("records"), strict=True):
        cell = told.cells[(told.cells["area"] == area["area"]) & (told.cells["points"] > 0)].iloc[0]
        made.append(
            _row(
                rows.loc[[at]],
                f"{_sentence(area['name'])} asks for high assurance and rests on one line alone.",
                f"{area['why']} {LINES[cell['line']]} alone: {cell['providers']}.",
            )
        )
    return made


def _stale(told: Told) -> list[dict[str, Any]]:
    """Recorded sources that are stale and that nothing in force of their line stands in for, each with its areas."""
    rows = told.reached.drop_duplicates(["source", "area"]).merge(told.sources, on="source")
    rows = rows[rows["is_stale"] & ~rows["is_replaced"] & (rows["made_of"] == RECORDED)]
    lapsed = told.cells.loc[told.cells["state"] == STALE, ["area", "line"]]
    rows = rows.merge(lapsed, on=["area", "line"])
    made = []
    for source, found in rows.groupby("source", sort=False):
        row = found.iloc[0].to_dict()
        areas = told.areas[told.areas["area"].isin(found["area"])]
        made.append(
            _row(
                areas,
                f"{_sentence(source_words(row, told.whose))} can no longer be relied on: {row['why_stale']}.",
                f"Nothing newer of the {LINES[row['line']].lower().removesuffix(' line')} line is recorded on {_listed(list(areas['name']))}.",
                [str(source)],
            )
        )
    return made


def _over(told: Told) -> list[dict[str, Any]]:
    """Areas that are given far more than they ask for, by several lines that looked at the same time."""
    rows = told.areas[told.areas["standing"] == "over"]
    at_once = looked_at_once(told)
    made = []
    for at, area in zip(rows.index, rows.to_dict("records"), strict=True):
        found = at_once[at_once["area"] == area["area"]]
        if found.empty:
            continue
        lines = [line for line in LINES if line in {*found["line"], *found["line_2"]}]
        made.append(
            _row(
                rows.loc[[at]],
                f"{_sentence(area['name'])} has more assurance than it asks for: {_listed([LINES[line].lower() for line in lines])} looked at the same time.",
                f"{area['why']} {_lines(told, area['area'])}",
                [*found["source"], *found["source_2"]],
            )
        )
    return made


def _unknown(told: Told) -> list[dict[str, Any]]:
    """Areas of which no source is recorded, one row a kind of area."""
    rows = told.areas[told.areas["standing"] == "unknown"]
    made = []
    for kind, found in rows.groupby("kind", sort=False):
        whole, words = (
            int((told.areas["kind"] == kind).sum()),
            KIND_WORDS[str(kind)].format(nodes=told.markers_word),
        )
        it = "it" if len(found) == 1 else "them"
        why = (
            f"No row of the table of assurances names {it}"
            if told.is_sent
            else (UNSENT if told.is_own else PUBLISHED)
        )
        said = found["name"].iloc[0] if len(found) == 1 < whole else f"{_share(len(found), whole)} {words}"
        made.append(
            _row(
                found,
                f"Of {said} no source of assurance is recorded.",
                f"{why}, so it is not known who assures {it}.",
            )
        )
    return made


def _share(part: int, whole: int) -> str:
    """How many of how many.

    >>> _share(3, 20), _share(20, 20), _share(1, 1)
    ('3 of 20', 'all 20', 'the 1')
    """
    if part < whole:
        return f"{part} of {whole}"
    return f"all {whole}" if whole > 1 else "the 1"


def _of(told: Told, area: object) -> pd.DataFrame:
    return told.areas[told.areas["area"] == area]


def _name(told: Told, area: str) -> str:
    return str(_of(told, area)["name"].iloc[0])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
