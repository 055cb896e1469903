"""Clause tests of kept registers: documents, contracts, projects, pledges, consultations, complaints, training and more."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.checks.common import (
    YEAR,
    by,
    counted,
    directorates,
    holds_words,
    in_force,
    in_words,
    is_older,
    last_day,
    named,
    names_any,
    services,
    still_open,
    told,
)
from pmf_lib.assurance.checks.occasions import is_dated, year_to
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.checks.turns import nothing_known
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at, or_nothing_arose
from pmf_lib.framework.model import Framework
from pmf_lib.periods import Period
from pmf_lib.records.many import exploded
from pmf_lib.records.schema.words import REGISTERS

PLEDGE = "pledge"
"""The level of a framework whose nodes the council's records bring as pledges, year by year."""


@clause_test
def register_has_entry(
    evidence: Evidence, *, register: str, per: str, party: str = "", title: str = ""
) -> Answer:
    """The unit's register holds an entry that began or ended in the period (whose party and title hold these words).

    The period is the reporting quarter, or the twelve months before the as-at date. A register that nobody in the council
    keeps is not known.
    """
    if not is_register_kept(evidence, register):
        return nothing_known()
    entries = _entries(evidence, register)
    entries = entries[holds_words(entries["party"], party) & holds_words(entries["title"], title)]
    begin, end = _period(evidence, told("per", per, ("quarter", "year")))
    within = entries["opened_on"].between(begin, end) | entries["closed_on"].between(begin, end)
    what = _with_words({"party": party, "title": title})
    rows = pd.DataFrame({"subject": [f"Register of {register}"], "what": [what], "begin": [begin]})
    rows = in_words(rows.iloc[: int(not within.any())], "begin")
    return looked_at(entries[within], exceptions(rows, "It holds no entry{what} since {begin}."), 1)


@clause_test
def entry_is_closed_in_time(evidence: Evidence, *, register: str) -> Answer:
    """Each entry was done, answered or sent in by its day.

    Tested are entries due before the as-at date: those due in the last year, and those still open.
    """
    entries, today = named(_entries(evidence, register), "entry_id"), pd.Timestamp(evidence.as_at)
    entries = entries.assign(closed_on=by(entries["closed_on"], evidence.as_at))
    due = entries[entries["due_on"] < today]
    due = due[due["closed_on"].isna() | ~is_older(due["due_on"], YEAR, evidence.as_at)]
    said = in_words(due, "due_on", "closed_on")
    found = [
        exceptions(said[due["closed_on"].isna()], "It was due on {due_on}, and is not closed."),
        exceptions(
            said[due["closed_on"] > due["due_on"]].assign(is_past=True),
            "It was due on {due_on}, and closed on {closed_on}.",
        ),
    ]
    is_known = is_register_kept(evidence, register) and is_dated(entries, "due_on", "closed_on")
    idle = f"no entry of its register of {register} fell due in {year_to(evidence)}, and none is overdue"
    return or_nothing_arose(looked_at(due, pd.concat(found, ignore_index=True)), is_known, idle)


@clause_test
def entry_is_reviewed(evidence: Evidence, *, register: str, months: int) -> Answer:
    """Each entry that has been open for so many months was reviewed within them."""
    entries = _entries(evidence, register)
    entries = named(still_open(entries, evidence.as_at, "closed_on", start="opened_on"), "entry_id")
    entries = entries[is_older(entries["opened_on"], months, evidence.as_at)]
    reviewed = by(entries["reviewed_on"], evidence.as_at)
    bare = entries.assign(reviewed_on=reviewed)[reviewed.isna() | is_older(reviewed, months, evidence.as_at)]
    bare = in_words(bare, "reviewed_on", "opened_on")
    bare = bare.assign(
        last=("last reviewed on " + bare["reviewed_on"]).where(bare["reviewed_on"] != "", "never reviewed")
    )
    is_known = is_register_kept(evidence, register) and is_dated(
        _entries(evidence, register), "opened_on", "closed_on"
    )
    return or_nothing_arose(
        looked_at(entries, exceptions(bare, "Open since {opened_on}, {last}.")),
        is_known,
        f"no entry of its register of {register} has been open for {counted(months, 'month')}",
    )


