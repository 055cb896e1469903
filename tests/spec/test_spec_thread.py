"""The golden thread as drawn tables: plans, objectives and conversations of a small council, its breaks and its reach."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import networkx as nx
import pandas as pd
import pytest
from arranged_rows import edited, table, world
from minuted import drawn, not_sent, of_2009

from pmf_lib.assurance import thread
from pmf_lib.assurance.thread import asked
from pmf_lib.framework import Framework
from pmf_lib.periods import parse_quarter

FRAMEWORK = Framework.model_validate(
    {
        "id": "tiny",
        "title": "Tiny",
        "council": "Smallton",
        "edition": "1",
        "status": "in force",
        "in_force": {"from_date": "2024-04-01", "source": "1"},
        "sources": [{"document": "Tiny", "section": "1"}],
        "levels": [
            {"id": "aim", "singular": "aim", "plural": "aims", "source": "1"},
            {
                "id": "marker",
                "singular": "marker",
                "plural": "markers",
                "parents": ["aim"],
                "links": True,
                "source": "1",
            },
        ],
        "nodes": [
            {"id": "aim", "level": "aim", "title": "A good place"},
            {"id": "young", "level": "marker", "number": 1, "title": "Young people thrive", "parent": "aim"},
            {"id": "safe", "level": "marker", "number": 2, "title": "People are safe", "parent": "aim"},
            {
                "id": "old",
                "level": "marker",
                "number": 3,
                "title": "Gone",
                "parent": "aim",
                "years": {"valid_to": "2023-24"},
            },
        ],
    }
)
MEASURES = """
measure_id | title            | directorate | service    | owner        | frequency
visits     | Visits in time   | childrens   | Early Help | Head of Help | monthly
checks     | Dental checks    | childrens   | In Care    | Head of Care | quarterly
waits      | Waits for visits | childrens   | In Care    | Head of Care | annual
"""
LINKS = """
measure_id | framework | node
visits     | tiny      | young
checks     | tiny      | safe
waits      | tiny      | safe
"""
PLANS = """
plan_id | level       | title           | directorate | service    | valid_from | valid_to
council | council     | Council plan    |             |            | 2022-04-01 | 2025-03-31
ch      | directorate | Children's plan | childrens   |            | 2024-04-01 | 2025-03-31
help    | service     | Plan of Help    | childrens   | Early Help | 2024-04-01 | 2025-03-31
care    | service     | Plan of Care    | childrens   | In Care    | 2024-04-01 | 2025-03-31
last    | service     | Last year's     | childrens   | In Care    | 2023-04-01 | 2024-03-31
"""
OBJECTIVES = """
objective_id | plan_id | title              | parent  | framework | nodes       | measures       | owner        | delivered_on
o-young      | council | Better chances     |         | tiny      | young; safe | visits         | Chief        |
o-ch         | ch      | Help sooner        | o-young |           |             | visits         | Director     |
o-help       | help    | Visit at once      | o-ch    |           |             | visits         | Head of Help |
o-care       | care    | Care well          | o-ch    | tiny      | safe        | checks; waits  | Head of Care |
o-done       | council | Done last year     |         |           |             |                |              | 2024-03-28
o-last       | last    | Of a plan gone by  |         |           |             |                |              |
"""
HELD = """
directorate | service    | year    | staff_n | held_n | linked_n
childrens   | Early Help | 2023-24 | 146     | 146    | 146
childrens   | In Care    | 2023-24 | 20      | 20     | 20
childrens   | Early Help | 2024-25 | 146     | 60     | 60
"""
TABLES = {
    "measures": MEASURES,
    "links": LINKS,
    "plans": PLANS,
    "objectives": OBJECTIVES,
    "conversations": HELD,
}


def council(directorate="", **tables):
    return replace(world(directorate, **{**TABLES, **tables}), framework=FRAMEWORK)


def objectives(key, **values):
    return {"objectives": edited(table("objectives", OBJECTIVES), key, **values)}


def plans(key, **values):
    return {"plans": edited(table("plans", PLANS), key, **values)}


def links(left_out):
    frame = table("links", LINKS)
    return {"links": frame[frame["measure_id"] != left_out]}


def held(service, of, **values):
    frame = table("conversations", HELD)
    is_it = (frame["service"] == service) & (frame["year"] == of)
    assert is_it.any()
    kept = frame.assign(**{name: frame[name].mask(is_it, value) for name, value in values.items()})
    return {"conversations": kept if values else frame[~is_it]}


def told(evidence):
    found = thread.breaks(evidence)
    return found[["kind", "subject", "condition"]].to_numpy().tolist()


YOUNG, SAFE = "1. Young people thrive", "2. People are safe"
BREAKS = [
    ("node_without_measure", links("visits"), YOUNG, "No measure is linked to it, so nothing shows how it stands."),
    ("node_without_objective", objectives("o-young", nodes="safe"), YOUNG, "No objective of a plan in force serves it."),
    (
        "node_without_owner",
        objectives("o-young", owner=""),
        YOUNG,
        "Objectives of plans in force that serve it: 1. None of them names a post that answers for it.",
    ),
    ("objectives_in_circle", objectives("o-ch", parent="o-help"), "Help sooner", "It leads back to itself, so it hangs from nothing: Help sooner, Visit at once."),
    ("objective_parent_gone", objectives("o-ch", parent="o-last"), "Help sooner", "It serves 'Of a plan gone by', which is in no plan in force."),
    ("objective_parent_gone", objectives("o-care", parent="o-nought"), "Care well", "It serves 'o-nought', which is no objective here."),
    ("objective_adrift", objectives("o-help", parent=""), "Visit at once", "It names no objective above and no part of the framework."),
    ("objective_adrift", objectives("o-ch", parent=""), "Visit at once", "The objective above it leads to no part of the framework either."),
    ("objective_without_measure", objectives("o-help", measures=""), "Visit at once", "It names no measure."),
    ("measure_adrift", links("waits"), "Waits for visits", "It is linked to no part of the framework."),
    ("service_without_plan", plans("help", valid_to="2024-10-31"), "Early Help", "No plan is in force on 15 November 2024; the last one ended on 31 October 2024."),
    ("plan_without_objective", objectives("o-help"), "Plan of Help", "It holds no objective, so nothing leads from it up or down."),
    ("service_without_conversations", held("In Care", "2023-24"), "In Care", "No conversation with its staff was ever recorded."),
    ("service_without_conversations", held("In Care", "2023-24", year="2022-23"), "In Care", "It told of earlier years, and of 2023-24 nothing."),
    ("conversations_not_held", held("Early Help", "2023-24", held_n=58.0, linked_n=58.0), "Early Help", "58 of 146 staff had one for 2023-24."),
    ("conversations_adrift", held("Early Help", "2024-25", linked_n=41.0), "Early Help", "Of 60 conversations for 2024-25, 41 lead to an objective of a plan."),
]  # fmt: skip


def asking(evidence, *clauses):
    """The same evidence under a framework with clauses that ask this of conversations: test, parameters, force (else a duty)."""
    made = tuple(
        SimpleNamespace(check=check, parameters=told, force=(*force, "duty")[0])
        for check, told, *force in clauses
    )
    return replace(evidence, framework=evidence.framework.model_copy(update={"clauses": made}))


@pytest.mark.parametrize(
    ("asked", "broken"),
    [
        ([], True),
        ([("conversations_are_held", {"percent": 39})], False),
        ([("conversations_are_held", {"percent": 40})], True),
        ([("conversations_are_held", {"percent": 39}), ("conversations_are_held", {"percent": 40})], True),
        ([("conversations_link_objectives", {"percent": 39})], True),
    ],
)
def test_the_thread_asks_of_conversations_held_the_share_that_the_clauses_ask(asked, broken):
    few = held("Early Help", "2023-24", held_n=58.0, linked_n=58.0)  # of 146: 39.7 per cent
    kinds = thread.breaks(asking(council(**few), *asked))["kind"].tolist()
    assert ("conversations_not_held" in kinds) == broken


@pytest.mark.parametrize(("percent", "broken"), [(68, False), (69, True)])
def test_the_thread_asks_of_conversations_linked_the_share_that_the_clauses_ask(percent, broken):
    few = held("Early Help", "2024-25", linked_n=41.0)  # of 60: 68.3 per cent
    looked_at = asking(council(**few), ("conversations_link_objectives", {"percent": percent}))
    assert ("conversations_adrift" in thread.breaks(looked_at)["kind"].tolist()) == broken


@pytest.mark.parametrize(("by", "year"), [("03-31", "2023-24"), ("06-30", "2024-25")])
def test_the_newest_year_that_is_due_is_told_by_the_day_that_the_clauses_ask(by, year):
    looked_at = asking(council(), ("conversations_are_held", {"percent": 0, "by": by}))
    found = thread.reach(looked_at).set_index("service")
    assert found.loc["Early Help", "year"] == year


ASKED = """
case                              | clauses                                           | share | day
none                              |                                                   | 100   | 03-31
one without a day                 | duty 90                                           | 90    | 03-31
an example asks more              | example 100 06-30; duty 90                        | 90    | 03-31
good practice asks more, sooner   | good practice 100 12-31; minimum 80 02-28         | 80    | 02-28
of duties the larger, its own day | duty 80 12-31; duty 95 02-28; duty 90 01-31       | 95    | 02-28
a minimum binds as a duty does    | duty 80 12-31; minimum 90                         | 90    | 03-31
of equal ones the first           | duty 90 12-31; minimum 90 02-28                   | 90    | 12-31
only examples                     | example 60 12-31; good practice 70 02-28          | 70    | 02-28
"""


@pytest.mark.parametrize("case", drawn(ASKED), ids=lambda case: case["case"])
def test_share_and_day_are_those_of_one_clause_a_duty_or_minimum_before_any_other(case):
    told = re.findall(r"([a-z ]+) (\d+)(?: (\d\d-\d\d))?(?:; |$)", case.get("clauses", ""))
    clauses = [
        ("conversations_are_held", {"percent": int(share)} | ({"by": day} if day else {}), force)
        for force, share, day in told
    ]
    framework = asking(council(), *clauses).framework
    asked_of = (asked.asked_percent(framework, "conversations_are_held"), asked.day_of_year(framework))
    assert asked_of == (float(case["share"]), case["day"])


def test_an_example_breaks_no_thread_that_the_duty_leaves_whole():
    few = held("Early Help", "2023-24", held_n=58.0, linked_n=58.0)  # of 146: 39.7 per cent
    example = ("conversations_are_held", {"percent": 100, "by": "06-30"}, "example")
    duty = ("conversations_are_held", {"percent": 39})
    looked_at = asking(council(**few), example, duty)
    assert "conversations_not_held" not in thread.breaks(looked_at)["kind"].tolist()
    assert thread.reach(looked_at).set_index("service").loc["Early Help", "year"] == "2023-24"


def test_a_whole_thread_has_no_break_and_nothing_unknown():
    assert told(council()) == []
    assert thread.unknown(council()) == []


@pytest.mark.parametrize(
    ("kind", "spoilt", "subject", "said"), BREAKS, ids=lambda case: case if isinstance(case, str) else ""
)
def test_one_defect_is_found_with_its_own_facts(kind, spoilt, subject, said):
    assert [kind, subject, said] in told(council(**spoilt))


def test_every_kind_of_break_is_drawn_here():
    assert {case[0] for case in BREAKS} | {"pledge_without_objective"} == set(thread.KINDS)


def test_nodes_are_asked_of_the_whole_council_alone():
    bare = {"links": "", **objectives("o-young", owner="", nodes="safe")}
    kinds = {"node_without_measure", "node_without_objective"}
    assert kinds <= {kind for kind, *_ in told(council(**bare))}
    assert [kind for kind, *_ in told(council("childrens", **bare)) if kind.startswith("node")] == []


def test_a_break_says_whose_it_is_and_where_it_is_recorded():
    found = thread.breaks(council(**objectives("o-help", measures=""))).to_dict("records")
    assert found == [
        {
            "kind": "objective_without_measure",
            "subject": "Visit at once",
            "condition": "It names no measure.",
            "owner": "Head of Help",
            "directorate": "childrens",
            "service": "Early Help",
            "source_file": "objectives.csv",
            "source_sheet": "",
            "source_row": 4,
        }
    ]


def test_a_break_is_placed_by_its_sheet_where_two_sheets_of_a_return_have_the_same_row():
    made = council(**objectives("o-help", measures=""))
    tables = {
        name: rows.assign(source_file="return.xlsx", source_sheet=name) for name, rows in made.tables.items()
    }
    one = tables["objectives"].query("objective_id == 'o-help'")["source_row"].iloc[0]
    tables["measures"] = tables["measures"].assign(source_row=one)
    seen = replace(made, tables=tables, whole=tables.__getitem__)
    assert thread.breaks(seen)["source_sheet"].tolist() == ["objectives"]
    shown = thread.tree(seen)
    assert shown.loc[shown["is_break"], ["kind", "title"]].to_numpy().tolist() == [
        ["objective", "Visit at once"]
    ]


def test_a_node_that_no_longer_stands_is_no_part_of_the_thread():
    assert ("node", "old") not in thread.graph(council())


def test_the_report_of_a_year_s_last_quarter_tells_of_that_year_s_plans_and_of_what_was_delivered_in_it():
    done = council(**objectives("o-help", delivered_on="2024-06-28"))
    last = replace(done, quarter=parse_quarter("2024-25 Q4"), as_at=date(2025, 5, 15))
    kept = {key for kind, key in thread.graph(last) if kind == "objective"}
    assert kept == {"o-young", "o-ch", "o-help", "o-care"}
    next_year = replace(last, quarter=parse_quarter("2025-26 Q1"))
    assert not [key for kind, key in thread.graph(next_year) if kind == "objective"]


def test_an_objective_done_before_the_year_or_of_a_plan_gone_by_is_no_part_of_the_thread():
    made = thread.graph(council())
    assert [one for kind, one in made if kind == "objective"] == ["o-young", "o-ch", "o-help", "o-care"]


def test_a_circle_is_named_once_and_its_objectives_are_not_called_adrift_too():
    spoilt = objectives("o-ch", parent="o-help")
    assert [one[0] for one in told(council(**spoilt))] == ["objectives_in_circle"]


PLEDGES = """
entry_id | register | title        | directorate | framework | nodes           | objectives | opened_on  | due_on
warm     | pledges  | Warmer homes | adult-care  | wpf-2009  | outcome-healthy |            | 2009-04-01 | 2010-03-31
"""


def test_a_pledge_that_no_objective_delivers_is_a_break_and_without_a_register_nothing_is_known():
    given = {name: table(name, "") for name in TABLES} | {"registers": table("registers", PLEDGES)}
    found = told(of_2009(given))
    assert found == [["pledge_without_objective", "Warmer homes", "It names no objective."]]
    assert told(not_sent(of_2009(given), "registers")) == []
    assert "Nobody keeps a register of pledges" in " ".join(
        thread.unknown(not_sent(of_2009(given), "registers"))
    )


def test_the_graph_leads_from_the_aim_to_a_conversation():
    made = thread.graph(council())
    way = nx.shortest_path(made, ("node", "aim"), ("conversation", "childrens: Early Help: 2024-25"))
    assert [kind for kind, _ in way] == [
        "node",
        "node",
        "objective",
        "objective",
        "objective",
        "conversation",
    ]
    assert made.nodes["objective", "o-help"] == {
        "kind": "objective", "id": "o-help", "title": "Visit at once", "level": "service", "owner": "Head of Help",
        "unit": "childrens", "service": "Early Help", "source_file": "objectives.csv", "source_sheet": "",
        "source_row": 4,
    }  # fmt: skip


def test_objectives_of_another_framework_lead_here_by_their_measures():
    made = thread.graph(council(**objectives("o-care", framework="pmf-2022-25", nodes="marker-07")))
    assert made.has_edge(("node", "safe"), ("objective", "o-care"))


UNSENT = """
table         | said
links         | Nobody sent the table of links, so nothing is known of which measures lead to the framework.
plans         | Nobody sent the table of plans, so nothing is known of which plans are in force.
objectives    | Nobody sent the table of objectives, so nothing is known of what is to be reached and what it leads to.
conversations | Nobody sent the table of conversations, so nothing is known of whether objectives reach the people who deliver them.
"""


@pytest.mark.parametrize("line", UNSENT.strip().splitlines()[1:], ids=lambda line: line.split()[0])
def test_a_table_that_nobody_sent_is_unknown_and_no_break(line):
    name, said = (cell.strip() for cell in line.split("|"))
    missing = not_sent(council(), name)
    assert told(missing) == []
    assert thread.unknown(missing) == [said]


def test_no_service_has_a_whole_thread_where_a_table_was_not_sent():
    assert thread.reach(not_sent(council(), "links"))["state"].tolist() == ["unknown", "unknown"]


def test_where_no_objective_is_in_force_that_is_said_and_nodes_are_not_called_bare():
    none = council(objectives="")
    assert "No plan in force holds an objective" in thread.unknown(none)[0]
    assert {kind for kind, *_ in told(none)} == {"plan_without_objective"}


def test_a_service_that_left_no_record_is_unknown_and_no_break():
    more = MEASURES + "bins | Bins | childrens | Bins | Head of Bins | monthly\n"
    seen = council(measures=more, links=LINKS + "bins | tiny | safe\n")
    assert told(seen) == []
    assert thread.unknown(seen) == [
        "Bins: no plan and no conversation of it was ever recorded, so nothing is known of its thread."
    ]
    state = thread.reach(seen).set_index("service")["state"]
    assert state.to_dict() == {"Bins": "unknown", "Early Help": "whole", "In Care": "whole"}


def naming(evidence, *services, unit="childrens"):
    """The same evidence, its council's file naming these services of a directorate."""
    units = tuple(
        one.model_copy(update={"services": services if one.id == unit else ()})
        for one in evidence.council.directorates
    )
    return replace(evidence, council=evidence.council.model_copy(update={"directorates": units}))


