"""Typed parameters, and scraps that survive the trip through a notebook."""

import numpy as np
import pandas as pd
import pytest

from pmf_lib.errors import ParameterError, PmfError
from pmf_lib.sidecar import Parameter, Sidecar
from pmf_lib.workbook import scraps


def declared() -> Sidecar:
    return Sidecar(
        name="2_x",
        title="X",
        question="Y?",
        stage="directorate",
        parameters={
            "quarter": Parameter(kind="quarter", default="2024-25 Q2", doc=""),
            "as_at": Parameter(kind="date", default="2024-11-15", doc=""),
            "directorate": Parameter(kind="id", default="adults", doc=""),
            "edition": Parameter(kind="choice", default="full", choices=("full",), doc=""),
        },
        reads=("measures",),
        emits={"page": 1},
    )


def test_every_parameter_is_passed_also_those_left_at_their_default() -> None:
    checked = declared().checked({"directorate": "childrens"})
    assert checked == {
        "quarter": "2024-25 Q2",
        "as_at": "2024-11-15",
        "directorate": "childrens",
        "edition": "full",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"directorat": "adults"}, "Did you mean 'directorate'"),
        ({"quarter": "2024-25Q5"}, "'2024-25Q5' is not a reporting quarter"),
        ({"quarter": "2025-27 Q1"}, "Write the financial year and quarter as 'YYYY-YY Qn'"),
        ({"as_at": "soon"}, "'soon' is not a date"),
        ({"edition": "public"}, "'public' is not a known edition"),
        ({"directorate": ""}, "expected an id"),
        ({"directorate": 7}, "expected text"),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(given: dict[str, object], said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        declared().checked(given)
    assert said in str(caught.value)


def test_a_name_nearly_a_parameters_is_found_and_others_are_let_be() -> None:
    names = {
        "directorat": "adults",
        "Quarter_": "x",
        "book": object(),
        "_as_at": "y",
        "colour": "red",
        "pd": pd,
    }
    assert declared().near_misses(names) == ["directorat", "Quarter_"]


def test_a_frame_survives_the_round_trip_with_its_types() -> None:
    frame = pd.DataFrame(
        {
            "measure_id": ["a", "b"],
            "value": [1.5, np.nan],
            "due_on": pd.to_datetime(["2024-10-01", None]),
            "n": [1, 2],
            "is_proxy": [True, False],
        }
    )
    back = scraps.unpacked(scraps.packed("x", 1, frame))
    pd.testing.assert_frame_equal(back, frame.assign(due_on=frame["due_on"].astype("datetime64[us]")))


def test_an_empty_frame_keeps_its_columns_and_types() -> None:
    frame = pd.DataFrame({"measure_id": pd.Series(dtype=str), "value": pd.Series(dtype=float)})
    pd.testing.assert_frame_equal(scraps.unpacked(scraps.packed("x", 1, frame)), frame)


def test_what_is_packed_is_plain_json() -> None:
    packed = scraps.packed("x", 2, {"a": (1, 2), "when": pd.Timestamp("2024-01-01"), "nothing": float("nan")})
    assert packed["value"] == {"a": [1, 2], "when": "2024-01-01T00:00:00", "nothing": None}
    assert (packed["schema"], packed["version"]) == ("x", 2)


def test_a_scrap_is_declared_and_recorded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    glued: list[str] = []
    monkeypatch.setattr(scraps, "_glue", lambda name, payload: glued.append(name))
    done: set[str] = set()
    scraps.record(declared(), done, "page", {})
    with pytest.raises(PmfError, match="recorded twice"):
        scraps.record(declared(), done, "page", {})
    with pytest.raises(PmfError, match="'pages' is not a known scrap"):
        scraps.record(declared(), done, "pages", {})
    assert glued == ["page"]
