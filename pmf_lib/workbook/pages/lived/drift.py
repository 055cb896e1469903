"""Drift: which groups are lived more or less than a quarter and a year before, and by which duties."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance import audit_findings
from pmf_lib.assurance.maturity import drift
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import Before
from pmf_lib.workbook.pages.lived.embedding import within
from pmf_lib.workbook.pieces.markup import Html, bullets, paragraphs
from pmf_lib.workbook.pieces.words import counted, listing, plural, sentence

MOVES = {"worse": "fell from {}", "better": "rose from {}", "same": "the same", "not_known": "not known"}
"""How a level stands to an earlier one, as cells say it; in braces the earlier level."""
MOVED = {"worse": "fell", "better": "rose"}
"""What is said of a group, or a duty, that moved."""
NAMED_AT_MOST = 5
SINCE = {"quarter": "the quarter before", "year": "the same quarter of the year before"}
SAME = "No group stands lower or higher than in {}{}."
UNKNOWN = "How each group stood in {} is not known, so no drift can be told from then."
PUBLISHED = "Published figures tell nothing of how the arrangements were before."


def with_words(book: Book, groups: pd.DataFrame) -> pd.DataFrame:
    """The same groups, with `quarter_words` and `year_words`: how each level stands to the earlier ones."""
    rows = groups.to_dict("records")
    return groups.assign(**{f"{name}_words": [_move(book, row, name) for row in rows] for name in SINCE})


def _move(book: Book, row: dict[Any, Any], name: str) -> str:
    """How a group moved; of which duties, where it is not the level of them all."""
    since, level = row[f"since_{name}"], row[f"now_{name}"]
    said = MOVES[since].format(_word(book, row[f"before_{name}"]))
    if since not in MOVED or level == row["level"]:
        return said
    duties = counted(row[f"both_n_{name}"], "duty", "duties")
    return f"{said} to {_word(book, level)}, over the {duties} tested at both times"


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
        for line in sentences(book, groups, drift.of_clauses(clauses, earlier), name)
    )
    return bullets(lines)


def over_units(book: Book, groups: pd.DataFrame) -> Html:
    """What fell and what rose in each unit, at most so many named; counts alone of the year."""
    if not book.has_own_records:
        return paragraphs(PUBLISHED)
    none = pd.DataFrame(columns=["group", "unit", "since", "test"], dtype="object")
    said = sentences(book, groups, none, "quarter")
    apart = _apart(groups, "quarter")
    said = said[: len(said) - len(apart)]
    more = len(said) - NAMED_AT_MOST
    rest = [f"{sentence(counted(more, 'more', 'more', in_words=True))} moved."] if more > 0 else []
    year = [] if (groups["since_year"] == "not_known").all() else [f"{sentence(title(groups, 'year'))}."]
    return bullets([*said[:NAMED_AT_MOST], *rest, *apart, *year])


def sentences(book: Book, groups: pd.DataFrame, moved: pd.DataFrame, name: str) -> list[str]:
    """One sentence per group that moved since then, those that fell first; or that none did, or that it is not known.

    What was tested at one of the two times alone is told last.
    """
    since = groups[f"since_{name}"]
    rows = groups[since.isin(MOVED)]
    if rows.empty:
        return [_still(groups, since, name), *_apart(groups, name)]
    order = rows[f"since_{name}"].map(drift.MOVES.index).sort_values(kind="stable").index
    said = [_sentence(book, row, moved, name) for row in rows.loc[order].to_dict("records")]
    return [*said, *_apart(groups, name)]


def _still(groups: pd.DataFrame, since: pd.Series[str], name: str) -> str:
    """That nothing moved, and of how many groups that can't be told."""
    unknown = int((since == "not_known").sum())
    if unknown == len(groups):
        return UNKNOWN.format(SINCE[name])
    rest = f"; of {counted(unknown, 'group', in_words=True)} it is not known" if unknown else ""
    return SAME.format(SINCE[name], rest)


def _apart(groups: pd.DataFrame, name: str) -> list[str]:
    """How many duties were tested at one of the two times alone, so that they tell of no move."""
    new, gone = (int(groups[f"{count}_{name}"].sum()) for count in ("new_n", "gone_n"))
    said = [
        f"{counted(new, 'duty', 'duties', in_words=True)} {plural(new, 'is', 'are')} tested now and could not be tested then"
        if new
        else "",
        f"{counted(gone, 'duty', 'duties', in_words=True)} {plural(gone, 'was', 'were')} tested then and can't be tested now"
        if gone
        else "",
    ]
    listed = [part for part in said if part]
    return (
        [f"Beside {SINCE[name]}, {listing(listed)}: no drift is told of {plural(new + gone, 'it', 'them')}."]
        if listed
        else []
    )


def _sentence(book: Book, row: dict[Any, Any], moved: pd.DataFrame, name: str) -> str:
    """A group that moved, the duty of it that moved the same way, and how many more did."""
    which = row[f"since_{name}"]
    where = f" {within(str(row['unit']))}" if "unit" in row else ""
    before, now = (_word(book, row[f"{when}_{name}"]) for when in ("before", "now"))
    head = f"{sentence(row['group'])}{where} {MOVED[which]} from {before} to {now} since {SINCE[name]}{_over(row, name)}"
    mine = moved[(moved["group"] == row["group"]) & (moved["since"] == which)]
    first = mine.head(1)
    nouns = audit_findings.nouns(first, book.framework, book.schemes.embedding)
    why = [_duty(duty, noun) for duty, noun in zip(first.to_dict("records"), nouns, strict=True)]
    more = len(mine) - 1
    if more > 0:
        why.append(f"{counted(more, 'more duty', 'more duties', in_words=True)} {MOVED[which]} as well")
    return f"{head}: {'; '.join(why)}." if why else f"{head}."


def _over(row: dict[Any, Any], name: str) -> str:
    """Over which duties a group moved, where they are not all of those asked."""
    both = row[f"both_n_{name}"]
    if both == row["duties_n"]:
        return ""
    return f", over the {counted(both, 'duty', 'duties', in_words=True)} tested at both times"


def _duty(row: dict[Any, Any], noun: str = "") -> str:
    """A duty that moved: its exceptions (`noun`: of what) now and then; of one that had none at either time, its evidence.

    >>> row = {"what": "Plans are agreed", "failed": 3, "population": 51}
    >>> _duty({**row, "failed_before": 2, "population_before": 50}, "plans")
    '“Plans are agreed” is not so for 3 of 51 plans, after 2 of 50'
    """
    then = f"{row['failed_before']:,} of {row['population_before']:,}"
    if row["failed"]:
        now = audit_findings.share(row["failed"], row["population"], noun)
        return (
            f"“{row['what']}” is not so for {now}, after {then if row['failed_before'] else 'no exception'}"
        )
    if row["failed_before"]:
        many = noun if row["population_before"] > 1 else ""
        return f"“{row['what']}” has no exception now, after {then} {many}".rstrip()
    kind = "weaker or older" if row["since"] == "worse" else "stronger or newer"
    return f"“{row['what']}” has no exception, as then, and rests on {kind} evidence"


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
