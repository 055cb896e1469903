"""The proposed assurance rating on page 7: of each directorate and of the council, why, and what would change it.

It is the second line's proposal and no opinion of internal audit, and the page says so wherever it stands.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from pmf_lib.assurance import rating
from pmf_lib.assurance.rating import Rated, Seen
from pmf_lib.assurance.rating.caps import DIRECTORATES, WORST
from pmf_lib.assurance.rating.facts import adverse, key_words
from pmf_lib.decisions import CONFIRMED_AS_PROPOSED, COUNCIL, Rating
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.evidenced import sent
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pages.rating import rating_rule, rating_words
from pmf_lib.workbook.pages.shared import certified
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, paragraphs, phrase, tag, text
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence
from pmf_lib.workbook.results import Collected

TABLES = ("recommendations", "assurances", certified.TABLE)
"""What the rating looks at beside clauses and measures."""
COLUMNS = ("unit", "unit_id", "code", "reasons", "would_change", "limits")
SHOWN_AT_MOST = 3
STANDS = "second line; not an internal audit opinion"
PUBLISHED = (
    "No assurance rating is proposed: published figures can't show whether arrangements are effective, and the council's own "
    "records were not seen."
)


def ratings(book: Book, collected: Collected, found: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """The proposed rating of each directorate and of the whole council; no row on published figures.

    Parameters
    ----------
    book
        Of the whole council.
    collected
        Directorates' results, their quality among them.
    found, groups
        Clause results and levels of groups of every unit, each with its `unit`.

    Returns
    -------
    DataFrame
        One row per unit, the whole council last: unit, unit_id (as decisions name it), code (a verdict of the kind ``rating``),
        reasons (sentences, the heaviest first), would_change, limits (lists of sentences).
    """
    if not book.has_own_records:
        return pd.DataFrame(columns=list(COLUMNS), dtype="object")
    names = [one.name for one in book.council.directorates]
    seen = _seen(book, collected, found, groups)
    scheme = book.schemes.rating
    rated = rating.rated(names, WHOLE, seen, scheme, as_at=book.as_at, missing=collected.missing)
    ids = {one.name: one.id for one in book.council.directorates} | {WHOLE: COUNCIL}
    rows = [_row(book, rated, seen, collected, unit) | {"unit_id": ids[unit]} for unit in rated.codes.index]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _seen(book: Book, collected: Collected, found: pd.DataFrame, groups: pd.DataFrame) -> Seen:
    """What the rating looks at, every row with the name of its unit."""
    tables = {name: _with_unit(book, book.whole(name)) if _came(book, name) else None for name in TABLES[:2]}
    quality = _with_unit(book, collected["quality"])
    return Seen(found, groups, quality, **tables, certifications=_certified(book, collected))


def _came(book: Book, name: str) -> bool:
    return name in book.sidecar.reads and name in sent(book)


def _with_unit(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    names = {one.id: one.name for one in book.council.directorates}
    return rows.assign(unit=rows["directorate"].map(names).fillna(WHOLE))


def _certified(book: Book, collected: Collected) -> pd.DataFrame | None:
    """Measures that an auditor tested, as they stand now; what expired tells nothing any more."""
    if not _came(book, certified.TABLE):
        return None
    measures = _with_unit(book, collected["rated_measures"])
    stands = certified.standing_of(book, measures)
    tested = stands[stands["standing"].isin(["certified", "qualified", "failed"])]
    units = measures.drop_duplicates("measure_id").set_index("measure_id")["unit"]
    return pd.DataFrame(
        {"unit": tested["measure_id"].map(units), "is_failed": tested["standing"] == "failed"},
        index=tested.index,
    )


def _row(book: Book, rated: Rated, seen: Seen, collected: Collected, unit: str) -> dict[str, Any]:
    """One unit's rating in words."""
    code, scheme, verdicts = str(rated.codes[unit]), book.schemes.rating, book.schemes.verdicts
    caps = rated.caps[rated.caps["unit"] == unit]
    missing = list(collected.missing) if unit == WHOLE else []
    if code == rating.UNABLE:
        why = rating_words.unable_reasons(rated, unit, scheme, missing)
        change = rating_words.unable_change(rated, unit, scheme, missing)
    else:
        why = rating_words.reasons(caps, _named(rated, seen, book, unit), verdicts) or [
            _none_holds(rating_words.facts_of(rated, unit))
        ]
        change = rating_words.would_change(caps, code, verdicts)
    others = rated.codes.drop(WHOLE)
    without = list(others.index[others == rating.UNABLE]) if unit == WHOLE else []
    came = {name: _came(book, name) for name in TABLES}
    limits = (
        []
        if unit in collected.missing
        else rating_words.limits(rating_words.facts_of(rated, unit), came, without)
    )
    return {"unit": unit, "code": code, "reasons": why, "would_change": change, "limits": limits}


