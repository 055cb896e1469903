"""Clause tests of what plans hold, as drawn tables: parts, measures, and what objectives connect."""

from dataclasses import replace

import pytest
from arranged_rows import edited, table, told, world
from minuted import drawn, not_sent

from pmf_lib import framework as frameworks
from pmf_lib.assurance.checks import TESTS, plan_contents
from pmf_lib.assurance.evidence import NotSentError
from pmf_lib.errors import PolicyError
from pmf_lib.records.schema import TABLES

PLANS = table("plans", """
plan_id | level       | kind     | title            | service    | valid_from | valid_to   | risks     | climate
people  | directorate | main     | Plan for people  |            | 2024-04-01 | 2025-03-31 | section 3 | section 4
page    | directorate | overview | People on a page |            | 2024-04-01 | 2025-03-31 |           |
help    | service     | main     | Plan for help    | Early Help | 2024-04-01 | 2025-03-31 | section 3 | section 4
old     | service     | main     | Old plan         | Early Help | 2023-04-01 | 2024-03-31 |           |
""", directorate="childrens", owner="Head of Help")  # fmt: skip
OBJECTIVES = table("objectives", """
objective_id | plan_id | title         | framework   | nodes                | measures       | promise | specific
obj-people   | people  | Help families | pmf-2022-25 | marker-14; marker-15 | visits; checks | Promise | More of it
obj-page     | page    | On one page   | pmf-2022-25 | marker-14            | visits         | Promise | More of it
obj-help     | help    | Help early    | pmf-2022-25 | marker-14            | visits         | Promise | More of it
obj-old      | old     | Done long ago |             |                      |                |         |
""")  # fmt: skip
TARGETS = "measure_id | from_period | target\nvisits | 2024-04 | 90"
PAGE = {"level": "directorate", "kind": "overview", "to": ("nodes", "measures", "specific")}


def plans(frame=PLANS, objectives=OBJECTIVES, **tables):
    return world(**{"plans": frame, "objectives": objectives, "targets": TARGETS, **tables})


