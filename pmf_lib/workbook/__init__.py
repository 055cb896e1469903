"""The face that notebooks import."""
