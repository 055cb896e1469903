"""Files as others publish them, read by a closed grammar."""
