"""From a plan to executed items."""
