"""What each official page is made of: from a book and its results to pieces and sentences."""
