"""Headlines and sentences, as drawn tables: what a reader is told for these states."""

import pandas as pd
import pytest

from pmf_lib.workbook.pages.measures import sentences


def rated(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """One row per (state, variation, capability)."""
    return pd.DataFrame(rows, columns=["state", "variation", "capability"])


def many(
    count: int, state: str = "met", variation: str = "no_real_change", capability: str = "hit_and_miss"
) -> list[tuple[str, str, str]]:
    return [(state, variation, capability)] * count


HEADLINES = [
    ([], "No measures are recorded here, so nothing shows how the markers stand"),
    (many(23), "None of the 23 measures with a result and a target misses it"),
    (many(33) + many(1, "missed"), "One of 34 measures misses its target"),
    (many(23) + many(11, "missed"), "11 of 34 measures miss their target"),
    (
        many(23) + many(7, "missed") + many(4, "missed", capability="not_expected"),
        "11 of 34 measures miss their target; four of them are not expected to meet it without a change in the process",
    ),
    (
        many(2) + many(1, "missed", "worsening_low", "not_expected"),
        "One of three measures misses its target",
    ),
    (
        many(1, "missed", capability="not_expected") + many(2),
        "One of three measures misses its target, and is not expected to meet it without a change in the process",
    ),
    (
        many(5, "target_missing") + many(1, "target_missing", "worsening_high", "not_tested"),
        "One of six tested measures shows a real change: for the worse",
    ),
    (
        many(3, "target_missing", "not_suited", "not_tested"),
        "No measure here has a target, and none has a series that can be tested for change (three measures)",
    ),
    (
        many(2, "late", "too_few_points", "not_tested"),
        "No measure here has a status this quarter, and none has a series that can be tested for change (two measures)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "said"), HEADLINES, ids=[said[:40] for _, said in HEADLINES])
def test_the_headline_is_the_finding(rows: list[tuple[str, str, str]], said: str) -> None:
    assert sentences.headline(rated(*rows)) == said


def test_the_counts_of_the_status_sentence_reconcile() -> None:
    rows = many(3) + many(2, "near") + many(1, "missed") + many(2, "late") + many(1, "not_due")
    said = sentences.status_sentence(rated(*rows))
    assert (
        said
        == "Of 9 measures, 6 can be rated: 3 met, 2 near and 1 missed. The others: 2 late and 1 not due this quarter."
    )


def test_where_nothing_can_be_rated_the_reasons_are_said() -> None:
    rows = many(2, "target_missing") + many(3, "not_due")
    said = (
        "None of the 5 measures can be rated against a target: 3 not due this quarter and 2 without a target."
    )
    assert sentences.status_sentence(rated(*rows)) == said


def test_every_absence_has_its_words() -> None:
    from pmf_lib import verdicts

    known = verdicts.load()
    assert set(sentences.ABSENCES) == set(known.codes("absence"))
    assert set(sentences.RATED) == set(known.codes("status"))
    untested = {"too_few_points", "not_suited"}
    assert set(sentences.TESTED) == set(known.codes("variation")) - untested


def test_the_change_sentence_counts_every_measure_once() -> None:
    rows = (
        many(1, variation="improving_low") + many(2, variation="worsening_high") + many(1, variation="neither_low")
        + many(4) + many(2, variation="not_suited")
    )  # fmt: skip
    ways = "2 for the worse, 1 for the better and 1 neither better nor worse"
    assert sentences.change_sentence(rated(*rows)) == (
        f"Of 8 series that can be tested, 4 show a real change ({ways}); 4 vary as they usually do. 2 can't be tested: too "
        "few points, no recent value, or a kind of series that the test does not suit."
    )
    assert sentences.changes_title(rated(*rows)) == f"Four measures show a real change: {ways}"
    assert sentences.changes_title(rated(*many(2))) == "No measure shows a real change"
    assert sentences.changes_title(rated(*many(2, variation="not_suited"))) == "No change could be tested"


def test_the_capability_sentence_speaks_of_tested_targets_alone() -> None:
    rows = (
        many(1, capability="consistently_meets")
        + many(3)
        + many(2, capability="not_expected")
        + many(4, capability="not_tested")
    )
    assert sentences.capability_sentence(rated(*rows)).startswith("Of 6 targets tested")
    assert "No target can be tested" in sentences.capability_sentence(
        rated(*many(2, capability="not_tested"))
    )


def test_a_target_whose_process_has_just_changed_is_counted_apart() -> None:
    rows = (
        many(2, capability="consistently_meets")
        + many(1, variation="worsening_high", capability="consistently_meets")
        + many(1, variation="improving_low", capability="not_expected")
    )
    said = sentences.capability_sentence(rated(*rows).assign(limits=["trial", "final", "final", "trial"]))
    assert said == (
        "Of 4 targets tested against the range in which the process runs, 2 are consistently expected to be met and of "
        "2 nothing can be said before the cause is found, as they have just changed. Two of the 4 rest on trial limits: too short a series to be sure."
    )


def test_trial_limits_of_series_without_a_target_are_not_counted_among_targets() -> None:
    rows = many(2, capability="consistently_meets") + many(3, capability="not_tested")
    said = sentences.capability_sentence(rated(*rows).assign(limits="trial"))
    assert said.endswith(" All 2 rest on trial limits: too short a series to be sure.")