@clause_test
def entry_has_objective(evidence: Evidence, *, register: str) -> Answer:
    """Each entry of the year leads to an objective of a plan in force."""
    year = evidence.quarter.financial_year
    entries = of_year(_entries(evidence, register), evidence.framework, year, evidence.as_at)
    entries = named(entries, "entry_id")
    plans = in_force(evidence.of_council("plans"), last_day(evidence.quarter, evidence.as_at))
    objectives = evidence.of_council("objectives")
    known = objectives.loc[objectives["plan_id"].isin(plans["plan_id"]), "objective_id"]
    bare = entries[~names_any(entries, "objectives", set(known))]
    said = bare.assign(
        words=("Its objective is in no plan in force: " + bare["objectives"] + ".").where(
            bare["objectives"] != "", "It names no objective."
        )
    )
    is_known = is_register_kept(evidence, register) and is_dated(_entries(evidence, register), "opened_on")
    return or_nothing_arose(
        looked_at(entries, exceptions(said, "{words}")),
        is_known,
        f"its register of {register} holds no entry of the year",
    )


@clause_test
def node_has_pledge(evidence: Evidence) -> Answer:
    """Each node from which pledges hang has one for the year, on the register of pledges or as a node of the framework."""
    framework, year = evidence.framework, evidence.quarter.financial_year
    pledges = of_year(_entries(evidence, "pledges"), framework, year, evidence.as_at)
    pledges = made_for(pledges, year)
    asked, bare = nodes_of_pledges(framework, year), without_pledge(framework, pledges, year)
    is_framework_s = any(node.level == PLEDGE for node in framework.linkable_in(year.label))
    if not is_register_kept(evidence, "pledges") and not is_framework_s:
        return nothing_known()
    rows = pd.DataFrame({"node": bare}, dtype="str").assign(subject=evidence.named_nodes)
    return looked_at(pledges, exceptions(rows, f"No pledge of {year.label} is made for it."), len(asked))


@clause_test
def contract_covers_performance(evidence: Evidence) -> Answer:
    """Each contract in force says that it covers performance and the information to be given."""
    contracts = _entries(evidence, "contracts")
    begun = contracts.assign(opened_on=contracts["opened_on"].fillna(pd.Timestamp(evidence.as_at)))
    now = named(still_open(begun, evidence.as_at, "closed_on", start="opened_on"), "entry_id")
    bare = now[now["performance_terms"] != "yes"]
    said = bare.assign(
        words=bare["performance_terms"]
        .map({"no": "It does not cover performance"})
        .fillna("Nobody says whether it covers performance")
    )
    found = looked_at(now, exceptions(said, "{words} and the information to be given."))
    return or_nothing_arose(found, is_register_kept(evidence, "contracts"), "it has no contract in force")


@clause_test
def document_is_in_force(evidence: Evidence, *, documents: tuple[str, ...], each: str = "") -> Answer:
    """Each of these documents (of each service, or of each directorate's board) is in force and not past its review.

    A document counts whose title begins with the words. Where nobody in the council keeps a register of documents, nothing
    is known.
    """
    if not is_register_kept(evidence, "documents"):
        return nothing_known()
    asked = _units(evidence, told("each", each, ("", "service", "board")))
    asked = asked.merge(pd.DataFrame({"document": list(documents)}), how="cross")
    named_so = asked["unit"].where(asked["unit"] == "", asked["unit"] + ": ") + asked["document"]
    asked = asked.assign(subject=named_so)
    entries = _documents(evidence, asked, each)
    now = in_force(entries, evidence.as_at, "opened_on", "due_on")
    now = still_open(now, evidence.as_at, "closed_on", start="opened_on")
    bare = asked[~asked["subject"].isin(now["subject"])]
    lapsed = bare.merge(entries.drop_duplicates("subject", keep="last"), on="subject")
    none = bare[~bare["subject"].isin(lapsed["subject"])]
    found = [
        exceptions(none, "No such document is on the register."),
        exceptions(_lapsed(evidence, lapsed), "{words}"),
    ]
    return looked_at(now, pd.concat(found, ignore_index=True), len(asked))


