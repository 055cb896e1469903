"""Returns come in: good rows become records, faults are told by cell, nothing is overwritten."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime

import openpyxl
import pandas as pd
import pytest
from returns_made import (
    MEASURE,
    NODES,
    QUARTER,
    figures,
    filled,
    repacked,
    sent,
    sheet_part,
    small_council,
    taken,
)
from workspace import Workspace

from pmf_lib import sidecar
from pmf_lib.council import Council
from pmf_lib.errors import ParameterError, RecordsError
from pmf_lib.records.collect import collect
from pmf_lib.records.returns import inbox
from pmf_lib.records.returns.template import _last_values, awaited
from pmf_lib.records.snapshot import freeze, load
from pmf_lib.runs.look import records_of
from pmf_lib.runs.plan import Request, plan
from pmf_lib.workbook.book import opened


@pytest.fixture
def council(workspace: Workspace) -> Council:
    return small_council(workspace)


def typed(content: bytes, sheet: str, cells: dict[str, object]) -> bytes:
    """The workbook as somebody leaves it who typed these cells (what formulas gave is not kept)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        book[sheet][cell].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def value(measure_id: str = "swims", period: str = "2024-25 Q2", **more: str) -> dict[str, str]:
    return {"measure_id": measure_id, "period": period, "value": "7", **more}


def rules(council: Council) -> list[str]:
    return collect(council, nodes=NODES).findings["rule"].to_list()


def test_a_template_asks_for_what_is_awaited_and_is_the_same_twice(council):
    content = sent(council)
    assert content == sent(council)
    rows = list(openpyxl.load_workbook(io.BytesIO(content))["observations"].iter_rows(values_only=True))
    asked = [(row[0], row[4]) for row in rows[1:] if row[0]]
    assert asked == [("missed-bins", "2024-08"), ("missed-bins", "2024-09"), ("swims", "2024-25 Q2")]
    assert rows[1][1:4] == ("Missed bins", "number", "41 (2024-07)")


def test_a_template_that_comes_back_untouched_changes_nothing(council):
    before = figures(council)
    got = taken(council, sent(council))
    assert (got.receipt.findings, got.changes, got.receipt.rows_unfilled) == (0, (), 5)
    assert figures(council) == before
    assert rules(council) == []


def test_typed_cells_become_records_dated_by_the_day_received(council):
    content = typed(
        sent(council), "observations", {"G2": 39, "G3": 0.5, "G4": 8.25, "F4": datetime(2024, 10, 3)}
    )
    got = taken(council, content)
    assert (got.receipt.findings, got.to_mend) == (0, "")
    assert figures(council)[2:] == [
        ["missed-bins", "2024-08", "2024-10-15", 39.0],
        ["missed-bins", "2024-09", "2024-10-15", 0.5],
        ["swims", "2024-25 Q1", "2024-07-10", 5.0],
        ["swims", "2024-25 Q2", "2024-10-03", 8.25],
    ]


def test_a_fault_is_told_by_file_sheet_and_cell_and_the_good_rows_are_kept(council):
    content = typed(sent(council), "observations", {"G2": 39, "G3": "forty", "G4": 9, "F4": "03/10/2024"})
    got = taken(council, content, file="Places Q2.xlsx")
    assert got.faults["cell"].to_list() == ["G3", "F4"]
    assert got.faults["message"].to_list() == [
        "Places Q2.xlsx, sheet 'observations', cell G3 (column 'value'): got 'forty', expected a number such as 12.5. "
        "Correct the cell and send the file again.",
        "Places Q2.xlsx, sheet 'observations', cell F4 (column 'recorded_at'): got '03/10/2024', expected a date as "
        "YYYY-MM-DD, such as 2024-11-15 for 15 November 2024. Correct the cell and send the file again.",
    ]
    assert ["missed-bins", "2024-08", "2024-10-15", 39.0] in figures(council)
    found = collect(council, nodes=NODES).findings
    assert set(found["directorate"]) == {"places"}


