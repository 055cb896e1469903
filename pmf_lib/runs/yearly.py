"""The stage at the year's end: in which quarter it is made, and which issued runs of the year it reads.

The annual review is made with the year's last quarter. Of each earlier quarter it reads the newest issued version, named
in the run's manifest so that the review can be re-performed; a quarter that was not issued is told from the records.
"""

from __future__ import annotations

from collections.abc import Mapping

from pmf_lib.errors import ParameterError
from pmf_lib.periods import Period, parse_quarter
from pmf_lib.runs.baselines import NONE, SAME
from pmf_lib.store import issued
from pmf_lib.store.issued import Paper

STAGE = "annual"


def is_made_in(quarter: str) -> bool:
    """Is the annual stage of a run of this quarter made? Only of the year's last one.

    >>> is_made_in("2023-24 Q4"), is_made_in("2024-25 Q2")
    (True, False)
    """
    found = parse_quarter(quarter)
    return found.end == found.financial_year.end


def earlier(quarter: str) -> list[Period]:
    """The quarters of the same year before this one, the first first.

    >>> [one.label for one in earlier("2023-24 Q3")]
    ['2023-24 Q1', '2023-24 Q2']
    """
    now = parse_quarter(quarter)
    steps = [now.shift(-step) for step in (3, 2, 1)]
    return [one for one in steps if one.start >= now.financial_year.start]


def why_not(quarter: str) -> str:
    """Why a run of this quarter has no annual stage; '' where it has one.

    >>> why_not("2024-25 Q2")
    'No annual review: it is made with the last quarter of the year, 2024-25 Q4.'
    """
    if is_made_in(quarter):
        return ""
    last = parse_quarter(quarter).financial_year.label
    return f"No annual review: it is made with the last quarter of the year, {last} Q4."


def chosen(asked: Mapping[str, str]) -> str:
    """Ids of the issued runs that the annual stage reads, in the order of their quarters; '' where it reads none.

    Those that are named, else the newest issued version of each earlier quarter of the year.

    Raises
    ------
    ParameterError
        A run is named that is no issued run of the year's earlier quarters, or twice of one; or the quarter is not the last.
    """
    if asked["issued"] in ("", NONE):
        return _newest(asked) if is_made_in(asked["quarter"]) and not asked["issued"] else ""
    if not is_made_in(asked["quarter"]):
        raise ParameterError(
            f"issued '{asked['issued']}' names runs for the annual review. {why_not(asked['quarter'])} Leave 'issued' empty."
        )
    return _named(asked)


def _newest(asked: Mapping[str, str]) -> str:
    same = {name: asked[name] for name in SAME}
    found = [issued.versions(**same, quarter=one.label) for one in earlier(asked["quarter"])]
    return " ".join(papers[-1].run_id for papers in found if papers)


def _named(asked: Mapping[str, str]) -> str:
    papers = [issued.named(run_id) for run_id in dict.fromkeys(asked["issued"].split())]
    for paper in papers:
        _refuse_stranger(paper, asked)
    by_quarter = {paper.quarter: paper for paper in papers}
    if len(by_quarter) < len(papers):
        raise ParameterError(
            f"issued '{asked['issued']}' names two versions of one quarter. Name one run for each quarter."
        )
    return " ".join(by_quarter[label].run_id for label in sorted(by_quarter))


def _refuse_stranger(paper: Paper, asked: Mapping[str, str]) -> None:
    same = all(getattr(paper, name) == asked[name] for name in SAME)
    if same and paper.quarter in [one.label for one in earlier(asked["quarter"])]:
        return
    raise ParameterError(
        f"issued '{paper.run_id}' is {paper.name} of council '{paper.council}', framework '{paper.framework}', "
        f"{paper.edition} edition. The annual review reads issued runs of its own council, framework and edition, for the "
        "earlier quarters of the same year; `pmf paper status` lists them."
    )
