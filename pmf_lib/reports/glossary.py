"""The glossary as a page beside the index: the words of ``GLOSSARY.md``, each with an address that pages can lead to."""

from __future__ import annotations

import pandas as pd

from pmf_lib.reports import chrome
from pmf_lib.workbook.pages.shared import terms
from pmf_lib.workbook.pieces.tables import Column, table

HREF = terms.PLACE
INDEX_HREF = "../../../../../index.html"
"""From a report (outputs/council/framework/quarter/edition/unit/) back up to ``outputs/``."""


def glossary_html(markdown: str) -> str:
    r"""The page of this glossary: a table of two columns, word and meaning, in Markdown.

    >>> "<th" in glossary_html("| word | meaning |\n|---|---|\n| as at | the only *today* |")
    True
    """
    words = glossary(markdown)
    facts = {"council": "", "title": "Glossary", "index_href": "index.html"}
    shown = table(
        words,
        title=f"{len(words)} words, each with one meaning",
        subtitle="The same in pages, records and documentation",
        columns={"word": "Word", "meaning": Column("Meaning", "text")},
        row_id="word",
    )
    return chrome.page("text.html.j2", facts, headline="Words used in these reports", content=shown)


def glossary(markdown: str) -> pd.DataFrame:
    """One row per word: word and meaning, from the rows of the Markdown table."""
    lines = [line.strip().strip("|").split("|", 1) for line in markdown.splitlines() if line.startswith("|")]
    cells = [
        [cell.strip().strip("|").strip().replace("*", "").replace("`", "") for cell in line]
        for line in lines[2:]
    ]
    return pd.DataFrame(cells, columns=["word", "meaning"])
