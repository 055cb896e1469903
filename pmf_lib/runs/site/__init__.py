"""The view that people open, laid out from the store."""
