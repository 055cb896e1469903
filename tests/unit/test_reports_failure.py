"""The page in the place of a report that could not be made."""

from __future__ import annotations

import pytest

from pmf_lib.reports.failure import MEND, REASONS, failure_html

FACTS = {
    "title": "Data quality",
    "unit": "Resources",
    "notebook": "1_data_quality",
    "council": "Sampleton",
    "quarter_words": "Quarter 2, July to September 2024",
    "outcome": "failed",
    "section": "What we found",
    "message": "Column '<b>' is not there.\nMend it.",
    "stands": [{"title": "Measures <x>", "href": "2.html"}],
    "again": "pmf run --only 1_data_quality",
    "executed": "1_data_quality.ipynb",
    "data_used": [],
}


def test_it_says_what_failed_what_to_do_what_stands_and_how_to_run_just_that_again():
    markup = failure_html(FACTS)
    assert "<h1>“Data quality” for Resources could not be made</h1>" in markup
    assert "Column &#39;&lt;b&gt;&#39; is not there.</p>" in markup
    assert '<a href="2.html">Measures &lt;x&gt;</a>' in markup
    assert "pmf run --only 1_data_quality" in markup
    assert '<a href="1_data_quality.ipynb">' in markup
    assert "No records were read for this page." in markup


@pytest.mark.parametrize("outcome", REASONS)
def test_every_outcome_has_a_reason_and_a_remedy(outcome: str):
    markup = failure_html({**FACTS, "outcome": outcome})
    assert REASONS[outcome] in markup
    assert MEND[outcome] in markup


def test_the_remedy_can_be_given_and_nothing_else_may_stand():
    markup = failure_html({**FACTS, "mend": ["Save the sheet again."], "stands": []})
    assert "Save the sheet again." in markup
    assert MEND["failed"] not in markup
    assert "No other report of this run was made." in markup


def test_what_stands_may_be_words_alone_and_made_up_data_is_labelled():
    markup = failure_html({**FACTS, "stands": ["One <page>", "Another"], "evidence": "made-up"})
    assert "Two other reports of this run stand:" in markup
    assert "<li>One &lt;page&gt;</li>" in markup
    assert "<strong>Made-up data.</strong>" in markup


def test_it_needs_no_more_than_a_title():
    assert "could not be made" in failure_html({"title": "X"})
