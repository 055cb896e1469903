"""Is the framework lived: what the pages say of groups, gaps and actions, and what they don't ask of published figures."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib.assurance.maturity import claims as gaps
from pmf_lib.assurance.maturity import drift
from pmf_lib.assurance.maturity import embedding as levels
from pmf_lib.council import load
from pmf_lib.framework.clauses import Clause
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import ARRANGEMENTS
from pmf_lib.workbook.book import Book, schemes
from pmf_lib.workbook.pages.lived import (
    claims,
    clause_tables,
    embedding,
    group_levels,
    lived,
    sureness,
    untested,
)
from pmf_lib.workbook.pages.shared import actions
from pmf_lib.workbook.results import Collected

SCHEMES = schemes()
COUNCIL = load("sample")
DIRECTOR = COUNCIL.directorates[3].director


def reads(sent: tuple[str, ...] = ARRANGEMENTS) -> pd.DataFrame:
    """What was read, one row a table: those that were sent, and the others."""
    return pd.DataFrame({"table": list(ARRANGEMENTS), "is_sent": [name in sent for name in ARRANGEMENTS]})


def book(*, own: bool = True, sent: tuple[str, ...] = ARRANGEMENTS) -> Any:
    """As much of a book as the pages look at."""
    return SimpleNamespace(
        has_own_records=own, schemes=SCHEMES, council=COUNCIL, framework=frameworks.load("pmf-2022-25"),
        quarter=parse_quarter("2024-25 Q2"), unit=COUNCIL.directorates[3], unit_name="Resources",
        next_return=date(2025, 1, 20), findings=pd.DataFrame(), as_at=date(2024, 11, 15),
        table=lambda name: PLANS if name == "plans" else pd.DataFrame(columns=["measure_id", "quarter", "text"], dtype=object),
        sidecar=SimpleNamespace(reads=("plans", "commentary")),
        snapshot=SimpleNamespace(table={"reads": reads(sent)}.__getitem__),
    )  # fmt: skip


PLANS = pd.DataFrame({"plan_id": ["plan-bins"]})
"""Something that the unit sent."""


def results(*rows: tuple[str, str, str, str, int, int]) -> pd.DataFrame:
    """Results of clauses, from (group, clause, force, result, tested, failed)."""
    frame = pd.DataFrame(rows, columns=["group", "clause", "force", "result", "population", "failed"])
    return frame.assign(what="What <" + frame["clause"] + ">", source="1", why="", test="measure_has_owner")


def clauses(*rows: tuple[str, str, str, str, int, int]) -> pd.DataFrame:
    """The same with the level that each shows."""
    return levels.by_clause(results(*rows), SCHEMES.embedding)


def groups(shown: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Levels, with no claim beside them and nothing known of earlier quarters."""
    told = gaps.beside(levels.by_group(shown, SCHEMES.embedding, *keys), gaps.known_columns())
    none = shown.head(0)
    return drift.beside(told, shown, none, none, SCHEMES.embedding, *keys)


MIXED = clauses(
    ("escalation", "a", "duty", "not_met", 3, 2),
    ("planning", "b", "duty", "met", 9, 0),
    ("roles", "c", "duty", "met", 9, 0),
    ("external", "d", "context", "observation", 4, 1),
)


def test_the_headline_tells_groups_of_duties_by_level_the_worst_first():
    said = embedding.page_headline(book(), groups(MIXED))
    assert (
        said
        == "Of three groups of duties asked here, one is not lived and two are on paper only; the weakest is “Escalation”"
    )


def test_a_unit_of_which_nothing_was_received_is_said_so_before_any_level():
    silent = SimpleNamespace(**{**vars(book()), "sidecar": SimpleNamespace(reads=("commentary",))})
    said = embedding.page_headline(silent, groups(clauses(("a", "x", "duty", "not_met", 3, 2))))
    assert said == "Nothing was received from this unit, so nothing shows that the framework is lived here"


def test_the_headline_says_all_where_all_are_alike():
    alike = groups(clauses(("x", "a", "duty", "met", 1, 0), ("y", "b", "duty", "met", 1, 0)))
    assert embedding.page_headline(book(), alike) == "All two groups of duties are on paper only here"


SEEN = (("x", "a", "duty", "no_evidence", 0, 0), ("x", "b", "example", "observation", 3, 1))