def test_a_service_that_only_the_council_s_file_names_is_unknown_and_no_break():
    before, named = council(), naming(council(), "Bins", "Early Help", "In Care")
    assert told(named) == []
    assert thread.unknown(named) == [
        "Bins: no plan and no conversation of it was ever recorded, so nothing is known of its thread."
    ]
    reach = thread.reach(named).set_index("service")
    assert reach["state"].to_dict() == {"Bins": "unknown", "Early Help": "whole", "In Care": "whole"}
    assert reach.loc["Bins", ["plans_n", "objectives_n", "measures_n", "breaks_n", "year"]].tolist() == [
        0,
        0,
        0,
        0,
        "",
    ]
    others = thread.reach(named).query("service != 'Bins'").reset_index(drop=True)
    pd.testing.assert_frame_equal(others, thread.reach(before))


def test_a_directorate_hears_of_its_own_named_services_alone():
    asked = naming(council("childrens"), "Bins", unit="resources")
    assert "Bins" not in set(thread.reach(asked)["service"])
    assert thread.unknown(asked) == []


def test_where_nobody_sent_plans_and_conversations_a_named_service_is_unknown_too():
    missing = naming(not_sent(not_sent(council(), "plans"), "conversations"), "Bins")
    assert set(thread.reach(missing)["state"]) == {"unknown"}
    assert not [line for line in thread.unknown(missing) if line.startswith("Bins")]


