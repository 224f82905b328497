"""Which rows of a model's answer are prices, as the rest may take for granted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fusion.errors import FairlineError
from models.protocol import Prices

TOLERANCE = 1e-6
"""What rounding may take probabilities, and their sums, beyond 0 and 1."""


class UnsoundPricesError(FairlineError):
    """A model answered something that has not the shape of prices."""


class Sound(NamedTuple):
    """Prices in which every row that is no price is NaN, and which rows are prices."""

    prices: Prices
    rows: npt.NDArray[np.bool_]


def sound_prices(answer: Prices, rows: int) -> Sound:
    """Return the answer of a model for so many rows, without what is no price.

    A price is three probabilities in [0, 1] that sum to 1.

    Raises:
        UnsoundPricesError: the answer is no pair of arrays, or a shape is wrong.
    """
    try:
        probabilities, error = answer
        probabilities = np.array(probabilities, dtype=np.float64)
        error = np.array(error, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        msg = f"a model must answer probabilities and errors, was {type(answer).__name__}"
        raise UnsoundPricesError(msg) from problem
    if probabilities.shape != (rows, 3) or error.shape != (rows,):
        msg = f"a model must answer shapes ({rows}, 3) and ({rows},), was {probabilities.shape}"
        msg += f" and {error.shape}"
        raise UnsoundPricesError(msg)
    # The comparisons are written so that a NaN fails them; what is not below 0 and sums to 1 is
    # not above 1 either.
    sound = np.minimum.reduce(probabilities, axis=1) >= -TOLERANCE
    sound &= np.abs(np.add.reduce(probabilities, axis=1) - 1.0) <= TOLERANCE
    np.maximum(probabilities, 0.0, out=probabilities)
    np.minimum(probabilities, 1.0, out=probabilities)
    if np.count_nonzero(sound) < rows:
        probabilities[~sound] = np.nan
        error[~sound] = np.nan
    return Sound(Prices(probabilities, error), sound)
