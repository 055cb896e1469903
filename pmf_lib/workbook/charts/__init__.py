"""Pictures of a page: pure functions from frames to matplotlib figures, with their words and their numbers.

==============================  ===========================  ========================
picture                         in words                     its numbers
==============================  ===========================  ========================
``xmr_chart``                   ``alt_xmr``                  ``data_xmr``
``small_multiples``             ``alt_small_multiples``      ``data_small_multiples``
``line_with_comparators``       ``alt_lines``                ``data_lines``
``variation_capability_grid``   ``alt_grid``                 ``data_grid``
``bullets``                     ``alt_bullets``              ``data_bullets``
``level_matrix``                ``alt_levels``               ``data_levels``
``assurance_grid``              ``alt_assurance``            ``data_assurance``
``claims_beside_evidence``      ``alt_claims``               ``data_claims``
``quartile_dots``               ``alt_dots``                 ``data_dots``
==============================  ===========================  ========================

`control_chart` and `control_walls` give all three of an XmR chart and of a wall at once.

None has a title inside (the page's heading is the finding), none is opened in pyplot, and the same frames give the same
bytes. Rows are drawn in the order given. `style` is the look, for an analyst's own pictures.
"""

from __future__ import annotations

from pmf_lib.workbook.charts.assurance import alt_assurance, assurance_grid, data_assurance
from pmf_lib.workbook.charts.bullet_rows import alt_bullets, bullet_order, data_bullets
from pmf_lib.workbook.charts.bullets import bullets
from pmf_lib.workbook.charts.claims import alt_claims, claims_beside_evidence, data_claims
from pmf_lib.workbook.charts.control import control_chart, control_walls
from pmf_lib.workbook.charts.data import (
    data_grid,
    data_small_multiples,
    data_xmr,
)
from pmf_lib.workbook.charts.dots import ROWS as DOT_ROWS
from pmf_lib.workbook.charts.dots import alt_dots, data_dots, dots_of, quartile_dots, rank_words
from pmf_lib.workbook.charts.levels import alt_levels, data_levels, level_matrix
from pmf_lib.workbook.charts.lines import data_lines, line_with_comparators
from pmf_lib.workbook.charts.look import SEABORN_BARS, SEQUENTIAL, SERIES, style
from pmf_lib.workbook.charts.matrix import variation_capability_grid
from pmf_lib.workbook.charts.words import (
    alt_grid,
    alt_lines,
    alt_small_multiples,
    alt_xmr,
)
from pmf_lib.workbook.charts.xmr import small_multiples, xmr_chart

__all__ = [
    "DOT_ROWS",
    "SEABORN_BARS",
    "SEQUENTIAL",
    "SERIES",
    "alt_assurance",
    "alt_bullets",
    "alt_claims",
    "alt_dots",
    "alt_grid",
    "alt_levels",
    "alt_lines",
    "alt_small_multiples",
    "alt_xmr",
    "assurance_grid",
    "bullet_order",
    "bullets",
    "claims_beside_evidence",
    "control_chart",
    "control_walls",
    "data_assurance",
    "data_bullets",
    "data_claims",
    "data_dots",
    "data_grid",
    "data_levels",
    "data_lines",
    "data_small_multiples",
    "data_xmr",
    "dots_of",
    "level_matrix",
    "line_with_comparators",
    "quartile_dots",
    "rank_words",
    "small_multiples",
    "style",
    "variation_capability_grid",
    "xmr_chart",
]