def test_of_a_unit_that_nothing_is_recorded_of_nothing_is_known():
    bare = council("childrens", **dict.fromkeys(TABLES, ""))
    assert told(bare) == []
    assert (
        thread.unknown(bare)[0]
        == "No measure, plan or conversation of it is recorded, so nothing is known of its thread."
    )
    assert (len(thread.reach(bare)), len(thread.tree(bare))) == (0, 0)


REACH = [
    ({}, "Early Help", (1, 1, 1, 2, 1, "2023-24", 146, 146, 146, 0, True, "whole")),
    ({}, "In Care", (1, 1, 1, 2, 2, "2023-24", 20, 20, 20, 0, True, "whole")),
    (objectives("o-help", parent=""), "Early Help", (1, 1, 0, 0, 1, "2023-24", 146, 146, 146, 1, False, "broken")),
    (links("waits"), "In Care", (1, 1, 1, 2, 2, "2023-24", 20, 20, 20, 1, True, "broken")),
    (plans("help", valid_to="2024-10-31"), "Early Help", (0, 0, 0, 0, 1, "2023-24", 146, 146, 146, 1, False, "broken")),
    (held("Early Help", "2023-24", held_n=58.0, linked_n=58.0), "Early Help", (1, 1, 1, 2, 1, "2023-24", 146, 58, 58, 1, True, "broken")),
    (held("Early Help", "2023-24"), "Early Help", (1, 1, 1, 2, 1, "2024-25", 146, 60, 60, 0, True, "whole")),
]  # fmt: skip


