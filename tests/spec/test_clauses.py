"""The arrangements, as drawn tables: what each test finds, and what a result makes of it."""

import importlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.assurance import clauses
from pmf_lib.assurance.checks import TESTS, measures
from pmf_lib.assurance.clauses import AwaitedTest, ClauseScheme
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions
from pmf_lib.errors import PolicyError
from pmf_lib.framework.clauses import Clause
from pmf_lib.periods import parse_quarter
from pmf_lib.policy import load
from pmf_lib.records.findings import FINDING_COLUMNS, none
from pmf_lib.records.schema import TABLES

IN_FORCE = load(settings.root() / "parameters" / "schemes" / "clauses.yml", ClauseScheme)
TO_COME = AwaitedTest(asks="It is.", reads=("moons",), population="moons", exception="It is not.")
SCHEME = ClauseScheme(
    dated=date(2024, 4, 1),
    source="test",
    partly_up_to_pct=25,
    awaited={**IN_FORCE.awaited, "moon_is_full": TO_COME},
)
FRAMEWORK = frameworks.load("pmf-2022-25")
NAN = float("nan")
Tables = dict[str, pd.DataFrame]


def rows(table: str, *records: dict[str, Any]) -> pd.DataFrame:
    """Rows of a table, filled up with what a clean row holds."""
    clean = {"text": "x", "id": "x", "choice": "x", "period": "", "number": 1.0, "flag": False}
    blank = {name: clean.get(spec.metadata["kind"], pd.NaT) for name, spec in TABLES[table].columns.items()}
    made = [
        {**blank, "source_file": f"{table}.csv", "source_sheet": "", "source_row": n, **record}
        for n, record in enumerate(records, 2)
    ]
    return pd.DataFrame(made, columns=[*blank, "source_file", "source_sheet", "source_row"])


def clean() -> tuple[Tables, pd.DataFrame]:
    """One measure for each marker, everything in order."""
    nodes = [node.id for node in FRAMEWORK.linkable]
    promises = [promise.title for promise in FRAMEWORK.promises]
    ids = [f"m-{n}" for n in range(len(nodes))]
    kinds = ["quantitative", "qualitative"]
    tables = {
        "measures": rows("measures", *(
            {"measure_id": one, "title": one.upper(), "customer_measure": True, "frequency": "annual", "promise": promises[n % 3],
             "evidence_kind": kinds[n % 2], "comparator_group": "others" if n == 0 else ""}
            for n, one in enumerate(ids)
        )),
        "links": rows("links", *(
            {"framework": FRAMEWORK.id, "node": node, "measure_id": one, "perspective": side}
            for node, one in zip(nodes, ids, strict=True) for side in ("customer", "finance")
        )),
        "observations": rows("observations"),
        "targets": rows("targets", *(
            {"measure_id": one, "target": 5.0, "from_period": "2024-25", "approved_by": "Cabinet",
             "approved_on": pd.Timestamp("2024-03-01")} for one in ids
        )),
        "comparators": rows("comparators", {"measure_id": "m-0", "period": "2024-09"}),
        "commentary": rows("commentary", {"measure_id": "m-1", "quarter": "2024-25 Q2", "text": "Because."}),
    }  # fmt: skip
    states = ["met", "missed", *["near"] * (len(ids) - 2)]
    rated = pd.DataFrame(
        {
            "measure_id": ids, "title": tables["measures"]["title"], "owner": "x", "state": states, "period": "2024-09", "value": 1.0, "variation": "no_real_change", "why": "", "last_period": "2024-09",
            "due_on": pd.Timestamp("2024-10-30"), "source_file": "observations.csv", "source_row": range(2, len(ids) + 2),
            "target_file": "targets.csv", "target_row": range(2, len(ids) + 2),
        }
    )  # fmt: skip
    return tables, rated


def evidence(
    tables: Tables, rated: pd.DataFrame, findings: pd.DataFrame | None = None, as_at: str = "2024-11-15"
) -> Evidence:
    quarter = parse_quarter("2024-25 Q2")
    found = none() if findings is None else findings
    return Evidence(tables, rated, found, FRAMEWORK, quarter, date.fromisoformat(as_at))


