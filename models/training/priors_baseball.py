"""Baseball: the pregame probability of home from ratings, where there is no moneyline."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from models.protocol import Floats

INTERCEPT = 0.03
SLOPE = 0.82
"""Logistic fit of who won 21,057 games 2010 to 2019 on the log odds of their Elo expectation:
0.034 (standard error 0.015) and 0.81 (0.04). Closing moneylines need no such mending (-0.01 and
1.05, standard errors 0.02 and 0.05)."""


def from_elo(expectation: Floats) -> Floats:
    """Return the probability of home from its Elo expectation; NaN stays NaN.

    Ratings of teams know nothing of the pitchers of the day and are too sure of themselves.
    """
    inside = np.clip(expectation, 1e-9, 1.0 - 1e-9)
    home: Floats = expit(INTERCEPT + SLOPE * logit(inside))
    return home
