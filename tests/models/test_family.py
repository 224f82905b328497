from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from models.calibration import Calibration
from models.coefficients.schema import CoefficientFile, Data, Scores
from models.family import Family, Fitted
from models.protocol import Columns, Floats
from models.uncertainty import Uncertainty

FileOf = Callable[..., CoefficientFile]


class Slope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much a point is worth."""

    slope: float = 0.1


def by_lead(columns: Columns, with_: Slope) -> Floats:
    """Return even chances and a slope for each point of the lead."""
    home = 0.5 + with_.slope * columns["lead"]
    return np.stack([home, home * 0.0, 1.0 - home], axis=1)


FAMILY = Family("line", Slope, ("lead",), "leads up to five", by_lead)
FILE = CoefficientFile(
    key="nba",
    family="line",
    leagues=("nba",),
    version=3,
    data=Data("here", "none", (2020,), "2020-01-01", 1, 1),
    scores=Scores((2020,), 1, 1, 0.2, 0.01, 0.5, 0.01),
    coefficients={"slope": 0.3},
    calibration=Calibration("beta", played=(0.0,), power=(2.0,)),
    error=Uncertainty(played=(0.0,), log_odds=(1.0,)),
)
COLUMNS = {
    "lead": np.array([1.0, 0.0]),
    "remaining_s": np.array([60.0, 60.0]),
    "regulation_s": np.array([120.0, 120.0]),
    "overtime": np.zeros(2),
}


def test_a_fitted_family_calibrates_and_tells_its_error() -> None:
    """.8 is bent to .64 in .68; the error is that of the bent price."""
    model = Fitted(FAMILY, FILE)
    home = 0.64 / 0.68
    prices = model.price(COLUMNS)
    np.testing.assert_allclose(prices.probabilities, [[home, 0.0, 1 - home], [0.5, 0.0, 0.5]])
    np.testing.assert_allclose(prices.error, [home * (1 - home), 0.25])
    assert (model.name, model.inputs, model.valid) == ("line:nba-3", ("lead",), "leads up to five")


def test_coefficients_of_another_league_say_so() -> None:
    """The prefix stands before the name."""
    assert Fitted(FAMILY, FILE, "fallback:").name == "fallback:line:nba-3"


def test_coefficients_of_another_family_are_refused() -> None:
    """A field the family has not is an error."""
    file = msgspec.structs.replace(FILE, coefficients={"sigma": 12.0})
    with pytest.raises(msgspec.ValidationError, match="sigma"):
        Fitted(FAMILY, file)
