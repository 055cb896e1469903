"""Who assures what: what areas ask for, what sources give, and each finding with a near miss that is none."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from assured_rows import SCHEME, UNITS, area, given, kinds, levels, made, risk, rows, source

from pmf_lib import policy
from pmf_lib.assurance.lines import AssuranceMap, AssuranceMapScheme, assurance_map
from pmf_lib.assurance.lines.sources import sources
from pmf_lib.council import Assurer
from pmf_lib.errors import PolicyError
from pmf_lib.framework.clauses import GROUPS

OWN = [group for group in GROUPS if group != "boards"]
"""Groups of the framework's clauses; that of 2022 has none about boards."""
PLANNING, MARKER = "group planning", "node marker-19"
HIGH = risk("waste", (5, 3), nodes="marker-19", framework="pmf-2022-25")
"""A threat that asks for high assurance of the marker; it is a principal risk itself."""
ON_MARKER = {"nodes": "marker-19", "framework": "pmf-2022-25"}


def cell(found: AssuranceMap, name: str, line: str) -> dict[str, Any]:
    return found.cells.set_index(["area", "line"]).loc[(name, line)].to_dict()


# ---- what is asked ---------------------------------------------------------------------------------------------------


ASKED = [
    (5, 3, "met met", "high"),       # 15
    (7, 2, "met met", "medium"),     # 14
    (4, 2, "met met", "medium"),     # 8
    (7, 1, "met met", "low"),        # 7
    (7, 1, "missed met", "medium"),  # raised: half of the rated measures miss
    (4, 2, "missed near", "high"),
    (5, 3, "missed missed", "high"),  # nothing is above high
    (4, 2, "missed late", "high"),   # of one rated measure, one
    (4, 2, "late late", "medium"),   # nothing rated raises nothing
]  # fmt: skip
"""Likelihood and impact of the worst threat, states of two measures → what the marker asks for."""


def test_a_marker_asks_for_what_its_worst_threat_and_its_misses_say():
    """Each case on a marker of its own."""
    names = [(f"m{at}-{place}", f"marker-{at:02}") for at in range(1, len(ASKED) + 1) for place in (0, 1)]
    links = pd.DataFrame(names, columns=["measure_id", "node"])
    rated = links.assign(state=[state for *_, states, _ in ASKED for state in states.split()])[
        ["measure_id", "state"]
    ]
    threats = [
        risk(f"r{at}", (likelihood, impact), measures=f"m{at}-0")
        for at, (likelihood, impact, *_) in enumerate(ASKED, 1)
    ]
    mild = [risk(f"mild{at}", (1, 1), measures=f"m{at}-1") for at in range(1, len(ASKED) + 1)]
    told = made(risks=(*threats, *mild), links=links, rated=rated).areas.set_index("area")["required"]
    assert [told[f"node marker-{at:02}"] for at in range(1, len(ASKED) + 1)] == [level for *_, level in ASKED]


@pytest.mark.parametrize(
    ("cells", "score"),
    [
        ({}, 15),
        ({"kind": "opportunity"}, 0),
        ({"closed_on": "2024-10-01"}, 0),
        ({"closed_on": "2024-12-01"}, 15),
        ({"raised_on": "2024-12-01"}, 0),
        ({"framework": "wpf-2009"}, 0),
    ],
)
def test_only_an_open_threat_to_the_marker_of_this_framework_counts(cells, score):
    assert area(made(risks=({**HIGH, **cells},)), MARKER)["score"] == score


@pytest.mark.parametrize(
    ("level", "score", "is_principal"),
    [("strategic", (1, 1), True), ("service", (5, 3), True), ("service", (7, 2), False)],
)
def test_principal_risks_are_strategic_threats_and_any_with_a_high_score(level, score, is_principal):
    found = made(risks=(risk("flood", score, level=level),))
    assert ("risk flood" in set(found.areas["area"])) == is_principal


@pytest.mark.parametrize(
    ("met", "tested", "required"), [(1, 2, "high"), (2, 3, "medium"), (0, 0, "medium"), (4, 4, "medium")]
)
def test_a_group_asks_for_more_where_half_of_its_tested_duties_are_not_met(met, tested, required):
    found = made(groups=levels("planning", "partly", met=met, tested=tested))
    assert area(found, PLANNING)["required"] == required


