"""Exact win probabilities of margins: one backward step of a Markov chain at a time.

Values are arrays whose last axis is the margin, home less away, from `-EDGE` to `EDGE`. A game
is a chain of ticks, each of which moves the margin by a known distribution, so the value before
a tick is the mixture of the values after it. Nothing is approximated but margins beyond `EDGE`,
which are held there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
EDGE = 80
WIDTH = 2 * EDGE + 1
MARGINS: npt.NDArray[np.int64] = np.arange(-EDGE, EDGE + 1)


def shifted(values: Values, change: int) -> Values:
    """Return the values seen from before the margin moved by `change`."""
    return values[..., np.clip(MARGINS + change, -EDGE, EDGE) + EDGE]


def at(values: Values, margin: int) -> float:
    """Return the value of one margin of a one-dimensional array."""
    return float(values[min(max(margin, -EDGE), EDGE) + EDGE])


def decided(level: float) -> Values:
    """Return home's probability when time is up: won, lost, or `level` at a tie."""
    return np.where(MARGINS > 0, 1.0, np.where(MARGINS < 0, 0.0, level))
