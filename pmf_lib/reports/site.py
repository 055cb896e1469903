"""The index of everything that was made: what is here, then reports and measures, filtered without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

import pandas as pd

from pmf_lib import verdicts
from pmf_lib.reports import chrome, first_screen
from pmf_lib.reports.filters import Chosen, Group, Option, classes, distinct, note_rule
from pmf_lib.reports.first_screen import Row, Run
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import Html, tag
from pmf_lib.workbook.pieces.tables import Column, table

EVIDENCE = {"made-up": "Made-up data", "published": "Published figures, illustrative", "own": ""}
LONGEST_MARKER = 60
"""Characters of a marker's title that its filter shows; the report gives the whole of it."""
MEASURE_COLUMNS = ("measure", "directorate", "markers", "state", "variation", "href")


def index_html(runs: Sequence[Run], papers: Sequence[Row] = (), fault: str = "") -> str:
    """``outputs/index.html`` for these runs, in their order.

    Parameters
    ----------
    runs
        One mapping a run: `council`, `framework`, `quarter`, `edition` (code or words), `evidence` (made-up, published, own),
        `complete` (bool; false says so on top), `changes` (sentences: what changed since last time), `status` (draft,
        issued v1 or superseded by v2), `assurance` (of the page that rates: title, href, headline, rating as a sentence; may be empty),
        `framework_id` and `nodes` (name of each marker as measures hold it → its title,
        in the framework's order; '' where the name says it all; without them the filter shows names alone),
        `items` (mappings of `unit`, `title`, `question`, `href` relative to the index, `outcome`, `headline`), and
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
    shown = [_run(at, run, groups, known) for at, run in enumerate(runs)]
    items = [item for run in runs for item in run["items"]]
    measures_n = sum(len(run["measures"]) for run in shown)
    return chrome.page(
        "index.html.j2",
        first_screen.facts(runs),
        more_css="".join([*(group.rules() for group in groups.values()), *(run["rules"] for run in shown)]),
        headline=first_screen.headline(runs, items),
        problems=[
            *([{"text": fault}] if fault else []),
            *(problem for run in runs for problem in first_screen.problems(run)),
        ],
        here=first_screen.here(runs),
        filters=[group for group in groups.values() if group.is_shown],
        papers=_papers(papers),
        runs=shown,
        reports_title=words.sentence(f"{words.counted(len(items), 'report')}, one row each"),
        measures_n=measures_n,
    )


def _papers(papers: Sequence[Row]) -> Html | None:
    """The table of issued versions; nothing before the first."""
    if not papers:
        return None
    shown = [{**one, "edition": first_screen.edition_words(one)} for one in papers]
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


def _groups(runs: Sequence[Run]) -> dict[str, Group]:
    """The filters: units by council, states in the order of the verdict words, markers in their framework's order."""
    frames = [_measures(run) for run in runs]
    states = {str(code) for frame in frames for code in frame["state"]}
    known = verdicts.load()
    in_order = [known.get("status", code).word for code in known.codes("status", "absence") if code in states]
    units = [_option(run["council"], unit, run["council"]) for run in runs for unit in _all_units(run)]
    markers = [option for run in runs for option in _marker_options(run, runs)]
    groups = (
        Group("r", "Run", distinct(_option("", first_screen.run_name(run)) for run in runs), ".pmf-run"),
        Group("d", "Directorate or unit", distinct(units)),
        Group("s", "State of measures", distinct(_option("", word) for word in in_order), ".pmf-measure"),
        Group("m", "Marker of measures", distinct(markers), ".pmf-measure"),
    )
    return {group.key: group for group in groups}


def _option(of: str, name: str, heading: str = "") -> Option:
    return Option(of, name, name, heading)


def _all_units(run: Run) -> list[str]:
    return [*(item["unit"] for item in run["items"]), *_measures(run)["directorate"]]


