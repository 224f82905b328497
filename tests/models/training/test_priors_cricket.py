from __future__ import annotations

import numpy as np
import pytest

from models.training.priors_cricket import from_rating, unrated


def test_even_sides_are_as_good_as_unknown_ones() -> None:
    """Batting second won 0.54 of the matches."""
    (even,) = from_rating(np.array([0.5]))
    assert even == unrated() == pytest.approx(0.458, abs=0.001)


def test_the_better_side_is_believed_in_part() -> None:
    """Higher with the rating, closer to even than it; certainties are finite, NaN stays NaN."""
    found = from_rating(np.array([0.0, 0.3, 0.7, 1.0, np.nan]))
    assert np.isnan(found).tolist() == [False, False, False, False, True]
    assert (np.diff(found[:4]) > 0.0).all()
    assert 0.3 < found[1] < found[2] < 0.7
    assert found[0] > 0.0
    assert found[3] < 1.0
