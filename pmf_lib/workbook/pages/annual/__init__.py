"""Pieces of page 8, the annual review."""
