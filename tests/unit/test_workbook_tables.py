"""Tables, tags and other pieces of a page: readable by a screen reader, and safe whatever the records hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pmf_lib import verdicts
from pmf_lib.errors import ParameterError, PolicyError
from pmf_lib.workbook.pieces import tables
from pmf_lib.workbook.pieces.markup import SHAPES
from pmf_lib.workbook.pieces.tables import Column

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\" onload=\"x"


class Elements(HTMLParser):
    """Names of the elements and attributes of some markup, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["m1", "m2", "all"],
            "measure": ["Visits", HOSTILE, "All"],
            "value": [-1234.56, None, 3.0],
            "decimals": [1, 0, 0],
            "due": pd.to_datetime(["2024-09-30", None, "2024-10-01"]),
            "state": ["met", "late", ""],
            "place": ["report.html#m1", "javascript:alert(1)", ""],
            "group": ["A", "A", "B"],
        }
    )


def shown(**more: object) -> str:
    columns = {
        "measure": "Measure",
        "value": Column("Result", unit="%", decimals="decimals"),
        "due": "Due",
        "state": Column("Status", "tag", verdict="status"),
    }
    return tables.table(frame(), title="One of two met", columns=columns, **more).markup


def test_a_table_has_a_caption_scopes_and_a_named_box_that_takes_the_keyboard():
    markup = shown()
    name = re.search(r'<span class="pmf-title" id="([^"]+)">One of two met</span>', markup)
    assert name
    assert f'role="region" aria-labelledby="{name[1]}" tabindex="0"' in markup
    assert markup.count('<th scope="col"') == 4
    assert markup.count('<th scope="row"') == 3
    assert "<caption>" in markup


def test_numbers_are_right_aligned_with_the_decimals_of_their_row_and_a_true_minus_sign():
    markup = shown()
    assert '<td class="pmf-number">−1,234.6</td>' in markup
    assert '<td class="pmf-number">–</td>' in markup
    assert '<td class="pmf-number">3</td>' in markup
    assert '<span class="pmf-unit">%</span>' in markup


def test_dates_are_written_in_words():
    assert '<td class="pmf-date">30 September 2024</td>' in shown()


def test_text_from_records_never_becomes_markup():
    found = Elements(shown(source=HOSTILE, subtitle=HOSTILE, group="group"))
    assert not {"script", "img"} & set(found.elements)
    assert not {"onload", "onerror", "style"} & set(found.attributes)
    assert found.text.count(HOSTILE) == 3


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_shown_as_itself_in_every_piece(text: str):
    bare = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]", "", text)
    pieces = [
        tables.text(text),
        tables.headline(text),
        tables.bullets([text]),
        tables.callout(text),
        tables.details(text, text),
        tables.summary_list({text: text}),
    ]
    plain = {"h1", "ul", "li", "div", "p", "strong", "details", "summary", "dl", "dt", "dd"}
    for piece in pieces:
        found = Elements(piece.markup)
        assert set(found.elements) <= plain
        assert bare.replace("\r", "").strip() in found.text.replace("\r", "")


def test_a_table_without_rows_says_why_and_what_to_do():
    empty = tables.table(
        frame().iloc[:0], title="Nothing is late", columns={"measure": "Measure"}, empty="All results are in."
    )
    assert "<table" not in empty.markup
    assert "All results are in." in empty.markup
    assert repr(empty) == "<table: Nothing is late (0 rows)>"


def test_rows_have_addresses_groups_have_headings_and_totals_are_marked():
    markup = shown(row_id="id", group="group", totals=1)
    assert '<tr id="m1">' in markup
    assert '<tr id="all" class="pmf-total">' in markup
    assert markup.count('<th scope="rowgroup" colspan="4">') == 2
    assert markup.count("<tbody>") == 2


def test_a_table_shows_only_the_columns_asked_for_and_all_when_none_are():
    two = pd.DataFrame({"a": [1], "b": ["x"]})
    assert tables.table(two, title="T", columns={"b": "B"}).markup.count("<th scope=") == 2
    assert tables.table(two, title="T").markup.count('<th scope="col"') == 2


def test_the_frame_of_a_table_is_not_changed():
    given_frame = frame()
    tables.table(given_frame, title="T")
    assert_frame_equal(given_frame, frame())


def test_links_go_only_to_web_mail_and_relative_addresses():
    markup = tables.table(frame(), title="T", columns={"id": Column("Measure", "link", href="place")}).markup
    assert '<a href="report.html#m1">m1</a>' in markup
    assert "javascript" not in markup


@pytest.mark.parametrize("column", ["valu", "decimal"])
def test_a_column_that_is_not_there_is_refused_with_a_near_miss(column: str):
    columns = (
        {"value": Column("Value", "number", decimals="decimal")} if column == "decimal" else {column: "V"}
    )
    with pytest.raises(ParameterError, match="Did you mean"):
        tables.table(frame(), title="T", columns=columns)


def test_a_code_that_is_no_verdict_is_refused():
    with pytest.raises(PolicyError, match="not a known status verdict"):
        tables.table(frame(), title="T", columns={"id": Column("State", "tag", verdict="status")})


@pytest.mark.parametrize("verdict", verdicts.load().verdicts, ids=lambda found: f"{found.kind}-{found.code}")
def test_a_tag_always_says_its_word_beside_its_shape_and_carries_no_style(verdict: verdicts.Verdict):
    found = Elements(tables.tag(verdict).markup)
    assert verdict.word in found.text
    assert f"{SHAPES[verdict.shape]}{verdict.letter}" in found.text
    assert "style" not in found.attributes


def test_unknown_kinds_of_callout_and_levels_of_heading_are_refused():
    with pytest.raises(ParameterError, match="kind of callout"):
        tables.callout("x", "warnings")
    with pytest.raises(ParameterError, match="level"):
        tables.headline("x", level=5)


def test_pieces_join_in_order_and_show_plain_words_in_a_terminal():
    joined = tables.headline("First", level=2) + tables.paragraphs("Second", "")
    assert joined.markup == "<h2>First</h2>\n<p>Second</p>"
    assert repr(joined) == "First\nSecond"
