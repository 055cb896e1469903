"""Findings in audit form: a card each, the worst first; observations are listed apart."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance import audit_findings
from pmf_lib.assurance.clauses import BINDING
from pmf_lib.assurance.maturity.embedding import by_clause
from pmf_lib.periods import date_words
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pages.lived import answers
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pieces.markup import (
    Html,
    blocks,
    bullets,
    details,
    headline,
    paragraphs,
    phrase,
    summary_list,
    tag,
)
from pmf_lib.workbook.pieces.tables import Column, table
from pmf_lib.workbook.pieces.words import count_word, counted, listing, plural, sentence, slug

OPEN_AT_MOST = 10
PUBLISHED = "Published figures give no finding: the council's own records were not seen, and nobody is asked for anything."
NOTHING_TESTED = "No duty could be tested here, so there is no finding, and nothing is known to be in order."
UNDECLARED = "Not declared for this test."
FORCES = {"duty": "A duty", "minimum": "A minimum requirement"}
MET = {"not_met": "not met", "partly": "partly met"}
ALL_MET = "There is no finding: every duty that could be tested is met."


def findings(book: Book, clauses: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """The page's findings, at most ten of them open; where there is none, why."""
    made = of_book(book, clauses, exceptions)
    if made.empty or not book.has_own_records:
        return paragraphs(_none(book, clauses), *_unknown(clauses))
    cards = [
        card(book, number, rows)
        for number, (_, rows) in enumerate(made.groupby("clause", sort=False), start=1)
    ]
    opened, folded = cards[:OPEN_AT_MOST], cards[OPEN_AT_MOST:]
    more = counted(len(folded), "more finding", in_words=True)
    rest = [details(sentence(more), *folded)] if folded else []
    return blocks(paragraphs(_head(made, clauses), *_unknown(clauses)), *opened, *rest)


def of_book(book: Book, clauses: pd.DataFrame, exceptions: pd.DataFrame) -> pd.DataFrame:
    """One row per finding, as from `audit_findings.findings`: of the book's unit, or of every unit that the frames name."""
    return audit_findings.findings(
        _shown(book, clauses),
        _in_unit(book, exceptions).assign(answers=answers.posts(book, exceptions)),
        framework=book.framework,
        scheme=book.schemes.embedding,
        by=book.next_return,
    )


def _shown(book: Book, clauses: pd.DataFrame) -> pd.DataFrame:
    """Clauses with what they rest on and the unit that they were tested in."""
    told = clauses if "rests_on" in clauses else by_clause(clauses, book.schemes.embedding)
    return _in_unit(book, told)


