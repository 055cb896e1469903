"""Drift: which groups are lived more or less than a quarter and a year before, and by which duties."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance.maturity import drift
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import Before
from pmf_lib.workbook.pages.lived.embedding import within
from pmf_lib.workbook.pieces.markup import Html, bullets, paragraphs
from pmf_lib.workbook.pieces.words import counted, listing, sentence

MOVES = {"worse": "fell from {}", "better": "rose from {}", "same": "the same", "not_known": "not known"}
"""How a level stands to an earlier one, as cells say it; in braces the earlier level."""
NAMED_AT_MOST = 5
SINCE = {"quarter": "the quarter before", "year": "the same quarter of the year before"}
SAME = "No group stands lower or higher than in {}{}."
UNKNOWN = "How each group stood in {} is not known, so no drift can be told from then."
PUBLISHED = "Published figures tell nothing of how the arrangements were before."


def with_words(book: Book, groups: pd.DataFrame) -> pd.DataFrame:
    """The same groups, with `quarter_words` and `year_words`: how each level stands to the earlier ones."""
    return groups.assign(
        **{f"{name}_words": _moves(book, groups[f"since_{name}"], groups[f"before_{name}"]) for name in SINCE}
    )


def _moves(book: Book, since: pd.Series[str], before: pd.Series[str]) -> list[str]:
    return [MOVES[move].format(_word(book, level)) for move, level in zip(since, before, strict=True)]


def _word(book: Book, code: str) -> str:
    return book.schemes.verdicts.get("embedding", code).word.lower() if code else ""


def told(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame, before: Before) -> Html:
    """What fell and what rose since the quarter and the year before (`before` as from `results.before`)."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    then = {"quarter": before.quarter, "year": before.year}
    lines = (
        line
        for name, earlier in then.items()
        for line in sentences(book, with_ask(groups, clauses), drift.of_clauses(clauses, earlier), name)
    )
    return bullets(lines)


def with_ask(groups: pd.DataFrame, clauses: pd.DataFrame) -> pd.DataFrame:
    """The same groups, with what the duty asks that is furthest off (`ask`; empty where none is)."""
    asks = dict(zip(clauses["clause"], clauses["what"], strict=True))
    return groups.assign(ask=[asks.get(clause, "") for clause in groups["worst"]])


def over_units(book: Book, groups: pd.DataFrame) -> Html:
    """What fell and what rose in each unit, at most so many named; counts alone of the year."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    none = pd.DataFrame(columns=["group", "unit", "since"], dtype="object")
    said = sentences(book, groups.assign(ask=""), none, "quarter")
    more = len(said) - NAMED_AT_MOST
    rest = [f"{sentence(counted(more, 'more', 'more', in_words=True))} moved."] if more > 0 else []
    year = [] if (groups["since_year"] == "not_known").all() else [f"{sentence(title(groups, 'year'))}."]
    return bullets([*said[:NAMED_AT_MOST], *rest, *year])


def sentences(book: Book, groups: pd.DataFrame, moved: pd.DataFrame, name: str) -> list[str]:
    """One sentence per group that moved since then, those that fell first; or that none did, or that it is not known."""
    since = groups[f"since_{name}"]
    rows = groups[since.isin(["worse", "better"])]
    if rows.empty:
        return [_still(groups, since, name)]
    order = rows[f"since_{name}"].map(drift.MOVES.index).sort_values(kind="stable").index
    return [_sentence(book, row, moved, name) for row in rows.loc[order].to_dict("records")]


def _still(groups: pd.DataFrame, since: pd.Series[str], name: str) -> str:
    """That nothing moved, and of how many groups that can't be told."""
    unknown = int((since == "not_known").sum())
    if unknown == len(groups):
        return UNKNOWN.format(SINCE[name])
    rest = f"; of {counted(unknown, 'group', in_words=True)} it is not known" if unknown else ""
    return SAME.format(SINCE[name], rest)


def _sentence(book: Book, row: dict[Any, Any], moved: pd.DataFrame, name: str) -> str:
    """A group that moved, and the duties of it that moved the same way."""
    which = row[f"since_{name}"]
    verb = "fell" if which == "worse" else "rose"
    where = f" {within(str(row['unit']))}" if "unit" in row else ""
    head = (
        f"{sentence(row['group'])}{where} {verb} from {_word(book, row[f'before_{name}'])} to {_word(book, row['level'])} "
        f"since {SINCE[name]}"
    )
    mine = moved[(moved["group"] == row["group"]) & (moved["since"] == which)]
    why = [_duty(duty) for duty in mine.head(1).to_dict("records")]
    more = len(mine) - 1
    why += (
        [f"{counted(more, 'more duty', 'more duties', in_words=True)} moved the same way"] if more > 0 else []
    )
    if not why and which == "worse" and row["failed"] and row["ask"]:
        why = [
            f"“{row['ask']}” is not so for {row['failed']:,} of {row['population']:,}, and could not be told then"
        ]
    return f"{head}: {listing(why)}." if why else f"{head}."


def _duty(row: dict[Any, Any]) -> str:
    """A duty that moved, with its exceptions now and then."""
    now, then = (f"{row[f'failed{when}']:,} of {row[f'population{when}']:,}" for when in ("", "_before"))
    if not row["failed"]:
        return f"“{row['what']}” has no exception now, after {then}"
    return f"“{row['what']}” is not so for {now}, after {then if row['failed_before'] else 'no exception'}"


def title(groups: pd.DataFrame, name: str = "quarter") -> str:
    """How many groups fell and rose since then, for a headline.

    >>> title(pd.DataFrame({"since_quarter": ["worse", "same", "better", "worse"]}))
    'two groups fell and one rose since the quarter before'
    """
    counts = {move: int((groups[f"since_{name}"] == move).sum()) for move in ("worse", "better")}
    said = [
        f"{counted(count, 'group', in_words=True)} {verb}"
        for (_, count), verb in zip(counts.items(), ("fell", "rose"), strict=True)
        if count
    ]
    if not said:
        return f"no group moved since {SINCE[name]}"
    first, rest = said[0], [part.replace(" groups", "").replace(" group", "") for part in said[1:]]
    return f"{listing([first, *rest])} since {SINCE[name]}"
