"""Claims beside evidence: each mark stands at its level, what is not known lies apart, and words and numbers agree."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from test_charts_made_up import HOSTILE, contrast, faults_of, words_of

from pmf_lib import verdicts
from pmf_lib.assurance.maturity.rules import LEVELS
from pmf_lib.workbook.charts import alt_claims, claims_beside_evidence, data_claims
from pmf_lib.workbook.charts.claims import CLAIMED, EVIDENCED, UNKNOWN, places
from pmf_lib.workbook.pieces.figure import svg

ROWS = [
    ("risk", "lived", "not_lived", "claimed three levels higher"),
    ("planning cycle", "lived", "on_paper", "claimed one level higher"),
    ("external review", "lived", "not_shown", "nothing known"),
    ("people and values", "on_paper", "on_paper", "as claimed"),
    ("golden thread", "partly", "lived", "shown two levels higher"),
    ("review", "", "on_paper", "no claim"),
    ("boards", "", "", "nothing known"),
]


def known(*, first: int = 0) -> pd.DataFrame:
    return pd.DataFrame(ROWS[first:], columns=["group", "claimed", "evidenced", "said"])


def drawn(figure, colour: str) -> list[tuple[float, float]]:
    """Places of the points of this colour (of their face, or of their rim where they are hollow), from the top."""
    found = [
        tuple(place)
        for dots in figure.axes[0].collections
        if len(dots.get_offsets())
        and colour.lower() in (to_hex(dots.get_facecolor()[0]), to_hex(dots.get_edgecolor()[0]))
        for place in dots.get_offsets().tolist()
    ]
    return sorted(found, key=lambda place: -place[1])


def test_a_better_level_stands_further_right_and_nothing_known_at_the_left():
    told = places(pd.DataFrame({"claimed": [*LEVELS, ""], "evidenced": [*LEVELS, "not_shown"]}))
    assert told["evidenced_at"].tolist() == [4, 3, 2, 1, 0]
    assert told["claimed_at"].tolist()[:4] == [4, 3, 2, 1]
    assert told["claimed_at"].isna().tolist() == [False] * 4 + [True]


def test_marks_stand_where_the_frame_says():
    figure = claims_beside_evidence(known())
    assert drawn(figure, CLAIMED.colour) == [(4, 6.5), (4, 5.5), (4, 4.5), (3, 3.5), (2, 2.5)]
    assert drawn(figure, EVIDENCED.colour) == [(1, 6.5), (3, 5.5), (3, 3.5), (4, 2.5), (3, 1.5)]
    assert drawn(figure, UNKNOWN.colour) == [(0, 4.5), (0, 0.5)]


def test_a_line_joins_the_two_marks_and_is_dotted_to_what_is_not_known():
    lines = [line for line in claims_beside_evidence(known()).axes[0].lines if line.get_linewidth() > 1]
    ends = [(*map(float, line.get_xdata()), line.get_linestyle()) for line in lines]
    assert ends == [(1, 4, "-"), (3, 4, "-"), (0, 4, ":"), (3, 3, "-"), (4, 2, "-")]


@pytest.mark.parametrize("first", [0, 2])
def test_every_group_level_and_gap_is_said_in_words(first: int):
    figure = claims_beside_evidence(known(first=first))
    said = words_of(figure)
    for group, _, _, gap in ROWS[first:]:
        assert group.capitalize() in said
        assert gap in said
    for code in LEVELS:
        assert verdicts.load().get("embedding", code).word in said
    assert "Not known" in said
    assert "claimed" in said
    assert "evidenced" in said
    assert faults_of(figure) == []


def test_long_and_hostile_names_stay_in_their_place():
    assert faults_of(claims_beside_evidence(known().assign(group=HOSTILE, said=HOSTILE))) == []


def test_the_picture_in_words_counts_groups_and_names_claims_above_evidence():
    assert alt_claims(known()) == (
        "7 groups of clauses: 2 claimed above what is evidenced, 1 claimed as evidenced, 1 evidenced above what is claimed, "
        "1 claimed with nothing known and 2 not claimed. Risk: claimed lived, evidenced not lived; Planning cycle: claimed "
        "lived, evidenced on paper."
    )


def test_the_table_has_a_row_a_group_with_both_levels_and_the_gap():
    table = data_claims(known())
    assert list(table) == ["What is asked", "Claimed", "Evidenced", "Gap"]
    assert table.iloc[0].tolist() == ["Risk", "Lived", "Not lived", "claimed three levels higher"]
    assert table.iloc[2].tolist()[:3] == ["External review", "Lived", "not known"]
    assert table.iloc[-1].tolist()[:3] == ["Boards", "no claim", "not known"]


def test_nothing_to_show_is_a_sentence():
    assert "Nobody has claimed a level" in words_of(claims_beside_evidence(known().iloc[:0]))
    assert alt_claims(known().iloc[:0]).startswith("Nobody has claimed a level")


def test_the_same_rows_give_the_same_bytes():
    assert svg(claims_beside_evidence(known())) == svg(claims_beside_evidence(known()))


def test_marks_differ_in_shape_and_can_be_told_from_their_ground():
    assert CLAIMED.shape != EVIDENCED.shape
    assert UNKNOWN.hollow
    for mark in (CLAIMED, EVIDENCED, UNKNOWN):
        assert contrast(mark.colour, "#EEEFEF") >= 3
