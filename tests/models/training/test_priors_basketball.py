from __future__ import annotations

from statistics import NormalDist

import numpy as np
import polars as pl

from fusion.leagues import LEAGUES
from models.training.priors_basketball import candidates, from_rating

NAN = float("nan")
NORMAL = NormalDist()


def test_moneylines_come_before_spreads_and_ratings() -> None:
    """A file with all three gives all three, in the order in which they are trusted."""
    frame = pl.DataFrame(
        {
            "home_spread": [-11.5, None],
            "home_ml": [-200.0, None],
            "away_ml": [200.0, None],
            "elo_home_prob": [0.5, 0.5],
            "neutral": [1, 1],
        }
    )
    moneyline, spread, rating = candidates(frame, LEAGUES["nba"])
    np.testing.assert_allclose(moneyline, [2 / 3, NAN])
    np.testing.assert_allclose(spread, [0.841345, NAN], atol=1e-6)
    np.testing.assert_allclose(rating, [0.5, 0.5])


def test_a_file_with_no_prior_has_none() -> None:
    """Columns that are not there are unknown in every row."""
    found = candidates(pl.DataFrame({"season": [2017, 2018]}), LEAGUES["ncaamb"])
    assert [np.isnan(each).tolist() for each in found] == [[True, True]] * 3


def test_a_college_line_is_worth_more_a_point() -> None:
    """The deviation is 10.5 points there, also of leagues that have none of their own."""
    frame = pl.DataFrame({"home_spread": [-10.5]})
    _, spread, _ = candidates(frame, LEAGUES["ncaamb"])
    np.testing.assert_allclose(spread, [0.841345], atol=1e-6)


def test_a_rating_is_made_bolder_and_home_smaller() -> None:
    """One deviation becomes 1.15, less 0.06 where somebody is at home; unknown counts as home."""
    home = from_rating(np.full(3, NORMAL.cdf(1.0)), np.array([0.0, 1.0, NAN]))
    expected = [NORMAL.cdf(1.09), NORMAL.cdf(1.15), NORMAL.cdf(1.09)]
    np.testing.assert_allclose(home, expected, atol=1e-12)


def test_a_certain_or_missing_rating() -> None:
    """Certainties stay what they are, and what is missing stays missing."""
    home = from_rating(np.array([0.0, 1.0, NAN]), np.zeros(3))
    np.testing.assert_array_equal(home, [0.0, 1.0, NAN])