def test_why_an_area_asks_for_what_it_asks_is_said():
    rated = pd.DataFrame({"measure_id": ["bins", "streets"], "state": ["missed", "met"]})
    found = made(risks=(risk("waste", (3, 3), measures="bins"),), rated=rated)
    assert area(found, MARKER)["why"] == (
        "The worst open threat to it scores 9: medium, raised to high since 1 of 2 rated measures is missed."
    )
    assert area(found, PLANNING)["why"] == "It holds 12 duties and minimum requirements: medium."
    assert area(made(risks=()), MARKER)["why"] == "No open threat to it is recorded: low."


def test_where_nobody_sent_the_risks_it_is_said():
    found = area(assurance_map(replace(given(), risks=None)), MARKER)
    assert found["why"] == "Nobody sent the table of risks: low."


# ---- what age leaves -------------------------------------------------------------------------------------------------


DECAY = [
    ("third", "high", "2023-05-15", None, "high"),           # 18 months to the day
    ("third", "high", "2023-05-14", None, "medium"),         # a day more
    ("third", "low", "2023-05-14", None, "low"),             # low stays low
    ("third", "high", "2021-11-15", None, "medium"),         # 36 months to the day
    ("third", "high", "2021-11-14", None, ""),               # stale
    ("third", "high", "2024-06-28", "2024-11-15", "high"),   # due today
    ("third", "high", "2024-06-28", "2024-11-14", ""),       # due yesterday
    ("first", "medium", "2023-11-14", None, "low"),
    ("first", "medium", "2023-05-14", None, ""),
    ("second", "medium", "2023-08-14", None, "low"),
    ("second", "medium", "2022-11-14", None, ""),
    ("external", "medium", "2022-11-15", None, "medium"),
    ("external", "medium", "2020-11-14", None, ""),
]  # fmt: skip
"""Line, amount, last day looked at, when the next is due → what it counts as on 15 November 2024."""


def test_a_source_counts_for_less_with_age_and_in_the_end_for_nothing():
    known = [
        source(f"s{at}", line=line, amount=amount, covers_to=until, reported_on="2024-01-31", next_due=due)
        for at, (line, amount, until, due, _) in enumerate(DECAY)
    ]
    told = sources(given(*known)).set_index("source")["amount_now"]
    assert [told[f"s{at}"] for at in range(len(DECAY))] == [now for *_, now in DECAY]


def test_without_a_last_day_looked_at_the_day_of_the_report_gives_the_age():
    told = sources(given(source("audit", reported_on="2021-11-14", covers_to=None)))
    assert told[["amount_now", "age_months"]].to_numpy().tolist() == [["", 36]]
    assert told["why_stale"].tolist() == ["it is 36 months old, and the line's reports are good for 36"]


def test_what_was_reported_after_the_day_of_the_page_is_not_known_yet():
    assert sources(given(source("audit", reported_on="2024-11-16"))).empty


def test_a_later_report_of_the_same_replaces_the_earlier_and_another_subject_does_not():
    old, new = source("audit", reported_on="2023-12-01"), source("audit2", subject="Audit")
    told = sources(given(old, new, source("other")))
    assert told[["source", "amount_now"]].to_numpy().tolist() == [
        ["audit", ""],
        ["audit2", "high"],
        ["other", "high"],
    ]


# ---- what lines give -------------------------------------------------------------------------------------------------


PROVIDED = [
    ("", 0, ""),
    ("first high", 1, "low"),
    ("second low", 1, "low"),
    ("second medium", 2, "low"),
    ("first low, second medium", 3, "medium"),
    ("first high, second high", 4, "medium"),   # those who do and oversee the work alone never come to high
    ("third low", 2, "low"),
    ("third medium", 4, "medium"),
    ("third high", 5, "high"),
    ("external medium, first low", 5, "high"),
    ("third high, external high", 10, "high"),
    ("third high, third low", 5, "high"),       # the best of a line, never the sum
]  # fmt: skip
"""What lines give to an area → points, and the level that they come to."""


