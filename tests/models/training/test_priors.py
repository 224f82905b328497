from __future__ import annotations

import numpy as np

from fusion.leagues import LEAGUES
from models.training.priors import from_moneylines, from_spread, three_way, two_way

NAN = float("nan")


def test_a_spread_of_one_standard_deviation() -> None:
    """Home favoured by it wins with 0.8413; an even line is one half."""
    home = from_spread(np.array([-12.0, 0.0, 12.0, NAN]), 12.0)
    np.testing.assert_allclose(home, [0.841345, 0.5, 0.158655, NAN], atol=1e-6)


def test_moneylines_lose_their_margin() -> None:
    """-200 and +170 are 2/3 and 1/2.7; what is no American line is unknown."""
    home = from_moneylines(np.array([-200.0, 100.0, 50.0, NAN]), np.array([170.0, 100.0, 1.0, 1.0]))
    own, other = 2 / 3, 1 / 2.7
    np.testing.assert_allclose(home, [own / (own + other), 0.5, NAN, NAN])


def test_the_first_that_is_there_is_the_prior() -> None:
    """Nobody's is the league's rate, one half on neutral ground, and said to be unknown."""
    candidates = (np.array([0.7, NAN, NAN, NAN, 1.0]), np.array([0.1, 0.4, NAN, NAN, NAN]))
    neutral = np.array([0.0, 0.0, 0.0, 1.0, 0.0])
    prior = two_way(candidates, neutral, LEAGUES["nba"])
    np.testing.assert_allclose(prior.home, [0.7, 0.4, 0.58, 0.5, 0.995])
    np.testing.assert_allclose(prior.home + prior.away, 1.0)
    assert prior.known.tolist() == [1.0, 1.0, 0.0, 0.0, 1.0]
    assert prior.draw.tolist() == [0.0] * 5


def test_three_probabilities_are_all_there_or_none() -> None:
    """They sum to 1; where one is missing the league's rates stand in."""
    sides = (np.array([0.5, 0.5]), np.array([0.3, NAN]), np.array([0.3, 0.2]))
    prior = three_way(sides, LEAGUES["eng.1"])
    np.testing.assert_allclose(prior.home, [0.5 / 1.1, 0.45])
    np.testing.assert_allclose(prior.draw, [0.3 / 1.1, 0.26])
    assert prior.known.tolist() == [1.0, 0.0]
    assert set(prior.named()) == {"prior_home", "prior_draw", "prior_away", "prior_known"}
