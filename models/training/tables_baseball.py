"""Baseball: the states of `mlb` files, by half inning or before each plate appearance."""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.leagues import League
from models.inputs import RUNNER_RULE_FROM
from models.protocol import Floats
from models.training.priors import two_way
from models.training.priors_baseball import from_elo
from models.training.state_table import Labels, StateTable, assembled, numbers, phases, require
from models.training.timed import scores, two_way_outcome

NEEDED = (
    "game_id",
    "inning",
    "bottom",
    "outs",
    "bases",
    "home_score",
    "away_score",
    "home_won",
)
HALF_INNINGS = "halfinn"
"""The source whose rows are before a half inning that has not begun."""


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of baseball games.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    require(frame, NEEDED, league.key)
    candidates = (numbers(frame, "ml_home_prob"), from_elo(numbers(frame, "elo_home_prob")))
    prior = two_way(candidates, numbers(frame, "neutral"), league)
    inning, outs = numbers(frame, "inning"), np.nan_to_num(numbers(frame, "outs"))
    bases = np.nan_to_num(numbers(frame, "bases"))
    scheduled = numbers(frame, "sched_innings")
    innings = np.where(np.isnan(scheduled), league.periods, scheduled)
    play_offs = np.nan_to_num(numbers(frame, "playoff")) > 0.0
    runner = (numbers(frame, "season") >= RUNNER_RULE_FROM) & ~play_offs
    by_half = np.zeros(frame.height, dtype=np.bool_)
    if "source" in frame.columns:
        sources = frame["source"].cast(pl.String)
        by_half = np.array((sources == HALF_INNINGS).fill_null(value=False).to_numpy())
    columns = scores(frame, prior) | {
        "overtime": np.maximum(inning - innings, 0.0),
        "half": 2.0 * (np.maximum(inning, 1.0) - 1.0) + numbers(frame, "bottom"),
        "outs": outs,
        "bases": bases,
        "fresh": np.where(by_half, 1.0, 0.0),
        "runner_rule": np.where(runner, 1.0, 0.0),
        "innings": innings,
    }
    phase = inning_phases(inning, innings)
    return assembled(frame, columns, two_way_outcome(numbers(frame, "home_won")), phase)


def inning_phases(inning: Floats, innings: Floats) -> Labels:
    """Return the part of the game of each row; `innings` are those of regulation."""
    chosen = [
        ("innings 1 to 3", inning <= 3.0),
        ("4 to 6", inning <= 6.0),
        ("7 and 8", (inning <= 8.0) & (inning < innings)),
        ("last inning", inning <= innings),
        ("extra innings", inning > innings),
    ]
    return phases(chosen, inning.size)
