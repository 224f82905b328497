from __future__ import annotations

import numpy as np
import pytest

from models.training.priors_baseball import from_elo


def test_an_elo_expectation_is_drawn_towards_even_and_a_little_towards_home() -> None:
    """0.6 has log odds 0.4055; 0.03 + 0.82 x 0.4055 = 0.3625, which is 0.5896."""
    prices = from_elo(np.array([0.6, 0.5, 0.4]))
    assert prices == pytest.approx([0.58964, 0.50750, 0.42496], abs=1e-5)


def test_certain_and_missing_expectations_stay_what_they_are() -> None:
    """Nothing is 0 or 1 by a rating, the order is kept, and NaN stays NaN."""
    low, high, missing = from_elo(np.array([0.0, 1.0, np.nan]))
    assert 0.0 < low < 1e-6
    assert 1.0 - 1e-6 < high < 1.0
    assert np.isnan(missing)
