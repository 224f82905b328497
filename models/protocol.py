"""What a model is: a batch of game states in, probabilities of home, draw and away out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from fusion.game import GameState

Probabilities = npt.NDArray[np.float64]
"""Shape (n, 3): home, draw, away; every row sums to 1, or is all NaN where there is no price."""


class Prior(msgspec.Struct, frozen=True):
    """Pregame win probabilities, frozen at the start; `source` is market, odds or league."""

    home: float
    draw: float
    away: float
    source: Literal["market", "odds", "league"]


class Model(Protocol):
    """Prices states. Pure: no clock, no randomness; a state it cannot price gives a NaN row."""

    name: str
    """Family and version, as it stands in every row it prices (`brownian-1`)."""

    def price(self, states: Sequence[GameState], priors: Sequence[Prior]) -> Probabilities:
        """Return the probabilities of home, draw and away for each state with its prior."""
        ...