def test_the_copy_to_mend_marks_each_cell_and_can_be_mended_and_sent_again(council, workspace):
    content = typed(sent(council), "observations", {"G2": 39, "G3": "forty"})
    got = taken(council, content)
    copy = (workspace.home / got.to_mend).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert book.sheetnames[0] == "Faults"
    assert [cell.value for cell in book["Faults"][4]][:2] == ["observations", "G3"]
    assert (
        book["Faults"]["B4"].hyperlink.location == "observations!G3"
        or "G3" in book["Faults"]["B4"].hyperlink.location
    )
    marked = book["observations"]["G3"]
    assert (marked.value, marked.fill.fgColor.rgb) == ("forty", "FFF6D7D2")
    assert marked.border.left.style == "thick"
    assert "expected a number" in marked.comment.text
    again = taken(council, typed(copy, "observations", {"G3": 40}), "2024-10-18")
    assert again.receipt.findings == 0
    assert figures(council)[2:4] == [
        ["missed-bins", "2024-08", "2024-10-15", 39.0],
        ["missed-bins", "2024-09", "2024-10-18", 40.0],
    ]


def test_nothing_is_overwritten_and_of_one_day_the_last_is_in_force(council, workspace):
    for number in ("7", "8", "9"):
        taken(council, filled(council, observations=[value(value=number)]))
    folder = workspace.home / "data/returns/own/2024-25-q2/places"
    names = ["2024-10-15-2.json", "2024-10-15-2.xlsx", "2024-10-15-3.json", "2024-10-15-3.xlsx"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*names, "2024-10-15.json", "2024-10-15.xlsx"]
    )
    assert [row[3] for row in figures(council) if row[1] == "2024-25 Q2"] == [9.0]


@pytest.mark.slow
def test_returns_of_one_day_are_all_read_and_the_tenth_is_in_force_over_the_ninth(council):
    taken(council, filled(council, observations=[value("missed-bins", "2024-08", value="42")]))
    for number in range(2, 12):
        content = filled(council, observations=[value(value=str(number))])
        got = taken(council, content)
    assert got.receipt.kept_as == "2024-10-15-11.xlsx"
    assert figures(council)[2] == ["missed-bins", "2024-08", "2024-10-15", 42.0]
    assert [row[3] for row in figures(council) if row[1] == "2024-25 Q2"] == [11.0]


@pytest.mark.slow
def test_returns_are_in_the_order_in_which_they_came_whatever_their_kind(council, workspace):
    for number in range(1, 12):
        taken(council, filled(council, observations=[value(value=str(number))]))
    folder = workspace.home / "data/returns/own/2024-25-q2/places"
    for name in ("2024-10-15-3", "2024-10-15-9"):
        (folder / f"{name}.xlsx").rename(folder / f"{name}.ods")
        text = (folder / f"{name}.json").read_text(encoding="utf-8")
        (folder / f"{name}.json").write_text(text.replace(f"{name}.xlsx", f"{name}.ods"), encoding="utf-8")
    assert [one.number for one in inbox.kept(council)] == list(range(1, 12))


def moved(workspace: Workspace, owner: str = "people") -> None:
    """The council's own folder gives a measure to another directorate."""
    path = workspace.home / "data/own/measures.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("swims,Swims,places,", f"swims,Swims,{owner},"), encoding="utf-8")


def test_a_measure_that_moves_keeps_what_its_former_directorate_sent(council, workspace):
    own = {**MEASURE, "measure_id": "swims", "title": "Swimming"}
    taken(council, filled(council, measures=[own], observations=[value()]))
    moved(workspace)
    assert figures(council)[-1] == ["swims", "2024-25 Q2", "2024-10-15", 7.0]
    records = collect(council, nodes=NODES)
    assert records.findings[["rule", "table", "source_row"]].to_numpy().tolist() == [
        ["row.superseded", "measures", 2]
    ]
    assert "a measure of people by now" in records.findings["expected"][0]
    measures = records.tables["measures"].set_index("measure_id")
    assert measures.loc["swims", ["title", "directorate"]].to_list() == ["Swims", "people"]


def test_once_a_measure_has_moved_only_its_new_directorate_sends_it(council, workspace):
    moved(workspace)
    got = taken(council, filled(council, observations=[value()]))
    assert got.faults["rule"].to_list() == ["directorate.other"]
    assert got.receipt.measures == ()
    new = taken(council, filled(council, "people", observations=[value(value="8")]))
    assert (new.receipt.findings, new.receipt.measures) == (0, ("swims",))
    assert figures(council)[-1][3] == 8.0


