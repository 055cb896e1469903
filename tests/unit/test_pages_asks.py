"""Page 5: what bodies are asked, where the means are short, and what went well: exact sentences on made-up rows."""

import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib import settings, verdicts
from pmf_lib.assurance.escalation.awaiting import COLUMNS
from pmf_lib.assurance.escalation.rules import EscalationScheme
from pmf_lib.council import load
from pmf_lib.periods import parse_quarter
from pmf_lib.policy import load as load_policy
from pmf_lib.records.schema import TABLES
from pmf_lib.workbook import results
from pmf_lib.workbook.pages.scorecard import awaiting, resourcing, successes
from pmf_lib.workbook.pages.scorecard.awaiting import Waits
from pmf_lib.workbook.results import Collected, NothingRecordedError

COUNCIL = load("sample")
SCHEME = load_policy(settings.root() / "parameters" / "schemes" / "escalation.yml", EscalationScheme)
QUARTER = parse_quarter("2024-25 Q2")
SENT = ("escalations", "actions", "plans", "objectives", "registers")
DATES = (
    "recorded_at",
    "raised_on",
    "received_on",
    "decided_on",
    "held_on",
    "opened_on",
    "valid_from",
    "valid_to",
    "delivered_on",
)


def frame(name, *given):
    columns = list(TABLES[name].columns)
    made = pd.DataFrame(
        [[({"recorded_at": "2024-07-01"} | row).get(one, "") for one in columns] for row in given],
        columns=columns,
        dtype="str",
    )
    return made.assign(**{one: pd.to_datetime(made[one].replace("", None)) for one in DATES if one in made})


def book(sent=SENT, own=True, **tables):
    """A book of the sample council with these tables; of arrangements only those in `sent` were sent."""
    reads = pd.DataFrame({"table": list(sent), "is_sent": True, "delivered": ""})
    kept = {name: tables.get(name, frame(name)) for name in TABLES}
    return SimpleNamespace(
        council=COUNCIL, quarter=QUARTER, as_at=date(2024, 11, 15), has_own_records=own, looks_back=False, unit=None,
        schemes=SimpleNamespace(escalation=SCHEME, verdicts=verdicts.load()), whole=kept.__getitem__, table=kept.__getitem__,
        snapshot=SimpleNamespace(table=lambda name: reads if name == "reads" else kept[name]),
    )  # fmt: skip


def text(piece):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", getattr(piece, "markup", piece)))).strip()


WAIT = {
    "level": "cabinet", "kind": "decide", "measure_id": "bins", "about": "measure", "title": "Bins <i>missed</i>",
    "directorate": "resources", "raised_by": "Chief Executive", "raised_on": pd.Timestamp("2024-10-01"),
    "since": pd.Timestamp("2024-10-01"), "due_on": pd.Timestamp("2024-10-31"), "is_overdue": True, "running_n": 3,
    "reached_level": "", "effect": "",
}  # fmt: skip


def waits(*rows, **more):
    return Waits(pd.DataFrame([WAIT | row for row in rows], columns=list(COLUMNS)), **more)


