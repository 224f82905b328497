"""A local ESPN and Polymarket that speak the real wire formats and know the truth."""
