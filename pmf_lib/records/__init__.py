"""From returns and published files to checked, frozen tables."""
