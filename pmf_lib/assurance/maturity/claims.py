"""What directorates claim beside what their records show: attestations of groups of clauses, and the gap to the evidence.

Nobody's word makes a level. A claim above the evidence is named, and so is one below it; where nothing could be shown, the
claim stands alone.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.maturity.ladder import by_another
from pmf_lib.assurance.maturity.rules import LEVELS
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.periods import Period

GAPS = ("claimed_above", "only_claimed", "evidenced_above", "agrees", "no_claim", "not_known")
"""How a claim stands to the evidence, those that ask most of a reader first; empty where no duty is asked, or none yet."""
SAYS = ("claimed", "claimed_on", "post", "because", "has_evidence", "is_checked", "claim_year")
FLAGS = ("has_evidence", "is_checked", "is_earlier")
_PLACE = {level: place for place, level in enumerate(LEVELS)}


def known(attestations: pd.DataFrame, year: Period, as_at: date) -> pd.DataFrame:
    """The attestation that stands for each group and directorate: of the financial year, else of the newest year before.

    Parameters
    ----------
    attestations
        Rows of the table, as they stood on the as-at date.
    year
        The quarter's financial year; what is attested of a later one is not read.
    as_at
        What was attested later is not known yet.

    Returns
    -------
    DataFrame
        One row per directorate and group: directorate, group (in words), claimed (a level), claimed_on, post, because,
        has_evidence (it names where the evidence can be seen), is_checked (by a post other than the one that entered it, by
        the as-at date), claim_year, is_earlier (of a year before).
    """
    now = pd.Timestamp(as_at)
    rows = attestations[(attestations["attested_on"] <= now) & (attestations["year"] <= year.label)]
    rows = rows.sort_values(["year", "attested_on"], kind="stable")
    rows = rows.drop_duplicates(["directorate", "clause_group"], keep="last")
    shown = rows["evidence"].str.strip() + rows["reference"].str.strip()
    made = rows.assign(
        group=rows["clause_group"].map(GROUPS),
        has_evidence=shown != "",
        is_checked=by_another(rows) & (rows["verified_on"] <= now),
        is_earlier=rows["year"] != year.label,
    ).rename(columns={"attested_on": "claimed_on", "year": "claim_year"})
    return made[["directorate", "group", *SAYS, "is_earlier"]].sort_index().reset_index(drop=True)


def beside(groups: pd.DataFrame, claimed: pd.DataFrame | None, *keys: str) -> pd.DataFrame:
    """The level of each group beside what was claimed of it.

    Parameters
    ----------
    groups
        One row per group (and unit), as from `pmf_lib.assurance.maturity.embedding.by_group`.
    claimed
        As from `known`; None where nobody sent the table, so that nothing is known of any claim.
    keys
        Columns that both have and that tell units apart; without, `claimed` is of the one unit.

    Returns
    -------
    DataFrame
        The same rows with the columns of `known` (empty, and the flags false, where there is no claim), claim_gap (one of
        `GAPS`; empty where no duty is asked, or none yet) and gap_n: by how many levels the claim is above the evidence (below: negative).
    """
    of = known_columns() if claimed is None else claimed
    drop = [name for name in of if name not in ("group", *keys, *SAYS, "is_earlier")]
    found = groups.merge(of.drop(columns=drop), on=[*keys, "group"], how="left")
    flags = {name: found[name].astype("boolean").fillna(False).astype(bool) for name in FLAGS}
    texts = ("claimed", "post", "because", "claim_year")
    words = {name: found[name].astype("object").fillna("").astype("str") for name in texts}
    found = found.assign(**flags, **words, claimed_on=pd.to_datetime(found["claimed_on"]))
    shown, said = (found[name].map(_PLACE).astype("float64") for name in ("level", "claimed"))
    steps = shown - said
    gap = _gap(found, steps) if claimed is not None else pd.Series("not_known", found.index, dtype="str")
    return found.assign(
        claim_gap=gap.mask((found["level"] == "") | (found["duties_n"] == 0), ""),
        gap_n=steps.fillna(0).astype(int),
    ).set_axis(groups.index)


def known_columns() -> pd.DataFrame:
    """No claim at all: the columns of `known` without a row."""
    return pd.DataFrame(columns=["directorate", "group", *SAYS, "is_earlier"], dtype="object")


def widest(beside_: pd.DataFrame) -> pd.DataFrame:
    """Groups whose claim and evidence differ, the widest gap first.

    Claims above the evidence by how many levels, those without any evidence named before others; then claims of which
    nothing could be shown, the highest first; then evidence above the claim.
    """
    kinds = {"claimed_above": 0, "only_claimed": 1, "evidenced_above": 2}
    ranked = beside_[beside_["claim_gap"].isin(kinds)]
    ranked = ranked.assign(
        _kind=ranked["claim_gap"].map(kinds),
        _steps=-ranked["gap_n"].abs(),
        _claim=ranked["claimed"].map(_PLACE),
    )
    order = ["_kind", "_steps", "has_evidence", "is_checked", "_claim"]
    return (
        ranked.sort_values(order, kind="stable")
        .drop(columns=["_kind", "_steps", "_claim"])
        .reset_index(drop=True)
    )


def _gap(found: pd.DataFrame, steps: pd.Series[float]) -> pd.Series[str]:
    """How each claim stands to the evidence."""
    gap = pd.Series("agrees", found.index, dtype="str")
    gap = gap.mask(steps > 0, "claimed_above").mask(steps < 0, "evidenced_above")
    gap = gap.mask(~found["level"].isin(LEVELS), "only_claimed")
    return gap.mask(found["claimed"] == "", "no_claim")