def change(
    table: str, row: int, **values: Any
) -> Callable[[Tables, pd.DataFrame], tuple[Tables, pd.DataFrame]]:
    """One cell or more made wrong."""

    def changed(tables: Tables, rated: pd.DataFrame) -> tuple[Tables, pd.DataFrame]:
        frame = (rated if table == "rated" else tables[table]).copy()
        for name, value in values.items():
            frame.loc[row, name] = value
        return (tables, frame) if table == "rated" else ({**tables, table: frame}, rated)

    return changed


def without(
    table: str, column: str, value: str
) -> Callable[[Tables, pd.DataFrame], tuple[Tables, pd.DataFrame]]:
    return lambda tables, rated: ({**tables, table: tables[table][tables[table][column] != value]}, rated)


DEFECTS = {
    "node_has_measures": (without("links", "node", "marker-05"), "5. People are supported"),
    "node_has_balanced_measures": (change("links", 1, perspective="customer"), "1. Better connectivity"),
    "measure_has_owner": (change("measures", 3, owner=""), "M-3"),
    "measure_has_definition": (change("measures", 3, definition=""), "M-3"),
    "measure_is_linked": (without("links", "measure_id", "m-7"), "M-7"),
    "measure_has_target": (change("rated", 4, state="target_missing"), "M-4"),
    "target_is_approved": (change("targets", 4, approved_by=""), "M-4"),
    "data_is_on_time": (change("rated", 4, state="late", value=float("nan")), "M-4"),
    "missed_target_is_explained": (change("commentary", 0, text="  "), "M-1"),
    "node_has_customer_measure": (change("measures", 2, customer_measure=False), "3. Provide access"),
    "measures_of_both_kinds": (without("measures", "evidence_kind", "qualitative"), "qualitative measures"),
    "promise_has_measures": (without("measures", "promise", FRAMEWORK.promises[0].title), FRAMEWORK.promises[0].title),
    "measure_is_compared": (without("comparators", "measure_id", "m-0"), "M-0"),
}  # fmt: skip


OF_MEASURES = {name for name, test in TESTS.items() if test.__module__ == measures.__name__}
OTHERWISE = {"records_are_sound"}
"""Seen to fail by a test of their own, further down."""


@pytest.mark.parametrize("name", sorted(OF_MEASURES))
def test_clean_records_pass_every_test(name: str) -> None:
    answer = TESTS[name](evidence(*clean()))
    assert answer.failed == 0
    assert answer.population > 0


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_one_planted_defect_is_the_one_exception_and_named(name: str) -> None:
    spoil, subject = DEFECTS[name]
    answer = TESTS[name](evidence(*spoil(*clean())))
    assert answer.failed == 1
    assert answer.exceptions["subject"].iloc[0].startswith(subject)


def test_every_test_of_measures_is_seen_to_fail() -> None:
    assert set(DEFECTS) | OTHERWISE == OF_MEASURES


def test_every_registered_test_is_seen_to_fail_in_exactly_one_file() -> None:
    """Each file of drawn tables names the tests that it has seen to fail: the keys of its `DEFECTS`."""
    files = [importlib.import_module(path.stem) for path in sorted(Path(__file__).parent.glob("test_*.py"))]
    seen = Counter(name for file in files for name in getattr(file, "DEFECTS", ()))
    assert seen == Counter(dict.fromkeys(set(TESTS) - OTHERWISE, 1))


def test_a_fault_in_the_records_is_an_exception_with_its_row() -> None:
    fault = a_fault("cell.number", column="value", got="x{y}", expected="a number", measure_id="m-3")
    answer = TESTS["records_are_sound"](
        evidence(*change("measures", 3, owner="Head of Bins")(*clean()), findings=fault)
    )
    assert answer.failed == 1
    (row,) = answer.exceptions.to_dict("records")
    assert (row["source_file"], row["source_row"], row["owner"]) == ("observations.csv", 7, "Head of Bins")
    assert row["condition"] == "M-3, column value. Got 'x{y}', expected a number."


