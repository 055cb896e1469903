"""Posts, never persons: where a cell for a post holds an e-mail address, or a title with a name."""

from __future__ import annotations

import pandas as pd

from pmf_lib.records import findings

COLUMNS = {"measures": "owner", "commentary": "post", "forecasts": "post"}
"""Table → its column that names a post."""
MASK = "[e-mail address]"
"""What stands for an e-mail address everywhere after reading."""
ADDRESS = r"[^\s@()\[\]<>,;:\"]+@[^\s@()\[\]<>,;:\"]+"
_NO_NAME = (
    r"(?!(?:Support|Services?|Liaison|Development|Officer|Office|Conduct|Allowances|Enquir\w+|Casework)\b)"
)
TITLE_AND_NAME = rf"\b(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Cllr)\b\.?|Councillor|Professor) +{_NO_NAME}[A-Z]"
"""A title with a capital after it; 'Councillor Support Officer' is a post. A bare name can't be told from a post."""


def masked(texts: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows of text without the e-mail addresses in the table's column for a post.

    >>> rows = pd.DataFrame({"owner": ["Head of Housing", "J. Smith (j.smith@council.example)"]})
    >>> masked(rows, "measures")["owner"].to_list()
    ['Head of Housing', 'J. Smith ([e-mail address])']
    """
    if table not in COLUMNS:
        return texts
    name = COLUMNS[table]
    return texts.assign(**{name: texts[name].str.replace(ADDRESS, MASK, regex=True)})


def persons(table: str, rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    """Cells for a post that hold a person; what they hold is not quoted."""
    cells = rows[COLUMNS[table]]
    mailed = cells.str.contains(MASK, regex=False)
    off = mailed | cells.str.contains(TITLE_AND_NAME)
    got = mailed.map({True: "an e-mail address", False: "a person's title and name"})
    return findings.found(
        "post.person",
        table,
        rows[off],
        column=COLUMNS[table],
        got=got[off],
        expected="a post, such as 'Head of Housing', and never a person's name or address",
        mend="Write the post instead of the person, and send the file again.",
    )
