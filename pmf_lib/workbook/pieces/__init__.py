"""Pieces of a page: text, numbers, tables, tags and pictures, safe and accessible by construction."""