def test_faults_of_two_sheets_of_a_workbook_are_two_exceptions_each_with_its_sheet() -> None:
    two = [
        a_fault("cell.number", source_sheet=sheet, expected="a number")
        for sheet in ("observations", "targets")
    ]
    answer = TESTS["records_are_sound"](
        evidence(*clean(), findings=pd.concat(two).assign(source_file="r.xlsx"))
    )
    assert answer.exceptions["subject"].tolist() == [
        "r.xlsx, sheet observations, row 7",
        "r.xlsx, sheet targets, row 7",
    ]
    assert answer.failed == 2
    assert answer.population == TESTS["records_are_sound"](evidence(*clean())).population + 2
    assert answer.exceptions["source_sheet"].tolist() == ["observations", "targets"]


def a_fault(rule: str, **values: Any) -> pd.DataFrame:
    """One finding in row 7 of the observations."""
    place = {"source_file": "observations.csv", "source_row": 7, "severity": "error", "rule": rule}
    return pd.DataFrame([{**dict.fromkeys(FINDING_COLUMNS, ""), **place, **values}])


def test_a_repeated_row_is_told_with_title_and_period_in_words_and_no_empty_column() -> None:
    again = "one row per measure, period and date of recording, and row 6 of observations.csv says the same"
    fault = a_fault(
        "key.repeated", got="measure_id m-3, period 2021-22 Q1, recorded_at 2021-07-30", expected=again
    )
    (said,) = TESTS["records_are_sound"](evidence(*clean(), findings=fault)).exceptions["condition"]
    assert said.startswith(
        "M-3, Quarter 1, April to June 2021, recorded on 30 July 2021: one row per measure"
    )
    assert said.endswith("row 7 repeats row 6 of observations.csv.")
    assert "column" not in said.lower()


def test_a_row_that_a_later_return_replaced_is_no_exception() -> None:
    fault = a_fault("row.superseded", severity="warning", measure_id="m-3")
    assert TESTS["records_are_sound"](evidence(*clean(), findings=fault)).failed == 0


@pytest.mark.parametrize("name", ["data_is_on_time", "target_is_approved"])
def test_a_period_is_told_in_words(name: str) -> None:
    spoil, _ = DEFECTS[name]
    tables, rated = change("measures", 4, frequency="monthly")(*spoil(*clean()))
    tables["targets"] = tables["targets"].assign(from_period="2024-09")
    (said,) = TESTS[name](evidence(tables, rated)).exceptions["condition"]
    assert "September 2024" in said


def test_numbers_tested_have_their_thousands_separated() -> None:
    answer = Answer(1527, exceptions(pd.DataFrame(), ""))
    assert clauses._why(answer, evidence(*clean())) == "All 1,527 tested are in order."


@pytest.mark.parametrize(
    ("as_at", "result"), [("2024-11-15", "not_due"), ("2025-01-31", "not_due"), ("2025-02-01", "not_met")]
)
@pytest.mark.parametrize("own", [True, False])
def test_a_review_is_not_yet_due_until_its_day_has_gone_by(as_at: str, result: str, own: bool) -> None:
    asked = [clause for clause in FRAMEWORK.clauses if clause.check == "framework_is_reviewed"]
    looked_at = replace(evidence(*clean(), as_at=as_at), is_own=own)
    found, _ = clauses.results(asked, looked_at, SCHEME)
    unseen = "no_evidence" if own else "observation"
    expected = unseen if result == "not_met" else result
    assert found["result"].tolist() == [expected]
    assert ("31 January 2025" in found["why"].iloc[0]) == (result == "not_due")


def test_a_retired_measure_is_asked_for_nothing() -> None:
    tables, rated = change("rated", 3, state="retired", value=float("nan"))(
        *change("measures", 3, owner="", definition="")(*clean())
    )
    assert TESTS["measure_has_owner"](evidence(tables, rated)).failed == 0
    assert TESTS["measure_has_definition"](evidence(tables, rated)).failed == 0
    on_time = TESTS["data_is_on_time"](evidence(tables, rated))
    assert (on_time.failed, on_time.population) == (0, len(rated) - 1)


