"""Certifications that the auditor recorded in another category than the rule gives, worded for the post that recorded them."""

from __future__ import annotations

import pandas as pd

from pmf_lib.assurance.certification.rules import CATEGORY_WORDS, CertificationScheme
from pmf_lib.assurance.certification.standing import differing, judged
from pmf_lib.records import findings

RULE = "certification.category"


def other_category(certifications: pd.DataFrame, scheme: CertificationScheme) -> pd.DataFrame:
    """Findings on rows of the table of certifications that were recorded in another category than the rule gives.

    Returns
    -------
    DataFrame
        One row per such certification: `pmf_lib.records.schema.FINDING_COLUMNS`; ``owner`` is the post that certified.
    """
    rows = differing(judged(certifications, scheme))
    found = findings.found(
        RULE,
        "certifications",
        rows,
        column="category",
        got=rows["recorded_category"],
        expected=rows["category"].map(CATEGORY_WORDS).astype("str") + ", since " + rows["why"],
        mend="Look at the worksheet again, and send the row with the category that holds; until then it counts by the rule.",
    )
    return found.assign(owner=rows["certified_by"])
