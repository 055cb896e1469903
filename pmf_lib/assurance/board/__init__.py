"""A performance board's pack: what is due on its agenda, what is hot, and what came of its actions."""
