"""Clause tests of the registers of risk."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.assurance.checks.common import (
    in_words,
    is_older,
    last_looked_on,
    named,
    names_any,
    still_open,
    told,
)
from pmf_lib.assurance.checks.occasions import none_missed
from pmf_lib.assurance.checks.registry import clause_test
from pmf_lib.assurance.evidence import Answer, Evidence, exceptions, looked_at
from pmf_lib.records.many import exploded
from pmf_lib.records.schema.words import RISK_KINDS, RISK_LEVELS

LINKS = ("nodes", "measures", "objectives")


@clause_test
def red_has_risk(evidence: Evidence) -> Answer:
    """Each measure that misses its target is named by an open risk of the unit's registers."""
    missed, risks = evidence.rated_as("missed"), _open(evidence)
    behind = exploded(risks[["measures"]], "measures")["measures"]
    bare = missed[~missed["measure_id"].isin(behind)]
    naming = risks[names_any(risks, "measures", set(missed["measure_id"]))]
    found = exceptions(bare, "It misses its target, and no open risk names it.")
    return none_missed(evidence, looked_at(naming, found, len(missed)))


@clause_test
def risk_is_managed(evidence: Evidence, *, months: int) -> Answer:
    """Each open risk has an owner, a response, and a review (or its first day) within so many months."""
    risks = named(_open(evidence), "risk_id")
    looked = last_looked_on(risks, evidence.as_at)
    risks = in_words(risks.assign(looked=looked), "looked")
    old = is_older(looked, months, evidence.as_at)
    faults = {
        "no post answers for it": risks["owner"] == "",
        "no response is recorded": risks["response"] == "",
        "it was last looked at on ": old,
    }
    words = [np.where(is_so, fault, "") for fault, is_so in faults.items()]
    words[2] = np.where(old, words[2] + risks["looked"], "")
    said = pd.Series(
        ["; ".join(filter(None, each)) for each in zip(*words, strict=True)], risks.index, dtype="str"
    )
    wrong = risks.assign(words=said.str[:1].str.upper() + said.str[1:])[said != ""]
    return looked_at(risks, exceptions(wrong, "{words}."))


@clause_test
def risk_is_linked(evidence: Evidence) -> Answer:
    """Each open risk names a node of the framework, a measure or an objective."""
    risks = named(_open(evidence), "risk_id")
    bare = risks[(risks[list(LINKS)] == "").all(axis=1)]
    return looked_at(risks, exceptions(bare, "It names no marker, measure or objective."))


@clause_test
def register_holds_risk(evidence: Evidence, *, level: str = "", kind: str = "") -> Answer:
    """The unit's open risks hold one of this level and kind; of a unit without any open risk nothing is known."""
    risks = _open(evidence)
    wanted = pd.Series(True, risks.index)
    if level:
        wanted &= risks["level"] == told("level", level, RISK_LEVELS)
    if kind:
        wanted &= risks["kind"] == told("kind", kind, RISK_KINDS)
    rows = (
        pd.DataFrame({"subject": ["Register of risks"]})
        if len(risks) and not wanted.any()
        else pd.DataFrame()
    )
    what = " ".join(filter(None, [level, kind or "risk"]))
    found = exceptions(rows, f"It holds no {what} among {len(risks)} open entries.")
    return looked_at(risks[wanted], found, int(len(risks) > 0))


def _open(evidence: Evidence) -> pd.DataFrame:
    return still_open(evidence.kept("risks"), evidence.as_at, "closed_on")
