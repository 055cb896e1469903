"""What awaits a decision, as drawn tables: of which level, since when, by when; what ought to have come to it; what changed nothing."""

from datetime import date

import pandas as pd
import pytest
from minuted import drawn, rows
from test_clauses_escalation import SCHEME

from pmf_lib.assurance.escalation import awaiting
from pmf_lib.assurance.escalation.loop import LOOP_COLUMNS

AS_AT = date(2024, 11, 15)
MEETINGS = """
meeting_id | body              | directorate | held_on    | state
m-1        | cmt               |             | 2024-10-07 | held
m-2        | cmt               |             | 2024-11-05 | held
m-3        | cabinet           |             | 2024-11-12 | cancelled
m-4        | cabinet           |             | 2024-12-10 | planned
m-5        | directorate-board | resources   | 2024-10-24 | held
m-6        | directorate-board | childrens   | 2024-10-10 | held
"""


def steps(text):
    return rows(
        "escalations",
        [{"title": "Bins", "from_level": "service", "outcome": "", **one} for one in drawn(text)],
    )


def loop(*given):
    """Closed loops of missed measures; what is not given is empty."""
    blank = dict.fromkeys([*LOOP_COLUMNS, "directorate"], "")
    days = {"asked_by": pd.NaT, "done_on": pd.NaT}
    columns = [*LOOP_COLUMNS, "directorate"]
    own = [
        blank | days | {"running_n": 1, "escalation": "in_time", "stands": "under_way"} | one for one in given
    ]
    return pd.DataFrame(own, columns=columns)


def awaited(text="escalation_id | to_level | raised_on", *loops):
    return awaiting.awaited(steps(text), rows("meetings", drawn(MEETINGS)), loop(*loops), SCHEME, AS_AT)


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("cmt         | resources | 2024-10-25 |            |            |          ", ("cmt", "decide", "2024-10-25", "2024-11-05", True)),
        ("cmt         | resources | 2024-10-25 | 2024-11-05 | 2024-11-05 | action   ", None),
        ("cmt         | resources | 2024-10-25 | 2024-11-05 | 2024-11-05 | none     ", ("cmt", "decide", "2024-10-25", "2024-11-05", True)),
        ("cmt         | resources | 2024-10-25 | 2024-11-05 | 2024-11-05 | deferred ", ("cmt", "deferred", "2024-11-05", None, False)),
        ("cmt         | resources | 2024-11-06 |            |            |          ", ("cmt", "decide", "2024-11-06", "2025-01-05", False)),
        ("cabinet     |           | 2024-10-25 |            |            |          ", ("cabinet", "decide", "2024-10-25", "2024-12-10", False)),
        ("scrutiny    |           | 2024-09-01 |            |            |          ", ("scrutiny", "decide", "2024-09-01", "2024-10-31", True)),
        ("scrutiny    |           | 2024-09-01 | 2024-09-20 |            |          ", ("scrutiny", "decide", "2024-09-01", "2024-09-20", True)),
        ("directorate | resources | 2024-10-01 |            |            |          ", ("directorate", "decide", "2024-10-01", "2024-10-24", True)),
        ("directorate | childrens | 2024-10-11 |            |            |          ", ("directorate", "decide", "2024-10-11", "2024-12-10", False)),
        ("cmt         | resources | 2024-11-16 |            |            |          ", None),
        ("cmt         | resources | 2024-10-25 |            | 2024-11-20 | action   ", ("cmt", "decide", "2024-10-25", "2024-11-05", True)),
    ],
)  # fmt: skip
def test_a_step_waits_from_the_day_it_was_raised_until_its_level_decides(step, found):
    made = awaited(
        "escalation_id | to_level | directorate | raised_on | received_on | decided_on | outcome\ne-1 | "
        + step
    )
    if found is None:
        assert made.empty
        return
    level, kind, since, due, late = found
    row = made.iloc[0]
    assert (len(made), row["level"], row["kind"], row["is_overdue"]) == (1, level, kind, late)
    assert row["since"] == pd.Timestamp(since)
    assert (None if pd.isna(row["due_on"]) else str(row["due_on"].date())) == due


def test_a_step_that_another_follows_waits_at_the_higher_level_alone():
    made = awaited("""
escalation_id | to_level    | directorate | raised_on  | follows
e-1           | directorate | resources   | 2024-10-01 |
e-2           | cmt         | resources   | 2024-10-02 | e-1
""")
    assert made["level"].tolist() == ["cmt"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"escalation": "never"}, True),
        ({"escalation": "lapsed"}, True),
        ({"escalation": "too_low", "reached_level": "directorate"}, True),
        ({"escalation": "late"}, False),
        ({"escalation": "not_due", "asked_level": ""}, False),
    ],
)
def test_what_ought_to_have_come_to_a_level_and_did_not_is_asked_of_that_level(given, found):
    row = {
        "measure_id": "bins",
        "title": "Bins",
        "asked_level": "cabinet",
        "asked_by": pd.Timestamp("2024-11-11"),
    }
    made = awaited("escalation_id | to_level | raised_on", row | given)
    assert made[["level", "kind", "is_overdue"]].to_numpy().tolist() == [["cabinet", "raise", True]] * found


@pytest.mark.parametrize(
    ("stands", "found"),
    [
        (["no_change"], ["cmt"]),
        (["no_change", "worse"], ["cmt"]),
        (["no_change", "under_way"], []),
        (["too_early"], []),
        (["better"], []),
        (["no_action"], []),
    ],
)
def test_a_level_decides_anew_where_all_that_was_done_changed_nothing(stands, found):
    row = {"measure_id": "bins", "title": "Bins", "reached_level": "cmt"}
    loops = [
        row | {"stands": one, "done_on": pd.Timestamp(f"2024-0{n}-01"), "effect": one}
        for n, one in enumerate(stands, 1)
    ]
    made = awaited("escalation_id | to_level | raised_on", *loops)
    assert made["level"].tolist() == found
    if found:
        assert made.iloc[0][["kind", "effect"]].tolist() == ["again", stands[-1]]
        assert made.iloc[0]["since"] == pd.Timestamp(f"2024-0{len(stands)}-01")


def test_the_highest_level_comes_first_and_at_each_what_is_overdue_then_what_has_waited_longest():
    made = awaited(
        """
escalation_id | title | to_level | raised_on
e-1           | New   | cmt      | 2024-11-10
e-2           | Old   | cmt      | 2024-10-10
e-3           | Older | cmt      | 2024-10-01
e-4           | Homes | cabinet  | 2024-11-13
""",
        {"measure_id": "bins", "title": "Bins", "escalation": "never", "asked_level": "cmt"},
    )
    assert made["title"].tolist() == ["Homes", "Bins", "Older", "Old", "New"]
    assert list(made) == list(awaiting.COLUMNS)


def test_the_order_of_rows_never_matters_and_nothing_given_is_changed():
    text = "escalation_id | title | to_level | raised_on\ne-1 | New | cmt | 2024-11-10\ne-2 | Old | cmt | 2024-10-10"
    given, meetings = steps(text), rows("meetings", drawn(MEETINGS))
    before = given.copy()
    one = awaiting.awaited(given, meetings, loop(), SCHEME, AS_AT)
    other = awaiting.awaited(given.iloc[::-1], meetings.iloc[::-1], loop(), SCHEME, AS_AT)
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(given, before)


def test_of_nothing_nothing_waits():
    assert awaited().empty
