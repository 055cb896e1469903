"""What the framework asks about its own review, and how that stood at the year's end.

The clauses are the framework's own, of its group on review; their tests look at approvals, at the register of reviews and at
sources of assurance. Of those that no test answers, a person must tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from pmf_lib.assurance.clauses import BINDING, standing
from pmf_lib.framework.model import Framework

GROUP = "review"
ORDER = ("not_met", "partly", "observation", "no_evidence", "not_due", "varied", "not_applicable", "met")
"""Results in the order of the page, what asks for something first; after them what a person must tell."""
TOLD_BY_PERSON: Mapping[str, str] = MappingProxyType(
    {
        "needs_person": "No test answers this; a person must tell.",
        "informs": "For information; nothing is asked.",
    }
)
COLUMNS = ("clause", "what", "source", "force", "is_duty", "unit", "result", "why")


def own_review(found: pd.DataFrame, exceptions: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """The framework's clauses on its own review, with how each stands.

    Parameters
    ----------
    found, exceptions
        Results and exceptions of clauses (`pmf_lib.assurance.clauses.results`), each with its unit.
    framework
        The framework under review.

    Returns
    -------
    DataFrame
        One row per unit and clause, what asks for something first, then clauses without a test: `COLUMNS`. ``result`` is a clause
        verdict ('' without a test), ``why`` the exception in its own words, else why the result is what it is.
    """
    own = [clause for clause in framework.clauses if clause.group == GROUP]
    rows = found[found["clause"].isin([clause.id for clause in own])]
    first = exceptions.drop_duplicates(["unit", "clause"]).set_index(["unit", "clause"])["condition"]
    named = pd.Series(
        first.reindex(pd.MultiIndex.from_frame(rows[["unit", "clause"]])).to_numpy(dtype=object), rows.index
    )
    told = rows.assign(why=named.fillna(rows["why"]).astype("str"), is_duty=rows["force"].isin(BINDING))
    order = told["result"].map(ORDER.index).sort_values(kind="stable").index
    bare = [
        (one.id, one.what, one.source, one.force, one.force in BINDING, "", "", TOLD_BY_PERSON[standing(one)])
        for one in own
        if standing(one) in TOLD_BY_PERSON
    ]
    without = pd.DataFrame(bare, columns=list(COLUMNS)).astype({"is_duty": bool})
    parts = [part for part in (told.loc[order, list(COLUMNS)], without) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else without


def past_review(framework: Framework, as_at: date) -> int:
    """By how many days the framework is past the review date that it sets itself; 0 where it is not, or sets none.

    >>> from pmf_lib import framework as frameworks
    >>> past_review(frameworks.load("pmf-2022-25"), date(2025, 2, 10))
    10
    """
    return (as_at - framework.review.due).days if framework.review and framework.is_past_review(as_at) else 0
