"""The PMF workbook: does the council deliver its plan, and is its performance framework lived?

Nothing heavy is imported here; start from ``pmf_lib.workbook`` (notebooks) or ``pmf_lib.cli``.
"""

__version__ = "0.1.0"
