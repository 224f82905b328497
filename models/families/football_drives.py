"""How the drive in progress ends: what each end adds to the lead, and the time left after it.

How drives end by down and yards to go is `TOUCHDOWNS` and `FIELD_GOALS`: the scrimmage plays of
2009-2014 with more than five minutes left in the half. Fewer touchdowns come with a longer
distance to the line to gain, and with less time: half of them when the drive has 0.9 seconds a
yard, and field goals take the place of some. What follows a drive is the other side's ball, worth
`kickoff` points after a kickoff and more the nearer to its own goal a side gave it up; that worth
is gone when the half is.

What depends on down, yards and distance alone is in one table, made when the module is loaded: a
single row of a live game costs what its calls of numpy cost, and each that is spared is seen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from models.protocol import Columns, Floats

YARDS = (1, 4, 8, 14, 20, 26, 32, 36, 40, 46, 55, 65, 75, 85, 95)
TOUCHDOWNS = (
    (0.84, 0.76, 0.63, 0.56, 0.50, 0.45, 0.41, 0.39, 0.36, 0.33, 0.28, 0.24, 0.20, 0.17, 0.15),
    (0.76, 0.65, 0.54, 0.47, 0.42, 0.39, 0.36, 0.33, 0.31, 0.28, 0.24, 0.20, 0.17, 0.14, 0.11),
    (0.59, 0.44, 0.37, 0.34, 0.30, 0.28, 0.26, 0.24, 0.23, 0.20, 0.17, 0.14, 0.11, 0.09, 0.07),
    (0.21, 0.09, 0.07, 0.06, 0.06, 0.06, 0.07, 0.07, 0.06, 0.03, 0.02, 0.01, 0.01, 0.01, 0.01),
)
"""Share of drives that end in a touchdown, by down and by `YARDS` to the goal."""

FIELD_GOALS = (
    (0.10, 0.16, 0.28, 0.33, 0.36, 0.36, 0.33, 0.31, 0.28, 0.23, 0.18, 0.15, 0.12, 0.10, 0.09),
    (0.16, 0.26, 0.36, 0.40, 0.42, 0.41, 0.35, 0.31, 0.26, 0.20, 0.16, 0.13, 0.10, 0.08, 0.06),
    (0.29, 0.45, 0.52, 0.53, 0.53, 0.48, 0.39, 0.31, 0.22, 0.15, 0.11, 0.09, 0.07, 0.06, 0.03),
    (0.55, 0.79, 0.84, 0.82, 0.74, 0.66, 0.48, 0.26, 0.07, 0.01, 0.01, 0.01, 0.01, 0.00, 0.00),
)
"""Share of drives that end in a field goal."""

KICK_REACH = 33.0
KICK_SPREAD = 9.0
MOST_KICKS = 0.97
"""Yards to go from which a kick at once is good half of the time, how that falls off, and how
often it is good from near by: the last five seconds of halves 2009-2015, where there is nothing
but the kick to wait for."""

DRIVE_REACH = 44.0
DRIVE_SPREAD = 50.0
"""The same of a first down with time to get nearer, for sides that need no more than three points
in the last five minutes."""

USUAL = (10.0, 6.6, 5.3, 5.0)
LONGER = 0.35
"""The usual distance by down, and the power of it by which the odds of a touchdown fall where it
is longer; logistic regressions gave 0.25 to 0.4 by down, and 0.4 to 0.9 in college."""

FIELD = 100
MOST_DISTANCE = 40
OWN_25 = 75
"""Where a drive begins of which the feed does not say where it is."""

UNPLACED = 0
"""The yards by which the table knows such a drive; others have 1 to 99."""

HURRY_S = 0.9
KICK_S = 1.0
"""Half of the touchdowns come with so many seconds left for each yard, half of what a field goal
gains by time in half of them; a kick at once takes no longer than the least that a clock shows."""

LATE_KICK = 0.4
GAMBLE = 0.4
"""Touchdowns that time denies become kicks, kicks passed up become touchdowns, so often."""

BALL = 1.4
BALL_FADE_S = 40.0
"""The other side's ball: points over the length of the field, and how it fades."""

DOWN_S = 40.0
SNAP_S = 5.0
TIMEOUTS = 3.0


class Drive(NamedTuple):
    """What the drive in progress may bring, for the side that has the ball.

    The chances of a touchdown and of a field goal as it comes, and of a field goal when nothing
    else is tried, shape (n,). Shape (5, n): the lead after a touchdown, a field goal, neither, a
    kneel, and where there is no drive. Shape (3, n): the seconds left after the first three of
    them, after a kneel, and where there is no drive; `TIME_OF` says which is whose.
    """

    touchdown: Floats
    field_goal: Floats
    kick_only: Floats
    leads: Floats
    times: Floats


TIME_OF = np.array([0, 0, 0, 1, 2])
"""The row of `Drive.times` for each row of `Drive.leads`."""


