"""What a measure cannot be: values below nought, and units that are not written as everywhere else."""

from __future__ import annotations

import pandas as pd

from pmf_lib.records import findings
from pmf_lib.records.cells import looked_up
from pmf_lib.records.faults import number_words

SIGNED_UNIT = (
    r"£|€|\$|\bgbp\b|\bpounds?\b|\bpoints?\b|\bscores?\b|\bindex\b|\bdegrees?\b|°|\bchange\b|\bdifference\b"
)
"""Units of which a value may well be below nought."""
SIGNED_TITLE = (
    r"\b(?:net|variances?|chang(?:e|es|ed|ing)|differences?|gaps?|growth|balances?|surplus|deficit|progress|"
    r"movements?|compared|index|overspends?|underspends?|increases?|decreases?|reductions?|rises?|falls?)\b"
)
"""Words of a title by which a value may be below nought."""
SIGNED_DEFINITION = r"\b(?:net|minus|less|negative|below nought|below zero|variances?|differences? between|change (?:in|since|on))\b"
"""Words of a definition that say so."""
USUAL_UNITS = {
    **dict.fromkeys(("percent", "per cent", "pct", "pc", "percentage", "percentages", "%age"), "%"),
    **dict.fromkeys(("gbp", "pound", "pounds", "pounds sterling"), "£"),
    **dict.fromkeys(("no", "nos", "nr", "num", "#"), "number"),
}
"""Another way of writing a unit, in lower case without full stops → the usual one."""


def below_nought(observations: pd.DataFrame, measures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Values below nought of measures that can have none.

    A measure may have them where its unit, title or definition says so (`SIGNED_UNIT` and its like), where it is
    to keep within a range, where a target or limit of it is below nought, or where another value of it is.

    Parameters
    ----------
    observations
        One for each measure and period: the one in force.
    measures, targets
        Tables of records.
    """
    below = observations[observations["value"] < 0]
    if below.empty:
        return findings.none()
    signed = {*measures.loc[_may_be_negative(measures), "measure_id"]}
    signed |= {*targets.loc[(targets[["target", "lower", "upper"]] < 0).any(axis=1), "measure_id"]}
    again = below["measure_id"].duplicated(keep=False)
    rows = below[~below["measure_id"].isin(signed) & ~again]
    if rows.empty:
        return findings.none()
    unit = looked_up(rows["measure_id"], measures.set_index("measure_id")["unit"])
    return findings.found(
        "value.below-nought",
        "observations",
        rows,
        column="value",
        got=number_words(rows["value"]),
        expected="nought or more, in the unit '"
        + unit
        + "', as all other values and targets of the measure are",
        mend="Send the row again with the date on which it was corrected; if it is right, say in the definition that the "
        "measure is net, or a difference between two figures.",
    )


def _may_be_negative(measures: pd.DataFrame) -> pd.Series:
    """Measures of which something in words says that a value may be below nought."""
    patterns = {"unit": SIGNED_UNIT, "title": SIGNED_TITLE, "definition": SIGNED_DEFINITION}
    said = [measures[name].str.lower().str.contains(pattern) for name, pattern in patterns.items()]
    return said[0] | said[1] | said[2] | (measures["polarity"] == "range")


def usual_unit(unit: str) -> str:
    """The usual way of writing a unit that is written another way; '' of any other unit.

    >>> usual_unit("Per  cent"), usual_unit("No."), usual_unit("%")
    ('%', 'number', '')
    """
    return USUAL_UNITS.get(" ".join(unit.lower().replace(".", "").split()), "")


def unusual_units(measures: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    """Measures whose unit has another usual way of writing, such as 'percent' for '%'."""
    usual = measures["unit"].map(usual_unit).astype("str")
    rows = measures[usual != ""]
    if rows.empty:
        return findings.none()
    return findings.found(
        "unit.unusual",
        "measures",
        rows,
        column="unit",
        got=rows["unit"],
        expected="'" + usual[rows.index] + "', as the same unit is written elsewhere",
        mend="Write it so, and send the file again.",
    )
