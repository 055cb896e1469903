"""Pieces of the council's pages, 5 and 7."""
