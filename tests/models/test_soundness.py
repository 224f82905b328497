from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.protocol import Prices
from models.soundness import UnsoundPricesError, sound_prices


def test_rows_that_are_no_price_become_nan() -> None:
    """A NaN, a number outside [0, 1], and a wrong sum are no price; the others stay."""
    rows = [[0.6, 0.1, 0.3], [np.nan, 0.0, 1.0], [1.2, 0.0, -0.2], [0.5, 0.5, 0.5], [1.0, 0.0, 0.0]]
    answer = Prices(np.array(rows), np.full(5, 0.1))
    prices, sound = sound_prices(answer, 5)
    assert sound.tolist() == [True, False, False, False, True]
    np.testing.assert_array_equal(prices.probabilities[sound], [rows[0], rows[4]])
    assert np.isnan(prices.probabilities[~sound]).all()
    assert np.isnan(prices.error).tolist() == [False, True, True, True, False]
    np.testing.assert_array_equal(answer.probabilities, rows)


def test_rounding_is_taken_off() -> None:
    """A sure price that comes out a little above 1 is 1."""
    prices, sound = sound_prices(Prices(np.array([[1.0 + 1e-12, 0.0, -1e-12]]), np.zeros(1)), 1)
    assert sound.tolist() == [True]
    assert prices.probabilities.tolist() == [[1.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    "answer",
    [
        Prices(np.zeros((2, 2)), np.zeros(2)),
        Prices(np.zeros((3, 3)), np.zeros(3)),
        Prices(np.zeros((2, 3)), np.zeros((2, 1))),
        None,
        0.5,
        ("high", "low"),
        (np.zeros((2, 3)),),
    ],
)
def test_what_has_not_the_shape_of_prices_is_an_error(answer: Any) -> None:
    """The message says what was answered."""
    with pytest.raises(UnsoundPricesError, match="was"):
        sound_prices(answer, 2)
