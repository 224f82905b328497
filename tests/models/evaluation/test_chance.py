from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest

from models.evaluation.chance import expected_calibration_error
from models.evaluation.scores import Pool, calibration_error


def coins(games: int, rows: int, seed: int) -> Pool:
    """Return games of even chances, each with as many equal rows."""
    won = (np.random.default_rng(seed).random(games) < 0.5).astype(np.float64)
    return Pool(np.full(games * rows, 0.5), np.repeat(won, rows), np.repeat(np.arange(games), rows))


def test_chance_is_that_of_so_many_coins() -> None:
    """The share of heads of n coins is off by sqrt(1 / (2 pi n)) on average."""
    expected = sqrt(1.0 / (2.0 * pi * 400))
    assert expected_calibration_error(coins(400, 1, 1)) == pytest.approx(expected, rel=0.1)


def test_more_rows_of_the_same_games_are_no_less_chance() -> None:
    """Rows of one game come true together."""
    few, many = (expected_calibration_error(coins(400, rows, 1)) for rows in (1, 50))
    assert many == pytest.approx(few)


def test_a_perfect_model_is_off_by_as_much() -> None:
    """Over many samples of games the calibration error is what one sample tells to expect."""
    found = np.mean([calibration_error(coins(400, 3, seed)) for seed in range(300)])
    assert expected_calibration_error(coins(400, 3, 1000)) == pytest.approx(found, rel=0.15)
