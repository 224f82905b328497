from __future__ import annotations

from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.training.tables_football import SIGMA, table

PLAYS = pl.DataFrame(
    {
        "season": [2019, 2019],
        "game_id": ["a", "a"],
        "period": [2, 2],
        "remaining_s": [1900, 1860],
        "home_score": [7, 7],
        "away_score": [3, 3],
        "poss": [-1, 0],
        "down": [3, 0],
        "ydstogo": [8, None],
        "yardline_100": [40, None],
        "home_timeouts": [-1, None],
        "away_timeouts": [2, 2],
        "home_won": [1, 1],
        "ml_home_prob": [0.7, 0.7],
        "pub_home_wp": [0.75, None],
    }
)

NAMES = {"ydstogo": "distance", "yardline_100": "yards_to_endzone"}
"""What files of colleges call columns of the NFL."""


def test_plays_of_both_files_are_alike() -> None:
    """The two files name yards and distance differently; what is unknown is NaN."""
    nfl = table(PLAYS, LEAGUES["nfl"])
    cfb = table(PLAYS.rename(NAMES), LEAGUES["cfb"])
    for name in ("possession", "down", "distance", "yards_to_goal", "home_timeouts"):
        np.testing.assert_array_equal(nfl.columns[name], cfb.columns[name])
    np.testing.assert_array_equal(nfl.columns["yards_to_goal"], [40.0, np.nan])
    np.testing.assert_array_equal(nfl.columns["home_timeouts"], [0.0, np.nan])
    np.testing.assert_array_equal(nfl.columns["half_left_s"], [100.0, 60.0])
    np.testing.assert_array_equal(nfl.published, np.array([0.75, np.nan], dtype=np.float32))


def test_the_opening_play_tells_who_receives_after_half_time() -> None:
    """The side without the ball on the first play, in every row of the game; else nobody."""
    games = pl.concat([PLAYS.with_columns(game_id=pl.lit(name)) for name in ("a", "b", "c")])
    games = games.with_columns(
        period=pl.Series([1, 4, 1, 2, 2, 2]),
        remaining_s=pl.Series([3590, 60, 3600, 3500, 2000, 1990]),
        poss=pl.Series([1, -1, 0, -1, 1, 1]),
    )
    made = table(games.sample(fraction=1.0, shuffle=True, seed=3), LEAGUES["nfl"])
    found = dict(zip(made.game.tolist(), made.columns["second_half_ball"].tolist(), strict=True))
    assert found == {0: -1.0, 1: 1.0, 2: 0.0}
    assert table(games.head(2), LEAGUES["nfl"]).columns["second_half_ball"].tolist() == [-1.0, -1.0]


def test_a_file_of_both_leagues_has_both_names() -> None:
    """Put together, each row has one of the two columns of yards and of distance."""
    both = pl.concat([PLAYS, PLAYS.rename(NAMES)], how="diagonal")
    made = table(both, LEAGUES["cfb"])
    np.testing.assert_array_equal(made.columns["yards_to_goal"], [40.0, np.nan] * 2)
    np.testing.assert_array_equal(made.columns["distance"], [8.0, np.nan] * 2)


def test_each_league_trusts_the_line_that_says_more() -> None:
    """The moneyline in the NFL, the spread among colleges; then the other, then ratings."""
    lines = PLAYS.with_columns(
        home_spread=pl.Series([-12.0, None]), ml_home_prob=pl.Series([0.7, None]),
        elo_home_prob=pl.lit(0.55),
    )  # fmt: skip
    spread = NormalDist().cdf(12.0 / SIGMA["cfb"])
    nfl = table(lines, LEAGUES["nfl"]).columns["prior_home"]
    cfb = table(lines.rename(NAMES), LEAGUES["cfb"]).columns["prior_home"]
    np.testing.assert_allclose([nfl, cfb], [[0.7, 0.55], [spread, 0.55]])


def test_a_file_without_the_ball_is_refused() -> None:
    """The error names the columns."""
    with pytest.raises(ConfigError, match="no column 'poss', 'yardline_100'"):
        table(PLAYS.drop("poss", "yardline_100"), LEAGUES["nfl"])
