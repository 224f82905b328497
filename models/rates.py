"""The goal rates of a prior, and the result of two Poisson counts.

`outcome` prices any number of rows at once; the two solvers turn a prior into rates once per
game and remember it.
"""

from __future__ import annotations

from functools import lru_cache
from math import lgamma

import numpy as np

from models.frame import Floats
from models.protocol import Probabilities

MAX_GOALS = 28
HOCKEY_GOALS = 6.0
"""Goals of both sides in regulation time."""

MIN_RATE = 0.02
MAX_RATE = 9.0
"""Bounds of a side's goals per game; a prior beyond them is met as nearly as they allow."""

_COUNTS = np.arange(MAX_GOALS + 1, dtype=np.float64)
_LOG_FACTORIALS = np.array([lgamma(k + 1.0) for k in range(MAX_GOALS + 1)])
_STEPS = 40
_TYPICAL_RATE = 1.35
_LEAN = 0.8
_STEP = 1e-6
_NEIGHBOURS = np.array([[0.0, 0.0], [_STEP, 0.0], [0.0, _STEP]])
_NEWTON_STEPS = 40
_HALVINGS = 12
_LONGEST = 0.7
_CLOSE = 1e-10
_FLAT = 1e-12
_LOG_OF_NONE = -1e4


def outcome(lead: Floats, home: Floats, away: Floats) -> Probabilities:
    """Return the probabilities that home wins, draws or loses.

    `lead` is the lead now, `home` and `away` the goals still expected of each side.
    """
    home_goals = _poisson(home)
    away_goals = _poisson(away)
    at_most = np.cumsum(away_goals, axis=1)
    # NaN leads come with NaN rates; any index will do for them.
    whole = np.nan_to_num(lead).clip(-MAX_GOALS - 1, MAX_GOALS + 1).astype(np.int64)
    level = whole[:, None] + np.arange(MAX_GOALS + 1)
    inside = (level >= 0) & (level <= MAX_GOALS)
    equal = np.take_along_axis(away_goals, level.clip(0, MAX_GOALS), axis=1) * inside
    below = level - 1
    fewer = np.take_along_axis(at_most, below.clip(0, MAX_GOALS), axis=1) * (below >= 0)
    result = np.empty((lead.size, 3))
    result[:, 0] = np.einsum("ij,ij->i", home_goals, fewer)
    result[:, 1] = np.einsum("ij,ij->i", home_goals, equal)
    result[:, 2] = np.maximum(1.0 - result[:, 0] - result[:, 1], 0.0)
    result /= result.sum(axis=1, keepdims=True)
    return result


def overtime_split(home: float, away: float, decided: float) -> float:
    """Return the probability of home after regulation: next goal with `decided`, else a coin."""
    return decided * home / (home + away) + (1.0 - decided) * 0.5


@lru_cache(maxsize=4096)
def hockey_rates(strength: float, decided: float) -> tuple[float, float]:
    """Return goals per game of home and away at which home wins with probability `strength`."""
    low, high = MIN_RATE, HOCKEY_GOALS - MIN_RATE
    for _ in range(_STEPS):
        home = (low + high) / 2
        away = HOCKEY_GOALS - home
        win, tie, _ = _single(home, away)
        if win + tie * overtime_split(home, away, decided) < strength:
            low = home
        else:
            high = home
    home = (low + high) / 2
    return home, HOCKEY_GOALS - home


@lru_cache(maxsize=4096)
def soccer_rates(home: float, draw: float) -> tuple[float, float]:
    """Return goals per game of home and away at which home wins and draws with these chances.

    Newton's method on the logarithms of the two rates, a step that does not help being halved.
    Chances that no pair of rates gives (a draw of four in five beside a strong favourite) are
    met as nearly as it comes.
    """
    wanted = np.array([home, draw])
    lean = _LEAN * (2.0 * home + draw - 1.0)
    logs = np.log(_TYPICAL_RATE) + np.array([lean, -lean])
    miss, slopes = _measure(logs, wanted)
    for _ in range(_NEWTON_STEPS):
        size = float(np.abs(miss).max())
        if size < _CLOSE or abs(np.linalg.det(slopes)) < _FLAT:
            break
        step = np.linalg.solve(slopes, miss)
        step *= min(1.0, _LONGEST / np.abs(step).max())
        for _ in range(_HALVINGS):
            trial = np.clip(logs - step, np.log(MIN_RATE), np.log(MAX_RATE))
            trial_miss, trial_slopes = _measure(trial, wanted)
            if np.abs(trial_miss).max() < size:
                break
            step = step / 2
        else:
            break
        logs, miss, slopes = trial, trial_miss, trial_slopes
    rate_home, rate_away = np.exp(logs).tolist()
    return rate_home, rate_away


def _measure(logs: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """Return by how much the chances at these rates are off, and their slopes."""
    rates = np.exp(logs + _NEIGHBOURS)
    priced = outcome(np.zeros(len(rates)), rates[:, 0], rates[:, 1])[:, :2]
    miss: Floats = priced[0] - wanted
    slopes: Floats = (priced[1:] - priced[0]).T / _STEP
    return miss, slopes


def _single(home: float, away: float) -> tuple[float, float, float]:
    win, tie, lose = outcome(np.zeros(1), np.array([home]), np.array([away]))[0].tolist()
    return win, tie, lose


def _poisson(mean: Floats) -> Floats:
    log_mean = np.log(mean, where=mean > 0.0, out=np.full(mean.shape, _LOG_OF_NONE))
    probabilities: Floats = np.exp(_COUNTS * log_mean[:, None] - mean[:, None] - _LOG_FACTORIALS)
    return probabilities