@pytest.mark.parametrize(("spoilt", "service", "expected"), REACH)
def test_reach_counts_each_service_from_plan_to_conversation(spoilt, service, expected):
    found = thread.reach(council(**spoilt))
    row = found[found["service"] == service].iloc[0]
    assert tuple(row.drop(["directorate", "service"])) == expected


def test_reach_has_no_number_of_conversations_where_none_is_recorded():
    found = thread.reach(council(**held("In Care", "2023-24"))).set_index("service").loc["In Care"]
    assert found["year"] == ""
    assert pd.isna(found[["staff_n", "held_n", "linked_n"]]).all()
    assert (found["state"], found["is_unbroken"]) == ("broken", False)


TREE = """
A good place
  1. Young people thrive
    Better chances
      Help sooner
        Visit at once
          Visits in time
        Care well
          Dental checks
          Waits for visits
  2. People are safe
    Better chances (see above)
"""


def lines(evidence):
    rows = thread.tree(evidence).to_dict("records")
    said = ["  " * row["depth"] + row["title"] + (f" ({row['note']})" if row["note"] else "") for row in rows]
    return "\n".join(said)


def test_the_tree_names_each_thing_in_full_once_under_the_lowest_that_leads_to_it():
    assert lines(council()) == TREE.strip()


def test_the_tree_says_where_the_thread_breaks_and_ends_with_what_hangs_from_nothing():
    found = lines(council(**objectives("o-help", parent=""))).splitlines()
    assert found[-2] == "Visit at once (It names no objective above and no part of the framework.)"


def test_the_tree_of_a_circle_ends():
    assert "Visit at once" in lines(council(**objectives("o-ch", parent="o-help")))


def test_the_tree_of_a_directorate_has_only_what_leads_to_its_own_things():
    other = {
        "plans": PLANS.replace("childrens   | In Care", "resources   | In Care"),
        "measures": MEASURES.replace("childrens   | In Care", "resources   | In Care"),
    }
    seen = council("childrens", **other)
    own = table("plans", other["plans"])
    kept = {**seen.tables, "plans": own[own["directorate"] == "childrens"]}
    assert "Care well" not in lines(replace(seen, tables=kept, whole=seen.tables.__getitem__))
