"""All checks of the tables of arrangements, in order: first the rows that lead nowhere, then those that don't fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import pandas as pd

from pmf_lib.records import posts
from pmf_lib.records.arranged import certified, fits, leads
from pmf_lib.records.arranged.leads import NOTHING, Named
from pmf_lib.records.schema import ARRANGEMENTS, TABLES

Tables = dict[str, pd.DataFrame]
ONE_BY_ONE = ("agenda", "approvals", "meetings", "conversations", "registers", "certifications")
"""Tables with checks of their own."""


def astray(tables: Tables, directorates: Collection[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Table and findings on rows that are to be left out, one kind at a time; `tables` is read anew for each."""
    for name in (each for each in leads.with_units() if len(tables[each])):
        yield name, leads.unknown_directorates(name, tables[name], directorates)
    for name in (each for each in ARRANGEMENTS if len(tables[each])):
        yield name, leads.unknown_owners(name, tables)


def amiss(
    tables: Tables,
    before: Mapping[str, pd.DataFrame],
    nodes: Mapping[str, Collection[str]],
    named: Named = NOTHING,
    as_at: date | None = None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Table and findings on rows that are kept; `before` has also the rows that were left out: what names them is no fault.

    `as_at`: what has not been said by this day of a day gone by is asked for (none: by the day of recording).
    """
    for name in ARRANGEMENTS:
        rows = tables[name]
        if rows.empty:
            continue
        yield name, leads.unknown_links(name, rows, before)
        if "nodes" in TABLES[name].columns:
            yield name, leads.unknown_nodes(name, rows, nodes)
        if "service" in TABLES[name].columns:
            yield name, leads.unknown_services(name, rows, tables)
        for test in (fits.dates_out_of_order, fits.dates_to_come, fits.self_verified, fits.entered_twice):
            yield name, test(name, rows)
        if name in posts.COLUMNS:
            yield name, posts.persons(name, rows, rows)
    if any(len(tables[name]) for name in ONE_BY_ONE):
        yield from _of_one_table(tables, before, named, as_at)


def _of_one_table(
    tables: Tables, before: Mapping[str, pd.DataFrame], named: Named, as_at: date | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "agenda", leads.unknown_items(tables["agenda"], named.items)
    yield "approvals", leads.unknown_subjects(tables["approvals"], before)
    yield "approvals", leads.unknown_clauses(tables["approvals"], named.clauses)
    yield "approvals", fits.variations_void(tables["approvals"])
    yield "meetings", fits.meetings_to_come(tables["meetings"])
    yield "meetings", fits.meetings_without_result(tables["meetings"], as_at)
    yield "conversations", fits.counts_over("conversations", tables["conversations"])
    yield "registers", fits.shares_over_hundred(tables["registers"])
    yield "certifications", fits.counts_over("certifications", tables["certifications"])
    yield "certifications", certified.by_owner(tables["certifications"], tables["measures"])
