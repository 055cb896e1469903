"""What changed since the last issued run, and why: each row is a change made for this purpose, and what is to be said of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from drawn import cases
from papers_made import POSTS, made
from workspace import Workspace

from pmf_lib import sidecar
from pmf_lib.performance import compare
from pmf_lib.runs.issuing import issue as issuing
from pmf_lib.runs.plan import plan, read_request
from pmf_lib.store import identity, places
from pmf_lib.workbook import results
from pmf_lib.workbook.book import Book, opened
from pmf_lib.workbook.compared import Compared
from pmf_lib.workbook.pages.shared import changes
from pmf_lib.workbook.pages.shared.change_words import CLAUSES, MEASURES, QUALITY, Kind, said

UNIT = "childrens"
STEPS = (("policy", "code"), ("target",), ("date",), ("data",), ("period",))


@pytest.mark.parametrize(
    "case",
    cases("""
        | issued | rules  | aims   | date    | records | now     | cause        |
        |--------|--------|--------|---------|---------|---------|--------------|
        | met    | met    | met    | met     | met     | met     |              |
        | met    | met    | met    | met     | met     | missed  | period       |
        | met    | met    | met    | met     | near    | near    | data         |
        | met    | met    | met    | met     | near    | missed  | data; period |
        | met    | met    | missed | missed  | missed  | missed  | target       |
        | met    | near   | near   | near    | near    | near    | policy; code |
        | awaited| awaited| awaited| late    | late    | late    | date         |
        | met    | near   | met    | met     | met     | near    | policy; code; target; period |
        | met    | met    | met    | near    | met     | met     |              |
    """),
)
def test_a_change_has_the_causes_of_the_steps_in_which_it_moved(case):
    names = ("issued", "rules", "aims", "date", "records", "now")
    before, *after = (pd.DataFrame({"id": ["a", "b"], "state": [case[name], "met"]}) for name in names)
    steps = list(zip(STEPS, after, strict=True))
    found = compare.changes(before, steps, keys=["id"], facets={"Status": ["state"]})
    wanted = [{"id": "a", "facet": "Status", "cause": case["cause"]}] if "cause" in case else []
    assert found.to_dict("records") == wanted


def test_a_row_that_came_or_went_is_told_once_and_not_facet_by_facet():
    before = pd.DataFrame({"id": ["a", "gone"], "state": ["met", "met"]})
    now = pd.DataFrame({"id": ["a", "new"], "state": ["met", "near"]})
    found = compare.changes(before, [(("data",), now)], keys=["id"], facets={"Status": ["state"]})
    assert found[["id", "facet", "cause"]].to_numpy().tolist() == [
        ["new", "listed", "data"],
        ["gone", "listed", "data"],
    ]


def test_the_order_of_rows_and_the_kind_of_number_never_matter():
    before = pd.DataFrame({"id": ["a", "b"], "value": [1, 2]})
    now = pd.DataFrame({"id": ["b", "a"], "value": [2.0, 1.0]})
    assert compare.changes(before, [(("data",), now)], keys=["id"], facets={"Value": ["value"]}).empty


def test_nothing_in_a_cell_is_the_same_as_no_such_column():
    before = pd.DataFrame({"id": ["a"]})
    now = pd.DataFrame({"id": ["a"], "value": [float("nan")]})
    assert compare.changes(before, [(("code",), now)], keys=["id"], facets={"Value": ["value"]}).empty


MADE_UP = {
    # measure: value of Quarter 1 and of Quarter 2 ('' = none yet), target, tolerance ('' = the scheme's 5 per cent)
    "bins": ("94", "93", "90", "3"),
    "calls": ("80", "81", "80", "3"),
    "parks": ("86", "86", "90", ""),
    "roads": ("70", "", "65", "2"),
    "same": ("50", "50", "40", "2"),
}


def records(own: Workspace) -> None:
    """Five measures of one directorate in the place of the sample council's."""
    base = {
        "directorate": UNIT,
        "owner": "Head",
        "unit": "%",
        "decimals": "0",
        "polarity": "higher",
        "due_days": "60",
    }
    base |= {
        "definition": "As counted",
        "frequency": "quarterly",
        "accumulation": "in-period",
        "evidence_kind": "quantitative",
    }
    seen = [("2024-25 Q1", "2024-07-20", 0), ("2024-25 Q2", "2024-10-20", 1)]
    tables = {
        "measures": [base | {"measure_id": name, "title": name.capitalize()} for name in MADE_UP],
        "observations": [
            {"measure_id": name, "period": period, "recorded_at": day, "value": row[at], "state": "final"}
            for name, row in MADE_UP.items()
            for period, day, at in seen
            if row[at]
        ],
        "targets": [
            {
                "measure_id": name,
                "from_period": "2023-24 Q1",
                "target": target,
                "tolerance": bears,
                "basis": "in-period",
            }
            | ({"tolerance_kind": "amount"} if bears else {})
            for name, (_, _, target, bears) in MADE_UP.items()
        ],
    }
    for path in sorted((own.home / "data/sample").glob("*.csv")):
        own.change(
            path.stem, lambda rows, table=path.stem: rows.__setitem__(slice(None), tables.get(table, []))
        )