def test_a_marker_whose_measures_are_all_retired_has_none_and_a_retired_one_lends_no_side() -> None:
    tables, rated = clean()
    links = tables["links"]
    own = set(links.loc[links["node"] == "marker-05", "measure_id"])
    retired = rated.assign(state=rated["state"].mask(rated["measure_id"].isin(own), "retired"))
    answer = TESTS["node_has_measures"](evidence(tables, retired))
    assert [subject[:2] for subject in answer.exceptions["subject"]] == ["5."]
    is_lent = (links["node"] == "marker-05") & (links["perspective"] == "finance")
    lent = {**tables, "links": links.assign(measure_id=links["measure_id"].mask(is_lent, "m-0"))}
    assert TESTS["node_has_balanced_measures"](evidence(lent, rated)).failed == 0
    lone = rated.assign(state=rated["state"].mask(rated["measure_id"] == "m-0", "retired"))
    seen = TESTS["node_has_balanced_measures"](evidence(lent, lone)).exceptions
    assert [subject[:2] for subject in seen["subject"]] == ["5."]


def test_a_marker_that_does_not_stand_in_the_year_is_asked_for_no_measure() -> None:
    tables, rated = clean()
    none = {**tables, "links": tables["links"].iloc[:0]}
    whole = TESTS["node_has_measures"](evidence(none, rated))
    ended = FRAMEWORK.model_copy(
        update={
            "nodes": tuple(
                one.model_copy(update={"years": one.years.model_copy(update={"valid_to": "2023-24"})})
                if one.id == "marker-05"
                else one
                for one in FRAMEWORK.nodes
            )
        }
    )
    answer = TESTS["node_has_measures"](replace(evidence(none, rated), framework=ended))
    assert (answer.population, answer.failed) == (whole.population - 1, whole.failed - 1)


UNKNOWN = {
    "a late measure without any target": ("measure_has_target", without("targets", "measure_id", "m-4"), "M-4"),
    "a target that is yet to begin": ("measure_has_target", change("targets", 4, from_period="2025-26"), "M-4"),
    "a target of nothing": ("measure_has_target", change("targets", 4, target=NAN, lower=NAN, upper=NAN), "M-4"),
    "an approval on no day": ("target_is_approved", change("targets", 4, approved_on=pd.NaT), "M-4"),
    "an approval yet to come": (
        "target_is_approved", change("targets", 4, approved_on=pd.Timestamp("2024-12-01")), "M-4",
    ),
    "a monitored value that never came": ("data_is_on_time", change("rated", 4, state="monitor_only", value=NAN), "M-4"),
    "a comparison with another period": ("measure_is_compared", change("comparators", 0, period="2023-09"), "M-0"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(UNKNOWN))
def test_nothing_known_is_never_a_pass(case: str) -> None:
    name, spoil, subject = UNKNOWN[case]
    answer = TESTS[name](evidence(*spoil(*clean())))
    assert answer.exceptions["subject"].tolist() == [subject]


def test_a_link_that_has_ended_shows_nothing_of_its_marker() -> None:
    tables, rated = clean()
    ended = tables["links"].assign(
        valid_to=lambda rows: rows["valid_to"].mask(rows["node"] == "marker-05", "2023-24")
    )
    answer = TESTS["node_has_measures"](evidence({**tables, "links": ended}, rated))
    assert [subject[:2] for subject in answer.exceptions["subject"]] == ["5."]


RESULTS = """
force          tested  failed  result
duty                0       0  no_evidence
duty               10       0  met
duty                8       2  partly
duty                8       3  not_met
minimum             8       8  not_met
good practice       8       0  observation
context             8       0  observation
good practice       8       8  observation
example             8       1  observation
context             0       0  no_evidence
"""


@pytest.mark.parametrize("line", RESULTS.strip().splitlines()[1:])
def test_only_a_duty_or_a_minimum_can_end_as_met_or_not_met(line: str) -> None:
    force, tested, failed, result = line[:15].strip(), *line[15:].split()
    subjects = pd.DataFrame({"subject": [f"s{n}" for n in range(int(failed))]})
    answer = Answer(int(tested), exceptions(subjects, "wrong"))
    assert clauses.result(force, answer, SCHEME) == result


@pytest.mark.parametrize("framework", frameworks.ids())
def test_every_clause_names_a_test_that_is_there_or_awaited_and_tells_it_what_it_takes(
    framework: str,
) -> None:
    clauses.check_named(frameworks.load(framework).clauses, IN_FORCE)


def test_no_test_is_awaited_that_is_there_or_that_no_clause_names() -> None:
    named = {clause.check for one in frameworks.ids() for clause in frameworks.load(one).clauses}
    assert set(IN_FORCE.awaited) == named - {""} - set(TESTS)


def one_clause(**values: Any) -> Clause:
    asked = {
        "id": "x",
        "source": "1",
        "what": "W",
        "force": "duty",
        "unit": "directorate",
        "period": "year",
        "group": "risk",
    }
    return Clause(**{**asked, "how": "test", **values})


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        (one_clause(check="measure_has_ownr"), "clauses/risk.yml: 'measure_has_ownr' is not a known test .clause 'x'.. Did you mean 'measure_has_owner'"),
        (one_clause(check="plan_is_checked", parameters={"month": 3}), "'month' is not a known parameter of the test 'plan_is_checked'.*Did you mean 'months'"),
        (one_clause(check="measure_has_owner", parameters={"percent": 9}), "'percent' is not a known parameter of the test 'measure_has_owner'"),
    ],
)  # fmt: skip
def test_a_misspelt_test_or_parameter_is_refused_with_the_file_and_the_nearest_name(
    clause: Clause, said: str
) -> None:
    with pytest.raises(PolicyError, match=said):
        clauses.results([clause], evidence(*clean()), SCHEME)


