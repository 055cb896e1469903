"""Worksheets of certification: drawn from a list of cases, filled in by an auditor, read back as one row of records."""
