"""The printed tree of a framework."""

from __future__ import annotations

import pytest

from pmf_lib import framework


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def pmf():
    return framework.tree_text(framework.load("pmf-2022-25"))


@pytest.fixture(scope="module")
def wpf():
    return framework.tree_text(framework.load("wpf-2009"))


@pytest.mark.parametrize("name", ["pmf-2022-25", "wpf-2009"])
def test_every_node_is_printed_with_its_words_and_number(name):
    found = framework.load(name)
    text = flat(framework.tree_text(found)).casefold()
    for node in found.nodes:
        number = f" {node.number}" if node.number else ""
        assert f"{found.level(node.level).singular}{number}: {flat(node.title)}".casefold() in text


@pytest.mark.parametrize("name", ["pmf-2022-25", "wpf-2009"])
def test_lines_keep_to_the_page_and_the_text_is_the_same_every_time(name):
    text = framework.tree_text(framework.load(name))
    assert max(len(line) for line in text.splitlines()) <= 100
    assert [line for line in text.splitlines() if line != line.rstrip()] == []
    assert text == framework.tree_text(framework.load(name))


def test_a_child_stands_under_its_parent_and_further_in(pmf):
    lines = pmf.splitlines()
    parent = next(n for n, line in enumerate(lines) if line.startswith("    Outcome 9:"))
    child = next(n for n, line in enumerate(lines) if line.startswith("      Marker of success 18:"))
    after = next(n for n, line in enumerate(lines) if line.startswith("    Outcome 10:"))
    assert parent < child < after


def test_assumptions_carry_a_dagger_and_are_explained_at_the_foot(pmf):
    text = flat(pmf)
    assert "Priority 1: Economic (assumed †1)" in text
    assert text.count("(place assumed †2)") == 10
    assert "†1 The five priorities are Economic, People, Internal focus, Children and Communities." in text
    assert "†2 Outcomes 1 and 2 belong to Economic" in text


def test_an_open_level_is_said_to_be_open(wpf):
    assert "Pledges: open level under a citizen outcome or internal driver" in flat(wpf)


def test_a_level_that_follows_the_year_says_from_when(pmf):
    text = flat(pmf)
    assert 'Markers of success follow the year ("developed based on' in text
    assert "shown are those from 2022-23 (assumed †3)" in text


def test_the_alignment_table_is_printed_row_by_row(wpf):
    text = flat(wpf)
    assert (
        "8. People can get around easily and safely The Council's citizen outcomes: Safe and secure" in text
    )
    assert "SCS Outcomes: Feeling safe and being healthy (People); Improving housing choice (Places)" in text


def test_dates_and_standing_are_in_the_heading(pmf, wpf):
    assert 'Review due by 31 January 2025 ("Review Date: January 2025").' in pmf
    assert "Status: superseded by pmf-2022-25." in wpf
    assert "last day not known (assumed †1)" in wpf
    assert "Review: the document sets no date." in wpf


def test_what_stays_open_is_told_apart_from_what_is_filled(wpf):
    text = flat(wpf)
    assert "names none of them; they come from the council's file. (stays open) [2]" in text
    assert "no date for Cabinet. (filled by an assumption †1)" in text
