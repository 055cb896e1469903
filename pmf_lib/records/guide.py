"""The guide for those who fill records, written from the schema and the rules, so that it can't lag behind them."""

from __future__ import annotations

from collections.abc import Iterable

from pmf_lib.periods import EXAMPLES
from pmf_lib.records.cells import EMPTY_MARKS, ID_MEANING, SUPPRESSED_MARKS, Asked
from pmf_lib.records.rules import RULES, Rule
from pmf_lib.records.schema import TABLES, VERSION, Table

_INTRODUCTION = f"""# Records: tables, columns and rules

This page is written from the schema (version {VERSION}); change `pmf_lib/records/schema/`, not this page.

A folder of records holds one file a table, named after it: `measures.csv`, or `measures.parquet`. CSV is UTF-8 with
commas; the first row names the columns; blank rows are skipped. The measures are needed, other tables may be missing. A
wrong file name or column stops the reading. A fault in a row is a finding: an *error* leaves the row out, a *warning*
keeps it. Databases and folders elsewhere hold the same tables: [where records come from](where-records-come-from.md).
"""

_READ = {
    "text": "text",
    "id": ID_MEANING,
    "ids": "ids parted by semicolons, such as `missed-bins; bus-delays`",
    "posts": "posts parted by semicolons (never names)",
    "choice": "one of a list",
    "period": "a period",
    "number": "a number; thousands separators, a leading £ and a trailing % are dropped",
    "date": "a date as `YYYY-MM-DD`",
    "flag": "yes or no",
}


def markdown() -> str:
    """The whole of ``docs/records.md``."""
    parts = [_INTRODUCTION, _reading(), *(_table(table) for table in TABLES.values()), _rules()]
    return "\n".join(parts)


def _reading() -> str:
    kinds = _grid(("kind", "what a cell holds"), _READ.items())
    labels = _grid(
        ("kind of period", "label"),
        ((kind.replace("_", " "), f"`{label}`") for kind, label in EXAMPLES.items()),
    )
    return (
        f"## How cells are read\n\n{kinds}\n{labels}\n"
        f"In a number column that may be empty, {_codes(SUPPRESSED_MARKS)} (also in square brackets) mean that the number "
        f"is suppressed; {_codes(EMPTY_MARKS)} mean that there is none. Of a suppressed observation no number is kept, nor any "
        "earlier one of the same measure and period.\n"
    )


def _table(table: Table) -> str:
    asked = [(Asked.of(name, column), column.description or "") for name, column in table.columns.items()]
    rows = ((f"`{each.name}`", each.kind, _need(each), _meaning(each, doc)) for each, doc in asked)
    key = f"Key: {_codes(table.key)}."
    return f"## {table.name}\n\n{table.grain.capitalize()}. {key}\n\n{_grid(('column', 'kind', 'needed', 'meaning'), rows)}"


def _need(asked: Asked) -> str:
    if asked.default is not None:
        shown = {True: "yes", False: "no"}.get(asked.default) if asked.kind == "flag" else asked.default
        return f"if empty: `{shown}`"
    return "yes" if asked.needed else "no"


def _meaning(asked: Asked, doc: str) -> str:
    choices = f" One of {_codes(asked.choices)}." if asked.choices else ""
    return (f"{doc.rstrip('.')}." if not doc.endswith("?") else doc) + choices


def _rules() -> str:
    rows = ((f"`{name}`", rule.severity, _outcome(rule), rule.meaning) for name, rule in RULES.items())
    return f"## Rules of reading\n\n{_grid(('rule', 'severity', 'row', 'meaning'), rows)}"


def _outcome(rule: Rule) -> str:
    return "left out" if rule.severity == "error" or rule.leaves_out else "kept"


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"
