from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.training.priors_baseball import from_elo
from models.training.tables_baseball import table

ROWS = pl.DataFrame(
    {
        "source": ["halfinn", "pbp", "pbp"],
        "season": [2017, 2019, 2021],
        "game_id": ["a", "b", "c"],
        "inning": [1, 9, 10],
        "bottom": [1, 0, 1],
        "outs": [0, 2, 1],
        "bases": [0, 5, 2],
        "home_score": [0, 3, 4],
        "away_score": [1, 3, 4],
        "home_won": [0, 1, 1],
        "ml_home_prob": [None, 0.6, 0.6],
        "elo_home_prob": [0.52, 0.5, 0.5],
        "sched_innings": [9, 9, None],
    }
)


def test_rows_of_an_mlb_file() -> None:
    """Halves count from 0; the rows by half inning are fresh; the runner is of 2020 and later."""
    made = table(ROWS, LEAGUES["mlb"])
    names = ("half", "outs", "bases", "fresh", "runner_rule", "innings", "overtime", "prior_home")
    assert [made.columns[name].tolist() for name in names] == [
        [1.0, 16.0, 19.0],
        [0.0, 2.0, 1.0],
        [0.0, 5.0, 2.0],
        [1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0],
        [9.0, 9.0, 9.0],
        [0.0, 0.0, 1.0],
        [float(from_elo(np.array([0.52]))[0]), 0.6, 0.6],
    ]
    assert [made.phase.names[code] for code in made.phase.codes] == [
        "innings 1 to 3", "last inning", "extra innings",
    ]  # fmt: skip


def test_a_file_without_bases_is_refused() -> None:
    """The error names the column."""
    with pytest.raises(ConfigError, match="no column 'bases'"):
        table(ROWS.drop("bases"), LEAGUES["mlb"])
