"""Returns: workbooks that directorates fill in. Written by one writer, read with suspicion, kept with a receipt."""
