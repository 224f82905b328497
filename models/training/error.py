"""How far prices are off beyond chance, by the share of the game that was played.

In a bin of price and time let `r` be the mean of `true - price` over its rows and `s` its standard
error, clustered by game. Were the prices true, `r` would be as large as `s`; what `r^2` has beyond
`s^2`, summed with the weights of the bins, is the variance of the prices' own error (the method
of moments of DerSimonian and Laird, "Meta-analysis in clinical trials", 1986). An error `e` of
log-odds is `e p (1 - p)` of a price, so that `e^2` is that sum over the sum of `(p (1 - p))^2`.
It is measured on seasons held out, and never taken below `FLOOR`.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from models.evaluation.scores import bin_of
from models.protocol import Floats, Probabilities
from models.training.calibrate import KNOTS
from models.training.state_table import Codes
from models.uncertainty import Uncertainty

FLOOR = 0.03
"""Log-odds; less than 0.8 points at even chances cannot be told on a season or two."""

CEILING = 1.0
LEAST_GAMES = 20


def measured_error(
    prices: Probabilities, played: Floats, outcome: Codes, game: Codes
) -> Uncertainty:
    """Return the error of the price of home at each knot of time, to two digits.

    A knot is told half by its own rows and half by those of its neighbours: a few hundred games
    make one knot alone jump from nothing to a lot.
    """
    home, won = prices[:, 0], (outcome == 0).astype(np.float64)
    nearest = np.abs(played[:, None] - np.array(KNOTS)).argmin(axis=1)
    moments = np.zeros((len(KNOTS) + 2, 2))
    for knot in range(len(KNOTS)):
        rows = (nearest == knot) & (home > 0.0) & (home < 1.0)
        moments[knot + 1] = _moments(home[rows], won[rows], game[rows])
    pooled = 0.25 * moments[:-2] + 0.5 * moments[1:-1] + 0.25 * moments[2:]
    return Uncertainty(KNOTS, tuple(_error(*each) for each in pooled.tolist()))


def _moments(home: Floats, won: Floats, game: Codes) -> tuple[float, float]:
    """Return the square of what is off beyond chance, and that of an error of 1, over the bins.

    Both are means over the rows, so that a knot with more rows is not worth more.
    """
    excess = slopes = 0.0
    rows_used = 0
    bins = bin_of(home)
    for each in np.unique(bins).tolist():
        rows = bins == each
        codes = np.unique(game[rows], return_inverse=True)[1]
        games = int(codes.max()) + 1
        if games < LEAST_GAMES:
            continue
        off = won[rows] - home[rows]
        slope = float((home[rows] * (1.0 - home[rows])).mean())
        sums = np.bincount(codes, weights=off - off.mean())
        noise = float((sums**2).sum()) / off.size**2
        excess += off.size * (float(off.mean()) ** 2 - noise)
        slopes += off.size * slope**2
        rows_used += off.size
    return (excess / rows_used, slopes / rows_used) if rows_used else (0.0, 0.0)


def _error(excess: float, slopes: float) -> float:
    variance = max(excess / slopes, 0.0) if slopes else 0.0
    return float(f"{min(max(sqrt(variance), FLOOR), CEILING):.2g}")
