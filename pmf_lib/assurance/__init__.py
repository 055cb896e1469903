"""Pure tests of the framework's arrangements."""
