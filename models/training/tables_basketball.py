"""Basketball: the states of `nba`, `wnba` and `ncaam` files."""

from __future__ import annotations

import polars as pl

from fusion.leagues import League
from models.training.priors import two_way
from models.training.priors_basketball import candidates
from models.training.state_table import StateTable, assembled, numbers, require
from models.training.timed import clocked, score_names, timed_phases, two_way_outcome

NEEDED = ("game_id", "period", "remaining_s", "home_won")


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of basketball games.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    require(frame, (*NEEDED, *score_names(frame)), league.key)
    prior = two_way(candidates(frame, league), numbers(frame, "neutral"), league)
    left_s, period = numbers(frame, "remaining_s"), numbers(frame, "period")
    columns = clocked(frame, prior, league, left_s, period)
    phase = timed_phases(columns, league)
    return assembled(frame, columns, two_way_outcome(numbers(frame, "home_won")), phase)
