"""What is decided about a run's papers before it is issued, as commands write it: checks and responses; and its status."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pmf_lib import council as councils
from pmf_lib import decisions, settings
from pmf_lib import framework as frameworks
from pmf_lib.decisions import Check, Decision, Response
from pmf_lib.errors import ParameterError, RunError, unknown
from pmf_lib.periods import date_words, parse_date
from pmf_lib.records.snapshot import load as load_snapshot
from pmf_lib.runs.issuing import followed
from pmf_lib.store import files, issued, manifest, places
from pmf_lib.store.manifest import Manifest

SHORTEST = 4


def find(run: str) -> Manifest:
    """The run of this id, or of the only id that begins so.

    Raises
    ------
    ParameterError
        No run in the store, or more than one.
    """
    there = sorted(path.parent.name for path in places.runs().glob("*/manifest.json"))
    found = [name for name in there if name == run or (len(run) >= SHORTEST and name.startswith(run))]
    if len(found) != 1:
        raise ParameterError(unknown("run", run, found or there, "`pmf paper status` lists them."))
    return manifest.read(places.run_folder(found[0]) / "manifest.json")


def check(run: Manifest, directorate: str, answer: str, *, by: str, dated: date, note: str = "") -> Path:
    """Write down what a directorate says of the facts of its pages."""
    councils.load(run.council).directorate(directorate)
    refuse_late(run, dated)
    missing = [item.id for item in run.items if item.unit == directorate and item.outcome != "ok"]
    if missing or directorate not in {item.unit for item in run.items}:
        raise RunError(
            f"Run {run.run_id} has not all pages of '{directorate}', so they can't be checked. Run it first."
        )
    return write(
        decisions.made(
            Check, run=run.run_id, directorate=directorate, answer=answer, by=by, dated=dated, note=note
        )
    )


def respond(run: Manifest, unit: str, about: str = "", **answer: Any) -> Path:
    """Write down what management answers to one finding: a clause, a measure or a faulty row of a unit.

    The id of a recommendation stands for its unit and clause; the id alone, given as `unit`, will do.

    Raises
    ------
    ParameterError
        The run knows no such unit, or nothing of this name.
    """
    unit, about = followed.meant(run, unit, about)
    units = list(dict.fromkeys(item.unit for item in run.items))
    if unit not in units:
        raise ParameterError(unknown("unit of this run", unit, units))
    known = subjects(run)
    if about not in known:
        mend = "Name a clause, a measure, or a faulty row as 'file, row n'."
        raise ParameterError(unknown("finding of this run", about, known, mend))
    refuse_late(run, answer["dated"])
    return write(decisions.made(Response, run=run.run_id, unit=unit, about=about, **answer))


def subjects(run: Manifest) -> dict[str, str]:
    """What a response may be about → its words: clauses, measures, and the places of faulty rows."""
    snapshot = load_snapshot(run.snapshot, settings.store())
    measures, faults = snapshot.table("measures"), snapshot.table("findings")
    places_ = faults["source_file"] + ", row " + faults["source_row"].astype("str")
    return {
        **{clause.id: clause.what for clause in frameworks.load(run.framework).clauses},
        **dict(zip(measures["measure_id"], measures["title"], strict=True)),
        **{place: place for place in places_},
    }


def write(decision: Decision) -> Path:
    """Put a decision into its file, beside the others."""
    folder = decisions.folder()
    path = folder / decisions.name(decision, (one.name for one in folder.glob("*.yml")))
    files.write_text(path, decisions.text(decision))
    return path


def refuse_late(run: Manifest, dated: date) -> None:
    """Nothing is said of records before they were read, nor of a paper that is out.

    Raises
    ------
    ParameterError
        The day lies before the run's as-at date.
    RunError
        The run was issued.
    """
    paper = issued.of_run(run.run_id)
    if paper:
        raise RunError(
            f"Run {run.run_id} was issued on {date_words(paper.issue.dated)} as {paper.name}: what is said now belongs to "
            "the next draft. Run the quarter again, and say it of that run."
        )
    if dated < parse_date(run.as_at):
        raise ParameterError(
            f"'{dated.isoformat()}' lies before the run's as-at date, {run.as_at}: nobody can have read its pages then."
        )


def status() -> list[dict[str, Any]]:
    """Every run in the store, the oldest first: where its paper stands, and who has said what of it."""
    said = decisions.papers()
    runs = [manifest.read(path) for path in places.runs().glob("*/manifest.json")]
    stand = followed.standing()
    return [_status(run, said.of(run.run_id)) | stand.get(run.run_id, {}) for run in sorted(runs, key=_age)]


def _status(run: Manifest, said: decisions.Papers) -> dict[str, Any]:
    asked = run.model_dump(
        include={"run_id", "council", "framework", "quarter", "as_at", "edition", "baseline"}
    )
    units = dict.fromkeys(item.unit for item in run.stage("directorate"))
    checks = {unit: said.checks[unit].answer if unit in said.checks else "not yet" for unit in units}
    return {
        **asked,
        "complete": run.is_complete,
        "status": standing(run),
        "checks": checks,
        "responses": len(said.responses),
        "ratings": {one.unit: {"answer": one.answer, "issued": one.issued} for one in said.ratings},
    }


def standing(run: Manifest) -> str:
    """Draft, issued vN, or superseded by vN."""
    papers = issued.readable()
    own = next((paper for paper in papers if paper.run_id == run.run_id), None)
    later = issued.newest(own, papers) if own else None
    return (
        "draft" if own is None else f"superseded by v{later.version}" if later else f"issued v{own.version}"
    )


def status_text(facts: list[dict[str, Any]]) -> str:
    """The same for a terminal."""
    return "\n".join(_line(run) for run in facts) or "No run yet. Start one with `pmf run`."


def _line(run: dict[str, Any]) -> str:
    head = f"{run['run_id']}  {run['council']}  {run['framework']}  {run['quarter']}  {run['edition']}  {run['status']}"
    if run["status"] != "draft":
        return f"{head}{followed.standing_text(run)}"
    whole = "" if run["complete"] else "\n    not complete: it can't be issued"
    checks = [f"\n    {unit}: {answer}" for unit, answer in run["checks"].items()]
    rated = [
        f"\n    rating of {unit}: {said['answer']}, {said['issued']}" for unit, said in run["ratings"].items()
    ]
    return f"{head}{whole}{''.join(checks)}\n    management's responses: {run['responses']}{''.join(rated)}"


def _age(run: Manifest) -> tuple[str, ...]:
    return run.council, run.framework, run.edition, run.quarter, run.as_at, run.run_id