def _named(rated: Rated, seen: Seen, book: Book, unit: str) -> dict[str, list[str]]:
    """What some conditions are about: key groups, unsent tables and assurers, by name."""
    groups = seen.groups
    key = key_words(seen.clauses, book.schemes.rating)
    rows = groups[(groups["unit"] == unit) & groups["group"].isin(key) & (groups["level"] == "not_lived")]
    against = adverse(seen, book.schemes.rating, book.as_at)
    mine = against[(against["unit"] == unit) & (against["groups"] != "")]
    told = [f"{row['provider']} on “{row['subject']}”" for row in mine.to_dict("records")]
    none = [name for name, row in zip(told, mine["conclusion"], strict=True) if row == "none"]
    return {
        DIRECTORATES: _others(rated) if unit == WHOLE else [],
        WORST: _worst(book, rated) if unit == WHOLE else [],
        "key_groups_not_lived": list(rated.widely) if unit == WHOLE else list(rows["group"]),
        "assurers_limited": told,
        "assurers_none": none,
        "tables_unsent": [name for name in TABLES[:2] if not _came(book, name)],
    }


def _others(rated: Rated) -> list[str]:
    """What else counts as what the council's directorates are rated: something worse, or nothing that could be told."""
    codes = rated.codes.drop(WHOLE)
    [cap] = rated.caps.loc[rated.caps["of"] == DIRECTORATES, "cap"]
    is_worse = codes.isin(rating.SCALE[rating.SCALE.index(cap) + 1 :]).any()
    return ["or worse"] * bool(is_worse) + ["or can't be rated"] * bool((codes == rating.UNABLE).any())


def _worst(book: Book, rated: Rated) -> list[str]:
    """How the worst of the directorates are rated, and how many steps above it the council may be."""
    scheme, codes = book.schemes.rating, rated.codes.drop(WHOLE)
    if codes.empty:
        return []
    counts = codes.replace({rating.UNABLE: scheme.unable_counts_as}).map(rating.SCALE.index)
    worst = codes[counts == counts.max()]
    verb = plural(len(worst), "is", "are")
    how = [
        f"{verb} rated {rating_words.word(book.schemes.verdicts, rating.SCALE[int(counts.max())])}"
    ] * bool((worst != rating.UNABLE).any()) + ["can't be rated"] * bool((worst == rating.UNABLE).any())
    return [listing(how, "or"), counted(scheme.steps_above_worst, "step", in_words=True)]


def _none_holds(facts: dict[str, int]) -> str:
    met = facts["tested_n"] - facts["not_full_n"]
    return (
        f"No condition holds it down: {met} of {counted(facts['asked_n'], 'duty', 'duties')} asked are met."
    )


def shown(book: Book, ratings: pd.DataFrame) -> Html:
    """The block of the first side: the council's proposed rating, at most three reasons, and what would change it."""
    if ratings.empty:
        return paragraphs(PUBLISHED)
    row = ratings[ratings["unit"] == WHOLE].iloc[0]
    shape = tag(book.schemes.verdicts.get("rating", row["code"]))
    head = phrase(
        "Proposed assurance rating: ",
        shape,
        f" ({STANDS}), until a person confirms or overrides it.{_last(book)}",
    )
    more = len(row["reasons"]) - SHOWN_AT_MOST
    rest = [f"{sentence(counted(more, 'more reason', in_words=True))} below."] if more > 0 else []
    why = [_without_threshold(reason) for reason in row["reasons"][:SHOWN_AT_MOST]]
    return paragraphs(head, f"Why: {' '.join([*why, *rest])}", _first_change(row["would_change"]))


def _last(book: Book) -> str:
    """How the last issued paper rated the council, where somebody confirmed or overrode it."""
    said = book.baseline.paper.ratings if book.baseline else ()
    one = next((rating for rating in said if rating.unit == COUNCIL), None)
    if one is None:
        return ""
    how = "confirmed" if one.answer == CONFIRMED_AS_PROPOSED else "overridden"
    return f" Last issued: {rating_words.word(book.schemes.verdicts, one.issued)} ({how})."


