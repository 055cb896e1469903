"""Declared variations: clauses that a unit, by a recorded decision, carries out in another way because outside demands ask for it.

A framework may leave room for that (PMF 2022, section 1.2). A variation is no pass and no failure: the clause is then not judged
in that unit. It counts where one of the bodies that may do so agreed to it, it says why, and it is in force.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from pmf_lib.assurance.checks.common import in_force
from pmf_lib.assurance.checks.minutes import in_sentence
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.periods import date_words
from pmf_lib.records.many import exploded


def declared(evidence: Evidence, bodies: Collection[str]) -> dict[str, str]:
    """Clause → the decision by which the unit varies it, in a sentence.

    Of approvals of the kind ``variation`` those count that one of these bodies approved by the as-at date, that give a reason, that
    are in force on that date, and that are of the unit or of the whole council. One of a single service varies nothing for its
    directorate: what the other services owe is asked as before.
    """
    if not evidence.is_own or "approvals" not in evidence.sent:
        return {}
    agreed = _agreed(evidence.of_council("approvals"), pd.Timestamp(evidence.as_at), bodies)
    rows = in_force(agreed, evidence.as_at)
    here = rows[rows["directorate"].isin(["", evidence.directorate]) & (rows["service"] == "")]
    each = exploded(here.sort_values("decided_on"), "subjects")
    return {row["subjects"]: _sentence(row) for row in each.to_dict("records")}


def _agreed(rows: pd.DataFrame, now: pd.Timestamp, bodies: Collection[str]) -> pd.DataFrame:
    """Variations agreed by a day for a reason; without a first day they hold from the day of the decision."""
    found = rows[(rows["kind"] == "variation") & (rows["stage"] == "approved") & (rows["reason"] != "")]
    found = found[found["body"].isin(list(bodies)) & (found["decided_on"] <= now)]
    return found.assign(valid_from=found["valid_from"].fillna(found["decided_on"]))


def _sentence(row: dict[Any, Any]) -> str:
    ends = row["valid_to"]
    until = f", until {date_words(ends.date())}" if isinstance(ends, pd.Timestamp) else ""
    body = in_sentence(row["body"])
    agreed = f"{body[0].upper()}{body[1:]} agreed on {date_words(row['decided_on'].date())}"
    return f"{agreed} that it is done in another way{until}: {row['reason'].rstrip('.')}."
