"""Page 7: the Audit Committee's paper."""
