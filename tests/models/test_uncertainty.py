from __future__ import annotations

import msgspec
import numpy as np
import pytest

from models.uncertainty import Uncertainty, standard_error


def test_error_is_widest_at_even_chances_and_follows_the_game() -> None:
    """An error of .2 in log-odds is .05 at one half; between two knots it is in between."""
    by = Uncertainty(played=(0.0, 1.0), log_odds=(0.0, 0.4))
    error = standard_error(np.array([0.5, 0.5, 0.9, 1.0]), np.array([0.0, 0.5, 1.0, 1.0]), by)
    np.testing.assert_allclose(error, [0.0, 0.05, 0.036, 0.0], atol=1e-12)


def test_without_knots_nobody_can_tell() -> None:
    """The error is NaN."""
    assert np.isnan(standard_error(np.array([0.5]), np.zeros(1), Uncertainty())).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"played": [0.0], "log_odds": []},
        {"played": [1.0, 0.0], "log_odds": [0.1, 0.1]},
        {"played": [0.0], "log_odds": [-0.1]},
    ],
)
def test_what_is_no_error_is_refused(wrong: dict[str, object]) -> None:
    """A decoder tells what does not hold."""
    with pytest.raises(msgspec.ValidationError, match="was"):
        msgspec.convert(wrong, Uncertainty)
