"""The proposed assurance rating: its block, its table, its rule and what people decided on it."""
