"""Pictures: described, with their numbers beside them, and the same bytes every time."""

from __future__ import annotations

import base64
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from pmf_lib.errors import ParameterError
from pmf_lib.workbook.pieces.figure import figure


def drawn() -> plt.Figure:
    fig, axes = plt.subplots(figsize=(4, 2))
    axes.plot([1, 3, 2], marker="o")
    axes.set_xlabel("Quarter")
    axes.fill_between([0, 1, 2], [0, 1, 0], hatch="//")
    return fig


def shown(**more: object) -> str:
    settled = {
        "title": "It rose",
        "alt": 'A line "rising" <fast>',
        "data": pd.DataFrame({"q": ["Q1"], "n": [1.5]}),
    }
    return figure(drawn(), **{**settled, **more}).markup


def picture(markup: str) -> str:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', markup)
    assert found
    return base64.b64decode(found[1]).decode()


def test_a_picture_is_described_titled_and_sized():
    markup = shown(subtitle="Per cent", source="Returns")
    assert 'alt="A line &quot;rising&quot; &lt;fast&gt;" width="384" height="192"' in markup
    assert "<figcaption>" in markup
    assert "Source: Returns" in markup


def test_the_numbers_of_a_picture_are_a_table_behind_it():
    markup = shown()
    assert '<details class="pmf-numbers">' in markup
    assert "Numbers behind: It rose" in markup
    assert "<details>" not in shown(data=None)


def test_the_same_figure_gives_the_same_bytes_without_a_date_and_with_text_as_outlines():
    assert shown() == shown()
    svg = picture(shown())
    assert "<dc:date>" not in svg
    assert "<text" not in svg
    assert "DejaVuSans" in svg


def test_the_figure_is_closed_after_it_is_shown():
    plt.close("all")
    shown()
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", ["alt", "title"])
def test_a_picture_without_words_is_refused(name: str):
    with pytest.raises(ParameterError, match=f"'{name}' is empty"):
        shown(**{name: " "})


def test_a_picture_s_card_can_be_reached_by_keyboard_and_is_named_by_its_finding():
    assert '<div class="pmf-card" role="group" aria-label="It rose" tabindex="0"><img' in shown()
