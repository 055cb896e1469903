"""The first screen of the index: which quarter and units are here, what is missing, what changed since last time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pmf_lib import periods
from pmf_lib.errors import ParameterError
from pmf_lib.reports import chrome
from pmf_lib.workbook.pieces import words

OUTCOMES = {
    "failed": "it failed",
    "timed out": "it ran out of time",
    "killed": "it was stopped",
    "out of memory": "it ran out of memory",
    "waiting": "it is waiting to be run",
    "not run": "it was not run",
}
NOT_RUN = ("waiting", "not run")
"""Outcomes of reports that nobody asked for yet."""
EDITIONS = {"full": "full edition", "public": "public edition", "exempt": "exempt edition"}
Run = Mapping[str, Any]
Row = dict[str, Any]


def facts(runs: Sequence[Run]) -> Row:
    """What the header and the notices say."""
    councils = list(dict.fromkeys(str(run["council"]) for run in runs))
    banners = [
        *chrome.evidence_banners(str(run.get("evidence", "")) for run in runs),
        *chrome.exempt_banners(str(run.get("exemption", "")) for run in runs),
    ]
    return {"council": words.listing(councils), "title": "Reports and measures", "banners": banners}


def headline(runs: Sequence[Run], items: Sequence[Row]) -> str:
    """How many reports are here, and how many could not be made."""
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


def problems(run: Run) -> list[Row]:
    """What a reader must know of a run before reading on: what failed, report by report; of what was not run, how many."""
    failed = [item for item in run["items"] if item["outcome"] not in ("ok", *NOT_RUN)]
    waiting = sum(item["outcome"] in NOT_RUN for item in run["items"])
    said = [
        {
            "text": f"{item['title']}, {item['unit']} ({run['quarter']}): {outcome(item['outcome'])}",
            "href": item.get("href"),
        }
        for item in failed
    ]
    if waiting:
        were = f"{words.counted(waiting, 'report')} of {run_name(run)} {words.plural(waiting, 'was', 'were')} not run"
        said.append({"text": words.sentence(f"{were}."), "href": ""})
    if not run.get("complete", not failed):
        text = f"{run_name(run)} is incomplete: its council pages do not speak for every directorate."
        said.insert(0, {"text": text, "href": ""})
    return said


def outcome(code: str) -> str:
    """An outcome in words; one that is not known as it is written."""
    return OUTCOMES.get(code, f"{code.replace('_', ' ')}")


def run_name(run: Run) -> str:
    """Council, framework, quarter and edition of a run."""
    parts = (run["council"], run["framework"], quarter_words(str(run["quarter"])), edition_words(run))
    return ", ".join(str(part) for part in parts if part)


def edition_words(of: Mapping[str, Any]) -> str:
    """The edition of a run or a paper in words; one that is not known as it is written."""
    return EDITIONS.get(str(of.get("edition", "")), str(of.get("edition", "")))


def here(runs: Sequence[Run]) -> list[Row]:
    """One row a run: which quarter and units are here, what is missing, what changed since the last issued run."""
    return [
        {
            "council": run["council"],
            "framework": ", ".join(filter(None, [run["framework"], edition_words(run)])),
            "quarter": quarter_words(str(run["quarter"])),
            "reports": _made(run),
            "units": "; ".join(dict.fromkeys(str(item["unit"]) for item in run["items"])),
            "changes": " ".join(run.get("changes", ())) or "nothing to compare with yet",
            "assurance": run.get("assurance") or {},
        }
        for run in runs
    ]


def _made(run: Run) -> str:
    """How many reports there are, and whether the set is whole."""
    outcomes = [item["outcome"] for item in run["items"]]
    made = outcomes.count("ok")
    if made < len(outcomes):
        return f"{made} of {words.counted(len(outcomes), 'report')} made, {len(outcomes) - made} could not be"
    whole = "" if run.get("complete", True) else "; the set is incomplete"
    return f"{'the report is' if made == 1 else f'all {made} reports are'} here{whole}"
