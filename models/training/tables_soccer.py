"""Soccer: the states of `soccer` (clubs) and `soccer_intl` (national teams) files.

What counts is the score after 90 minutes and added time, as in the markets.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    Mask,
    StateTable,
    assembled,
    numbers,
    phases,
    require,
)
from models.training.timed import clocked

NEEDED = ("game_id", "minute", "home_score", "away_score")
RESULTS = ("result90", "result")
"""The first that the file has: after extra time `result` is not that of the 90 minutes."""

CLOSING = ("p_home_close", "p_draw_close", "p_away_close")
ELO = "elo_exp_home"

S_PER_MINUTE = 60.0
UNKNOWN = -1
_LETTERS = {"H": 0, "D": 1, "A": 2}


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of soccer matches.

    Raises:
        ConfigError: a column is missing or holds something else than what it is for.
    """
    result = next((name for name in RESULTS if _says(frame, name)), RESULTS[1])
    require(frame, (*NEEDED, result), league.key)
    minute = numbers(frame, "minute")
    period = np.where(minute < league.period_s / S_PER_MINUTE, 1.0, 2.0)
    later = league.period_s + STOPPAGE_S[1]
    left_s = period * league.period_s - minute * S_PER_MINUTE
    left_s += np.where(period == 1.0, STOPPAGE_S[0] + later, STOPPAGE_S[1])
    columns = clocked(frame, three_way(_sides(frame), league), league, left_s, period)
    columns |= {
        "home_reds": np.nan_to_num(numbers(frame, "home_reds")),
        "away_reds": np.nan_to_num(numbers(frame, "away_reds")),
    }
    return assembled(frame, columns, _outcome(frame, result), minute_phases(minute))


def _says(frame: pl.DataFrame, name: str) -> bool:
    """Tell whether a column is there and says anything of these rows."""
    return name in frame.columns and frame[name].null_count() < frame.height


def _sides(frame: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return closing prices, where one of the three is missing what the ratings say."""
    home, draw, away = (numbers(frame, name) for name in CLOSING)
    missing = np.isnan(home + draw + away)
    rated = from_elo(numbers(frame, ELO))
    return (
        np.where(missing, rated[0], home),
        np.where(missing, rated[1], draw),
        np.where(missing, rated[2], away),
    )


def _outcome(frame: pl.DataFrame, name: str) -> Codes:
    letters = frame[name].cast(pl.String).str.to_uppercase()
    codes = letters.replace_strict(_LETTERS, default=UNKNOWN, return_dtype=pl.Int64)
    return np.array(codes.fill_null(UNKNOWN).to_numpy(), dtype=np.int64)


def minute_phases(minute: Floats, first: Sequence[tuple[str, Mask]] = ()) -> Labels:
    """Return the part of the match of each row; `first` are parts that come before all others."""
    chosen = [
        *first,
        ("to 30 minutes", minute < 30.0),
        ("30 to 60", minute < 60.0),
        ("60 to 75", minute < 75.0),
        ("75 to 85", minute < 85.0),
        ("last 5 minutes", minute >= 85.0),
    ]
    return phases(chosen, minute.size)
