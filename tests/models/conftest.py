"""Game states, and small tables of past ones, for the tests of the models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest

from fusion.game import GameState, Team
from models.training.state_table import Labels, StateTable

StateOf = Callable[..., GameState]

_PLAYING = GameState(
    game_id="x:1",
    league="nba",
    start_ns=0,
    home=Team("1", "HOM", "Home"),
    away=Team("2", "AWY", "Away"),
    phase="in",
    status="in_progress",
    completed=False,
    home_score=0,
    away_score=0,
    period=1,
    clock_s=None,
)


@pytest.fixture(scope="session")
def state_of() -> StateOf:
    """Return a maker of states: `state_of("nba", period=2, clock_s=30.0)` is in play."""

    def make(league: str, **fields: Any) -> GameState:
        return msgspec.structs.replace(_PLAYING, league=league, **fields)

    return make


@pytest.fixture(scope="session")
def nba_frame() -> pl.DataFrame:
    """Return four rows of two games as an NBA file has them."""
    return pl.DataFrame(
        {
            "season": [2019, 2019, 2020, 2020],
            "game_id": ["a", "a", "b", "b"],
            "date": ["2018-10-20", "2018-10-20", "2020-01-02", None],
            "source": ["pbp", "pbp", "quarter", None],
            "period": [1, 4, 4, 5],
            "remaining_s": [2880, 250, 0, 300],
            "home_score": [0, 101, None, 110],
            "away_score": [0, 99, None, 112],
            "margin": [0, 2, -3, -2],
            "home_won": [1, 1, 0, 0],
            "home_spread": [-12.2, -12.2, None, None],
            "home_ml": [None, None, 100.0, None],
            "away_ml": [None, None, -300.0, None],
        }
    ).with_columns(pl.col("date").str.to_date())


@pytest.fixture(scope="session")
def walks() -> StateTable:
    """Return 600 games of ten states, a random walk whose chances are known.

    Every step moves the lead by a standard normal number; the prior is even, home wins a game
    that ends above 0. The seasons are 2001 to 2003.
    """
    dice = np.random.default_rng(5)
    games, steps = 600, 10
    moves = dice.standard_normal((games, steps))
    before = np.cumsum(moves, axis=1) - moves
    won = moves.sum(axis=1) > 0.0
    rows = games * steps
    left = np.tile(np.arange(steps, 0.0, -1.0), games)
    game = np.repeat(np.arange(games), steps)
    ones = np.ones(rows)
    columns = {
        "lead": before.ravel(),
        "remaining_s": left,
        "regulation_s": ones * steps,
        "overtime": ones * 0.0,
        "prior_home": ones * 0.5,
        "prior_draw": ones * 0.0,
        "prior_away": ones * 0.5,
    }
    return StateTable(
        columns=columns,
        outcome=np.where(won[game], 0, 2),
        game=game,
        season=2001 + game % 3,
        phase=Labels(np.where(left > 5.0, 0, 1), ("early", "last 5 minutes")),
        source=Labels(np.zeros(rows, dtype=np.int64), ("walks",)),
        published=np.full(rows, np.nan),
        day=10_000 + game,
    )
