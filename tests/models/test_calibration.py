from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import Calibration, calibrated, played_share

BETA = Calibration("beta", played=(0.0, 1.0), power=(1.0, 2.0))
ISOTONIC = Calibration("isotonic", price=(0.0, 0.5, 1.0), share=(0.0, 0.6, 1.0))


def two_way(*home: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the three columns of prices of home."""
    return np.array([[price, 0.0, 1.0 - price] for price in home])


def test_no_calibration_changes_nothing() -> None:
    """The prices come back as they are."""
    prices = two_way(0.1, 0.7)
    np.testing.assert_array_equal(calibrated(prices, np.zeros(2), Calibration()), prices)


def test_beta_bends_more_the_more_was_played() -> None:
    """At the end the odds are squared: .8 becomes .64 to .04; at the start nothing happens."""
    prices = calibrated(two_way(0.8, 0.8, 1.0, 0.0), np.array([0.0, 1.0, 1.0, 1.0]), BETA)
    expected = two_way(0.8, 0.64 / 0.68, 1.0, 0.0)
    np.testing.assert_allclose(prices, expected, rtol=0, atol=1e-12)


def test_beta_takes_draws() -> None:
    """Three prices are bent together: .5, .3, .2 are squared and sum to 1 again."""
    prices = calibrated(np.array([[0.5, 0.3, 0.2]]), np.ones(1), BETA)
    np.testing.assert_allclose(prices, [[0.25 / 0.38, 0.09 / 0.38, 0.04 / 0.38]], atol=1e-12)


def test_isotonic_is_symmetric() -> None:
    """Both sides go through the map: .75 is .8, the other .3, together 8 parts to 3."""
    prices = calibrated(two_way(0.75, 0.25, 1.0, np.nan), np.zeros(4), ISOTONIC)
    expected = two_way(8 / 11, 3 / 11, 1.0, np.nan)
    expected[3] = np.nan
    np.testing.assert_allclose(prices, expected, atol=1e-12)


@given(
    low=st.floats(0.0, 1.0),
    high=st.floats(0.0, 1.0),
    played=st.floats(0.0, 1.0),
    by=st.sampled_from([BETA, ISOTONIC]),
)
def test_prices_stay_prices_in_their_order(
    low: float, high: float, played: float, by: Calibration
) -> None:
    """They sum to 1, a higher price stays the higher one, and the sides can be swapped."""
    low, high = sorted((low, high))
    prices = calibrated(two_way(low, high), np.full(2, played), by)
    swapped = calibrated(two_way(low, high)[:, ::-1], np.full(2, played), by)
    np.testing.assert_allclose(prices.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(swapped[:, ::-1], prices, atol=1e-9)
    assert prices[0, 0] <= prices[1, 0] + 1e-12


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"remaining_s": [2880.0, 720.0, 300.0], "regulation_s": [2880.0] * 3,
          "overtime": [0.0, 0.0, 1.0]}, [0.0, 0.75, 1.0]),
        ({"half": [0.0, 9.0, 30.0], "outs": [0.0, 1.5, 0.0], "innings": [9.0] * 3},
         [0.0, 9.5 / 18, 1.0]),
        ({"sets_home": [0.0, 1.0], "sets_away": [0.0, 1.0], "games_home": [0.0, 6.0],
          "games_away": [0.0, 6.0], "best_of": [3.0, 3.0]}, [0.0, 1.0]),
    ],
)  # fmt: skip
def test_the_share_of_the_game_that_was_played(
    columns: dict[str, list[float]], expected: list[float]
) -> None:
    """Each sport by its own clock; overtime counts as all of it."""
    share = played_share({name: np.array(values) for name, values in columns.items()})
    np.testing.assert_allclose(share, expected, atol=1e-12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "beta"},
        {"kind": "beta", "played": [0.0, 1.0], "power": [1.0]},
        {"kind": "beta", "played": [1.0, 0.0], "power": [1.0, 1.0]},
        {"kind": "beta", "played": [0.0], "power": [0.0]},
        {"kind": "isotonic", "price": [0.5], "share": []},
    ],
)
def test_what_is_no_calibration_is_refused(wrong: dict[str, object]) -> None:
    """A decoder tells what does not hold."""
    with pytest.raises(msgspec.ValidationError, match="was"):
        msgspec.convert(wrong, Calibration)


def test_a_cricket_match_is_played_by_its_balls() -> None:
    """Both innings have 120; what a side left when it was out does not count as played."""
    columns = {"chase": np.array([0.0, 0.0, 1.0, 1.0]), "balls_left": np.array([120, 30, 120, 0.0])}
    np.testing.assert_array_equal(played_share(columns), [0.0, 0.375, 0.5, 1.0])
