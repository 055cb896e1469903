"""The tables of arrangements: read, faults worded, as known at a day, and unknown where nobody sent them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import pandas as pd
import pytest

from pmf_lib.periods import parse_quarter
from pmf_lib.records.arranged.fits import HAPPENED, ORDER
from pmf_lib.records.arranged.leads import Named
from pmf_lib.records.check import check
from pmf_lib.records.findings import worded
from pmf_lib.records.many import exploded
from pmf_lib.records.parse import Records, parse
from pmf_lib.records.posts import COLUMNS
from pmf_lib.records.raw import raw_table
from pmf_lib.records.reads import tables_sent
from pmf_lib.records.returns.open_rows import open_rows
from pmf_lib.records.schema import ARRANGEMENTS, DELIVERY, MEASURES, RECORDED, TABLES
from pmf_lib.records.standing import standing

MEASURE = {
    "measure_id": "bins", "title": "Missed bins", "directorate": "places", "service": "Waste", "unit": "number",
    "polarity": "lower", "frequency": "monthly",
}  # fmt: skip
SAID = {"entered_by": "Clerk", "verified_by": "Manager", "recorded_at": "2024-07-20"}
PLAN = {
    "plan_id": "plan-waste", "level": "service", "title": "Plan of Waste", "directorate": "places", "service": "Waste",
    "owner": "Head of Waste", "valid_from": "2024-04-01", "valid_to": "2025-03-31",
} | SAID  # fmt: skip
OBJECTIVE = {
    "objective_id": "obj-bins", "plan_id": "plan-waste", "title": "Fewer missed bins", "framework": "own",
    "nodes": "marker-01", "measures": "bins", "owner": "Head of Waste", "due_on": "2025-03-31",
} | SAID  # fmt: skip
MEETING = {
    "meeting_id": "board-1", "body": "directorate-board", "directorate": "places", "held_on": "2024-07-19",
    "present": "Director of Places; Head of Finance",
} | SAID  # fmt: skip
ITEM = {"meeting_id": "board-1", "number": "1", "item": "risk-management", "outcome": "noted"} | SAID
TALKS = {
    "directorate": "places", "service": "Waste", "year": "2023-24", "staff_n": "40", "held_n": "38",
} | SAID  # fmt: skip
STEP = {
    "escalation_id": "esc-1", "title": "Bins missed", "measure_id": "bins", "directorate": "places", "service": "Waste",
    "quarter": "2024-25 Q1", "from_level": "service", "to_level": "directorate", "raised_on": "2024-07-10",
    "received_on": "2024-07-19", "decided_on": "2024-07-19", "outcome": "action", "meeting_id": "board-1",
} | SAID  # fmt: skip
ACTION = {
    "action_id": "act-1", "title": "A spare crew", "directorate": "places", "escalations": "esc-1",
    "objectives": "obj-bins", "measures": "bins", "owner": "Head of Waste", "raised_on": "2024-07-19",
    "due_on": "2024-09-30",
} | SAID  # fmt: skip
RISK = {
    "risk_id": "risk-1", "title": "Crews fall ill", "level": "service", "directorate": "places", "measures": "bins",
    "objectives": "obj-bins", "likelihood": "3", "impact": "4", "raised_on": "2024-04-01", "reviewed_on": "2024-07-19",
} | SAID  # fmt: skip
ASSURANCE = {
    "assurance_id": "audit-1", "line": "third", "kind": "internal-audit", "provider": "Head of Internal Audit",
    "subject": "Data quality", "reported_on": "2024-06-01", "amount": "high", "conclusion": "reasonable",
} | SAID  # fmt: skip
ADVICE = {
    "recommendation_id": "rec-1", "assurance_id": "audit-1", "title": "Write it down", "raised_on": "2024-06-01",
} | SAID  # fmt: skip
APPROVAL = {
    "approval_id": "app-1", "kind": "target", "subject": "Targets", "subjects": "bins", "body": "cabinet",
    "stage": "approved", "decided_on": "2024-03-20",
} | SAID  # fmt: skip
ENTRY = {
    "entry_id": "pledge-1", "register": "pledges", "title": "Cleaner streets", "directorate": "places",
    "objectives": "obj-bins", "opened_on": "2024-04-01", "due_on": "2025-03-31",
} | SAID  # fmt: skip
CLAIM = {
    "clause_group": "risk", "directorate": "places", "year": "2023-24", "claimed": "lived", "attested_on": "2024-07-20",
} | SAID  # fmt: skip
CERTIFIED = {
    "measure_id": "bins", "period": "2024-06", "population_n": "400", "sample_n": "29", "errors_n": "1", "reported": "12",
    "recalculated": "12", "documentation": "yes", "definition_followed": "yes", "controls": "strong", "category": "certified",
    "seed": "7", "certified_by": "Auditor", "certified_on": "2024-07-19",
} | SAID  # fmt: skip
GOOD = {
    "plans": PLAN, "objectives": OBJECTIVE, "conversations": TALKS, "meetings": MEETING, "agenda": ITEM,
    "escalations": STEP, "actions": ACTION, "risks": RISK, "assurances": ASSURANCE, "recommendations": ADVICE,
    "approvals": APPROVAL, "registers": ENTRY, "attestations": CLAIM,
    "certifications": CERTIFIED,
}  # fmt: skip
NODES = {"own": ["marker-01"]}


def raw(name: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    columns = list(TABLES[name].columns)
    cells = [[row.get(key, "") for key in columns] for row in rows]
    return raw_table(columns, cells, list(range(2, len(rows) + 2)), f"{name}.csv")


def concerned(names: Iterable[str]) -> set[str]:
    """These tables, and all that they point to, over however many others."""
    named = set(names)
    further = {to for name in named for to in TABLES[name].points_to.values()} - named
    return concerned(named | further) if further else named


def read(changed: dict[str, list[dict[str, str]]] | None = None) -> Records:
    """One good row a table, those of `changed` in the place of it; then of no more tables than these concern."""
    rows = {"measures": [MEASURE], **{name: [row] for name, row in GOOD.items()}, **(changed or {})}
    named = concerned(["measures", *(changed or GOOD)])
    tables = {name: raw(name, given) for name, given in rows.items() if name in named}
    return check(parse(tables), directorates=["places"], nodes=NODES)


@cache
def faulty(name: str, **change: str) -> pd.DataFrame:
    """What is found where one row of a table is the good one with this change."""
    return read({name: [GOOD[name] | change]}).findings


def found(name: str, *changes: dict[str, str]) -> list[tuple[str, str, str]]:
    """Rule, table and column of each fault, where rows of a table are the good one with these changes."""
    faults = read({name: [GOOD[name] | change for change in changes]}).findings
    return list(zip(faults["rule"], faults["table"], faults["column"], strict=True))


# ---- what is there --------------------------------------------------------------------------------------------------


def test_fourteen_tables_of_arrangements_follow_those_of_the_measures():
    assert list(TABLES) == [*MEASURES, *ARRANGEMENTS]
    assert list(ARRANGEMENTS) == list(GOOD)


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_each_row_says_when_it_was_recorded_by_whom_and_where_it_can_be_seen(name):
    table = TABLES[name]
    assert table.key[-1] == RECORDED
    assert list(table.columns)[-6:] == [
        "reference", "origin", "entered_by", "verified_by", "verified_on", "recorded_at",
    ]  # fmt: skip
    assert {"entered_by", "verified_by"} <= set(COLUMNS[name])
    assert set(table.points_to.values()) <= set(TABLES)


def test_one_good_row_in_each_table_is_read_and_nothing_is_found():
    records = read()
    assert records.findings.empty
    assert {name: len(records.tables[name]) for name in ARRANGEMENTS} == dict.fromkeys(ARRANGEMENTS, 1)
    assert records.tables["conversations"]["origin"].to_list() == ["keyed"]


def test_dates_that_are_compared_are_dates_of_their_tables():
    pairs = [(name, each) for name, found in ORDER.items() for pair in found for each in pair]
    pairs += [(name, each) for name, days in HAPPENED.items() for each in days]
    kinds = {
        (name, key): (spec.metadata or {})["kind"]
        for name, table in TABLES.items()
        for key, spec in table.columns.items()
    }
    assert {pair: kinds.get(pair) for pair in pairs} == dict.fromkeys(pairs, "date")


# ---- lists in one cell ----------------------------------------------------------------------------------------------


def test_ids_in_one_cell_become_a_row_each_however_they_are_parted():
    more = MEASURE | {"measure_id": "calls", "title": "Calls"}
    records = read({"measures": [MEASURE, more], "actions": [ACTION | {"measures": "bins ,calls;\n bins"}]})
    assert records.findings.empty
    assert records.tables["actions"]["measures"].to_list() == ["bins; calls"]
    assert exploded(records.tables["actions"], "measures")["measures"].to_list() == ["bins", "calls"]


def test_posts_are_parted_by_semicolons_alone_since_a_post_may_hold_a_comma():
    records = read({"meetings": [MEETING | {"present": "Head of Parks, Trees; Director"}]})
    assert exploded(records.tables["meetings"], "present")["present"].to_list() == [
        "Head of Parks, Trees",
        "Director",
    ]


def test_an_id_that_is_none_in_a_list_leaves_the_row_out():
    assert ("cell.id", "actions", "measures") in found("actions", {"measures": "bins; Missed Bins"})


# ---- faults ---------------------------------------------------------------------------------------------------------

FAULTS = [
    ("meetings", {"directorate": "placs"}, ("directorate.unknown", "meetings", "directorate")),
    ("escalations", {"measure_id": "bin"}, ("measure.unknown", "escalations", "measure_id")),
    ("objectives", {"plan_id": "plan-wast"}, ("entry.unknown", "objectives", "plan_id")),
    ("objectives", {"nodes": "marker-01; marker-99"}, ("link.unknown", "objectives", "nodes")),
    ("objectives", {"measures": "bins; bin"}, ("link.unknown", "objectives", "measures")),
    ("objectives", {"parent": "obj-other"}, ("link.unknown", "objectives", "parent")),
    ("risks", {"objectives": "obj-bin"}, ("link.unknown", "risks", "objectives")),
    ("actions", {"escalations": "esc-2"}, ("link.unknown", "actions", "escalations")),
    ("approvals", {"subjects": "bin"}, ("link.unknown", "approvals", "subjects")),
    ("escalations", {"service": "Wast"}, ("service.unknown", "escalations", "service")),
    ("conversations", {"service": "Wastes"}, ("service.unknown", "conversations", "service")),
    ("agenda", {"item": "risk-managment"}, ("agenda.unknown", "agenda", "item")),
    ("actions", {"done_on": "2024-07-01"}, ("dates.order", "actions", "done_on")),
    ("escalations", {"decided_on": "2024-07-11"}, ("dates.order", "escalations", "decided_on")),
    ("risks", {"verified_on": "2024-07-01"}, ("dates.order", "risks", "verified_on")),
    ("actions", {"done_on": "2024-08-01"}, ("dates.to-come", "actions", "done_on")),
    ("meetings", {"held_on": "2024-07-21"}, ("dates.to-come", "meetings", "held_on")),
    ("meetings", {"state": "planned"}, ("meeting.no-result", "meetings", "state")),
    ("conversations", {"held_n": "41"}, ("count.over", "conversations", "held_n")),
    ("conversations", {"linked_n": "39"}, ("count.over", "conversations", "linked_n")),
    ("registers", {"unit": "%", "achieved": "101"}, ("share.over-hundred", "registers", "achieved")),
    ("plans", {"verified_by": "clerk"}, ("evidence.self-verified", "plans", "verified_by")),
    ("plans", {"owner": "Mrs Brown"}, ("post.person", "plans", "owner")),
    ("meetings", {"present": "Director; Cllr Jones"}, ("post.person", "meetings", "present")),
    ("risks", {"likelihood": "6"}, ("cell.limits", "risks", "likelihood")),
    ("escalations", {"quarter": "July"}, ("cell.period", "escalations", "quarter")),
    ("attestations", {"claimed": "very good"}, ("cell.choice", "attestations", "claimed")),
    ("actions", {"recorded_at": ""}, ("cell.empty", "actions", "recorded_at")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "expected"), FAULTS, ids=lambda part: str(part)[:60])
def test_a_fault_is_found_where_it_is(name, change, expected):
    faults = faulty(name, **change)
    assert expected in list(zip(faults["rule"], faults["table"], faults["column"], strict=True))


@pytest.mark.parametrize(("name", "change", "expected"), FAULTS, ids=lambda part: str(part)[:60])
def test_a_fault_is_worded_with_file_row_what_was_expected_and_how_to_mend_it(name, change, expected):
    faults = faulty(name, **change)
    said = worded(faults[(faults["rule"] == expected[0]) & (faults["table"] == name)])
    assert said.str.startswith(f"{name}.csv, row 2, column '{expected[2]}': ").all()
    assert said.str.contains(", expected ").all()
    assert said.str.endswith(".").all()


def test_what_does_not_belong_to_anything_is_left_out_and_what_only_names_it_is_kept():
    assert read({"objectives": [OBJECTIVE | {"plan_id": "no"}]}).tables["objectives"].empty
    assert len(read({"risks": [RISK | {"objectives": "no"}]}).tables["risks"]) == 1


def test_a_near_miss_is_suggested():
    faults = read({"agenda": [ITEM | {"item": "risk-managment"}]}).findings
    assert "Did you mean 'risk-management'?" in worded(faults).iloc[0]


PLANNED = MEETING | {"state": "planned", "held_on": "2024-09-10"}


def asked_of_meetings(as_at, *rows):
    """Rule and row of each fault of these meetings, as at a day."""
    records = parse({"measures": raw("measures", [MEASURE]), "meetings": raw("meetings", list(rows))})
    day = date.fromisoformat(as_at) if as_at else None
    faults = check(records, directorates=["places"], nodes=NODES, as_at=day).findings
    return list(zip(faults["rule"], faults["source_row"], strict=True))


def test_a_meeting_to_come_is_planned_and_no_fault_until_its_day_is_over():
    assert asked_of_meetings(None, PLANNED) == []
    assert asked_of_meetings("2024-09-10", PLANNED) == []
    assert asked_of_meetings("2024-09-11", PLANNED) == [("meeting.no-result", 2)]


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_a_meeting_that_was_planned_is_settled_by_a_later_row_that_tells_its_result(state):
    told = PLANNED | {"state": state, "recorded_at": "2024-09-12", "verified_on": ""}
    assert asked_of_meetings("2024-09-11", PLANNED, told) == [("meeting.no-result", 2)]
    assert asked_of_meetings("2024-09-12", PLANNED, told) == []


def test_a_meeting_entered_as_held_before_its_day_is_to_be_sent_as_planned():
    early = read({"meetings": [MEETING | {"held_on": "2024-07-21"}]}).findings
    assert "a meeting that is yet to come has the state 'planned'" in worded(early).iloc[0]


def test_a_planned_meeting_comes_back_to_its_sender():
    sent = open_rows(
        read({"meetings": [MEETING, PLANNED | {"meeting_id": "board-2"}]}).tables,
        "places",
        parse_quarter("2024-25 Q2"),
    )
    assert sent["meetings"]["meeting_id"].to_list() == ["board-2"]


def test_two_entries_that_say_the_same_under_two_ids_are_found():
    assert found("actions", {}, {"action_id": "act-2"}) == [("entry.twice", "actions", "action_id")]
    assert found("actions", {}, {"action_id": "act-2", "title": "Another"}) == []


def test_a_row_is_doubled_only_where_it_was_recorded_on_the_same_day():
    later = {"recorded_at": "2024-08-20", "reviewed_on": "2024-08-19"}
    assert found("risks", {}, later) == []
    assert found("risks", {}, {"impact": "5"}) == [("key.conflict", "risks", "")]


def test_an_item_of_the_whole_council_names_no_directorate_and_a_service_may_keep_no_measure():
    assert found("escalations", {"directorate": "", "measure_id": "", "service": ""}) == []
    talks = [TALKS, TALKS | {"service": "Parks"}]
    risk = RISK | {"service": "Parks"}
    assert read({"conversations": talks, "risks": [risk]}).findings.empty


def test_nodes_of_a_framework_that_is_not_in_use_are_not_judged():
    assert found("objectives", {"framework": "other", "nodes": "aim-9"}) == []


def test_a_fault_is_its_directorate_s():
    faults = read({"actions": [ACTION | {"done_on": "2024-07-01"}]}).findings
    assert faults["directorate"].to_list() == ["places"]


# ---- as known at a day ----------------------------------------------------------------------------------------------


def test_a_later_correction_does_not_change_what_was_known_before():
    done = ACTION | {"done_on": "2024-09-20", "recorded_at": "2024-09-21"}
    actions = read({"actions": [ACTION, done]}).tables["actions"]
    assert standing("actions", actions, date(2024, 7, 19)).empty
    assert standing("actions", actions, date(2024, 8, 15))["done_on"].isna().all()
    assert standing("actions", actions, date(2024, 9, 21))["done_on"].notna().to_list() == [True]


# ---- not sent is not known ------------------------------------------------------------------------------------------


def test_a_table_that_nobody_sent_is_not_known_and_one_sent_without_rows_is_empty():
    records = parse({"measures": raw("measures", [MEASURE]), "risks": raw("risks", [])})
    assert tables_sent(records.reads) == {"measures", "risks"}
    assert records.tables["risks"].empty
    assert records.tables["plans"].empty


def test_a_council_that_sends_no_arrangements_is_read_without_a_finding():
    records = check(parse({"measures": raw("measures", [MEASURE])}), directorates=["places"], nodes=NODES)
    assert records.findings.empty
    assert tables_sent(records.reads) == {"measures"}


def test_empty_tables_have_the_types_of_full_ones():
    full, empty = read().tables, parse({"measures": raw("measures", [MEASURE])}).tables
    assert {name: empty[name].dtypes.to_dict() for name in ARRANGEMENTS} == {
        name: full[name].dtypes.to_dict() for name in ARRANGEMENTS
    }


# ---- returns --------------------------------------------------------------------------------------------------------


def delivered(name: str, *rows: dict[str, str], by: str = "places") -> pd.DataFrame:
    return raw(name, list(rows)).assign(**{DELIVERY[0]: "2024-10-10", DELIVERY[1]: by})


def test_a_directorate_s_return_speaks_of_its_own_arrangements_alone():
    tables = {"measures": raw("measures", [MEASURE]), "risks": delivered("risks", RISK, by="people")}
    faults = check(parse(tables), directorates=["places", "people"]).findings
    assert faults[["rule", "got", "expected"]].to_numpy().tolist() == [
        ["directorate.other", "places", "people, whose return this is"]
    ]


COUNCILS = PLAN | {"plan_id": "plan-council", "level": "council", "directorate": "", "service": ""}
THEIRS = OBJECTIVE | {"objective_id": "obj-other", "plan_id": "plan-council"}


@pytest.mark.parametrize(
    ("name", "row", "got", "expected"),
    [
        ("objectives", OBJECTIVE, "plan-waste of places", "a plan of people, whose return this is"),
        ("objectives", THEIRS, "plan-council of the whole council", "a plan of people, whose return this is"),
        ("agenda", ITEM, "board-1 of places", "a meeting of people, whose return this is"),
    ],
)
def test_rows_of_another_s_plan_or_meeting_in_a_return_are_refused_as_theirs_are(name, row, got, expected):
    tables = {
        "measures": raw("measures", [MEASURE]),
        "plans": raw("plans", [PLAN, COUNCILS]),
        "meetings": raw("meetings", [MEETING]),
        name: delivered(name, row, by="people"),
    }
    records = check(parse(tables), directorates=["places", "people"], nodes=NODES)
    faults = records.findings
    assert faults[["rule", "table", "got", "expected"]].to_numpy().tolist() == [
        ["directorate.other", name, got, expected]
    ]
    assert "Take it out; whose it is sends it. If the id is mistyped, correct it." in faults["mend"][0]
    assert records.tables[name].empty


@pytest.mark.parametrize(
    ("name", "key", "given"),
    [
        ("risks", "risk_id", {"title": "Another", "recorded_at": "2024-09-01"}),
        ("actions", "action_id", {"title": "Another", "recorded_at": "2024-09-01"}),
        ("plans", "plan_id", {"recorded_at": "2024-09-01"}),
        ("registers", "entry_id", {"recorded_at": ""}),
        ("risks", "risk_id", {"title": "Another", "recorded_at": "2024-03-01"}),
    ],
)
@pytest.mark.parametrize("is_returned", [False, True])
@pytest.mark.parametrize(("owner", "called"), [("places", "places"), ("", "the whole council")])
def test_a_return_can_t_take_over_another_s_entry_by_its_id(name, key, given, is_returned, owner, called):
    theirs = GOOD[name] | {"directorate": owner}
    first = delivered(name, theirs, by=owner) if is_returned and owner else raw(name, [theirs])
    later = delivered(name, theirs | given | {"directorate": "people"}, by="people")
    both = pd.concat([first, later], ignore_index=True).fillna("")
    records = parse({"measures": raw("measures", [MEASURE]), name: both})
    faults, kept = records.findings, records.tables[name]
    assert kept["directorate"].to_list() == [owner]
    assert faults[["rule", "table", "column", "got", "expected"]].to_numpy().tolist() == [
        [
            *("directorate.other", name, key, f"{theirs[key]} of {called}"),
            "the id of an entry of people, whose return this is, or a new one",
        ]
    ]
    assert "Give this entry an id of its own" in faults["mend"][0]


@pytest.mark.parametrize("is_returned", [False, True])
@pytest.mark.parametrize(
    ("name", "fault", "rule"),
    [
        ("risks", {"impact": "junk"}, "cell.number"),
        ("risks", {"impact": "9"}, "cell.limits"),
        ("plans", {"valid_from": ""}, "cell.empty"),
        ("meetings", {"held_on": "July"}, "cell.date"),
    ],
)
def test_a_row_that_was_left_out_keeps_nobody_from_its_id(name, fault, rule, is_returned):
    spoilt = GOOD[name] | fault
    first = delivered(name, spoilt) if is_returned else raw(name, [spoilt])
    good = GOOD[name] | {"directorate": "people", "service": ""}
    both = pd.concat([first, delivered(name, good, by="people")], ignore_index=True).fillna("")
    records = parse({"measures": raw("measures", [MEASURE]), name: both})
    assert records.findings["rule"].to_list() == [rule]
    assert records.tables[name]["directorate"].to_list() == ["people"]


@pytest.mark.parametrize(("whole", "part"), [("plans", "objectives"), ("meetings", "agenda")])
def test_nor_does_a_plan_or_a_meeting_that_was_left_out_from_what_belongs_to_it(whole, part):
    faulty = delivered(whole, GOOD[whole] | {"recorded_at": "soon"})
    good = delivered(whole, GOOD[whole] | {"directorate": "people", "service": ""}, by="people")
    own = delivered(part, GOOD[part], by="people")
    tables = {whole: pd.concat([faulty, good], ignore_index=True).fillna(""), part: own}
    records = parse({"measures": raw("measures", [MEASURE]), **tables})
    assert records.findings["rule"].to_list() == ["cell.date"]
    assert (len(records.tables[whole]), len(records.tables[part])) == (1, 1)


def test_a_second_row_of_one_delivery_that_was_left_out_does_not_make_its_directorate_an_owner():
    twice = raw("risks", [RISK, RISK | {"directorate": "people"}])
    sent = delivered("risks", RISK | {"directorate": "people", "recorded_at": "2024-09-01"}, by="people")
    both = pd.concat([twice, sent], ignore_index=True).fillna("")
    records = parse({"measures": raw("measures", [MEASURE]), "risks": both})
    assert set(records.findings["rule"]) == {"key.conflict", "directorate.other"}
    assert records.tables["risks"]["directorate"].to_list() == ["places"]


def test_nor_another_s_objective_by_hanging_it_from_a_plan_of_its_own():
    own = PLAN | {"plan_id": "plan-people", "directorate": "people", "service": ""}
    again = OBJECTIVE | {"plan_id": "plan-people", "recorded_at": "2024-09-01"}
    tables = {
        "measures": raw("measures", [MEASURE]),
        "plans": raw("plans", [PLAN, own]),
        "objectives": pd.concat(
            [raw("objectives", [OBJECTIVE]), delivered("objectives", again, by="people")], ignore_index=True
        ).fillna(""),
    }
    records = parse(tables)
    assert records.tables["objectives"]["plan_id"].to_list() == ["plan-waste"]
    assert records.findings[["column", "got"]].to_numpy().tolist() == [["objective_id", "obj-bins of places"]]


def test_an_entry_may_be_sent_again_by_whose_it_ever_was():
    moved = RISK | {"directorate": "people", "recorded_at": "2024-08-01"}
    for sender in ("places", "people"):
        again = delivered(
            "risks", RISK | {"directorate": sender, "impact": "5", "recorded_at": "2024-09-01"}, by=sender
        )
        both = pd.concat([raw("risks", [RISK, moved]), again], ignore_index=True).fillna("")
        records = parse({"measures": raw("measures", [MEASURE]), "risks": both})
        assert records.findings.empty
        assert records.tables["risks"]["directorate"].to_list() == ["places", "people", sender]


def test_a_return_can_t_change_what_another_s_meeting_decided_by_calling_the_meeting_its_own():
    tables = {
        "measures": raw("measures", [MEASURE]),
        "meetings": pd.concat(
            [
                raw("meetings", [MEETING]),
                delivered("meetings", MEETING | {"directorate": "people"}, by="people"),
            ]
        ).fillna(""),
        "agenda": pd.concat(
            [raw("agenda", [ITEM]), delivered("agenda", ITEM | {"outcome": "agreed"}, by="people")]
        ).fillna(""),
    }
    assert parse(tables).tables["agenda"]["outcome"].to_list() == ["noted"]


def test_a_plan_that_moved_keeps_the_objectives_that_its_former_directorate_sent():
    moved = PLAN | {"directorate": "people", "recorded_at": "2024-09-01"}
    tables = {"measures": raw("measures", [MEASURE]), "plans": raw("plans", [PLAN, moved])}
    tables |= {"objectives": delivered("objectives", OBJECTIVE)}
    records = check(parse(tables), directorates=["places", "people"], nodes=NODES)
    assert records.findings.empty
    assert len(records.tables["objectives"]) == 1


def test_a_return_speaks_of_its_own_plans_and_meetings_and_of_those_that_it_brings():
    tables = {"measures": raw("measures", [MEASURE])} | {
        name: delivered(name, GOOD[name]) for name in ("plans", "objectives", "meetings", "agenda")
    }
    assert check(parse(tables), directorates=["places"], nodes=NODES).findings.empty


def test_an_objective_of_a_plan_that_nobody_knows_is_told_as_such_and_as_nobody_s():
    tables = {"measures": raw("measures", [MEASURE]), "objectives": delivered("objectives", OBJECTIVE)}
    faults = check(parse(tables), directorates=["places"], nodes=NODES).findings
    assert faults["rule"].to_list() == ["entry.unknown"]


def test_an_item_that_only_the_framework_in_use_asks_for_is_known():
    own = {"measures": [MEASURE], "meetings": [MEETING], "agenda": [ITEM | {"item": "flood-defence"}]}
    records = parse({name: raw(name, rows) for name, rows in own.items()})
    asked = {"directorates": ["places"], "nodes": NODES}
    assert check(records, **asked).findings["rule"].to_list() == ["agenda.unknown"]
    assert check(records, **asked, named=Named(frozenset({"flood-defence"}))).findings.empty


def test_a_variation_of_a_clause_that_no_framework_has_is_told_and_one_of_a_known_clause_is_not():
    row = APPROVAL | {
        "kind": "variation",
        "subjects": "plan-resources; plan-resorces",
        "reason": "A grant asks for it",
    }
    own = {"measures": [MEASURE], "approvals": [row]}
    records = parse({name: raw(name, rows) for name, rows in own.items()})
    told = check(
        records, directorates=["places"], named=Named(clauses=frozenset({"plan-resources"}))
    ).findings
    assert told[["rule", "column", "got"]].to_numpy().tolist() == [
        ["link.unknown", "subjects", "plan-resorces"]
    ]
    assert "Did you mean 'plan-resources'?" in worded(told)[0]


def test_a_row_that_comes_back_as_it_was_sent_says_nothing_new():
    known = read().tables
    sent = open_rows(known, "places", parse_quarter("2024-25 Q2"))
    assert set(sent) == {
        *("plans", "meetings", "escalations", "actions", "risks", "recommendations", "registers")
    }
    assert sent["escalations"].empty  # decided on
    assert sent["meetings"].empty  # held
    assert sent["actions"][RECORDED].isna().all()
    again = RISK | {"recorded_at": ""}
    both = pd.concat([raw("risks", [RISK]), delivered("risks", again, again | {"impact": "5"})])
    both = both.fillna("").iloc[:2]
    assert len(parse({"measures": raw("measures", [MEASURE]), "risks": both}).tables["risks"]) == 1


# ---- certifications --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"errors_n": "30"}, "count.over", "errors_n"),
        ({"sample_n": "401"}, "count.over", "sample_n"),
        ({"certified_by": "Mr Smith"}, "post.person", "certified_by"),
        ({"certified_on": "2024-07-21"}, "dates.to-come", "certified_on"),
        ({"valid_to": "2024-07-18"}, "dates.order", "valid_to"),
        ({"measure_id": "bin"}, "measure.unknown", "measure_id"),
        ({"period": "2024-25 Q1"}, "cell.period", "period"),
        ({"controls": "good"}, "cell.choice", "controls"),
    ],
)
def test_a_fault_of_a_certification_is_found_at_its_cell(change, rule, column):
    assert found("certifications", change) == [(rule, "certifications", column)]


def test_two_measures_certified_alike_are_no_entry_that_is_there_twice():
    assert found("certifications", {}, {"recorded_at": "2024-07-21"}) == []


def test_nobody_certifies_a_measure_that_they_answer_for():
    owned = {
        "measures": [MEASURE | {"owner": "Head of Waste"}],
        "certifications": [CERTIFIED | {"certified_by": "head of waste"}],
    }
    (fault,) = read(owned).findings.to_dict("records")
    assert (fault["rule"], fault["column"], fault["got"]) == (
        "certification.own",
        "certified_by",
        "head of waste",
    )
    assert read(owned | {"certifications": [CERTIFIED]}).findings.empty
