"""The index: what is here, what failed, and filters without script."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from pmf_lib.reports.site import index_html

BASE = {
    "council": "Sampleton",
    "framework": "PMF 2022 to 2025",
    "quarter": "2024-25 Q2",
    "edition": "Full edition",
}


def item(unit: str = "Resources", outcome: str = "ok", **more: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "title": "Data quality",
        "href": f"{unit}/1.html",
        "outcome": outcome,
        "headline": "All <well>",
        **more,
    }


def run(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**BASE, "evidence": "made-up", "items": list(items), "measures": measures(), **more}


def measures() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": ["Visits", "<b>Calls</b>"],
            "directorate": ["Resources", "Children"],
            "markers": ["Marker 1; Marker 2", ["Marker 2"]],
            "state": ["missed", "met"],
            "variation": ["no_real_change", ""],
            "href": ["Resources/2.html#visits", ""],
        }
    )


def row(markup: str, words: str) -> str:
    return next(line for line in markup.splitlines() if words in line and line.startswith("<tr"))


def test_reports_and_measures_are_listed_with_links_tags_and_labels():
    markup = index_html([run(item())])
    assert '<a href="Resources/1.html">Data quality</a>' in markup
    assert '<a href="Resources/2.html#visits">Visits</a>' in markup
    assert "All &lt;well&gt;" in markup
    assert "&lt;b&gt;Calls&lt;/b&gt;" in markup
    assert "pmf-tag-status-missed" in row(markup, "Visits")
    assert "Made-up data" in markup
    assert "Quarter 2, July to September 2024: the report is here" in markup


def test_failed_and_incomplete_runs_are_said_before_the_tables():
    top = index_html([run(item(), item("Children", "timed out"), complete=False)]).partition("<table>")[0]
    assert "1 of 2 reports are here; one could not be made" in top
    assert "is incomplete" in top
    assert "Data quality, Children (2024-25 Q2): it ran out of time" in top


def test_reports_that_nobody_asked_for_are_counted_and_do_not_bury_what_failed():
    items = [item(outcome="waiting"), item("Children", "not run"), item("Care", "killed")]
    top = index_html([run(*items, complete=False)]).partition("<dl")[0].partition("<h1>")[2]
    assert (
        "2 reports of Sampleton, PMF 2022 to 2025, Quarter 2, July to September 2024, Full edition were not run."
        in top
    )
    assert top.count("<li>") == 3
    assert "Data quality, Care (2024-25 Q2): it was stopped" in top


def test_an_outcome_that_is_not_known_is_still_said():
    assert "No: disk full" in index_html([run(item(outcome="disk_full"))])


def test_every_filter_hides_exactly_the_rows_without_its_class():
    markup = index_html([run(item(), item("Children"))])
    for key, option in [("d", "Resources"), ("s", "Missed"), ("m", "Marker 1")]:
        at = re.search(rf'<label for="{key}-(\d+)">{option}</label>', markup)
        assert at
        rule = re.search(
            rf"body:has\(#{key}-{at[1]}:checked\) [^\n]+:not\(\.{key}{at[1]}\){{display:none}}", markup
        )
        assert rule
        assert re.search(rf"\b{key}{at[1]}\b", row(markup, "Visits"))
        assert not re.search(rf"\b{key}{at[1]}\b", row(markup, "Calls"))


def test_states_are_listed_in_the_order_of_the_verdict_words():
    markup = index_html([run(item())])
    assert re.findall(r'<label for="s-\d+">(\w+)</label>', markup) == ["Met", "Missed"]


def test_more_runs_can_be_chosen_between_and_one_needs_no_choice():
    assert 'name="r"' not in index_html([run(item())])
    two = index_html([run(item()), run(item(), quarter="2024-25 Q1", evidence="published")])
    assert two.count('name="r"') == 3
    assert "Published figures, illustrative" in two
    assert '<tbody class="pmf-run r1" id="reports-1">' in two


def test_an_empty_index_says_how_to_make_a_run():
    markup = index_html([])
    assert "No run has been made yet" in markup
    assert "pmf run" in markup


def test_a_run_without_measures_has_a_table_of_reports_alone():
    markup = index_html([run(item(), measures=measures().iloc[:0])])
    assert markup.count("<table>") == 1
    assert "pmf-fold" not in markup.partition("</style>")[2]


def test_what_changed_is_said():
    assert "Visits was revised" in index_html([run(item(), changes=["Visits was revised"])])


def test_the_first_screen_says_what_is_here_of_each_run_and_what_can_not_be_compared():
    late = run(item(), item("Children", "failed"), quarter="2024-25 Q1")
    top = index_html([run(item(), changes=["One is worse"]), late]).partition("<form")[0]
    assert 'Quarter 2, July to September 2024: <a href="#reports-0">the report is here</a>' in top
    assert "Changed since last time: One is worse" in top
    assert "1 of 2 reports made, 1 could not be</a>" in top
    assert "<p>Resources; Children</p>" in top
    assert "Changed since last time: nothing to compare with yet" in top


def test_the_first_screen_gives_the_committee_s_finding_and_its_rating_and_each_report_its_question():
    page = {"title": "To the committee", "href": "c/7.html", "headline": "Two <fail>", "rating": "Limited"}
    markup = index_html([run(item(question="Is it <good>?"), assurance=page), run(item(), assurance={})])
    top, _, below = markup.partition("<form")
    assert top.count("<p>Assurance rating: Limited</p>") == top.count("Assurance rating") == 1
    assert '<p><a href="c/7.html">To the committee</a>: Two &lt;fail&gt;</p>' in top
    assert below.count('<span class="pmf-unit">Is it &lt;good&gt;?</span>') == 1
    assert "Assurance rating" not in index_html([run(item(), assurance={**page, "rating": ""})])


def labels(markup: str, key: str) -> list[str]:
    return re.findall(rf'<label for="{key}-\d+">([^<]+)</label>', markup)


def test_markers_are_named_with_their_titles_in_the_order_of_their_framework():
    nodes = {"Marker 2": "Roads are kept", "Marker 9": "Held by none", "Marker 1": "Live well, " * 9}
    markup = index_html([run(item(), nodes=nodes)])
    assert labels(markup, "m") == [
        "Marker 2: Roads are kept",
        "Marker 1: Live well, Live well, Live well, Live well, Live well, Live…",
    ]
    assert 'role="group"' not in markup


def test_markers_of_one_name_are_one_option_for_each_framework_under_its_heading():
    old = run(item(), council="Oldsample", framework_id="old", nodes={"Marker 1": "Clean streets"})
    markup = index_html([run(item()), old, run(item(), quarter="2024-25 Q1")])
    assert labels(markup, "m") == ["Marker 1", "Marker 2", "Marker 1: Clean streets", "Marker 2"]
    assert re.findall(r'<p id="m-of-\d">([^<]+)</p>', markup) == [
        "PMF 2022 to 2025: Sampleton",
        "PMF 2022 to 2025: Oldsample",
    ]
    assert "d0 s1 m0 m1" in row(markup, "Visits")


def test_units_of_one_name_in_two_councils_are_two_options():
    markup = index_html([run(item()), run(item(), council="Oldsample")])
    assert labels(markup, "d") == ["Resources", "Children", "Resources", "Children"]


def test_a_note_is_shown_when_no_row_of_its_run_fits_all_filters_shown():
    markup = index_html([run(item(), item("Children"))])
    fits = [
        ":has(:is(#d-all,#d-0):checked):has(:is(#s-all,#s-1):checked):has(:is(#m-all,#m-0,#m-1):checked)",
        ":has(:is(#d-all,#d-1):checked):has(:is(#s-all,#s-0):checked):has(:is(#m-all,#m-1):checked)",
    ]
    assert f"body:not({','.join(fits)}) #measures-0{{--note:block" in markup
    alike = measures().iloc[:1].assign(markers="")
    assert "#measures-0{--note" not in index_html([run(item(), measures=alike)])


@pytest.mark.parametrize("count", [1, 2])
def test_the_same_runs_give_the_same_bytes(count: int):
    assert index_html([run(item())] * count) == index_html([run(item())] * count)
