"""What a certification says against itself: who tests a measure is not the post that answers for it."""

from __future__ import annotations

import pandas as pd

from pmf_lib.records import findings
from pmf_lib.records.cells import looked_up


def by_owner(certifications: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Certifications by the post that answers for the measure: they count for nothing (`pmf_lib.assurance.certification`)."""
    owners = looked_up(certifications["measure_id"], measures.set_index("measure_id")["owner"])
    is_own = owners.str.casefold() == certifications["certified_by"].str.casefold()
    off = certifications[is_own & (owners != "")]
    return findings.found(
        "certification.own",
        "certifications",
        off,
        column="certified_by",
        got=off["certified_by"],
        expected="another post than the one that answers for the measure",
        mend="Until somebody else tests it the measure counts as never tested. Have it tested anew.",
    )