def _in_unit(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    return rows if "unit" in rows else rows.assign(unit=book.unit_name)


def _none(book: Book, clauses: pd.DataFrame) -> str:
    """Why there is no finding."""
    if not book.has_own_records:
        return PUBLISHED
    duties = clauses[clauses["force"].isin(BINDING)]
    return ALL_MET if (duties["result"] == "met").any() else NOTHING_TESTED


def _unknown(clauses: pd.DataFrame) -> list[str]:
    """How many duties could not be tested, so that nobody takes them for met."""
    bare = clauses[clauses["force"].isin(BINDING) & (clauses["result"] == "no_evidence")]["clause"].nunique()
    if not bare:
        return []
    duties = counted(bare, "duty", "duties", in_words=True)
    return [f"{sentence(duties)} could not be tested{'' if 'unit' not in clauses else ' in some unit'}: of "
            f"{plural(bare, 'it', 'them')} nothing is known, which is no finding and no pass."]  # fmt: skip


def _head(made: pd.DataFrame, clauses: pd.DataFrame) -> str:
    """How many findings, and how many of them are of duties that are not met or partly met."""
    worst = made.drop_duplicates("clause")["result"]
    counts = {result: int((worst == result).sum()) for result in MET if (worst == result).any()}
    of = {
        result: f"of {plural(count, 'a duty that is', 'duties that are')} {MET[result]}"
        for result, count in counts.items()
    }
    units = counted(made["unit"].nunique(), "unit", in_words=True)
    head = sentence(counted(len(worst), "finding", in_words=True)) + (
        f" in {units}" if "unit" in clauses else ""
    )
    order = ", the worst first" if len(worst) > 1 else ""
    if len(counts) == 1:
        return f"{head}, {listing(of.values())}{order}."
    return f"{head}{order}: {listing(f'{count_word(counts[one])} {said}' for one, said in of.items())}."


def card(book: Book, number: int, rows: pd.DataFrame) -> Html:
    """One finding: of one unit, or of all the units in which the same duty fails."""
    first = rows.iloc[0]
    unit = f" {_where(rows['unit'])}" if book.unit is None else ""
    verdict = book.schemes.verdicts.get("clause", first["result"])
    return blocks(
        headline(f"{number}. {_heading(rows)}{unit}", level=3, place=place(first["clause"])),
        summary_list(
            {
                "Criterion": phrase(f"{FORCES[first['force']]} of {first['cite']}. ", tag(verdict)),
                "Condition": _each(rows, "condition"),
                "Evidence": _evidence(book, rows),
                "Consequence": first["consequence"] or UNDECLARED,
                "Suggested action": _action(rows),
                "Owner": _each(rows, "owner"),
            }
        ),
    )


def place(clause: str) -> str:
    """Where on the page the finding about a clause stands."""
    return slug(clause, "finding-")


def _heading(rows: pd.DataFrame) -> str:
    """The finding in one line: what is asked, and of how many it is not so."""
    failed, population = int(rows["failed"].sum()), int(rows["population"].sum())
    said = audit_findings.share(failed, population, rows["of"].iloc[0])
    return f"{rows['criterion'].iloc[0]}: not so for {said}"


def _action(rows: pd.DataFrame) -> Html | str:
    """What is asked by when, once where it is the same in each unit."""
    said = rows["action"] + " By " + rows["by"].map(lambda day: date_words(day.date())) + "."
    return _each(rows.assign(said=said).iloc[: 1 if (said == said.iloc[0]).all() else None], "said")


def _where(units: pd.Series[str]) -> str:
    """Where a finding holds, of one unit or several.

    >>> _where(pd.Series(["Resources"])), _where(pd.Series(["A", "B", "C"])), _where(pd.Series([WHOLE]))
    ('in Resources', 'in three units', 'for the whole council')
    """
    if len(units) > 1:
        return f"in {count_word(len(units))} units"
    return "for the whole council" if units.iloc[0] == WHOLE else f"in {units.iloc[0]}"


def _each(rows: pd.DataFrame, column: str) -> Html | str:
    """The words of one unit; of several, a line for each."""
    if len(rows) == 1:
        return str(rows[column].iloc[0])
    return bullets(f"{unit}: {said}" for unit, said in zip(rows["unit"], rows[column], strict=True))


def _evidence(book: Book, rows: pd.DataFrame) -> Html:
    """The kind of evidence, then the rows; no kind where the thing is missing, and the rows are of another thing."""
    kind = book.schemes.embedding.kind(rows["rests_on"].iloc[0]).word
    said = _each(rows, "evidence")
    if not rows["is_of_kind"].any():
        return phrase(said) if isinstance(said, str) else said
    return phrase(f"{kind}. ", said) if isinstance(said, str) else blocks(f"{kind}.", said)


def observations(book: Book, clauses: pd.DataFrame, exceptions: pd.DataFrame) -> Html:
    """What was observed of clauses that nobody can fail: good practice, examples and context; never a finding."""
    found = _in_unit(book, exceptions).assign(answers="")
    seen = audit_findings.observations(_shown(book, clauses), found, book.framework, book.schemes.embedding)
    forces = listing(dict.fromkeys(seen["force"]))
    return table(
        seen.assign(asks=seen["criterion"] + " (" + seen["cite"] + ")", strength=seen["force"].map(sentence)),
        title=f"{sentence(counted(len(seen), 'observation', in_words=True))} of "
        f"{plural(len(seen), 'a clause that binds', 'clauses that bind')} nobody",
        subtitle=f"Exceptions to {forces}. They are no findings: only a duty or a minimum requirement makes one",
        columns={
            "asks": "What the framework says",
            **({"unit": "Unit"} if book.unit is None else {}),
            "strength": "Force",
            "condition": Column("What was seen"),
        },
        empty=_none_seen(clauses),
    )


def _none_seen(clauses: pd.DataFrame) -> str:
    """Why there is no observation: nothing was tested, or no exception was seen."""
    if (clauses["result"] == "observation").any():
        return "Of the clauses that bind nobody no exception was seen."
    return "No clause that binds nobody could be tested, so nothing was observed."
