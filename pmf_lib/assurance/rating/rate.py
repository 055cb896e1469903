"""The rule itself: can anything be concluded, of each directorate and then of the council; if so, the lowest cap holds.

Source: the words of the scale follow CIPFA's common definitions for engagement opinions; the rule and every threshold
are declared in ``parameters/schemes/rating.yml``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pmf_lib.assurance.rating import caps
from pmf_lib.assurance.rating.facts import Seen, counted, key_words, not_lived_widely
from pmf_lib.assurance.rating.rules import UNABLE, RatingScheme

TESTS = ("missing", "nothing_asked", "too_little_tested", "key_groups_unknown", "directorates_unable")
"""Why nothing can be concluded, in the order in which it is said."""


@dataclass(frozen=True)
class Rated:
    """Proposed ratings, and all that they rest on."""

    codes: pd.Series[str]
    """Unit → one of `CODES`, the directorates in their order, the whole council last."""
    facts: pd.DataFrame
    """Unit → counts (`pmf_lib.assurance.rating.facts.counted`)."""
    caps: pd.DataFrame
    """One row per unit and condition (`pmf_lib.assurance.rating.caps.of_conditions`), of the units that could be rated and the others."""
    unable: pd.DataFrame
    """Unit → one flag for each of `TESTS`."""
    widely: tuple[str, ...] = ()
    """Key groups that hold the council down: not lived in its own work, or in enough directorates."""


def rated(
    directorates: Sequence[str],
    whole: str,
    seen: Seen,
    scheme: RatingScheme,
    *,
    as_at: date,
    missing: Collection[str] = (),
) -> Rated:
    """The proposed rating of each directorate, and of the whole council.

    Parameters
    ----------
    directorates
        Their names, in the order of pages.
    whole
        The unit of what is asked of the council as a whole.
    seen
        Clause results, levels of groups, and what stands beside them.
    scheme
        The declared rules.
    as_at
        The only today.
    missing
        Directorates whose results are not there: nothing is concluded of them, nor of the council.
    """
    units = [*directorates, whole]
    widely = not_lived_widely(seen.groups, key_words(seen.clauses, scheme), whole, scheme)
    facts = counted(units, seen, scheme, as_at)
    facts.loc[whole, "key_not_lived_n"] = len(widely)
    unable = _unable(facts, scheme).assign(missing=[unit in missing for unit in units])
    held = caps.of_conditions(facts, scheme)
    codes = caps.lowest(held).mask(unable.any(axis=1), UNABLE)[list(directorates)]
    unable.loc[whole, "missing"] = len(missing) > 0
    without = int((codes == UNABLE).sum())
    unable.loc[whole, "directorates_unable"] = without > scheme.conclude.directorates_unable_at_most
    every = [held, caps.of_directorates(codes, whole, scheme)]
    held = pd.concat([frame for frame in every if len(frame)], ignore_index=True)
    codes = caps.lowest(held).mask(unable.any(axis=1), UNABLE).reindex(units)
    return Rated(codes, facts, held, unable[list(TESTS)], tuple(widely))


def _unable(facts: pd.DataFrame, scheme: RatingScheme) -> pd.DataFrame:
    """By unit which of the tests of its own records it fails; a framework without key groups fails none of theirs."""
    tested, known = scheme.conclude.least_tested_pct, scheme.conclude.least_key_known_pct
    is_asked = facts["asked_n"] > 0
    return pd.DataFrame(
        {
            "nothing_asked": ~is_asked,
            "too_little_tested": is_asked & (100 * facts["tested_n"] < tested * facts["asked_n"]),
            "key_groups_unknown": 100 * facts["key_known_n"] < known * facts["key_n"],
            "directorates_unable": False,
        }
    )
