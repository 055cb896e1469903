"""The sample councils are clean but for what is planted: clauses over their arrangements fail where a story says so, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from council_book import council_book

from pmf_lib import policy, workbook
from pmf_lib.assurance import clauses
from pmf_lib.assurance.checks import TESTS, measures
from pmf_lib.workbook import results

ROOT = Path(__file__).resolve().parents[2]
OF_FIGURES = {name for name, test in TESTS.items() if test.__module__ == measures.__name__} | {
    "measure_can_be_relied_on",
    "measure_does_not_worsen",
    "target_is_met",
}
"""Tests of measures and their figures: misses, changes and faults of records, which other tests hold to their own stories."""

CASES = {
    "sample 2024-25 Q2": ("sample", "pmf-2022-25", "2024-25 Q2", "2024-11-15", "resources"),
    "sample 2024-25 Q1": ("sample", "pmf-2022-25", "2024-25 Q1", "2024-08-15", "resources"),
    "sample-2009 2009-10 Q2": ("sample-2009", "wpf-2009", "2009-10 Q2", "2009-11-13", "corporate"),
    "sample-2009 2009-10 Q1": ("sample-2009", "wpf-2009", "2009-10 Q1", "2009-08-14", "corporate"),
}
TRUST = "Build trust between communities"
RISK = [
    f"Risk management, Quarter {words}"
    for words in (
        "2, July to September 2023",
        "3, October to December 2023",
        "4, January to March 2024",
        "1, April to June 2024",
    )
]

BOTH_QUARTERS = {
    "sample": {
        "plan-on-a-shelf": {("progress-quarterly", "Plan of Planning for 2024-25")},
        "orphan-upwards": {("objectives-linked", "Involve children and families: Children in Care")},
        "orphan-downwards": {
            ("objectives-measurable", "Support volunteers and community groups: Adult Social Care")
        },
        "marker-nobody-owns": {
            (clause, subject)
            for clause in ("objectives-specific", "plans-owned")
            for subject in (
                TRUST,
                f"{TRUST}: Communities and Partnerships",
                f"{TRUST}: Community Safety and Public Protection",
            )
        },
        "never-escalated": {("underperformance-escalated", "Fly-tips cleared within two working days")},
        "conversations-at-forty-per-cent": {
            ("conversations-by-march", "Early Help"),
            ("conversations-held", "Early Help"),
        },
        "return-missed": {("national-frameworks", "National homelessness return: return of 2024")},
        "cabinet-before-audit": {("audit-before-cabinet", "Performance management framework, edition 2024")},
    },
    "sample-2009": {
        "board-without-risk": {("agenda-frequencies", "Risk Management")},
        "pledge-without-plan": {("pledges-in-plans", "Advice on benefits in every library")},
        "project-not-looked-at": {("projects-at-boards", "Town centre square")},
    },
}
"""Story → clauses that find it, and where, in both quarters."""

ONE_QUARTER = {
    "sample 2024-25 Q2": {
        "board-without-risk": {("directorate-risk", subject) for subject in RISK[1:]},
        "escalated-late": {("underperformance-escalated", "Forecast spending against the net budget")},
        "level-skipped": {("escalated-by-directorate", "Spending on agency staff: target missed")},
        "action-without-effect": {
            ("actions-work", "Two more writers of plans"),
            ("corrective-action", "Education, health and care plans issued within 20 weeks"),
        },
    },
    "sample 2024-25 Q1": {
        "board-without-risk": {("directorate-risk", subject) for subject in RISK[:3]},
    },
    "sample-2009 2009-10 Q2": {
        "board-without-risk": {("agenda-covered", "Risk Management")},
        "event-missed": {
            (
                "timetable-activities",
                "Budget consultation with residents for following year (Financial Planning), Quarter 2, July to September 2009",
            )
        },
    },
    "sample-2009 2009-10 Q1": {},
}
"""Story → what is found in this quarter alone."""

NO_CLAUSE = {
    "variation-declared",
    *("glowing-attestation", "modest-attestation"),
    *("rows-nobody-checks", "minutes-without-reference", "pledge-overdue"),
    *("decision-awaited", "means-partly-there"),
    *("gap-in-assurance", "weak-control", "looked-at-thrice", "review-too-kind", "audit-overdue"),
    *("one-line-alone", "nobody-assures", "nobody-looks-at-reviews", "assessment-too-old"),
}
"""Stories that no clause finds as a failure: what a decision varies (below), what claims held against evidence find, the ladder
of evidence, the table of pledges, what awaits a decision, means for objectives, or the assurance map."""


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        yield


def units(case: str):
    """The book of each directorate, then of the whole council, with its evidence."""
    names = ("council", "framework", "quarter", "as_at", "directorate")
    given = dict(zip(names, CASES[case], strict=True)) | {"edition": "full", "snapshot": "", "baseline": ""}
    book = workbook.start("3_pmf_embedding", given)
    whole = council_book(book)
    for own in (*(whole.of(one) for one in book.council.directorates), whole):
        yield own, results.evidence(own, results.rated(own).measures)


def planted(case: str) -> set[tuple[str, str]]:
    stories = [*BOTH_QUARTERS[CASES[case][0]].values(), *ONE_QUARTER[case].values()]
    return set().union(*stories)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_clauses_over_arrangements_fail_where_a_story_is_planted_and_nowhere_else(case):
    found, varied = [], []
    for book, evidence in units(case):
        level = "directorate" if book.unit else "council"
        asked = clauses.asked_in(book.framework.clauses, level)
        asked = [one for one in asked if one.check in TESTS.keys() - OF_FIGURES]
        results_here, listed = clauses.results(asked, evidence, book.schemes.clauses)
        varied += results_here.loc[results_here["result"] == "varied", "clause"].tolist()
        found += listed[["clause", "subject"]].itertuples(index=False, name=None)
    assert sorted(found) == sorted(planted(case))
    assert varied == (["plan-resources"] if CASES[case][0] == "sample" else [])


@pytest.mark.parametrize("council", BOTH_QUARTERS)
def test_every_story_has_clauses_that_find_it_or_is_named_as_having_none(council):
    told = policy.read_yaml(ROOT / "data" / council / "arrangements" / "stories.yml")["stories"]
    cases = [found for case, found in ONE_QUARTER.items() if CASES[case][0] == council]
    held = set(BOTH_QUARTERS[council]).union(*cases)
    assert {story["id"] for story in told} - NO_CLAUSE == held
