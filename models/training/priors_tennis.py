"""What an Elo rating says of a tennis match, before it begins."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from models.protocol import Floats

SLOPE = {"atp": 0.85, "wta": 0.77}
"""How far the log odds of a rating may be believed in best of three sets.

Ratings of the files come from their own matches alone and are too sure of themselves: where they
expect 0.9 or more, 0.94 in the mean, player 1 won 0.91 of the matches of men and 0.90 of those of
women. Fitted to 2011 to 2014.
"""

BEST_OF_FIVE = 1.3
"""How much further in best of five: the better player wins more of the longer matches."""

_SURE = 1e-6


def from_rating(expected: Floats, best_of: Floats, tour: str) -> Floats:
    """Return the probability of player 1 from the one that the ratings expect, NaN where missing.

    `tour` is `atp` or `wta`; others are taken as the former.
    """
    odds = logit(np.clip(expected, _SURE, 1.0 - _SURE))
    return over_sets(expit(SLOPE.get(tour, SLOPE["atp"]) * odds), best_of)


def over_sets(chance: Floats, best_of: Floats) -> Floats:
    """Return the probability of player 1 in as many sets, from that in best of three."""
    slope = np.where(best_of > 4.0, BEST_OF_FIVE, 1.0)
    longer: Floats = expit(slope * logit(chance))
    return longer
