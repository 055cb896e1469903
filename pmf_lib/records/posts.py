"""Posts, never persons: where a cell for a post holds an e-mail address, or a title with a name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from pmf_lib.records import findings
from pmf_lib.records.schema import TABLES

NAMES = ("owner", "post", "entered_by", "verified_by", "certified_by", "raised_by", "present")
"""Names of columns that hold posts, in whatever table."""
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: named
        for name, table in TABLES.items()
        if (named := tuple(key for key in table.columns if key in NAMES))
    }
)
"""Table → its columns that name posts."""
MASK = "[e-mail address]"
"""What stands for an e-mail address everywhere after reading."""
ADDRESS = r"[^\s@()\[\]<>,;:\"]+@[^\s@()\[\]<>,;:\"]+"
_NO_NAME = (
    r"(?!(?:Support|Services?|Liaison|Development|Officer|Office|Conduct|Allowances|Enquir\w+|Casework)\b)"
)
TITLE_AND_NAME = rf"\b(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Cllr)\b\.?|Councillor|Professor) +{_NO_NAME}[A-Z]"
"""A title with a capital after it; 'Councillor Support Officer' is a post. A bare name can't be told from a post."""


def masked(texts: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows of text without the e-mail addresses in the table's columns for posts.

    >>> rows = pd.DataFrame({"owner": ["Head of Housing", "J. Smith (j.smith@council.example)"]})
    >>> masked(rows, "measures")["owner"].to_list()
    ['Head of Housing', 'J. Smith ([e-mail address])']
    """
    named = COLUMNS.get(table, ()) if len(texts) else ()
    return texts.assign(**{name: texts[name].str.replace(ADDRESS, MASK, regex=True) for name in named})


def persons(table: str, rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    """Cells for a post that hold a person; what they hold is not quoted."""
    return findings.gathered([_persons(table, name, rows) for name in COLUMNS[table]])


def _persons(table: str, name: str, rows: pd.DataFrame) -> pd.DataFrame:
    mailed = rows[name].str.contains(MASK, regex=False)
    off = mailed | rows[name].str.contains(TITLE_AND_NAME)
    if not off.any():
        return findings.none()
    got = mailed.map({True: "an e-mail address", False: "a person's title and name"})
    return findings.found(
        "post.person",
        table,
        rows[off],
        column=name,
        got=got[off],
        expected="a post, such as 'Head of Housing', and never a person's name or address",
        mend="Write the post instead of the person, and send the file again.",
    )
