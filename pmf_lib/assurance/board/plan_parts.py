"""What the plans in force say of equalities, and of health and safety."""

from __future__ import annotations

from pmf_lib.assurance.checks.common import blanks, plans_in_force
from pmf_lib.assurance.evidence import Evidence

PARTS = {"equalities": "equalities", "health_safety": "health and safety"}
NO_MEETINGS = "These records hold no table of what came of their own meetings."


def parts_words(evidence: Evidence) -> str:
    """How many plans in force, overviews aside, have a part on each, in sentences.

    Raises
    ------
    NotSentError
        Nobody sent the table of plans.
    """
    rows = plans_in_force(evidence)
    rows = rows[rows["kind"] != "overview"]
    if rows.empty:
        return f"No plan in force is recorded. {NO_MEETINGS}"
    lacking = {word: int((blanks(rows, {name: word}) != "").sum()) for name, word in PARTS.items()}
    said = [f"{n} {'has' if n == 1 else 'have'} no part on {word}" for word, n in lacking.items() if n]
    whole = f"{len(rows)} plan{'s' if len(rows) > 1 else ''} in force"
    if said:
        return f"Of {whole}, {' and '.join(said)}. {NO_MEETINGS}"
    each = "The one plan in force has" if len(rows) == 1 else f"All {whole} have"
    return f"{each} a part on {' and one on '.join(PARTS.values())}. {NO_MEETINGS}"
