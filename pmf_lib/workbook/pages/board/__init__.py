"""Pieces of page 4: the performance board's pack."""
