"""From a draft to an issued version: what is refused, what is kept, what is shown."""

import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from papers_made import POSTS, close, made
from workspace import Workspace

from pmf_lib import decisions
from pmf_lib.errors import ParameterError, PolicyError, RunError, StoreError
from pmf_lib.runs.issuing import issue as issuing
from pmf_lib.runs.issuing import papers
from pmf_lib.runs.site import publish
from pmf_lib.store import files, identity, issued, ledger, places
from pmf_lib.store.issued import Broken, Paper
from pmf_lib.store.manifest import Manifest

DAY = date(2024, 11, 20)
UNITS = ("adults-health", "childrens", "economy-environment", "resources")


def agree(run: Manifest, *units: str, day: date = DAY) -> None:
    for unit in units or UNITS:
        papers.check(run, unit, "agreed", by="Director", dated=day)


def issue(run: Manifest, **given: object) -> Paper:
    return issuing.issue(run, {**POSTS, "dated": DAY, **given})


@pytest.fixture(scope="module")
def small(make_workspace: Callable[..., Workspace]) -> tuple[Workspace, str]:
    """The sample council with a handful of measures, and one finished run in its store."""
    own = make_workspace("small")
    own.change("measures", lambda rows: rows.__setitem__(slice(None), rows[:4]))
    with pytest.MonkeyPatch.context() as patched:
        named(own, patched)
        return own, made(own.home).run_id


