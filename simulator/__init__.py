"""A local ESPN and Polymarket that speak the real wire formats, over games of known truth."""
