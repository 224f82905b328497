"""Football: the states of `nfl` and `cfb` files, which name the same things differently."""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.leagues import League
from models.inputs import half_left
from models.training.priors import from_spread, two_way
from models.training.state_table import StateTable, assembled, numbers, require
from models.training.timed import clocked, timed_phases, two_way_outcome

NEEDED = (
    "season",
    "game_id",
    "period",
    "remaining_s",
    "home_score",
    "away_score",
    "poss",
    "down",
    "home_timeouts",
    "away_timeouts",
    "home_won",
)
YARDS = ("yardline_100", "yards_to_endzone")
DISTANCE = ("ydstogo", "distance")

SIGMA = {"nfl": 13.5, "cfb": 16.0}
"""Standard deviation of the final margin about the spread, points."""


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of football games.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    yards_name, distance_name = (
        next((name for name in names if name in frame.columns), names[0])
        for names in (YARDS, DISTANCE)
    )
    require(frame, (*NEEDED, yards_name, distance_name), league.key)
    candidates = (
        numbers(frame, "ml_home_prob"),
        from_spread(numbers(frame, "home_spread"), SIGMA.get(league.key, SIGMA["cfb"])),
        numbers(frame, "elo_home_prob"),
    )
    prior = two_way(candidates, numbers(frame, "neutral"), league)
    left_s, period = numbers(frame, "remaining_s"), numbers(frame, "period")
    columns = clocked(frame, prior, league, left_s, period)
    possession = np.nan_to_num(numbers(frame, "poss"))
    yards = np.where(possession == 0.0, np.nan, numbers(frame, yards_name))
    down = np.where(np.isnan(yards), 0.0, np.nan_to_num(numbers(frame, "down")))
    columns |= {
        "possession": possession,
        "down": down,
        "distance": np.where(down > 0.0, numbers(frame, distance_name), np.nan),
        "yards_to_goal": yards,
        "home_timeouts": np.clip(numbers(frame, "home_timeouts"), 0.0, 3.0),
        "away_timeouts": np.clip(numbers(frame, "away_timeouts"), 0.0, 3.0),
        "half_left_s": half_left(columns["remaining_s"], columns["period"], league),
    }
    phase = timed_phases(columns, league)
    return assembled(frame, columns, two_way_outcome(numbers(frame, "home_won")), phase)