def _entries(evidence: Evidence, register: str) -> pd.DataFrame:
    """The unit's entries of one register."""
    rows = evidence.kept("registers")
    return rows[rows["register"] == told("register", register, REGISTERS)]


def is_register_kept(evidence: Evidence, register: str) -> bool:
    """Does anybody in the council keep this register?"""
    told("register", register, REGISTERS)
    return bool((evidence.of_council("registers")["register"] == register).any())


def _period(evidence: Evidence, per: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of the reporting quarter, or of the twelve months before the as-at date."""
    today = pd.Timestamp(evidence.as_at)
    if per == "quarter":
        return pd.Timestamp(evidence.quarter.start), min(pd.Timestamp(evidence.quarter.end), today)
    return today - pd.DateOffset(months=YEAR), today


def of_year(entries: pd.DataFrame, framework: Framework, year: Period, as_at: date) -> pd.DataFrame:
    """Entries of this framework (or that name none) that stood on some day of a financial year, as known on the as-at date.

    Begun by the year's last day and the as-at date, or no day of it is told; not closed before the year. One that was due
    before the year and is still open is of it too.
    """
    begun = ~(entries["opened_on"] > pd.Timestamp(min(as_at, year.end)))
    ended = entries["closed_on"] < pd.Timestamp(year.start)
    return entries[begun & ~ended & entries["framework"].isin(["", framework.id])]


def made_for(entries: pd.DataFrame, year: Period) -> pd.DataFrame:
    """Entries of `of_year` that are made for the year: due in it or later, or, without such a day, begun in it or nobody says when."""
    day = entries["due_on"].fillna(entries["opened_on"])
    return entries[~(day < pd.Timestamp(year.start))]


def nodes_of_pledges(framework: Framework, year: Period) -> list[str]:
    """Ids of the nodes from which pledges hang and that stand in the year, in the framework's order."""
    parents = next((level.parents for level in framework.levels if level.id == PLEDGE), ())
    return [node.id for node in framework.linkable_in(year.label) if node.level in parents]


def without_pledge(framework: Framework, pledges: pd.DataFrame, year: Period) -> list[str]:
    """Ids of those nodes for which none of these pledges is made, and none is a node of the framework."""
    served = set(exploded(pledges[["nodes"]], "nodes")["nodes"])
    served |= {node.parent for node in framework.linkable_in(year.label) if node.level == PLEDGE}
    return [node for node in nodes_of_pledges(framework, year) if node not in served]


def _with_words(words: dict[str, str]) -> str:
    """What an entry is asked to say, as a sentence names it: '' where nothing is."""
    return "".join(f" whose {column} says '{said}'" for column, said in words.items() if said)


def _units(evidence: Evidence, each: str) -> pd.DataFrame:
    """Who is to have the document: every service, every directorate's board, or nobody in particular."""
    if each == "service":
        return services(evidence).rename(columns={"title": "unit"})
    if each == "board":
        boards = directorates(evidence)
        return boards.assign(unit="Board of " + boards["title"], service="").drop(columns=["title", "owner"])
    return pd.DataFrame({"directorate": [""], "service": [""], "unit": [""]})


def _documents(evidence: Evidence, asked: pd.DataFrame, each: str) -> pd.DataFrame:
    """Entries that are one of the documents asked for, each with the subject that it serves; the newest last."""
    entries = evidence.of_council("registers")
    entries = entries[
        (entries["register"] == "documents") & (entries["opened_on"] <= pd.Timestamp(evidence.as_at))
    ]
    on = ["directorate", "service"] if each else []
    pairs = asked[[*on, "document", "subject"]].merge(entries, on=on or None, how="inner" if on else "cross")
    begins = [
        title.casefold().startswith(words.casefold())
        for title, words in zip(pairs["title"], pairs["document"], strict=True)
    ]
    return pairs[pd.Series(begins, pairs.index, dtype=bool)].sort_values("opened_on", kind="stable")


def _lapsed(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Documents that are no longer in force, and since when."""
    ended = by(rows["closed_on"], evidence.as_at)
    said = in_words(rows.assign(closed_on=ended), "closed_on", "due_on")
    words = ("It ended on " + said["closed_on"] + ".").where(
        ended.notna(), "It was to be reviewed by " + said["due_on"] + "."
    )
    return rows.assign(words=words)
