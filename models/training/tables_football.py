"""Football: the states of `nfl` and `cfb` files, which name the same things differently."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from fusion.leagues import League
from models.inputs import half_left
from models.protocol import Floats
from models.training.priors import from_spread, two_way
from models.training.state_table import StateTable, assembled, numbers, require
from models.training.timed import clocked, timed_phases, two_way_outcome

NEEDED = (
    "game_id",
    "period",
    "remaining_s",
    "home_score",
    "away_score",
    "poss",
    "down",
    "home_won",
)
YARDS = ("yardline_100", "yards_to_endzone")
DISTANCE = ("ydstogo", "distance")

SIGMA = {"nfl": 12.0, "cfb": 14.0}
"""Points of spread that make one standard deviation, fitted to who won. They are below the
deviation of the margin about the line (13.5 and 16), because lopsided games have long tails."""

FIRST_PLAY_S = 300.0
"""A first play later than that is not the first of the game: rows are missing before it."""

SPREAD_FIRST = frozenset({"cfb"})
"""Leagues whose spreads say more than their moneylines, which lopsided games often do not have."""


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of football games.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    require(frame, (*NEEDED, _named(frame, YARDS), _named(frame, DISTANCE)), league.key)
    prior = two_way(_candidates(frame, league), numbers(frame, "neutral"), league)
    left_s, period = numbers(frame, "remaining_s"), numbers(frame, "period")
    columns = clocked(frame, prior, league, left_s, period)
    possession = np.sign(np.nan_to_num(numbers(frame, "poss")))
    yards = np.where(possession == 0.0, np.nan, _either(frame, YARDS))
    down = np.where(np.isnan(yards), 0.0, np.nan_to_num(numbers(frame, "down")))
    columns |= {
        "possession": possession,
        "down": down,
        "distance": np.where(down > 0.0, _either(frame, DISTANCE), np.nan),
        "yards_to_goal": yards,
        "home_timeouts": np.clip(numbers(frame, "home_timeouts"), 0.0, 3.0),
        "away_timeouts": np.clip(numbers(frame, "away_timeouts"), 0.0, 3.0),
        "half_left_s": half_left(columns["remaining_s"], columns["period"], league),
    }
    columns["second_half_ball"] = _second_half_ball(frame["game_id"], columns)
    phase = timed_phases(columns, league)
    return assembled(frame, columns, two_way_outcome(numbers(frame, "home_won")), phase)


def _second_half_ball(game: pl.Series, columns: Mapping[str, Floats]) -> Floats:
    """Return the side that receives after half-time, 0 where the file does not tell.

    It is the one that kicked off to begin the game: the other one has the ball on the first play,
    which is known from then on.
    """
    played_s = columns["regulation_s"] - columns["remaining_s"]
    first = (columns["overtime"] <= 0.0) & (played_s <= FIRST_PLAY_S)
    rows = pl.DataFrame({"game": game, "played_s": played_s, "ball": columns["possession"]})
    begun = rows.filter(first & (columns["possession"] != 0.0)).sort(
        "played_s", maintain_order=True
    )
    begun = begun.unique("game", keep="first", maintain_order=True)
    found = rows.select("game").join(
        begun.select("game", second=-pl.col("ball")), on="game", how="left", maintain_order="left"
    )
    return np.array(found["second"].fill_null(0.0).to_numpy())


def _named(frame: pl.DataFrame, names: tuple[str, str]) -> str:
    return next((name for name in names if name in frame.columns), names[0])


def _either(frame: pl.DataFrame, names: tuple[str, str]) -> Floats:
    """Return what either column says; a file put together of both leagues has the two of them."""
    first, second = (numbers(frame, name) for name in names)
    return np.where(np.isnan(first), second, first)


def _candidates(frame: pl.DataFrame, league: League) -> tuple[Floats, ...]:
    """Return the probabilities of home by each kind of source, the one to trust most first."""
    moneyline = numbers(frame, "ml_home_prob")
    spread = from_spread(numbers(frame, "home_spread"), SIGMA.get(league.key, SIGMA["cfb"]))
    lines = (spread, moneyline) if league.key in SPREAD_FIRST else (moneyline, spread)
    return (*lines, numbers(frame, "elo_home_prob"))
