from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.prior import league_prior
from models.training.priors_soccer import from_elo
from models.training.tables_soccer import table

ROWS = pl.DataFrame(
    {
        "season": [2020] * 3,
        "game_id": ["a"] * 3,
        "minute": [0, 45, 88],
        "home_score": [0, 1, 1],
        "away_score": [0, 0, 1],
        "home_reds": [0, 0, 1],
        "away_reds": [0, 0, 0],
        "result": ["D", "D", "D"],
        "p_home_close": [0.5, 0.5, None],
        "p_draw_close": [0.3, 0.3, None],
        "p_away_close": [0.2, 0.2, None],
    }
)


def test_rows_of_a_soccer_file() -> None:
    """Added time counts: 97 minutes at the start, 50 after half-time, 7 in the 88th."""
    made = table(ROWS, LEAGUES["eng.1"])
    assert made.columns["remaining_s"].tolist() == [5820.0, 3000.0, 420.0]
    assert made.columns["period"].tolist() == [1.0, 2.0, 2.0]
    assert made.columns["home_reds"].tolist() == [0.0, 0.0, 1.0]
    assert made.columns["prior_known"].tolist() == [1.0, 1.0, 0.0]
    assert made.outcome.tolist() == [1, 1, 1]


def test_national_teams_have_ratings_and_the_result_of_90_minutes() -> None:
    """Extra time does not count, and the three chances come from Elo."""
    frame = ROWS.drop("p_home_close", "p_draw_close", "p_away_close", "home_reds").with_columns(
        result=pl.lit("H"), result90=pl.lit("D"), elo_exp_home=pl.lit(0.6)
    )
    made = table(frame, LEAGUES["fifa.world"])
    home, draw, away = from_elo(np.array([0.6]))
    assert made.outcome.tolist() == [1, 1, 1]
    np.testing.assert_allclose(made.columns["prior_home"], np.repeat(home, 3))
    np.testing.assert_allclose(made.columns["prior_draw"], np.repeat(draw, 3))
    np.testing.assert_allclose(made.columns["prior_away"], np.repeat(away, 3))


def test_clubs_beside_national_teams_keep_their_results() -> None:
    """In a file put together of both the column of the 90 minutes says nothing of the clubs."""
    frame = ROWS.with_columns(result90=pl.lit(None, dtype=pl.String), elo_exp_home=pl.lit(0.6))
    made = table(frame, LEAGUES["eng.1"])
    assert made.outcome.tolist() == [1, 1, 1]
    np.testing.assert_allclose(made.columns["prior_home"][:2], 0.5)


def test_a_result_that_is_none_is_not_known() -> None:
    """Letters count in either case; anything else is no result."""
    frame = ROWS.with_columns(result=pl.Series(["h", "abandoned", None]))
    assert table(frame, LEAGUES["eng.1"]).outcome.tolist() == [0, -1, -1]


def test_a_file_without_odds_has_the_rates_of_the_league() -> None:
    """Nobody knew the strengths, and the table says so."""
    made = table(ROWS.drop("p_draw_close"), LEAGUES["eng.1"])
    rates = league_prior(LEAGUES["eng.1"])
    np.testing.assert_allclose(made.columns["prior_home"], rates.home)
    assert made.columns["prior_known"].tolist() == [0.0] * 3


def test_a_file_without_minutes_is_refused() -> None:
    """The error names the column."""
    with pytest.raises(ConfigError, match="no column 'minute'"):
        table(ROWS.drop("minute"), LEAGUES["eng.1"])
