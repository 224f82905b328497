"""The prior of rated hockey teams."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.priors_hockey import from_elo


def test_ratings_are_stretched_and_home_is_brought_down() -> None:
    """Even ratings give home less than half, as the ratings give it too much; NaN stays."""
    found = from_elo(np.array([0.5, 0.6, np.nan]))
    odds = np.exp(1.1 * np.log(1.5) - 0.11)
    expected = [1.0 / (1.0 + np.exp(0.11)), odds / (1.0 + odds), np.nan]
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)
