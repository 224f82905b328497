"""Trained coefficients, one file a league or a group of them, and the code that reads them."""
