"""The sample councils' arrangements: clean but for the stories, each of which is there as data, and nothing else is."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib.records.schema import ARRANGEMENTS, TABLES

ROOT = Path(__file__).resolve().parents[2]
HOMES = {"sample": ROOT / "data" / "sample", "sample-2009": ROOT / "data" / "sample-2009"}
MODULES = (
    "catalogue",
    "drawn_series",
    "holidays",
    "arranged",
    "arranged_form",
    "arranged_stories",
    "arranged_meetings",
    "arranged_plans",
    "arranged_objectives",
    "arranged_escalation",
    "arranged_risks",
    "arranged_assurance",
    "arranged_registers",
    "arranged_tables",
)


@pytest.fixture(scope="module")
def made() -> SimpleNamespace:
    """The generator's modules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOMES["sample"]))
        import arranged
        import arranged_stories
        import arranged_tables
        import catalogue
    for name in MODULES:  # names too plain to leave behind
        sys.modules.pop(name, None)
    return SimpleNamespace(
        arranged=arranged, stories=arranged_stories, tables=arranged_tables, catalogue=catalogue
    )


def read(table: str, home: str = "sample") -> pd.DataFrame:
    return pd.read_csv(HOMES[home] / f"{table}.csv", dtype=str, keep_default_na=False)


def last(table: str, home: str = "sample") -> pd.DataFrame:
    """Of each entry the row recorded last."""
    by = [name for name in TABLES[table].key if name != "recorded_at"]
    return read(table, home).sort_values("recorded_at").drop_duplicates(by, keep="last")


def guide() -> str:
    return (ROOT / "docs" / "sample-council.md").read_text(encoding="utf-8")