def test_lines_add_up_by_the_declared_points():
    """Each case on a marker of its own."""
    known = [
        source(f"s{at}-{place}", line=line, amount=amount, nodes=f"marker-{at:02}", framework="pmf-2022-25")
        for at, (of, *_) in enumerate(PROVIDED, 1)
        for place, (line, amount) in enumerate(one.split() for one in of.split(", ") if one)
    ]
    told = made(*known).areas.set_index("area")
    got = [
        told.loc[f"node marker-{at:02}", ["points", "provided"]].to_list()
        for at in range(1, len(PROVIDED) + 1)
    ]
    assert got == [[points, level] for _, points, level in PROVIDED]


REACH = [
    (["high "], "high", "whole", "high"),
    (["high childrens"], "high", "part", "medium"),
    (["low childrens"], "low", "part", ""),
    ([f"medium {unit}" for unit in UNITS], "medium", "whole", "medium"),
    ([f"medium {unit}" for unit in UNITS[1:]], "medium", "part", "low"),
    (["high childrens", "medium "], "medium", "whole", "medium"),   # as good, and of the whole
    (["high childrens", "low "], "high", "part", "medium"),
]  # fmt: skip
"""Sources of one line, each with its amount and directorate → the cell's amount and reach, and what it counts as."""


def test_a_line_that_reaches_only_a_part_counts_one_step_lower():
    """Each case on a group of its own."""
    groups = [name.removeprefix("group ") for name in made().areas["area"] if name.startswith("group ")]
    cases = list(zip(groups, REACH, strict=False))
    known = [
        source(f"{group}-{at}", amount=one.split(" ")[0], directorate=one.split(" ")[1], groups=group)
        for group, (of, *_) in cases
        for at, one in enumerate(of)
    ]
    told = made(*known).cells.query("line == 'third'").set_index("area")
    wanted = ["amount", "reach", "counts_as"]
    assert len(cases) == len(REACH)
    assert [told.loc[f"group {group}", wanted].to_list() for group, _ in cases] == [
        list(of[1:]) for _, of in cases
    ]


@pytest.mark.parametrize(
    ("cells", "reach"),
    [
        (ON_MARKER, "whole"),
        ({**ON_MARKER, "directorate": UNITS[2]}, "whole"),                       # all its measures are there
        ({**ON_MARKER, "directorate": UNITS[2], "service": "Waste"}, "part"),
        ({**ON_MARKER, "directorate": UNITS[0]}, "part"),                        # none of them is
        ({"measures": "bins"}, "part"),
        ({"measures": "bins; streets"}, "whole"),
        ({"nodes": "marker-19", "framework": "wpf-2009"}, ""),
        ({"groups": "planning"}, ""),
        ({"directorate": UNITS[2]}, ""),                                         # a directorate alone names no area
    ],
)  # fmt: skip
def test_a_source_covers_the_marker_that_it_or_its_measures_name(cells, reach):
    assert cell(made(source("audit", **cells)), MARKER, "third")["reach"] == reach


@pytest.mark.parametrize(
    "written", ["planning; risk", "planning;risk", "Planning, Risk", "risk; nonsense; planning"]
)
def test_groups_are_found_however_they_are_parted_and_written(written):
    found = made(source("audit", groups=written))
    assert [cell(found, name, "third")["amount"] for name in (PLANNING, "group risk", "group cycle")] == [
        "high",
        "high",
        "",
    ]


def test_the_worst_conclusion_is_shown_and_all_are_kept():
    said = [
        source(f"s{at}", conclusion=one, groups="planning")
        for at, one in enumerate(("substantial", "limited", "not-stated"))
    ]
    found = cell(made(*said), PLANNING, "third")
    assert found["conclusion"] == "limited"
    assert set(found["conclusions"].split("; ")) == {"substantial", "limited", "not-stated"}


def test_a_source_that_names_no_area_is_kept_apart():
    found = made(source("audit", directorate=UNITS[0]), source("other", groups="planning"))
    assert found.nameless["source"].tolist() == ["audit"]


# ---- the run and attestations ----------------------------------------------------------------------------------------

WHOLE_COUNCIL = levels("planning", "lived", "on_paper", "partly", "not_lived")


