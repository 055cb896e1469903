"""Page 6 says who assures what in sentences, a grid and tables, and what it does not know."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest
from assured_rows import SCHEME, UNITS, given, levels, made, risk, rows, source

from pmf_lib import council, verdicts
from pmf_lib.assurance.lines import assurance_map as mapped
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.workbook import charts
from pmf_lib.workbook.charts import assurance
from pmf_lib.workbook.pages.assured import assurance_map, assured, assurers, weakest

BASE = given()
BOOK = SimpleNamespace(
    council=BASE.council,
    framework=BASE.framework,
    schemes=SimpleNamespace(verdicts=verdicts.load(), assurance_map=SCHEME),
    quarter=BASE.quarter,
    as_at=date(2024, 11, 15),
    unit=None,
    has_own_records=True,
)
PUBLISHED = SimpleNamespace(**{**vars(BOOK), "has_own_records": False})
SOURCES = (
    source("audit", subject="Planning of services", groups="planning", covers_to="2024-03-15"),
    source(
        "review", line="second", amount="medium", conclusion="limited", groups="risk", directorate=UNITS[1]
    ),
    source("lost", subject="Catering", directorate=UNITS[1]),
)


@pytest.fixture(scope="module")
def found():
    return made(*SOURCES, groups=levels("planning", "lived", "lived", "partly", "not_lived"))


@pytest.fixture(scope="module")
def unsent():
    return mapped(replace(given(groups=levels("planning", *["lived"] * 4)), assurances=None, risks=None))


@pytest.fixture(scope="module")
def outside():
    return mapped(replace(given(is_own=False), assurances=None, risks=None))


def text(piece) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r'src="[^"]*"', "", piece.markup))
    return " ".join(unescape(words).split())


def test_the_headline_counts_what_is_enough_what_is_less_and_what_is_not_known(found, unsent, outside):
    assert assurance_map.page_headline(BOOK, found) == (
        "Of 30 areas one has the assurance that it asks for, one has less, and of 28 no source is recorded"
    )
    assert (
        assurance_map.page_headline(BOOK, unsent)
        == "Nobody sent the table of assurances, so it is not known who assures what"
    )
    assert assurance_map.page_headline(PUBLISHED, outside) == "Published figures can't show who assures what"


def test_the_first_screen_is_the_grid_of_what_asks_for_something_and_short_lines_under_it(found):
    shown = assurance_map.found(BOOK, found)
    assert shown.markup.index("<img ") < shown.markup.index("<ul>")
    assert text(shown).startswith("Planning cycle asks for medium and no source is recorded")
    assert text(shown).endswith("Found weak by those who looked: risk.")


RISKS = (risk("flood", (5, 4)), risk("fraud", (4, 4)), risk("fire", (4, 4)))
WEAK = (
    source("flood", risks="flood", amount="medium"),
    source("fraud", risks="fraud"),
    source("fire", risks="fire", conclusion="limited"),
    source("fire too", line="external", risks="fire"),
)
EVERYTHING = {
    "groups": "; ".join(GROUPS),
    "nodes": "; ".join(f"marker-{number:02}" for number in range(1, 21)),
}


def test_the_first_grid_has_what_lacks_most_then_what_is_weak_then_the_other_risks_and_eight_at_most():
    rest = (source("all", **EVERYTHING), risk("calm", (3, 5)), source("a", risks="calm"))
    many = (*WEAK, rest[0], rest[2], source("b", line="external", risks="calm"))
    shown = weakest.weakest(made(*many, risks=(rest[1], *RISKS)))
    assert shown["area"].tolist() == ["risk flood", "risk fire", "risk fraud", "risk calm"]
    assert len(weakest.weakest(made(*WEAK, risks=RISKS))) == weakest.AREAS_AT_MOST == 8


def test_the_title_of_the_first_grid_is_what_lacks_most():
    gone = weakest.title(made(source("all", **EVERYTHING), *WEAK[1:], risks=RISKS))
    assert gone == "“Flood fails” asks for high and no source is recorded"
    short = weakest.title(made(source("all", **EVERYTHING), *WEAK, risks=RISKS))
    assert short == "“Flood fails” asks for high and comes to medium"
    calm = made(source("all", **EVERYTHING), WEAK[1], risks=RISKS[1:2])
    assert weakest.title(calm) == "No area has less assurance than it asks for"


def test_each_kind_of_finding_is_one_short_line_and_there_are_four_at_most():
    period = {"covers_from": "2024-01-01", "covers_to": "2024-06-01"}
    over = [source(f"o-{line}", line=line, groups="planning; cycle; thread", **period) for line in ("third", "external")]  # fmt: skip
    old = source("old", groups="review", next_due="2024-11-14")
    clash = source("clash", line="external", risks="fraud", conclusion="none")
    said = weakest.lines(made(*WEAK, *over, old, clash, risks=RISKS))
    assert said == [
        "Found weak by those who looked: “Fire fails” and “Fraud fails”.",
        "Told differently by two sources: “Fraud fails”.",
        "More than is asked: planning, planning cycle and one more. One source is stale.",
    ]
    assert weakest.lines(made(WEAK[1], risks=RISKS)) == ["High assurance from one line alone: “Fraud fails”."]
    assert weakest.lines(made()) == [weakest.NOTHING_ELSE]


def test_a_grid_that_is_too_tall_for_a_side_of_paper_is_parted():
    shown = assurance_map.grids(BOOK, made(source("one", nodes="marker-01")))
    assert shown.markup.count("<img ") == 2
    assert "Markers of success, continued" in text(shown)
    assert "the largest gap times risk first: 11 to 20 of 20" in text(shown)


def test_a_note_too_long_for_a_line_is_parted_at_its_comma_and_its_row_is_taller():
    assert assurance._under(["reasonable", "12 of 14, 12 months"], 69) == [
        "reasonable",
        "12 of 14",
        "12 months",
    ]
    assert assurance._under(["", "8 months"], 69) == ["8 months"]
    rows = assurance._heights(pd.Series(["a", "a", "b"]), [["x"], ["x", "y", "z"], ["x"]])
    assert rows == {"a": assurance.TALL, "b": assurance.ROW}


def test_areas_and_sources_are_counted_beside_the_whole_map(found):
    assert text(assurance_map.grids(BOOK, found)).startswith(
        "The map has ten groups of clauses, 20 markers of success and no principal risks. Three recorded sources of assurance are "
        "known. One recorded source names no group, node, measure or risk of this map and stands nowhere on it: “Catering”. "
        "No principal risk stands on the registers."
    )


def test_without_the_table_the_page_says_so_asks_for_it_and_proposes_nothing(unsent):
    assert "Enter each source of assurance in the table of assurances" in text(
        assurance_map.found(BOOK, unsent)
    )
    grid = text(assurance_map.grids(BOOK, unsent))
    assert "What the framework asks: only attestations and this run's own levels are known" in grid
    assert "Nobody sent the table of risks, so no principal risk is known." in grid
    assert text(assurance_map.topics(BOOK, unsent)).startswith(
        "No topic is proposed: nobody sent the table of assurances, so it is not known who assures what."
    )


def test_published_figures_ask_nobody_for_anything(outside):
    said = " ".join(
        text(piece(PUBLISHED, outside))
        for piece in (assurance_map.found, assurance_map.grids, assurance_map.findings, assurance_map.topics)
    )
    assert (
        "Published figures hold no reports of audits or inspections; every cell that rests on one is grey."
        in said
    )
    assert "Published figures propose no topic for review." in said
    assert "Enter each" not in said
    assert "Nobody sent the table of assurances" not in said


def test_a_kind_of_area_without_any_source_is_a_sentence_and_no_picture(found):
    shown = assurance_map.grids(BOOK, found)
    assert shown.markup.count("<img ") == 1
    assert "Of all 20 markers of success no source of assurance is recorded, so every cell is grey." in text(
        shown
    )


def test_a_cell_says_how_much_what_was_concluded_how_far_it_reaches_and_how_old_it_is(found):
    cells = assurance_map.grid_cells(found.areas[found.areas["kind"] == "group"], found.cells)
    told = cells.set_index(["area", "column"])[["code", "said", "note"]]
    assert told.loc[("Planning", "Third line")].tolist() == ["high", "reasonable", "8 months"]
    assert told.loc[("Planning", "Second line")].tolist() == ["medium", "▲ no assurance", "this month"]
    assert told.loc[("Risk", "Second line")].tolist() == ["medium", "◆ limited", "1 of 4, 4 months"]
    assert told.loc[("Risk", "External")].tolist() == ["unknown", "", ""]
    assert told.loc[("Risk", "Asks for"), "code"] == "medium"
    assert told.loc[("Risk", "Comes to"), "code"] == "low"
    assert told.loc[("Escalation", "Comes to"), "code"] == "unknown"


def test_the_grid_and_its_table_and_words_say_the_same(found):
    cells = assurance_map.grid_cells(found.areas[found.areas["area"] == "group planning"], found.cells)
    data = charts.data_assurance(cells)
    assert data.iloc[0].tolist() == [
        "Planning", "Medium", "Not known", "Medium, ▲ no assurance, this month", "High, reasonable, 8 months", "Not known", "High",
    ]  # fmt: skip
    assert charts.alt_assurance(cells) == (
        "1 area by 4 lines of assurance: 2 not known, 1 medium and 1 high. Each area comes to what it asks for, or more."
    )
    every = found.areas[found.areas["area"].isin(["group planning", "group risk", "group cycle"])]
    assert charts.alt_assurance(assurance_map.grid_cells(every, found.cells)).endswith(
        "1 high. Planning cycle asks for medium and comes to not known; Risk asks for medium and comes to low."
    )


def test_areas_come_by_gap_times_risk(found):
    assert found.areas["weight"].is_monotonic_decreasing
    grid = found.areas[found.areas["kind"] == "group"]
    assert grid["area"].iloc[-1] == "group planning"


def test_two_risks_of_one_title_are_told_apart():
    twins = [risk(name, (5, 3), title="Flood") for name in ("one", "two")]
    areas = made(risks=tuple(twins)).areas.query("kind == 'risk'")
    assert assured.labels(areas) == ["Flood (one)", "Flood (two)"]


def test_findings_are_counted_and_each_says_why(found):
    said = text(assurance_map.findings(BOOK, found))
    assert "Two findings of the map; of 28 areas no source is recorded" in said
    assert "▲ Weak control Risk was looked at, and what was found is weak: limited assurance." in said
    assert "▲ Gap in assurance Risk has less assurance than it asks for: low instead of medium." in said
    assert "What it has: second line medium in part." in said


def test_topics_are_proposals_for_the_head_of_internal_audit(found):
    said = text(assurance_map.topics(BOOK, found))
    assert "Five topics for review, for the Head of Internal Audit's consideration" in said


def test_each_source_stands_in_full_with_its_file_and_row(found):
    said = text(assurance_map.in_full(BOOK, found))
    assert "Two of 30 areas have a source of assurance" in said
    assert (
        "Head of Internal Audit, Planning of services Third line ▪▪▪ High ● Reasonable the whole 15 March 2024 assurances.csv, row 2"
        in said
    )
    assert (
        "Head of Internal Audit, Review, Children's Services Second line ▪▪▫ Medium ◆ Limited 1 of 4" in said
    )
    assert (
        "This workbook's own run (Performance and Assurance Manager): the records of 2 units Second line ▪▪▫ Medium ● Substantial 2 of 4"
        in said
    )


def test_what_age_did_to_a_source_is_said_beside_it():
    old = source("old", groups="planning", covers_to="2023-03-15")
    due = source("due", groups="risk", next_due="2024-11-14")
    said = text(assurance_map.in_full(BOOK, made(old, due)))
    assert "▪▪▫ Medium ● Reasonable the whole; recorded as high: one step lower at 20 months" in said
    assert "◆ Stale ● Reasonable the whole; recorded as high: the next was due on 14 November 2024" in said


def test_every_option_of_the_scheme_is_printed():
    said = text(assurance_map.how(BOOK))
    numbers = set(re.findall(r"\d+", said))
    told = [
        *SCHEME.needed.model_dump().values(),
        SCHEME.over_by_points,
        SCHEME.conflict_from_steps,
        SCHEME.topics_at_most,
    ]
    told += [value for line in SCHEME.decay.model_dump().values() for value in line.values()]
    told += [value for line in SCHEME.points.model_dump().values() for value in line.values()]
    told += [
        SCHEME.required.high_from_score,
        SCHEME.required.medium_from_score,
        int(SCHEME.required.raised_from_pct),
    ]
    assert {str(value) for value in told} <= numbers
    assert "lived substantial, on paper reasonable, partly limited and not lived none" in said
    assert (
        "This run counts in the second line (Performance and Assurance Manager) with at most medium" in said
    )


@pytest.mark.parametrize("name", ["sample", "sample-2009"])
def test_both_made_up_councils_say_which_post_runs_the_workbook_and_in_which_line(name):
    ran = council.load(name).assurance
    assert (ran.run_by[-7:], ran.line) == ("Manager", "second")


def test_hostile_words_stay_words():
    bad = source("bad", subject="<script>alert(1)</script>", provider="$\\frac$ <b>", groups="planning")
    flood = risk("flood", (5, 3), title="<img src=x onerror=alert(1)> $x_1$")
    found = made(
        bad, flood_source := {**bad, "assurance_id": "more", "groups": "", "risks": "flood"}, risks=(flood,)
    )
    assert flood_source["risks"] == "flood"
    shown = [
        piece(BOOK, found).markup
        for piece in (assurance_map.found, assurance_map.grids, assurance_map.findings, assurance_map.in_full)
    ]
    assert not any("<script" in markup or "<img src=x" in markup for markup in shown)


def test_what_is_recorded_holds_a_row_an_area_and_line(found):
    told = assurance_map.recorded(found)
    assert len(told) == 30 * 4
    assert not told.duplicated(["area", "line"]).any()
    assert {"amount", "conclusion", "required", "provided", "standing", "weight"} <= set(told)
    assert set(told["state"]) <= {"in_force", "stale", "unknown"}


# ---- page 7 ----------------------------------------------------------------------------------------------------------


def paper(*sources, sent=("assurances", "attestations", "risks"), own=True):
    """A book whose tables hold these sources."""
    tables = {"assurances": rows("assurances", *sources), "risks": rows("risks"), "measures": BASE.measures,
              "attestations": rows("attestations")}  # fmt: skip
    reads = pd.DataFrame({"table": list(sent), "is_sent": True, "delivered": ""})
    snapshot = SimpleNamespace(
        table=lambda name: (
            reads if name == "reads" else tables[name].assign(recorded_at=pd.Timestamp("2024-01-01"))
        )
    )
    return SimpleNamespace(
        **{**vars(BOOK), "has_own_records": own},
        whole=tables.__getitem__,
        snapshot=snapshot,
        links=BASE.links,
        looks_back=False,
    )


@pytest.fixture
def rated(monkeypatch):
    """Page 7 has its results collected already; here of two measures."""
    monkeypatch.setattr(assurers.results, "collected", lambda *_: {"rated_measures": BASE.rated})


LEVELS = levels("planning", "not_lived", "not_lived", "not_lived", "not_lived").assign(
    unit=[one.name for one in BASE.council.directorates]
)


@pytest.mark.parametrize(
    ("sources", "more", "said"),
    [
        ((), {}, "No report of internal audit or of an outside assurer is recorded in the last year."),
        ((), {"sent": ()}, "Nobody sent the table of assurances, so it is not known what internal audit and outside assurers concluded."),
        ((), {"own": False}, "Published figures hold no reports of internal audit or of outside assurers."),
        (SOURCES[:1], {}, "One report of internal audit or an outside assurer came in the last year: one with reasonable assurance."),
        ((source("a", reported_on="2023-11-14"),), {}, "No report of internal audit or of an outside assurer is recorded in the last year."),
        ((source("a", line="second"),), {}, "No report of internal audit or of an outside assurer is recorded in the last year."),
        ((source("a"), source("b", line="external", conclusion="none")), {},
         "Two reports of internal audit or an outside assurer came in the last year: one with no assurance and one with reasonable assurance."),
        ((source("a"), source("b")), {}, "Two reports of internal audit or an outside assurer came in the last year: both with reasonable assurance."),
    ],
)  # fmt: skip
def test_page_7_says_in_a_sentence_what_independent_assurers_concluded(sources, more, said):
    assert assurers.summary(paper(*sources, **more)) == said


def test_page_7_names_a_conflict_with_the_levels_of_this_run(rated):
    said = text(assurers.shown(paper(SOURCES[0]), LEVELS))
    assert (
        "Planning of services Head of Internal Audit Third line whole council ▪▪▪ High ● Reasonable 28 June 2024"
        in said
    )
    assert "Sources disagree about planning: reasonable assurance and no assurance." in said


def test_page_7_says_where_nothing_contradicts_its_levels(rated):
    said = text(assurers.shown(paper(SOURCES[0]), LEVELS.assign(level="lived")))
    assert said.endswith("It does not contradict the levels that this paper gives.")


def test_page_7_without_any_report_is_one_sentence():
    assert text(assurers.shown(paper(sent=()))).startswith("Nobody sent the table of assurances")