@pytest.fixture
def workspace(small: tuple[Workspace, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of it, which the environment names."""
    own = small[0].copied(tmp_path / "workspace")
    named(own, monkeypatch)
    return own


@pytest.fixture
def run(workspace: Workspace, small: tuple[Workspace, str]) -> Manifest:
    return papers.find(small[1])


def named(own: Workspace, patched: pytest.MonkeyPatch) -> None:
    patched.setenv("PMF_HOME", str(own.home))
    patched.setenv("PMF_STORE", str(own.store))
    patched.setattr(identity, "code_digest", lambda _: "code")


@pytest.fixture
def paper(run: Manifest) -> Paper:
    agree(run)
    return issue(run)


def test_a_checked_run_becomes_version_1_with_posts_checks_and_responses_on_its_pages(run: Manifest) -> None:
    agree(run)
    clause = next(iter(papers.subjects(run)))
    papers.respond(
        run, "childrens", clause, answer="rejected", by="Director", dated=DAY, note="<b>Not ours</b>"
    )
    paper = issue(run)
    assert (paper.version, paper.run_id) == (1, run.run_id)
    page = (paper.folder / "items/childrens/2_measures_against_markers/page.html").read_text()
    for said in (
        "Issued v1 on 20 November 2024",
        *POSTS.values(),
        "&lt;b&gt;Not ours",
        "How this paper was agreed",
    ):
        assert said in page
    other = (paper.folder / "items/resources/2_measures_against_markers/page.html").read_text()
    assert "Not ours" not in other


def test_a_page_that_still_shows_words_of_a_template_is_not_issued(run: Manifest) -> None:
    agree(run)
    page = places.run_folder(run.run_id) / issuing.page_path(run.items[1])
    page.write_text("<p>A place where everybody lives well (example, replace)</p>", encoding="utf-8")
    with pytest.raises(RunError, match=rf"still stand on: '{run.items[1].id}'\. Put your document's own"):
        issue(run)
    assert issued.of_run(run.run_id) is None


def test_an_issued_page_differs_from_its_draft_in_the_papers_facts_alone(run: Manifest, paper: Paper) -> None:
    item = run.items[0]
    notebook = (places.run_folder(run.run_id) / item.path).read_bytes()
    assert issued.content(paper, item.path) == notebook
    draft = issuing.issued_page(notebook, {})
    page = issued.content(paper, issuing.page_path(item)).decode()
    start, end = page.index('<h2 id="agreed">'), page.index("</main>")
    without = (page[:start] + page[end:]).replace("Issued v1 on 20 November 2024", "Draft")
    assert without.split() == draft.split()


def test_the_same_decisions_give_the_same_bytes_of_pages(run: Manifest, paper: Paper) -> None:
    assert {
        name: issued._sha(content) for name, content in issuing.contents(run, paper).items()
    } == paper.files


def test_a_missing_check_is_refused_and_a_reason_in_its_place_is_printed(run: Manifest) -> None:
    agree(run, *UNITS[:3])
    with pytest.raises(RunError, match="resources has not said whether its facts are right"):
        issue(run)
    paper = issue(run, without_check={"resources": "No director in post until December."})
    page = (paper.folder / "items/resources/2_measures_against_markers/page.html").read_text()
    assert "No director in post until December." in page
    assert "the paper was issued without it" in page


def test_wanted_corrections_are_refused_until_the_directorate_agrees(run: Manifest) -> None:
    agree(run, *UNITS[1:])
    papers.check(run, UNITS[0], "corrections wanted", by="Director", dated=DAY, note="Q1 is wrong")
    with pytest.raises(RunError, match="adults-health wants corrections 'Q1 is wrong'"):
        issue(run)
    agree(run, UNITS[0])
    assert issue(run).version == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"without_check": {"childrens": "No need"}}, "names 'childrens', which agreed"),
        ({"without_check": {"libraries": "No need"}}, "names 'libraries', which is no directorate"),
        ({"dated": date(2024, 11, 14)}, "before the run's as-at date \\(15 November 2024\\)"),
        ({"dated": date(2024, 11, 19)}, "before the check by childrens"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(run: Manifest, given: dict[str, object], said: str) -> None:
    agree(run)
    with pytest.raises(RunError, match=said):
        issue(run, **given)
    assert issued.readable() == []


def test_posts_that_are_one_and_the_same_are_refused(run: Manifest) -> None:
    agree(run)
    with pytest.raises(PolicyError, match="three different posts"):
        issue(run, confirmer="head  of PERFORMANCE")
    with pytest.raises(ParameterError, match="--confirmer"):
        issuing.issue(run, {"preparer": "A", "reviewer": "B", "dated": DAY})


def test_a_run_with_a_failed_item_or_without_a_directorate_is_refused(
    workspace: Workspace, run: Manifest
) -> None:
    agree(run)
    failed = run.with_item(run.items[0].model_copy(update={"outcome": "failed"}))
    close(failed)
    with pytest.raises(RunError, match=f"Not made: {run.items[0].id}"):
        issue(failed)
    part = run.model_copy(update={"items": tuple(one for one in run.items if one.unit != "childrens")})
    with pytest.raises(RunError, match="It lacks Children's Services"):
        issue(part)


def test_a_run_whose_files_were_changed_is_refused(run: Manifest) -> None:
    agree(run)
    page = places.run_folder(run.run_id) / issuing.page_path(run.items[0])
    page.write_text("<p>All is well</p>")
    with pytest.raises(StoreError, match=r"page\.html' of run \w+ is missing, or not as it was made"):
        issue(run)


def test_a_manifest_that_the_ledger_does_not_know_is_refused(run: Manifest) -> None:
    agree(run)
    path = places.run_folder(run.run_id) / "manifest.json"
    path.write_text(path.read_text().replace('"headline": ""', '"headline": "Better"', 1))
    with pytest.raises(StoreError, match=r"'manifest\.json'"):
        issue(papers.find(run.run_id))


def test_published_figures_are_nobodys_paper(workspace: Workspace, run: Manifest) -> None:
    agree(run)
    council = workspace.home / "parameters/councils/sample.yml"
    council.write_text(council.read_text().replace("evidence: made-up", "evidence: published"))
    with pytest.raises(RunError, match="not issued for a council"):
        issue(run)


def test_issuing_the_same_run_twice_is_refused(run: Manifest, paper: Paper) -> None:
    with pytest.raises(RunError, match="was issued already, as version 1 of Quarter 2"):
        issue(run)
    with pytest.raises(RunError, match="belongs to the next draft"):
        agree(run, "childrens")


def test_an_issue_that_was_interrupted_before_the_ledger_knew_is_completed(
    run: Manifest, monkeypatch
) -> None:
    agree(run)
    interrupted(run, monkeypatch)
    assert issued.verify(ledger.entries(places.ledger()))[1][0].why == "unknown"
    assert issue(run).version == 1
    assert issued.verify(ledger.entries(places.ledger())) == (1, [])


def interrupted(run: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An issue that is stopped just before the ledger knows of it."""
    with monkeypatch.context() as patched:
        patched.setattr(issuing, "_enter", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            issue(run)


@pytest.mark.parametrize("harm", ["page", "confirmer", "added", "decision", "answer"])
def test_what_an_interrupted_issue_left_is_entered_only_as_it_would_be_issued_now(
    run: Manifest, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(run)
    interrupted(run, monkeypatch)
    tamper(run, harm)
    with pytest.raises((StoreError, ParameterError), match=r"is not what run \w+ and its decisions give"):
        issuing.issue(run, {})
    assert [line for line in ledger.entries(places.ledger()) if line["kind"] == "issued"] == []


def tamper(run: Manifest, harm: str) -> None:
    """Change what an issue left, so that its own hashes still hold; or a decision that it rests on."""
    paper = issued.named(run.run_id)
    page, index = paper.folder / issuing.page_path(run.items[0]), paper.folder / "issue.json"
    said = json.loads(index.read_text())
    if harm == "page":
        page.chmod(0o644)
        page.write_text("<p>All is well</p>")
        said["files"][issuing.page_path(run.items[0])] = identity.content_hash(page)
    elif harm == "confirmer":
        said["issue"]["confirmer"] = "Somebody else"
    elif harm == "added":
        (paper.folder / "note.txt").write_text("x")
    elif harm == "decision":
        [path] = decisions.folder().glob("*-issue-*")
        path.write_text(path.read_text().replace(POSTS["confirmer"], "Somebody else"))
    else:
        [path] = decisions.folder().glob("*-check-*-childrens.yml")
        path.write_text(path.read_text().replace("by: Director", "by: Somebody else"))
    index.chmod(0o644)
    files.write_json(index, said)


@pytest.mark.slow
def test_an_interrupted_issue_is_completed_after_a_later_version_too(
    workspace: Workspace, run: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(run)
    interrupted(run, monkeypatch)
    later = made(workspace.home, as_at="2024-11-18")
    agree(later)
    assert issue(later, dated=date(2024, 11, 25)).version == 2
    assert issuing.issue(run, {}).version == 1
    assert issued.verify(ledger.entries(places.ledger())) == (2, [])


def test_a_decision_written_by_hand_issues_the_run_and_other_options_are_refused(run: Manifest) -> None:
    agree(run)
    by_hand = decisions.made(decisions.Issue, run=run.run_id, version=1, dated=DAY, **POSTS)
    papers.write(by_hand)
    with pytest.raises(ParameterError, match="says something else"):
        issue(run, preparer="Somebody else")
    assert issuing.issue(run, {}).issue == by_hand


@pytest.mark.slow
def test_a_run_that_does_not_look_back_to_the_last_issue_is_refused_and_the_next_run_does(
    workspace: Workspace, run: Manifest, paper: Paper
) -> None:
    blind = made(workspace.home, baseline="none", as_at="2024-11-18")
    agree(blind, day=DAY)
    with pytest.raises(RunError, match="does not say what changed since version 1 of Quarter 2"):
        issue(blind)
    seeing = made(workspace.home, as_at="2024-11-18")
    assert seeing.baseline == run.run_id
    assert seeing.run_id != blind.run_id
    agree(seeing, day=DAY)
    assert issue(seeing).version == 2


def test_the_same_quarter_with_nothing_changed_is_the_issued_run_again(
    workspace: Workspace, run: Manifest, paper: Paper
) -> None:
    again = made(workspace.home)
    assert (again.run_id, again.baseline) == (run.run_id, "")


@pytest.mark.slow
def test_an_earlier_quarter_is_never_compared_with_a_later_one(workspace: Workspace, paper: Paper) -> None:
    earlier = made(workspace.home, quarter="2024-25 Q1", as_at="2024-08-15")
    assert earlier.baseline == ""
    with pytest.raises(ParameterError, match="for the same or an earlier quarter"):
        made(workspace.home, quarter="2024-25 Q1", as_at="2024-08-15", baseline=paper.run_id)
    with pytest.raises(StoreError, match="is not a known issued run"):
        made(workspace.home, baseline="0123456789ab")


def test_issued_files_are_read_only_and_never_written_again(run: Manifest, paper: Paper) -> None:
    found = [path for path in paper.folder.rglob("*") if path.is_file()]
    assert len(found) == len(paper.files) + 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o444}
    with pytest.raises(StoreError, match="is never written again"):
        issued.write(paper, issuing.contents(run, paper))


def test_verify_tells_apart_what_was_changed_added_lost_or_never_issued(paper: Paper) -> None:
    page = paper.folder / issuing.page_path(issued.run_of(paper).items[0])
    page.chmod(0o644)
    page.write_text("<p>All is well</p>")
    (paper.folder / "note.txt").write_text("x")
    name = page.relative_to(places.issued().parent).as_posix()
    base = paper.folder.relative_to(places.issued().parent).as_posix()
    wanted = [Broken("changed", name), Broken("added", f"{base}/note.txt")]
    assert issued.verify(ledger.entries(places.ledger())) == (1, wanted)
    assert issued.verify([])[1][-1] == Broken("unknown", f"{base}/issue.json")
    (paper.folder / "issue.json").unlink()
    assert issued.verify(ledger.entries(places.ledger())) == (1, [Broken("unreadable", f"{base}/issue.json")])
    paper.folder.rename(paper.folder.with_name("elsewhere"))
    assert issued.verify(ledger.entries(places.ledger())) == (1, [Broken("lost", base)])


@pytest.mark.slow
def test_nothing_is_issued_while_an_issued_paper_is_lost(
    workspace: Workspace, run: Manifest, paper: Paper
) -> None:
    paper.folder.rename(paper.folder.with_name("elsewhere"))
    other = made(workspace.home, as_at="2024-11-18", baseline="none")
    agree(other)
    with pytest.raises(StoreError, match="the ledger says that this paper was issued"):
        issue(other)


@pytest.mark.slow
def test_a_superseded_version_says_so_in_the_view_and_stays_as_it_was_in_the_store(
    workspace: Workspace, run: Manifest, paper: Paper
) -> None:
    before = {path: path.read_bytes() for path in paper.folder.rglob("*") if path.is_file()}
    publish.publish(run)
    view = workspace.home / "outputs/sample/pmf-2022-25/2024-25-q2"
    page = "childrens/2_measures_against_markers.html"
    assert "Issued v1 on" in (view / "full" / page).read_text()
    assert (view / "full-v1" / page).read_bytes() == (view / "full" / page).read_bytes()
    second = made(workspace.home, as_at="2024-11-18")
    agree(second)
    issue(second)
    publish.refresh(second)
    first, newest = ((view / f"full-v{n}" / page).read_text() for n in (1, 2))
    assert "Superseded by v2 (was v1)" in first
    assert "Superseded paper" in first
    assert "Superseded" not in newest
    assert {path: path.read_bytes() for path in paper.folder.rglob("*") if path.is_file()} == before
    index = (workspace.home / "outputs/index.html").read_text()
    assert "2 papers issued" in index
    assert "Superseded by v2" in index


@pytest.mark.slow
def test_a_damaged_issued_paper_is_named_on_the_index_and_hides_no_run(
    workspace: Workspace, run: Manifest, paper: Paper
) -> None:
    publish.publish(run)
    file = paper.folder / "issue.json"
    file.chmod(0o644)
    file.write_text("{}")
    fresh = made(workspace.home, quarter="2024-25 Q1", as_at="2024-08-15", baseline="none")
    publish.publish(fresh)
    index = (workspace.home / "outputs/index.html").read_text()
    assert "cannot be read" in index
    assert "Quarter 1, April to June 2024" in index


@pytest.mark.slow
def test_decisions_about_papers_change_neither_policy_nor_run(workspace: Workspace, run: Manifest) -> None:
    agree(run)
    assert made(workspace.home).run_id == run.run_id


def test_the_commands_write_what_they_are_told_and_say_where(workspace: Workspace, run: Manifest) -> None:
    start = run.run_id[:6]
    for unit in UNITS:
        done = workspace.here(
            "paper", "check", start, unit, "--agreed", "--by", "Director", "--date", "2024-11-18"
        )
        assert f"parameters/decisions/papers/2024-11-18-check-{run.run_id}-{unit}.yml" in done.out
    done = workspace.here(
        "paper", "respond", start, "council", "targets-set", "--accepted", "--action", "Set them", "--by", "Chief Executive",
        "--due", "2025-01-31", "--date", "2024-11-18",
    )  # fmt: skip
    assert done.code == 0
    posts = [word for name, post in POSTS.items() for word in (f"--{name}", post)]
    done = workspace.here("issue", start, *posts, "--date", "2024-11-20")
    assert done.code == 0, done.said
    assert "Issued: version 1 of Quarter 2, July to September 2024" in done.out
    assert "issued v1" in workspace.here("paper", "status").out
    assert json.loads(workspace.here("paper", "status", "--json").out)[0]["responses"] == 1
    verified = workspace.here("verify")
    assert (verified.code, "1 issued paper" in verified.out) == (0, True)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("paper", "check", "RUN", "childrens", "--by", "X"), 2, "Say --agreed, or --corrections"),
        (("paper", "check", "RUN", "childrens", "--corrections", "--by", "X"), 2, "with a --note"),
        (("paper", "check", "RUN", "childern", "--agreed", "--by", "X"), 2, "Did you mean 'childrens'?"),
        (("paper", "check", "ffff", "childrens", "--agreed", "--by", "X"), 2, "'ffff' is not a known run"),
        (("paper", "check", "RUN", "childrens", "--agreed", "--by", "X", "--date", "2024-11-01"), 2, "as-at date"),
        (("paper", "respond", "RUN", "childrens", "target-set", "--rejected", "--by", "X", "--note", "y"), 2, "targets-set"),
        (("paper", "respond", "RUN", "nobody", "targets-set", "--rejected", "--by", "X", "--note", "y"), 2, "'nobody'"),
        (("paper", "respond", "RUN", "childrens", "targets-set", "--accepted", "--by", "X"), 4, "needs an 'action'"),
        (("paper", "respond", "RUN", "childrens", "targets-set", "--rejected", "--by", "X"), 4, "says why"),
        (("issue", "RUN", "--without-check", "childrens"), 2, "expected a directorate and a reason"),
        (("issue", "RUN"), 2, "--preparer, --reviewer, --confirmer"),
    ],
)  # fmt: skip
def test_a_slip_on_the_command_line_is_answered_in_words(
    workspace: Workspace, run: Manifest, command: tuple[str, ...], code: int, said: str
) -> None:
    done = workspace.here(*(run.run_id if word == "RUN" else word for word in command))
    assert (done.code, said in done.err) == (code, True), done.said
    assert list(decisions.folder().glob("*.yml")) == []


def test_a_second_word_of_a_day_is_the_last(run: Manifest) -> None:
    for number in range(12):
        papers.check(run, "childrens", "corrections wanted", by="Director", dated=DAY, note=str(number))
    assert decisions.papers().checks["childrens"].note == "11"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: chek\n", "Did you mean 'check'?"),
        ("- 1\n", "'None' is not a known kind"),
        (
            "kind: check\nrun: 0123456789ab\ndirectorate: x\nanswer: maybe\nby: Y\ndated: 2024-11-20\n",
            "answer",
        ),
        (
            "kind: check\nrun: 0123456789ab\ndirectorat: x\nanswer: agreed\nby: Y\ndated: 2024-11-20\n",
            "directorate",
        ),
    ],
)
def test_a_decisions_file_is_read_strictly(workspace: Workspace, text: str, said: str) -> None:
    path = decisions.folder() / "by-hand.yml"
    files.write_text(path, text)
    with pytest.raises(PolicyError, match=said.replace("?", r"\?")):
        decisions.papers()
    assert workspace.here("check").code == PolicyError.exit_code


def test_a_paper_says_where_it_lies(paper: Paper) -> None:
    assert paper.folder == Path(places.issued(), "sample", "pmf-2022-25", "2024-25-q2", "full", "v1")
    assert issued.named(paper.run_id) == paper
    assert paper.name == "version 1 of Quarter 2, July to September 2024"