def listed(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


NOBODY_MEETS = {
    *("2008-12-25", "2009-04-10", "2009-04-13", "2009-05-04", "2009-05-25", "2009-08-31"),
    *("2023-04-07", "2023-05-01", "2023-05-08", "2023-05-29", "2023-08-28", "2023-12-25"),
    *("2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27", "2024-08-26"),
}
"""Bank holidays of England within the records, by the calendar and not by the generator's list."""


# ---- what is clean --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", HOMES)
def test_the_stories_change_some_rows_of_the_clean_records_and_leave_all_others(made, home):
    catalogue = made.catalogue.load(HOMES[home])
    clean = made.tables.clean(HOMES[home], catalogue)
    stories = made.stories.stories(HOMES[home])
    for story in stories:
        told = made.stories.told(clean, [story])
        touched = {edit.table for edit in story.edits}
        assert {name for name in clean if told[name] != clean[name]} == touched, story.id
    assert set(clean) == set(ARRANGEMENTS)


def test_a_story_that_no_longer_finds_its_rows_stops_the_writing(made):
    edit = made.stories.Edit(table="plans", where={"plan_id": "no-such-plan"}, drop=True)
    story = made.stories.Story(id="lost", words="Lost", edits=(edit,))
    with pytest.raises(ValueError, match="lost"):
        made.stories.told({"plans": [{"plan_id": "plan"}]}, [story])


@pytest.mark.parametrize("home", HOMES)
def test_every_story_is_in_the_guide(made, home):
    assert [story.id for story in made.stories.stories(HOMES[home]) if f"`{story.id}`" not in guide()] == []


@pytest.mark.parametrize("home", HOMES)
def test_no_row_was_checked_by_the_post_that_entered_it_or_recorded_after_the_report(made, home):
    as_at = f"{made.arranged.load(HOMES[home], made.catalogue.load(HOMES[home])).made.as_at}"
    nobody_sent = {"sample-2009": {"certifications"}}.get(home, set())
    for table in sorted(set(ARRANGEMENTS) - nobody_sent):
        rows = read(table, home)
        assert (rows["entered_by"] != "").all(), table
        assert rows[rows["entered_by"] == rows["verified_by"]].empty, table
        assert rows["recorded_at"].max() <= as_at, table


@pytest.mark.parametrize("home", HOMES)
def test_every_reference_of_a_meeting_says_that_it_is_made_up(home):
    named = read("meetings", home)["reference"]
    assert named[named != ""].str.startswith("Made-up").all()
    assert read("approvals", home)["reference"].str.startswith("Made-up").all()


def test_each_board_met_every_month_and_each_quarter_had_its_report():
    boards = read("meetings").query("body == 'directorate-board'")
    months = boards.assign(month=boards["held_on"].str[:7]).groupby("directorate")["month"].nunique()
    assert months.to_dict() == dict.fromkeys(
        ["adults-health", "childrens", "economy-environment", "resources"], 19
    )
    reports = read("agenda").query("item == 'performance-report'").merge(read("meetings"), on="meeting_id")
    for body in ("cmt", "cabinet"):
        quarters = reports.loc[reports["body"] == body, "quarter"]
        assert sorted(quarters) == [
            "2022-23 Q4", "2023-24 Q1", "2023-24 Q2", "2023-24 Q3", "2023-24 Q4", "2024-25 Q1", "2024-25 Q2",
        ]  # fmt: skip


# ---- the stories ----------------------------------------------------------------------------------------------------


def test_one_plan_lies_on_a_shelf():
    plans = last("plans").query("valid_to >= '2024-11-15'")
    assert plans.loc[plans["reviewed_on"] == "", "plan_id"].to_list() == ["plan-planning-2024"]


def test_one_objective_leads_nowhere_and_another_has_no_measure():
    objectives = last("objectives")
    assert objectives.loc[objectives["nodes"] == "", "objective_id"].to_list() == [
        "obj-children-in-care-24-16"
    ]
    assert objectives.loc[objectives["measures"] == "", "objective_id"].to_list() == [
        "obj-adult-social-care-24-17"
    ]


def test_nobody_owns_one_marker():
    now = last("objectives").query("due_on == '2025-03-31'")
    served = now.assign(node=now["nodes"].map(listed)).explode("node").dropna(subset="node")
    owned = served.groupby("node")["owner"].agg(lambda posts: (posts != "").any())
    assert owned.index[~owned].to_list() == ["marker-18"]
    assert len(owned) == 20


def test_one_board_never_looks_at_risk():
    rows = read("agenda").merge(read("meetings"), on="meeting_id").query("body == 'directorate-board'")
    had = rows[rows["item"] == "risk-management"]["directorate"].unique()
    assert set(rows["directorate"]) - set(had) == {"childrens"}


def test_one_red_was_escalated_to_nobody_and_every_other_to_its_directorate_or_past_it(made):
    council = made.arranged.load(HOMES["sample"], made.catalogue.load(HOMES["sample"]))
    steps = read("escalations")
    raised = set(zip(steps["measure_id"], steps["quarter"], strict=True))
    silent = {m for m, quarters in council.made.reds.items() for q in quarters if (m, q) not in raised}
    assert silent == {"fly-tips-cleared-in-time"}


def test_one_escalation_skipped_a_level_and_one_came_late():
    steps = read("escalations")
    assert steps.query("from_level == 'service' and to_level != 'directorate'")[
        "escalation_id"
    ].to_list() == ["agency-spend-24q2-2"]
    late = steps.query("quarter == '2024-25 Q2' and from_level == 'service' and raised_on > '2024-10-31'")
    assert late["escalation_id"].to_list() == ["budget-forecast-variance-24q2-1"]


def test_four_actions_are_done_three_of_them_just_before_their_measures_moved():
    done = last("actions").query("done_on != ''").set_index("measures")["done_on"].to_dict()
    assert done == {
        "potholes-in-time": "2023-12-18",
        "missed-bins": "2024-01-22",
        "ehc-annual-reviews-in-time": "2023-09-25",
        "ehc-plans-in-time": "2024-01-31",
    }
    rows = read("observations").query("value != ''").astype({"value": float})
    for measure, day in done.items():
        own = rows[rows["measure_id"] == measure]
        before = own[own["period"] < day[:7]].tail(9)["value"]
        after = own[own["period"] > day[:7]].head(9)["value"]
        moved = abs(after.mean() - before.mean()) > 2 * before.std()
        assert moved == (measure != "ehc-plans-in-time"), measure


@pytest.mark.parametrize("home", HOMES)
def test_nobody_meets_at_a_weekend_or_on_a_bank_holiday(home):
    days = pd.to_datetime(read("meetings", home)["held_on"])
    assert len(days) > 200
    assert days[days.dt.day_of_week > 4].empty
    assert not {f"{day:%Y-%m-%d}" for day in days} & NOBODY_MEETS


@pytest.mark.parametrize("home", HOMES)
def test_the_council_s_file_names_the_services_that_its_records_name(home):
    from pmf_lib import council as councils

    named = {(one.id, service) for one in councils.load(home).directorates for service in one.services}
    for table in ("plans", "conversations"):
        rows = read(table, home).query("service != ''")
        assert named == set(zip(rows["directorate"], rows["service"], strict=True)), table


@pytest.mark.parametrize("home", HOMES)
def test_titles_of_measures_keep_their_capitals_within_a_sentence(home):
    titles = set(read("actions", home)["title"])
    assert not [one for one in titles for word in ("april", "english", "nhs", "gcse") if word in one.split()]
    if home == "sample":
        assert "Recovery plan: affordable homes completed since April" in titles
        assert "Recovery plan: NHS health checks taken up" in titles


def test_the_framework_was_considered_and_approved_on_the_days_of_its_own_document():
    from pmf_lib import framework

    for home, name in (("sample", "pmf-2022-25"), ("sample-2009", "wpf-2009")):
        steps = read("approvals", home).query("kind == 'framework' and edition != '2024'").set_index("body")
        for one in framework.load(name).considered:
            if one.dated:
                body = one.body.lower().replace(" ", "-")
                assert steps.loc[body, "decided_on"] == f"{one.dated}"
                assert f"{one.dated.day} {one.dated:%B %Y}" in steps.loc[body, "reference"]


def test_one_attestation_glows_without_evidence_and_one_is_modest():
    claims = read("attestations")
    bare = claims[(claims["evidence"] == "") & (claims["verified_by"] == "")]
    assert bare[["clause_group", "directorate", "year", "claimed"]].to_numpy().tolist() == [
        ["risk", "childrens", "2024-25", "lived"]
    ]
    modest = claims[claims["claimed"] == "not_lived"]
    assert modest[["clause_group", "directorate", "year"]].to_numpy().tolist() == [
        ["roles-and-reporting", "economy-environment", "2024-25"]
    ]


def test_only_resources_leaves_rows_unchecked_and_only_the_board_of_adult_care_names_no_minute():
    for table in ("actions", "risks", "registers", "plans", "conversations"):
        unchecked = read(table).query("verified_by == ''")
        assert set(unchecked["directorate"]) == (
            {"resources"} if table in ("actions", "risks", "registers") else set()
        )
    assert set(read("registers").query("verified_by == ''")["register"]) == {"obligations"}
    bare = {table: read(table).query("reference == ''")["meeting_id"] for table in ("meetings", "agenda")}
    assert all(rows.str.startswith("board-ah-").all() and len(rows) for rows in bare.values())


def test_one_service_held_two_conversations_in_five_and_every_other_held_them_all():
    talks = last("conversations").query("year == '2023-24'").astype({"staff_n": float, "held_n": float})
    short = talks[talks["held_n"] < talks["staff_n"]]
    assert short[["service", "staff_n", "held_n"]].to_numpy().tolist() == [["Early Help", 146, 58]]


def test_one_statutory_return_was_missed():
    asked = last("registers").query("register == 'obligations'")
    assert asked.loc[asked["closed_on"] == "", "title"].to_list() == [
        "National homelessness return: return of 2024"
    ]


def test_one_target_was_changed_within_the_year_and_nobody_approved_it():
    targets = read("targets")
    loose = targets[
        (targets["approved_by"] == "") & (targets["measure_id"] != "performance-conversations-held")
    ]
    assert loose[["measure_id", "from_period", "target"]].to_numpy().tolist() == [
        ["street-works-inspected", "2024-07", "80"]
    ]


def test_cabinet_approved_one_edition_before_audit_committee_had_considered_it():
    steps = read("approvals").query("kind == 'framework' and body != ''")
    days = steps.pivot_table(index="edition", columns="body", values="decided_on", aggfunc="first")
    assert days.index[days["cabinet"] < days["audit-committee"]].to_list() == ["2024"]


def test_the_council_of_2009_has_five_stories_beside_those_of_assurance():
    rows = read("agenda", "sample-2009").merge(read("meetings", "sample-2009"), on="meeting_id")
    rows = rows.query("body == 'directorate-board'")
    had = rows[rows["item"] == "risk-management"]["directorate"].unique()
    assert set(rows["directorate"]) - set(had) == {"streets-neighbourhoods"}
    entries = last("registers", "sample-2009")
    pledges = entries.query("register == 'pledges'")
    assert len(pledges) == 10
    assert pledges.loc[pledges["objectives"] == "", "entry_id"].to_list() == ["pledge-2009-06"]
    late = pledges.query("due_on < '2009-11-13' and closed_on == ''")
    assert late["entry_id"].to_list() == ["pledge-2009-07"]
    projects = entries.query("register == 'projects'")
    assert projects.loc[projects["reviewed_on"] == "", "entry_id"].to_list() == ["project-4"]
    events = read("registers", "sample-2009").query("register == 'events' and closed_on >= '2009-07-01'")
    assert "q2-budget-consultation" not in set(events["event"])
    assert events["event"].nunique() == 12 - 1


@pytest.mark.parametrize("home", HOMES)
def test_no_miss_was_raised_looked_at_or_acted_on_before_its_figure_was_recorded(made, home):
    council = made.arranged.load(HOMES[home], made.catalogue.load(HOMES[home]))
    known = {
        (name, quarter.label): f"{council.known_on(name, quarter)}"
        for name, labels in council.made.reds.items()
        for quarter in council.quarters
        if quarter.label in labels
    }
    steps = read("escalations", home).assign(
        known=lambda t: t[["measure_id", "quarter"]].agg(tuple, axis=1).map(known)
    )
    assert steps["known"].notna().all()
    assert steps.loc[steps["raised_on"] <= steps["known"], "escalation_id"].to_list() == []
    items = read("agenda", home).merge(read("meetings", home), on="meeting_id").query("measures != ''")
    items = items.assign(measure_id=items["measures"].map(listed)).explode("measure_id")
    seen = items.assign(known=items[["measure_id", "quarter"]].agg(tuple, axis=1).map(known)).dropna(
        subset="known"
    )
    assert len(seen) > 20
    assert seen.loc[seen["held_on"] < seen["known"], ["meeting_id", "measure_id"]].to_numpy().tolist() == []
    first = {}
    for (name, _), day in known.items():
        first[name] = min(day, first.get(name, day))
    actions = read("actions", home)
    actions = actions[~actions["action_id"].str.startswith("act-data-")]
    assert actions.loc[actions["raised_on"] < actions["measures"].map(first), "action_id"].to_list() == []


# ---- held to the figures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", HOMES)
def test_the_misses_that_were_escalated_are_those_of_the_figures(made, home, monkeypatch):
    from datetime import timedelta

    from pmf_lib import council as councils
    from pmf_lib.performance.rate import rate
    from pmf_lib.records.collect import collect
    from pmf_lib.workbook.book import schemes

    monkeypatch.setenv("PMF_HOME", str(ROOT))
    council = made.arranged.load(HOMES[home], made.catalogue.load(HOMES[home]))
    records, used = collect(councils.load(home)), schemes()
    tables = [records.tables[name] for name in ("measures", "observations", "targets")]
    for quarter in council.quarters:
        as_at = quarter.end + timedelta(days=46)
        rated = rate(*tables, quarter=quarter, as_at=as_at, scheme=used.status, options=used.xmr).measures
        missed = set(rated.loc[rated["state"] == "missed", "measure_id"])
        assert set(council.reds_of(quarter)) == missed, quarter.label
