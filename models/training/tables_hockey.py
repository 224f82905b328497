"""Hockey: the states of `nhl` files. Skaters and empty nets are left out: the feed has none."""

from __future__ import annotations

import polars as pl

from fusion.leagues import League
from models.training.priors import two_way
from models.training.priors_hockey import from_elo
from models.training.state_table import StateTable, assembled, numbers, require
from models.training.timed import clocked, timed_phases, two_way_outcome

NEEDED = (
    "game_id",
    "period",
    "remaining_s",
    "home_score",
    "away_score",
    "home_won",
)


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of hockey games.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    require(frame, NEEDED, league.key)
    candidates = (numbers(frame, "ml_home_prob"), from_elo(numbers(frame, "elo_home_prob")))
    prior = two_way(candidates, numbers(frame, "neutral"), league)
    left_s, period = numbers(frame, "remaining_s"), numbers(frame, "period")
    columns = clocked(frame, prior, league, left_s, period)
    phase = timed_phases(columns, league)
    return assembled(frame, columns, two_way_outcome(numbers(frame, "home_won")), phase)