NOTHING = (
    "Nothing that was raised awaits a decision of the management team, Cabinet or Overview and Scrutiny."
)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], NOTHING),
        ([{"level": "directorate"}], NOTHING),
        ([{}], "One decision of Cabinet is awaited; it is overdue."),
        ([{"is_overdue": False}], "One decision of Cabinet is awaited."),
        ([{}, {"level": "cmt", "is_overdue": False}], "One decision of Cabinet and one decision of the management team are awaited; one is overdue."),
        ([{}, {}], "Two decisions of Cabinet are awaited; all are overdue."),
        ([{"level": "full-council"}], "One decision of full Council is awaited; it is overdue."),
    ],
)  # fmt: skip
def test_how_many_decisions_are_awaited_of_whom_is_one_sentence(rows, said):
    assert text(awaiting.said(waits(*rows))) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "Decide on “Bins <i>missed</i>”, raised by the Chief Executive on 1 October 2024: a decision was due by 31 October 2024."),
        ({"is_overdue": False, "raised_by": ""}, "Decide on “Bins <i>missed</i>”, raised on 1 October 2024: a decision is due by 31 October 2024."),
        ({"kind": "deferred", "since": pd.Timestamp("2024-11-05")}, "Decide on “Bins <i>missed</i>”, raised on 1 October 2024 and put off on 5 November 2024."),
        ({"kind": "raise"}, "Take up “Bins <i>missed</i>”: it misses its target and was to be raised here by 31 October 2024, yet nobody raised it."),
        ({"kind": "raise", "due_on": pd.NaT, "reached_level": "cmt"}, "Take up “Bins <i>missed</i>”: it misses its target and was to be raised here in an earlier quarter, yet it went no further than the management team."),
        ({"kind": "again", "effect": "no_change"}, "Decide what else is to be done about “Bins <i>missed</i>”: what was agreed is done, and it changed nothing for the better."),
        ({"kind": "again", "effect": "worse"}, "Decide what else is to be done about “Bins <i>missed</i>”: what was agreed is done, and it went on for the worse."),
    ],
)  # fmt: skip
def test_each_body_is_asked_in_a_sentence_and_the_others_are_told_that_nothing_waits(row, said):
    markup = awaiting.asked(book(), waits(row)).markup
    assert "<i>" not in markup
    assert (
        text(markup)
        == f"The management team Nothing awaits its decision. Cabinet {said} Overview and Scrutiny Nothing awaits its decision."
    )


def test_of_many_asks_of_a_body_three_stand_in_full_and_the_rest_in_the_table():
    made = waits(*({"title": f"Thing {n}"} for n in range(5)))
    said = text(awaiting.asked(book(), made))
    assert said.count("Decide on") == 3
    assert "And two more, in the table below." in said
    assert text(awaiting.shown(book(), made)).count("Decide on it, raised by") == 5


def test_what_was_raised_about_a_measure_says_in_how_many_quarters_it_missed():
    rows = pd.DataFrame({"measure_id": ["a", "b", "c", ""], "running_n": [0, 2, 0, 0]})
    loops = pd.DataFrame({"measure_id": ["a", "a", "b"], "running_n": [3, 3, 4]})
    assert awaiting._with_misses(rows, loops)["running_n"].tolist() == [3, 2, 0, 0]
    assert awaiting._with_misses(rows, loops[["measure_id"]]) is rows


def test_the_table_groups_by_body_and_leads_to_each_measure():
    markup = awaiting.shown(book(), waits({}, {"level": "cmt", "is_overdue": False, "measure_id": ""})).markup
    assert "Two things await a decision; one is overdue" in markup
    assert '<a href="../resources/2_measures_against_markers.html#measure-bins">' in markup
    assert [text(one) for one in re.findall(r"<th scope=\"rowgroup\".*?</th>", markup)] == [
        "Cabinet",
        "The management team",
    ]
    assert "in three quarters running" in markup


def test_what_waits_in_the_directorates_is_counted_and_leads_to_their_boards():
    said = awaiting.shown(book(), waits({"level": "directorate"})).markup
    assert "One more awaits a decision in the directorates: see the board" in said
    assert '"../resources/4_performance_board.html"' in said
    assert "<table" not in said


LOOP = pd.DataFrame(columns=[*awaiting.LOOP_COLUMNS, "directorate"], dtype="str")


@pytest.fixture
def boards(monkeypatch):
    """What is collected of the boards' notebooks."""
    monkeypatch.setattr(awaiting, "collected", lambda book, name: Collected({"loop": LOOP}, is_recorded=True))


STEP = {
    "escalation_id": "e-1", "title": "Bins: target missed", "measure_id": "bins", "to_level": "cabinet", "from_level": "cmt",
    "raised_on": "2024-10-01", "directorate": "resources",
}  # fmt: skip


