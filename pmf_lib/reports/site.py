"""The index of everything that was made: two tables, reports and measures, filtered without script.

The filters are radio buttons. A rule of the page's own stylesheet hides the rows that do not carry the class of the
button chosen (``:has()``), so that they work from a file share, without a server and without script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmf_lib import periods, verdicts
from pmf_lib.errors import ParameterError
from pmf_lib.reports import chrome
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import Html, tag
from pmf_lib.workbook.pieces.tables import Column, table

OUTCOMES = {
    "failed": "it failed",
    "timed out": "it ran out of time",
    "killed": "it was stopped",
    "out of memory": "it ran out of memory",
    "waiting": "it is waiting to be run",
    "not run": "it was not run",
}
EDITIONS = {"full": "full edition", "public": "public edition", "exempt": "exempt edition"}
EVIDENCE = {"made-up": "Made-up data", "published": "Published figures, illustrative", "own": ""}
MEASURE_COLUMNS = ("measure", "directorate", "markers", "state", "variation", "href")
Run = Mapping[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """One filter: its key in ids and classes, its legend, its options, and the tables whose rows it hides."""

    key: str
    legend: str
    options: tuple[str, ...]
    rows: str = ":is(.pmf-report, .pmf-measure)"

    def classes(self, values: Iterable[str]) -> str:
        """The classes of a row that holds these options."""
        return " ".join(f"{self.key}{self.options.index(value)}" for value in values if value in self.options)

    def rules(self) -> str:
        """One rule an option: what does not carry its class is hidden."""
        return "".join(
            f"body:has(#{self.key}-{at}:checked) {self.rows}:not(.{self.key}{at}){{display:none}}\n"
            for at in range(len(self.options))
        )


def index_html(runs: Sequence[Run], papers: Sequence[Row] = (), fault: str = "") -> str:
    """``outputs/index.html`` for these runs, in their order.

    Parameters
    ----------
    runs
        One mapping a run: `council`, `framework`, `quarter`, `edition` (code or words), `evidence` (made-up, published, own),
        `complete` (bool; false says so on top), `changes` (sentences: what changed since last time), `status` (draft,
        issued v1 or superseded by v2),
        `items` (mappings of `unit`, `title`, `href` relative to the index, `outcome`, `headline`), and
        `measures`: a frame, one row per measure rated, with the columns of `MEASURE_COLUMNS`: title of the measure,
        name of its directorate, markers (a list, or text joined by ``; ``), codes of state and variation, and the
        address of its row (page#place).
    papers
        One mapping an issued version, the newest first: `paper` (its name), `href`, `edition`, `status`, `issued_on`,
        `confirmer`.
    fault
        Why issued papers can't be listed; '' when they can.
    """
    groups = _groups(runs)
    known = verdicts.load()
    shown = [_run(run, groups, known) for run in runs]
    items = [item for run in runs for item in run["items"]]
    measures_n = sum(len(run["measures"]) for run in shown)
    return chrome.page(
        "index.html.j2",
        _facts(runs),
        more_css="".join(group.rules() for group in groups.values()),
        headline=_headline(runs, items),
        problems=[
            *([{"text": fault}] if fault else []),
            *(problem for run in runs for problem in _problems(run)),
        ],
        changes=[change for run in runs for change in run.get("changes", ())],
        filters=[group for group in groups.values() if len(group.options) > 1],
        papers=_papers(papers),
        runs=shown,
        reports_title=words.sentence(f"{words.counted(len(items), 'report')}, one row each"),
        measures_title=words.sentence(f"{words.counted(measures_n, 'measure')}, one row each"),
        measures_n=measures_n,
    )


def _papers(papers: Sequence[Row]) -> Html | None:
    """The table of issued versions; nothing before the first."""
    if not papers:
        return None
    shown = [{**one, "edition": EDITIONS.get(str(one["edition"]), one["edition"])} for one in papers]
    return table(
        pd.DataFrame(shown),
        title=words.sentence(f"{words.counted(len(shown), 'paper')} issued"),
        subtitle="The newest first; a superseded version says which one to read instead",
        columns={
            "paper": Column("Paper", "link", href="href"),
            "edition": "Edition",
            "status": "Status",
            "issued_on": "Issued on",
            "confirmer": "Confirmed by",
        },
    )


def _facts(runs: Sequence[Run]) -> Row:
    councils = list(dict.fromkeys(str(run["council"]) for run in runs))
    banners = chrome.evidence_banners(str(run.get("evidence", "")) for run in runs)
    return {"council": words.listing(councils), "title": "Reports and measures", "banners": banners}


def _headline(runs: Sequence[Run], items: Sequence[Row]) -> str:
    if not runs:
        return "No run has been made yet"
    missing = sum(item["outcome"] != "ok" for item in items)
    made = f"{len(items) - missing} of {words.counted(len(items), 'report')} {words.plural(len(items), 'is', 'are')} here"
    quarters = list(dict.fromkeys(quarter_words(str(run["quarter"])) for run in runs))
    where = quarters[0] if len(quarters) == 1 else words.counted(len(runs), "run")
    if not missing:
        return f"{where}: {'the report is' if len(items) == 1 else f'all {len(items)} reports are'} here"
    return f"{where}: {made}; {words.count_word(missing)} could not be made"


def quarter_words(quarter: str) -> str:
    """A quarter in plain English; anything else as it is written.

    >>> quarter_words("2024-25 Q2"), quarter_words("autumn")
    ('Quarter 2, July to September 2024', 'autumn')
    """
    try:
        return periods.parse_quarter(quarter).words
    except ParameterError:
        return quarter


def _problems(run: Run) -> list[Row]:
    failed = [item for item in run["items"] if item["outcome"] != "ok"]
    said = [
        {
            "text": f"{item['title']}, {item['unit']} ({run['quarter']}): {_outcome(item['outcome'])}",
            "href": item.get("href"),
        }
        for item in failed
    ]
    if not run.get("complete", not failed):
        text = f"{_run_name(run)} is incomplete: its council pages do not speak for every directorate."
        said.insert(0, {"text": text, "href": ""})
    return said


def _outcome(code: str) -> str:
    return OUTCOMES.get(code, f"{code.replace('_', ' ')}")


def _run_name(run: Run) -> str:
    edition = EDITIONS.get(run.get("edition", ""), run.get("edition", ""))
    parts = (run["council"], run["framework"], quarter_words(str(run["quarter"])), edition)
    return ", ".join(str(part) for part in parts if part)


def _groups(runs: Sequence[Run]) -> dict[str, Group]:
    """The filters: options in order of appearance, states in the order of the verdict words."""
    frames = [_measures(run) for run in runs]
    units = [item["unit"] for run in runs for item in run["items"]]
    units += [name for frame in frames for name in frame["directorate"]]
    states = {str(code) for frame in frames for code in frame["state"]}
    known = verdicts.load()
    in_order = [known.get("status", code).word for code in known.codes("status", "absence") if code in states]
    markers = {marker for frame in frames for cell in frame["markers"] for marker in _markers(cell)}
    groups = (
        Group("r", "Run", _distinct(_run_name(run) for run in runs), ".pmf-run"),
        Group("d", "Directorate or unit", _distinct(units)),
        Group("s", "State of measures", _distinct(in_order), ".pmf-measure"),
        Group("m", "Marker of measures", _distinct(sorted(markers, key=_as_counted)), ".pmf-measure"),
    )
    return {group.key: group for group in groups}


def _as_counted(text: str) -> list[tuple[int, str]]:
    """A key that sorts numbers within texts by their size.

    >>> sorted(["Marker 10", "Marker 2", "Aim"], key=_as_counted)
    ['Aim', 'Marker 2', 'Marker 10']
    """
    parts = re.split(r"(\d+)", text)
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in values if value))


def _measures(run: Run) -> pd.DataFrame:
    given = run.get("measures")
    return pd.DataFrame(columns=list(MEASURE_COLUMNS)) if given is None or given.empty else given


def _markers(cell: Any) -> list[str]:
    """Markers of one measure, from a list or from text joined by ``; ``."""
    listed = cell.split(";") if isinstance(cell, str) else [] if words.is_missing(cell) else list(cell)
    return [str(marker).strip() for marker in listed if str(marker).strip()]


def _run(run: Run, groups: Mapping[str, Group], known: Verdicts) -> Row:
    return {
        "name": _run_name(run),
        "label": EVIDENCE.get(str(run.get("evidence", "")), ""),
        "status": words.sentence(str(run.get("status", ""))),
        "classes": f"pmf-run {groups['r'].classes([_run_name(run)])}",
        "reports": [_item(item, groups) for item in run["items"]],
        "measures": [_measure(row, groups, known) for row in _measures(run).to_dict("records")],
    }


def _item(item: Row, groups: Mapping[str, Group]) -> Row:
    return {
        **item,
        "outcome": "Yes" if item["outcome"] == "ok" else f"No: {_outcome(item['outcome'])}",
        "classes": f"pmf-report {groups['d'].classes([item['unit']])}",
    }


def _measure(row: Mapping[Any, Any], groups: Mapping[str, Group], known: Verdicts) -> Row:
    markers = _markers(row["markers"])
    state = known.get("status", row["state"])
    chosen = {"d": [row["directorate"]], "s": [state.word], "m": markers}
    return {
        "measure": row["measure"],
        "directorate": row["directorate"],
        "state": tag(state),
        "variation": tag(known.get("variation", row["variation"])) if row["variation"] else words.NOTHING,
        "markers": "; ".join(markers),
        "href": row["href"],
        "classes": " ".join(
            ["pmf-measure", *(groups[key].classes(values) for key, values in chosen.items())]
        ),
    }
