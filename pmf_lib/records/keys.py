"""Rows that speak of the same thing: twice in one place, again in a later return, or in another directorate's return.

Each function takes a typed table, the text of the same rows (with `schema.DELIVERY`), and the table; it gives findings.
Folders and published files are one delivery; each return is one more, later than all before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmf_lib.periods import FREQUENCIES
from pmf_lib.records import findings, key_faults
from pmf_lib.records.cells import looked_up
from pmf_lib.records.schema import ARRANGEMENTS, DELIVERY, PROVENANCE, RECORDED, Table

SAID_AT_MOST = 3
PART_OF: Mapping[str, tuple[str, str]] = {
    "objectives": ("plans", "plan_id"),
    "agenda": ("meetings", "meeting_id"),
}
"""Table of arrangements that names no directorate → the table whose rows its own belong to, and by which id."""
WHOLES = dict(PART_OF.values())
Wholes = Mapping[str, pd.DataFrame]
"""Such a whole table → whose its rows are (`owners`)."""


def is_of_measure(table: Table) -> bool:
    """Is a row of this table of arrangements its measure's, since it names no directorate, plan or meeting?"""
    return table.name not in PART_OF and "directorate" not in table.columns and "measure_id" in table.columns


def foreign(
    texts: pd.DataFrame,
    table: Table,
    owners: pd.Series,
    wholes: Wholes | None = None,
) -> pd.DataFrame:
    """Rows of a directorate's return that speak of another's measure (`owners`: measure_id → directorate).

    A measure belongs to the directorate that named it first; only the council's own folder can move it. What came
    before it moved is not judged anew: figures stay, and of the measure itself the new owner's row is in force. `wholes`: as for
    `foreign_arrangements`.
    """
    if not (texts[DELIVERY[1]] != "").any():
        return findings.none()
    if table.name in ARRANGEMENTS and not is_of_measure(table):
        return foreign_arrangements(texts, table, wholes or {})
    if "measure_id" not in texts:
        return findings.none()
    owner, sender = looked_up(texts["measure_id"], owners), texts[DELIVERY[1]]
    claimed = texts.get("directorate", sender)
    known = {*claimed[sender == ""], *sender} if table.name == "measures" else {*owners}
    named = owner.where(owner != sender, claimed)
    other = (sender != "") & (owner != "") & (named != sender) & named.isin(known)
    accepted = other & (texts[DELIVERY[3]] != "")
    other &= ~accepted
    moved = accepted & (table.name == "measures")
    return findings.gathered(
        [
            key_faults.other_directorate(table.name, texts[other], named[other], sender[other]),
            key_faults.moved(table.name, texts[moved], owner[moved]),
        ]
    )


def foreign_arrangements(texts: pd.DataFrame, table: Table, wholes: Wholes) -> pd.DataFrame:
    """Rows of arrangements in a directorate's return that are another directorate's, or the whole council's: not its to send.

    An objective is its plan's, an item its meeting's (`wholes`); where plan or meeting is not known, nor is whose the row is.
    """
    sender = texts[DELIVERY[1]]
    if table.name not in PART_OF:
        other = (sender != "") & (texts.get("directorate", sender) != sender)
        return key_faults.other_unit(table.name, texts[other], sender[other])
    whole, key = PART_OF[table.name]
    named = wholes.get(whole, pd.DataFrame(columns=[key, "directorate"], dtype="str"))
    owner = (
        texts[key].map(named.drop_duplicates(key, keep="last").set_index(key)["directorate"]).astype("str")
    )
    theirs = pd.MultiIndex.from_frame(named).drop_duplicates()
    own = pd.MultiIndex.from_arrays([texts[key], sender]).isin(theirs)
    other = (sender != "") & owner.notna() & ~own
    return key_faults.other_whole(table.name, texts[other], key, owner[other], sender[other])


