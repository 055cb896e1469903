"""Claims, drift and sides on the pages: what is claimed beside what is shown, what fell and rose, and what is not known."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib.assurance.maturity import claims as gaps
from pmf_lib.assurance.maturity import drift as moves
from pmf_lib.assurance.maturity import embedding
from pmf_lib.council import load
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.evidenced import Before
from pmf_lib.workbook.pages.lived import claims, drift, enablers, group_levels, lived
from pmf_lib.workbook.results import Collected

SCHEMES = schemes()
COUNCIL = load("sample")
HOME = COUNCIL.directorates[1]
POST = "Director <of> Bins"


def book(*, own: bool = True, council: bool = False) -> Any:
    """As much of a book as these pieces look at."""
    return SimpleNamespace(
        has_own_records=own, schemes=SCHEMES, council=COUNCIL, framework=frameworks.load("pmf-2022-25"),
        quarter=parse_quarter("2024-25 Q2"), unit=None if council else HOME,
        unit_name="Whole council" if council else HOME.name, as_at=date(2024, 11, 15),
    )  # fmt: skip


def clauses(*rows: tuple[str, str, str, int, int], side: str = "enabler") -> pd.DataFrame:
    """Duties with levels, from (group, clause, result, tested, failed)."""
    frame = pd.DataFrame(rows, columns=["group", "clause", "result", "population", "failed"])
    named = frame.assign(
        what="What " + frame["clause"], source="1", why="", force="duty", side=side, period="quarter"
    )
    return embedding.by_clause(named.assign(test="data_is_on_time"), SCHEMES.embedding)


NOW = clauses(
    ("risk", "r", "not_met", 3, 3), ("planning", "p", "met", 9, 0), ("external", "e", "met", 9, 0),
    ("roles", "o", "no_evidence", 0, 0), ("boards", "b", "met", 2, 0),
)  # fmt: skip
SAID = {"risk": "lived", "planning": "lived", "external": "partly", "roles": "on_paper"}


def claimed(bare: tuple[str, ...] = ("risk",), **said: str) -> pd.DataFrame:
    """What is claimed: group → level; those of `bare` name no evidence, and nobody checked them."""
    rows = pd.DataFrame({"group": list(said), "claimed": list(said.values())})
    is_sure = ~rows["group"].isin(bare)
    return rows.assign(claimed_on=pd.Timestamp("2024-10-25"), post=POST, because="x", has_evidence=is_sure,
                       is_checked=is_sure, claim_year="2024-25", is_earlier=False)  # fmt: skip


def groups(
    shown: pd.DataFrame = NOW, said: pd.DataFrame | None = None, before: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Levels, claims beside them, and how they were a quarter before (a year before: not known)."""
    told = gaps.beside(
        embedding.by_group(shown, SCHEMES.embedding), claimed(**SAID) if said is None else said
    )
    then = embedding.by_group(shown.head(0) if before is None else before, SCHEMES.embedding)
    return moves.beside(told, then, embedding.by_group(shown.head(0), SCHEMES.embedding))


# ---- claims ----------------------------------------------------------------------------------------------------------


def test_each_gap_is_said_in_a_few_words():
    told = claims.with_words(book(), groups()).set_index("group")
    assert told["said"].to_dict() == {
        "risk": "claimed three levels higher", "planning": "as claimed", "external": "shown two levels higher",
        "roles": "only claimed", "boards": "no claim",
    }  # fmt: skip
    assert told.loc["risk", "claim"] == "Lived"


def test_what_is_not_due_and_what_nobody_is_asked_are_told_apart():
    assert claims.gap_words({"claim_gap": "", "gap_n": 0, "level": ""}) == "not yet due"
    assert claims.gap_words({"claim_gap": "", "gap_n": 0, "level": "observed"}) == "no duty asked"


def test_the_widest_gap_comes_first_with_who_claims_it_what_is_shown_and_what_the_claim_rests_on():
    first, second, third = claims.gaps(book(), groups(), NOW)
    assert first == (
        f"“Risk” is claimed to be lived ({POST}, 25 October 2024); the records show not lived, three levels less. The claim "
        "names no evidence, and no second post checked it. “What r”: not so for 3 of 3."
    )
    assert second.startswith(
        f"“Roles” is claimed to be on paper ({POST}, 25 October 2024); nothing could be tested, so it is only"
    )
    assert third.startswith(
        f"“External” is claimed to be partly lived ({POST}, 25 October 2024); the records show lived, two"
    )
    assert third.endswith("The claim names where its evidence can be seen, and a second post checked it.")


def test_a_claim_of_an_earlier_year_says_so():
    (first, *_) = claims.gaps(
        book(), groups(said=claimed(risk="lived").assign(is_earlier=True, claim_year="2023-24")), NOW
    )
    assert "It was made for 2023-24." in first


