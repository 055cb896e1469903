"""A service without any record is unknown: nothing is said against it, nothing is counted for it, and it is grey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from lived_council import SCHEMES, Lived, lived
from lived_detect import calls
from lived_shape import Service
from minuted import FRAMEWORKS

from pmf_lib import verdicts
from pmf_lib.assurance import clauses, thread
from pmf_lib.assurance.clauses import ClauseScheme
from pmf_lib.policy import load
from pmf_lib.records.keys import PART_OF

OF_NODES = ("node_", "promise_has_measures")
"""Tests of the whole council's nodes and promises: what this service alone measured is measured by nobody now."""
ASKS_FOR_RECORDS = (
    *("service_leaves_records", "plan_is_in_force", "service_has_forecast", "document_is_in_force"),
    *(
        "data_is_on_time",
        "outside_data_is_on_time",
        "measure_has_target",
        "measure_is_compared",
        "service_has_reported",
    ),
)
"""Tests that ask for the very records that such a service does not keep."""
OF_MEASURES = ("observations", "targets", "comparators", "commentary", "forecasts")
NOT_A_PASS = ("no_evidence", "not_applicable", "not_due", "not_met", "observation")


def chosen(seed: int, framework: str) -> tuple[Lived, Service]:
    """A council, and one of its services: not the first of a directorate, whose measures the directorate's own plan names."""
    of = lived(seed, framework)
    rest = [each for unit in of.shape.units for each in of.shape.of(unit)[1:]]
    return of, rest[int(np.random.default_rng([seed, 3]).integers(len(rest)))]


def nothing_of(of: Lived, service: Service) -> Lived:
    """The council without any row of the service."""
    own = [each.id for each in of.figures.of(service)]
    made = bare(of, service, [*OF_MEASURES, "links"], own)
    gone = made.put(measures=_rest(of.tables["measures"], service))
    return replace(gone, rated=of.rated[~of.rated["measure_id"].isin(own)])


def only_measures_of(of: Lived, service: Service) -> Lived:
    """The council without any row of the service, but for the list of its measures."""
    own = [each.id for each in of.figures.of(service)]
    made = bare(of, service, OF_MEASURES, own).put(measures=of.tables["measures"])
    for measure in own:
        made = made.rated_again(measure)
    return made


def bare(of: Lived, service: Service, tables: list[str] | tuple[str, ...], measures: list[str]) -> Lived:
    made = {name: _rest(frame, service) for name, frame in of.tables.items() if "directorate" in frame}
    made["objectives"] = of.tables["objectives"].query("owner != @service.head")
    made["agenda"] = of.tables["agenda"]
    for name, (table, key) in PART_OF.items():
        made[name] = made[name][made[name][key].isin(made[table][key])]
    made |= {name: of.tables[name][~of.tables[name]["measure_id"].isin(measures)] for name in tables}
    return of.put(**{name: frame.reset_index(drop=True) for name, frame in made.items()})


def _rest(rows: pd.DataFrame, service: Service) -> pd.DataFrame:
    """Rows of a table that are not the service's."""
    if "service" not in rows:
        return rows
    return rows[(rows["service"] != service.name) | (rows["directorate"] != service.directorate)]


def exceptions_of(of: Lived) -> list[tuple[str, str, str]]:
    """Test, unit and subject of every exception."""
    return [
        (call.test, unit, subject)
        for call in calls(of.shape.framework.id)
        for unit in call.units(of)
        for subject in call.answer(of, unit).exceptions["subject"]
    ]


def assert_nothing_is_said(seed: int, framework: str) -> None:
    of, service = chosen(seed, framework)
    gone = nothing_of(of, service)
    said = [one for one in exceptions_of(gone) if not one[0].startswith(OF_NODES)]
    assert said == [], f"seed {seed}, {service.key}"
    reached = thread.reach(gone.evidence(service.directorate))
    assert service.name not in set(reached["service"])
    assert (reached["state"] == "whole").all()