STANDING = {
    "has_test": one_clause(check="measure_has_owner"),
    "awaits_test": one_clause(check="moon_is_full", how="partly"),
    "needs_person": one_clause(how="attestation"),
    "informs": one_clause(how="information", force="context"),
}


@pytest.mark.parametrize("expected", STANDING)
def test_only_a_clause_with_a_test_comes_to_a_result(expected: str) -> None:
    clause = STANDING[expected]
    assert clauses.standing(clause) == expected
    found, listed = clauses.results([clause], evidence(*clean()), SCHEME)
    assert found["result"].tolist() == (["met"] if expected == "has_test" else [])
    assert listed.empty


def test_a_clause_asked_of_services_or_boards_is_answered_in_the_directorate_s_papers() -> None:
    units = {
        "council": "council",
        "directorate": "directorate",
        "service": "directorate",
        "board": "directorate",
    }
    made = [one_clause(id=unit, unit=unit, check="measure_has_owner") for unit in units]
    for level in ("council", "directorate"):
        assert [one.id for one in clauses.asked_in(made, level)] == [
            unit for unit in units if units[unit] == level
        ]


def test_results_and_exceptions_agree() -> None:
    spoiled = change("measures", 3, owner="")(*clean())
    found, listed = clauses.results(FRAMEWORK.clauses, evidence(*spoiled), SCHEME)
    assert found.set_index("clause")["failed"].loc["responsibilities-defined"] == 1
    counted = listed.groupby("clause")["subject"].nunique()
    expected = found.set_index("clause")["failed"]
    pd.testing.assert_series_equal(counted, expected[expected > 0].loc[counted.index], check_names=False)


def test_no_records_at_all_is_never_a_pass() -> None:
    tables, rated = clean()
    nothing = evidence({name: frame.iloc[:0] for name, frame in tables.items()}, rated.iloc[:0])
    directorates = [clause for clause in FRAMEWORK.clauses if clause.unit == "directorate"]
    found, _ = clauses.results(directorates, nothing, SCHEME)
    assert set(found["result"]) == {"no_evidence"}


def test_published_figures_are_never_a_pass_nor_a_failure() -> None:
    spoiled, rated = change("measures", 3, owner="")(*without("links", "node", "marker-05")(*clean()))
    outside = replace(evidence(spoiled, rated), is_own=False)
    found, listed = clauses.results(FRAMEWORK.clauses, outside, SCHEME)
    assert set(found["result"]) == {"observation", "no_evidence", "not_due"}
    results = found.set_index("test")["result"]
    assert results["measure_has_owner"] == "no_evidence"
    assert results["node_has_measures"] == "observation"
    assert set(listed["clause"]) == {"markers-measured"}
