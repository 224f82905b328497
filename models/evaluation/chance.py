"""The calibration error that chance alone gives: what a perfect model would show on these games.

With few games even true probabilities miss the bins of a reliability diagram. How far is found by
a wild cluster bootstrap. In a calibrated model what a game adds to a bin, the sum of its
`true - price` there, has the mean 0, and the games are independent of each other. Giving every
game a random sign, the same in all its bins, therefore makes another sample that is as likely:
it keeps how the rows of a game hang together, along the game and across the bins, which drawing
a result per row would not. A model that is off adds its own error to these sums, by its square
and so by little. The seed is fixed.
"""

from __future__ import annotations

import numpy as np

from models.evaluation.scores import BINS, Pool, bin_of

DRAWS = 400
SEED = 20_260_917


def expected_calibration_error(pooled: Pool) -> float:
    """Return the mean calibration error of a perfectly calibrated model on the same games."""
    codes = np.unique(pooled.game, return_inverse=True)[1]
    games = int(codes.max()) + 1
    cells = codes * BINS + bin_of(pooled.price)
    off = np.bincount(cells, weights=pooled.true - pooled.price, minlength=games * BINS)
    dice = np.random.default_rng(SEED)
    by_game = off.reshape(games, BINS)
    totals = 0.0
    for _ in range(DRAWS):
        signs = np.where(dice.random(games) < 0.5, -1.0, 1.0)
        totals += float(np.abs(signs @ by_game).sum())
    return totals / DRAWS / pooled.price.size
