"""Two frameworks, or two editions of one, beside each other: what was kept, changed, gained and lost.

The pairs are data (`pmf_lib.framework.crosswalks`); words, sections and force come from the frameworks themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pmf_lib.framework.clauses import GROUPS
from pmf_lib.framework.crosswalks import Crosswalk, Kind
from pmf_lib.framework.model import Framework

RELATIONS = ("lost", "gained", "changed", "kept")
"""What became of something, what a reader asks for first."""
COLUMNS = ("kind", "relation", "old", "old_words", "old_source", "new", "new_words", "new_source", "note")


def beside(crosswalk: Crosswalk, kind: Kind) -> pd.DataFrame:
    """The rows of one kind of a crosswalk, in its order, with each document's words and sections.

    Returns
    -------
    DataFrame
        One row per pair, or thing that one of the frameworks alone has: `COLUMNS`. Of a group of clauses, ``old_words`` and
        ``new_words`` are its name and how many clauses it has, and its sections are those of them all.
    """
    rows = [row for row in crosswalk.rows if row.kind == kind]
    sides = {
        side: [_told(getattr(crosswalk, side), kind, getattr(row, side)) for row in rows]
        for side in ("old", "new")
    }
    made = pd.DataFrame(
        {
            "kind": [row.kind for row in rows],
            "relation": [row.relation for row in rows],
            **{
                f"{side}{end}": [one[place] for one in told]
                for side, told in sides.items()
                for place, end in enumerate(("", "_words", "_source"))
            },
            "note": [row.note for row in rows],
        }
    )
    return made.astype("str")[list(COLUMNS)]


def counts(rows: pd.DataFrame) -> dict[str, int]:
    """How many things of the older framework were lost, of the newer gained, and how many stand in both, changed or kept.

    A thing that several rows name is counted once: kept where any of them says so, else changed.
    """
    kept = rows.loc[rows["relation"] == "kept", "old"]
    changed = rows.loc[(rows["relation"] == "changed") & ~rows["old"].isin(kept), "old"]
    lost, gained = (
        rows.loc[rows["relation"] == name, side] for name, side in (("lost", "old"), ("gained", "new"))
    )
    found = {"lost": lost, "gained": gained, "changed": changed, "kept": kept}
    return {name: int(found[name].nunique()) for name in RELATIONS}


def _told(framework: Framework, kind: Kind, name: str) -> tuple[str, str, str]:
    """Id, words and sections of a thing; '' of one that is not there."""
    if not name:
        return "", "", ""
    if kind == "node":
        node = framework.node(name)
        number = f"{node.number}. " if node.number else ""
        return name, f"{framework.level(node.level).singular.capitalize()} {number}{node.title}", node.source
    clauses = [one for one in framework.clauses if name in (one.id if kind == "clause" else one.group,)]
    if kind == "clause":
        return name, f"{clauses[0].what} ({clauses[0].force})", clauses[0].source
    return name, f"{GROUPS[name].capitalize()} ({len(clauses)})", _sections(one.sections for one in clauses)


def _sections(cited: Iterable[list[str]]) -> str:
    """Sections, each once, in the order in which they are first cited."""
    return ", ".join(dict.fromkeys(section for sections in cited for section in sections))
