"""Page 6: who assures what, how much, and what they concluded."""
