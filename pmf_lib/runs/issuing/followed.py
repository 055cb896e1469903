"""Recommendations as commands and files know them: those of a run, and those that the last issued papers leave standing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.followup import chain
from pmf_lib.assurance.followup.answered import answered
from pmf_lib.assurance.followup.ids import as_written
from pmf_lib.errors import ParameterError, StoreError, unknown
from pmf_lib.periods import date_words
from pmf_lib.store import issued, places
from pmf_lib.store.issued import Paper
from pmf_lib.store.manifest import Manifest
from pmf_lib.workbook import raised, scraps
from pmf_lib.workbook.baseline import Baseline

MEND = "Name one that stands in the run's report to the Audit Committee, or a unit and a clause."
SETTLED = ("closed", "varied")
SHOWN = ("id", "unit_id", "clause", "what", "state", "answer")


def of_run(run: Manifest) -> pd.DataFrame:
    """Every recommendation that the run's report lists (`chain.COLUMNS`); no row where it made no report."""
    home = places.run_folder(run.run_id)
    for item in reversed(run.stage("council")):
        path = home / item.path
        rows = scraps.held(path).get(raised.SCRAP) if item.outcome == "ok" and path.is_file() else None
        if isinstance(rows, pd.DataFrame):
            return rows
    return chain.nothing()


def exported(run: Manifest, paper: Paper | None) -> pd.DataFrame:
    """The same for other programs: with management's answers, where the run was issued as `paper`."""
    rows = of_run(run)
    said = answered(rows, raised.answers(paper.responses)) if paper else rows
    return said.drop(columns="counted_in")


def meant(run: Manifest, unit: str, about: str) -> tuple[str, str]:
    """Unit and clause of the recommendation that is named by its id; what names none, as it is.

    Raises
    ------
    ParameterError
        The run's report lists no such recommendation, it is closed, or it is of another unit.
    """
    if about and not as_written(about):
        return unit, about
    named = about or unit
    rows = of_run(run).set_index("id")
    stands = rows[rows["state"] != "closed"]
    cite = as_written(named)
    if cite not in stands.index:
        closed = f"'{cite}' is closed, so it asks for no answer. " if cite in rows.index else ""
        raise ParameterError(closed + unknown("recommendation of this run", named, stands.index, MEND))
    row = stands.loc[cite]
    if about and row["unit_id"] != unit:
        raise ParameterError(f"'{cite}' is a recommendation to '{row['unit_id']}', not to '{unit}'.")
    return str(row["unit_id"]), str(row["clause"])


def standing() -> dict[str, dict[str, Any]]:
    """Run → what its paper leaves to be done, for the last paper issued of each council, framework and edition."""
    last = {(one.council, one.framework, one.edition): one for one in issued.readable()}
    return {paper.run_id: _left(paper) for paper in last.values()}


def _left(paper: Paper) -> dict[str, Any]:
    """The recommendations that a paper leaves standing, the first due first; or why they can't be read."""
    try:
        kept = raised.last(Baseline(paper))
    except StoreError as error:
        return {"recommendations": [], "recommendations_fault": str(error)}
    if kept is None:
        return {"recommendations": []}
    rows = kept.rows[~kept.rows["state"].isin(SETTLED)].sort_values("due_on", kind="stable")
    days = rows["due_on"].dt.strftime("%Y-%m-%d")
    return {"recommendations": rows[list(SHOWN)].assign(due_on=days).to_dict("records")}


def standing_text(run: dict[str, Any]) -> str:
    """The same for a terminal: a line each, under the paper's own."""
    fault = run.get("recommendations_fault", "")
    said = [f"recommendations that can't be read: {fault}"] if fault else []
    rows = run.get("recommendations", [])
    said += [f"recommendations that stand: {len(rows)}", *map(_line, rows)] if rows else []
    return "".join(f"\n    {line}" for line in said)


def _line(row: dict[str, Any]) -> str:
    day = date_words(pd.Timestamp(row["due_on"]).date())
    answer = "no answer" if row["answer"] == chain.NO_ANSWER else row["answer"]
    return f"  {row['id']}  by {day} ({answer})  {row['unit_id']}: {row['what']}"
