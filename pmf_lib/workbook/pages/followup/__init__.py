"""What became of earlier recommendations, and what others recommended."""
