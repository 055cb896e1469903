"""From executed items to issued papers: what is decided of them, how they are issued, and whether the store holds."""
