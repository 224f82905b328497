"""Brier score, log loss and calibration error, with errors that know that games hang together.

Two-way prices are scored as the price of home, `(p_home - won)^2`, with 0.25 for saying one half;
three-way prices as the sum over the outcomes. All rows of a game share one result, so standard
errors are clustered: the deviations of the rows are summed by game first.
"""

from __future__ import annotations

from math import sqrt

import msgspec
import numpy as np

from models.coefficients.schema import Scores
from models.protocol import Floats, Probabilities
from models.training.state_table import Codes

BINS = 10
"""Equal-width bins of calibration errors and reliability diagrams."""

DIGITS = 5
"""Decimals that a coefficient file keeps of a score."""

LEAST = 1e-6
"""Prices below count as this much in the log loss, so that one sure miss does not decide it."""


class Score(msgspec.Struct, frozen=True):
    """Scores of some rows; `_se` are game-clustered standard errors.

    `ece` is the expected calibration error: the mean over the rows of how far the price in the
    bin of a row is from how often it came true there; of three-way prices all outcomes are pooled.
    """

    rows: int
    games: int
    brier: float
    brier_se: float
    log_loss: float
    log_loss_se: float
    ece: float


class Pool(msgspec.Struct, frozen=True):
    """Prices beside what came true: of home in two-way games, of every outcome in others."""

    price: Floats
    true: Floats
    game: Codes


def score(prices: Probabilities, outcome: Codes, game: Codes, *, three_way: bool) -> Score:
    """Return the scores of prices of shape (n, 3); `outcome` is 0, 1 or 2, `game` names games."""
    squares = brier(prices, outcome, three_way=three_way)
    losses = log_loss(prices, outcome)
    return Score(
        rows=outcome.size,
        games=np.unique(game).size,
        brier=float(squares.mean()),
        brier_se=clustered_se(squares, game),
        log_loss=float(losses.mean()),
        log_loss_se=clustered_se(losses, game),
        ece=calibration_error(pool(prices, outcome, game, three_way=three_way)),
    )


def kept(scores: Score, seasons: tuple[int, ...]) -> Scores:
    """Return the scores of held-out seasons as a coefficient file keeps them."""
    return Scores(
        seasons=seasons,
        rows=scores.rows,
        games=scores.games,
        brier=round(scores.brier, DIGITS),
        brier_se=round(scores.brier_se, DIGITS),
        log_loss=round(scores.log_loss, DIGITS),
        ece=round(scores.ece, DIGITS),
    )


def brier(prices: Probabilities, outcome: Codes, *, three_way: bool) -> Floats:
    """Return the squared error of each row."""
    if not three_way:
        squares: Floats = (prices[:, 0] - (outcome == 0)) ** 2
        return squares
    truth = np.eye(3)[outcome]
    return np.asarray(((prices - truth) ** 2).sum(axis=1), dtype=np.float64)


def log_loss(prices: Probabilities, outcome: Codes) -> Floats:
    """Return the logarithmic loss of each row, in nats."""
    chosen = np.take_along_axis(prices, outcome[:, None], axis=1)[:, 0]
    losses: Floats = -np.log(np.clip(chosen, LEAST, 1.0))
    return losses


def clustered_se(values: Floats, game: Codes) -> float:
    """Return the standard error of the mean of `values`, of which those of a game go together."""
    codes = np.unique(game, return_inverse=True)[1]
    sums = np.bincount(codes, weights=values - values.mean())
    if sums.size < 2:
        return float("nan")
    correction = sums.size / (sums.size - 1)
    return sqrt(float((sums**2).sum()) * correction) / values.size


def pool(prices: Probabilities, outcome: Codes, game: Codes, *, three_way: bool) -> Pool:
    """Return the prices that calibration looks at, with what came true."""
    if not three_way:
        return Pool(prices[:, 0], (outcome == 0).astype(np.float64), game)
    truth = np.eye(3)[outcome]
    return Pool(prices.ravel(), truth.ravel(), np.repeat(game, 3))


def bin_of(price: Floats) -> Codes:
    """Return the bin of each price, the last one closed above."""
    bins: Codes = np.clip((price * BINS).astype(np.int64), 0, BINS - 1)
    return bins


def calibration_error(pooled: Pool) -> float:
    """Return the expected calibration error of pooled prices."""
    off = np.bincount(bin_of(pooled.price), weights=pooled.true - pooled.price, minlength=BINS)
    return float(np.abs(off).sum() / pooled.price.size)
