"""Pregame probabilities of basketball games, from moneylines, spreads or ratings.

Moneylines come first: they say what a spread in half points rounds off (in the NBA of 2010 to
2020 a log loss of .5876 against .5885 of the best spread).
"""

from __future__ import annotations

import polars as pl
from scipy.special import ndtr, ndtri

from fusion.leagues import League
from models.protocol import Floats
from models.training.priors import from_moneylines, from_spread
from models.training.state_table import numbers

SIGMA = {"nba": 11.5, "wnba": 11.0, "ncaamb": 10.5, "ncaawb": 11.0}
"""Points of spread that make one standard deviation, fitted to who won: NBA 2010-2020 and college
men 2017. They are a little below the deviation of the margin about the line (12.0 and 11.3),
because lopsided games have long tails. For the WNBA and college women there are no lines; theirs
lie between the two."""

ELO_SLOPE = 1.15
ELO_HOME = -0.06
"""Ratings of the WNBA are too timid, and too fond of home: in 2024 and 2025 the slope of inverse
normal probabilities was 1.30 (standard error .15) and the intercept -.13 (.06); half of that is
taken for true."""


def candidates(frame: pl.DataFrame, league: League) -> tuple[Floats, ...]:
    """Return the probabilities of home by each kind of source, the one to trust most first.

    NaN where a game, or the file, does not have it.
    """
    return (
        from_moneylines(numbers(frame, "home_ml"), numbers(frame, "away_ml")),
        from_spread(numbers(frame, "home_spread"), SIGMA.get(league.key, SIGMA["ncaamb"])),
        from_rating(numbers(frame, "elo_home_prob"), numbers(frame, "neutral")),
    )


def from_rating(home: Floats, neutral: Floats) -> Floats:
    """Return the probability of home from that of a rating; `neutral` is 1 where nobody is home."""
    at_home = ELO_HOME * (neutral != 1.0)
    probability: Floats = ndtr(ELO_SLOPE * ndtri(home) + at_home)
    return probability