def _without_threshold(reason: str) -> str:
    """A reason without its share and threshold, which the detail tells.

    >>> _without_threshold("One of 25 duties asked is not met (4%; reasonable at best from 2%).")
    'One of 25 duties asked is not met.'
    """
    return re.sub(r" \([^()]*\)\.$", ".", reason)


def _first_change(listed: list[str]) -> str:
    """The first of what would change a rating, and how much more it would take."""
    more = len(listed) - 1
    rest = f"; {counted(more, 'more thing', in_words=True)} it would take {plural(more, 'is', 'are')} listed below"
    return f"{listed[0].rstrip('.')}{rest if more else ''}." if listed else ""


def by_unit(book: Book, ratings: pd.DataFrame) -> Html:
    """Each unit's proposed rating with its reasons, what would change it and what limits the evidence; then the rule."""
    if ratings.empty:
        return paragraphs(PUBLISHED)
    lines = {name: ratings[name].map(_lines) for name in ("reasons", "would_change", "limits")}
    listed = table(
        ratings.assign(**lines),
        title=_title(book, ratings),
        subtitle=f"Proposed by the second line and no opinion of internal audit; {book.quarter.words}, as at {date_words(book.as_at)}",
        columns={
            "unit": "Unit",
            "code": Column("Proposed rating", "tag", verdict="rating"),
            "reasons": Column("Why, the heaviest first", "html"),
            "would_change": Column("What would change it", "html"),
            "limits": Column("What limits the evidence", "html", missing="nothing named"),
        },
    )
    return blocks(listed, rating_rule.rule(book))


def _lines(listed: list[str]) -> Html | str:
    return bullets(listed) if listed else ""


def _title(book: Book, ratings: pd.DataFrame) -> str:
    """How many directorates are proposed to be rated how, the worst first."""
    codes = ratings.loc[ratings["unit"] != WHOLE, "code"]
    order = [*reversed(rating.SCALE), rating.UNABLE]
    counts = {code: int((codes == code).sum()) for code in order if (codes == code).any()}
    if not counts:
        return "The council's proposed rating"
    told = [_told(book, code, count) for code, count in counts.items()]
    if len(counts) > 1:
        return f"Of {counted(len(codes), 'directorate', in_words=True)}, {listing(told)}"
    every = {1: "The one directorate", 2: "Both directorates"}.get(
        len(codes), f"All {count_word(len(codes))} directorates"
    )
    return f"{every} {told[0].split(' ', 1)[1]}"


def _told(book: Book, code: str, count: int) -> str:
    if code == rating.UNABLE:
        return f"{count_word(count)} can't be rated"
    return f"{count_word(count)} {plural(count, 'is', 'are')} proposed as {rating_words.word(book.schemes.verdicts, code)}"


def recorded(ratings: pd.DataFrame) -> pd.DataFrame:
    """The same ratings as a notebook records them: sentences one a line."""
    lists = {name: ratings[name].map("\n".join) for name in ("reasons", "would_change", "limits")}
    return ratings.assign(**lists).astype("str")


def earlier(book: Book) -> Html:
    """What people said of the ratings in the issued paper that the page is compared with; nothing where there is none."""
    if book.baseline is None or not book.has_own_records:
        return text("")
    names = {one.id: one.name for one in book.council.directorates} | {COUNCIL: WHOLE}
    paper = book.baseline.paper
    said = [_word_on(book, one, names.get(one.unit, one.unit)) for one in paper.ratings if one.unit in names]
    if not said:
        return paragraphs(f"Nobody confirmed or overrode a rating before {book.baseline.name} was issued.")
    return blocks(paragraphs(f"On the ratings proposed in {book.baseline.name}:"), bullets(said))


def _word_on(book: Book, one: Rating, unit: str) -> str:
    """What was decided of one unit's rating, by whom and when."""
    words, when = book.schemes.verdicts, f"on {date_words(one.dated)}"
    proposed, why = rating_words.word(words, one.proposed), one.why.rstrip(".")
    if one.answer == CONFIRMED_AS_PROPOSED:
        return (
            f"{unit}: {proposed}, confirmed by the {one.confirmer} {when}{f', because {why}' if why else ''}."
        )
    given = rating_words.word(words, one.issued)
    return f"{unit}: proposed {proposed}, issued {given} by the {one.confirmer} {when}, because {why}."
