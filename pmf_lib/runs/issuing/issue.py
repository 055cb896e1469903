"""Declare a run final: what must hold first, then its next version, written once and for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from pmf_lib import council as councils
from pmf_lib import decisions
from pmf_lib.decisions import AGREED, POSTS, Issue, Papers
from pmf_lib.errors import ParameterError, RunError, StoreError, listed
from pmf_lib.framework import placeholders
from pmf_lib.periods import date_words, parse_date
from pmf_lib.reports import papers as pages
from pmf_lib.reports.html import issued_page
from pmf_lib.reports.papers import Names
from pmf_lib.runs import yearly
from pmf_lib.runs.carry_out import who_and_when
from pmf_lib.runs.issuing import papers, ratings
from pmf_lib.runs.item import PAGE
from pmf_lib.store import issued, ledger, places
from pmf_lib.store.files import canonical_json
from pmf_lib.store.identity import content_hash
from pmf_lib.store.issued import LEDGER_KIND, MANIFEST, Paper
from pmf_lib.store.manifest import Item, Manifest

FACTS = "facts.json"
"""What an issued page says of the paper, beside its notebook."""


def issue(run: Manifest, given: dict[str, Any]) -> Paper:
    """Issue a run as the next version of its quarter's paper.

    Parameters
    ----------
    run
        As the store has it.
    given
        Keys of `decisions.Issue` without run and version. A decision that is written down already needs none.

    Raises
    ------
    ParameterError
        It is not said who issues it, or something else than what is written down.
    PolicyError
        The posts are not three, or a decision's file makes no sense.
    RunError
        The run can't be issued yet, or was issued already.
    StoreError
        Its files do not hold; or an issue was interrupted, and what it left is not what would be issued now.
    """
    begun = issued.of_run(run.run_id)
    if begun:
        _refuse_entered(begun)
    _hold_issued()
    said = decisions.papers().of(run.run_id)
    decision = decided(run, said, given)
    faults = [fault for test in TESTS for fault in test(run, decision, said)]
    if faults:
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise RunError(f"Run {run.run_id} can't be issued yet:\n{lines}")
    _holds(run)
    if not said.issues:
        papers.write(decision)
    asked = run.model_dump(include={"run_id", "council", "framework", "quarter", "as_at", "edition"})
    answers = {"responses": said.responses, "ratings": said.ratings}
    paper = Paper(**asked, issue=decision, checks=tuple(said.checks.values()), **answers)
    put = _held if begun else issued.write
    paper = put(paper, contents(run, paper))
    _enter(run, paper)
    return paper


def decided(run: Manifest, said: Papers, given: dict[str, Any]) -> Issue:
    """The decision to issue: the file that is there, else what is given."""
    version = 1 + max((paper.version for paper in _versions(run)), default=0)
    if len(said.issues) > 1:
        raise ParameterError(f"More than one file in {decisions.FOLDER} issues run {run.run_id}. Keep one.")
    for written in said.issues:
        if written.version != version:
            raise ParameterError(
                f"The decision to issue run {run.run_id} says version {written.version}, and the next one is {version}. "
                f"Mend its file in {decisions.FOLDER}."
            )
        if {**written.model_dump(), **given} != written.model_dump():
            raise ParameterError(
                f"A file in {decisions.FOLDER} issues run {run.run_id} already, and says something else. Give no options, "
                "or take the file away."
            )
        return written
    missing = [name for name in POSTS if not given.get(name)]
    if missing:
        options = ", ".join(f"--{name}" for name in missing)
        raise ParameterError(f"Say who issues the paper: {options} (posts, not names).")
    return Issue.model_validate(decisions.made(Issue, run=run.run_id, version=version, **given))


def contents(run: Manifest, paper: Paper) -> dict[str, bytes]:
    """Every file of the version: the run's manifest and notebooks to the byte, and pages that say that they are issued."""
    home, names = places.run_folder(run.run_id), names_of(run)
    found = {MANIFEST: (home / MANIFEST).read_bytes()}
    for item in run.items:
        notebook = (home / item.path).read_bytes()
        facts = pages.facts(paper, item.unit, names, ratings.of_item(run, item))
        found[item.path] = notebook
        found[place(item, FACTS)] = f"{canonical_json(facts, indent=2)}\n".encode()
        found[page_path(item)] = issued_page(notebook, facts).encode("utf-8")
    return found


