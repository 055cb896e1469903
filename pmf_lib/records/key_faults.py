"""The faults of rows that are not alone: said twice, said again by a later return, or not their sender's to say."""

from __future__ import annotations

import pandas as pd

from pmf_lib.records import findings
from pmf_lib.records.findings import Text
from pmf_lib.records.schema import TABLES


def other_directorate(table: str, rows: pd.DataFrame, owner: Text, sender: pd.Series) -> pd.DataFrame:
    """Rows of a directorate's return (`sender`) that speak of another directorate's measure (`owner`)."""
    return findings.found(
        "directorate.other",
        table,
        rows,
        column="directorate" if table == "measures" else "measure_id",
        got=rows["measure_id"] + " of " + owner,
        expected="a measure of " + sender + ", whose return this is",
        mend="The row was left out. Take it out; the directorate that keeps the measure sends it.",
    )


def other_unit(table: str, rows: pd.DataFrame, sender: pd.Series) -> pd.DataFrame:
    """Rows of arrangements in a directorate's return (`sender`) that are another directorate's or the whole council's."""
    return findings.found(
        "directorate.other",
        table,
        rows,
        column="directorate",
        got=rows["directorate"],
        expected=sender + ", whose return this is",
        mend="The row was left out. Fill in this directorate, or take the row out: whose it is sends it.",
    )


def other_whole(
    table: str, rows: pd.DataFrame, key: str, owner: pd.Series, sender: pd.Series
) -> pd.DataFrame:
    """Rows of a directorate's return (`sender`) that belong to a plan or meeting (`key`) of another or the whole council."""
    what = "a plan" if key == "plan_id" else "a meeting"
    return findings.found(
        "directorate.other",
        table,
        rows,
        column=key,
        got=rows[key] + " of " + owner.mask(owner == "", "the whole council"),
        expected=what + " of " + sender + ", whose return this is",
        mend="The row was left out. Take it out; whose it is sends it. If the id is mistyped, correct it.",
    )


def taken_over(table: str, rows: pd.DataFrame, key: str, owner: pd.Series, sender: pd.Series) -> pd.DataFrame:
    """Rows of a directorate's return (`sender`) under an id (`key`) that is an entry of another or the whole council."""
    return findings.found(
        "directorate.other",
        table,
        rows,
        column=key,
        got=rows[key] + " of " + owner.mask(owner == "", "the whole council"),
        expected="the id of an entry of " + sender + ", whose return this is, or a new one",
        mend="The row was left out, as it would take the place of an entry that is another's. "
        "Give this entry an id of its own; if the other's entry is meant, take the row out: whose it is sends it.",
    )


def moved(table: str, rows: pd.DataFrame, owner: Text) -> pd.DataFrame:
    """A former owner's rows of measures that the council's own folder has since given to `owner`."""
    return findings.found(
        "row.superseded",
        table,
        rows,
        got=_key_words(table, rows),
        expected="a measure of " + owner + " by now, as the council's own folder says",
        mend="That folder's row is in force. Nothing is to be done: what the return says of its figures still counts.",
    )


def other_frequency(table: str, rows: pd.DataFrame, first: Text) -> pd.DataFrame:
    """Rows of a return that would change the frequency (`first`) of a measure."""
    return findings.found(
        "frequency.other",
        table,
        rows,
        column="frequency",
        got=rows["frequency"],
        expected=first + ", as the row says that named the measure first",
        mend="The row was left out: with it no earlier figure of the measure could be read. Put the frequency back, or "
        "ask for a new measure; only the council's own folder can change a frequency.",
    )


def superseded(table: str, rows: pd.DataFrame, newer: pd.DataFrame, changes: Text) -> pd.DataFrame:
    """Rows whose key a later return (`newer`, under the same index) gives again with other content (`changes`)."""
    return findings.found(
        "row.superseded",
        table,
        rows,
        got=_key_words(table, rows),
        expected="what the later return says in " + _row_words(newer) + " (" + changes + ")",
        mend="The later row is in force. Nothing is to be done, unless the earlier one was right: then send it again.",
    )


def repeated_key(table: str, rows: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Rows that repeat an earlier one (`first`, under the same index) word for word."""
    return findings.found(
        "key.repeated",
        table,
        rows,
        got=_key_words(table, rows),
        expected=TABLES[table].grain + ", and " + _row_words(first) + " says the same",
        mend="The second row was left out. Take it out of the file.",
    )


def conflicting_key(table: str, rows: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Rows that have the key of an earlier one (`first`, under the same index) and say something else."""
    return findings.found(
        "key.conflict",
        table,
        rows,
        got=_key_words(table, rows),
        expected=TABLES[table].grain + ", and " + _row_words(first) + " has this key with other content",
        mend="The first row was kept and this one left out. Keep the one that is right, and send the file again.",
    )


def _key_words(table: str, rows: pd.DataFrame) -> pd.Series:
    """The key of each row in words, such as ``measure_id missed-bins, period 2024-07``."""
    words = pd.Series("", rows.index, dtype="str")
    for name in TABLES[table].key:
        cell = rows[name]
        text = cell.dt.strftime("%Y-%m-%d") if cell.dtype.kind == "M" else cell.astype("str")
        words = words + (", " if name != TABLES[table].key[0] else "") + name + " " + text
    return words


def _row_words(first: pd.DataFrame) -> pd.Series:
    return "row " + first["source_row"].astype("str") + " of " + first["source_file"]