@pytest.fixture(scope="module")
def issued_quarter(make_workspace: Callable[..., Workspace]) -> Workspace:
    """Quarter 2, issued as version 1."""
    own = make_workspace("changes")
    records(own)
    with pytest.MonkeyPatch.context() as patched:
        _named(own, patched)
        run = made(own.home, rated=(UNIT,))
        units = dict.fromkeys(item.unit for item in run.stage("directorate"))
        without = dict.fromkeys(units, "Nobody asked.")
        issuing.issue(run, {**POSTS, "dated": date(2024, 11, 20), "without_check": without})
    return own


@pytest.fixture
def own(issued_quarter: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy that a test may change."""
    copy = issued_quarter.copied(tmp_path / "workspace")
    _named(copy, monkeypatch)
    return copy


@pytest.fixture(scope="module")
def answers(
    issued_quarter: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], list[list[str]]]:
    """What is told after these changes, computed once for all rows of the table."""
    known: dict[str, list[list[str]]] = {}

    def answer(changed: str) -> list[list[str]]:
        if changed not in known:
            copy = issued_quarter.copied(tmp_path_factory.mktemp("changed") / "workspace")
            with pytest.MonkeyPatch.context() as patched:
                _named(copy, patched)
                known[changed] = told(book(copy, changed))
        return known[changed]

    return answer


def _named(own: Workspace, patched: pytest.MonkeyPatch) -> None:
    patched.setenv("PMF_HOME", str(own.home))
    patched.setenv("PMF_STORE", str(own.store))
    patched.setattr(identity, "code_digest", lambda _: "code")


def revise(own: Workspace) -> None:
    """The value of bins is sent again, and another."""
    row = {
        "measure_id": "bins",
        "period": "2024-25 Q2",
        "recorded_at": "2024-11-14",
        "value": "80",
        "state": "final",
    }
    own.change("observations", lambda rows: rows.append(row))


def hide(own: Workspace, day: str = "2024-11-14") -> None:
    """The value of bins may not be shown any more."""
    row = {"measure_id": "bins", "period": "2024-25 Q2", "recorded_at": day, "state": "suppressed"}
    own.change("observations", lambda rows: rows.append(row))


def target(own: Workspace) -> None:
    """The target of calls is raised."""
    own.change(
        "targets", lambda rows: [row.update(target="90") for row in rows if row["measure_id"] == "calls"]
    )


def scheme(own: Workspace) -> None:
    """Where no tolerance is its own, 2 per cent are borne instead of 5."""
    path = own.home / "parameters/schemes/status.yml"
    path.write_text(path.read_text().replace("amount: 5", "amount: 2"))


def sent(own: Workspace) -> None:
    """The value of bins for Quarter 3."""
    row = {
        "measure_id": "bins",
        "period": "2024-25 Q3",
        "recorded_at": "2025-01-20",
        "value": "70",
        "state": "final",
    }
    own.change("observations", lambda rows: rows.append(row))


def came(own: Workspace) -> None:
    """The value of roads for Quarter 2, for the first time."""
    row = {
        "measure_id": "roads",
        "period": "2024-25 Q2",
        "recorded_at": "2024-11-14",
        "value": "66",
        "state": "final",
    }
    own.change("observations", lambda rows: rows.append(row))


CHANGES = {"came": came, "revise": revise, "sent": sent, "target": target, "scheme": scheme}


def book(own: Workspace, changed: str) -> Book:
    """The directorate's book of the next run, after these changes; 'later' and 'Q3' are the run's own."""
    words = changed.split(" + ")
    for word in words:
        CHANGES.get(word, lambda _: None)(own)
    asked = {"as_at": "2024-12-05"} if "later" in words else {}
    asked |= {"quarter": "2024-25 Q3", "as_at": "2025-02-14"} if "Q3" in words else {}
    orders = plan(read_request(own.home / "parameters/runs/sample.yml", asked)).orders
    order = next(one for one in orders if one.item.id == f"{UNIT}/{results.MEASURES}")
    return opened(sidecar.load(results.MEASURES), order.parameters)


def told(book: Book) -> list[list[str]]:
    """Measure, facet, then, now and why, as the page's table has them."""
    found = changes.of_measures(book, results.rated(book).measures)
    assert found is not None
    rows = changes.worded(book, MEASURES, found)
    return [
        [row.title, row.what, *(cell.plain.split(" · ")[0] for cell in (row.then, row.now)), row.why]
        for row in rows.itertuples()
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    cases("""
        | changed | measure | what   | then                 | now                  | why          |
        |---------|---------|--------|----------------------|----------------------|--------------|
        | revise  | Bins    | Status | ● Met                | ▲ Missed             | revised data |
        | revise  | Bins    | Value  | 93% (2024-25 Q2)     | 80% (2024-25 Q2)     | revised data |
        | target  | Calls   | Status | ● Met                | ▲ Missed             | target       |
        | target  | Calls   | Target | 80%, tolerance 3     | 90%, tolerance 3     | target       |
        | scheme  | Parks   | Status | ◆ Near               | ▲ Missed             | policy       |
        | scheme  | Parks   | Target | 90%, tolerance 5 per cent | 90%, tolerance 2 per cent | policy |
        | later   | Roads   | Status | ● Met                | ○ Late               | later date   |
        | came    | Roads   | Value  | 70% (2024-25 Q1)     | 66% (2024-25 Q2)     | new period   |
        | came + Q3 | Roads | Value  | 70% (2024-25 Q1)     | 66% (2024-25 Q2)     | new period   |
        | Q3      | Roads   | Status | ● Met                | ○ Late               | new period   |
        | sent + Q3 | Bins  | Status | ● Met                | ▲ Missed             | new period   |
        | sent + Q3 | Bins  | Value  | 93% (2024-25 Q2)     | 70% (2024-25 Q3)     | new period   |
        | revise + sent + Q3 | Bins | Value | 93% (2024-25 Q2) | 70% (2024-25 Q3)   | revised data and new period |
        | revise + target + scheme + later | Bins  | Status | ● Met     | ▲ Missed | revised data |
        | revise + target + scheme + later | Calls | Status | ● Met     | ▲ Missed | target       |
        | revise + target + scheme + later | Parks | Status | ◆ Near    | ▲ Missed | policy       |
        | revise + target + scheme + later | Roads | Status | ● Met     | ○ Late   | later date   |
    """),
)
def test_each_cause_is_named_for_the_measure_that_it_moved(
    answers: Callable[[str], list[list[str]]], case: dict[str, str]
) -> None:
    rows = answers(case["changed"])
    assert [case[name] for name in ("measure", "what", "then", "now", "why")] in rows
    assert "Same" not in [row[0] for row in rows]


@pytest.mark.parametrize("day", ["2024-11-14", "2024-12-20"], ids=["by the report", "after it"])
def test_an_issued_value_that_is_suppressed_by_now_is_not_told_again(own: Workspace, day: str) -> None:
    hide(own, day)
    of = book(own, "later")
    rows = results.rated(of).measures
    found = changes.of_measures(of, rows)
    assert found is not None
    shown = changes.shown(of, MEASURES, found)
    assert "Bins" in shown.markup
    assert "Suppressed" in shown.markup
    assert "93%" not in shown.markup + shown.plain
    assert 93.0 not in [*found.before["value"], *found.before["result"], *found.now["last_value"]]


def test_only_what_changed_is_listed(own: Workspace) -> None:
    assert {row[0] for row in told(book(own, "target"))} == {"Calls"}
    assert told(book(own.copied(own.home.with_name("again")), "nothing")) is not None


def test_changed_code_that_changes_no_result_is_no_cause(
    own: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "code_digest", lambda _: "newer")
    assert told(book(own, "nothing")) == []
    assert {row[4] for row in told(book(own, "scheme"))} == {"policy and code"}


def test_records_that_can_no_longer_be_read_leave_the_change_and_not_its_cause(own: Workspace) -> None:
    snapshots = places.runs().parent / "snapshots"
    for folder in list(snapshots.glob("*/")):
        (folder / "targets.parquet").unlink()
    assert {row[4] for row in told(book(own, "target"))} == {"cause not told apart"}


def test_the_sentence_counts_changes_of_status_for_better_and_worse_with_their_causes(own: Workspace) -> None:
    of = book(own, "revise + target")
    found = changes.of_measures(of, results.rated(of).measures)
    assert changes.headline(found) == (
        "Since version 1 of Quarter 2, July to September 2024, was issued, two of five measures changed status, two to a "
        "worse one. Why: target (1) and revised data (1)."
    )


SINCE = "Since version 1 of Quarter 2, July to September 2024, was issued, "


@pytest.mark.parametrize(
    ("gone", "new", "wanted"),
    [
        (
            ["Bins"],
            [],
            "none of four measures changed status. One measure is no longer listed.",
        ),
        ([], ["Trees"], "none of six measures changed status. One measure is new."),
        (
            ["Bins", "Calls"],
            ["Trees"],
            "none of four measures changed status. One measure is new and two measures are no longer listed.",
        ),
    ],
)
def test_the_sentence_counts_measures_that_came_or_went(
    own: Workspace, gone: list[str], new: list[str], wanted: str
) -> None:
    of = book(own, "sent")
    rated = results.rated(of).measures
    fresh = rated[rated["title"] == "Same"].assign(measure_id="trees", title="Trees")
    now = pd.concat([rated[~rated["title"].isin(gone)], fresh[fresh["title"].isin(new)]], ignore_index=True)
    assert changes.headline(changes.of_measures(of, now)) == SINCE + wanted
    found = changes.of_measures(of, now.assign(state=now["state"].replace({"near": "missed"})))
    assert changes.headline(found).endswith(wanted.partition(". ")[2])


@pytest.mark.parametrize("kind", [CLAUSES, QUALITY])
def test_the_sentence_counts_clauses_and_verdicts_on_figures_that_came_or_went(
    own: Workspace, kind: Kind
) -> None:
    baseline = book(own, "sent").baseline
    assert baseline is not None
    before, now = (
        pd.DataFrame({kind.keys[0]: names, kind.column: "met"}) for names in (["a", "b"], ["a", "c"])
    )
    listed = compare.changes(before, [(("data",), now)], keys=kind.keys, facets=kind.facets)
    text = said(kind, Compared(baseline, before, now, listed))
    assert text.endswith(f"One {kind.one} is new and one {kind.one} is no longer listed.")


def test_without_an_issued_run_the_page_says_that_there_is_none(own: Workspace) -> None:
    of = book(own, "nothing")
    alone = opened(of.sidecar, {**of.parameters, "baseline": ""})
    assert "nothing to compare it with" in changes.measures(alone, results.rated(alone).measures).plain
    assert changes.headline(changes.of_measures(alone, results.rated(alone).measures)) == ""


def test_hostile_titles_are_escaped(own: Workspace) -> None:
    own.change("measures", lambda rows: [row.update(title="<script>x</script>") for row in rows])
    of = book(own, "target")
    shown = changes.measures(of, results.rated(of).measures).markup
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_a_stretch_target_that_was_changed_is_a_change_of_target_and_is_shown():
    was = {
        "measure_id": "a",
        "target": 95.0,
        "lower": None,
        "upper": None,
        "tolerance": None,
        "tolerance_kind": "",
    }
    was |= {"unit": "%", "decimals": 0}
    before, now = (pd.DataFrame([was | more]) for more in ({}, {"stretch": 98.0}))
    facets = {"Target": MEASURES.facets["Target"]}
    found = compare.changes(before, [(("target",), now)], keys=["measure_id"], facets=facets)
    assert found[["facet", "cause"]].to_numpy().tolist() == [["Target", "target"]]
    assert [changes._target(rows.iloc[0]) for rows in (before, now)] == ["95%", "95%, stretch target 98%"]
