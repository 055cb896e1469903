"""A notebook's page: what is on it, what is kept out, and that it is the same every time."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from typing import Any

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pmf_lib.reports.html import render
from pmf_lib.reports.sanitise import clean
from pmf_lib.workbook.pieces import tables

FACTS: dict[str, Any] = {
    "title": "Data quality",
    "question": "Can these figures be relied on?",
    "headline": "Three of 34 figures cannot be relied on",
    "council": "Sampleton Borough Council",
    "unit": "Resources",
    "framework": "PMF 2022 to 2025",
    "edition_words": "Full edition",
    "quarter_words": "Quarter 2, July to September 2024",
    "as_at_words": "15 November 2024",
    "paper_status": "Draft",
    "banners": [{"kind": "made-up", "text": "Every figure is invented."}],
    "content_key": "abc123",
    "notebook": "1_data_quality",
    "data_used": [
        {
            "source": "data/<b>x</b>.csv",
            "rows_read": 1200,
            "rows_kept": 1199,
            "rows_left_out": 1,
            "control_total": 2.5,
            "extract_date": "2024-11-01",
        }
    ],
    "reperform": ["pmf run --council 'sample'"],
    "glossary_url": "",
}


def output(kind: str = "display_data", **data: str) -> Any:
    return new_output(kind, {name.replace("__", "/"): text for name, text in data.items()})


def page(*cells: Any, facts: dict[str, Any] | None = None) -> str:
    return render(
        new_notebook(cells=list(cells), metadata={"pmf": {"page": FACTS if facts is None else facts}})
    )


def shown(*outputs: Any) -> str:
    return page(new_code_cell("secret = 1", outputs=list(outputs)))


def main(markup: str) -> str:
    return markup.partition('<main class="pmf-page" id="main">')[2].partition("</main>")[0]


def test_the_header_says_what_was_run_on_what_and_the_headline_is_the_finding():
    markup = page()
    assert markup.count("<h1>") == 1
    assert "<h1>Three of 34 figures cannot be relied on</h1>" in markup
    for name in (
        "council",
        "unit",
        "framework",
        "edition_words",
        "quarter_words",
        "as_at_words",
        "paper_status",
    ):
        assert FACTS[name] in markup.partition("<main")[0]
    assert "<strong>Made-up data.</strong> Every figure is invented." in markup


def test_the_footer_says_which_data_were_used_and_how_to_re_perform():
    footer = page().partition("<footer")[2]
    assert "Data used: 1 source, 1 row left out" in footer
    assert "data/&lt;b&gt;x&lt;/b&gt;.csv" in footer
    assert "1 November 2024" in footer
    assert "abc123" in footer
    assert "pmf run --council &#39;sample&#39;" in footer


def test_the_policy_allows_the_page_s_own_stylesheet_and_pictures_within_it_and_nothing_else():
    markup = page()
    css = re.search(r"<style>(.*?)</style>", markup, re.DOTALL)
    assert css
    digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
    assert f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'" in markup
    assert "<script" not in markup
    assert "style=" not in markup
    assert "@import" not in css[1]
    assert "url(" not in css[1]


def test_every_verdict_has_its_colours_in_the_stylesheet():
    assert ".pmf-tag-status-met{background-color:#CCE2D8;color:#005A30}" in page()


def test_code_standard_error_and_recorded_results_are_not_shown():
    markup = shown(
        new_output("stream", name="stderr", text="a warning"),
        new_output(
            "display_data", {"application/scrapbook.scrap.json+json": {"x": 1}, "text/plain": "a scrap"}
        ),
        new_output("display_data", {"image/png": "AAAA"}),
        output(text__html="<p>the finding</p>", text__plain="plain words"),
    )
    assert "<p>the finding</p>" in markup
    for hidden in ("secret", "a warning", "a scrap", "plain words", "AAAA"):
        assert hidden not in markup


def test_plain_text_is_shown_as_it_is_when_there_is_no_html():
    markup = shown(output(text__plain="<b>3</b>"), new_output("stream", name="stdout", text="said\n"))
    assert "<pre>&lt;b&gt;3&lt;/b&gt;</pre>" in markup
    assert "<pre>said</pre>" in markup


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("RecordsError", "Sheet &#x27;x&#x27; is not there."),
        ("KeyError", "The program met something it did not expect (KeyError: Sheet"),
    ],
)
def test_a_failed_cell_becomes_words_without_a_traceback(name: str, said: str):
    error = new_output(
        "error", ename=name, evalue="\x1b[31mSheet 'x' is not there.", traceback=["File secret.py"]
    )
    markup = shown(error).replace("'", "&#x27;")
    assert said in markup
    assert "secret.py" not in markup
    assert "\x1b" not in markup


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="https://example.org/x.png" alt="x">',
        '<img src="x" onerror="alert(1)" alt="x">',
        '<p style="color:red" onclick="x()">a</p>',
        '<a href="javascript:alert(1)">a</a>',
        '<a href="data:text/html,x">a</a>',
        '<iframe src="https://example.org"></iframe>',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        "<style>p{}</style>",
        '<form action="https://example.org"><input></form>',
        "<svg><script>alert(1)</script></svg>",
        '<p class="other" id="a b">a</p>',
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
    ],
)
def test_what_is_not_on_the_closed_list_does_not_reach_the_page(hostile: str):
    markup = main(shown(output(text__html=hostile)))
    assert not re.search(
        r"<(script|iframe|link|style|form|input|svg|meta|img)|\son\w+=|style=|javascript:|data:text", markup
    )
    assert 'class="other"' not in markup
    assert "a b" not in markup


def test_a_picture_within_the_page_stays_whatever_its_description_holds():
    picture = '<img alt="a &gt; b" width="1" height="1" src="data:image/svg+xml;base64,AAAA">'
    assert clean(picture) == picture


def test_markup_written_in_prose_is_shown_as_text_and_pictures_there_as_their_description():
    markup = main(page(new_markdown_cell("x <script>alert(1)</script> ![a map](https://example.org/x.png)")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in markup
    assert "a map" in markup
    assert "example.org" not in markup


def test_the_title_and_question_of_the_first_cell_are_not_said_twice():
    markup = page(new_markdown_cell("# Data quality\n\n**Can these\nfigures be relied on?**\n\nMore."))
    assert markup.count("be relied on?") == 1
    assert "<p>More.</p>" in markup


def test_the_headline_of_a_cell_is_not_said_twice_and_another_becomes_a_section():
    cells = [tables.headline(FACTS["headline"]), tables.headline("Another finding")]
    markup = main(shown(*(output(text__html=cell.markup) for cell in cells)))
    assert markup.count(FACTS["headline"]) == 1
    assert '<h2 id="another-finding">Another finding</h2>' in markup


def test_the_contents_lead_to_every_section_and_ids_are_unique():
    table = tables.table(pd.DataFrame({"a": [1]}), title="Same").markup
    prose = [new_markdown_cell("## What we found"), new_markdown_cell("## What we found\n\n## Main")]
    twice = new_code_cell("x", outputs=[output(text__html=table), output(text__html=table)])
    markup = page(*prose, twice)
    ids = re.findall(r'\sid="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', markup):
        assert target in ids
    assert '<a href="#what-we-found-2">What we found</a>' in markup
    assert '<h2 id="main-2">Main</h2>' in markup
    before, folded = markup.split("On this page: 3 sections</summary>")
    assert before.rstrip().endswith('<details>\n<summary id="contents-title">')
    assert folded.index("</details>") < folded.index("</nav>")


def test_text_that_looks_like_an_id_is_left_alone():
    markup = main(shown(*[output(text__html='<p id="x">say id="x"</p>')] * 2))
    assert markup.count('say id="x"') == 2
    assert 'id="x-2"' in markup


def test_the_same_notebook_gives_the_same_bytes_and_is_not_changed():
    made = new_notebook(cells=[new_markdown_cell("## One")], metadata={"pmf": {"page": FACTS}})
    before = copy.deepcopy(made)
    assert render(made) == render(made)
    assert made == before
    assert render(made).endswith("</html>\n")
    assert "\r" not in render(made)


def test_a_notebook_run_by_hand_has_a_page_too():
    markup = render(new_notebook(cells=[new_markdown_cell("# A trial\n\nWords.")]))
    assert "<h1>A trial</h1>" in markup
    assert "<p>Words.</p>" in markup


def test_facts_are_escaped_and_characters_that_html_forbids_are_left_out():
    markup = page(facts={"title": "<script>x</script>\x07", "banners": [{"kind": "odd", "text": "<i>"}]})
    assert "<script>" not in markup
    assert "\x07" not in markup
    assert "&lt;i&gt;" in markup


def test_a_card_that_scrolls_keeps_its_role_and_no_other_role_gets_in():
    card = '<div class="pmf-card" role="group" aria-label="It rose" tabindex="0">x</div>'
    assert clean(card).count('role="group"') == 1
    assert "role" not in clean('<div role="alert">x</div>')