@pytest.mark.usefixtures("boards")
def test_what_is_about_a_measure_goes_by_the_measure_s_title():
    tables = {
        "measures": frame("measures", {"measure_id": "bins", "title": "Bins emptied"}),
        "escalations": frame("escalations", STEP),
    }
    assert awaiting.awaited(book(**tables)).rows["title"].tolist() == ["Bins emptied"]
    assert awaiting.awaited(book(escalations=frame("escalations", STEP))).rows["title"].tolist() == [
        "Bins: target missed"
    ]


@pytest.mark.usefixtures("boards")
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (
            (),
            "Nobody sent the table of escalations, so nothing is known of what was raised, and of what awaits a decision.",
        ),
        (("escalations",), NOTHING),
    ],
)
def test_a_table_that_nobody_sent_is_never_a_decision_less(sent, said):
    made = awaiting.awaited(book(sent=sent))
    assert text(awaiting.said(made)) == said
    asked = text(awaiting.asked(book(sent=sent), made))
    assert "Nobody sent the table of actions, so nothing is known of what came of decisions." in asked
    assert ("Nothing awaits its decision" in asked) is False


@pytest.mark.usefixtures("boards")
def test_published_figures_ask_nobody():
    made = awaiting.awaited(book(own=False, sent=()))
    assert awaiting.said(made) == ""
    assert text(awaiting.asked(book(own=False), made)) == awaiting.PUBLISHED
    assert awaiting.shown(book(own=False), made).markup == ""


def test_boards_that_are_not_in_the_run_are_named(monkeypatch):
    def none(book, name):
        raise NothingRecordedError("none")

    monkeypatch.setattr(awaiting, "collected", none)
    made = awaiting.awaited(book())
    assert made.rows.empty
    assert made.unknown[0].startswith(
        "No results of the boards of Adult Social Care, Public Health and Hub, Children's Services"
    )
    monkeypatch.setattr(
        awaiting,
        "collected",
        lambda book, name: Collected({"loop": LOOP}, is_recorded=True, missing=("Care",)),
    )
    assert awaiting.awaited(book()).unknown == ("No results of the board of Care are in this page.",)


RATED = {
    "measure_id": "bins", "title": "Bins", "directorate": "resources", "unit": "%", "decimals": 0, "polarity": "higher", "state": "missed",
    "variation": "no_real_change", "capability": "hit_and_miss", "last_period": "2024-25 Q2", "last_value": 5.0,
    "target": 9.0, "lower": float("nan"), "upper": float("nan"), "reliance": "rely",
}  # fmt: skip


def rated(*rows):
    return pd.DataFrame([RATED | row for row in rows])


def means(*codes, state="missed"):
    return rated(*({"means": code, "objectives": "Clean streets", "state": state} for code in codes))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("no", "yes"), "One of two missed measures serves an objective whose money and people are not there."),
        (("no", "partly", "partly", "not-assessed", "yes"), "Four of five missed measures serve an objective whose money and people are not sure: not there for one, partly there for two and not assessed for one."),
        (("partly", "partly", "yes"), "Two of three missed measures serve an objective whose money and people are only partly there."),
        (("yes", "none"), ""),
    ],
)  # fmt: skip
def test_misses_on_objectives_whose_means_are_not_sure_are_one_sentence(codes, said):
    assert resourcing.said(means(*codes)) == said


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        (means("yes"), "The objective behind the one missed measure says that the means are there."),
        (means("yes", "yes"), "The objectives behind all 2 missed measures say that the means are there."),
        (means("yes", "yes", "none"), "The objectives behind the other 2 missed measures say that the means are there. No open objective names one of them."),
        (means("none"), "No open objective names any of the 1 missed measure, so nobody says whether the means are there."),
        (means("yes", state="met"), "No measure misses its target."),
    ],
)  # fmt: skip
def test_where_no_means_are_short_a_sentence_stands_and_no_table(measures, said):
    shown = resourcing.shown(book(), measures)
    assert text(shown).startswith(said)
    assert "<table" not in shown.markup


