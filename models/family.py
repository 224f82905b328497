"""A family: a formula with coefficients, and what a fit has to know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from models.calibration import calibrated, played_share
from models.coefficients.schema import CoefficientFile
from models.protocol import Columns, Floats, Prices
from models.uncertainty import standard_error

Bounds = tuple[float | None, float | None]


class Family(NamedTuple):
    """A formula for games in play.

    `coefficients` is the struct of its numbers, whose defaults a fit starts from; `probabilities`
    prices columns of shape (n,) with such a struct and returns shape (n, 3). `bounds` are those of
    a field in a fit, None where there is none; a field with two equal bounds is held fixed.
    """

    name: str
    coefficients: type[msgspec.Struct]
    inputs: tuple[str, ...]
    valid: str
    probabilities: Callable[[Columns, Any], Floats]
    bounds: Mapping[str, Bounds] = {}


class Fitted:
    """A family with the coefficients, calibration and error of one file.

    Args:
        family: The formula.
        file: The file it was fitted into.
        prefix: Stands before the name, where the coefficients are another league's.

    Raises:
        msgspec.ValidationError: the coefficients are not those of the family.
    """

    def __init__(self, family: Family, file: CoefficientFile, prefix: str = "") -> None:
        self.name = f"{prefix}{family.name}:{file.key}-{file.version}"
        self.inputs = family.inputs
        self.valid = family.valid
        self.file = file
        self.family = family
        self._with = msgspec.convert(file.coefficients, family.coefficients)

    def price(self, columns: Columns) -> Prices:
        """Return calibrated prices of home, draw and away, and the standard error of home's."""
        played = played_share(columns)
        raw = self.family.probabilities(columns, self._with)
        prices = calibrated(raw, played, self.file.calibration)
        return Prices(prices, standard_error(prices[:, 0], played, self.file.error))