def test_the_run_counts_in_the_line_of_whoever_ran_it_and_never_more_than_declared():
    for line in ("second", "third"):
        own = given(groups=WHOLE_COUNCIL)
        ran = replace(own, council=own.council.model_copy(update={"assurance": Assurer(line=line)}))
        found = cell(assurance_map(ran), PLANNING, line)
        assert (found["amount"], found["reach"], found["conclusion"]) == (SCHEME.run_amount, "whole", "none")


def test_the_run_assures_no_marker_and_nothing_at_all_of_published_figures():
    assert (made(groups=WHOLE_COUNCIL).cells.query("area == @MARKER")["state"] == "unknown").all()
    assert (made(groups=WHOLE_COUNCIL, is_own=False).cells["state"] == "unknown").all()


RUN_REACHES = [
    (("lived", "lived", "lived", "lived"), "", "whole"),
    (("lived", "lived", "lived", "not_shown"), "", "part"),
    (("lived", "lived", "lived", ""), "", "whole"),     # nothing arose there
    ((), "lived", "whole"),                             # asked of the council alone
    (("not_shown",) * 4, "lived", "part"),              # the council's level speaks of no directorate
    (("not_shown",) * 4, "", ""),
]  # fmt: skip
"""Levels of a group in the directorates, and of the council → how far the run reaches."""


def test_the_run_reaches_the_units_of_which_it_could_tell_a_level():
    """Each case on a group of its own."""
    cases = list(zip(OWN, RUN_REACHES, strict=False))
    told = pd.concat([levels(group, *of, whole=whole) for group, (of, whole, _) in cases])
    found = made(groups=told)
    assert [cell(found, f"group {group}", "second")["reach"] for group, _ in cases] == [
        reach for _, (*_, reach) in cases
    ]


def test_attestations_are_the_first_line_at_a_low_amount_and_conclude_nothing():
    claims = [
        {"clause_group": "planning", "directorate": unit, "year": "2024-25", "claimed": "lived", "post": "Director",
         "attested_on": "2024-10-25", "source_file": "attestations.csv"}
        for unit in UNITS
    ]  # fmt: skip
    found = cell(made(attestations=rows("attestations", *claims)), PLANNING, "first")
    assert (found["amount"], found["reach"], found["conclusion"]) == ("low", "whole", "not-stated")


# ---- findings, each with a near miss ---------------------------------------------------------------------------------

ASKS = {"low": (1, 1), "medium": (4, 2), "high": (5, 3)}
"""What a marker asks for → likelihood and impact of a threat to it."""
THEN, LATER = (
    {"covers_from": "2024-01-01", "covers_to": "2024-06-30"},
    {"covers_from": "2024-06-30", "covers_to": "2024-09-30"},
)
FINDINGS = [
    ("medium", [{"line": "second", "amount": "medium"}], "gap"),
    ("medium", [{"line": "second", "amount": "high"}], ""),
    ("medium", [{"conclusion": "limited"}], "control"),
    ("medium", [{"conclusion": "none"}], "control"),
    ("medium", [{"conclusion": "not-stated"}], ""),
    ("medium", [{}, {"line": "second", "conclusion": "substantial"}], ""),
    ("medium", [{}, {"line": "second", "conclusion": "none"}], "control conflict"),
    ("high", [{}], "single_line"),
    ("high", [{}, {"line": "external"}], ""),
    ("medium", [{}], ""),
    ("high", [{"amount": "medium"}], "gap"),
    ("medium", [{}, {"line": "external", "next_due": "2024-11-14"}], "stale"),
    ("medium", [{}, {"line": "external", "amount": "low", "next_due": "2024-11-15"}], ""),
    ("medium", [{}, {"next_due": "2024-11-14"}], ""),   # its line has another in force
    ("medium", [{"next_due": "2024-11-14"}], "gap stale"),
    ("medium", [THEN, {**LATER, "line": "external", "amount": "medium"}], "over"),
    ("medium", [THEN, {**LATER, "line": "external", "amount": "medium", "covers_from": "2024-07-01"}], ""),
    ("medium", [THEN, {**LATER, "line": "external", "amount": "low"}], ""),
    ("low", [], "unknown"),
]  # fmt: skip
"""What a marker asks for, its sources (internal audit's, high and reasonable, unless said otherwise) → what is found."""


