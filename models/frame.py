"""What every family does the same way: rows that need no formula, and assembling the answer.

A row is *settled* when no formula is needed: before the start the price is the prior itself,
after the end it is the result. A game that is over without a result standing (postponed,
cancelled, suspended) has no price: it will be played another day with other pitchers and other
odds, or be settled half-half by the venue, and either way the frozen prior is no longer an
honest price.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erf, nan, sqrt

import numpy as np
import numpy.typing as npt

from fusion.game import GameState
from fusion.leagues import LEAGUES
from models.protocol import Prior, Probabilities

Floats = npt.NDArray[np.float64]
Triple = tuple[float, float, float]

NO_PRICE: Triple = (nan, nan, nan)
HOME: Triple = (1.0, 0.0, 0.0)
DRAW: Triple = (0.0, 1.0, 0.0)
AWAY: Triple = (0.0, 0.0, 1.0)
SPLIT: Triple = (0.5, 0.0, 0.5)
"""A two-way market pays half to each side when the game stands as a tie."""

_BY_WINNER = {"home": HOME, "away": AWAY, "draw": SPLIT}


def two_way_prior(prior: Prior) -> float:
    """Return the probability of home given that somebody wins, NaN where there is none."""
    decisive = prior.home + prior.away
    return prior.home / decisive if decisive > 0.0 else nan


def settle_two_way(state: GameState, prior: Prior) -> Triple | None:
    """Return the price of a state that needs no formula, None of a game in play.

    Only football games can stand as a tie; elsewhere a completed game with level scores is a
    feed that is not done yet, and has no price.
    """
    if state.phase == "in":
        return None
    if state.phase == "pre":
        home = two_way_prior(prior)
        return (home, home * 0.0, 1.0 - home)
    if not state.completed:
        return NO_PRICE
    if state.winner is not None:
        return _BY_WINNER[state.winner]
    if state.home_score == state.away_score:
        return SPLIT if LEAGUES[state.league].sport == "football" else NO_PRICE
    return HOME if state.home_score > state.away_score else AWAY


def price_rows(
    states: Sequence[GameState],
    priors: Sequence[Prior],
    settle: Callable[[GameState, Prior], Triple | None],
    features: Callable[[GameState, Prior], tuple[float, ...]],
    formula: Callable[[Floats], Probabilities],
) -> Probabilities:
    """Return the prices of all rows: one pass over the states, one call of the formula.

    `settle` gives the rows that need no formula; of the others `features` makes the numbers that
    `formula` takes as an array of one row per feature.
    """
    result = np.empty((len(states), 3))
    open_rows: list[int] = []
    numbers: list[tuple[float, ...]] = []
    for index, (state, prior) in enumerate(zip(states, priors, strict=True)):
        row = settle(state, prior)
        if row is None:
            open_rows.append(index)
            numbers.append(features(state, prior))
        else:
            result[index] = row
    if open_rows:
        result[open_rows] = formula(np.array(numbers, dtype=np.float64).T)
    return result


def two_way(home: Floats) -> Probabilities:
    """Return the three columns of a game without draws; rounding is clipped to [0, 1]."""
    home = np.clip(home, 0.0, 1.0)
    # Products, so that a row without a price is NaN in all its columns.
    return np.stack([home, home * 0.0, 1.0 - home], axis=1)


def normal_cdf(z: Floats) -> Floats:
    """Return the standard normal distribution function, exact to the last few bits.

    NumPy has no error function; the C library's, called per element, costs 0.1 microseconds.
    """
    return np.array([0.5 + 0.5 * erf(x) for x in (z / sqrt(2.0)).tolist()], dtype=np.float64)
