"""How well commentary is read: precision and recall on labelled comments, by class and half.

``python tests/commentary/measure.py`` prints the table. The reader's phrases were chosen on the even half alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from pmf_lib.records.quality import scheme
from pmf_lib.records.quality.repeated import is_unchanged
from pmf_lib.records.quality.wording import PAIRS, About, claims

HERE = Path(__file__).resolve().parent
LABELS = ("says_direction", "says_target", "unchanged")
CLASSES = {
    "improving": "says_direction",
    "worsening": "says_direction",
    "on_target": "says_target",
    "off_target": "says_target",
    "yes": "unchanged",
}
"""Class → the column of labels that holds it."""


def labelled(labels: str = "labels_a.csv") -> pd.DataFrame:
    """The comments, each with its labels and `half`: even (the reader was made on it) or odd (it was not)."""
    comments = pd.read_csv(HERE / "comments.csv", keep_default_na=False)
    given = pd.read_csv(HERE / labels, keep_default_na=False)
    rows = comments.merge(given, on="comment_id", validate="one_to_one")
    number = rows["comment_id"].str.removeprefix("c").astype(int)
    return rows.assign(half=(number % 2).map({0: "even", 1: "odd"}))


def read(rows: pd.DataFrame) -> pd.DataFrame:
    """What the reader says of each comment, in the columns of the labels; '' where it says nothing."""
    words = scheme.load().words
    columns = ["measure_title", "unit", "polarity", "text"]
    said = [
        claims(text, About(title, unit, polarity), words)
        for title, unit, polarity, text in rows[columns].itertuples(index=False)
    ]
    same = [is_unchanged(*pair, words) for pair in rows[["text", "previous_text"]].itertuples(index=False)]
    found = {
        column: ["".join(one & set(pair)) for one in said]
        for column, pair in zip(LABELS, PAIRS, strict=False)
    }
    return pd.DataFrame(found | {"unchanged": ["yes" if one else "" for one in same]}, rows.index)


def measured(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per class: how many comments hold it, how many the reader says, how many of these rightly; both shares."""
    said, counts = read(rows), {}
    for name, column in CLASSES.items():
        holds, says = rows[column] == name, said[column] == name
        counts[name] = {"labelled": holds.sum(), "said": says.sum(), "right": (holds & says).sum()}
    table = pd.DataFrame(counts).T.rename(index={"yes": "unchanged"})
    return table.assign(precision=table["right"] / table["said"], recall=table["right"] / table["labelled"])


def agreement() -> pd.Series:
    """Share of comments on which the two readers agree, by column of labels."""
    first, second = labelled(), labelled("labels_b.csv")
    return pd.Series({name: (first[name] == second[name]).mean() for name in LABELS})


if __name__ == "__main__":
    every = labelled()
    for half, rows in every.groupby("half"):
        shown = measured(rows).round(3).to_string()
        sys.stdout.write(f"\n{half} half, {len(rows)} comments\n{shown}\n")
    sys.stdout.write(f"\nagreement of the two readers\n{agreement().round(4).to_string()}\n")
