"""Texts that name what is exempt: by its id, wherever it stands in another id, or by its title, however it is spaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import pandas as pd

from pmf_lib.records.schema import TABLES
from pmf_lib.records.schema.base import SEPARATOR

UNNAMED = "(a file that is not named)"
UNSAID = "(a measure that is left out)"
IN_WORDS = ("text", "posts")


@dataclass(frozen=True)
class Names:
    """Ids and titles that no text may hold.

    >>> names = Names.of(["care-concerns"], ["Care providers of concern"])
    >>> names.in_texts(
    ...     pd.Series(["Act on CARE  providers of concern now", "act-care-concerns-2", "Care"])
    ... ).tolist()
    [True, True, False]
    """

    ids: frozenset[str]
    pattern: re.Pattern[str]
    others: re.Pattern[str]
    """Names of what is public and has such a name in its own."""

    @classmethod
    def of(cls, ids: Iterable[str], titles: Iterable[str], public: Iterable[str] = ()) -> Names:
        """The names of these ids and titles; an id that is one plain word is sought where ids stand alone.

        What is named within the ids and titles of what is `public` names that, and nothing else.

        >>> names = Names.of(["care-homes"], [], public=["care-homes-good"])
        >>> names.in_texts(pd.Series(["care-homes-good", "act-care-homes", "care-homes"])).tolist()
        [False, True, True]
        """
        ids = frozenset(ids)
        own = _sought([*(one for one in ids if "-" in one), *titles])
        return cls(ids, own, _sought(one for one in public if own.search(one)))

    def in_texts(self, texts: pd.Series[str]) -> pd.Series[bool]:
        """Which texts name one of them; each text is read once."""
        return texts.isin(
            [one for one in texts.unique() if self.pattern.search(self.others.sub(" ", str(one)))]
        )

    def unsaid(self, texts: pd.Series[str]) -> pd.Series[str]:
        """The texts with other words in the place of each name.

        >>> Names.of(["a-b"], []).unsaid(pd.Series(["The rest of a-b."])).tolist()
        ['The rest of (a measure that is left out).']
        """
        named = self.in_texts(texts)
        return texts.where(~named, texts.str.replace(self.pattern, UNSAID, regex=True))

    def without(self, lists: pd.Series[str], gone: frozenset[str]) -> pd.Series[str]:
        """Lists of ids without those that are gone, and without any that has a name in it.

        >>> Names.of(["a-b"], []).without(pd.Series(["a-b; c", "act-a-b", "d"]), frozenset({"d"})).tolist()
        ['c', '', '']
        """
        each = lists.str.split(SEPARATOR.strip()).explode().str.strip()
        kept = each[~each.isin(gone | self.ids) & ~self.in_texts(each) & (each != "")]
        joined = kept.groupby(level=0).agg(SEPARATOR.join)
        return joined.reindex(lists.index, fill_value="").astype("str")


def _sought(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern of these names, the longest first, however they are spaced; of none one that is never found."""
    plain = sorted(
        {" ".join(name.split()) for name in names if name.strip()}, key=lambda one: (-len(one), one)
    )
    words = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in plain)
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])" if words else r"(?!)", re.IGNORECASE)


def joined(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series[str]:
    """The texts of these columns as one a row."""
    return reduce(lambda so_far, name: so_far + " " + frame[name], names[1:], frame[names[0]])


def columns(table: str, *kinds: str) -> list[str]:
    """Columns of a table that are of one of these kinds."""
    specs = TABLES[table].columns
    return [name for name, spec in specs.items() if (spec.metadata or {})["kind"] in kinds]


def is_needed(table: str, column: str) -> bool:
    """Must each row of the table have a value in this column?"""
    return bool((TABLES[table].columns[column].metadata or {})["needed"])
