"""Columns and phases that all sports with a clock share."""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.clock import nominal_s, overtime_s
from fusion.leagues import League
from models.inputs import LAST_SECOND_S
from models.protocol import Floats
from models.training.priors import PriorColumns
from models.training.state_table import Codes, Labels, Mask, numbers, phases

LAST_MINUTES_S = 300.0
LAST_MINUTES = "last 5 minutes"
OVERTIME = "overtime"

_PARTS = {2: "half", 3: "period", 4: "quarter"}
_ORDINALS = ("1st", "2nd", "3rd", "4th")


def score_names(frame: pl.DataFrame) -> tuple[str, ...]:
    """Return which columns of the score a file needs: both scores, or else the margin."""
    return ("margin",) if "margin" in frame.columns else ("home_score", "away_score")


def scores(frame: pl.DataFrame, prior: PriorColumns) -> dict[str, Floats]:
    """Return the columns that every sport has, but for those of the clock."""
    home, away = numbers(frame, "home_score"), numbers(frame, "away_score")
    lead = home - away
    if "margin" in frame.columns:
        lead = np.where(np.isnan(lead), numbers(frame, "margin"), lead)
    return {
        "lead": lead,
        "home_score": home,
        "away_score": away,
        **prior.named(),
        "overtime": np.zeros(frame.height),
        "in_break": np.zeros(frame.height),
        "neutral": np.nan_to_num(numbers(frame, "neutral")),
    }


def clocked(
    frame: pl.DataFrame, prior: PriorColumns, league: League, left_s: Floats, period: Floats
) -> dict[str, Floats]:
    """Return the columns of a sport with a clock; `left_s` is of regulation or overtime."""
    return {
        **scores(frame, prior),
        "overtime": np.maximum(period - league.periods, 0.0),
        "remaining_s": np.maximum(left_s, LAST_SECOND_S),
        "period": np.maximum(period, 1.0),
        "regulation_s": np.full(frame.height, nominal_s(league)),
        "overtime_s": np.full(frame.height, overtime_s(league)),
    }


def timed_phases(columns: dict[str, Floats], league: League) -> Labels:
    """Return the period of each row, its last five minutes apart, and overtime."""
    overtime: Mask = columns["overtime"] > 0.0
    late: Mask = columns["remaining_s"] <= LAST_MINUTES_S
    part = _PARTS.get(league.periods, "period")
    names = [f"{_ORDINALS[number]} {part}" for number in range(league.periods)]
    chosen = [(OVERTIME, overtime), (LAST_MINUTES, late)]
    chosen += [
        (name, columns["period"] == number) for number, name in enumerate(names[:-1], start=1)
    ]
    return phases(
        [*chosen, (f"{names[-1]} before", np.zeros(late.size, dtype=np.bool_))], late.size
    )


def two_way_outcome(won: Floats) -> Codes:
    """Return 0 where home won, 2 where away did, and -1 of what is neither: a tie, or unknown."""
    return np.select([won == 1.0, won == 0.0], [0, 2], -1).astype(np.int64)