def test_a_return_cannot_change_the_frequency_of_a_measure(council):
    before = figures(council)
    own = {**MEASURE, "measure_id": "missed-bins", "title": "Missed bins", "polarity": "lower"}
    got = taken(council, filled(council, measures=[own]))
    assert got.faults["rule"].to_list() == ["frequency.other"]
    assert (
        "got 'quarterly', expected monthly, as the row says that named the measure first"
        in (got.faults["message"][0])
    )
    assert figures(council) == before
    again = taken(council, filled(council, measures=[{**own, "frequency": "monthly"}]), "2024-10-18")
    assert again.receipt.findings == 0


@pytest.mark.slow
def test_a_return_counts_only_from_the_day_on_which_it_was_received(council, workspace):
    target = {"measure_id": "swims", "from_period": "2024-25 Q1", "target": "4"}
    told = {"measure_id": "swims", "quarter": "2024-25 Q2", "text": "Pool shut."}
    taken(council, filled(council, targets=[target], commentary=[told]), "2024-11-16")
    asked = {"council": "own", "framework": "pmf-2022-25", "quarter": "2024-25 Q2"}
    declared = sidecar.load("2_measures_against_markers")
    for day, expected, words in (("2024-11-15", 6, 0), ("2024-11-16", 4, 1)):
        request = Request(**asked, as_at=day)
        snapshot = load(plan(request).manifest.snapshot, workspace.store)
        book = opened(declared, declared.checked({**asked, "as_at": day, "directorate": "places"}))
        for tables in (records_of(request).tables.__getitem__, snapshot.table, book.snapshot.table):
            assert tables("targets").set_index("measure_id")["target"]["swims"] == expected
            assert len(tables("commentary")) == words


def test_a_template_shows_the_value_of_the_last_period_not_the_one_recorded_last():
    days = pd.to_datetime(["2024-10-10", "2024-10-20", "2024-10-12"])
    rows = {"measure_id": "m", "period": ["2024-09", "2023-05", "2024-09"], "value": [10.0, 99.0, 11.0]}
    assert _last_values(pd.DataFrame({**rows, "recorded_at": days})).to_dict() == {"m": "11 (2024-09)"}


def test_the_same_workbook_is_not_taken_twice(council, workspace):
    content = filled(council, observations=[value()])
    first, second = taken(council, content), taken(council, content, "2024-10-20")
    assert (first.is_new, second.is_new, second.receipt) == (True, False, first.receipt)
    assert len(list((workspace.home / "data/returns/own").rglob("*.xlsx"))) == 1


@pytest.mark.slow
def test_returns_of_several_days_are_the_history_of_a_figure(council):
    for number, day in (("7", "2024-10-15"), ("7", "2024-10-20"), ("8", "2024-10-25"), ("7", "2024-10-30")):
        taken(council, filled(council, observations=[value(value=number)], targets=[]), day)
    assert [row[2:] for row in figures(council) if row[1] == "2024-25 Q2"] == [
        ["2024-10-15", 7.0],
        ["2024-10-25", 8.0],
        ["2024-10-30", 7.0],
    ]
    assert rules(council) == []


def test_the_newest_return_is_in_force_and_what_it_changes_is_told(council):
    target = {"measure_id": "swims", "from_period": "2024-25 Q1", "target": "6.5"}
    got = taken(council, filled(council, targets=[target]))
    assert got.changes == ("measure_id swims, from_period 2024-25 Q1: target 6 → 6.5",)
    records = collect(council, nodes=NODES)
    assert records.tables["targets"].set_index("measure_id")["target"].to_dict() == {
        "missed-bins": 35,
        "swims": 6.5,
    }
    [old] = records.findings[records.findings["rule"] == "row.superseded"].to_dict("records")
    assert (old["source_file"], old["source_row"]) == ("data/own/targets.csv", 3)
    assert "row 2 of data/returns/own/2024-25-q2/places/2024-10-15.xlsx (target 6 → 6.5)" in old["expected"]


