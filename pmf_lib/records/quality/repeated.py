"""Commentary that says what it said last quarter: the same text but for dates and numbers."""

from __future__ import annotations

import re

import pandas as pd

from pmf_lib.periods import Period
from pmf_lib.records import findings
from pmf_lib.records.cells import looked_up
from pmf_lib.records.quality.scheme import ClaimWords

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
DATES = re.compile(
    r"\b(?:q[1-4]|jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|winter|first|second|third|fourth|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen)\b"
)


def is_unchanged(text: str, before: str, words: ClaimWords) -> bool:
    """Is a text the one before it but for dates, numbers, punctuation and words that add nothing?

    >>> from pmf_lib.records.quality import scheme
    >>> words = scheme.load().words
    >>> is_unchanged("Up to 78% in Q3; staff are short.", "Up to 74% in Q2: staff are still short", words)
    True
    >>> is_unchanged("Up to 78% in Q3; staff are short.", "Down to 74% in Q2; staff are short.", words)
    False
    """
    now = _bare(text, words)
    return bool(now) and now == _bare(before, words)


def _bare(text: str, words: ClaimWords) -> list[str]:
    plain = DATES.sub(" ", text.lower().replace("’", "'"))
    return [word for word in WORD.findall(plain) if word not in words.unchanged_but_for]


def unchanged(
    commentary: pd.DataFrame, measures: pd.DataFrame, *, quarter: Period, words: ClaimWords
) -> pd.DataFrame:
    """Commentary of the quarter whose text is that of the quarter before: findings of the rule 'commentary.unchanged'.

    Parameters
    ----------
    commentary, measures
        Tables of records.
    quarter
        The reporting quarter.
    words
        What may differ (`unchanged_but_for`), and from how many words on a text is looked at (`unchanged_from`).
    """
    own = commentary[commentary["measure_id"].isin(measures["measure_id"])]
    now, past = (own[own["quarter"] == one.label] for one in (quarter, quarter.shift(-1)))
    if now.empty or past.empty:
        return findings.none()
    before = looked_up(now["measure_id"], past.set_index("measure_id")["text"])
    same = [
        is_unchanged(text, old, words) and len(WORD.findall(text.lower())) >= words.unchanged_from
        for text, old in zip(now["text"], before, strict=True)
    ]
    rows = now[same]
    return findings.found(
        "commentary.unchanged",
        "commentary",
        rows,
        column="text",
        got=rows["text"],
        expected="what is new in the quarter; the text of the quarter before was '" + before[same] + "'",
        mend="Say what is new, or confirm that nothing is.",
    )
