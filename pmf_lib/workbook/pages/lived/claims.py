"""What is claimed beside what the records show: sentences, the picture, and how far claims go."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.assurance import audit_findings
from pmf_lib.assurance.maturity import claims
from pmf_lib.assurance.maturity.rules import LEVELS
from pmf_lib.workbook import charts
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived.embedding import gaps as asked_gaps
from pmf_lib.workbook.pages.lived.embedding import share_of, within, without_level
from pmf_lib.workbook.pieces.figure import figure
from pmf_lib.workbook.pieces.markup import Html, blocks, bullets, paragraphs
from pmf_lib.workbook.pieces.words import count_word, counted, day, listing, out_of, plural, sentence

GAPS_AT_MOST = 3
SAYS = {
    "claimed_above": "claimed {} higher",
    "only_claimed": "only claimed",
    "evidenced_above": "shown {} higher",
    "agrees": "as claimed",
    "no_claim": "no claim",
    "not_known": "not known",
    "": "no duty asked",
}
"""How a claim stands to the evidence, as cells say it; in braces by how many levels."""
DIFFER = ("claimed_above", "only_claimed", "evidenced_above")
COMPARED = (*DIFFER, "agrees")
"""Gaps of claims that can be set beside what the records show: duties are asked, and due."""
VERBS = {
    "claimed_above": ("is higher than the records show", "are higher than the records show"),
    "only_claimed": (
        "stands alone, with nothing to show for it",
        "stand alone, with nothing to show for them",
    ),
    "evidenced_above": ("is lower than the records show", "are lower than the records show"),
}
SIDES = {"claimed_above": ", which is lower", "evidenced_above": ", which is higher"}
"""What the records show beside the claim, where a list of gaps does not say which is above."""
UNSENT = "Nobody sent the table of attestations, so it is not known what is claimed."
UNCLAIMED = "No level is claimed here: the attestations that came hold none for this unit."
NO_EVIDENCE_OF_CLAIM = "A claim is never taken for evidence."
PUBLISHED = "Published figures hold no claims, so none can be set beside what they show."


def with_words(book: Book, groups: pd.DataFrame) -> pd.DataFrame:
    """The same groups, with `claim` (the level claimed, in a word) and `said` (the gap, in a few)."""
    return groups.assign(
        claim=[_word(book, code) for code in groups["claimed"]],
        said=[gap_words(row) for row in groups.to_dict("records")],
    )


def gap_words(row: dict[Any, Any]) -> str:
    """How a group's claim stands to the evidence, in a few words.

    >>> (
    ...     gap_words({"claim_gap": "claimed_above", "gap_n": 2}),
    ...     gap_words({"claim_gap": "evidenced_above", "gap_n": -1}),
    ... )
    ('claimed two levels higher', 'shown one level higher')
    """
    if not row["claim_gap"] and (not row["level"] or row["idle_n"] or row["varied_n"]):
        return without_level(row)
    return SAYS[row["claim_gap"]].format(counted(abs(int(row["gap_n"])), "level", in_words=True))


def _word(book: Book, code: str) -> str:
    """A level in a word; empty where there is none."""
    return book.schemes.verdicts.get("embedding", code).word if code else ""


def picture(book: Book, groups: pd.DataFrame) -> Html:
    """Claimed beside evidenced, the widest gap first."""
    due = groups[groups["claim_gap"] != ""]
    shown = with_words(book, widest_first(due))[["group", "claimed", "level", "said"]]
    shown = shown.rename(columns={"level": "evidenced"})
    return figure(
        charts.claims_beside_evidence(shown),
        title=title(due),
        subtitle=f"Level that {book.unit_name} claims of each group of clauses, and the level that its records show, "
        f"{book.quarter.words}; the widest gap first. {scale(book)}",
        alt=charts.alt_claims(shown),
        data=charts.data_claims(shown),
    )


def scale(book: Book) -> str:
    """The levels by which a claim may be higher or lower."""
    words = [_word(book, code).lower() for code in reversed(LEVELS)]
    return f"The levels, from below: {listing(words)}"


def has_claims(book: Book, groups: pd.DataFrame) -> bool:
    """Whether anything is claimed of a group of which duties are asked."""
    return book.has_own_records and bool((groups.loc[groups["claim_gap"] != "", "claimed"] != "").any())


def widest_first(groups: pd.DataFrame) -> pd.DataFrame:
    """Groups by how their claim stands to the evidence, the widest gap first; alike ones in the framework's order."""
    wide = claims.widest(groups.reset_index(names="_at"))["_at"]
    rest = groups.drop(index=list(wide))
    order = rest["claim_gap"].map({gap: place for place, gap in enumerate(claims.GAPS)})
    return groups.loc[[*wide, *order.sort_values(kind="stable").index]]


