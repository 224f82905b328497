"""Evaluation: how good prices are on games whose results are known."""
