"""Hockey: two-way, overtime and shoot-out included.

In regulation the lead is the chain of goals of `models.families.hockey_chain`, whose rates are
those of the NHL: goals come faster in the second period than in the others, and in the last
minutes goalkeepers are pulled, which the feed does not show. The rates below are counts of goals
by lead and time (NHL 2018 to 2020, 2,388 games) smoothed by hand: a side that trails by a goal
scores four times as often in the last minute, and its opponent, shooting at an empty net,
fourteen times. One number of the prior is used: the ratio of the two sides' rates at which a
level score at the start is worth the prior.

Overtime of the regular season is five minutes of sudden death with three skaters a side, then a
shoot-out, which is a coin toss. Of play-off overtime, full periods until somebody scores, a clock
above five minutes tells, or one that runs after the first overtime.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec
import numpy as np

from models.families.hockey_chain import MAX_LEAD, STRENGTHS, Rates, Table, solve, time_index
from models.protocol import Floats

INPUTS = ("lead", "prior_home", "remaining_s", "overtime", "overtime_s")
VALID = "Games of three periods of 20 minutes in play, in the regular season and the play-offs."

PACE_AT_S = (0.0, 300.0, 600.0, 1200.0, 1800.0, 2400.0, 3000.0, 3600.0)
"""Seconds left at which `Coefficients.pace` stands."""

PULLED_AT_S = (0.0, 60.0, 120.0, 180.0, 240.0)
"""Seconds left at which the four rates with pulled goalkeepers stand; from 300 on it is `pace`."""

_FIXED = (0.0, 0.0)

BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "goals": _FIXED,
    "behind": (0.95, 1.1),
    "pace": _FIXED,
    "ahead_by_one": _FIXED,
    "behind_by_one": _FIXED,
    "ahead_by_two": _FIXED,
    "behind_by_two": _FIXED,
    "overtime_goals": _FIXED,
    "overtime_edge": _FIXED,
}
"""For a fit: one number is free that results of games can tell, the others are counts of goals."""

OVERTIME_MINUTES = 5.0
S_PER_MINUTE = 60.0


class Coefficients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rates in goals per hour of one average side; the defaults are those of the NHL.

    `pace` is the rate at PACE_AT_S and `goals` multiplies it. `behind` multiplies the rate of a
    side that trails before the last five minutes, whose opponent's is divided by it. The rates
    `ahead_by_one` to `behind_by_two` are those of a side with such a lead at PULLED_AT_S.
    `overtime_goals` are the goals of both sides per minute of overtime; of the logarithm of the
    ratio of rates, `overtime_edge` is left when there are three skaters a side.
    """

    goals: float = 1.0
    behind: float = 1.02
    pace: tuple[float, ...] = (2.15, 2.35, 2.5, 2.85, 3.1, 3.0, 2.75, 2.5)
    ahead_by_one: tuple[float, ...] = (40.0, 16.0, 5.0, 2.4, 2.1)
    behind_by_one: tuple[float, ...] = (10.0, 6.5, 3.7, 2.6, 2.4)
    ahead_by_two: tuple[float, ...] = (32.0, 23.0, 13.0, 8.0, 2.8)
    behind_by_two: tuple[float, ...] = (8.0, 6.8, 5.0, 3.5, 3.0)
    overtime_goals: float = 0.2247
    overtime_edge: float = 0.5


def probabilities(columns: Mapping[str, Floats], with_: Coefficients) -> Floats:
    """Return home, draw (always 0) and away of rows in play, shape (n, 3)."""
    table = _table(with_)
    strength = np.interp(columns["prior_home"], table.start, STRENGTHS)
    overtime = columns["overtime"] > 0.0
    home = _regulation(columns, strength, table.home)
    if overtime.any():
        home = np.where(overtime, _overtime(columns, strength, with_), home)
    return np.stack([home, home * 0.0, 1.0 - home], axis=1)


def _regulation(columns: Mapping[str, Floats], strength: Floats, table: Floats) -> Floats:
    """Return home's chance in regulation, between the nodes of the table by straight lines."""
    last_strength, last_time = table.shape[0] - 2, table.shape[1] - 2
    at = (strength - STRENGTHS[0]) / (STRENGTHS[1] - STRENGTHS[0])
    # A row without a prior is NaN by its weight; any row of the table will do for it.
    row = np.fmin(at, last_strength).astype(np.int64)
    time = np.minimum(time_index(columns["remaining_s"]), last_time + 1.0)
    step = np.minimum(time, last_time).astype(np.int64)
    lead = np.minimum(np.maximum(columns["lead"], -MAX_LEAD), MAX_LEAD).astype(np.int64) + MAX_LEAD
    across, along = at - row, time - step
    low, high = table[row, step, lead], table[row + 1, step, lead]
    low = low + (table[row, step + 1, lead] - low) * along
    high = high + (table[row + 1, step + 1, lead] - high) * along
    home: Floats = np.minimum(np.maximum(low + (high - low) * across, 0.0), 1.0)
    return home


def _overtime(columns: Mapping[str, Floats], strength: Floats, with_: Coefficients) -> Floats:
    """Return home's chance in overtime: a lead has won, else the next goal or a shoot-out."""
    left_s = columns["remaining_s"]
    endless = left_s > np.where(columns["overtime"] > 1.0, 0.0, columns["overtime_s"])
    minutes = np.where(endless, np.inf, left_s / S_PER_MINUTE)
    level = _sudden_death(minutes, strength, with_)
    won = 0.5 + 0.5 * np.sign(columns["lead"]) + strength * 0.0
    return np.where(columns["lead"] == 0.0, level, won)


def _sudden_death(minutes: Floats | float, strength: Floats, with_: Coefficients) -> Floats:
    """Return home's chance when the next goal wins, and a coin after so many minutes."""
    decided = 1.0 - np.exp(-with_.overtime_goals * minutes)
    edge: Floats = 0.5 + 0.5 * decided * np.tanh(0.5 * with_.overtime_edge * strength)
    return edge


@lru_cache(maxsize=8)
def _table(with_: Coefficients) -> Table:
    """Return the solved chain of some coefficients."""
    ahead = _by_lead(with_, 1.0 / with_.behind, with_.ahead_by_one, with_.ahead_by_two)
    behind = _by_lead(with_, with_.behind, with_.behind_by_one, with_.behind_by_two)
    at_s = np.array([*PULLED_AT_S, *PACE_AT_S[1:]])
    level = _sudden_death(OVERTIME_MINUTES, STRENGTHS, with_)
    return solve(Rates(at_s, ahead * with_.goals, behind * with_.goals), level)


def _by_lead(
    with_: Coefficients, factor: float, by_one: tuple[float, ...], by_two: tuple[float, ...]
) -> Floats:
    """Return the rates of one side at 0, 1, 2 and more goals, shape (4, times)."""
    late = np.interp(PULLED_AT_S, PACE_AT_S, with_.pace)
    early = np.array(with_.pace[1:])
    rows = [(late, early), *((np.array(by), early * factor) for by in (by_one, by_two))]
    rows.append((late, early * factor))
    return np.stack([np.concatenate(row) for row in rows])