def test_hostile_text_stays_text():
    markup = claims.gap_list(book(), groups(), NOW).markup
    assert "Director &lt;of&gt; Bins" in markup
    assert "<of>" not in markup


def test_the_picture_is_titled_by_how_many_claims_are_higher_lower_and_alone():
    shown = claims.picture(book(), groups())
    assert shown.plain == (
        "<picture: One of 4 claims is higher than the records show; one stands alone, with nothing to show for it; one is lower than the records show>"
    )
    order = [shown.markup.rindex(name) for name in ("Risk", "Roles", "External", "Planning", "Boards")]
    assert order == sorted(order)


def test_claims_that_all_agree_are_said_to_and_gaps_to_what_is_asked_follow():
    agreed = groups(said=claimed(planning="lived"))
    assert claims.title(agreed) == "What is claimed agrees with what the records show, in the one claim"
    said = claims.gap_list(book(), agreed, NOW).plain
    assert said.startswith(
        "Each claim agrees with what the records show. Between what is asked and what the records show:"
    )
    assert "“Risk” is not lived. “What r”: not so for 3 of 3." in said


def test_a_title_begins_with_what_there_is():
    alone = groups(said=claimed(planning="lived", roles="lived"))
    assert claims.title(alone) == "One of 2 claims stands alone, with nothing to show for it"


NOBODY = claimed().head(0)


@pytest.mark.parametrize(
    ("said", "own", "words"),
    [(NOBODY, True, claims.UNCLAIMED), (claimed(**SAID), False, claims.PUBLISHED)],
)
def test_where_nothing_is_claimed_a_sentence_says_why_and_there_is_no_picture(said, own, words):
    shown = claims.beside_records(book(own=own), groups(said=said), NOW)
    assert shown.plain.startswith(words)
    assert "<img" not in shown.markup


def test_where_something_is_claimed_the_gaps_stand_over_the_picture():
    markup = claims.beside_records(book(), groups(), NOW).markup
    assert markup.index("<ol>") < markup.index("<img")


def test_a_table_that_nobody_sent_leaves_every_claim_unknown():
    told = moves.beside(
        gaps.beside(embedding.by_group(NOW, SCHEMES.embedding), None),
        *[embedding.by_group(NOW.head(0), SCHEMES.embedding)] * 2,
    )
    assert claims.standing(book(), told) == claims.UNSENT
    assert set(claims.with_words(book(), told)["said"]) == {"not known"}


def test_how_far_claims_go_and_what_they_lack_is_one_sentence():
    assert claims.standing(book(), groups()) == (
        "Four of 5 groups have a claimed level: one names no evidence and one was checked by no second post. A claim is never "
        "taken for evidence."
    )
    sure = groups(said=claimed(bare=(), **SAID, boards="lived"))
    assert claims.standing(book(), sure) == (
        "All 5 groups have a claimed level, each with evidence named and checked by a second post. A claim is never taken for "
        "evidence."
    )


def test_over_units_each_group_is_named_once_where_its_gap_is_widest():
    one = groups().assign(unit="Bins")
    two = groups(said=claimed(risk="partly", planning="on_paper")).assign(unit="Whole council")
    rows = pd.concat([two, one], ignore_index=True)
    said = lived.gaps(book(council=True), rows, NOW).plain.splitlines()
    assert said[0] == "The three widest gaps between claim and records (2 of 6 claims are higher):"
    assert said[1] == "- Risk in Bins: claimed lived, shown not lived. “What r”: not so for 3 of 3."
    assert sum("Risk" in line for line in said) == 1
    assert said[2] == "- Roles in Bins: claimed on paper, with nothing to show for it."


def test_a_cell_of_the_committees_picture_says_where_the_claim_is_another_and_the_table_says_which():
    rows = groups().assign(unit=HOME.name)
    named = rows.assign(
        group=["risk", "planning", "external review and comparison", "roles and reporting", "boards"]
    )
    cells = lived.level_cells(book(council=True), Collected({}, is_recorded=True), named).set_index(
        ["group", "unit"]
    )
    told = cells.xs(HOME.name, level="unit")[["note", "long"]]
    assert told.loc["risk"].tolist() == ["claimed higher", "0 of 1 met, claimed lived"]
    assert told.loc["planning"].tolist() == ["1 of 1 met", "1 of 1 met"]
    assert told.loc["external review and comparison"].tolist() == [
        "claimed lower",
        "1 of 1 met, claimed partly lived",
    ]
    assert told.loc["roles and reporting"].tolist() == ["only claimed", "not tested, only claimed"]


