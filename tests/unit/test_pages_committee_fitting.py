"""The first side of the committee's page holds as many failures as fit on it, never fewer than three where there are so many."""

from __future__ import annotations

import pytest

from pmf_lib.workbook.pages.committee import fitting
from pmf_lib.workbook.pieces.markup import Html


def piece(lines: int) -> Html:
    return Html("", "\n".join(["x" * fitting.LETTERS] * lines))


def of(count: int) -> list[Html]:
    """Each failure takes two lines."""
    return [piece(2)] * count


@pytest.mark.parametrize(
    ("taken", "count"),
    [
        (0.0, 5),
        (fitting.SIDE - 5 * 2.6, 5),
        (fitting.SIDE - 5 * 2.6 + 0.1, 4),
        (fitting.SIDE - 4 * 2.6 + 0.1, 3),
        (fitting.SIDE, 3),
    ],
)
def test_as_many_failures_stand_there_as_fit_and_at_least_three(taken: float, count: int) -> None:
    assert fitting.most_that_fit(5, of, taken) == count


def test_fewer_are_asked_for_where_the_template_allows_fewer() -> None:
    assert fitting.most_that_fit(2, of, fitting.SIDE) == 2


def test_each_notice_each_line_of_the_headline_and_what_is_said_of_the_rating_at_its_issue_take_room() -> (
    None
):
    bare = fitting.frame("Short", 0, 4)
    assert fitting.frame("Short", 0, 4, is_rated=True) == bare + fitting.ISSUED
    assert fitting.frame("Short", 2, 4) == bare + 2 * fitting.BANNER
    assert fitting.frame("x" * (fitting.LETTERS_OF_HEADLINE + 1), 0, 4) == bare + fitting.TITLE
