from __future__ import annotations

from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rates import HOCKEY_GOALS, hockey_rates, outcome, overtime_split, soccer_rates


def _plain(lead: int, home: float, away: float) -> list[float]:
    result = [0.0, 0.0, 0.0]
    for mine in range(40):
        for theirs in range(40):
            chance = exp(-home - away) * home**mine * away**theirs
            margin = lead + mine - theirs
            index = 0 if margin > 0 else 1 if margin == 0 else 2
            result[index] += chance / factorial(mine) / factorial(theirs)
    return result


@given(lead=st.integers(-6, 6), home=st.floats(0.0, 5.0), away=st.floats(0.0, 5.0))
def test_outcome_is_the_double_sum(lead: int, home: float, away: float) -> None:
    """The vectorised sum agrees with the plain one over pairs of goals."""
    priced = outcome(np.array([float(lead)]), np.array([home]), np.array([away]))[0]
    assert priced.tolist() == pytest.approx(_plain(lead, home, away), abs=1e-9)


def test_nothing_left_is_the_score() -> None:
    """Without goals to come the lead is the result exactly."""
    leads = np.array([2.0, 0.0, -1.0, 500.0, -500.0])
    expected = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]]
    np.testing.assert_array_equal(outcome(leads, np.zeros(5), np.zeros(5)), expected)


@given(home=st.floats(0.2, 4.0), away=st.floats(0.2, 4.0))
def test_soccer_rates_are_found_again(home: float, away: float) -> None:
    """The rates behind a result's chances are the ones found from them."""
    win, tie, _ = outcome(np.zeros(1), np.array([home]), np.array([away]))[0].tolist()
    assert soccer_rates(win, tie) == pytest.approx((home, away), rel=1e-5)


@given(home=st.floats(0.001, 0.998), draw=st.floats(0.001, 0.998))
def test_any_chances_give_rates(home: float, draw: float) -> None:
    """Chances that no rates give are met as nearly as the bounds allow, without an error."""
    rates = soccer_rates(home, draw)
    assert all(0.0 < rate < 10.0 for rate in rates)


@given(strength=st.floats(0.005, 0.995))
def test_hockey_rates_give_their_strength(strength: float) -> None:
    """Six goals are divided so that winning, or drawing and winning later, has that chance."""
    home, away = hockey_rates(strength, 0.65)
    win, tie, _ = outcome(np.zeros(1), np.array([home]), np.array([away]))[0].tolist()
    assert home + away == pytest.approx(HOCKEY_GOALS)
    assert win + tie * overtime_split(home, away, 0.65) == pytest.approx(strength, abs=1e-7)
