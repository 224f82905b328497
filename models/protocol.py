"""What a model is: columns of numbers in, probabilities of home, draw and away out.

The columns have a fixed vocabulary, which `models.inputs` builds from the states of games and
`models.training` from the files of past ones, so that what is trained is what is priced.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Columns = Mapping[str, Floats]
"""Arrays of one length by name; the names are those of `models.inputs`."""

Probabilities = Floats
"""Shape (n, 3): home, draw, away; every row sums to 1, or is all NaN where there is no price."""


class Prior(msgspec.Struct, frozen=True):
    """Pregame win probabilities, frozen at the start; `source` is market, odds or league."""

    home: float
    draw: float
    away: float
    source: Literal["market", "odds", "league"]


class Prices(NamedTuple):
    """What a model answers.

    `probabilities` has shape (n, 3); `error` has shape (n,): the standard error of the price of
    home as a probability, NaN where the model cannot tell.
    """

    probabilities: Probabilities
    error: Floats


class Model(Protocol):
    """Prices games in play: never asked before the start or after the end.

    It is pure, without clock or randomness; a row that it cannot price is all NaN. One that
    raises, or answers what is no set of probabilities, fails its rows and nothing else.
    """

    @property
    def name(self) -> str:
        """Family, coefficients and version, as in every row it prices (`basketball:nba-1`)."""
        ...

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the columns that it reads."""
        ...

    @property
    def valid(self) -> str:
        """A sentence that tells for which states it is meant."""
        ...

    def price(self, columns: Columns) -> Prices:
        """Return the price of every row of the columns, and how far off it may be."""
        ...
