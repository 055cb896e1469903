"""Records of the public edition: nothing in them tells of what is exempt or of a hidden figure."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.records import findings
from pmf_lib.records.collect import collect
from pmf_lib.records.editions import left_out, made
from pmf_lib.records.editions.attack import recoverable
from pmf_lib.records.editions.naming import joined
from pmf_lib.records.editions.public import public
from pmf_lib.records.editions.scheme import load
from pmf_lib.records.parse import Records
from pmf_lib.records.schema import TABLES
from pmf_lib.records.snapshot import freeze

DAY = date(2024, 11, 15)
EXEMPT = "domestic-abuse-repeat"
TITLE = "High-risk domestic abuse cases that come back within a year"
SMALL = "missing-children-interviews"


@pytest.fixture(scope="module")
def records() -> Records:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PMF_HOME", raising=False)
        used = frameworks.load("pmf-2022-25")
        return collect(councils.load("sample"), nodes={used.id: [one.id for one in used.linkable]}, as_at=DAY)


@pytest.fixture(scope="module")
def shown(records: Records) -> Records:
    return public(records, load(), DAY)


@pytest.fixture(scope="module")
def few(records: Records) -> Records:
    """A few rows of each table, and those that concern the measures of these tests."""
    keep = {}
    for name, frame in records.tables.items():
        said = joined(frame, list(frame.select_dtypes("str")))
        about = said.str.contains(f"{EXEMPT}|{SMALL}|risk-domestic-abuse", regex=True)
        keep[name] = frame if name == "measures" else frame[about | (frame.index < 5)].reset_index(drop=True)
    return dataclasses.replace(records, tables=keep)


def everything(records: Records) -> dict[str, pd.DataFrame]:
    return {**records.tables, "findings": records.findings, "reads": records.reads}


def naming(records: Records, text: str) -> list[tuple[str, str]]:
    """Tables and columns in which a text stands, whatever its case."""
    return [
        (name, column)
        for name, frame in everything(records).items()
        for column in frame.select_dtypes(include=["object", "str"])
        if frame[column].astype("str").str.contains(text, case=False, regex=False).any()
    ]


def changed(records: Records, table: str, at: int, **cells: object) -> Records:
    """The records with these cells in one row of a table."""
    frame = records.tables[table].copy()
    for column, cell in cells.items():
        frame.loc[at, column] = cell
    return dataclasses.replace(records, tables={**records.tables, table: frame})


def test_no_cell_of_the_public_records_names_an_exempt_measure(records: Records, shown: Records) -> None:
    measures = records.tables["measures"]
    exempt = measures[measures["exempt"]]
    assert len(exempt) == 3
    for text in [*exempt["measure_id"], *exempt["title"]]:
        assert naming(records, text), "the search finds it in the full records"
        assert naming(shown, text) == []


def test_what_is_left_out_is_counted_by_directorate(shown: Records) -> None:
    count = {
        unit: [left_out.number(shown.left_out, what, unit) for what in ("measures", "figures")]
        for unit in ("", "adults-health", "childrens", "resources")
    }
    assert count == {"": [3, 1], "adults-health": [2, 0], "childrens": [1, 1], "resources": [0, 0]}


def test_every_public_table_still_fits_its_schema(shown: Records) -> None:
    for name, table in TABLES.items():
        assert len(table.schema.validate(shown.tables[name])) == len(shown.tables[name])


def test_no_small_count_can_be_worked_out_of_the_public_records(records: Records, shown: Records) -> None:
    assert not recoverable(records.tables["observations"], records.tables["measures"], load()).empty
    assert recoverable(shown.tables["observations"], shown.tables["measures"], load()).empty


def test_a_hidden_figure_is_suppressed_in_all_its_parts(records: Records, shown: Records) -> None:
    new = shown.tables["observations"]
    old = records.tables["observations"]
    before = set(old.loc[old["state"] == "suppressed", "measure_id"])
    hidden = new[(new["state"] == "suppressed") & ~new["measure_id"].isin(before)]
    assert set(hidden["measure_id"]) == {SMALL}
    assert hidden[["value", "numerator", "denominator"]].isna().all(axis=None)


def test_an_escalation_and_an_action_about_an_exempt_measure_go(records: Records, shown: Records) -> None:
    assert (records.tables["escalations"]["measure_id"] == EXEMPT).any()
    gone = set(records.tables["actions"]["action_id"]) - set(shown.tables["actions"]["action_id"])
    assert gone == {"act-domestic-abuse-repeat"}


def test_an_objective_keeps_its_other_measures(shown: Records) -> None:
    objectives = shown.tables["objectives"].set_index("objective_id")
    assert set(objectives.loc[["obj-domestic-abuse-24-06"], "measures"]) == {"domestic-abuse-referrals"}


def test_a_row_that_was_about_the_exempt_measure_alone_goes_in_every_version(few: Records) -> None:
    risks = few.tables["risks"]
    one = risks.index[risks["risk_id"] == "risk-domestic-abuse"]
    alone = few
    for at in one:
        alone = changed(alone, "risks", at, nodes="", objectives="", measures=EXEMPT)
    assert "risk-domestic-abuse" not in set(public(alone, load(), DAY).tables["risks"]["risk_id"])


def test_an_optional_text_that_names_it_is_emptied_and_its_row_stays(few: Records) -> None:
    planted = changed(few, "agenda", 0, title=f"Look at {TITLE.upper()}", decision="Noted")
    found = public(planted, load(), DAY).tables["agenda"].iloc[0]
    assert (found["title"], found["decision"]) == ("", "Noted")


def test_a_needed_text_that_names_it_takes_the_row_with_it(few: Records) -> None:
    entry = few.tables["registers"].loc[0, "entry_id"]
    planted = changed(few, "registers", 0, title=f"Review of {TITLE.lower()}")
    assert entry not in set(public(planted, load(), DAY).tables["registers"]["entry_id"])


def test_a_public_measure_whose_name_holds_an_exempt_one_stays_whole(few: Records) -> None:
    at = few.tables["measures"].index[few.tables["measures"]["measure_id"] == "active-volunteers"][0]
    longer, said = f"{EXEMPT}-seen", {"title": f"{TITLE}, seen in time", "definition": f"Of {TITLE.lower()}."}
    planted = changed(few, "measures", at, measure_id=longer, **said)
    planted = changed(planted, "observations", 0, measure_id=longer)
    planted = changed(planted, "objectives", 0, measures=f"{EXEMPT}; {longer}")
    found = public(planted, load(), DAY).tables
    measure = found["measures"].set_index("measure_id").loc[longer]
    assert (measure["title"], measure["definition"]) == (said["title"], "Of (a measure that is left out).")
    assert longer in set(found["observations"]["measure_id"])
    assert longer in set(found["objectives"]["measures"])


def test_a_file_named_after_it_is_not_named(few: Records) -> None:
    planted = changed(few, "plans", 0, source_file=f"returns/{EXEMPT}.xlsx")
    assert naming(public(planted, load(), DAY), EXEMPT) == []


@pytest.mark.parametrize(
    ("table", "rule", "cells"),
    [
        ("observations", "cell.number", {"measure_id": EXEMPT, "got": "17"}),
        ("observations", "cell.number", {"measure_id": SMALL, "got": "3"}),
        ("measures", "cell.choice", {"measure_id": "another-secret", "title": "Another secret", "severity": "error"}),
        ("observations", "measure.left-out", {"measure_id": "another-secret"}),
        ("observations", "control.differs", {"got": "sum 1234"}),
        ("objectives", "link.unknown", {"got": f"act-{EXEMPT}"}),
    ],
)  # fmt: skip
def test_a_finding_that_would_tell_goes(few: Records, table: str, rule: str, cells: dict[str, str]) -> None:
    usual = {
        **dict.fromkeys(findings.none().columns, ""),
        "rule": rule,
        "table": table,
        "severity": "warning",
        "source_row": 99999,
        "source_file": "x.csv",
    }
    one = pd.DataFrame([{**usual, **cells}]).astype(findings.none().dtypes)
    planted = dataclasses.replace(few, findings=findings.gathered([few.findings, one]))
    left = public(planted, load(), DAY).findings
    assert not (left["source_file"] == "x.csv").any()


def test_sums_of_files_are_not_told_and_rows_are_those_that_are_shown(
    records: Records, shown: Records
) -> None:
    assert records.reads["control_total"].sum() > 0
    assert shown.reads["control_total"].isna().all()
    reads = shown.reads.groupby("table")["rows_kept"].sum()
    assert reads["observations"] == len(shown.tables["observations"])
    assert (shown.reads["rows_read"] == shown.reads["rows_kept"] + shown.reads["rows_left_out"]).all()
    assert set(shown.reads.loc[shown.reads["is_sent"], "table"]) == set(
        records.reads.loc[records.reads["is_sent"], "table"]
    )


def test_words_that_count_go_with_a_hidden_figure_and_others_stay(few: Records) -> None:
    said = few.tables["commentary"].iloc[:2].assign(
        measure_id=SMALL, quarter=["2024-25 Q1", "2024-25 Q2"], text=["Two were seen late", "Seen sooner than before"]
    )  # fmt: skip
    planted = dataclasses.replace(few, tables={**few.tables, "commentary": said})
    late = few.tables["observations"]
    at = late.index[(late["measure_id"] == SMALL) & (late["period"] == "2024-05")][0]
    planted = changed(planted, "observations", at, value=20.0, numerator=2.0, denominator=10.0)
    assert public(planted, load(), DAY).tables["commentary"]["text"].tolist() == ["Seen sooner than before"]


def test_the_conversations_of_a_service_of_few_staff_go(few: Records) -> None:
    talks = few.tables["conversations"]
    planted = changed(few, "conversations", 0, staff_n=3.0, held_n=1.0)
    found = public(planted, load(), DAY)
    same = ["directorate", "service", "year"]
    assert not (found.tables["conversations"][same] == talks.loc[0, same]).all(axis=1).any()
    counted = [left_out.number(one.left_out, "figures", "") for one in (found, public(few, load(), DAY))]
    assert counted[0] > counted[1]


def test_a_figure_that_is_public_already_is_a_finding_and_stays(records: Records, shown: Records) -> None:
    found = public(records, load(), DAY, records.tables["observations"])
    assert left_out.number(found.left_out, "figures", "") == 0
    assert set(found.findings.loc[found.findings["rule"] == "edition.published-before", "measure_id"]) == {
        SMALL
    }
    assert not (shown.findings["rule"] == "edition.published-before").any()


def test_only_the_councils_own_public_papers_of_no_later_day_count_as_shown_before(
    few: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made.settings, "store", lambda: tmp_path)
    held = freeze(public(few, load(), DAY), tmp_path).id
    papers = [
        SimpleNamespace(council=council, edition=edition, as_at=day, snapshot=name)
        for council, edition, day, name in (
            ("sample", "full", "2024-08-15", "full"),
            ("another", "public", "2024-08-15", "another"),
            ("sample", "public", "2025-02-14", "later"),
            ("sample", "public", "2024-08-15", "0" * 16),
            ("sample", "public", "2024-08-15", held),
        )
    ]
    monkeypatch.setattr(made.issued, "readable", lambda: papers)
    monkeypatch.setattr(made.issued, "run_of", lambda paper: paper)
    shown = made.shown_before("sample", DAY)
    assert shown is not None
    assert set(shown["measure_id"]) == set(public(few, load(), DAY).tables["observations"]["measure_id"])
    assert made.shown_before("sample", date(2024, 8, 14)) is None


def test_a_public_paper_of_itself_changes_nothing(records: Records, shown: Records) -> None:
    again = public(records, load(), DAY, shown.tables["observations"])
    pd.testing.assert_frame_equal(again.tables["observations"], shown.tables["observations"])
    pd.testing.assert_frame_equal(again.findings, shown.findings)


def test_public_records_made_public_again_are_the_same(shown: Records) -> None:
    again = public(shown, load(), DAY)
    for name, frame in shown.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], frame, obj=name)


def test_the_full_and_the_exempt_edition_have_all_records(records: Records) -> None:
    assert made.of_edition(records, "full", "sample", DAY) is records
    assert made.of_edition(records, "exempt", "sample", DAY) is records


def test_a_snapshot_says_whether_it_is_public(tmp_path: Path, records: Records, shown: Records) -> None:
    assert freeze(records, tmp_path).table("left_out").empty
    assert set(freeze(shown, tmp_path).table("left_out")["edition"]) == {"public"}


def test_no_file_of_the_public_snapshot_holds_what_is_exempt(tmp_path: Path, shown: Records) -> None:
    folder = freeze(shown, tmp_path).folder
    for path in sorted(folder.iterdir()):
        assert EXEMPT.encode() not in path.read_bytes(), path.name


def test_the_scheme_of_the_workbook_can_be_read() -> None:
    assert load().largest == 4
    assert settings.root().is_dir()