def test_a_group_whose_duty_could_not_be_tested_and_that_was_observed_is_counted_with_the_others():
    both = groups(clauses(*SEEN, ("y", "c", "duty", "not_met", 3, 3)))
    said = "Of two groups of duties asked here, one is not lived and one was only observed"
    assert embedding.page_headline(book(), both).startswith(said)
    one = embedding.page_headline(book(), groups(clauses(*SEEN)))
    assert one.startswith("Of one group of duties asked here, one was only observed")
    more = groups(clauses(*SEEN, *(("y", *rest) for _, *rest in SEEN)))
    assert embedding.page_headline(book(), more) == "All two groups of duties were only observed here"


VARIED = ("planning", "p", "duty", "varied", 0, 0)
IDLE = ("escalation", "e", "duty", "not_applicable", 0, 0)
TO_COME = ("review", "r", "duty", "not_due", 0, 0)
MET = ("risk", "m", "duty", "met", 3, 0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((VARIED, TO_COME), "No duty is judged here: one is varied by decision, and no other is due"),
        ((VARIED, IDLE), "No duty is judged here: one is varied by decision, and for others nothing arose"),
        ((IDLE, TO_COME), "Nothing arose here that a duty of the framework asks for"),
        ((VARIED, MET), "Of one group of duties asked here, one is lived"),
    ],
)
def test_the_headline_calls_varied_only_what_is(rows, said):
    made = clauses(*rows)
    told = groups(made.assign(level=made["level"].replace({"on_paper": "lived"})))
    assert embedding.page_headline(book(), told) == said


def test_what_a_decision_varies_is_told_beside_what_is_met_and_never_as_met():
    made = clauses(VARIED, MET).assign(why=["Cabinet agreed.", ""])
    shown = made.assign(level=made["level"].replace({"on_paper": "lived"}))
    assert embedding.gaps(book(), groups(shown), shown).plain == (
        "There is no gap: every duty asked here that is judged is lived. One is varied by decision."
    )
    assert "; one is varied by decision" in group_levels.found(book(), groups(shown)).plain
    assert (
        "“What <p>” is not judged here. Cabinet agreed."
        in sureness.sureness(book(), groups(shown), shown).plain
    )


def test_every_level_that_a_group_can_have_has_its_words():
    assert set(embedding.IS) == set(levels.ORDER)


def test_a_gap_that_only_the_age_of_the_evidence_leaves_says_so():
    old = "Its newest row is of 1 May 2023; minutes are good for 12 months."
    shown = clauses(("y", "c", "duty", "met", 5, 0)).assign(level="on_paper", aged=old)
    (said,) = embedding.gap_sentences(book(), levels.widest(groups(shown)), shown)
    assert said == (
        "“Y” is on paper only. “What <c>”: all 5 measures are in order, but the newest row is of 1 May 2023; "
        "minutes are good for 12 months."
    )
    many = shown.assign(unit=["Resources"])
    (of_unit,) = embedding.gap_sentences(book(), levels.widest(groups(many, "unit")), many)
    assert "but the newest row is of 1 May 2023" in of_unit


def test_of_published_figures_no_level_gap_or_action_is_told():
    shown = clauses(("x", "a", "duty", "observation", 9, 3))
    exceptions = pd.DataFrame({"clause": ["a"], "subject": ["S"], "owner": ["P"]})
    outside = book(own=False)
    assert embedding.page_headline(outside, groups(shown)).startswith("Published figures can't show")
    assert embedding.gap_sentences(outside, levels.widest(groups(shown)), shown) == []
    assert (
        "Nobody is asked for anything" in actions.asked(outside, rated(), quality(), shown, exceptions).plain
    )


def test_a_gap_says_what_is_asked_how_it_stands_and_what_the_records_show():
    first, second, _ = embedding.gap_sentences(book(), levels.widest(groups(MIXED)), MIXED)
    assert first == "“Escalation” is not lived. “What <a>”: not so for 2 of 3 measures."
    assert (
        second
        == "“Planning” is on paper only. “What <b>”: all 9 measures are in order, but it rests on a document in force."
    )


def test_what_could_not_be_tested_is_a_gap_and_never_a_pass():
    shown = clauses(("x", "a", "duty", "no_evidence", 0, 0))
    (said,) = embedding.gap_sentences(book(), levels.widest(groups(shown)), shown)
    assert (
        said == "“X” could not be shown. “What <a>”: the records hold nothing that this could be tested on."
    )


