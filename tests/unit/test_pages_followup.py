"""Pages 3 and 7 on recommendations: what became of the earlier ones, in sentences, and what others recommended beside."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pmf_lib import framework as frameworks
from pmf_lib.assurance.clauses import RESULT_COLUMNS
from pmf_lib.assurance.followup import chain
from pmf_lib.decisions import Response
from pmf_lib.periods import parse_quarter
from pmf_lib.workbook import raised
from pmf_lib.workbook.book import schemes
from pmf_lib.workbook.pages.followup import advice, followup, followup_words

SCHEMES = schemes()
FRAMEWORK = frameworks.load("pmf-2022-25")
DIRECTORATES = (
    SimpleNamespace(id="a", name="Unit A", director="Director of A"),
    SimpleNamespace(id="b", name="Unit B", director=""),
)


class Snapshot:
    """Records of one council: which tables were sent, and the recommendations of others."""

    def __init__(self, rows: pd.DataFrame | None) -> None:
        names = ["recommendations", "assurances"]
        self.tables = {
            "reads": pd.DataFrame({"table": names, "is_sent": rows is not None}),
            "recommendations": rows,
            "assurances": pd.DataFrame({"assurance_id": ["audit"], "provider": ["Head of <Internal> Audit"]}),
        }

    def table(self, name: str) -> Any:
        return self.tables[name]


def baseline(
    rows: pd.DataFrame | None,
    *,
    quarter: str = "2024-25 Q1",
    earlier: Any = None,
    run_id: str = "a" * 12,
    said: Any = (),
) -> Any:
    """An issued paper that kept this list (None: it kept none)."""
    return SimpleNamespace(
        council_frame={"raised": rows}.__getitem__, earlier=earlier, responses=tuple(said), run_id=run_id,
        quarter=parse_quarter(quarter), name=f"version 1 of {quarter}",
    )  # fmt: skip


def book(*, last: Any = None, own: bool = True, unit: Any = None, others: pd.DataFrame | None = None) -> Any:
    snapshot = Snapshot(others)
    return SimpleNamespace(
        baseline=last, has_own_records=own, unit=unit, unit_name=unit.name if unit else "Whole council", schemes=SCHEMES,
        quarter=parse_quarter("2024-25 Q2"), as_at=date(2024, 11, 15), next_return=date(2025, 1, 20), framework=FRAMEWORK,
        council=SimpleNamespace(id="sample", directorates=DIRECTORATES, chief="Chief Executive"), snapshot=snapshot,
        table=snapshot.table, whole=snapshot.table,
    )  # fmt: skip


def listed(*states: str) -> pd.DataFrame:
    """A list of one row per 'state' or 'state<state before'."""
    told = [(*state.split("<"), "open")[:2] if "<" in state else (state, was(state)) for state in states]
    rows = pd.DataFrame(told, columns=["state", "was"])
    given = {
        "unit_id": "a", "unit": "Unit A", "clause": "targets-set", "what": "Each measure has a target", "why": "Not in order: 1 of 4 tested.",
        "raised_in": "2024-25 Q1", "counted_in": "2024-25 Q2", "answer": "none", "action": "", "owner": "Director of A", "closed_in": "2024-25 Q2",
        "raised_n": 1, "asked_by": pd.Timestamp("2024-10-20"), "due_on": pd.Timestamp("2024-10-20"),
    }  # fmt: skip
    made = rows.assign(id=[f"R-{place:07d}" for place in range(len(rows))], **given)[list(chain.COLUMNS)]
    return made.astype(chain.nothing().dtypes.to_dict())


def was(state: str) -> str:
    return {"new": "", "reopened": "closed"}.get(state, "open")


def said(given: pd.DataFrame, **more: Any) -> str:
    kept = {"last": baseline(chain.nothing())} | more
    return followup.first_side(book(**kept), given).plain.split(" Nobody sent")[0].split(" Others made")[0]


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        (["closed"] * 4 + ["open"] * 5 + ["overdue"] * 2 + ["new"] * 3,
         "Of 11 recommendations of the last issued report four are closed, five open and two overdue; three are new."),
        (["closed", "open", "new"], "Of two recommendations of the last issued report one is closed and one open; one is new."),
        (["closed"], "The one recommendation of the last issued report is closed; none is new."),
        (["closed", "closed"], "Both recommendations of the last issued report are closed; none is new."),
        (["open"] * 3, "All three recommendations of the last issued report are open; none is new."),
        (["not_known", "varied", "new"],
         "Of two recommendations of the last issued report one is varied by decision and one not known; one is new."),
        (["new", "new"], "No recommendation of the last issued report was left to follow; two are new."),
        (["closed<closed", "reopened", "open"],
         "The one recommendation of the last issued report is open; none is new and one has come back after it was closed."),
        (["reopened", "reopened", "new"],
         "No recommendation of the last issued report was left to follow; one is new and two have come back after they were closed."),
        ([], "No recommendation of the last issued report was left to follow; none is new."),
    ],
)  # fmt: skip
def test_what_became_of_the_last_reports_recommendations_is_one_sentence(
    states: list[str], sentence: str
) -> None:
    assert said(listed(*states)) == sentence


def test_of_a_directorate_it_is_said_that_it_is_its_own() -> None:
    sentence = "Both recommendations of the last issued report to this unit are open; none is new."
    assert said(listed("open", "open"), unit=DIRECTORATES[0]) == sentence


def test_a_version_put_right_is_told_from_the_quarter_before() -> None:
    again = baseline(chain.nothing(), quarter="2024-25 Q2")
    assert said(listed("open", "closed", "new"), last=again).startswith(
        "Of two recommendations that stood before this quarter one"
    )


@pytest.mark.parametrize(
    ("states", "last", "sentence"),
    [
        (["new", "new"], None, "No report was issued before this one: its two recommendations are all new."),
        (["new"], None, "No report was issued before this one: its one recommendation is new."),
        ([], None, "No report was issued before this one, and this one raises no recommendation."),
        (["new", "new"], baseline(None), "The last issued paper kept no list of recommendations, so the two of this report count as new."),
        (["new"], baseline(None), "The last issued paper kept no list of recommendations, so the one of this report counts as new."),
        ([], baseline(None), "The last issued paper kept no list of recommendations, and this report raises none."),
    ],
)  # fmt: skip
def test_without_an_earlier_list_all_are_new_and_it_is_said_why(
    states: list[str], last: Any, sentence: str
) -> None:
    assert said(listed(*states), last=last) == sentence


def test_where_the_last_paper_kept_no_list_that_of_the_one_before_is_followed_and_named() -> None:
    older = baseline(listed("open"), run_id="b" * 12)
    sentence = said(listed("open"), last=baseline(None, quarter="2024-25 Q2", earlier=older))
    assert sentence == (
        "The last issued paper kept no list of recommendations; that of version 1 of 2024-25 Q1 is followed. "
        "The one recommendation of the last issued report is open; none is new."
    )


def test_answers_given_since_the_list_was_kept_count_wherever_they_were_given() -> None:
    def response(run: str, **more: object) -> Response:
        given = {
            "run": run * 12,
            "unit": "a",
            "about": "targets-set",
            "answer": "accepted",
            "action": "Set them",
            "due": "2025-03-31",
        }
        return Response.model_validate({**given, "by": "Director", "dated": "2024-09-01", **more})

    older = baseline(listed("open"), run_id="b" * 12, said=[response("b")])
    newer = baseline(
        None, earlier=older, said=[response("a", answer="rejected", action="", due=None, note="No money")]
    )
    for paper, answer in (
        (older, ["accepted", "Set them", pd.Timestamp("2025-03-31")]),
        (newer, ["rejected", "No money", pd.Timestamp("2024-10-20")]),
    ):
        kept = raised.last(paper)
        assert kept is not None
        assert kept.rows[["answer", "action", "due_on"]].iloc[0].tolist() == answer


@pytest.mark.parametrize(
    ("states", "title"),
    [
        (["overdue", "overdue", "new", "open"], "Four recommendations stand: two overdue, one new and one open"),
        (["new"] * 3, "Three recommendations stand, all of them new"),
        (["overdue", "closed"], "One recommendation stands, and it is overdue"),
        (["reopened", "not_known", "varied"], "Three recommendations stand: one reopened, one not known and one varied by decision"),
        (["closed"], "No recommendation stands"),
    ],
)  # fmt: skip
def test_the_table_is_titled_by_how_many_stand_and_how(states: list[str], title: str) -> None:
    assert followup_words.title(listed(*states)) == title
    assert f">{followup_words.title(listed(*states))}<" in followup.listed(book(), listed(*states)).markup


def test_a_row_can_be_cited_and_linked_to_and_hostile_words_are_escaped() -> None:
    rows = listed("overdue").assign(what="<b>Targets</b>", owner="<i>Director</i>", raised_n=2)
    shown = followup.listed(book(last=baseline(chain.nothing())), rows).markup
    assert '<tr id="r-0000000">' in shown
    assert "<small>R-0000000</small>" in shown
    assert "&lt;b&gt;Targets" in shown
    assert "None yet; asked of &lt;i&gt;Director" in shown
    assert "2024-25 Q1, in two quarters" in shown
    assert "R-0000000" not in followup.first_side(book(last=baseline(chain.nothing())), rows).plain


def test_what_is_closed_is_folded_away_and_said_when() -> None:
    shown = followup.listed(book(), listed("open", "closed", "closed")).markup
    inside = shown.split("<details>")[1].split("</details>")[0]
    assert "<summary>Two closed recommendations</summary>" in inside
    assert inside.count("<small>") == 2
    assert "Closed in" in inside
    assert "Closed in" not in shown.split("<details>")[0]


@pytest.mark.parametrize(
    ("states", "empty"),
    [([], "This report raises no recommendation, and none stood before it."), (["closed"], "Every recommendation that was raised so far is closed.")],
)  # fmt: skip
def test_where_none_stands_it_is_said_why(states: list[str], empty: str) -> None:
    assert empty in followup.listed(book(), listed(*states)).markup


def test_a_directorates_table_names_no_unit() -> None:
    assert ">Unit<" in followup.listed(book(), listed("open")).markup
    assert ">Unit<" not in followup.listed(book(unit=DIRECTORATES[0]), listed("open")).markup


def clauses(*rows: tuple[str, str, str], unit: bool = True) -> pd.DataFrame:
    """Clause results: clause, unit, result."""
    given: dict[str, object] = dict.fromkeys(RESULT_COLUMNS, "") | {
        "test": "measure_has_owner",
        "force": "duty",
        "population": 4,
        "failed": 1,
    }
    frame = pd.DataFrame(
        [
            given | {"clause": clause, "unit": of, "result": result, "what": f"What {clause}"}
            for clause, of, result in rows
        ]
    )
    told = frame.assign(rests_on="document", source="1", why="Told.")
    return told if unit else told.drop(columns="unit")


NO_EXCEPTIONS = pd.DataFrame(
    columns=[
        "clause",
        "unit",
        "subject",
        "condition",
        "owner",
        "source_file",
        "source_sheet",
        "source_row",
        "is_past",
    ],
    dtype=object,
)


def test_each_duty_not_fully_met_raises_one_recommendation_with_an_id_of_its_units_own_id() -> None:
    rows = clauses(
        ("targets-set", "Unit A", "not_met"),
        ("targets-set", "Whole council", "partly"),
        ("owners-named", "Unit A", "met"),
    )
    found = followup.followed(book(), rows, NO_EXCEPTIONS)
    assert found[["unit_id", "state"]].to_numpy().tolist() == [["a", "new"], ["council", "new"]]
    assert found["id"].tolist()[1] == "R-MDXBM45"
    assert (found["due_on"] == pd.Timestamp("2025-01-20")).all()


def test_a_directorates_page_follows_its_own_alone_and_as_the_councils_page_does() -> None:
    rows = clauses(("targets-set", "Unit A", "not_met"), ("targets-set", "Unit B", "not_met"))
    first = followup.followed(book(), rows, NO_EXCEPTIONS)
    of_council = followup.followed(book(last=baseline(first)), rows, NO_EXCEPTIONS)
    of_unit = followup.followed(
        book(last=baseline(first), unit=DIRECTORATES[0]),
        rows[rows["unit"] == "Unit A"].drop(columns="unit"),
        NO_EXCEPTIONS.drop(columns="unit"),
    )
    expected = of_council[of_council["unit_id"] == "a"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_unit, expected)
    assert of_unit["state"].tolist() == ["open"]


@pytest.mark.parametrize("others", [None, []])
def test_a_directorates_page_says_but_once_that_others_recommended_nothing(
    others: list[dict[str, Any]] | None,
) -> None:
    records = None if others is None else recommended(*others)
    rows = clauses(("targets-set", "Unit A", "not_met"), unit=False)
    given = book(unit=DIRECTORATES[0], others=records)
    shown = followup.of_unit(given, rows, NO_EXCEPTIONS.drop(columns="unit")).markup
    assert shown.count(advice.said(given)) == 1
    assert "One recommendation stands, and it is new" in shown


def test_published_figures_raise_nothing_and_ask_nobody() -> None:
    rows = clauses(("targets-set", "Unit A", "observation"))
    published = book(own=False)
    found = followup.followed(published, rows, NO_EXCEPTIONS)
    assert found.empty
    assert list(found) == list(chain.COLUMNS)
    for piece in (followup.first_side, followup.listed):
        assert (
            piece(published, found).plain
            == "Published figures raise no recommendation, and nobody is asked to follow any up."
        )
    assert "nobody is asked" in followup.of_unit(published, rows, NO_EXCEPTIONS).plain


def recommended(*rows: dict[str, Any]) -> pd.DataFrame:
    given = {
        "assurance_id": "audit",
        "made_by": "",
        "directorate": "a",
        "title": "Keep lists",
        "owner": "Head",
        "response": "accepted",
    }
    days = {"raised_on": "2024-01-01", "due_on": "2024-10-01", "done_on": None, "recorded_at": "2024-01-02"}
    frame = pd.DataFrame(
        [given | days | {"recommendation_id": f"rec-{place}"} | row for place, row in enumerate(rows)],
        columns=["recommendation_id", *given, *days],
    )
    return frame.astype(dict.fromkeys(days, "datetime64[us]"))


DONE = {"done_on": "2024-09-01"}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{}, DONE, DONE], "Others made three recommendations: one is overdue and two are done."),
        ([DONE], "Others made one recommendation; it is done."),
        ([DONE, DONE], "Others made two recommendations; all are done."),
        ([{"response": "rejected"}, {"due_on": None}], "Others made two recommendations: one is open and one is declined."),
        ([], "The records hold no recommendation that others made."),
    ],
)  # fmt: skip
def test_what_others_recommended_is_counted_beside(rows: list[dict[str, Any]], sentence: str) -> None:
    assert advice.said(book(others=recommended(*rows))) == sentence
    assert followup.first_side(book(others=recommended(*rows)), listed()).plain.endswith(sentence)


def test_a_table_that_nobody_sent_is_no_zero() -> None:
    sentence = "Nobody sent the table of recommendations, so nothing is known of what others recommended."
    assert advice.said(book()) == sentence
    assert advice.listed(book()).plain == sentence


def test_others_recommendations_stand_in_a_table_of_their_own_with_who_made_them() -> None:
    shown = advice.listed(book(others=recommended({}, {"assurance_id": "", "made_by": "cmt"}, DONE))).markup
    assert "What others recommended: two of three are still to be done, two of them past their day" in shown
    assert "Head of &lt;Internal&gt; Audit" in shown
    assert "Management team" in shown
    assert "One recommendation of others is settled" in shown


def test_where_all_that_others_recommended_is_settled_it_is_said() -> None:
    shown = advice.listed(book(others=recommended(DONE))).markup
    assert "none of one is still to be done" in shown
    assert "Everything that others recommended is done or was declined." in shown
