"""Where a council's own records come from: folders, databases and places elsewhere, each read as text."""
