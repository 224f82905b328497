"""What is not known where nobody saw the pregame price: the range that it may have had.

A game that is first seen in play has no prior of its own. The league's long-run rates stand in
for it, and a price is only as sure as it is between a clear underdog and a clear favourite.
"""

from __future__ import annotations

from fusion.leagues import League
from models.protocol import Prior

UNDERDOG, FAVOURITE = 0.2, 0.8
"""85 % of 6,150 settled pregame prices of US team sports lay between (to August 2025)."""

STANDARD_ERRORS = 1.44
"""So many standard errors to both sides hold 85 % of a normal distribution."""

_THREE_WAY_UNDERDOG = (0.15, 0.23, 0.62)
_THREE_WAY_FAVOURITE = (0.65, 0.21, 0.14)


def plausible_priors(league: League) -> tuple[Prior, Prior]:
    """Return the prior of a home side that is a clear underdog, and of a clear favourite."""
    if league.three_way:
        return _prior(*_THREE_WAY_UNDERDOG), _prior(*_THREE_WAY_FAVOURITE)
    return _prior(UNDERDOG, 0.0, 1.0 - UNDERDOG), _prior(FAVOURITE, 0.0, 1.0 - FAVOURITE)


def prior_error(low: float, high: float) -> float:
    """Return the standard error of a price that is `low` and `high` at the plausible extremes."""
    return abs(high - low) / (2.0 * STANDARD_ERRORS)


def _prior(home: float, draw: float, away: float) -> Prior:
    return Prior(home=home, draw=draw, away=away, source="league")
