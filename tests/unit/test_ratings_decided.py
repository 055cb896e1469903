"""What people make of a proposed rating: confirmed or overridden by three posts, on the issued page and in the next report."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from papers_made import COMMITTEE, POSTS, made
from test_issued import DAY, agree, issue, named
from workspace import Workspace

from pmf_lib import decisions, verdicts
from pmf_lib.decisions import Rating
from pmf_lib.errors import ParameterError, PolicyError, RunError
from pmf_lib.reports import paper_ratings
from pmf_lib.runs.issuing import papers, ratings
from pmf_lib.runs.site import publish
from pmf_lib.store.issued import Paper
from pmf_lib.store.manifest import Manifest
from pmf_lib.workbook.baseline import Baseline
from pmf_lib.workbook.pages.rating import rating

PROPOSED = {"childrens": "limited", "resources": "reasonable", "council": "limited"}
OVER = {"why": "two weaknesses were mended in October.", **POSTS}


@pytest.fixture(scope="module")
def small(make_workspace: Callable[..., Workspace]) -> tuple[Workspace, str]:
    """The sample council with a handful of measures, and one finished run whose page 7 proposes ratings."""
    own = make_workspace("rated")
    own.change("measures", lambda rows: rows.__setitem__(slice(None), rows[:4]))
    with pytest.MonkeyPatch.context() as patched:
        named(own, patched)
        return own, made(own.home, proposed=PROPOSED).run_id


@pytest.fixture
def workspace(small: tuple[Workspace, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    own = small[0].copied(tmp_path / "workspace")
    named(own, monkeypatch)
    return own


@pytest.fixture
def run(workspace: Workspace, small: tuple[Workspace, str]) -> Manifest:
    return papers.find(small[1])


def page(paper: Paper, unit: str = "council", notebook: str = COMMITTEE) -> str:
    return (paper.folder / f"items/{unit}/{notebook}/page.html").read_text(encoding="utf-8")


def test_the_head_of_a_page_holds_no_longer_reason_than_fits_there() -> None:
    one = Rating(
        kind="rating", run="0123456789ab", unit="council", proposed="limited", answer="overridden", rating="reasonable",
        why="word " * 60, dated=DAY, **POSTS,
    )  # fmt: skip
    said = paper_ratings.headline(SimpleNamespace(ratings=[one]), {"council": "limited"})
    assert "word … (in full at the end). Confirmed by" in said
    assert len(said) < 320


def test_an_overridden_rating_stands_on_the_issued_page_with_its_reason_and_its_posts(run: Manifest) -> None:
    agree(run)
    ratings.rate(run, "council", "reasonable", dated=DAY, **{**OVER, "why": "<b>Mended</b> in October."})
    ratings.rate(run, "childrens", dated=DAY, **POSTS)
    paper = issue(run)
    shown = page(paper)
    head, end = shown.split('<h2 id="agreed">')
    said = "Overridden: proposed limited, issued reasonable, because &lt;b&gt;Mended&lt;/b&gt; in October."
    assert (
        f"Reasonable. {said} Confirmed by the Assurance Manager on 20 November 2024 (second line; not an internal audit opinion)"
        in head
    )
    assert said in end
    assert "Two of three proposed ratings were confirmed or overridden, one of them overridden" in end
    assert "Nobody confirmed or overrode it: it stands as proposed" in end
    for post in POSTS.values():
        assert end.count(post) >= 3


def test_the_index_gives_the_council_s_rating_as_proposed_and_then_as_issued(run: Manifest) -> None:
    before = publish.publish(run).index.read_text(encoding="utf-8")
    assert "Assurance rating: Limited, proposed only: no person has confirmed it (second line;" in before
    agree(run)
    ratings.rate(run, "council", dated=DAY, **POSTS)
    issue(run)
    after = publish.refresh(run).read_text(encoding="utf-8")
    assert "Assurance rating: Limited. Confirmed by the Assurance Manager on 20 November 2024" in after
    assert '/council/7_audit_committee.html">Report to the Audit Committee</a>: ' in after
    assert '<span class="pmf-unit">Are the arrangements effective and embedded?</span>' in after


def test_a_confirmed_rating_says_by_whom_and_when(run: Manifest) -> None:
    agree(run)
    ratings.rate(run, "council", dated=DAY, **POSTS)
    shown = page(issue(run))
    assert (
        "Limited. Confirmed by the Assurance Manager on 20 November 2024 (second line; not an internal audit opinion)"
        in shown
    )


def test_a_paper_of_which_nobody_said_a_word_says_so_and_other_pages_carry_no_rating(run: Manifest) -> None:
    agree(run)
    paper = issue(run)
    assert "Limited, as proposed: nobody confirmed or overrode it" in page(paper)
    assert "Assurance rating" not in page(paper, "childrens", "2_measures_against_markers")
    assert "Assurance rating" not in page(paper, "council", "5_council_scorecard")


def test_the_last_word_on_a_unit_counts(run: Manifest) -> None:
    agree(run)
    ratings.rate(run, "council", dated=DAY, **POSTS)
    ratings.rate(run, "council", "no_assurance", dated=DAY, **OVER)
    [one] = issue(run).ratings
    assert (one.answer, one.issued) == ("overridden", "no_assurance")


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"unit": "chidlrens"}, ParameterError, "Did you mean 'childrens'"),
        ({"unit": "adults-health"}, ParameterError, "unit that this run rates"),
        ({"unit": "council", "expected": "reasonable"}, ParameterError, "The page proposes 'limited' for 'council', not 'reasonable'"),
        ({"unit": "council", "rating": "limited", "why": "x"}, PolicyError, "another 'rating' than the one proposed"),
        ({"unit": "council", "rating": "reasonable"}, PolicyError, "needs a 'why'"),
        ({"unit": "council", "rating": "good", "why": "x"}, PolicyError, "'good'"),
        ({"unit": "council", "confirmer": "head  of PERFORMANCE"}, PolicyError, "three different posts"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(
    run: Manifest, said: dict[str, str], error: type[Exception], words: str
) -> None:
    given: dict[str, Any] = {**POSTS, **said}
    with pytest.raises(error, match=words):
        ratings.rate(run, given.pop("unit"), given.pop("rating", None), dated=DAY, **given)
    assert decisions.papers().ratings == ()


def test_a_decision_written_by_hand_about_another_rating_than_the_page_s_is_not_issued(run: Manifest) -> None:
    agree(run)
    by_hand = {"run": run.run_id, "answer": "confirmed", "dated": DAY, **POSTS}
    papers.write(decisions.made(Rating, unit="council", proposed="reasonable", **by_hand))
    papers.write(decisions.made(Rating, unit="libraries", proposed="reasonable", **by_hand))
    with pytest.raises(RunError) as told:
        issue(run)
    assert "The page proposes 'limited' for 'council', not 'reasonable'." in str(told.value)
    assert "A decision rates 'libraries', and no page of the run proposes a rating for it." in str(told.value)


@pytest.mark.slow
def test_a_run_without_ratings_and_one_that_was_issued_are_refused(
    workspace: Workspace, run: Manifest
) -> None:
    bare = made(workspace.home, as_at="2024-11-18")
    with pytest.raises(RunError, match="proposes no assurance rating"):
        ratings.rate(bare, "council", dated=DAY, **POSTS)
    agree(run)
    issue(run)
    with pytest.raises(RunError, match="belongs to the next draft"):
        ratings.rate(run, "council", dated=DAY, **POSTS)


def test_the_command_writes_what_it_is_told_and_the_status_lists_it(
    workspace: Workspace, run: Manifest
) -> None:
    posts = [word for name, post in POSTS.items() for word in (f"--{name}", post)]
    about = ["paper", "rating", run.run_id[:6]]
    done = workspace.here(*about, "council", "--override", "reasonable", "--proposed", "limited", "--why", "Mended", *posts,
                          "--date", "2024-11-20")  # fmt: skip
    assert f"parameters/decisions/papers/2024-11-20-rating-{run.run_id}-council.yml" in done.out
    assert workspace.here(*about, "childrens", "--confirm", *posts, "--date", "2024-11-20").code == 0
    assert "rating of council: overridden, reasonable" in workspace.here("paper", "status").out
    [status] = json.loads(workspace.here("paper", "status", "--json").out)
    assert status["ratings"]["childrens"] == {"answer": "confirmed", "issued": "limited"}
    for slip in ((), ("--confirm", "--override", "limited")):
        done = workspace.here(*about, "council", *slip, *posts)
        assert (done.code, "Say --confirm, or --override CODE with --why." in done.said) == (2, True)


def test_a_decision_of_a_rating_is_one_file_that_reads_back() -> None:
    one = decisions.made(
        Rating, run="0" * 12, unit="council", proposed="unable", answer="overridden", rating="limited", dated=DAY, **OVER
    )  # fmt: skip
    assert decisions.name(one) == f"2024-11-20-rating-{'0' * 12}-council.yml"
    assert "rating: limited" in decisions.text(one)


def baseline_book(*said: Rating, own: bool = True) -> Any:
    paper = SimpleNamespace(ratings=said, name="version 1 of Quarter 1, April to June 2024")
    units = (SimpleNamespace(id="childrens", name="Children's Services"),)
    return SimpleNamespace(
        baseline=Baseline(paper), has_own_records=own, council=SimpleNamespace(directorates=units),  # type: ignore[arg-type]
        schemes=SimpleNamespace(verdicts=verdicts.load()),
    )  # fmt: skip


def said(unit: str, **more: Any) -> Rating:
    head = {"run": "0" * 12, "unit": unit, "proposed": "limited", "answer": "confirmed", "dated": DAY}
    return Rating.model_validate({**head, **POSTS, **more})


def test_the_next_report_shows_what_was_confirmed_and_what_was_overridden() -> None:
    over = said("council", answer="overridden", rating="reasonable", why="two weaknesses were mended.")
    assert rating.earlier(baseline_book(said("childrens"), over)).plain.splitlines() == [
        "On the ratings proposed in version 1 of Quarter 1, April to June 2024:",
        "- Children's Services: limited, confirmed by the Assurance Manager on 20 November 2024.",
        "- Whole council: proposed limited, issued reasonable by the Assurance Manager on 20 November 2024, because two weaknesses "
        "were mended.",
    ]


def test_the_next_report_says_where_nobody_said_a_word_and_is_silent_without_an_issued_paper() -> None:
    assert rating.earlier(baseline_book()).plain == (
        "Nobody confirmed or overrode a rating before version 1 of Quarter 1, April to June 2024 was issued."
    )
    assert rating.earlier(baseline_book(said("childrens"), own=False)).markup == ""
    assert rating.earlier(SimpleNamespace(baseline=None)).markup == ""  # type: ignore[arg-type]


def test_the_page_and_the_issued_paper_say_the_same_of_what_the_rating_is() -> None:
    assert rating.STANDS == paper_ratings.STANDS