def test_the_least_means_come_first_and_each_measure_names_its_objective():
    shown = resourcing.shown(book(), rated(
        {"title": "Half", "means": "partly", "objectives": "Green <b>"}, {"title": "Bare", "means": "no", "objectives": "Clean"},
    )).markup  # fmt: skip
    assert "Two measures miss their target, and the means for their objectives are not sure" in shown
    assert shown.index("Bare") < shown.index("Half")
    assert "Green &lt;b&gt;" in shown


def test_what_nobody_sent_is_said_and_published_figures_are_not_asked():
    assert resourcing.told(book(sent=("plans",)), rated({})) is None
    said = text(resourcing.shown(book(sent=("plans",)), None))
    assert (
        said
        == "Nobody sent the table of objectives, so it is not known whether the means are there for what misses its target."
    )
    assert "don't say which objectives" in text(resourcing.shown(book(own=False), None))


@pytest.fixture
def before(monkeypatch):
    """Measures as they were rated a year before."""
    told = {"bins": "missed"}
    made = pd.DataFrame({"measure_id": list(told), "state": list(told.values())})
    monkeypatch.setattr(
        successes, "rated_in", lambda book: lambda quarter: made if quarter.label == "2023-24 Q2" else None
    )


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"variation": "improving_high"}, ["improving"]),
        ({"variation": "improving_high", "state": "met"}, ["improving"]),
        ({"state": "met"}, ["regained"]),
        ({"state": "met", "capability": "consistently_meets"}, ["regained"]),
        ({"state": "met", "variation": "worsening_low"}, []),
        ({"measure_id": "calls", "state": "met", "capability": "consistently_meets"}, ["steady"]),
        ({"measure_id": "calls", "state": "met", "capability": "consistently_meets", "variation": "neither_high"}, []),
        ({"measure_id": "calls", "state": "met"}, []),
        ({}, []),
    ],
)  # fmt: skip
def test_what_a_success_is(row, why):
    assert successes.found(book(), rated(row))["why"].tolist() == why


@pytest.mark.usefixtures("before")
def test_a_target_regained_is_told_of_the_council_s_own_records_alone():
    assert successes.found(book(own=False), rated({"state": "met"})).empty


@pytest.mark.usefixtures("before")
def test_what_is_met_and_safe_is_folded_under_what_turned_out_better():
    rows = rated(
        {"state": "met", "title": "Bins"},
        {"measure_id": "calls", "title": "Calls", "state": "met", "capability": "consistently_meets"},
    )
    shown = successes.shown(book(), rows).markup
    assert "One measure has turned out better" in shown
    assert "<summary>One more target is met and safe to stay so as things run</summary>" in shown
    assert (
        successes.said(book(), rows)
        == "Two measures are successes: one meets a target that it missed a year ago and one is met and safe to stay so."
    )


@pytest.mark.usefixtures("before")
def test_without_a_success_a_sentence_says_so():
    assert "No success can be shown yet" in text(successes.shown(book(), rated({})))
    assert successes.said(book(), rated({})) == ""


def entry(day, **more):
    return {
        "entry_id": day,
        "register": "successes",
        "title": f"Praise {day}",
        "opened_on": day,
        "service": "Bins",
    } | more


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([entry("2024-06-30"), entry("2024-11-16")], "No success was put on the register since 1 July 2024."),
        (
            [entry("2024-07-01"), entry("2024-10-23", register="contracts")],
            "One success put on the register since 1 July 2024",
        ),
    ],
)
def test_the_register_of_successes_is_read_from_the_quarter_s_first_day_to_the_as_at_date(entries, said):
    assert text(successes.register(book(registers=frame("registers", *entries)))).startswith(said)


def test_a_register_that_nobody_sent_is_said():
    assert text(successes.register(book(sent=()))).startswith("Nobody sent the table of registers")
    assert successes.register(book(own=False)).markup == ""


def test_a_run_without_any_board_is_told_apart_from_one_that_was_altered():
    assert issubclass(NothingRecordedError, results.StoreError)
