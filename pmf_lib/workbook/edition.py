"""The edition of a page: whether its records are of it, what people decided that it may show, and what its first screen says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pmf_lib import editions
from pmf_lib.decisions import Measures
from pmf_lib.errors import ParameterError
from pmf_lib.records.editions import left_out, scheme
from pmf_lib.records.editions.scheme import Disclosure
from pmf_lib.records.snapshot import Snapshot
from pmf_lib.workbook.pieces.words import counted, plural

if TYPE_CHECKING:
    from pmf_lib.workbook.book import Book

EXEMPT, FEW = "exempt from publication", "would tell of very few people"


def checked(snapshot: Snapshot, edition: str) -> Snapshot:
    """The snapshot, if its records are of this edition.

    Raises
    ------
    ParameterError
        They hold what this edition leaves out, or lack what it shows.
    """
    is_public = not left_out_of(snapshot).empty
    if is_public == (edition == editions.PUBLIC):
        return snapshot
    held = "the public edition" if is_public else "the full edition"
    raise ParameterError(
        f"snapshot '{snapshot.id}' holds the records of {held}, not those of the {edition} edition. "
        "Leave 'snapshot' empty, so that the records are frozen for the edition that is asked for."
    )


def left_out_of(snapshot: Snapshot) -> pd.DataFrame:
    """How much was left out of the snapshot; without rows for any edition but the public one."""
    return snapshot.table("left_out") if "left_out" in snapshot.tables else left_out.nothing()


def decided(found: Measures, snapshot: Snapshot, edition: str) -> Measures:
    """What people decided about measures; in the public edition only about those that it shows."""
    if edition != editions.PUBLIC:
        return found
    shown = set(snapshot.table("measures")["measure_id"])
    return Measures(tuple(one for one in found.all if one.decision.measure in shown))


def words(parameters: Mapping[str, str]) -> str:
    """The edition as a page's header names it.

    >>> words({"edition": "full"}), words({"edition": "exempt", "exemption": "1, 3"})
    ('Full edition', 'Exempt edition (paragraphs 1, 3 of Schedule 12A)')
    """
    named = editions.paragraphs(parameters.get("exemption", ""))
    which = f" ({plural(len(named), 'paragraph')} {', '.join(named)} of Schedule 12A)" if named else ""
    return f"{parameters['edition'].capitalize()} edition{which}"


def asked(parameters: Mapping[str, str]) -> str:
    """What the command line says of the edition; nothing of the full one.

    >>> asked({"edition": "full"}), asked({"edition": "exempt", "exemption": "1, 3"})
    ('', " --edition exempt --exemption '1, 3'")
    """
    edition, exemption = parameters.get("edition", editions.FULL), parameters.get("exemption", "")
    said = "" if edition == editions.FULL else f" --edition {edition}"
    return said + (f" --exemption '{exemption}'" if exemption else "")


def banners(book: Book) -> dict[str, str]:
    """Notices by kind: how much the public edition leaves out, under which paragraph the exempt one is closed."""
    said = {}
    if exemption := book.parameters.get("exemption", ""):
        said["exempt"] = editions.closed_words(exemption)
    if book.parameters.get("edition") == editions.PUBLIC:
        said["public"] = f"Public edition: {_left_out_words(book)}"
    return said


def rules(book: Book) -> list[str]:
    """The rule by which figures are left out, on a public page."""
    return [rule(scheme.load())] if book.parameters.get("edition") == editions.PUBLIC else []


def rule(own: Disclosure) -> str:
    """What is left out, with the scheme's thresholds.

    >>> rule(Disclosure(version=1, dated="2026-11-22", source="made up"))
    'Public edition: measures exempt from publication are left out; so are counts of people from 1 to 4, the rest of percentages among them, and as many other figures as it takes that none can be worked out, not even beside earlier public papers (docs/methods/disclosure.md).'
    """
    rest = ", the rest of percentages among them," if own.rest else ""
    return (
        f"Public edition: measures exempt from publication are left out; so are counts of people from {own.smallest} to "
        f"{own.largest}{rest} and as many other figures as it takes that none can be worked out, not even beside earlier public "
        "papers (docs/methods/disclosure.md)."
    )


def _left_out_words(book: Book) -> str:
    unit = book.unit.id if book.unit else ""
    kinds = {left_out.MEASURES: "measure", left_out.FIGURES: "figure"}
    counts = {kind: left_out.number(left_out_of(book.snapshot), kind, unit) for kind in kinds}
    total = sum(counts.values())
    if not total:
        return "nothing had to be left out."
    told = " and ".join(counted(count, kinds[kind]) for kind, count in counts.items() if count)
    they, are = plural(total, "it", "they"), plural(total, "is", "are")
    whys = {left_out.MEASURES: f"{are} {EXEMPT}", left_out.FIGURES: FEW}
    why = " or ".join(whys[kind] for kind, count in counts.items() if count)
    return f"{told} {are} left out, since {they} {why}."
