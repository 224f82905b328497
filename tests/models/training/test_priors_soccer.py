"""The three-way prior of rated soccer teams."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.priors_soccer import from_elo


@given(st.floats(0.0, 1.0))
def test_expectations_give_three_probabilities(expected: float) -> None:
    """They sum to 1, and the other side's expectation gives the same in reverse."""
    sides = np.array(from_elo(np.array([expected])))
    swapped = np.array(from_elo(np.array([1.0 - expected])))
    assert sides.sum() == pytest.approx(1.0, abs=1e-12)
    assert ((sides > 0.0) & (sides < 1.0)).all()
    assert np.allclose(sides, swapped[::-1], rtol=0.0, atol=1e-9)


def test_equals_draw_as_often_as_it_was() -> None:
    """Between equals the three are exp(0), exp(-0.124) and exp(0) of their sum; NaN stays NaN."""
    home, draw, away = from_elo(np.array([0.5, np.nan]))
    assert [home[0], draw[0], away[0]] == pytest.approx([0.34683, 0.30638, 0.34683], abs=1e-3)
    assert np.isnan([home[1], draw[1], away[1]]).all()
