"""Which issued run a new one is compared with.

The newest issued version of the same quarter, else of the last quarter that was issued. What was issued once is the same
run again when nothing has changed since: it keeps the baseline that it was issued with, so that it can be re-performed.
"""

from __future__ import annotations

from collections.abc import Iterable

from pmf_lib.errors import ParameterError
from pmf_lib.periods import parse_quarter
from pmf_lib.store import identity, issued
from pmf_lib.store.issued import Paper

NONE = "none"
SAME = ("council", "framework", "edition")


def chosen(asked: dict[str, str], units: Iterable[str]) -> tuple[dict[str, str], str]:
    """What is asked, with the id of its baseline ('' for none), and the id of the run.

    Raises
    ------
    ParameterError
        The baseline that is asked for can't be compared with.
    """
    asked = {**asked, "baseline": _baseline(asked, " ".join(units))}
    return asked, _run_id(asked, " ".join(units))


def _baseline(asked: dict[str, str], units: str) -> str:
    if asked["baseline"]:
        return "" if asked["baseline"] == NONE else _named(asked)
    where = {name: asked[name] for name in (*SAME, "quarter")}
    for paper in issued.versions(**where):
        own = issued.run_of(paper).baseline
        if _run_id({**asked, "baseline": own}, units) == paper.run_id:
            return own
    newest = issued.before(**where)
    return newest.run_id if newest else ""


def _run_id(asked: dict[str, str], units: str) -> str:
    return identity.run_id({**asked, "units": units})


def _named(asked: dict[str, str]) -> str:
    paper = issued.named(asked["baseline"])
    if not _comparable(paper, asked):
        raise ParameterError(
            f"baseline '{paper.run_id}' is {paper.name} of council '{paper.council}', framework '{paper.framework}', "
            f"{paper.edition} edition. A run is compared with an issued one of its own council, framework and edition, "
            "for the same or an earlier quarter; `pmf paper status` lists them."
        )
    return paper.run_id


def _comparable(paper: Paper, asked: dict[str, str]) -> bool:
    same = all(getattr(paper, name) == asked[name] for name in SAME)
    return same and parse_quarter(paper.quarter).start <= parse_quarter(asked["quarter"]).start
