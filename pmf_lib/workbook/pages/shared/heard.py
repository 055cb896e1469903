"""Of whom a page of the council speaks: who was read, who is silent, what was left out, and how far figures can be relied on."""

from __future__ import annotations

import pandas as pd

from pmf_lib.workbook import absent
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.markup import Html, link, phrase
from pmf_lib.workbook.pieces.words import count_word, counted
from pmf_lib.workbook.results import Collected


def part(book: Book, collected: Collected) -> str:
    """Of how many directorates the page speaks, where it does not speak of all."""
    all_of_them = len(book.council.directorates)
    read = all_of_them - len(collected.missing)
    return f"Of {count_word(read)} of {count_word(all_of_them)} directorates" if collected.missing else ""


def silent(book: Book, collected: Collected) -> list[str]:
    """Directorates whose results are here and hold no measure."""
    heard = set(collected["rated_measures"]["directorate"])
    return [
        one.name
        for one in book.council.directorates
        if one.id not in heard and one.name not in collected.missing
    ]


def left_out(book: Book) -> list[Html]:
    """How many measures were left out of the council's figures, and on whose pages they are asked for."""
    rows = absent.left_out(book)
    if rows.empty:
        return []
    whose = [one for one in book.council.directorates if (rows["directorate"] == one.id).any()]
    links = [link(one.name, f"../{one.id}/1_data_quality.html") for one in whose]
    parts = [part for one in links for part in ("; ", one)][1:]
    return [phrase(absent.left_out_words(book), *([": see data quality of ", *parts] if parts else []), ".")]


def reliance(book: Book, collected: Collected) -> Html:
    """How many figures can't simply be relied on, and where each directorate's page tells why."""
    unheard = [*collected.missing, *silent(book, collected)]
    heard = [one for one in book.council.directorates if one.name not in unheard]
    links = [link(one.name, f"../{one.id}/1_data_quality.html") for one in heard]
    parts = [part for one in links for part in (one, "; ")][:-1]
    said = _doubted(collected["rated_measures"]["reliance"])
    return phrase(f"{said}: see data quality of ", *parts, ".")


def _doubted(codes: pd.Series[str]) -> str:
    """How far the figures of measures can be relied on.

    >>> _doubted(pd.Series(["rely", "with_care", "with_care", "do_not_rely", "not_judged"]))
    'Of 4 measures whose figures could be judged, one should not be relied on and two only with care'
    >>> _doubted(pd.Series(["rely", "rely", "not_judged"]))
    'The figures of both measures that could be judged can be relied on'
    >>> _doubted(pd.Series(["rely", "with_care"]))
    'Of 2 measures whose figures could be judged, one can be relied on only with care; no figure need be set aside'
    """
    judged = int((codes != "not_judged").sum())
    never, careful = (int((codes == code).sum()) for code in ("do_not_rely", "with_care"))
    if not judged:
        return "Of no measure could it be judged whether its figures can be relied on"
    if not never and not careful:
        return f"The figures of {_every(judged)} could be judged can be relied on"
    of = f"Of {counted(judged, 'measure')} whose figures could be judged,"
    if not never:
        return f"{of} {count_word(careful)} can be relied on only with care; no figure need be set aside"
    return f"{of} {count_word(never)} should not be relied on and {count_word(careful) if careful else 'none'} only with care"


def _every(count: int) -> str:
    """All measures, as a sentence speaks of them."""
    return {1: "the one measure that", 2: "both measures that"}.get(count, f"all {count} measures that")
