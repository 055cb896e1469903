"""What page 1 asks about the quarter's commentary, and what people answered: no other page tells it until one confirmed it.

An answer is about what was read. If the text or the figures beside it change afterwards, it no longer holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.decisions import CONFIRMED, CONTRADICTS, OTHERWISE, UNCHANGED, Comment
from pmf_lib.periods import date_words
from pmf_lib.records.quality.doubts import Seen
from pmf_lib.records.quality.known import dated
from pmf_lib.store.identity import digest
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.words import sentence

FIGURES = "a text that fits the figures: "
OPEN, LAPSED = "", "lapsed"
COLUMNS = ("measure_id", "prompt", "text", "shown", "place", "read")
ANSWERS = ("answer", "by", "dated", "note", "file")


def prompts(book: Book, seen: Seen) -> pd.DataFrame:
    """Every prompt about the unit's commentary of the quarter, with the last answer to it.

    Returns
    -------
    DataFrame
        One row per prompt: measure_id, title, prompt ('contradicts', 'unchanged'), text (the commentary), shown (what the figures show, or
        the text of the quarter before), place (file and row), read (hash of what a reader has before them), answer ('' where nobody
        answered, 'confirmed', 'means something else', or 'lapsed' where something changed since), by, dated, note and file.
    """
    found = pd.concat([_contradicting(book, seen), _again(book, seen)], ignore_index=True)
    answers = {one.about[1:]: (file, one) for file, one in book.decided.comments}
    keys = zip(found["measure_id"], found["prompt"], found["read"], strict=True)
    told = [_answer(answers.get((name, book.quarter.label, kind)), read) for name, kind, read in keys]
    titles = seen.measures.set_index("measure_id")["title"]
    found = found.assign(title=found["measure_id"].map(titles))
    return found.join(pd.DataFrame(told, found.index, columns=list(ANSWERS)))


def none() -> pd.DataFrame:
    """No prompts."""
    return pd.DataFrame(columns=[*COLUMNS, "title", *ANSWERS], dtype=object)


def settled(found: pd.DataFrame) -> pd.DataFrame:
    """Prompts of which a person said that the text means something else than it seems to."""
    return found[(found["answer"] == OTHERWISE) & (found["prompt"] == CONTRADICTS)]


def without_prompt(book: Book, found: pd.DataFrame) -> list[Comment]:
    """Answers about the unit's commentary of the quarter, of which nothing is asked any more (`found`: every prompt)."""
    asked = set(zip(found["measure_id"], found["prompt"], strict=True))
    own = set(book.table("measures")["measure_id"])
    mine = [
        one for _, one in book.decided.comments if one.quarter == book.quarter.label and one.measure in own
    ]
    return [one for one in mine if (one.measure, one.prompt) not in asked]


def words(row: Mapping[Any, Any]) -> str:
    """An answer (of `prompts`) in a sentence or two; it says of nobody that they are wrong."""
    if row["answer"] == OPEN:
        return "Nobody has answered yet."
    who = f"{row['by']}, {date_words(row['dated'])}"
    note = f" {row['note']}" if row["note"] else ""
    said: dict[str, str] = {
        CONFIRMED: f"Confirmed ({who}).{note}",
        OTHERWISE: f"The text means something else ({who}).{note}",
        LAPSED: f"An answer no longer holds ({who}): the text or the figures have changed since.",
    }
    return said[row["answer"]]


def _answer(kept: tuple[str, Comment] | None, read: str) -> tuple[object, ...]:
    if kept is None:
        return OPEN, "", None, "", ""
    file, one = kept
    return one.answer if one.read == read else LAPSED, one.by, one.dated, one.note, file


def _contradicting(book: Book, seen: Seen) -> pd.DataFrame:
    rows = seen.contradictions
    texts = book.table("commentary").set_index(["source_file", "source_row"])["text"]
    text = [texts.loc[key] for key in zip(rows["source_file"], rows["source_row"], strict=True)]
    shown = [sentence(one) for one in rows["expected"].str.removeprefix(FIGURES)]
    figures = _figures(seen)
    values = [[seen.states[name], *figures.get(name, [])] for name in rows["measure_id"]]
    return _prompts(rows, CONTRADICTS, text, shown, values)


def _again(book: Book, seen: Seen) -> pd.DataFrame:
    rows = seen.contradictions.head(0) if seen.unchanged is None else seen.unchanged
    said = book.table("commentary").set_index(["measure_id", "quarter"])["text"]
    now, before = (
        [said.loc[name, quarter.label] for name in rows["measure_id"]]
        for quarter in (book.quarter, book.quarter.shift(-1))
    )
    return _prompts(rows, UNCHANGED, now, before, [[text] for text in before])


def _prompts(
    rows: pd.DataFrame, prompt: str, text: list[str], shown: list[str], values: list[list[object]]
) -> pd.DataFrame:
    """One row per prompt; with the text its `values` are what the reader had in view, however this workbook words it."""
    read = [digest([" ".join(one.split()), *more])[:12] for one, more in zip(text, values, strict=True)]
    place = rows["source_file"] + ", row " + rows["source_row"].astype("str")
    parts = (rows["measure_id"].to_list(), [prompt] * len(rows), text, shown, place.to_list(), read)
    return pd.DataFrame(dict(zip(COLUMNS, parts, strict=True)), dtype=object)


def _figures(seen: Seen) -> dict[str, list[object]]:
    """By measure, periods and values of the quarter and the year before it: what its text may be compared with."""
    rows = dated(seen.known[seen.known["value"].notna()], seen.measures)
    first, last = (pd.Timestamp(day) for day in (seen.quarter.shift(-4).start, seen.quarter.end))
    rows = rows[rows["end"].between(first, last)]
    figures = rows["period"] + " " + rows["value"].astype(float).map(repr).astype("str")
    return {str(name): list(told) for name, told in figures.groupby(rows["measure_id"], sort=False)}
