"""Pieces on the year as it was lived, for pages 3, 4 and 7."""
