"""Reporting periods as values: financial years run from April to March.

==================  ==================  =====================================
kind                label               covers
==================  ==================  =====================================
month               2024-07             July 2024
quarter             2024-25 Q2          July to September 2024
year                2024-25             April 2024 to March 2025
term                2024/25 Autumn      September to December 2024
academic_year       2024/25             September 2024 to August 2025
calendar_year       2024                January to December 2024
week                2024-W31            Monday 29 July to Sunday 4 August 2024
window              2021-04..2024-03    April 2021 to March 2024 (any months)
==================  ==================  =====================================

Nothing here reads the clock: the only "today" of a computation is its *as at* date.
"""

from pmf_lib.periods.labels import EXAMPLES, parse, parse_date, parse_quarter
from pmf_lib.periods.period import (
    FREQUENCIES,
    MONTHS,
    STEPS_A_YEAR,
    STEPS_TO_YEAR_BEFORE,
    TERMS,
    Period,
    containing,
    date_words,
    last_ended,
)

__all__ = [
    "EXAMPLES",
    "FREQUENCIES",
    "MONTHS",
    "STEPS_A_YEAR",
    "STEPS_TO_YEAR_BEFORE",
    "TERMS",
    "Period",
    "containing",
    "date_words",
    "last_ended",
    "parse",
    "parse_date",
    "parse_quarter",
]