def page_path(item: Item) -> str:
    """Where an item's page lies beside its notebook."""
    return place(item, PAGE)


def place(item: Item, name: str) -> str:
    """Where a file lies beside an item's notebook."""
    return Path(item.path).with_name(name).as_posix()


def names_of(run: Manifest) -> Names:
    """What the run's pages call units, clauses and measures."""
    units = {one.id: one.name for one in councils.load(run.council).directorates}
    return Names(lambda unit: units.get(unit, "Whole council"), papers.subjects(run))


def _whole(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """Every page of every directorate, and all as they were made."""
    units = {item.unit for item in run.stage("directorate")}
    lacking = [one.name for one in councils.load(run.council).directorates if one.id not in units]
    if lacking:
        yield f"It lacks {', '.join(lacking)}: a paper speaks for every directorate. Run them all."
    failed = [item.id for item in run.items if item.outcome != "ok"]
    if failed:
        yield f"Not made: {', '.join(failed)}. Run it again until every page is there."


def _own(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """Figures that others published, mapped for illustration, are nobody's paper."""
    if councils.load(run.council).evidence == "published":
        yield "It is made of published figures, mapped for illustration; such pages are not issued for a council."


def _compared(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """A paper says what changed since the one that people have in hand."""
    own = issued.of_run(run.run_id)
    last = issued.before(
        own, council=run.council, framework=run.framework, quarter=run.quarter, edition=run.edition
    )
    if last and run.baseline != last.run_id:
        yield f"It does not say what changed since {last.name}, which has been issued. Run the quarter again."


def _reviewed(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """An annual review speaks of the papers that people have in hand of the year's earlier quarters."""
    newest = yearly.chosen({**run.model_dump(exclude={"items"}), "issued": ""})
    if newest != run.issued:
        yield f"Its annual review does not read what has been issued of the year ({newest or 'nothing'}). Run the quarter again."


def _own_words(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """A framework that still speaks in made-up words of its template is nobody's."""
    home, mark = places.run_folder(run.run_id), placeholders.MARK.encode()
    pages_ = [(item.id, home / page_path(item)) for item in run.items]
    marked = [name for name, page in pages_ if page.is_file() and mark in page.read_bytes()]
    if marked:
        yield (
            f"Words of the framework's template, marked '{placeholders.MARK}', still stand on: {listed(marked)}. Put your "
            f"document's own in their place (`pmf framework show {run.framework}` says where), and run the quarter again."
        )


def _dates(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """First the records are read, then the pages checked, then the paper issued, one version after the other."""
    earlier = {
        "the run's as-at date": parse_date(run.as_at),
        **{f"the check by {one.directorate}": one.dated for one in said.checks.values()},
        **{f"the response about {one.about}": one.dated for one in said.responses},
        **{f"the rating of {one.unit}": one.dated for one in said.ratings},
        **{f"the issue of {paper.name}": paper.issue.dated for paper in _versions(run)},
    }
    for what, dated in earlier.items():
        if decision.dated < dated:
            yield f"It would be issued on {date_words(decision.dated)}, before {what} ({date_words(dated)})."


def _checked(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """Each directorate agrees to its facts, or the page says why it was not waited for."""
    units = dict.fromkeys(item.unit for item in run.stage("directorate"))
    agreed = {unit for unit, check in said.checks.items() if check.answer == AGREED}
    for unit in units:
        if unit not in agreed and unit not in decision.without_check:
            last = f"'{said.checks[unit].note}'" if unit in said.checks else ""
            why = f"wants corrections {last}" if last else "has not said whether its facts are right"
            yield (
                f"{unit} {why}. `pmf paper check {run.run_id} {unit} --agreed --by POST`, "
                f"or issue it --without-check {unit}=REASON."
            )
    for unit in decision.without_check:
        if unit not in units or unit in agreed:
            yield f"--without-check names '{unit}', which {'agreed' if unit in agreed else 'is no directorate of the run'}."


def _rated(run: Manifest, decision: Issue, said: Papers) -> Iterator[str]:
    """What is confirmed or overridden is what the run's pages propose."""
    yield from ratings.faults(run, said)


TESTS: tuple[Callable[[Manifest, Issue, Papers], Iterator[str]], ...] = (
    _whole,
    _own,
    _compared,
    _reviewed,
    _own_words,
    _dates,
    _checked,
    _rated,
)


def _versions(run: Manifest) -> list[Paper]:
    """Versions of the same paper before the run's own, which is there where its issue was interrupted."""
    found = issued.versions(run.council, run.framework, run.quarter, run.edition)
    own = [paper.version for paper in found if paper.run_id == run.run_id]
    return [paper for paper in found if not own or paper.version < own[0]]


def _holds(run: Manifest) -> None:
    """The manifest is what the ledger says, and each notebook and page what the manifest says."""
    home = places.run_folder(run.run_id)
    lines = [line for line in ledger.entries(places.ledger()) if line.get("run_id") == run.run_id]
    closed = [line["manifest_sha256"] for line in lines if line.get("kind") == "run"]
    wanted = {MANIFEST: closed[-1] if closed else ""}
    for item in run.items:
        wanted |= {item.path: item.sha256, page_path(item): item.page_sha256}
    for name, expected in wanted.items():
        if not (home / name).is_file() or content_hash(home / name) != expected:
            raise StoreError(
                f"'{name}' of run {run.run_id} is missing, or not as it was made: it can't be issued. "
                "`pmf verify` says more; the same `pmf run` makes it anew."
            )


def _hold_issued() -> None:
    """What was issued before is there; else the next version's number, and what it is compared with, are not known."""
    _, broken = issued.verify(ledger.entries(places.ledger()))
    for one in broken:
        if one.why in ("lost", "unreadable"):
            raise StoreError(f"{issued.WORDS[one.why].format(file=one.file)} {issued.MEND}")


def _enter(run: Manifest, paper: Paper) -> None:
    """The ledger's line: what was issued, by which posts, and the hash that holds all of it together."""
    posts = paper.issue.model_dump(mode="json", include={*POSTS, "dated", "version"})
    about = paper.model_dump(include={"council", "framework", "quarter", "as_at", "edition"})
    line = {"kind": LEDGER_KIND, **about, **posts, "issue_sha256": issued.seal(paper), **who_and_when(run)}
    ledger.append(places.ledger(), [line])


def _refuse_entered(paper: Paper) -> None:
    """What the ledger knows is out; an issue that was interrupted before goes on, if what it left holds."""
    lines = ledger.entries(places.ledger())
    if any(line.get("kind") == LEDGER_KIND and line["run_id"] == paper.run_id for line in lines):
        raise RunError(
            f"Run {paper.run_id} was issued already, as {paper.name}, on {date_words(paper.issue.dated)}. What is issued is "
            f"never issued again; mend what is to be mended, run the quarter, and issue that run as version {paper.version + 1}."
        )


def _held(paper: Paper, contents: dict[str, bytes]) -> Paper:
    """What an interrupted issue left in the paper's place, once every file is what would be written there now."""
    files = {name: sha256(content).hexdigest() for name, content in contents.items()}
    whole = paper.model_copy(update={"files": files})
    listing = f"{canonical_json(whole.model_dump(mode='json'), indent=2)}\n".encode()
    wanted = {**contents, issued.FILE: listing}
    there = {
        path.relative_to(paper.folder).as_posix(): path.read_bytes()
        for path in paper.folder.rglob("*")
        if path.is_file()
    }
    others = [name for name in sorted({*there, *wanted}) if there.get(name) != wanted.get(name)]
    if others:
        raise StoreError(
            f"The ledger does not know {paper.name}, and what lies in its folder is not what run {paper.run_id} and its "
            f"decisions give: {listed(others)}. If people have that paper in hand, put the whole store back from a copy. "
            f"If its issue was interrupted, take the folder '{paper.folder.relative_to(places.issued().parent)}' out of "
            "the store, and issue the run again."
        )
    return whole
