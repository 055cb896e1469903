"""How each measure stands at a day: certified, certified with qualification, failed, expired, or never tested."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pmf_lib.assurance.certification.category import categories
from pmf_lib.assurance.certification.rules import CERTIFIED, QUALIFIED, CertificationScheme

STANDINGS = ("certified", "qualified", "failed", "expired", "never")
"""The best first; nothing known is *never*."""
COLUMNS = (
    *("measure_id", "standing", "category", "recorded_category", "why", "period", "certified_on", "valid_to"),
    *("certified_by", "reference", "source_file", "source_sheet", "source_row"),
)


def judged(certifications: pd.DataFrame, scheme: CertificationScheme) -> pd.DataFrame:
    """Certifications with the rule's own category, and why.

    A row that says that documents were there, and not how many cases were tested, tested none.

    Parameters
    ----------
    certifications
        Rows of the table of records, typed.
    scheme
        The rules in force.

    Returns
    -------
    DataFrame
        The same rows; ``category`` is the rule's, ``recorded_category`` what the auditor recorded ('' if nothing), and ``why``
        says why.
    """
    counts = {name: certifications[name].fillna(0) for name in ("sample_n", "errors_n")}
    found = categories(certifications.assign(**counts), scheme)
    recorded = certifications["category"].rename("recorded_category")
    return certifications.drop(columns="category").join([recorded, found])


def differing(judged_rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `judged` of which the auditor recorded another category than the rule gives."""
    recorded = judged_rows["recorded_category"]
    return judged_rows[(recorded != "") & (recorded != judged_rows["category"])]


def standings(
    measures: pd.DataFrame, certifications: pd.DataFrame, as_at: date, scheme: CertificationScheme
) -> pd.DataFrame:
    """How each measure stands at a day, by its newest certification.

    Parameters
    ----------
    measures
        One row per measure: measure_id, and owner where it is there (who owns a measure certifies nothing of it).
    certifications
        Rows of the table of records in force at the day, typed.
    as_at
        What was concluded later is not known yet; what holds until an earlier day has expired. A failed one stays failed until
        the measure is tested anew.
    scheme
        The rules in force.

    Returns
    -------
    DataFrame
        One row per measure, in their order: `COLUMNS`; standing is one of `STANDINGS`; all else is empty where it is *never*.
    """
    today = pd.Timestamp(as_at)
    known = certifications[certifications["certified_on"] <= today]
    rows = judged(known[~_is_own(known, measures)], scheme)
    newest = rows.sort_values(["certified_on", "period"], kind="stable").drop_duplicates(
        "measure_id", keep="last"
    )
    dated = newest.assign(valid_to=_until(newest, scheme))
    told = dated.assign(standing=_standing(dated, today))
    kept = [name for name in COLUMNS if name != "measure_id"]
    found = measures[["measure_id"]].merge(told[["measure_id", *kept]], on="measure_id", how="left")
    texts = [name for name in COLUMNS if found[name].dtype.kind not in "Mf"]
    return found.assign(
        standing=found["standing"].fillna("never"),
        **{name: found[name].fillna("").astype("str") for name in texts if name != "standing"},
    )[list(COLUMNS)]


def _is_own(rows: pd.DataFrame, measures: pd.DataFrame) -> pd.Series:
    """Rows by the post that answers for the measure."""
    if "owner" not in measures:
        return pd.Series(False, rows.index)
    owners = measures.drop_duplicates("measure_id").set_index("measure_id")["owner"]
    named = rows["measure_id"].map(owners).astype("str").str.casefold()
    return (named == rows["certified_by"].str.casefold()) & (named != "")


def _until(rows: pd.DataFrame, scheme: CertificationScheme) -> pd.Series:
    """The last day on which each holds."""
    usual = rows["certified_on"] + pd.DateOffset(months=scheme.valid_months)
    return rows["valid_to"].fillna(usual)


def _standing(rows: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    passed = rows["category"].map({CERTIFIED: "certified", QUALIFIED: "qualified"}).astype("str")
    is_good = rows["category"].isin((CERTIFIED, QUALIFIED))
    over = is_good & (rows["valid_to"] < today)
    return passed.where(is_good, "failed").mask(over, "expired")
