from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.prior import league_prior
from models.training.priors_hockey import from_elo
from models.training.tables_hockey import table

ROWS = pl.DataFrame(
    {
        "season": [2019, 2019],
        "game_id": ["a", "b"],
        "period": [3, 4],
        "remaining_s": [60, 120],
        "home_score": [2, 3],
        "away_score": [3, 3],
        "elo_home_prob": [0.55, 0.5],
        "home_won": [0, 1],
        "home_skaters": [6, 3],
    }
)


def test_rows_of_an_nhl_file() -> None:
    """Elo is the prior, overtime its own clock, and skaters are left out."""
    made = table(ROWS, LEAGUES["nhl"])
    assert made.columns["prior_home"].tolist() == from_elo(np.array([0.55, 0.5])).tolist()
    assert made.columns["overtime"].tolist() == [0.0, 1.0]
    assert made.columns["remaining_s"].tolist() == [60.0, 120.0]
    assert "home_skaters" not in made.columns
    assert made.outcome.tolist() == [2, 0]


def test_a_file_without_ratings_has_the_rate_of_the_league() -> None:
    """Nobody knew the strengths, and the table says so."""
    made = table(ROWS.drop("elo_home_prob"), LEAGUES["nhl"])
    assert made.columns["prior_home"].tolist() == [league_prior(LEAGUES["nhl"]).home] * 2
    assert made.columns["prior_known"].tolist() == [0.0, 0.0]


def test_a_file_without_its_clock_is_refused() -> None:
    """The error names the column."""
    with pytest.raises(ConfigError, match="no column 'remaining_s'"):
        table(ROWS.drop("remaining_s"), LEAGUES["nhl"])
