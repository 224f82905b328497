"""Two independent Poisson counts of goals: how a match ends, and the means a prior stands for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from models.protocol import Floats

MAX_GOALS = 28
MAX_MEAN = 9.0
"""No side is expected to score more; of nine, one in ten million scores above MAX_GOALS."""

MIN_MEAN = 0.02
LEAST_PRICE = 1e-4

_COUNTS = np.arange(MAX_GOALS + 2)[:, None]
_FACTORS = np.arange(1.0, MAX_GOALS + 1.0)[:, None, None]
_BEYOND = MAX_GOALS + 1
"""A lead that nobody makes up any more."""

_EDGE, _TIE = np.linspace(-6.5, 6.5, 66), np.linspace(-3.0, 3.0, 61)
"""Nodes of the table of means: log(home / away), and log(draw) less the mean of both logs."""

_FIRST = np.array([[_EDGE[0]], [_TIE[0]]])
_SPACING = np.array([[_EDGE[1] - _EDGE[0]], [_TIE[1] - _TIE[0]]])
_LAST = np.array([[_EDGE.size - 1.0], [_TIE.size - 1.0]])

_TYPICAL_MEAN = 1.3
_NEWTON_STEPS = 8
_LONGEST = 0.7
_STEP = 1e-5
_FLAT = 1e-9


def outcome(lead: Floats, means: Floats) -> Floats:
    """Return the probabilities of home, draw and away, shape (3, n).

    `lead` is the lead of home now, shape (n,), and `means` the goals that home and away are still
    expected to score, shape (2, n), at most MAX_MEAN.
    """
    rows = lead.size
    terms = np.empty((MAX_GOALS + 1, 2, rows))
    np.exp(-means, out=terms[0])
    np.divide(means, _FACTORS, out=terms[1:])
    chances = np.multiply.accumulate(terms, axis=0, out=terms)
    home, away = chances[:, 0], chances[:, 1]
    # Row i is the chance that away scores at most i - _BEYOND - 1 goals.
    at_most = np.zeros((3 * _BEYOND + 2, rows))
    np.add.accumulate(away, axis=0, out=at_most[_BEYOND + 1 : 2 * _BEYOND + 1])
    at_most[2 * _BEYOND + 1 :] = at_most[2 * _BEYOND]
    within = np.minimum(np.maximum(lead, -_BEYOND), _BEYOND).astype(np.int64)
    places = _COUNTS * rows + ((within + _BEYOND) * rows + np.arange(rows))
    by_goals = at_most.ravel().take(places)
    result = np.empty((3, rows))
    ahead = np.einsum("kn,kn->n", home, by_goals[:-1], out=result[0])
    not_behind = np.einsum("kn,kn->n", home, by_goals[1:])
    whole = np.add.reduce(home, axis=0) * at_most[-1]
    np.subtract(not_behind, ahead, out=result[1])
    np.subtract(whole, not_behind, out=result[2])
    np.maximum(result, 0.0, out=result)
    result /= np.add.reduce(result, axis=0)
    return result


def means_of_prior(prior: Floats) -> Floats:
    """Return the goals of home and away, shape (2, n), that make home, draw and away of a prior.

    `prior` has shape (3, n). The means are read from a table, by straight lines between its nodes;
    a prior that no two means give is met as nearly as MIN_MEAN and MAX_MEAN allow.
    """
    home, draw, away = np.log(np.maximum(prior, LEAST_PRICE))
    place = np.array((home - away, draw - 0.5 * (home + away)))
    place = np.minimum(np.maximum((place - _FIRST) / _SPACING, 0.0), _LAST)
    # A row without a prior is NaN by its weights; any cell, here the last, will do for it.
    cell = np.fmin(place, _LAST - 1.0).astype(np.int64)
    edge, tie = place - cell
    corner, along, across, both = _cells()[:, :, cell[0], cell[1]]
    means: Floats = np.exp(corner + along * edge + (across + both * edge) * tie)
    return means


@lru_cache(maxsize=1)
def _cells() -> Floats:
    """Return the logarithms of the means as four terms a cell, shape (4, 2, edges, ties)."""
    log = _solved()
    corner = log[:, :-1, :-1]
    along = log[:, 1:, :-1] - corner
    across = log[:, :-1, 1:] - corner
    return np.stack([corner, along, across, log[:, 1:, 1:] - corner - along - across])


def _solved() -> Floats:
    """Return the logarithms of the means at the nodes, shape (2, edges, ties), by Newton's method.

    Exchanging the sides exchanges the means, to the last bit.
    """
    edge, tie = (nodes.ravel() for nodes in np.meshgrid(_EDGE, _TIE, indexing="ij"))
    level = np.log(_TYPICAL_MEAN) - 0.3 * tie
    low, high = np.log(MIN_MEAN), np.log(MAX_MEAN)
    logs = np.clip(np.stack([level + 0.4 * edge, level - 0.4 * edge]), low, high)
    more_home, more_away = np.array([[_STEP], [0.0]]), np.array([[0.0], [_STEP]])
    wanted = np.stack([edge, tie])
    for _ in range(_NEWTON_STEPS):
        found = _edge_and_tie(logs)
        home = (_edge_and_tie(logs + more_home) - found) / _STEP
        away = (_edge_and_tie(logs + more_away) - found) / _STEP
        miss = found - wanted
        area = home[0] * away[1] - away[0] * home[1]
        area = np.where(np.abs(area) < _FLAT, _FLAT, area)
        step = np.stack(
            [miss[0] * away[1] - away[0] * miss[1], home[0] * miss[1] - miss[0] * home[1]]
        )
        step /= area
        step *= np.minimum(1.0, _LONGEST / np.maximum(np.abs(step).max(axis=0), _FLAT))
        logs = np.clip(logs - step, low, high)
    table = logs.reshape(2, _EDGE.size, _TIE.size)
    even: Floats = (table + table[::-1, ::-1]) / 2.0
    return even


def _edge_and_tie(logs: Floats) -> Floats:
    """Return log(home / away), and log(draw) less the mean of both, at level scores."""
    home, draw, away = np.log(np.maximum(outcome(np.zeros(logs.shape[1]), np.exp(logs)), 1e-300))
    return np.stack([home - away, draw - 0.5 * (home + away)])