def test_within_one_return_the_rules_for_rows_said_twice_hold(council):
    rows = [value(), value(), value(value="8")]
    got = taken(council, filled(council, observations=rows))
    assert got.faults["rule"].to_list() == ["key.repeated", "key.conflict"]


def test_a_row_of_another_directorates_measure_is_left_out(council):
    claimed = {"measure_id": "care-visits", **MEASURE}
    got = taken(council, filled(council, observations=[value("care-visits"), value()], measures=[claimed]))
    assert got.faults[["table", "rule", "source_row"]].to_numpy().tolist() == [
        ["measures", "directorate.other", 2],
        ["observations", "directorate.other", 2],
    ]
    measures = collect(council, nodes=NODES).tables["measures"].set_index("measure_id")
    assert measures.loc["care-visits", ["title", "directorate"]].to_list() == ["Care visits", "people"]


def test_a_new_measure_comes_with_its_return(council):
    got = taken(
        council, filled(council, measures=[{"measure_id": "trees", **MEASURE}], observations=[value("trees")])
    )
    assert got.receipt.findings == 0
    assert ["trees", "2024-25 Q2", "2024-10-15", 7.0] in figures(council)


def test_stated_totals_that_differ_are_found(council):
    content = filled(council, observations=[value(), value("missed-bins", "2024-08", value="30")])
    part = sheet_part(content, "Cover")
    other = repacked(content, {part: lambda xml: re.sub(rb"<v>37(.0)?</v>", b"<v>30</v>", xml)})
    got = taken(council, other)
    assert got.faults["rule"].to_list() == ["control.differs"]
    assert "2 rows with a sum of 37" in got.faults["message"][0]
    assert "2 rows with a sum of 30, as the cover says" in got.faults["message"][0]
    assert "stored as text, hidden" in got.faults["message"][0]
    assert got.receipt.stated_totals["observations"] == 30.0


def test_a_stated_sum_that_would_tell_a_suppressed_number_is_dropped(council):
    hidden = value("missed-bins", "2024-08", value="30") | {"state": "suppressed"}
    got = taken(council, filled(council, observations=[value(), hidden]))
    assert got.receipt.stated_totals["observations"] is None
    assert got.receipt.control_totals["observations"] == 7.0
    assert got.receipt.findings == 0


def test_reads_say_whose_a_return_is_and_what_was_stated_and_freeze(council, workspace):
    taken(council, filled(council, observations=[value()]))
    records = collect(council, nodes=NODES)
    own = records.reads[records.reads["delivered"] != ""].set_index("table")
    said = own.loc["observations", ["directorate", "delivered", "rows_read", "stated_rows", "stated_total"]]
    assert said.to_list() == ["places", "2024-10-15", 1, 1.0, 7.0]
    assert records.reads.loc[records.reads["delivered"] == "", "stated_rows"].isna().all()
    kept = freeze(records, workspace.store).table("reads")
    key = ["table", "source_file"]
    pd.testing.assert_frame_equal(
        kept.sort_values(key, ignore_index=True), records.reads.sort_values(key, ignore_index=True)
    )


def test_a_month_that_the_spreadsheet_took_for_a_day_is_a_month_again(council):
    content = typed(
        sent(council),
        "observations",
        {"E2": datetime(2024, 8, 1), "G2": 12, "E4": datetime(2024, 7, 1), "G4": 1},
    )
    got = taken(council, content)
    assert got.faults[["rule", "cell"]].to_numpy().tolist() == [["cell.period", "E4"]]
    assert ["missed-bins", "2024-08", "2024-10-15", 12.0] in figures(council)


def test_merged_cells_and_failed_formulas_are_faults(council):
    book = openpyxl.load_workbook(
        io.BytesIO(filled(council, observations=[value("missed-bins", f"2024-0{n}") for n in (7, 8, 9)]))
    )
    book["observations"].merge_cells("G2:G3")
    out = io.BytesIO()
    book.save(out)
    content = repacked(
        out.getvalue(),
        {
            sheet_part(out.getvalue(), "observations"): lambda xml: re.sub(
                rb'(<c r="G4"[^>]*?) t="n"><v>7', rb'\1 t="e"><v>#REF!', xml
            )
        },
    )
    got = taken(council, content)
    assert got.faults[["rule", "source_row", "got"]].to_numpy().tolist()[:2] == [
        ["row.merged", 2, "G2:G3 is merged"],
        ["row.merged", 3, "G2:G3 is merged"],
    ]
    assert got.faults.iloc[2][["rule", "got", "cell"]].to_list() == ["cell.error", "#REF!", "G4"]


