"""What rows of the tables of arrangements say of each other, and of themselves."""
