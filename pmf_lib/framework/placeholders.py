"""Words of the template that a council has not yet replaced by its own document's.

`pmf framework new` writes made-up words, and each ends with a mark. Whatever still bears it is nobody's framework: the
printed tree counts it, and no paper is issued while a page shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pmf_lib.framework.load import FILES
from pmf_lib.framework.model import Framework

MARK = "(example, replace)"
SHOWN_AT_MOST = 3
"""Files that the note names; how many more there are is said."""


def left(framework: Framework) -> dict[str, int]:
    """File of the framework's folder → how many of its texts still bear the mark; the fullest file first."""
    held = Counter(file for file, text in _texts(framework) if MARK in text)
    return dict(held.most_common())


def note(framework: Framework) -> str:
    """What is left of the template, in a sentence; nothing where every word is the council's own."""
    found = left(framework)
    if not found:
        return ""
    shown = [f"{file} {count}" for file, count in list(found.items())[:SHOWN_AT_MOST]]
    more = len(found) - len(shown)
    files = "1 file" if len(found) == 1 else f"{len(found)} files"
    where = ", ".join(shown) + (f" and {more} more" if more else "")
    return (
        f"Template words left: {sum(found.values())} in {files} ({where}). Put your document's own words in place of "
        f"each text marked '{MARK}'; no paper is issued while a page shows one."
    )


def _texts(framework: Framework) -> Iterator[tuple[str, str]]:
    """Every text of the framework, with the file in which it is written."""
    for file, model in FILES.items():
        part = framework.model_dump(mode="json", include=set(model.model_fields))
        yield from ((file, text) for text in _within(part))
    for clause in framework.clauses:
        yield from ((clause.file, text) for text in _within(clause.model_dump(mode="json")))


def _within(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for inner in value.values() for text in _within(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _within(inner))