def naming_all(of: Lived) -> Lived:
    """The council, whose file names every service that it has."""
    units = tuple(
        one.model_copy(update={"services": tuple(each.name for each in of.shape.of(one.id))})
        for one in of.shape.council.directorates
    )
    council = of.shape.council.model_copy(update={"directorates": units})
    shape = replace(of.shape)
    vars(shape)["council"] = council
    return replace(of, shape=shape)


def assert_it_is_unknown_once_it_is_named(seed: int, framework: str) -> None:
    of, service = chosen(seed, framework)
    gone = naming_all(nothing_of(of, service))
    said = [one for one in exceptions_of(gone) if not one[0].startswith(OF_NODES)]
    asked = {"service_leaves_records"} & {call.test for call in calls(framework)}
    assert {test for test, *_ in said} == asked, f"seed {seed}, {service.key}"
    assert all(subject.startswith(service.name) for *_, subject in said)
    evidence = gone.evidence(service.directorate)
    states = thread.reach(evidence).set_index("service")["state"]
    assert states[service.name] == "unknown"
    assert set(states.drop(service.name)) <= {"whole"}
    assert [line.startswith(service.name) for line in thread.unknown(evidence)] == [True]
    assert thread.breaks(evidence).empty


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_service_without_any_row_is_unknown_where_the_council_s_file_names_it(framework: str) -> None:
    for seed in range(3):
        assert_it_is_unknown_once_it_is_named(seed, framework)


def assert_only_its_records_are_asked_for(seed: int, framework: str) -> None:
    of, service = chosen(seed, framework)
    gone = only_measures_of(of, service)
    own = {
        service.name,
        f"{service.name} ({service.directorate})",
        *(each.title for each in of.figures.of(service)),
    }
    said = [one for one in exceptions_of(gone) if not one[0].startswith(OF_NODES)]
    others = [one for one in said if one[0] not in ASKS_FOR_RECORDS or service.name not in one[2]]
    assert others == [], f"seed {seed}, {service.key}: {own}"
    evidence = gone.evidence(service.directorate)
    reached = thread.reach(evidence).set_index("service")
    assert reached["state"].to_dict()[service.name] == "unknown"
    assert set(reached["state"].drop(service.name)) <= {"whole"}
    assert thread.breaks(evidence).empty
    assert [line.startswith(service.name) for line in thread.unknown(evidence)] == [True]


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_of_a_service_without_any_row_nothing_is_said(framework: str) -> None:
    for seed in range(3):
        assert_nothing_is_said(seed, framework)


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_service_with_only_a_list_of_measures_is_asked_for_its_records_and_its_thread_is_unknown(
    framework: str,
) -> None:
    for seed in range(3):
        assert_only_its_records_are_asked_for(seed, framework)


def test_its_conversations_are_counted_in_no_total() -> None:
    of, service = chosen(0, "pmf-2022-25")
    gone = nothing_of(of, service)
    call = next(one for one in calls("pmf-2022-25") if one.test == "conversations_are_held")
    before, now = (call.answer(one, service.directorate).population for one in (of, gone))
    assert (before, now) == (len(of.shape.of(service.directorate)), before - 1)


def test_what_is_unknown_of_a_thread_is_grey() -> None:
    marks = {one.code: one.mark for one in verdicts.load().verdicts if one.kind == "thread"}
    assert marks["unknown"] == "#505A5F"
    assert len(set(marks.values())) == len(marks)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_of_a_directorate_without_any_row_nothing_is_ever_a_pass(framework: str) -> None:
    of = lived(0, framework)
    unit = of.shape.units[0]
    made = {
        name: frame[frame["directorate"] != unit]
        for name, frame in of.tables.items()
        if "directorate" in frame
    }
    for name, (table, key) in PART_OF.items():
        rows = of.tables[name]
        made[name] = rows[rows[key].isin(made[table][key])]
    gone = of.put(**{name: frame.reset_index(drop=True) for name, frame in made.items()})
    asked = clauses.asked_in(of.shape.framework.clauses, "directorate")
    found, _ = clauses.results(asked, gone.evidence(unit), load(SCHEMES / "clauses.yml", ClauseScheme))
    passed = found[~found["result"].isin(NOT_A_PASS)]
    assert passed.empty, passed[["clause", "test", "result", "population"]].to_numpy().tolist()