def test_a_directorate_certifies_none_of_its_own_measures(council):
    row = {
        "measure_id": "swims", "period": "2024-25 Q1", "documentation": "yes", "definition_followed": "yes", "controls": "strong",
        "certified_by": "Principal Internal Auditor", "certified_on": "2024-10-01",
    }  # fmt: skip
    with pytest.raises(
        RecordsError, match="sheet 'certifications': got 1 filled row, expected none"
    ) as error:
        taken(council, filled(council, observations=[value()], certifications=[row]))
    assert "pmf certify collect" in str(error.value)
    assert inbox.kept(council) == []


def test_a_sheet_or_header_of_another_name_is_refused_with_the_nearest(council):
    def renamed(sheet: str, cell: str, text: str) -> bytes:
        return typed(filled(council), sheet, {cell: text})

    with pytest.raises(RecordsError, match=r"sheet 'observations': column 'vlaue'.*Did you mean 'value'\?"):
        taken(council, renamed("observations", "G1", "vlaue"))
    book = openpyxl.load_workbook(io.BytesIO(filled(council)))
    book["observations"].title = "observation"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(RecordsError, match=r"sheet 'observation' is none.*Did you mean 'observations'\?"):
        taken(council, out.getvalue())


def test_missing_and_further_sheets_are_named(council):
    book = openpyxl.load_workbook(io.BytesIO(filled(council, observations=[value()])))
    del book["comparators"]
    book.create_sheet("My workings")["A1"] = "x"
    out = io.BytesIO()
    book.save(out)
    got = taken(council, out.getvalue())
    missing, further = got.receipt.notes
    assert missing.startswith("No sheet 'comparators': nothing was read for it")
    assert further.endswith("none of the template's: 'My workings'.")


def test_a_cover_that_does_not_say_whose_it_is_is_asked_about(council):
    content = typed(filled(council, observations=[value()]), "Cover", {"A9": "", "B9": ""})
    with pytest.raises(ParameterError, match=r"'Directorate id'.*--directorate, one of: places, people"):
        taken(council, content)
    assert taken(council, content, directorate="places").receipt.directorate == "places"


def test_a_return_of_another_council_is_refused(council):
    with pytest.raises(RecordsError, match="return of the council 'other', expected 'own'"):
        taken(council, typed(filled(council), "Cover", {"B8": "other"}))


def test_a_kept_workbook_that_was_changed_is_refused(council, workspace):
    taken(council, filled(council, observations=[value()]))
    [path] = (workspace.home / "data/returns/own").rglob("*.xlsx")
    path.write_bytes(filled(council, observations=[value(value="99")]))
    with pytest.raises(RecordsError, match="not what was received on 2024-10-15"):
        collect(council, nodes=NODES)


def test_a_workbook_without_a_receipt_is_not_read_and_named(council, workspace):
    taken(council, filled(council, observations=[value()]))
    [path] = (workspace.home / "data/returns/own").rglob("*.json")
    path.unlink()
    assert all(row[1] != "2024-25 Q2" for row in figures(council))
    assert (
        "2024-25-q2/places/2024-10-15.xlsx"
        in workspace.here("returns", "status", str(workspace.home / "parameters/runs/own.yml")).out
    )


def test_awaited_figures_are_those_of_the_last_twelve_months(council):
    rows = awaited(collect(council, nodes=NODES), QUARTER)
    assert rows[["measure_id", "period"]].to_numpy().tolist() == [
        ["missed-bins", "2024-08"],
        ["missed-bins", "2024-09"],
        ["swims", "2024-25 Q2"],
        ["care-visits", "2024-25 Q2"],
    ]