@pytest.fixture(scope="module")
def each_on_its_marker() -> AssuranceMap:
    """Each case on a marker of its own."""
    nodes = {
        at: {"nodes": f"marker-{at:02}", "framework": "pmf-2022-25"} for at in range(1, len(FINDINGS) + 1)
    }
    threats = [risk(f"r{at}", ASKS[asks], **nodes[at]) for at, (asks, *_) in enumerate(FINDINGS, 1)]
    known = [
        source(f"c{at}-{place}", **{**cells, **nodes[at]})
        for at, (_, of, _) in enumerate(FINDINGS, 1)
        for place, cells in enumerate(of)
    ]
    return made(*known, risks=tuple(threats))


@pytest.mark.parametrize(
    "at", range(1, len(FINDINGS) + 1), ids=lambda at: f"{at}: {FINDINGS[at - 1][2] or 'nothing'}"
)
def test_each_finding_is_found_and_its_near_miss_is_not(each_on_its_marker, at):
    assert kinds(each_on_its_marker, f"node marker-{at:02}") == FINDINGS[at - 1][2].split()


APART = [
    ({}, {}, True),
    ({"directorate": UNITS[0]}, {"directorate": UNITS[0]}, True),
    ({"directorate": UNITS[0]}, {}, True),
    ({"directorate": UNITS[0]}, {"directorate": UNITS[1]}, False),   # they looked at different parts
    ({"directorate": UNITS[0], "service": "A"}, {"directorate": UNITS[0], "service": "B"}, False),
    ({}, {"reported_on": "2020-01-31"}, False),                      # no longer in force
]  # fmt: skip
"""A source that concludes substantial, another of the same group that concludes limited → do they conflict?"""


def test_sources_conflict_only_about_the_same_part_and_while_in_force():
    """Each case on a group of its own."""
    known = [
        source(f"{side}{at}", groups=group, **{"conclusion": said, "line": line, **cells})
        for at, (group, (one, other, _)) in enumerate(zip(OWN, APART, strict=False))
        for side, said, line, cells in (("a", "substantial", "third", one), ("b", "limited", "second", other))
    ]
    found = made(*known)
    told = ["conflict" in kinds(found, f"group {group}") for group, _ in zip(OWN, APART, strict=False)]
    assert told == [is_apart for *_, is_apart in APART]


WITH_RUN = [
    ("reasonable", {"directorate": UNITS[3]}, True),    # not lived there
    ("limited", {"directorate": UNITS[3]}, False),
    ("substantial", {"directorate": UNITS[2]}, True),   # partly lived there
    ("reasonable", {"directorate": UNITS[2]}, False),
    ("reasonable", {}, False),                          # of the whole council: one unit agrees
    ("not-stated", {"directorate": UNITS[3]}, False),
]  # fmt: skip
"""Conclusion and directorate of a source on a group that is lived, on paper, partly and not lived → does it conflict with the run?"""


def test_a_source_conflicts_with_the_run_where_every_unit_of_which_it_speaks_is_far_apart():
    """Each case on a group of its own."""
    cases = list(zip(OWN, WITH_RUN, strict=False))
    known = [source(group, conclusion=said, groups=group, **cells) for group, (said, cells, _) in cases]
    told = pd.concat([levels(group, "lived", "on_paper", "partly", "not_lived") for group, _ in cases])
    found = made(*known, groups=told)
    assert ["conflict" in kinds(found, f"group {group}") for group, _ in cases] == [
        is_apart for _, (*_, is_apart) in cases
    ]


def test_the_run_s_own_level_makes_no_weak_control():
    assert "control" not in kinds(
        made(source("audit", groups="planning"), groups=levels("planning", *["not_lived"] * 4)), PLANNING
    )


def test_a_finding_says_what_why_and_of_which_areas():
    found = made(source("a", line="second", amount="medium", conclusion="limited", groups="planning; risk"))
    told = found.findings.set_index("kind")
    assert told.loc[["gap"], ["areas", "sentence", "why"]].to_numpy().tolist()[0] == [
        "group planning",
        "Planning has less assurance than it asks for: low instead of medium.",
        "It holds 12 duties and minimum requirements: medium. What it has: second line medium.",
    ]
    assert told.loc[["control"], ["titles", "sentence", "why", "sources"]].to_numpy().tolist()[1] == [
        "risk",
        "Risk was looked at, and what was found is weak: limited assurance.",
        "Head of Internal Audit, “A” (28 June 2024): limited assurance.",
        "a",
    ]
    assert told.loc["unknown", "sentence"].tolist() == [
        "Of 8 of 10 groups of clauses no source of assurance is recorded.",
        "Of all 20 markers of success no source of assurance is recorded.",
    ]