def _marker_options(run: Run, runs: Sequence[Run]) -> list[Option]:
    """Markers that any run's measures of this framework hold, named with their titles."""
    of = _framework(run)
    alike = [other for other in runs if _framework(other) == of and not _measures(other).empty]
    held = dict.fromkeys(
        name for other in alike for cell in _measures(other)["markers"] for name in _markers(cell)
    )
    titles = {name: title for other in alike for name, title in other.get("nodes", {}).items()}
    heading = f"{run['framework']}: {words.listing(dict.fromkeys(other['council'] for other in alike))}"
    in_order = [*(name for name in titles if name in held), *(name for name in held if name not in titles)]
    return [Option(of, name, marker_label(name, titles.get(name, "")), heading) for name in in_order]


def _framework(run: Run) -> str:
    return str(run.get("framework_id") or run["framework"])


def marker_label(name: str, title: str) -> str:
    """A marker's name with as much of its title as a button can hold.

    >>> marker_label(
    ...     "Marker 4", "Reducing unemployment through collaborative working with employers and partners."
    ... )
    'Marker 4: Reducing unemployment through collaborative working with…'
    >>> marker_label("Outcome 1", "Healthy"), marker_label("Clean streets", "")
    ('Outcome 1: Healthy', 'Clean streets')
    """
    whole = title.rstrip(". ")
    start = shorten(whole, LONGEST_MARKER, placeholder="")
    said = whole if len(whole) <= LONGEST_MARKER else f"{start.rstrip(',;:.–- ')}…"
    return f"{name}: {said}" if said else name


def _measures(run: Run) -> pd.DataFrame:
    given = run.get("measures")
    return pd.DataFrame(columns=list(MEASURE_COLUMNS)) if given is None or given.empty else given


def _markers(cell: Any) -> list[str]:
    """Markers of one measure, from a list or from text joined by ``; ``."""
    listed = cell.split(";") if isinstance(cell, str) else [] if words.is_missing(cell) else list(cell)
    return [str(marker).strip() for marker in listed if str(marker).strip()]


def _run(at: int, run: Run, groups: Mapping[str, Group], known: Verdicts) -> Row:
    reports = [_item(item, run, groups) for item in run["items"]]
    measures = [_measure(row, run, groups, known) for row in _measures(run).to_dict("records")]
    blocks = {f"reports-{at}": reports, f"measures-{at}": measures}
    return {
        "at": at,
        "name": first_screen.run_name(run),
        "counted": words.counted(len(measures), "measure"),
        "label": EVIDENCE.get(str(run.get("evidence", "")), ""),
        "status": words.sentence(str(run.get("status", ""))),
        "classes": f"pmf-run {classes((('r', groups['r'].places('', [first_screen.run_name(run)])),))}",
        "reports": reports,
        "measures": measures,
        "rules": "".join(
            note_rule(block, [row["chosen"] for row in rows], groups) for block, rows in blocks.items()
        ),
    }


def _item(item: Row, run: Run, groups: Mapping[str, Group]) -> Row:
    chosen: Chosen = (("d", groups["d"].places(run["council"], [item["unit"]])),)
    return {
        **item,
        "outcome": "Yes" if item["outcome"] == "ok" else f"No: {first_screen.outcome(item['outcome'])}",
        "classes": f"pmf-report {classes(chosen)}",
        "chosen": chosen,
    }


def _measure(row: Mapping[Any, Any], run: Run, groups: Mapping[str, Group], known: Verdicts) -> Row:
    markers = _markers(row["markers"])
    state = known.get("status", row["state"])
    chosen: Chosen = (
        ("d", groups["d"].places(run["council"], [row["directorate"]])),
        ("s", groups["s"].places("", [state.word])),
        ("m", groups["m"].places(_framework(run), markers)),
    )
    return {
        "measure": row["measure"],
        "directorate": row["directorate"],
        "state": tag(state),
        "variation": tag(known.get("variation", row["variation"])) if row["variation"] else words.NOTHING,
        "markers": "; ".join(markers),
        "href": row["href"],
        "classes": f"pmf-measure {classes(chosen)}",
        "chosen": chosen,
    }
