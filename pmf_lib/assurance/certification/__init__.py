"""Certification of measures: a seeded sample of the cases behind a value, and one of four categories by a declared rule."""
