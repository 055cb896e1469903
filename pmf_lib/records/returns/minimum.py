"""Which table feeds which page, and what a page says without it: the table in ``docs/returns.md``, written from the sidecars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pmf_lib.records.schema import TABLES
from pmf_lib.sidecar import Sidecar

WITHOUT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "measures": ("nothing runs", "every figure belongs to a measure, so this table is needed"),
        "links": (
            "Measures against markers of success",
            "No measure of this unit is linked to the framework.",
        ),
        "observations": ("Measures against markers of success", "Send the value that was due."),
        "targets": (
            "Measures against markers of success",
            "No target is recorded, so none can be tested",
        ),
        "comparators": (
            "Measures against markers of success",
            "No figure of others is recorded for the latest period of any measure here.",
        ),
        "commentary": (
            "Measures against markers of success",
            "Say why it misses its target, and what is being done.",
        ),
        "forecasts": (
            "Measures against markers of success",
            "No service says in this quarter where its year will end.",
        ),
        "certifications": (
            "Measures against markers of success",
            "So nothing here shows whether each case was counted as the definition says.",
        ),
    }
)
"""Table → a page (or what happens), and the words that it then says."""
NOT_KNOWN = "nothing is known of it"


def markdown(sidecars: Iterable[Sidecar]) -> str:
    """A row a table: pages that read it, and what is said without it."""
    pages = list(sidecars)
    lines = ["| table | feeds | without it |", "| --- | --- | --- |"]
    for table in TABLES:
        feeds = "; ".join(page.title for page in pages if table in page.reads)
        lines.append(f"| `{table}` | {feeds or 'no page yet'} | {_without(table) if feeds else NOT_KNOWN} |")
    return "\n".join(lines) + "\n"


def _without(table: str) -> str:
    if table not in WITHOUT:
        return "its part of the page says that nothing is recorded"
    where, words = WITHOUT[table]
    return f"{where}: “{words}”"
