"""The proposed rating on the committee's page: its sentences, what stands on the first side, and what is said instead."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from rating_made import AS_AT, SCHEME, WHOLE, assurance, framed, recommendation, seen

from pmf_lib import verdicts
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import RECORDED
from pmf_lib.workbook import scraps
from pmf_lib.workbook.pages.rating import rating
from pmf_lib.workbook.results import Collected

SOUND = {"results": {"met": 50}}
WEAK = {"results": {"met": 40, "partly": 3, "not_met": 7}, "levels": ["not_lived", "on_paper"], "doubted": 2}
THIN = {"results": {"met": 10, "no_evidence": 40}}
NAMES = {"a": "Adults", "b": "Bins"}


def rows(records: list[dict[str, Any]], like: dict[str, Any]) -> pd.DataFrame:
    """Records as a table has them: by directorate, when they were recorded."""
    ids = {name: key for key, name in NAMES.items()} | {WHOLE: ""}
    frame = framed(like, records)
    own = frame.assign(directorate=frame["unit"].map(ids), **{RECORDED: pd.Timestamp("2024-10-01")})
    return own.drop(columns="unit")


def book(*, own: bool = True, assurances: Any = (), recommendations: Any = ()) -> Any:
    """A council of two directorates; None of a table that nobody sent."""
    given = {"assurances": (assurances, assurance()), "recommendations": (recommendations, recommendation())}
    tables = {name: rows(list(records or ()), like) for name, (records, like) in given.items()}
    sent = [name for name, (records, _) in given.items() if records is not None]
    tables["reads"] = pd.DataFrame({"table": sent, "is_sent": True, "delivered": ""})
    return SimpleNamespace(
        has_own_records=own, baseline=None, as_at=AS_AT, quarter=parse_quarter("2024-25 Q2"), looks_back=False,
        council=SimpleNamespace(directorates=[SimpleNamespace(id=key, name=name) for key, name in NAMES.items()]),
        schemes=SimpleNamespace(rating=SCHEME, verdicts=verdicts.load()), sidecar=SimpleNamespace(reads=list(given)),
        snapshot=SimpleNamespace(table=tables.__getitem__), whole=tables.__getitem__,
    )  # fmt: skip


def ratings(
    first: dict, second: dict, whole: dict = SOUND, *, missing: tuple[str, ...] = (), **records: Any
) -> pd.DataFrame:
    looked = seen({"Adults": first, "Bins": second, WHOLE: whole})
    quality = looked.reliance.assign(
        directorate=looked.reliance["unit"].map({"Adults": "a", "Bins": "b"}).fillna("")
    )
    collected = Collected({"quality": quality}, is_recorded=True, missing=missing)
    return rating.ratings(book(**records), collected, looked.clauses, looked.groups)


def of(frame: pd.DataFrame, unit: str) -> dict[str, Any]:
    return frame[frame["unit"] == unit].iloc[0].to_dict()


def test_reasons_stand_in_order_of_weight_with_their_figures_and_thresholds():
    said = of(ratings(WEAK, SOUND, recommendations=[recommendation("Adults")]), "Adults")
    assert (said["code"], said["unit_id"]) == ("limited", "a")
    assert said["reasons"] == [
        "Seven of 50 duties asked are not met (14%; limited at best from 10%).",
        "One of five key groups of duties is not lived: planning (limited at best from 1).",
        "The one recommendation of an assurer is overdue (reasonable at best from 1).",
    ]


def test_what_would_change_it_names_all_that_holds_it_and_no_more():
    said = of(ratings(WEAK, SOUND), "Adults")
    assert said["would_change"] == [
        "For reasonable, three of the seven duties not met would have to be met.",
        "For reasonable, also the one key group not lived would have to be lived, at least in part.",
    ]


def test_a_duty_that_mends_two_conditions_is_asked_for_once():
    said = of(ratings({"results": {"met": 44, "partly": 3, "not_met": 3}}, SOUND), "Adults")
    assert said["would_change"] == [
        "For substantial, all three duties not met would have to be met.",
    ]


def test_the_best_rating_says_what_would_take_it_away():
    said = of(ratings(SOUND, SOUND), "Adults")
    assert said["reasons"] == ["No condition holds it down: 50 of 50 duties asked are met."]
    assert said["would_change"] == ["With one duty not met it would be reasonable."]


def test_what_could_not_be_tested_gives_no_rating_and_says_what_is_needed():
    said = of(ratings(THIN, SOUND), "Adults")
    assert said["code"] == "unable"
    assert said["reasons"] == ["Only ten of 50 duties asked could be tested (20%; at least 60% are needed)."]
    assert said["would_change"] == ["To be rated, 20 more duties would have to be tested."]
    assert said["limits"][0] == "40 of 50 duties asked could not be tested."


def test_a_unit_without_records_is_told_what_is_needed():
    said = of(ratings({"results": {"no_evidence": 50}}, {"results": {"no_evidence": 50}}), WHOLE)
    assert said["reasons"] == ["None of its 2 directorates can be rated."]
    assert said["would_change"] == ["To be rated, one more directorate would have to be rated."]
    bare = of(ratings({"results": {"no_evidence": 50}}, SOUND), "Adults")
    assert bare["reasons"] == [
        "None of 50 duties asked could be tested (0%; at least 60% are needed).",
        "Of none of its 5 key groups could a duty be tested.",
    ]
    assert bare["would_change"] == [
        "To be rated, 30 more duties would have to be tested.",
        "To be rated, also of three more key groups a duty would have to be tested.",
    ]


def test_the_council_names_what_its_directorates_allow_and_who_can_t_be_rated():
    said = of(ratings(WEAK, THIN), WHOLE)
    assert said["code"] == "limited"
    assert said["reasons"] == ["Both directorates are rated limited or can't be rated."]
    assert said["limits"][-1] == "Bins can't be rated."


def test_one_directorate_that_is_rated_far_worse_holds_the_council_and_it_is_said():
    said = of(ratings({"results": {"met": 45, "not_met": 5}}, SOUND), WHOLE)
    assert said["code"] == "reasonable"
    assert said["reasons"] == [
        "One of two directorates is rated limited, and the council may be one step better at most."
    ]
    assert said["would_change"] == [
        "For substantial, the one directorate rated worst would have to be rated better."
    ]
    thin = of(ratings(THIN, SOUND), WHOLE)
    assert thin["reasons"] == [
        "One of two directorates can't be rated, and the council may be one step better at most."
    ]


def test_a_missing_directorate_leaves_the_council_without_a_rating():
    found = ratings(SOUND, {"results": {}}, missing=("Bins",))
    assert of(found, WHOLE)["reasons"] == ["Of Bins nothing was read."]
    assert of(found, WHOLE)["would_change"] == ["To be rated, the pages of Bins would have to be made."]
    assert of(found, "Bins")["reasons"] == ["Its pages were not made, so nothing of it was read."]
    assert of(found, "Adults")["code"] == "substantial"


def test_assurers_and_unsent_tables_are_named():
    said = of(ratings(SOUND, SOUND, assurances=[assurance("Adults", subject="Planning <b>")]), "Adults")
    assert said["reasons"] == [
        "One conclusion of an independent assurer stands at limited assurance or none: Head of Internal Audit on “Planning <b>” "
        "(reasonable at best from 1)."
    ]
    bare = of(ratings(SOUND, SOUND, assurances=None, recommendations=None), "Adults")
    assert bare["reasons"] == [
        "Both tables of assurers' work were not sent: recommendations and assurances (reasonable at best from 1)."
    ]
    assert bare["limits"] == [
        "Nobody sent the tables of recommendations, assurances and certifications, so nothing is known of what would stand there."
    ]


def test_an_adverse_conclusion_that_names_no_group_is_a_limit():
    said = of(ratings(SOUND, SOUND, assurances=[assurance("Adults", groups="")]), "Adults")
    assert said["code"] == "substantial"
    assert (
        "One adverse conclusion of independent assurers names no group of duties, and does not count."
        in said["limits"]
    )


def test_the_first_side_holds_the_tag_three_reasons_and_one_change():
    found = ratings(
        WEAK, WEAK, {"results": {"met": 48, "not_met": 2}, "levels": ["lived"] * 6 + ["not_lived"], "fell": 4}
    )
    shown = rating.shown(book(), found)
    assert shown.plain.splitlines() == [
        "Proposed assurance rating: ■■□□ Limited (second line; not an internal audit opinion), until a person confirms or "
        "overrides it.",
        "Why: Both directorates are rated limited. One of five key groups of duties is not lived: planning. Two of 50 duties asked of "
        "the council itself are not met. One more reason below.",
        "For reasonable, one of the two directorates would have to be rated better; one more thing it would take "
        "is listed below.",
    ]
    assert (
        '<span class="pmf-tag pmf-tag-rating-limited"><span aria-hidden="true">■■□□</span>&nbsp;Limited</span>'
        in shown.markup
    )


@pytest.mark.parametrize(
    ("answer", "issued", "said"),
    [("confirmed", "reasonable", "Last issued: reasonable (confirmed)."), ("overridden", "limited", "Last issued: limited (overridden).")],
)  # fmt: skip
def test_the_first_side_says_how_the_last_paper_rated_the_council(answer: str, issued: str, said: str):
    of = book()
    of.baseline = SimpleNamespace(
        paper=SimpleNamespace(ratings=[SimpleNamespace(unit="council", answer=answer, issued=issued)])
    )
    found = ratings(SOUND, SOUND)
    assert rating.shown(of, found).plain.splitlines()[0].endswith(f"overrides it. {said}")
    of.baseline.paper.ratings = []
    assert "Last issued" not in rating.shown(of, found).plain


def test_the_table_of_units_has_the_rule_beside_it_and_escapes_what_others_wrote():
    found = ratings(WEAK, THIN, assurances=[assurance("Adults", subject="<script>")])
    shown = rating.by_unit(book(), found)
    assert shown.plain.splitlines()[0] == (
        "<table: Of two directorates, one is proposed as limited and one can't be rated (3 rows)>"
    )
    assert "no opinion of internal audit" in shown.markup
    assert "&lt;script&gt;" in shown.markup
    assert "<script>" not in shown.markup
    for said in (
        "How the rating is told",
        "Duties asked that are not met",
        "from 40%",
        SCHEME.meanings.unable,
        "common definitions",
    ):
        assert said in shown.markup


@pytest.mark.parametrize("piece", [rating.shown, rating.by_unit])
def test_published_figures_have_no_rating_and_the_page_says_so(piece: Any):
    looked = seen()
    found = rating.ratings(book(own=False), Collected({}, is_recorded=True), looked.clauses, looked.groups)
    assert found.empty
    assert piece(book(own=False), found).plain == (
        "No assurance rating is proposed: published figures can't show whether arrangements are effective, and the council's own "
        "records were not seen."
    )
    assert scraps.unpacked(scraps.packed("ratings", 1, rating.recorded(found))).empty


def test_what_is_recorded_reads_back_one_sentence_a_line():
    found = rating.recorded(ratings(WEAK, THIN))
    back = scraps.unpacked(scraps.packed("ratings", 1, found))
    pd.testing.assert_frame_equal(back, found)
    assert back.set_index("unit_id")["code"].to_dict() == {
        "a": "limited",
        "b": "unable",
        "council": "limited",
    }
    assert back["reasons"].iloc[0].splitlines()[0].startswith("Seven of 50 duties")


@pytest.mark.parametrize(
    ("code", "blocks"),
    [("substantial", "■■■■"), ("reasonable", "■■■□"), ("no_assurance", "■□□□"), ("unable", "□□□□?")],
)
def test_a_rating_is_told_by_filled_blocks_and_its_word(code: str, blocks: str):
    assert rating.tag(verdicts.load().get("rating", code)).plain.split(" ", 1)[0] == blocks