def test_the_first_table_shows_level_claim_gap_and_drift_of_each_group():
    before = clauses(("risk", "r", "met", 3, 0), ("planning", "p", "met", 9, 0))
    made = group_levels.found(book(), groups(before=before))
    assert (
        "Three of 5 duties asked here that have a test are fully met; one could not be tested" in made.plain
    )
    for words in (
        "claimed three levels higher",
        "fell from lived",
        "the same",
        "not known",
        "none tested of 1",
    ):
        assert words in made.markup


def test_units_at_each_level_are_counted_and_never_averaged():
    rows = pd.concat([groups().assign(unit=unit) for unit in ("A", "B")], ignore_index=True)
    made = lived.spread(book(council=True), rows)
    assert made.plain.startswith(
        "<table: Of five groups of clauses, three are lived in every unit that is asked and two in none"
    )


# ---- drift -----------------------------------------------------------------------------------------------------------


def test_a_group_that_fell_names_the_duty_that_fell_and_one_that_rose_the_duty_that_rose():
    before = clauses(("risk", "r", "met", 3, 0), ("planning", "p", "partly", 8, 2), ("external", "e", "met", 9, 0),
                     ("boards", "b", "met", 2, 0))  # fmt: skip
    said = drift.told(book(), groups(before=before), NOW, Before(before, NOW.head(0))).plain.splitlines()
    assert said == [
        "- Risk fell from lived to not lived since the quarter before: “What r” is not so for 3 of 3, after no exception.",
        "- Planning rose from partly lived to lived since the quarter before: “What p” has no exception now, after 2 of 8.",
        "- How each group stood in the same quarter of the year before is not known, so no drift can be told from then.",
    ]


def test_a_duty_that_could_not_be_told_then_is_said_to():
    before = clauses(("risk", "other", "met", 3, 0))
    (first, _) = drift.told(
        book(), groups(before=before), NOW, Before(before, NOW.head(0))
    ).plain.splitlines()
    assert first.endswith("“What r” is not so for 3 of 3, and could not be told then.")


def test_where_nothing_moved_it_is_said_with_what_is_not_known():
    same = groups(before=NOW)
    (said,) = drift.sentences(book(), same, moves.of_clauses(NOW, NOW), "quarter")
    assert said == "No group stands lower or higher than in the quarter before; of one group it is not known."


def test_of_published_figures_no_drift_is_told():
    said = drift.told(book(own=False), groups(), NOW, Before(NOW.head(0), NOW.head(0))).plain
    assert said == drift.PUBLISHED
    assert drift.over_units(book(own=False, council=True), groups().assign(unit="A")).plain == drift.PUBLISHED


def test_the_committee_reads_at_most_five_moves_and_how_many_more():
    before = clauses(*((f"g{n}", f"c{n}", "met", 3, 0) for n in range(7)))
    now = clauses(*((f"g{n}", f"c{n}", "not_met", 3, 3) for n in range(7)))
    told = groups(now, NOBODY, before).assign(unit="Bins")
    said = drift.over_units(book(council=True), told).plain.splitlines()
    assert said[0] == "- G0 in Bins fell from lived to not lived since the quarter before."
    assert said[5:] == ["- Two more moved."]


# ---- sides -----------------------------------------------------------------------------------------------------------


def sides(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Counts of the two sides, from (side, force, result, failed)."""
    frame = pd.DataFrame(rows, columns=["side", "force", "result", "failed"])
    made = [clauses(("g", f"c{at}", result, 4, failed), side=side).assign(force=force)
            for at, (side, force, result, failed) in enumerate(frame.itertuples(index=False))]  # fmt: skip
    again = pd.concat(made, ignore_index=True)[["group", "clause", "what", "source", "why", "force", "side", "period", "test",
                                                "result", "population", "failed"]]  # fmt: skip
    return embedding.by_clause(again, SCHEMES.embedding)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([("enabler", "duty", "met", 0), ("enabler", "duty", "partly", 1), ("outcome", "context", "observation", 2)],
         "One of 2 duties on arrangements is fully met; the one observation on outcomes has exceptions"),
        ([("enabler", "duty", "met", 0), ("outcome", "duty", "met", 0)],
         "The one duty on arrangements is fully met; the one duty on outcomes is fully met"),
        ([("enabler", "duty", "no_evidence", 0), ("outcome", "context", "observation", 0)],
         "Nothing on arrangements could be tested; one observation on outcomes found no exception"),
    ],
)  # fmt: skip
def test_enablers_stand_beside_outcomes_and_nothing_is_added_up(rows, title):
    made = enablers.sides(book(), sides(*rows))
    assert made.plain == f"<table: {title} (2 rows)>"
    assert "pmf-total" not in made.markup


def test_published_figures_head_the_sides_without_a_verdict():
    made = enablers.sides(book(own=False), sides(("enabler", "duty", "observation", 2)))
    assert "What published figures show" in made.plain
