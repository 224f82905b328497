"""The prior of a hockey game whose file has ratings and no odds."""

from __future__ import annotations

from scipy.special import expit, logit

from models.protocol import Floats

SLOPE = 1.1
EDGE = -0.11
"""Logistic regression of home's result on the log-odds of its rating, NHL 2018 to 2020: ratings
that start cold are timid, and these give home two points in a hundred too much."""


def from_elo(expected: Floats) -> Floats:
    """Return the probability of home from its Elo expectation in (0, 1); NaN stays NaN."""
    home: Floats = expit(SLOPE * logit(expected) + EDGE)
    return home
