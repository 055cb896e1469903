"""The table of whole runs, told from a file of results, and its place in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from contestants import NAMES
from place import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- runs: begin -->\n", "<!-- runs: end -->\n"
HEAD = (
    "| who | items | seconds, median (each) | seconds an item | times as fast as the shell loop | as the pool | CPU seconds "
    "| share of the scripts' CPU | most memory, MiB | largest worker, MiB |\n|---|---|---|---|---|---|---|---|---|---|"
)
MORE_RECORDS = (
    "| who | figures | items | seconds, median (each) | against × 1 | CPU seconds | most memory, MiB "
    "| largest worker, MiB |\n|---|---|---|---|---|---|---|---|"
)
MIB = 2**20
GRAIN = ["records", "items", "listed", "who"]


def newest(lines: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row per run: of each contestant those of the code that was measured last."""
    results = pd.DataFrame(lines)
    last = results.groupby("who")["code"].transform("last")
    return results[results["code"] == last].reset_index(drop=True)


def medians(results: pd.DataFrame) -> pd.DataFrame:
    """One row per times as many records, items, listed items (with the council's) and contestant (in the table's order).

    Medians, and every run's seconds.
    """
    order = pd.Categorical(results["who"], list(NAMES), ordered=True)
    groups = results.assign(who=order).groupby(GRAIN, observed=True)
    numbers = ["seconds", "cpu_seconds", "peak_bytes", "worker_bytes"]
    found = groups[numbers].median()
    found["each"] = groups["seconds"].agg(list)
    return found.reset_index().assign(who=lambda rows: rows["who"].astype("str"))


def page(results: pd.DataFrame) -> str:
    """Tables and circumstances, as Markdown."""
    rows = medians(results)
    usual = rows[rows["records"] == 1]
    parts = ["\n".join([HEAD, *(_row(one, usual) for one in usual.to_dict("records"))])]
    more = _more_records(rows)
    parts += ["\n".join([MORE_RECORDS, *more])] if more else []
    return "\n\n".join([*parts, circumstances(results)]) + "\n"


def _row(one: Mapping[str, Any], rows: pd.DataFrame) -> str:
    loops = (_of(rows, one, who, "seconds") for who in ("shell", "pool"))
    scripts = _of(rows, one, "script", "cpu_seconds")
    share = f"{one['cpu_seconds'] / scripts:.2f}" if scripts else ""
    cells = [
        NAMES[one["who"]],
        _items(one),
        _seconds(one),
        f"{one['seconds'] / one['listed']:.2f}",
        *(f"{seconds / one['seconds']:.1f}" if seconds else "" for seconds in loops),
        f"{one['cpu_seconds']:.1f}",
        share,
        *_memory(one),
    ]
    return f"| {' | '.join(cells)} |"


def _more_records(rows: pd.DataFrame) -> list[str]:
    """Rows of the second table: contestants that were measured on more records, beside the usual ones."""
    grown = rows[rows["records"] > 1]
    also = rows.set_index(["items", "listed", "who"]).index.isin(
        grown.set_index(["items", "listed", "who"]).index
    )
    chosen = rows[also].sort_values(["items", "listed", "who", "records"], kind="stable")
    lines = []
    for one in chosen.to_dict("records"):
        least = _of(rows[rows["records"] == 1], one, one["who"], "seconds")
        against = f"{one['seconds'] / least:.2f}" if least else ""
        cells = [NAMES[one["who"]], f"× {one['records']}", _items(one), _seconds(one), against]
        lines.append(f"| {' | '.join([*cells, format(one['cpu_seconds'], '.1f'), *_memory(one)])} |")
    return lines


def _of(rows: pd.DataFrame, like: Mapping[str, Any], who: str, column: str) -> float:
    """A contestant's figure of the same list of items; 0 where it was not measured."""
    same = (rows["items"] == like["items"]) & (rows["listed"] == like["listed"])
    found = rows.loc[same & (rows["who"] == who), column]
    return float(found.iloc[0]) if len(found) else 0.0


def _items(one: Mapping[str, Any]) -> str:
    """Items of directorates, and of the council."""
    council = one["listed"] - one["items"]
    return f"{one['items']} + {council}" if council else str(one["items"])


def _seconds(one: Mapping[str, Any]) -> str:
    return f"{one['seconds']:.2f} ({', '.join(format(each, '.2f') for each in one['each'])})"


def _memory(one: Mapping[str, Any]) -> list[str]:
    return [f"{one[column] / MIB:.0f}" for column in ("peak_bytes", "worker_bytes")]


def circumstances(results: pd.DataFrame) -> str:
    """Machine, versions, load and states measured, in a sentence for each machine."""
    kinds = results.assign(machine=results["machine"].map(_words), versions=results["versions"].map(_words))
    lines = []
    for (machine, versions), rows in kinds.groupby(["machine", "versions"], sort=False):
        load = f"load before a run {rows['load'].min():.1f} to {rows['load'].max():.1f}"
        lines.append(f"{machine}; {versions}; {load}; code {', '.join(rows['code'].unique())}.")
    return "\n".join(lines)


def _words(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def write(results: pd.DataFrame) -> None:
    """Put the tables into the page, and draw the picture beside it."""
    import plotted

    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    shown = f"![{plotted.words(medians(results))}]({plotted.PICTURE})\n\n"
    PAGE.write_text(before + BEGIN + shown + page(results) + END + rest.partition(END)[2], encoding="utf-8")
    plotted.write(medians(results), PAGE.parent)
