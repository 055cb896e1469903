"""How the proposed rating is told, printed with it: what each word stands for, when none is told, and every threshold."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance import rating
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.rating.rating_conditions import condition
from pmf_lib.workbook.pieces.markup import Html, bullets, details
from pmf_lib.workbook.pieces.tables import table
from pmf_lib.workbook.pieces.words import count_word, counted


def rule(book: Book) -> Html:
    """How the rating is told, behind a line that opens it: what each stands for, when none is told, and what holds one down."""
    scheme, verdicts = book.schemes.rating, book.schemes.verdicts
    means = [
        f"{verdicts.get('rating', code).word}: {getattr(scheme.meanings, code)}." for code in rating.CODES
    ]
    least = scheme.conclude
    first = (
        f"No rating is told where fewer than {least.least_tested_pct:g}% of the duties asked could be tested, or where of fewer "
        f"than {least.least_key_known_pct:g}% of the key groups a duty could be; of the council also where a directorate is missing, "
        f"or more than {count_word(least.directorates_unable_at_most)} can't be rated."
    )
    then = (
        "Otherwise each condition below allows a rating at best from its threshold on, and the lowest holds. The council is no better "
        f"than what {counted(scheme.directorates_that_hold, 'directorate', in_words=True)} are rated, or worse, and at most "
        f"{counted(scheme.steps_above_worst, 'step', in_words=True)} better than the worst of them."
    )
    return details(
        "How the rating is told", bullets(means), first, then, _thresholds(book), f"{scheme.source}"
    )


def _thresholds(book: Book) -> Html:
    """The declared conditions with their thresholds."""
    rows = [
        {
            "of": condition(cap.of),
            **{code: _step(step, cap.counted) for code, step in cap.steps.items()},
        }
        for cap in book.schemes.rating.caps
    ]
    words = {code: book.schemes.verdicts.get("rating", code).word for code in rating.SCALE[1:]}
    return table(
        pd.DataFrame(rows),
        title="What holds a rating down, and from where on",
        subtitle=f"From parameters/schemes/rating.yml of {date_words(book.schemes.rating.dated)}; the heaviest condition first",
        columns={"of": "Condition", **{code: f"{word} at best" for code, word in words.items()}},
    )


def _step(step: float | None, counted_as: str) -> str:
    return "" if step is None else f"from {step:g}%" if counted_as == "pct" else f"from {step:g}"
