"""Pregame probabilities from what files of past games have: spreads, moneylines, ratings.

Each is an array with NaN where a game has none; `chosen` takes the first one that is there. What
nobody knew is the long-run rate of the league, as live.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from fusion.leagues import League
from models.prior import FLOOR, league_prior
from models.protocol import Floats

EVEN_MONEY = 100.0


class PriorColumns(NamedTuple):
    """The prior as columns; `known` is 1 where somebody knew the strengths of the sides."""

    home: Floats
    draw: Floats
    away: Floats
    known: Floats

    def named(self) -> dict[str, Floats]:
        """Return them under the names that models read."""
        names = ("prior_home", "prior_draw", "prior_away", "prior_known")
        return dict(zip(names, self, strict=True))


def from_spread(spread: Floats, sigma: float) -> Floats:
    """Return the probability of home from its handicap in points, below 0 where it is favoured.

    The final margin is normal about the line with the standard deviation `sigma`.
    """
    home: Floats = ndtr(-spread / sigma)
    return home


def from_moneylines(home: Floats, away: Floats) -> Floats:
    """Return the probability of home from American odds of both sides, the margin divided out."""
    own, other = _implied(home), _implied(away)
    probability: Floats = own / (own + other)
    return probability


def two_way(candidates: tuple[Floats, ...], neutral: Floats, league: League) -> PriorColumns:
    """Return the prior of the first candidate that is there, else the league's rate."""
    home = candidates[0]
    for candidate in candidates[1:]:
        home = np.where(np.isnan(home), candidate, home)
    missing = np.isnan(home)
    rate = league_prior(league).home
    home = np.where(missing, np.where(neutral > 0.0, 0.5, rate), np.clip(home, FLOOR, 1.0 - FLOOR))
    return PriorColumns(home, home * 0.0, 1.0 - home, np.where(missing, 0.0, 1.0))


def three_way(sides: tuple[Floats, Floats, Floats], league: League) -> PriorColumns:
    """Return the prior of three probabilities, where one is missing the league's rates."""
    together = np.stack(sides, axis=1)
    missing = np.isnan(together).any(axis=1)
    rates = league_prior(league)
    together[missing] = (rates.home, rates.draw, rates.away)
    together = np.maximum(together / together.sum(axis=1, keepdims=True), FLOOR)
    home, draw, away = (together / together.sum(axis=1, keepdims=True)).T
    return PriorColumns(home, draw, away, np.where(missing, 0.0, 1.0))


def _implied(line: Floats) -> Floats:
    stake = np.where(line < 0.0, -line, EVEN_MONEY)
    gain = np.where(line < 0.0, EVEN_MONEY, line)
    return np.where(np.abs(line) < EVEN_MONEY, np.nan, stake / (stake + gain))