def title(groups: pd.DataFrame) -> str:
    """How many groups are claimed above what the records show, are only claimed, or show more than is claimed."""
    counts = {gap: int((groups["claim_gap"] == gap).sum()) for gap in DIFFER}
    claimed = int((groups["claimed"] != "").sum())
    if not any(counts.values()):
        return (
            f"What is claimed agrees with what the records show, in {plural(claimed, 'the one', f'all {count_word(claimed)}')} "
            f"{plural(claimed, 'claim')}"
        )
    said = [f"{{}} {plural(count, *VERBS[gap])}" for gap, count in counts.items() if count]
    first, *rest = [count for count in counts.values() if count]
    heads = [out_of(first, claimed, "claim"), *map(count_word, rest)]
    return "; ".join(words.format(head) for words, head in zip(said, heads, strict=True))


def gaps(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> list[str]:
    """The three widest gaps between claim and evidence, each in a sentence or two; each group once, where it is widest."""
    wide = claims.widest(groups).drop_duplicates("group").head(GAPS_AT_MOST)
    asks = _asks(book, clauses)
    return [_gap(book, row, asks) for row in wide.to_dict("records")]


def short_gaps(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> list[str]:
    """The same gaps over units, each in a line: where, what is claimed, what the records show and what is furthest off."""
    wide = claims.widest(groups).drop_duplicates("group").head(GAPS_AT_MOST)
    asks = _asks(book, clauses)
    return [
        f"{sentence(row['group'])} {within(str(row['unit']))}: claimed {_word(book, row['claimed']).lower()}, "
        f"{_shown(book, row)}{SIDES.get(row['claim_gap'], '')}.{_worst(row, asks)}"
        for row in wide.to_dict("records")
    ]


def _asks(book: Book, clauses: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Clause → what the framework asks by it, and what its test counts."""
    nouns = audit_findings.nouns(clauses, book.framework, book.schemes.embedding)
    return {one: (what, of) for one, what, of in zip(clauses["clause"], clauses["what"], nouns, strict=True)}


def _shown(book: Book, row: dict[Any, Any]) -> str:
    return (
        f"shown {_word(book, row['level']).lower()}"
        if row["level"] in LEVELS
        else "with nothing to show for it"
    )


def _gap(book: Book, row: dict[Any, Any], asks: dict[str, tuple[str, str]]) -> str:
    """What is claimed of a group and by whom, what the records show, and what the claim rests on."""
    where = f" {within(str(row['unit']))}" if "unit" in row else ""
    by = ", ".join(part for part in (row["post"], day(row["claimed_on"], missing="")) if part)
    claim = f"“{sentence(row['group'])}” is claimed to be {_word(book, row['claimed']).lower()}{where}{f' ({by})' if by else ''}"
    return f"{claim}; {_shows(book, row)}. {_rests(row)}{_worst(row, asks)}"


def _shows(book: Book, row: dict[Any, Any]) -> str:
    """What the records show of the group."""
    if row["level"] not in LEVELS:
        tested = (
            "no duty is asked here that could show it" if not row["duties_n"] else "nothing could be tested"
        )
        return f"{tested}, so it is only claimed"
    steps = counted(abs(int(row["gap_n"])), "level", in_words=True)
    side = "less" if row["gap_n"] > 0 else "more"
    return f"the records show {_word(book, row['level']).lower()}, {steps} {side}"


def _rests(row: dict[Any, Any]) -> str:
    """What the claim itself rests on, and whether it is of an earlier year."""
    names = "names where its evidence can be seen" if row["has_evidence"] else "names no evidence"
    other = "a second post checked it" if row["is_checked"] else "no second post checked it"
    join = "and" if row["has_evidence"] == row["is_checked"] else "but"
    earlier = f" It was made for {row['claim_year']}." if row["is_earlier"] else ""
    return f"The claim {names}, {join} {other}.{earlier}"


def _worst(row: dict[Any, Any], asks: dict[str, tuple[str, str]]) -> str:
    """The duty that is furthest from what is asked, where one has exceptions; else how many could not be tested."""
    untested = row["duties_n"] - row["tested_n"]
    if row["claim_gap"] != "claimed_above":
        return ""
    if row["failed"]:
        what, noun = asks[row["worst"]]
        return f" “{what}”: not so for {audit_findings.share(row['failed'], row['population'], noun)}."
    return (
        f" {sentence(counted(untested, 'duty', 'duties', in_words=True))} could not be tested."
        if untested
        else ""
    )


def beside_records(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """The widest gaps between claim and evidence, and the picture; where nothing is claimed, the gaps to what is asked."""
    said = gap_list(book, groups, clauses)
    return blocks(said, picture(book, groups)) if has_claims(book, groups) else said


def gap_list(book: Book, groups: pd.DataFrame, clauses: pd.DataFrame) -> Html:
    """The widest gaps between claim and evidence as a numbered list; where there is none, those to what is asked."""
    said = gaps(book, groups, clauses) if book.has_own_records else []
    if said or not book.has_own_records:
        return bullets(said, numbered=True, empty=PUBLISHED)
    return blocks(paragraphs(_no_gap(book, groups)), asked_gaps(book, groups, clauses))


def _no_gap(book: Book, groups: pd.DataFrame) -> str:
    """Why no gap lies between claim and evidence; what follows are gaps to what is asked."""
    agrees = "Each claim agrees with what the records show."
    why = agrees if (groups["claimed"] != "").any() else standing(book, groups)
    return f"{why} Between what is asked and what the records show:"


def _noun(groups: pd.DataFrame) -> tuple[str, str]:
    """What is counted: groups of one unit, or of several."""
    over = f" over {counted(groups['unit'].nunique(), 'unit', in_words=True)}" if "unit" in groups else ""
    return f"group{over}", f"groups{over}"


def standing(book: Book, groups: pd.DataFrame) -> str:
    """How many groups are claimed, and what the claims rest on."""
    if not book.has_own_records:
        return PUBLISHED
    if (groups["claim_gap"] == "not_known").any():
        return UNSENT
    made = groups[groups["claimed"] != ""]
    if made.empty:
        return UNCLAIMED
    head = f"{share_of(len(made), len(groups), *_noun(groups))} {plural(len(made), 'has', 'have')} a claimed level"
    bare, alone = int((~made["has_evidence"]).sum()), int((~made["is_checked"]).sum())
    older = int(made["is_earlier"].sum())
    less = [
        f"{count_word(bare)} {plural(bare, 'names', 'name')} no evidence" if bare else "",
        f"{count_word(alone)} {plural(alone, 'was', 'were')} checked by no second post" if alone else "",
        f"{count_word(older)} {plural(older, 'is', 'are')} of an earlier year" if older else "",
    ]
    of = (
        f": {listing(part for part in less if part)}"
        if any(less)
        else ", each with evidence named and checked by a second post"
    )
    return f"{head}{of}. {NO_EVIDENCE_OF_CLAIM}"
