from __future__ import annotations

from math import nan
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.training.priors_basketball import SIGMA
from models.training.ratings_basketball import Game, expected_by_earlier
from models.training.tables_basketball import table


def test_rows_of_an_nba_file(nba_frame: pl.DataFrame) -> None:
    """Moneylines first, then the spread, then the league's rate; games and sources keep apart."""
    made = table(nba_frame, LEAGUES["nba"])
    favourite = NormalDist().cdf(12.2 / SIGMA["nba"])
    np.testing.assert_allclose(
        made.columns["prior_home"], [favourite, favourite, 0.5 / 1.25, 0.58], atol=1e-6
    )
    assert made.columns["prior_known"].tolist() == [1.0, 1.0, 1.0, 0.0]
    assert made.outcome.tolist() == [0, 0, 2, 2]
    assert made.game.tolist() == [0, 0, 1, 1]
    assert [made.source.names[code] for code in made.source.codes] == [
        "pbp", "pbp", "quarter", "states",
    ]  # fmt: skip
    assert made.day.tolist() == [17824, 17824, 18263, -1]


def test_the_ball_is_told_where_the_file_knows_it(nba_frame: pl.DataFrame) -> None:
    """A sign for the side that has it, 0 where nothing is known."""
    poss = pl.Series([1, -1, 0, None])
    made = table(nba_frame.with_columns(poss=poss), LEAGUES["nba"])
    assert made.columns["possession"].tolist() == [1.0, -1.0, 0.0, 0.0]
    without = table(nba_frame, LEAGUES["nba"])
    assert without.columns["possession"].tolist() == [0.0, 0.0, 0.0, 0.0]


def test_a_college_game_without_a_line_is_rated_by_the_days_before() -> None:
    """What earlier games say, as far as it is known; without a day it is the league's rate."""
    frame = pl.DataFrame(
        {
            "game_id": ["a", "b", "b", "c"],
            "date": ["2018-01-02", "2018-01-05", "2018-01-05", None],
            "home": ["x", "x", "x", "x"],
            "away": ["y", "y", "y", "y"],
            "period": [1, 1, 2, 1],
            "remaining_s": [2400, 2400, 600, 2400],
            "home_score": [0, 0, 50, 0],
            "away_score": [0, 0, 51, 0],
            "final_home": [80, 70, 70, 66],
            "final_away": [60, 71, 71, 65],
            "home_won": [1, 0, 0, 1],
            "home_spread": [-12.0, None, None, None],
        }
    )
    made = table(frame, LEAGUES["ncaamb"]).columns
    games = [Game(0, "x", "y", 12.0, 20.0), Game(3, "x", "y", nan, -1.0)]
    said = expected_by_earlier(games)
    line = NormalDist().cdf(12.0 / SIGMA["ncaamb"])
    np.testing.assert_allclose(
        made["prior_home"], [line, said.home[1], said.home[1], 0.70], atol=1e-9
    )
    known = max(1.0 - said.variance[1] / 0.7**2, 0.0)
    np.testing.assert_allclose(made["prior_known"], [1.0, known, known, 0.0], atol=1e-9)
    unnamed = table(frame.drop("away"), LEAGUES["ncaamb"]).columns
    np.testing.assert_allclose(unnamed["prior_home"], [line, 0.70, 0.70, 0.70], atol=1e-9)


def test_a_file_without_its_clock_is_refused(nba_frame: pl.DataFrame) -> None:
    """The error names the column."""
    with pytest.raises(ConfigError, match="no column 'remaining_s'"):
        table(nba_frame.drop("remaining_s"), LEAGUES["nba"])