def taken_over(typed: pd.DataFrame, texts: pd.DataFrame, table: Table, wholes: Wholes) -> pd.DataFrame:
    """Rows of returns whose id is that of another's entry: an entry is whose the council's own places ever named it.

    What they do not name is whose return named it first. Such a row would take the other entry's place. Both tables hold
    the rows that can be read: one that was left out names nothing.
    """
    key, sender = table.key[0], texts[DELIVERY[1]]
    is_entry = table.name in ARRANGEMENTS and len(table.key) <= len((key, RECORDED))
    if not is_entry or not (sender != "").any():
        return findings.none()
    named = _first_named(_whose(texts, table, wholes))
    owner = texts[key].map(named.drop_duplicates(key, keep="last").set_index(key)["directorate"])
    own = pd.MultiIndex.from_arrays([texts[key], sender]).isin(pd.MultiIndex.from_frame(named))
    other = (sender != "") & (texts[key] != "") & owner.notna() & ~own
    return key_faults.taken_over(table.name, texts[other], key, owner[other].astype("str"), sender[other])


def _whose(texts: pd.DataFrame, table: Table, wholes: Wholes) -> pd.DataFrame:
    """Id, directorate and sender of each row; of a part, the directorate of its plan or meeting."""
    rows = texts[[table.key[0], DELIVERY[1]]]
    if table.name not in PART_OF:
        return rows.assign(directorate=texts["directorate"])
    whole, key = PART_OF[table.name]
    named = wholes.get(whole, pd.DataFrame(columns=[key, "directorate"], dtype="str"))
    found = rows.assign(**{key: texts[key]}).merge(named.drop_duplicates(), on=key)
    is_own = (found[DELIVERY[1]] == "") | (found["directorate"] == found[DELIVERY[1]])
    return found.loc[is_own, [*rows.columns, "directorate"]]


