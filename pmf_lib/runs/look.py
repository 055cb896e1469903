"""What there is and what would be: texts and plain data for `pmf check`, `pmf status` and `pmf run --plan`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pmf_lib import council as councils
from pmf_lib import decisions, policy, settings
from pmf_lib import framework as frameworks
from pmf_lib.assurance import clauses
from pmf_lib.errors import StoreError
from pmf_lib.framework import Framework, crosswalks
from pmf_lib.periods import parse_date
from pmf_lib.records import together
from pmf_lib.records.collect import collect
from pmf_lib.records.editions import scheme as disclosure
from pmf_lib.records.findings import worded
from pmf_lib.records.parse import Records
from pmf_lib.records.published import grammar
from pmf_lib.runs import yearly
from pmf_lib.runs.issuing.papers import standing
from pmf_lib.runs.plan import Plan, Request
from pmf_lib.sidecar import all_sidecars
from pmf_lib.store import ledger, manifest, places
from pmf_lib.workbook.book import schemes


def records_of(request: Request) -> Records:
    """The council's records as a run would read them now."""
    framework = frameworks.load(request.framework)
    nodes = {framework.id: [node.id for node in framework.linkable]}
    return collect(councils.load(request.council), nodes=nodes, as_at=parse_date(request.as_at))


def check_tests(framework: Framework) -> None:
    """Every test that the framework's clauses name is there, and is told what it must be told.

    Raises
    ------
    PolicyError
        One is not, or is told something else.
    """
    clauses.check_named(framework.clauses, schemes().clauses)


def check_parameters() -> str:
    """Read every file under ``parameters/`` and every sidecar; how many there are of each kind, all in order.

    Raises
    ------
    PmfError
        One of them is not in order.
    """
    schemes()
    disclosure.load()
    home = settings.root() / "parameters"
    found = [frameworks.load(name) for name in frameworks.ids()]
    for one in found:
        check_tests(one)
    counts = {
        "frameworks": len(found),
        "crosswalks": len([crosswalks.read(path) for path in crosswalks.paths()]),
    }
    loaders: dict[str, Callable[[str], object]] = {
        "councils": councils.load,
        "sources": grammar.load,
        "runs": lambda name: policy.load(home / "runs" / f"{name}.yml", Request),
    }
    for kind, load in loaders.items():
        counts[kind] = len([load(path.stem) for path in sorted((home / kind).glob("*.yml"))])
    counts["decisions about papers"] = len(decisions.papers().all)
    deciding = [councils.load(path.name).id for path in sorted((home / "decisions/measures").glob("*/"))]
    counts["decisions about measures"] = sum(len(decisions.of_measures(name).all) for name in deciding)
    listed = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"{listed} and {len(all_sidecars())} notebooks are in order."


def findings_text(records: Records, *, each: bool = False) -> str:
    """Findings, those of one kind on one measure in a line (`each`: a line each), and rows read, kept and left out."""
    found = records.findings if each else together.together(records.findings)
    texts = worded(found) if each else together.worded(found)
    lines = [f"{kind}: {text}" for kind, text in zip(found["severity"], texts, strict=True)]
    more = ["`pmf check --all` lists each by itself."] if len(found) < len(records.findings) else []
    reads = records.reads
    rows = (
        f"{len(reads)} tables read: {int(reads['rows_read'].sum())} rows, {int(reads['rows_kept'].sum())} kept, "
        f"{int(reads['rows_left_out'].sum())} left out; {len(records.findings)} findings."
    )
    return "\n".join([*lines, *more, rows])


def findings_json(records: Records) -> str:
    """Findings as JSON, one object each."""
    return str(records.findings.assign(message=worded(records.findings)).to_json(orient="records", indent=2))


def plan_text(plan: Plan) -> str:
    """What a run would do."""
    run = plan.manifest
    head = f"Run {run.run_id}: {run.council}, {run.framework}, {run.quarter}, as at {run.as_at}, {run.edition} edition"
    lines = [f"  {order.item.stage:<12} {order.item.id}" for order in plan.orders]
    beside = f"Compared with issued run {run.baseline}." if run.baseline else "Compared with no issued run."
    return "\n".join(
        [head, beside, _of_the_year(run), f"Snapshot {run.snapshot}, {len(lines)} items:", *lines]
    )


def _of_the_year(run: manifest.Manifest) -> str:
    """What the annual review reads beside this run, or why none is made."""
    if said := yearly.why_not(run.quarter):
        return said
    if not run.issued:
        return "The annual review reads no issued run: the year's earlier quarters are told from the records."
    return f"The annual review reads issued {', '.join(run.issued.split())}."


def runs() -> dict[str, Any]:
    """Every run in the store with its items, and the state of the ledger."""
    paths = sorted(places.runs().glob("*/manifest.json"), key=lambda path: path.stat().st_mtime)
    found = [_run_or_fault(path) for path in paths]
    return {
        "runs": [run for run in found if isinstance(run, dict)],
        "damaged": [fault for fault in found if isinstance(fault, str)],
        "ledger": _ledger(),
    }


def runs_text(facts: dict[str, Any]) -> str:
    """The same for a terminal."""
    lines = [
        f"{run['run_id']}  {run['council']}  {run['framework']}  {run['quarter']}  {run['edition']}  {run['status']}  "
        f"{run['ok']} of {run['items']} items"
        + "".join(
            f"\n    {failed['item']}: {failed['outcome']}. {failed['message']}" for failed in run["failed"]
        )
        for run in facts["runs"]
    ]
    none = [] if facts["damaged"] else ["No run yet. Start one with `pmf run`."]
    return "\n".join([*(lines or none), *facts["damaged"], facts["ledger"]])


def _run_or_fault(path: Path) -> dict[str, Any] | str:
    """A run, or what is wrong with its manifest: one that is damaged hides no other."""
    try:
        return _run(manifest.read(path))
    except StoreError as error:
        return str(error)


def _run(run: manifest.Manifest) -> dict[str, Any]:
    failed = [
        {"item": item.id, "outcome": item.outcome, "message": item.message}
        for item in run.items
        if item.outcome != "ok"
    ]
    about = run.model_dump(
        include={"run_id", "council", "framework", "quarter", "as_at", "edition", "snapshot"}
    )
    return {
        **about,
        "status": standing(run),
        "items": len(run.items),
        "ok": len(run.items) - len(failed),
        "failed": failed,
    }


def verify_ledger() -> int:
    """The number of the ledger's entries.

    Raises
    ------
    StoreError
        The chain does not hold.
    """
    return ledger.verify(places.ledger())


def _ledger() -> str:
    try:
        return f"Ledger: {verify_ledger()} entries, the chain holds."
    except StoreError as error:
        return f"Ledger: {error}"