def test_it_is_said_that_nobody_has_claimed_a_level_and_what_tests_rest_on():
    said = sureness.sureness(book(), groups(MIXED), MIXED).plain
    assert claims.UNCLAIMED in said
    assert "All three tested duties rest on: document in force" in said
    assert "At best: on paper." in said


def exceptions(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["clause", "subject", "owner", "source_row"])
    return frame.assign(
        condition="wrong",
        source_file=(frame["source_row"] > 0).map({True: "m.csv", False: ""}),
        is_past=False,
    )


def rated(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Measures of one directorate, from (title, state, owner): none is overdue."""
    frame = pd.DataFrame(rows, columns=["title", "state", "owner"])
    return frame.assign(measure_id=frame["title"].str.lower(), due_on=pd.NaT, value=1.0)


def quality(*rows: tuple[str, str, str], place: str = "") -> Any:
    """What page 1 asks, from (title, what, post)."""
    mend = pd.DataFrame(rows, columns=["title", "what", "post"]).assign(
        by=pd.Timestamp("2025-01-20"), place=place
    )
    return SimpleNamespace(mend=mend)


OWNER, LATE = "Name the post that answers for it.", "Send the value for May 2024; it was due on 7 June 2024."


def test_everything_asked_stands_on_the_list_once_with_its_post_its_day_and_its_page():
    shown = MIXED.assign(
        test=["measure_has_owner", "target_is_approved", "data_is_on_time", "measure_is_compared"]
    )
    found = exceptions(
        ("a", "Bins", "", 2), ("b", "Calls", "Head", 3), ("c", "Calls", "Head", 0), ("d", "Homes", "Head", 9)
    )
    measures = rated(("Bins", "met", ""), ("Calls", "missed", "Head"))
    told = actions.everything(
        book(), measures, quality(("Bins", OWNER, DIRECTOR), ("Calls", LATE, "Head")), shown, found
    )
    assert set(told["by"]) == {pd.Timestamp("2025-01-20")}
    assert told[["title", "what", "post", "page"]].to_numpy().tolist() == [
        ["Bins", OWNER, DIRECTOR, "quality"],
        ["Calls", LATE, "Head", "quality"],
        ["Calls", "Say why it misses its target, and what is being done.", "Head", "measures"],
        ["Calls", "Record which body approved the target, and when.", "Head", "duties"],
    ]


def test_two_values_that_one_measure_owes_are_both_asked_for():
    owed = quality(("Calls", LATE, "Head"), ("Calls", LATE.replace("May", "April"), "Head"))
    told = actions.everything(book(), rated(("Calls", "met", "Head")), owed, MIXED, exceptions())
    assert len(told) == 2


def test_a_row_to_mend_is_asked_for_by_page_1_alone():
    shown = MIXED.assign(test="records_are_sound")
    found = exceptions(("a", "m.csv, row 2", "Head", 2))
    assert actions.everything(book(), rated(), quality(), shown, found).empty


FAULT = "Nothing there, expected the body that approved it, and the day. Send the row with its approval."


def test_what_data_quality_asks_of_one_cell_is_not_asked_again_and_is_said_as_people_say_it():
    shown, found = MIXED.assign(test="target_is_approved"), exceptions(("a", "Calls", "Head", 2))
    asked = {
        place: actions.everything(
            book(), rated(), quality(("Calls", FAULT, "Head"), place=place), shown, found
        )
        for place in (
            "m.csv, row 2, column approved_by",
            "m.csv, row 3, column approved_by",
            "m.csv, row 2, column target",
        )
    }
    assert [len(told) for told in asked.values()] == [1, 2, 2]
    first = next(iter(asked.values()))["what"].iloc[0]
    assert (
        first
        == "It says nothing and should say the body that approved it, and the day. Send the row with its approval."
    )


def test_what_is_past_is_asked_about_once_a_post_and_what_can_be_mended_each_time():
    shown = MIXED.assign(test="item_was_on_agenda")
    found = exceptions(*(("a", f"Risk, Quarter {n}", "Head", 0) for n in (1, 2, 3)))
    told = actions.everything(book(), rated(), quality(), shown, found.assign(is_past=True))
    assert told["title"].tolist() == ["Risk, Quarter 1 and two more"]
    assert told["what"].iloc[0].startswith("Put the item on the next agenda, and into the work programme")
    assert len(actions.everything(book(), rated(), quality(), shown, found)) == 3


def test_a_duty_says_how_many_rows_were_looked_at_though_it_is_met_and_how_old_the_newest_is():
    shown = MIXED.assign(
        rows_n=[3, 1, 0, 0], newest_on=pd.to_datetime(["2024-11-08", "2024-04-01", None, None])
    )
    said = clause_tables.each_clause(book(), shown).markup
    assert "3, the newest of 8 November 2024" in said
    assert "1, of 1 April 2024" in said


def test_an_action_has_a_day_leads_to_its_page_and_hostile_text_stays_text():
    found = exceptions(("a", "<script>x</script>", "Head", 2))
    markup = actions.asked(book(), rated(), quality(("Bins", LATE, "Head")), MIXED, found).markup
    assert "Two things are asked of one post by 20 January 2025" in markup
    assert 'href="1_data_quality.html#what-is-asked"' in markup
    assert 'href="#the-exceptions"' in markup
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup


def test_a_measure_without_owner_is_asked_of_the_director():
    told = actions.everything(book(), rated(("Bins", "missed", "")), quality(), MIXED, exceptions())
    assert set(told["post"]) == {DIRECTOR}


@pytest.mark.parametrize(("due_days", "by"), [(20, date(2025, 1, 20)), (None, date(2024, 12, 31))])
def test_the_next_return_is_due_so_many_days_after_the_next_quarter(due_days: int | None, by: date):
    returns = COUNCIL.returns.model_copy(update={"due_days": due_days}) if due_days else None
    council = COUNCIL.model_copy(update={"returns": returns})
    bare = Book(**dict.fromkeys(Book.__dataclass_fields__))  # type: ignore[arg-type]
    opened = replace(bare, council=council, quarter=parse_quarter("2024-25 Q2"), as_at=date(2024, 11, 15))
    assert opened.next_return == by
    assert replace(opened, as_at=date(2025, 2, 1)).next_return > date(2025, 2, 1)


def test_coverage_counts_every_clause_and_says_what_has_no_test():
    shown = clauses(("golden thread", "measures-linked", "duty", "met", 9, 0))
    said = clause_tables.coverage(book(), shown)
    assert f"One of {len(book().framework.clauses)} clauses could be tested here" in said.plain
    assert f"Without a test: {untested.without_test(book().framework.clauses)}. None of these" in said.plain
    assert "Nobody sent" not in said.plain


def test_coverage_names_the_tables_that_nobody_sent():
    shown = clauses(("golden thread", "measures-linked", "duty", "met", 9, 0))
    bare = tuple(name for name in ARRANGEMENTS if name != "risks")
    said = clause_tables.coverage(book(sent=bare), shown).plain
    assert "Nobody sent the table of risks, so nothing is known of what would stand there." in said


def by_unit() -> pd.DataFrame:
    one, *_ = (found.name for found in COUNCIL.directorates)
    rows = clauses(("escalation", "a", "duty", "not_met", 3, 2), ("planning", "b", "duty", "met", 9, 0))
    return groups(rows.assign(unit=[one, "Whole council"]), "unit")


def test_the_committees_picture_has_a_cell_for_every_group_and_unit():
    missing = COUNCIL.directorates[1].name
    cells = lived.level_cells(book(), Collected({}, is_recorded=True, missing=(missing,)), by_unit())
    told = cells.set_index(["group", "unit"]).drop(columns="long")
    assert len(cells) == 10 * 5
    assert told.loc[("escalation", COUNCIL.directorates[0].name)].tolist() == ["not_lived", "0 of 1 met"]
    assert told.loc[("planning", "Whole council")].tolist() == ["on_paper", "1 of 1 met"]
    assert told.loc[("planning", missing)].tolist() == ["", "not read"]
    assert told.loc[("planning", COUNCIL.directorates[2].name)].tolist() == ["", "not asked"]


def test_without_claims_the_committee_reads_the_widest_gaps_to_what_is_asked_once_a_group():
    rows = results(
        ("x", "a", "duty", "not_met", 3, 2), ("x", "a", "duty", "partly", 9, 1), ("y", "b", "duty", "partly", 9, 1),
        ("z", "c", "duty", "partly", 9, 2), ("w", "d", "duty", "partly", 20, 1),
    ).assign(unit=["A", "B", "Whole council", "A", "A"])  # fmt: skip
    shown = levels.by_clause(rows, SCHEMES.embedding)
    said = lived.gaps(book(), groups(shown, "unit"), rows).plain
    assert said.splitlines()[0] == "The three widest gaps to what is asked:"
    assert "“X” is not lived in A." in said
    assert "“Y” is partly lived for the whole council." in said
    assert said.count("“X” is") == 1


def test_headline_table_and_sentences_count_the_same_duties():
    shown = clauses(
        ("x", "a", "duty", "not_met", 3, 2), ("x", "b", "duty", "partly", 9, 1), ("y", "c", "duty", "met", 9, 0),
        ("y", "d", "duty", "no_evidence", 0, 0), ("z", "e", "duty", "not_due", 0, 0),
        ("y", "f", "good practice", "observation", 9, 4),
    )  # fmt: skip
    told = groups(shown)
    assert embedding.page_headline(book(), told).startswith("Of two groups of duties asked here")
    table = group_levels.found(book(), told)
    assert (
        "One of four duties asked here that have a test is fully met; one could not be tested" in table.plain
    )
    assert "All three tested duties rest on" in sureness.sureness(book(), told, shown).plain
    listed = clause_tables.each_clause(book(), shown).plain
    assert (
        "Two of three tested duties are not fully met; one clause that is only observed has exceptions"
        in listed
    )


def test_every_duty_that_is_not_fully_met_is_named_and_what_is_not_due_says_so():
    shown = clauses(
        ("x", "a", "duty", "not_met", 3, 2), ("x", "b", "duty", "partly", 9, 1), ("z", "e", "duty", "not_due", 0, 0)
    )  # fmt: skip
    markup = group_levels.found(book(), groups(shown)).markup
    assert "not yet due" in markup
    resting = group_levels.resting(book(), groups(shown), shown).markup
    assert "What &lt;a&gt;; What &lt;b&gt;" in resting


def test_where_no_duty_could_be_tested_none_is_said_to_pass_or_to_fail():
    shown = clauses(("x", "a", "duty", "no_evidence", 0, 0))
    assert "none tested of 1" in group_levels.found(book(own=False), groups(shown)).markup
    assert "No duty could be tested here" in clause_tables.each_clause(book(), shown).plain


def test_a_cell_of_the_picture_that_is_not_yet_due_says_so():
    rows = clauses(("review of the framework", "r", "duty", "not_due", 0, 0)).assign(unit="Whole council")
    cells = lived.level_cells(book(), Collected({}, is_recorded=True), groups(rows, "unit"))
    told = cells.set_index(["group", "unit"]).drop(columns="long")
    assert told.loc[("review of the framework", "Whole council")].tolist() == ["", "not yet due"]


def test_the_clause_that_is_blamed_for_weak_evidence_is_the_one_that_rests_on_it():
    shown = clauses(("x", "owner", "duty", "met", 9, 0), ("x", "approved", "duty", "met", 5, 0))
    tests = ["measure_has_owner", "target_is_approved"]
    bare = shown.drop(columns=["declared", "rests_on", "rows_say", "age_cap", "aged"])
    told = levels.by_clause(bare.assign(test=tests), SCHEMES.embedding)
    (said,) = embedding.gap_sentences(book(), levels.widest(groups(told)), told)
    assert said.endswith(
        "“What <approved>”: all 5 targets are in order, but it rests on a self-keyed return."
    )


def test_what_has_no_test_is_counted_by_what_it_waits_for():
    asked = {
        "id": "x",
        "source": "1",
        "what": "W",
        "force": "context",
        "unit": "council",
        "period": "year",
        "group": "risk",
    }
    ways = [
        ("test", "measure_has_owner"),
        ("test", "a"),
        ("partly", "b"),
        ("attestation", ""),
        ("information", ""),
    ]
    made = [Clause(**asked, how=how, check=check) for how, check in ways]
    said = [untested.without_test(made[:count]) for count in (1, 2, 3, 5)]
    assert said == [
        "", "1 clause awaiting a test", "2 clauses awaiting a test",
        "2 clauses awaiting a test, 1 for a person to tell and 1 for information",
    ]  # fmt: skip


def test_the_page_says_how_much_more_is_asked_here_than_was_looked_at():
    asked = [one for one in book().framework.clauses if one.unit != "council"]
    said = sureness.sureness(book(), groups(MIXED), MIXED).plain
    assert (
        f"more here than was looked at: {untested.without_test(asked)}. None of these is taken for a pass"
        in said
    )