def owners(texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Id and directorate ('' is the whole council) of each row of a whole: as the council's own places ever named it.

    What they do not name is whose return named it first. `texts`: rows that were kept; one that was left out names nothing.
    """
    return _first_named(texts[[WHOLES[table.name], DELIVERY[1], "directorate"]])


def _first_named(rows: pd.DataFrame) -> pd.DataFrame:
    """Id (the first column) and directorate of all rows of the council's own places; of other ids, of the first row sent."""
    key, is_sent = str(rows.columns[0]), rows[DELIVERY[1]] != ""
    new = rows[is_sent & ~rows[key].isin(rows.loc[~is_sent, key])]
    return pd.concat([rows[~is_sent], new.drop_duplicates(key)], ignore_index=True)[[key, "directorate"]]


def other_frequency(texts: pd.DataFrame, table: Table, about: pd.DataFrame) -> pd.DataFrame:
    """Rows of returns that would change the frequency of their sender's measure (`about`: by measure_id, of first rows)."""
    if "frequency" not in table.columns or not (texts[DELIVERY[1]] != "").any():
        return findings.none()
    first = looked_up(texts["measure_id"], about["frequency"]).str.lower()
    own = texts[DELIVERY[1]] == looked_up(texts["measure_id"], about["directorate"])
    said = texts["frequency"].str.lower()
    other = own & (said != first) & said.isin(list(FREQUENCIES)) & first.isin(list(FREQUENCIES))
    return key_faults.other_frequency(table.name, texts[other], first[other])


def twice(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Rows with the key of an earlier one of the same delivery: the first is kept, whether they agree or not."""
    if not typed.duplicated(list(table.key)).any():
        return findings.none()
    by = [delivery(texts), *(typed[name] for name in table.key)]
    numbers = typed.groupby(by, sort=False).ngroup()
    later = typed[numbers.duplicated()]
    if later.empty:
        return findings.none()
    first = _matched(later, numbers, keep="first", among=typed)
    same = _same(later, first, table)
    return findings.gathered(
        [
            key_faults.repeated_key(table.name, later[same], first[same]),
            key_faults.conflicting_key(table.name, later[~same], first[~same]),
        ]
    )


def superseded(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that a later delivery gives again: `typed` without them, and a finding for each that it changes."""
    numbers = delivery(texts)
    if numbers.nunique() < 2:
        return typed, findings.none()
    typed = _without_restated(typed.loc[numbers.sort_values(kind="stable").index], texts, table)
    numbers = typed.groupby(list(table.key), sort=False).ngroup()
    older = typed[numbers.duplicated(keep="last")]
    newer = _matched(older, numbers, keep="last", among=typed)
    same = _same(older, newer, table)
    changed = key_faults.superseded(
        table.name, older[~same], newer[~same], _changes(older[~same], newer[~same], table)
    )
    return typed.drop(index=older.index).sort_index(), changed


def delivery(texts: pd.DataFrame) -> pd.Series:
    """The number of each row's delivery: folders first, then returns by day, those of one day as they stand here."""
    if not (texts[DELIVERY[0]] != "").any():
        return pd.Series(0, texts.index)
    day = texts[DELIVERY[0]].sort_values(kind="stable")
    name = (day + " " + texts[PROVENANCE[0]].loc[day.index]).where(day != "", "")
    return pd.Series(pd.factorize(name)[0], name.index).reindex(texts.index)


def day_recorded(texts: pd.DataFrame) -> pd.Series:
    """When each row was recorded, as text: in a return, a value without a date on the day that the return was received."""
    return texts["recorded_at"].where(texts["recorded_at"] != "", texts[DELIVERY[0]])


def _without_restated(typed: pd.DataFrame, texts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Without undated rows of returns that only say again what was recorded last: nothing was recorded anew.

    `typed` comes in the order of deliveries.
    """
    if "recorded_at" not in table.columns:
        return typed
    undated = texts["recorded_at"].loc[typed.index] == ""
    by = [name for name in table.key if name != "recorded_at"]
    said = [name for name in table.columns if name != "recorded_at"]
    ordered = typed.sort_values([*by, "recorded_at"], kind="stable")
    before = ordered[said].shift()
    again = ((ordered[said] == before) | (ordered[said].isna() & before.isna())).all(axis=1)
    return typed.drop(index=again.index[again & undated.loc[again.index]])


def _matched(rows: pd.DataFrame, numbers: pd.Series, *, keep: str, among: pd.DataFrame) -> pd.DataFrame:
    """For each of `rows` the first or last of its number `among` all, under the index of `rows`."""
    kept = numbers[~numbers.duplicated(keep="first" if keep == "first" else "last")]
    place = pd.Series(kept.index, kept.to_numpy())
    return among.loc[numbers.loc[rows.index].map(place)].set_axis(rows.index)


def _same(rows: pd.DataFrame, others: pd.DataFrame, table: Table) -> pd.Series:
    """True where two rows say the same in every column of the table."""
    content = list(table.columns)
    alike = (rows[content] == others[content]) | (rows[content].isna() & others[content].isna())
    return alike.all(axis=1)


def _changes(older: pd.DataFrame, newer: pd.DataFrame, table: Table) -> pd.Series:
    """What the newer row says otherwise: ``value 12 → 13``, three columns at most."""
    names = [name for name in table.columns if name not in table.key]
    before, after = older[names].map(_said), newer[names].map(_said)
    if table.name == "observations":  # what is suppressed now is not told as it was
        is_hidden = newer["state"] == "suppressed"
        figures = {
            name: before[name].mask(is_hidden, after[name]) for name in ("value", "numerator", "denominator")
        }
        before = before.assign(**figures)
    lines = [
        [f"{name} {old} → {new}" for name, old, new in zip(names, was, now, strict=True) if old != new]
        for was, now in zip(before.to_numpy(), after.to_numpy(), strict=True)
    ]
    return pd.Series([_listed(line) for line in lines], older.index, dtype="str")


def _said(value: Any) -> str:
    """One cell in a few words."""
    if pd.isna(value) or value == "":
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"'{text[:37]}…'"


def _listed(changes: list[str]) -> str:
    more = len(changes) - SAID_AT_MOST
    return "; ".join(changes[:SAID_AT_MOST]) + (f"; and {more} more" if more > 0 else "")
