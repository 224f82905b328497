"""Fitting calibrations, and keeping one only where it is worth something on other games.

Candidates are fitted to the log loss of prices and compared on games that neither the prices nor
the candidates have seen: folds of whole games, so that rows of one game are never on both sides.
Doing nothing wins unless a candidate is better by more than `WORTH_IT`, and by more than twice the
standard error of the difference, clustered by game.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import isotonic_regression, minimize

from models.calibration import Calibration, calibrated
from models.evaluation.scores import clustered_se, log_loss
from models.protocol import Floats, Probabilities
from models.training.fit import rounded
from models.training.state_table import Codes, Mask

KNOTS = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Shares of the game at which a beta calibration has an exponent."""

POWERS = (0.5, 2.0)
STEPS = 25
"""Places at which an isotonic calibration keeps its value."""

WORTH_IT = 2e-4
"""Log loss a calibration has to save on games it has not seen, nats a row."""

FOLDS = 4

Fit = Callable[[Probabilities, Floats, Codes], Calibration]


def beta(prices: Probabilities, played: Floats, outcome: Codes) -> Calibration:
    """Return the beta calibration of least log loss, one exponent for each knot."""
    open_rows = prices.max(axis=1) < 1.0
    prices, played, outcome = prices[open_rows], played[open_rows], outcome[open_rows]

    def loss(powers: Floats) -> float:
        trial = Calibration("beta", played=KNOTS, power=tuple(powers.tolist()))
        return float(log_loss(calibrated(prices, played, trial), outcome).mean())

    bounds = [POWERS] * len(KNOTS)
    found = minimize(loss, np.ones(len(KNOTS)), method="L-BFGS-B", bounds=bounds)
    return Calibration("beta", played=KNOTS, power=tuple(rounded(found.x).tolist()))


def isotonic(prices: Probabilities, played: Floats, outcome: Codes) -> Calibration:
    """Return the rising map of the price of home that fits best; both sides count alike."""
    del played  # the same map at every time
    price = np.concatenate([prices[:, 0], prices[:, 2]])
    won = np.concatenate([outcome == 0, outcome == 2]).astype(np.float64)
    distinct, at, count = np.unique(price, return_inverse=True, return_counts=True)
    share_won = np.bincount(at, weights=won) / count
    rising = isotonic_regression(share_won, weights=count).x
    places = np.linspace(0.0, 1.0, STEPS)
    inner = np.interp(places[1:-1], distinct, rising)
    share = np.concatenate([[0.0], np.maximum.accumulate(inner), [1.0]])
    return Calibration(
        "isotonic", price=tuple(rounded(places).tolist()), share=tuple(rounded(share).tolist())
    )


def best_calibration(
    prices: Probabilities, played: Floats, outcome: Codes, game: Codes, *, three_way: bool
) -> Calibration:
    """Return the calibration that does best on games it was not fitted to, or none."""
    fits: list[Fit] = [beta] if three_way else [beta, isotonic]
    plain = log_loss(prices, outcome)
    best, most = None, WORTH_IT
    for fit in fits:
        gain = plain - _cross_validated(fit, prices, played, outcome, game)
        mean = float(gain.mean())
        if mean > most and mean > 2.0 * clustered_se(gain, game):
            best, most = fit, mean
    return best(prices, played, outcome) if best is not None else Calibration()


def _cross_validated(
    fit: Fit, prices: Probabilities, played: Floats, outcome: Codes, game: Codes
) -> Floats:
    """Return the log loss of each calibrated row, each game calibrated by the others."""
    folds = np.unique(game, return_inverse=True)[1] % FOLDS
    losses = np.empty(outcome.size)
    for fold in range(FOLDS):
        here: Mask = folds == fold
        other = ~here
        if not here.any() or not other.any():
            losses[here] = log_loss(prices[here], outcome[here])
            continue
        by = fit(prices[other], played[other], outcome[other])
        losses[here] = log_loss(calibrated(prices[here], played[here], by), outcome[here])
    return losses