DEFECTS = {
    "plan_has_part": ({"parts": ("risks", "climate")}, 2, {"frame": edited(PLANS, "help", climate=" ")}, "Plan for help"),
    "plan_has_measures": ({"of": "outcomes"}, 2, {"objectives": edited(OBJECTIVES, "obj-help", measures="")}, "Plan for help"),
    "plan_connects": (PAGE, 1, {"objectives": edited(OBJECTIVES, "obj-page", specific="")}, "On one page"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_clean_plans_pass_and_one_defect_is_the_one_exception(name):
    given, population, spoilt, subject = DEFECTS[name]
    assert told(TESTS[name](plans(), **given)) == (population, [])
    answer = TESTS[name](plans(**spoilt), **given)
    assert (answer.population, answer.exceptions["subject"].tolist()) == (population, [subject])


def test_every_test_of_this_module_is_drawn_here():
    assert set(DEFECTS) == {name for name, test in TESTS.items() if test.__module__ == plan_contents.__name__}


@pytest.mark.parametrize(
    ("name", "absent"),
    [(name, one) for name in sorted(DEFECTS) for one in ("plans", "objectives") if (name, one) != ("plan_has_part", "objectives")],
)  # fmt: skip
def test_what_nobody_sent_is_not_known(name, absent):
    with pytest.raises(NotSentError, match=absent):
        TESTS[name](not_sent(plans(), absent), **DEFECTS[name][0])


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_no_plan_in_force_is_nothing_to_test(name):
    ended = PLANS.assign(valid_to=PLANS["valid_from"])
    assert told(TESTS[name](plans(ended), **DEFECTS[name][0])) == (0, [])


def test_every_part_that_is_missing_is_named_and_an_overview_is_asked_for_none():
    bare = PLANS.assign(risks="", climate="")
    answer = TESTS["plan_has_part"](plans(bare), parts=("risks", "climate"))
    said = "It says nothing of risks and opportunities, climate change."
    assert told(answer) == (2, [["Plan for people", said], ["Plan for help", said]])
    only = TESTS["plan_has_part"](plans(bare), parts=("risks",), level="service")
    assert told(only) == (1, [["Plan for help", "It says nothing of risks and opportunities."]])


@pytest.mark.parametrize("framework", frameworks.ids())
def test_each_part_that_a_clause_asks_for_has_words(framework):
    asked = [one for one in frameworks.load(framework).clauses if one.check == "plan_has_part"]
    parts = {part for clause in asked for part in clause.parameters["parts"]}
    assert parts
    assert parts <= set(plan_contents.PART_WORDS) <= set(TABLES["plans"].columns)


OF = """
of       | column                 | value            | failed
outcomes | nodes                  |                  |
outcomes | nodes, measures        | checks           |
outcomes | nodes, measures        | waits            | Plan for help
outcomes | measures               | waits            |
promises | nodes                  |                  |
outcomes | framework              | wpf-2009         |
outcomes | framework, measures    | nothing          | Plan for help
promises | promise                |                  | Plan for help
targets  | measures               | visits           |
targets  | measures               | checks           | Plan for help
targets  | measures               | checks; visits   |
"""


@pytest.mark.parametrize("line", drawn(OF), ids=lambda line: " ".join(line.values()))
def test_a_plan_holds_a_measure_of_the_kind_by_an_objective_or_by_the_measure(line):
    values = {"nodes": "", "framework": "wpf-2009", "promise": ""}
    values = {name: values.get(name, "") for name in line["column"].split(", ")}
    if "measures" in values:
        values["measures"] = line["value"]
    answer = TESTS["plan_has_measures"](
        plans(objectives=edited(OBJECTIVES, "obj-help", **values)), of=line["of"], level="service"
    )
    assert (answer.population, answer.exceptions["subject"].tolist()) == (
        1,
        [line["failed"]] if "failed" in line else [],
    )


def test_a_measure_that_tracks_a_promise_counts_for_its_objective_s_plan():
    no_promise = OBJECTIVES.assign(promise="")
    measures = world().tables["measures"]
    assert TESTS["plan_has_measures"](plans(objectives=no_promise), of="promises").failed == 2
    tracking = edited(measures, "visits", promise="We will visit")
    assert (
        TESTS["plan_has_measures"](plans(objectives=no_promise, measures=tracking), of="promises").failed == 0
    )


def test_a_target_of_nothing_is_none():
    nothing = table("targets", "measure_id | from_period\nvisits | 2024-04")
    assert TESTS["plan_has_measures"](plans(targets=nothing), of="targets").failed == 2


def test_a_measure_that_is_no_longer_kept_counts_for_nothing_and_one_of_another_directorate_counts():
    retired = edited(world().tables["measures"], "visits", retired_from="2024-09")
    answer = TESTS["plan_has_measures"](plans(measures=retired), of="outcomes")
    assert answer.exceptions["subject"].tolist() == ["Plan for help"]
    elsewhere = plans(measures=edited(world().tables["measures"], "visits"))
    whole = {**elsewhere.tables, "measures": world().tables["measures"]}
    assert TESTS["plan_has_measures"](elsewhere, of="outcomes").failed == 1
    assert TESTS["plan_has_measures"](replace(elsewhere, whole=whole.__getitem__), of="outcomes").failed == 0


@pytest.mark.parametrize(
    ("of", "spoilt"),
    [
        ("targets", {}),
        ("outcomes", {"nodes": "", "framework": "wpf-2009"}),
        ("promises", {"promise": ""}),
    ],
)
def test_what_a_retired_measure_has_is_not_lent_to_a_kept_one_beside_it(of, spoilt):
    measures = edited(world().tables["measures"], "visits", promise="We will visit")
    both = OBJECTIVES.assign(measures="waits; visits").assign(**spoilt)
    assert TESTS["plan_has_measures"](plans(objectives=both, measures=measures), of=of).failed == 0
    retired = edited(measures, "visits", retired_from="2024-09")
    assert TESTS["plan_has_measures"](plans(objectives=both, measures=retired), of=of).failed == 2


def test_an_overview_without_objectives_fails_once_itself():
    answer = TESTS["plan_connects"](plans(objectives=edited(OBJECTIVES, "obj-page")), **PAGE)
    assert told(answer) == (1, [["People on a page", "It holds no objective."]])


def test_all_that_an_objective_leaves_empty_is_named():
    bare = edited(OBJECTIVES, "obj-page", nodes="", specific="")
    answer = TESTS["plan_connects"](plans(objectives=bare), **PAGE)
    assert told(answer) == (1, [["On one page", "It leaves empty: nodes, specific."]])
    assert TESTS["plan_connects"](plans(objectives=bare), **{**PAGE, "to": ("measures",)}).failed == 0


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("plan_has_part", {"parts": ("climat",)}, "'climat' is not a known 'parts'. Did you mean 'climate'"),
        ("plan_has_measures", {"of": "outcome"}, "'outcome' is not a known 'of'. Did you mean 'outcomes'"),
        ("plan_connects", {**PAGE, "to": ("node",)}, "'node' is not a known 'to'. Did you mean 'nodes'"),
    ],
)
def test_what_a_clause_misspells_is_refused(name, given, said):
    with pytest.raises(PolicyError, match=said):
        TESTS[name](plans(), **given)
