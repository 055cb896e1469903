"""What came of a board's actions, which risks stand behind what is missed, and how many minutes are named.

Frames for the second half of the pack.
"""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.board.agenda import BODY
from pmf_lib.assurance.checks.common import last_looked_on, still_open
from pmf_lib.assurance.checks.minutes import heard, held
from pmf_lib.assurance.checks.turns import this_year
from pmf_lib.assurance.escalation import loop
from pmf_lib.assurance.escalation.rules import EscalationScheme
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.performance.capability import just_changed
from pmf_lib.records.many import exploded

CHALLENGES = ("cannot_miss", "cannot_reach")
"""Targets worth challenging: the process can't miss it, or can't reach it."""
OF_CAPABILITY = {"consistently_meets": "cannot_miss", "not_expected": "cannot_reach"}
TARGETS = ("challenge", "measure_id", "title", "owner", "why", "is_proxy", "just_changed")
RISKS = ("measure_id", "title", "risk_id", "risk", "level", "owner", "score", "looked_on", "response")


def effects_lately(evidence: Evidence, scheme: EscalationScheme) -> pd.DataFrame:
    """What changed after each action done since the financial year before the quarter's began.

    Returns
    -------
    DataFrame
        One row per action and measure that it was to move, as `pmf_lib.assurance.escalation.effects.effects` gives them.

    Raises
    ------
    NotSentError
        Nobody sent the table of actions.
    """
    first = pd.Timestamp(evidence.quarter.financial_year.shift(-1).start)
    actions = evidence.kept("actions")
    told = loop.effects_of(evidence, scheme)
    lately = actions.loc[actions["done_on"] >= first, "action_id"]
    return told[told["action_id"].isin(lately)].reset_index(drop=True)


def worth_challenging(evidence: Evidence) -> pd.DataFrame:
    """Targets that the process, as it runs, can't miss or can't reach, by the limits of its control chart.

    Returns
    -------
    DataFrame
        One row per such target of a measure, those that can't be reached first: challenge (one of `CHALLENGES`), measure_id,
        title, owner, why (the capability in a sentence, softened where limits are on trial), is_proxy (every link of the
        measure to the framework is by proxy), just_changed (the process has just changed, so the cause comes first). Of
        published figures there is none.

    Source
    ------
    `pmf_lib.performance.capability`.
    """
    challenge = evidence.rated["capability"].map(OF_CAPABILITY)
    rows = evidence.rated.assign(challenge=challenge)[challenge.notna() & evidence.is_own]
    direct = evidence.links.loc[evidence.links["directness"] != "proxy", "measure_id"]
    linked = rows["measure_id"].isin(evidence.links["measure_id"])
    found = rows.assign(
        why=rows["capability_why"],
        is_proxy=linked & ~rows["measure_id"].isin(direct),
        just_changed=just_changed(rows["variation"]),
    )
    found = found.astype({"is_proxy": bool, "just_changed": bool})
    return found.sort_values("challenge", ascending=False, kind="stable")[list(TARGETS)].reset_index(
        drop=True
    )


def unreferenced(evidence: Evidence) -> pd.DataFrame:
    """How many of the board's meetings of the year, and of the items on their agendas, name no minute.

    Returns
    -------
    DataFrame
        Two rows, ``meetings`` and ``items``, as index: n (held in the quarter's financial year by the as-at date) and bare_n
        (of these, with nothing under `reference`).

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    year, of_board = this_year(evidence), {"meetings": held(evidence, BODY), "items": heard(evidence, BODY)}
    own = {name: rows[year.holds(rows["held_on"])]["reference"] for name, rows in of_board.items()}
    counts = {name: (len(told), int((told.str.strip() == "").sum())) for name, told in own.items()}
    return pd.DataFrame.from_dict(counts, orient="index", columns=["n", "bare_n"])


def risk_links(evidence: Evidence) -> pd.DataFrame:
    """The open risks behind each missed measure.

    Returns
    -------
    DataFrame
        One row per missed measure and open risk that names it (one row without a risk where none does), in the order as
        rated: measure_id, title, risk_id, risk (its title), level, owner, score (likelihood × impact, 1 to 25), looked_on (the
        last day on which it was reviewed or raised), response.

    Raises
    ------
    NotSentError
        Nobody sent the table of risks.
    """
    risks = still_open(evidence.kept("risks"), evidence.as_at, "closed_on")
    looked = last_looked_on(risks, evidence.as_at)
    risks = risks.assign(
        risk=risks["title"], score=risks["likelihood"] * risks["impact"], looked_on=looked
    ).drop(columns="title")
    behind = exploded(risks, "measures").rename(columns={"measures": "measure_id"})
    missed = evidence.rated_as("missed")[["measure_id", "title"]]
    rows = missed.merge(behind, on="measure_id", how="left")
    texts = ["risk_id", "risk", "level", "owner", "response"]
    return rows.assign(**rows[texts].astype("object").fillna("").astype("str"))[list(RISKS)]
