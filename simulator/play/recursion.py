"""Exact win probabilities of margins: one backward step of a Markov chain at a time.

Values are arrays whose last axis is the margin, home less away, from `-EDGE` to `EDGE`. A game
is a chain of ticks, each of which moves the margin by a known distribution, so the value before
a tick is the mixture of the values after it. Nothing is approximated but margins beyond `EDGE`,
which are held there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
EDGE = 80
WIDTH = 2 * EDGE + 1
MARGINS: npt.NDArray[np.int64] = np.arange(-EDGE, EDGE + 1)

Change = Mapping[int, float]
"""Probability of each change of the margin; the values sum to 1."""


def shifted(values: Values, change: int) -> Values:
    """Return the values seen from before the margin moved by `change`."""
    return values[..., np.clip(MARGINS + change, -EDGE, EDGE) + EDGE]


def before(values: Values, change: Change) -> Values:
    """Return the values before a tick that moves the margin by `change`."""
    result = np.zeros_like(values)
    for points, probability in change.items():
        result += probability * shifted(values, points)
    return result


def at(values: Values, margin: int) -> float:
    """Return the value of one margin of a one-dimensional array."""
    return float(values[min(max(margin, -EDGE), EDGE) + EDGE])


def decided(level: float) -> Values:
    """Return home's probability when time is up: won, lost, or `level` at a tie."""
    return np.where(MARGINS > 0, 1.0, np.where(MARGINS < 0, 0.0, level))


def draw(rng: np.random.Generator, change: Change) -> int:
    """Return a change of the margin drawn from its distribution."""
    point = rng.random()
    total = 0.0
    last = 0
    for points, probability in change.items():
        total += probability
        last = points
        if point < total:
            return points
    return last
