"""Quartile bands: A is the best quarter by the measure's polarity, D the worst."""

from __future__ import annotations

import numpy as np

from pmf_lib.performance.benchmark.figures import Real, Words

BANDS = {"lower": ("A", "B", "C", "D"), "higher": ("D", "C", "B", "A")}
"""Polarity → the bands from the lowest quarter up."""
OUTSIDE = "outside"


def band(values: Real, bounds: Real, polarity: Words) -> Words:
    """The band of each value between bounds of its own; a bound belongs to the quarter below it.

    So a figure on the first quartile is in the lowest quarter: A where low is best, D where high is best.

    Parameters
    ----------
    values
        One per figure, in the measure's unit; NaN is missing.
    bounds
        Five rows (least, lower quartile, median, upper quartile, greatest) by one column per figure.
    polarity
        'higher', 'lower', 'range' or 'none', per figure.

    Returns
    -------
    array of text
        'A' to 'D'; '' where the value is missing or neither way is best; 'outside' where no quarter holds the value.

    Source
    ------
    Department for Education, Local Authority Interactive Tool (quartile bands).

    >>> five = np.array([[0.0, 25, 50, 75, 100]]).T
    >>> [band(np.array([25.0]), five, np.array([way])).item() for way in ("lower", "higher", "none")]
    ['A', 'D', '']
    """
    found = np.full(values.shape, "", dtype=object)
    for way, letters in BANDS.items():
        inside = [
            (values >= bounds[0]) & (values <= bounds[1]),
            *((values > bounds[at]) & (values <= bounds[at + 1]) for at in (1, 2, 3)),
        ]
        chosen = np.select(inside, letters, default=OUTSIDE)
        found = np.where(polarity == way, chosen, found)
    return np.where(np.isnan(values), "", found)
