"""Recommendations followed from one issued report to the next.

``ids``      the same short id for the same thing, in every quarter and on every machine
``chain``    where each recommendation stands: new, open, overdue, reopened, closed, varied, not known
``answered`` what management said of them
``others``   what auditors, inspectors and scrutiny recommended, counted beside and never mixed with the report's own
"""
