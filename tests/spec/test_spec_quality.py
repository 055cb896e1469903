"""Data quality, drawn: what a text claims, which values were due, what leads to which verdict."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from drawn import AS_AT, MEASURE, QUARTER, cases
from drawn import observations as drawn_values

from pmf_lib import periods
from pmf_lib.performance.frames import complete
from pmf_lib.records import findings
from pmf_lib.records.quality import breaks, claims, doubts, known, repeated, scheme, wording
from pmf_lib.records.quality.doubts import Seen
from pmf_lib.records.quality.measures import next_return, to_mend

SCHEME = scheme.load()

CLAIMS = """
| text                                                              | claims            |
|-------------------------------------------------------------------|-------------------|
| Performance has improved.                                         | improving         |
| Results are getting better.                                       | improving         |
| Waits continue to improve.                                        | improving         |
| Waits are up.                                                     | worsening         |
| Waits fell to 12 days.                                            | improving         |
| It got worse.                                                     | worsening         |
| Results deteriorated again, as in spring.                         | other_period; worsening |
| Performance has not improved.                                     |                   |
| There was no improvement this quarter.                            |                   |
| It hasn't worsened.                                               |                   |
| We met the target.                                                | on_target         |
| The target was not met.                                           | off_target        |
| We failed to meet the target.                                     | off_target        |
| We are short of the target.                                       | off_target        |
| Results are above target.                                         | off_target        |
| The target of 20 days was not met, as staff were ill.             | off_target        |
| We are no longer above target.                                    |                   |
| It improved, and we met our target.                               | improving; on_target |
| It improved on last year.                                         | improving; year_before |
| It improved but got worse again.                                  |                   |
| It improved in July.                                              | other_period      |
| Nothing improved.                                                 |                   |
| The new rota should improve this.                                 |                   |
| To improve, we hired staff.                                       |                   |
| We expect to meet the target next quarter.                        |                   |
| We met the target last year.                                      | year_before       |
| The target has gone up.                                           |                   |
| The contractor met its target.                                    |                   |
| Recording has improved.                                           |                   |
| Improved recording helped.                                        |                   |
| Performance improved in England.                                  |                   |
| In other councils, performance fell.                              |                   |
| Requests rose by a third.                                         |                   |
| Has performance improved? We shall see.                           |                   |
| Performance fell, though like for like there is none.             |                   |
| An improvement plan goes to the board.                            |                   |
| The result was better than expected.                              |                   |
| More staff, fewer delays.                                         |                   |
| The bettering of roads costs more.                                |                   |
"""
WAITS = wording.About("Average wait for a decision on requests", "days", "lower")


@pytest.mark.parametrize("case", cases(CLAIMS))
def test_what_a_text_claims_is_told_by_its_words(case):
    assert "; ".join(sorted(wording.claims(case["text"], WAITS, SCHEME.words))) == case.get("claims", "")


UP_AND_DOWN = """
| polarity | text                    | claims     |
|----------|-------------------------|------------|
| higher   | Performance rose.       | improving  |
| lower    | Performance rose.       | worsening  |
| higher   | We are below target.    | off_target |
| lower    | We are below target.    | on_target  |
| none     | Performance rose.       |            |
| none     | Performance improved.   |            |
| range    | Performance fell.       |            |
| range    | We are below target.    |            |
| range    | We met the target.      | on_target  |
"""


@pytest.mark.parametrize("case", cases(UP_AND_DOWN))
def test_polarity_says_what_up_and_down_mean(case):
    about = wording.About("Decisions", "%", case["polarity"])
    assert "; ".join(sorted(wording.claims(case["text"], about, SCHEME.words))) == case.get("claims", "")


UNCHANGED = """
| last                                    | now                                     | same |
|-----------------------------------------|-----------------------------------------|------|
| Two posts are empty. Up to 74% in Q2.   | Three posts are empty: up to 78% in Q3. | yes  |
| Fell short of the target.               | Fell short of the target again.         | yes  |
| Waits are up to 12 days.                | Waits are down to 12 days.              |      |
| The target was met.                     | The target was not met.                 |      |
| The backlog is still there.             | The backlog is still there. We met it.  |      |
"""


@pytest.mark.parametrize("case", cases(UNCHANGED))
def test_a_text_is_unchanged_if_only_dates_numbers_and_fillers_differ(case):
    both = pd.concat([said(case["last"], "2024-25 Q1"), said(case["now"])], ignore_index=True)
    found = repeated.unchanged(both, measures(), quarter=QUARTER, words=SCHEME.words)
    assert found["rule"].tolist() == ["commentary.unchanged"] * (case.get("same") == "yes")


@pytest.mark.parametrize("month", [name for full in periods.MONTHS for name in (full, full[:3])])
def test_each_month_is_a_date_that_may_differ(month):
    texts = "As in {}, two posts are empty.", "As in {}, three posts are empty."
    assert repeated.is_unchanged(texts[0].format(month), texts[1].format("May"), SCHEME.words)


def test_a_short_text_and_one_of_two_quarters_ago_are_no_unchanged_commentary():
    short = pd.concat([said("On target.", "2024-25 Q1"), said("On target.")])
    old = pd.concat([said("The backlog is still there.", "2023-24 Q4"), said("The backlog is still there.")])
    for both in (short, old, short.iloc[:0]):
        assert repeated.unchanged(both, measures(), quarter=QUARTER, words=SCHEME.words).empty


CONTRADICTED = """
| text                             | polarity | before | value | state  | accumulation | found |
|----------------------------------|----------|--------|-------|--------|--------------|-------|
| Performance has improved.        | higher   | 93.7   | 90.4  | missed | in-period    | yes   |
| Performance has improved.        | higher   | 90.4   | 93.7  | missed | in-period    |       |
| Performance has improved.        | lower    | 90.4   | 93.7  | met    | in-period    | yes   |
| It got worse.                    | higher   | 90.4   | 93.7  | met    | in-period    | yes   |
| It got worse.                    | lower    | 90.4   | 93.7  | met    | in-period    |       |
| Performance has improved.        | higher   | 90.44  | 90.41 | met    | in-period    |       |
| Performance has improved.        | higher   | 90.4   | 90.4  | met    | in-period    |       |
| Performance has not improved.    | higher   | 93.7   | 90.4  | missed | in-period    |       |
| It improved on last year.        | higher   | 93.7   | 90.4  | missed | in-period    |       |
| Performance has improved.        | none     | 93.7   | 90.4  | met    | in-period    |       |
| Performance has improved.        | higher   | 93.7   | 90.4  | met    | year-to-date |       |
| We met the target.               | higher   | 90.4   | 93.7  | missed | in-period    | yes   |
| We met the target.               | higher   | 90.4   | 93.7  | near   | in-period    | yes   |
| We met the target.               | higher   | 93.7   | 90.4  | met    | in-period    |       |
| The target was not met.          | higher   | 90.4   | 93.7  | met    | in-period    | yes   |
| The target was not met.          | higher   | 90.4   | 93.7  | target_missing | in-period |  |
| Results are below target.        | lower    | 93.7   | 90.4  | met    | in-period    |       |
| Results are below target.        | higher   | 90.4   | 93.7  | met    | in-period    | yes   |
| Waits improved again, and we are short of the target. | lower | 21 | 24 | missed | in-period | yes |
| Performance improved this summer. | higher  | 93.7   | 90.4  | missed | in-period    |       |
| It improved, but also got worse. | higher   | 93.7   | 90.4  | missed | in-period    |       |
"""


def observations(values, **more):
    """Observations with every column of their table; of no values, none."""
    made = complete(drawn_values(values or {"2024-25 Q2": 1.0}, **more), "observations")
    made = made.assign(source_sheet="", source_row=made["source_row"].astype("int64"))
    return made if values else made.iloc[:0]


def said(text, quarter="2024-25 Q2"):
    row = {"measure_id": "a", "quarter": quarter, "text": text}
    place = {"source_file": "data/commentary.csv", "source_sheet": "", "source_row": 7}
    return pd.DataFrame([row | place])


def measures(**more):
    made = complete(pd.DataFrame([MEASURE | {"owner": "Head of Bins"} | more]), "measures")
    return made.assign(source_sheet="", source_row=made["source_row"].fillna(2).astype("int64"))


def contradicted(text, values, state="met", **measure):
    about = measures(**measure)
    held = known.in_force(observations(values), AS_AT)
    states = pd.Series({"a": state})
    return claims.contradictions(said(text), held, about, states, quarter=QUARTER, words=SCHEME.words)


@pytest.mark.parametrize("case", cases(CONTRADICTED))
def test_a_text_contradicts_its_series_where_it_claims_the_opposite(case):
    values = {"2024-25 Q1": case["before"], "2024-25 Q2": case["value"]}
    kind = {"polarity": case["polarity"], "accumulation": case["accumulation"]}
    found = contradicted(case["text"], values, case["state"], **kind)
    assert len(found) == (case.get("found") == "yes")


def test_a_contradiction_says_what_the_figures_show():
    found = contradicted("Performance has improved.", {"2024-25 Q1": 93.7, "2024-25 Q2": 90.4}, "missed")
    assert found["rule"].tolist() == ["commentary.contradicts"]
    assert found["expected"].iloc[0] == (
        "a text that fits the figures: 90.4% in Quarter 2, July to September 2024 is worse than 93.7% in Quarter 1, "
        "April to June 2024 (higher is better)"
    )


@pytest.mark.parametrize(("june", "found"), [(80.0, 0), (86.1, 1)])
def test_months_that_fell_in_a_better_quarter_do_not_contradict_a_text_of_either(june, found):
    months = {
        "2024-04": june,
        "2024-05": june,
        "2024-06": june,
        "2024-07": 86.0,
        "2024-08": 86.2,
        "2024-09": 84.7,
    }
    assert len(contradicted("It improved again.", months, frequency="monthly")) == found


def test_every_contradiction_of_a_text_is_said():
    months = {"2024-25 Q1": 93.7, "2024-25 Q2": 90.4}
    found = contradicted("It improved again and met the target.", months, "missed")
    assert found["expected"].iloc[0].endswith("(higher is better), and the target is not met")


@pytest.mark.parametrize(("year_ago", "found"), [(88.0, 0), (95.0, 1)])
def test_a_text_that_speaks_of_last_year_is_held_against_last_year(year_ago, found):
    values = {"2023-24 Q2": year_ago, "2024-25 Q1": 93.7, "2024-25 Q2": 90.4}
    assert len(contradicted("It improved on last year.", values)) == found


@pytest.mark.parametrize(("first", "found"), [("2024-25 Q1", 1), ("2024-25 Q2", 0)])
def test_values_before_a_change_of_definition_are_not_compared(first, found):
    values = {"2024-25 Q1": 93.7, "2024-25 Q2": 90.4}
    assert len(contradicted("It improved.", values, definition_from=first)) == found


# As at 15 November 2024, quarter 2024-25 Q2, four quarters back: periods of October 2023 to September 2024, and what
# fell due since 15 November 2023. 'held': when each period came.
DUE = """
| frequency | due after | first   | held until | retired    | due | there | missing            |
|-----------|-----------|---------|------------|------------|-----|-------|--------------------|
| monthly   | 20        | 2022-04 | 2024-09    |            | 12  | 12    |                    |
| monthly   | 20        | 2022-04 | 2024-07    |            | 12  | 10    | 2024-08; 2024-09   |
| monthly   | 60        | 2022-04 | 2024-08    |            | 12  | 12    |                    |
| monthly   | 20        | 2024-05 | 2024-09    |            | 5   | 5     |                    |
| monthly   | 20        | 2022-04 | 2024-07    | 2024-08    | 10  | 10    |                    |
| quarterly | 30        | 2022-23 Q1 | 2024-25 Q1 |         | 4   | 3     | 2024-25 Q2         |
| quarterly | 75        | 2022-23 Q1 | 2024-25 Q1 |         | 4   | 4     |                    |
| annual    | 150       | 2019-20 | 2023-24    |            | 1   | 1     |                    |
| annual    | 150       | 2019-20 | 2022-23    |            | 1   | 0     | 2023-24            |
| monthly   | 20        |         |            |            | 1   | 0     | 2024-09            |
"""


@pytest.mark.parametrize("case", cases(DUE))
def test_values_of_the_last_four_quarters_that_fell_due(case):
    about = measures(
        frequency=case["frequency"], due_days=float(case["due after"]), retired_from=case.get("retired", "")
    )
    rows = observations({})
    if "first" in case:
        period, last = (periods.parse(case[name]) for name in ("first", "held until"))
        labels = []
        while period <= last:
            labels.append(period.label)
            period = period.shift(1)
        rows = observations(dict.fromkeys(labels, 5.0), recorded_at=pd.Timestamp("2024-10-20"))
    due = known.values_due(about, rows, quarter=QUARTER, as_at=AS_AT, quarters=4)
    missing = due.loc[~due["is_there"], "period"]
    got = (len(due), int(due["is_there"].sum()), "; ".join(missing))
    assert got == (int(case["due"]), int(case["there"]), case.get("missing", ""))


@pytest.mark.parametrize(("recorded", "days"), [("2024-10-30", 0), ("2024-10-31", 1), ("2024-11-15", 16)])
def test_a_value_is_late_from_the_day_after_it_was_due(recorded, days):
    rows = observations({"2024-25 Q2": 5.0}, recorded_at=pd.Timestamp(recorded))
    due = known.values_due(measures(due_days=30), rows, quarter=QUARTER, as_at=AS_AT, quarters=4)
    assert due["days_late"].tolist() == [days]


def test_a_value_that_came_late_is_listed_with_the_row_with_which_it_first_came():
    first = observations({"2024-25 Q1": 5.0, "2024-25 Q2": 6.0}, recorded_at=pd.Timestamp("2024-11-01"))
    again = first.iloc[[1]].assign(recorded_at=pd.Timestamp("2024-11-10"), source_row=9)
    rows = pd.concat([again, first], ignore_index=True)
    due = known.values_due(measures(due_days=30), rows, quarter=QUARTER, as_at=AS_AT, quarters=4)
    late = known.came_late(due, rows, AS_AT)
    assert late[["period", "days_late", "source_row"]].to_numpy().tolist() == [
        ["2024-25 Q1", 94, 2],
        ["2024-25 Q2", 2, 3],
    ]


def test_a_value_for_a_period_after_the_quarters_end_is_not_counted_though_it_fell_due():
    rows = observations({"2024-08": 5.0, "2024-09": 5.0})
    about = measures(frequency="monthly", due_days=10)
    due = known.values_due(about, rows, quarter=QUARTER, as_at=AS_AT, quarters=4)
    assert due["period"].tolist() == ["2024-08", "2024-09"]


def test_a_value_due_on_the_day_of_the_report_is_not_missing_yet():
    rows = observations({"2024-25 Q1": 5.0})
    due = known.values_due(measures(due_days=46), rows, quarter=QUARTER, as_at=AS_AT, quarters=4)
    assert due["period"].tolist() == ["2024-25 Q1"]


LABELS = [f"{2022 + n // 4}-{23 + n // 4} Q{n % 4 + 1}" for n in range(10)]
VERDICTS = """
| what                    | evidence  | verdict     | reason                                            |
|-------------------------|-----------|-------------|---------------------------------------------------|
| nothing                 | own       | rely        |                                                   |
| no definition           | own       | do_not_rely | Nobody has written down how it is counted.        |
| no definition           | published | do_not_rely | Nobody has written down how it is counted.        |
| no owner                | own       | with_care   | No post answers for it.                           |
| no owner                | published | rely        |                                                   |
| latest missing          | own       | do_not_rely | The value for Quarter 2, July to September 2024 was due and is not there. |
| latest missing          | published | with_care   | The publisher's files hold no value for Quarter 2, July to September 2024. |
| earlier missing         | own       | with_care   | Earlier values that were due are missing: 1 of 4. |
| provisional             | own       | with_care   | The value for Quarter 2, July to September 2024 is not final. |
| latest slip             | own       | do_not_rely | The value for Quarter 2, July to September 2024 seems to be a power of ten out. |
| earlier slip            | own       | with_care   | An earlier value seems to be a power of ten out: Quarter 4, January to March 2024. |
| superseded slip         | own       | rely        |                                                   |
| left out                | own       | with_care   | Rows of its values could not be read: 1.          |
| late twice              | own       | with_care   | Values often come late: 2 of 4.                   |
| late once               | own       | rely        |                                                   |
| late twice              | published | rely        |                                                   |
| revised by 6 of 100     | own       | with_care   | The value for Quarter 4, January to March 2024 was changed a good deal after it was reported. |
| revised by 5 of 100     | own       | rely        |                                                   |
| revised by 0.1 of 1     | own       | rely        |                                                   |
| contradicts             | own       | with_care   | The commentary and the figures are to be read side by side. |
| retired                 | own       | not_judged  | It is retired.                                    |
| never due               | own       | not_judged  | No value has come, and none was due.              |
| suppressed              | own       | not_judged  | Its latest value is suppressed.                   |
| suppressed              | published | not_judged  | Its latest value is suppressed.                   |
| earlier suppressed      | own       | rely        |                                                   |
| latest inaccurate       | own       | do_not_rely | Tested against its cases, the value for Quarter 2, July to September 2024 was found inaccurate. |
| earlier inaccurate      | own       | with_care   | Tested against its cases, the value for Quarter 4, January to March 2024 was found inaccurate, and nobody has tested a later one. |
| not certifiable         | own       | with_care   | An auditor who tested the value for Quarter 2, July to September 2024 could not certify it. |
"""


def seen(what, evidence):
    about = measures(
        definition="" if what == "no definition" else "x", owner="" if what == "no owner" else "Head"
    )
    left = {"latest missing": [LABELS[-1]], "earlier missing": [LABELS[-3]], "never due": LABELS}.get(
        what, []
    )
    late = {"late twice": LABELS[-2:], "late once": LABELS[-1:]}.get(what, [])
    rows = observations({label: 50.0 for label in LABELS if label not in left})
    ended = known.dated(rows, about)["end"].reindex(rows.index)
    rows["recorded_at"] = ended + pd.to_timedelta(np.where(rows["period"].isin(late), 40, 20), unit="D")
    if what == "provisional":
        rows.loc[rows.index[-1], "state"] = "provisional"
    if what.endswith("suppressed"):
        rows.loc[rows.index[-1 if what == "suppressed" else -3], ["value", "state"]] = [np.nan, "suppressed"]
    due = known.values_due(about, rows, quarter=QUARTER, as_at=AS_AT, quarters=4)
    return Seen(
        measures=about, known=known.in_force(rows, AS_AT), due=due.iloc[:0] if what == "never due" else due,
        findings=fault(what, rows), contradictions=contradiction(what), revisions=revision(what),
        states=pd.Series({"a": "retired" if what == "retired" else "met"}), quarter=QUARTER, as_at=AS_AT,
        is_own=evidence == "own", failed=failed(what),
    )  # fmt: skip


def failed(what):
    """The newest certification, where it failed."""
    at = {"latest inaccurate": -1, "earlier inaccurate": -3, "not certifiable": -1}.get(what)
    rows = [] if at is None else [("a", LABELS[at], what != "not certifiable")]
    return pd.DataFrame(rows, columns=["measure_id", "period", "is_inaccurate"])


def revision(what):
    """One value of the year before, changed."""
    by, _, old = what.removeprefix("revised by ").partition(" of ")
    rows = [("a", LABELS[-3], float(by), float(old))] if old else []
    types = {"measure_id": str, "period": str, "difference": float, "old": float}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def contradiction(what):
    """A commentary that seems to contradict its figures."""
    if what != "contradicts":
        return findings.none()
    return findings.found("commentary.contradicts", "commentary", said("It improved."), expected="y")


def fault(what, rows):
    """One fault found in reading."""
    at = {"latest slip": -1, "earlier slip": -3}.get(what)
    if at is not None:
        row = rows.iloc[[at]]
    elif what in ("left out", "superseded slip"):
        row = rows.iloc[[0]].assign(source_row=999)
    else:
        return findings.none()
    rule = "cell.number" if what == "left out" else "value.unit-slip"
    return findings.found(rule, "observations", row, column="value", got="x", expected="y")


@pytest.mark.parametrize("case", cases(VERDICTS))
def test_the_gravest_reason_is_the_verdict(case):
    found = seen(case["what"], case["evidence"])
    judged = doubts.verdicts(found, doubts.doubts(found, SCHEME), SCHEME)
    assert judged[["reliance", "reasons"]].to_numpy().tolist() == [[case["verdict"], case.get("reason", "")]]


def test_of_a_failed_test_it_is_asked_to_mend_what_was_found():
    asked = to_mend(seen("earlier inaccurate", "own"), director="Director")
    assert asked[["what", "post"]].to_numpy().tolist() == [
        [
            "Mend what the auditor found in the cases behind the value for Quarter 4, January to March 2024, and have it tested anew.",
            "Head",
        ]
    ]


@pytest.mark.parametrize(
    ("first", "found"), [("2024-25 Q2", 1), ("2022-23 Q3", 1), ("2022-23 Q2", 0), ("2024-25 Q3", 0), ("", 0)]
)
def test_a_break_of_definition_is_told_within_the_quarters_shown(first, found):
    broken = breaks.definition_breaks(measures(definition_from=first), QUARTER, SCHEME)
    assert broken["rule"].tolist() == ["series.definition-break"] * found
    assert set(broken["severity"]) <= {"note"}


@pytest.mark.parametrize(
    ("as_at", "days", "due"),
    [("2024-11-15", 20, "2025-01-20"), ("2025-01-20", 20, "2025-04-20"), ("2025-01-19", 20, "2025-01-20")],
)
def test_what_is_asked_is_asked_by_the_next_return_that_is_still_to_come(as_at, days, due):
    assert next_return(QUARTER, date.fromisoformat(as_at), days) == date.fromisoformat(due)