def test_the_commands_send_collect_and_chase(workspace, council):
    run = str(workspace.home / "parameters/runs/own.yml")
    sent_to = workspace.here(
        "returns", "template", run, "--to", str(workspace.home / "sent"), "--directorate", "places"
    )
    assert sent_to.code == 0
    [path] = (workspace.home / "sent").iterdir()
    assert path.name == "own-2024-25-q2-places.xlsx"
    path.write_bytes(typed(path.read_bytes(), "observations", {"G2": 39, "G3": "forty"}))
    done = workspace.here("returns", "collect", str(path), "--run", run, "--received", "2024-10-23", "--json")
    assert done.code == 0
    [told] = json.loads(done.out)
    assert (told["receipt"]["findings"], told["faults"][0]["cell"], told["is_new"]) == (1, "G3", True)
    assert (workspace.home / told["to_mend"]).exists()
    places, people = json.loads(workspace.here("returns", "status", run, "--json").out)
    assert (places["received"], places["days_late"], places["faults"]) == (["2024-10-23"], 3, 1)
    assert places["chase"] == {"Head of Leisure": ["swims"], "Head of Waste": ["missed-bins"]}
    assert (people["received"], people["days_late"], people["awaited"]) == ([], 26, 1)
    text = workspace.here("returns", "status", run).out
    assert "nothing received, 26 days overdue" in text
    assert "chase Head of Care: care-visits" in text


def test_what_cannot_be_read_ends_with_5_and_the_others_are_taken(workspace, council):
    good, bad = workspace.home / "good.xlsx", workspace.home / "bad.xlsx"
    good.write_bytes(filled(council, observations=[value()]))
    bad.write_bytes(b"PK but not a workbook")
    run = ["--run", str(workspace.home / "parameters/runs/own.yml"), "--received", "2024-10-15"]
    done = workspace.here("returns", "collect", str(bad), str(good), *run)
    assert done.code == 5
    assert "bad.xlsx is damaged" in done.err
    assert "Taken: good.xlsx" in done.out


def test_a_return_that_does_not_say_whose_it_is_does_not_stop_the_others(workspace, council):
    names = [workspace.home / f"{name}.xlsx" for name in ("first", "nobodys", "last")]
    nobodys = typed(filled(council), "Cover", {"A9": "", "B9": ""})
    filled_in = filled(council, observations=[value()]), nobodys, filled(council, "people")
    for path, content in zip(names, filled_in, strict=True):
        path.write_bytes(content)
    run = ["--run", str(workspace.home / "parameters/runs/own.yml"), "--received", "2024-10-15", "--json"]
    done = workspace.here("returns", "collect", *map(str, names), *run)
    assert done.code == 5
    assert "nobodys.xlsx does not say on its cover" in done.err
    assert [one["receipt"]["file"] for one in json.loads(done.out)] == ["first.xlsx", "last.xlsx"]


def test_a_blank_template_serves_a_council_without_records(workspace, council):
    for path in (workspace.home / "data/own").iterdir():
        path.unlink()
    done = workspace.here(
        "returns",
        "template",
        str(workspace.home / "parameters/runs/own.yml"),
        "--blank",
        "--to",
        str(workspace.home / "sent"),
    )
    assert done.code == 0
    path = workspace.home / "sent" / "own-2024-25-q2-people.xlsx"
    content = typed(
        path.read_bytes(),
        "measures",
        {
            f"{at}2": text
            for at, text in zip(
                "ABDGIJ", ["visits", "Visits", "people", "number", "higher", "quarterly"], strict=True
            )
        },
    )
    got = taken(council, content)
    assert got.faults["message"].to_list() == []
    assert collect(council, nodes=NODES).tables["measures"]["measure_id"].to_list() == ["visits"]


def test_a_superseded_row_of_a_quarter_before_gives_way_to_the_later_one(council):
    taken(
        council,
        filled(council, targets=[{"measure_id": "swims", "from_period": "2024-25 Q1", "target": "7"}]),
        "2024-10-15",
    )
    taken(
        council,
        filled(council, targets=[{"measure_id": "swims", "from_period": "2024-25 Q1", "target": "6"}]),
        "2024-10-20",
    )
    records = collect(council, nodes=NODES)
    assert records.tables["targets"].set_index("measure_id")["target"]["swims"] == 6
    old = records.findings[records.findings["rule"] == "row.superseded"]
    assert old["source_file"].to_list() == ["data/returns/own/2024-25-q2/places/2024-10-15.xlsx"]
