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
    then = shown.head(0) if before is None else before
    return moves.beside(told, shown, then, shown.head(0), SCHEMES.embedding)


# ---- claims ----------------------------------------------------------------------------------------------------------


def test_each_gap_is_said_in_a_few_words():
    told = claims.with_words(book(), groups()).set_index("group")
    assert told["said"].to_dict() == {
        "risk": "claimed three levels higher", "planning": "as claimed", "external": "shown two levels higher",
        "roles": "only claimed", "boards": "no claim",
    }  # fmt: skip
    assert told.loc["risk", "claim"] == "Lived"


def test_what_is_not_due_and_what_nobody_is_asked_are_told_apart():
    assert (
        claims.gap_words({"claim_gap": "", "gap_n": 0, "level": "", "idle_n": 0, "varied_n": 0})
        == "not yet due"
    )
    assert (
        claims.gap_words({"claim_gap": "", "gap_n": 0, "level": "", "idle_n": 2, "varied_n": 0})
        == "nothing arose"
    )
    varied = claims.gap_words({"claim_gap": "", "gap_n": 0, "level": "", "idle_n": 0, "varied_n": 1})
    assert varied == "varied by decision"
    assert (
        claims.gap_words({"claim_gap": "", "gap_n": 0, "level": "observed", "idle_n": 1, "varied_n": 0})
        == "nothing arose"
    )
    assert (
        claims.gap_words({"claim_gap": "", "gap_n": 0, "level": "observed", "idle_n": 0, "varied_n": 0})
        == "no duty asked"
    )


