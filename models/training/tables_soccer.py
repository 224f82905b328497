"""Soccer: the states of `soccer` (clubs) and `soccer_intl` (national teams) files.

What counts is the score after 90 minutes and added time, as in the markets.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.clock import STOPPAGE_S
from fusion.leagues import League
from models.protocol import Floats
from models.training.priors import three_way
from models.training.priors_soccer import from_elo
from models.training.state_table import (
    Codes,
    Labels,
    StateTable,
    assembled,
    numbers,
    phases,
    require,
)
from models.training.timed import clocked

NEEDED = ("season", "game_id", "minute", "home_score", "away_score")
RESULTS = ("result90", "result")
CLOSING = ("p_home_close", "p_draw_close", "p_away_close")
ELO = "elo_exp_home"

S_PER_MINUTE = 60.0
_LETTERS = {"H": 0, "D": 1, "A": 2}


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of soccer matches.

    Raises:
        ConfigError: a column is missing or holds something else than what it is for.
    """
    result = RESULTS[0] if RESULTS[0] in frame.columns else RESULTS[1]
    strength = (ELO,) if ELO in frame.columns else CLOSING
    require(frame, (*NEEDED, result, *strength), league.key)
    if ELO in frame.columns:
        sides = from_elo(numbers(frame, ELO))
    else:
        sides = (numbers(frame, CLOSING[0]), numbers(frame, CLOSING[1]), numbers(frame, CLOSING[2]))
    minute = numbers(frame, "minute")
    period = np.where(minute < league.period_s / S_PER_MINUTE, 1.0, 2.0)
    later = league.period_s + STOPPAGE_S[1]
    left_s = period * league.period_s - minute * S_PER_MINUTE
    left_s += np.where(period == 1.0, STOPPAGE_S[0] + later, STOPPAGE_S[1])
    columns = clocked(frame, three_way(sides, league), league, left_s, period)
    columns |= {
        "home_reds": np.nan_to_num(numbers(frame, "home_reds")),
        "away_reds": np.nan_to_num(numbers(frame, "away_reds")),
    }
    return assembled(frame, columns, _outcome(frame, result), _phases(minute))


def _outcome(frame: pl.DataFrame, name: str) -> Codes:
    codes = frame[name].cast(pl.String).replace_strict(_LETTERS, return_dtype=pl.Int64)
    return np.array(codes.to_numpy(), dtype=np.int64)


def _phases(minute: Floats) -> Labels:
    chosen = [
        ("to 30 minutes", minute < 30.0),
        ("30 to 60", minute < 60.0),
        ("60 to 75", minute < 75.0),
        ("75 to 85", minute < 85.0),
        ("last 5 minutes", minute >= 85.0),
    ]
    return phases(chosen, minute.size)
