"""Games played by dice whose true win probability is known at every moment."""
