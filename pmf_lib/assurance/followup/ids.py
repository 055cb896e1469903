"""Ids of recommendations: short enough to be read aloud, and the same wherever and whenever they are made."""

from __future__ import annotations

import hashlib
import re

MARK = "R"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty-two letters and figures that nobody takes for one another: no I, L, O or U."""
LENGTH = 7
FORM = re.compile(rf"{MARK}-[{LETTERS}]{{{LENGTH}}}")
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
"""What people write for a figure."""


def recommendation_id(council: str, framework: str, clause: str, unit: str) -> str:
    """The id of what a report recommends to a unit about a clause.

    Names of units and the words of a clause may change: the id is of their own ids alone.

    >>> recommendation_id("sample", "pmf-2022-25", "targets-set", "childrens")
    'R-YTK1XEM'
    >>> recommendation_id("sample", "pmf-2022-25", "targets-set", "council")
    'R-MDXBM45'
    """
    text = "\n".join((council, framework, clause, unit))
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")
    return f"{MARK}-" + "".join(LETTERS[(number >> 5 * place) & 31] for place in range(LENGTH))


def as_written(text: str) -> str:
    """What somebody typed as an id would be written; '' where it is none.

    >>> as_written(" r-ytk1xem "), as_written("targets-set"), as_written("r-mdxbmo5")
    ('R-YTK1XEM', '', 'R-MDXBM05')
    """
    mark, _, rest = text.strip().upper().partition("-")
    shown = f"{mark}-{rest.translate(READ_AS)}"
    return shown if FORM.fullmatch(shown) else ""