def test_the_widest_gap_comes_first_with_who_claims_it_what_is_shown_and_what_the_claim_rests_on():
    first, second, third = claims.gaps(book(), groups(), NOW)
    assert first == (
        f"“Risk” is claimed to be lived ({POST}, 25 October 2024); the records show not lived, three levels less. The claim "
        "names no evidence, and no second post checked it. “What r”: not so for 3 of 3 values due."
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
        "<picture: One of four claims is higher than the records show; one stands alone, with nothing to show for it; one is lower than the records show>"
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
    assert "“Risk” is not lived. “What r”: not so for 3 of 3 values due." in said


def test_a_title_begins_with_what_there_is():
    alone = groups(said=claimed(planning="lived", roles="lived"))
    assert claims.title(alone) == "One of two claims stands alone, with nothing to show for it"


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
    bare = gaps.beside(embedding.by_group(NOW, SCHEMES.embedding), None)
    told = moves.beside(bare, NOW, NOW.head(0), NOW.head(0), SCHEMES.embedding)
    assert claims.standing(book(), told) == claims.UNSENT
    assert set(claims.with_words(book(), told)["said"]) == {"not known"}


def test_how_far_claims_go_and_what_they_lack_is_one_sentence():
    assert claims.standing(book(), groups()) == (
        "Four of five groups have a claimed level: one names no evidence and one was checked by no second post. A claim is never "
        "taken for evidence."
    )
    sure = groups(said=claimed(bare=(), **SAID, boards="lived"))
    assert claims.standing(book(), sure) == (
        "All five groups have a claimed level, each with evidence named and checked by a second post. A claim is never taken for "
        "evidence."
    )


def test_over_units_each_group_is_named_once_where_its_gap_is_widest():
    one = groups().assign(unit="Bins")
    two = groups(said=claimed(risk="partly", planning="on_paper")).assign(unit="Whole council")
    rows = pd.concat([two, one], ignore_index=True)
    said = lived.gaps(book(council=True), rows, NOW).plain.splitlines()
    assert (
        said[0]
        == "The three widest gaps between claim and records (two of six claims that can be compared are higher and two lower):"
    )
    assert (
        said[1]
        == "- Risk in Bins: claimed lived, shown not lived, which is lower. “What r”: not so for 3 of 3 values due."
    )
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
        "Three of five duties asked here that have a test are fully met; one could not be tested"
        in made.plain
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


def test_a_claim_of_a_group_in_which_nothing_arose_leaves_no_gap():
    idle = clauses(("escalation", "a", "not_applicable", 0, 0), ("escalation", "b", "not_applicable", 0, 0))
    rows = groups(pd.concat([NOW, idle]), claimed(**SAID, escalation="lived"))
    row = claims.with_words(book(), rows).set_index("group").loc["escalation"]
    assert (row["level"], row["claim_gap"], row["said"], row["idle_n"]) == ("", "", "nothing arose", 2)
    assert "Escalation" not in "".join(claims.gaps(book(), rows, pd.concat([NOW, idle])))
    made = group_levels.found(book(), rows)
    assert "Three of five duties asked here" in made.plain
    assert "nothing arose" in made.markup


def test_a_cell_of_the_picture_tells_what_was_not_tested_from_what_failed():
    rows = clauses(
        *(("risk", f"r{n}", "met", 3, 0) for n in range(4)), ("risk", "r5", "no_evidence", 0, 0),
        *(("cycle", f"c{n}", "met", 3, 0) for n in range(4)), ("cycle", "c5", "not_met", 3, 3),
        ("boards", "b1", "met", 3, 0), ("boards", "b2", "partly", 8, 1), ("boards", "b3", "no_evidence", 0, 0),
        ("roles", "o", "not_applicable", 0, 0), ("planning", "p", "not_due", 0, 0), ("external", "v", "varied", 0, 0),
    )  # fmt: skip
    told = groups(rows, NOBODY)
    notes = dict(zip(told["group"], map(lived._level_note, told.to_dict("records")), strict=True))
    assert notes == {
        "risk": "4 met, 1 untested", "cycle": "4 of 5 met", "boards": "1 met, 1 not, 1 untested",
        "roles": "nothing arose", "planning": "not yet due", "external": "varied by decision",
    }  # fmt: skip


# ---- drift -----------------------------------------------------------------------------------------------------------


def test_a_group_that_fell_names_the_duty_that_fell_and_one_that_rose_the_duty_that_rose():
    before = clauses(("risk", "r", "met", 3, 0), ("planning", "p", "partly", 8, 2), ("external", "e", "met", 9, 0),
                     ("boards", "b", "met", 2, 0))  # fmt: skip
    said = drift.told(book(), groups(before=before), NOW, Before(before, NOW.head(0))).plain.splitlines()
    assert said == [
        "- Risk fell from lived to not lived since the quarter before: “What r” is not so for 3 of 3 values due, after no exception.",
        "- Planning rose from partly lived to lived since the quarter before: “What p” has no exception now, after 2 of 8 values due.",
        "- How each group stood in the same quarter of the year before is not known, so no drift can be told from then.",
    ]


def test_of_several_duties_that_moved_the_first_is_named_and_the_others_are_counted():
    rows = [("risk", f"r{n}", "met", 3, 0) for n in range(3)]
    before, now = clauses(*rows), clauses(*((*row[:2], "not_met", 3, 3) for row in rows))
    (said,) = drift.sentences(book(), groups(now, before=before), moves.of_clauses(now, before), "quarter")
    assert said == (
        "Risk fell from lived to not lived since the quarter before: “What r0” is not so for 3 of 3 values due, after no exception; two "
        "more duties fell as well."
    )


def test_a_duty_that_was_not_tested_then_moves_nothing_and_is_said_apart():
    before = clauses(("risk", "other", "met", 3, 0), ("planning", "p", "met", 9, 0))
    said = drift.sentences(book(), groups(before=before), moves.of_clauses(NOW, before), "quarter")
    assert said == [
        "No group stands lower or higher than in the quarter before; of four groups it is not known.",
        "Beside the quarter before, three duties are tested now and could not be tested then and one duty was tested then and "
        "can't be tested now: no drift is told of them.",
    ]


def test_a_group_that_moved_by_some_of_its_duties_says_by_how_many():
    before = clauses(("risk", "r", "met", 3, 0))
    now = clauses(
        ("risk", "r", "partly", 8, 1), ("risk", "new", "not_met", 3, 3), ("risk", "too", "not_met", 3, 3)
    )
    told = groups(now, before=before)
    assert told["level"].tolist() == ["not_lived"]
    assert drift.with_words(book(), told)["quarter_words"].tolist() == [
        "fell from lived to partly lived, over the 1 duty tested at both times"
    ]
    (said, apart) = drift.sentences(book(), told, moves.of_clauses(now, before), "quarter")
    assert said == (
        "Risk fell from lived to partly lived since the quarter before, over the one duty tested at both times: “What r” is not "
        "so for 1 of 8 values due, after no exception."
    )
    assert apart.startswith(
        "Beside the quarter before, two duties are tested now and could not be tested then:"
    )


def test_a_duty_without_exceptions_that_moved_tells_of_its_evidence():
    now = clauses(("risk", "r", "met", 3, 0))
    before = now.assign(level="on_paper", rests_on="self-keyed")
    (said,) = drift.sentences(book(), groups(now, before=before), moves.of_clauses(now, before), "quarter")
    assert said.endswith("“What r” has no exception, as then, and rests on stronger or newer evidence.")


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
         "One of two duties on arrangements is fully met; the one observation on outcomes has exceptions"),
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
