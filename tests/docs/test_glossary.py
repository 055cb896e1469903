"""Every word of a verdict that a page can show is explained in the glossary."""

from __future__ import annotations

import pytest

from pmf_lib import settings, verdicts
from pmf_lib.reports.glossary import glossary

WORDS = glossary((settings.root() / "GLOSSARY.md").read_text(encoding="utf-8"))
EXPLAINED = " ".join(WORDS["word"] + " " + WORDS["meaning"]).lower()
SHOWN = sorted({one.word.partition(",")[0] for one in verdicts.load().verdicts})


@pytest.mark.parametrize("word", SHOWN)
def test_a_word_of_a_verdict_is_in_the_glossary(word: str) -> None:
    assert word.lower() in EXPLAINED


def test_no_entry_of_the_glossary_is_empty_or_a_double_of_another() -> None:
    assert WORDS["meaning"].str.len().gt(10).all()
    assert WORDS["meaning"].is_unique