def drive(columns: Columns, lead: Floats, kickoff: float) -> Drive:
    """Return the ends of the drive in progress.

    Args:
        columns: Those that football reads.
        lead: Points by which the side with the ball leads, shape (n,).
        kickoff: Points that it is worth to receive a kickoff.
    """
    left = np.maximum(columns["remaining_s"], 0.0)
    half_s = np.minimum(np.maximum(columns["half_left_s"], 0.0), left)
    here = _from_here(columns)
    scored, kick, reach, at_once, minus_drive_s, ball, downs, early, kneel_ball = here[4:]
    squared = half_s * half_s
    touchdown, with_time = here[:2] * (squared / (squared + here[2:4]))
    kick_only = at_once * np.minimum(half_s, KICK_S) + with_time
    field_goal = np.minimum(kick + reach * (scored - touchdown), kick_only)
    taken_s = minus_drive_s * np.expm1(half_s / minus_drive_s)
    after_s = left - taken_s
    lost = np.expm1((taken_s - half_s) / BALL_FADE_S)
    theirs = np.where(
        columns["possession"] < 0.0, columns["home_timeouts"], columns["away_timeouts"]
    )
    # `fmin` passes a NaN by: unknown timeouts are all of them.
    theirs = np.maximum(np.fmin(theirs, TIMEOUTS), 0.0)
    knelt_s = np.maximum(downs - theirs, 0.0) * DOWN_S + SNAP_S * downs
    knelt_s = np.maximum(left - knelt_s, 0.0)
    # Kneeling decides a game, not a first half, and gives the ball up with what time is left.
    given_up = kneel_ball * np.expm1(knelt_s / -BALL_FADE_S)
    knelt = lead + np.where(half_s < left, early, given_up)
    kicked = lead + kickoff * lost
    leads = np.array((kicked + 7.0, kicked + 3.0, lead + ball * lost, knelt, lead))
    return Drive(touchdown, field_goal, kick_only, leads, np.array((after_s, knelt_s, left)))


def _from_here(columns: Columns) -> Floats:
    """Return the columns of the table, shape (13, n), for the drives of n rows."""
    at = np.array((columns["down"], columns["yards_to_goal"], columns["distance"]))
    # An unknown place or distance stays NaN between its bounds, and is 0 then.
    at = np.fmax(np.minimum(np.maximum(at, _LEAST), _MOST), 0.0).astype(np.intp)
    here: Floats = _TABLE.take(_STRIDES @ at - _FIRST, axis=0).T
    return here


def _filled(shares: tuple[tuple[float, ...], ...]) -> Floats:
    """Return shares by down, by every yard from 0 to 100, and of every distance alike."""
    return np.array([np.interp(_YARD, YARDS, row) for row in shares])[:, :, None]


def _made() -> Floats:
    """Return what is known of a drive, a row for each down, yards to go and distance.

    Yards run from 0 to 100 and the distance, 0 where it is not known, to `MOST_DISTANCE`.

    The share of touchdowns, and by how much a field goal is likelier with time; the squares of the
    times with which half of both come; again the share of touchdowns, that of field goals, and how
    near a kick is; the share of kicks at once; how long the drive takes, below 0; the worth of a
    ball given up; the downs left to kneel on; and what kneeling adds to the lead before half-time,
    and with the ball's whole worth to fade after it. A ball of unknown place cannot be knelt on,
    which changes nothing.
    """
    yards, down = _YARD[:, None], np.arange(4.0)[:, None, None]
    spot = np.clip(yards, 1.0, FIELD - 1.0)
    distance = np.arange(_DISTANCES)
    usual = np.minimum(np.array(USUAL)[:, None, None], spot)
    odds = np.where(distance > 0.0, (usual / np.maximum(distance, 1.0)) ** LONGER, 1.0)
    any_distance = _filled(TOUCHDOWNS)
    touchdown = any_distance * odds / (1.0 - any_distance + any_distance * odds)
    kick = np.minimum(_filled(FIELD_GOALS), 1.0 - touchdown)
    at_once = MOST_KICKS * ndtr((KICK_REACH - spot) / KICK_SPREAD)
    as_first_down = np.minimum((touchdown + kick) / (touchdown + kick)[:1, :, :1], 1.0)
    with_time = ndtr((DRIVE_REACH - spot) / DRIVE_SPREAD) * as_first_down
    hurried, ball = (HURRY_S * spot) ** 2, BALL / FIELD * spot
    made = (
        *(touchdown, np.maximum(with_time - at_once, 0.0), hurried, hurried / 4.0),
        *(touchdown, kick, LATE_KICK * np.clip(1.4 - yards / 50.0, 0.0, 1.0), at_once),
        *((55.0 + 1.5 * yards) * (down / 3.4 - 1.0), ball, 3.0 - down, -np.inf, ball),
    )
    table = np.stack(np.broadcast_arrays(*made), axis=-1)
    table[:, UNPLACED] = table[:, OWN_25]
    table[:, UNPLACED, :, -3:] = 0.0
    rows: Floats = table.reshape(-1, table.shape[-1])
    return rows


_YARD = np.arange(FIELD + 1.0)
_DISTANCES = MOST_DISTANCE + 1
_TABLE = _made()
_LEAST = np.array([[1.0], [1.0], [0.0]])
_MOST = np.array([[4.0], [FIELD - 1.0], [MOST_DISTANCE]])
_STRIDES = np.array([_YARD.size * _DISTANCES, _DISTANCES, 1])
_FIRST = _YARD.size * _DISTANCES
"""Downs count from 1, rows from 0."""