def test_the_only_area_of_its_kind_without_a_source_is_named():
    most = "; ".join(f"marker-{number:02}" for number in range(1, 21) if number != 17)
    told = made(source("a", nodes=most)).findings.set_index("kind").loc[["unknown"]]
    named = told[told["areas"] == "node marker-17"].iloc[0]
    assert named["sentence"].startswith("Of “17. There will be a vibrant and diverse community")
    assert named["sentence"].endswith("” no source of assurance is recorded.")
    assert named["why"] == ("No row of the table of assurances names it, so it is not known who assures it.")


def test_without_the_table_of_assurances_nothing_is_a_gap_and_no_topic_is_proposed():
    found = assurance_map(replace(given(risks=(HIGH,)), assurances=None))
    assert set(found.findings["kind"]) == {"unknown"}
    assert (found.findings["why"].str.startswith("Nobody sent the table of assurances")).all()
    assert found.topics.empty


# ---- topics ----------------------------------------------------------------------------------------------------------


def test_topics_come_by_gap_times_risk_and_no_more_than_declared():
    weak = source("a", amount="medium", conclusion="none", **ON_MARKER)
    found = made(weak, risks=(HIGH, risk("roads", (5, 4), nodes="marker-01", framework="pmf-2022-25")))
    assert found.topics["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found.topics["weight"].tolist() == [15, 15, 15, 6, 6]
    assert found.topics["area"].tolist()[:3] == ["node marker-01", "risk roads", "risk waste"]
    assert (
        found.topics["why"].iloc[0] == "The worst open threat to it scores 20: high. No source is recorded."
    )


def test_a_topic_says_what_else_the_map_shows_of_it():
    weak = source("a", amount="low", conclusion="none", **ON_MARKER)
    topic = made(weak, risks=(HIGH,)).topics.set_index("area").loc[MARKER]
    assert (
        topic["why"]
        == "The worst open threat to it scores 15: high. It has low; what was found there is weak."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"needed": {"low": 3, "medium": 3, "high": 5}}, "'needed' is to rise from low to high"),
        (
            {"required": {"high_from_score": 8, "medium_from_score": 8}},
            "'high_from_score' is to be above 'medium_from_score'",
        ),
        ({"points": {"third": {"high": 1, "medium": 4, "low": 2}}}, "order low, medium, high"),
        (
            {"decay": {"third": {"lower_after_months": 40, "stale_after_months": 36}}},
            "'lower_after_months' is to be no more",
        ),
        ({"run_amount": "huge"}, "run_amount"),
        ({"over_by": 6}, "over_by"),
    ],
)
def test_rules_that_do_not_hold_together_are_refused_with_file_and_key(tmp_path, changed, said):
    whole = SCHEME.model_dump(mode="json")
    told = {name: merged(whole.get(name), new) for name, new in changed.items()}
    with pytest.raises(PolicyError, match=re.escape(said)) as error:
        policy.build({**whole, **told}, AssuranceMapScheme, tmp_path / "assurance_map.yml")
    assert "assurance_map.yml" in str(error.value)


def merged(of: Any, new: Any) -> Any:
    """The new values over the old ones, at any depth."""
    if not (isinstance(of, dict) and isinstance(new, dict)):
        return new
    return {**of, **{key: merged(of.get(key), value) for key, value in new.items()}}


def test_more_assurance_never_makes_a_gap_wider_and_the_order_of_rows_never_matters():
    some = [
        source("a", line="second", amount="low", groups="planning"),
        source("b", conclusion="limited", groups="planning; risk"),
    ]
    before, after = made(*some), made(*some, source("c", line="external", groups="planning"))
    assert area(after, PLANNING)["short"] <= area(before, PLANNING)["short"]
    columns = ["kind", "areas", "sentence"]
    assert made(*reversed(some)).findings[columns].equals(before.findings[columns])
