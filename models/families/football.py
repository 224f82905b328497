"""Football: what the drive in progress may bring, then a normal for what is left after it.

The chance of the side with the ball is summed over the ends of its drive: a touchdown (7 points),
a field goal (3), or neither. After each the lead that results is as good as

    Phi(lead / S(u) + b(u) Phi^-1(prior)),
    S(u) = sqrt((spread u^growth)^2 + 1/16),  b(u) = tilt + (1 - tilt) u^fade

with a share `u` of regulation left. A Brownian motion (Stern, JASA 1994) would have growth and
fade of one half; NFL leads are worth less than that and the line keeps its worth longer. Three
points and seven make the key margins; nothing else in the formula knows of them.

How drives end by down and yards to go is `TOUCHDOWNS` and `FIELD_GOALS`: the scrimmage plays of
2009-2014 with more than five minutes left in the half. Fewer touchdowns come with a longer
distance to the line to gain, and with less time: half of them when the drive has 0.9 seconds a
yard, and field goals take the place of some. What follows a drive is the other side's ball, worth
`kickoff` points after a kickoff and more the nearer to its own goal a side gave it up; that worth
is gone when the half is.

The side with the ball has the best of four: the drive as it comes; one on which it goes for
touchdowns only, when three points are of no use; one for a field goal only, when they are all it
needs, which in the last seconds is a kick from where the ball is; and, in the second half,
kneeling, which burns 40 seconds for each down but for those the other side can stop with a
timeout. Each of them rises with the lead, so the best does. An unknown possession is the formula
without a drive: the same at the end of a period as at the start of the next one.

Who kicked off to begin the game receives after half-time, worth a kickoff until then. A single
state of the feed does not tell it; the files of past games do by their first play.

In overtime S is divided by `sudden`. An untimed one (college) gives both sides the ball, in an
order the feed does not tell: the ball then counts half.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from scipy.special import ndtr, ndtri

from fusion.clock import UNTIMED_OVERTIME_S
from models.protocol import Columns, Floats

INPUTS = (
    "lead",
    "prior_home",
    "prior_away",
    "prior_known",
    "overtime",
    "overtime_s",
    "in_break",
    "remaining_s",
    "regulation_s",
    "half_left_s",
    "possession",
    "down",
    "distance",
    "yards_to_goal",
    "second_half_ball",
    "home_timeouts",
    "away_timeouts",
)

VALID = (
    "Any state of an American football game in play; best between plays with a known ball. "
    "An extra point still to come, and the order of possessions in overtime, are not known to it."
)

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
LEAST_SPREAD = 1 / 16
"""Points squared that are open at the end: one point is then four standard deviations."""

ANSWERED_SUDDEN = 0.7
ANSWERED_BALL = 0.5
"""An overtime in which both sides get the ball; no data has its states, so these are round."""

MOST_CERTAIN = 0.001


class Coefficients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of a league; the defaults are the NFL's, of plays 2009-2015 and quarters 2017-19.

    Attributes:
        spread: Points by which the rest of a whole game may go either way.
        growth: The power of the share of time left by which that grows; a half is Brownian.
        fade: The power by which the prior loses weight as time goes.
        tilt: What the prior still weighs in overtime, of 1 at the start.
        sudden: How many times more a point weighs in overtime than with as much time otherwise.
        doubt: How much more a lead weighs at the start where nobody knew the strengths.
        kickoff: Points that it is worth to receive a kickoff.
    """

    spread: float = 14.75
    growth: float = 0.352
    fade: float = 0.45
    tilt: float = 0.3
    sudden: float = 4.0
    doubt: float = 0.25
    kickoff: float = 0.8


BOUNDS = {
    "spread": (8.0, 30.0),
    "growth": (0.2, 0.8),
    "fade": (0.2, 1.2),
    "tilt": (0.0, 0.6),
    "sudden": (1.0, 8.0),
    "doubt": (0.25, 0.25),
    "kickoff": (0.8, 0.8),
}
"""For a fit. Equal bounds hold a number fixed: files of past games know nearly every strength, and
a few thousand games tell a kickoff within 0.4 points only."""


def _filled(shares: tuple[tuple[float, ...], ...]) -> Floats:
    """Return shares by down, by every yard from 0 to 100, and of every distance alike."""
    return np.array([np.interp(_YARD, YARDS, row) for row in shares])[:, :, None]


def _from_here() -> Floats:
    """Return what is known of a drive, one column for each down, yards to go and distance.

    Yards run from 0 to 100 and the distance, 0 where it is not known, to `MOST_DISTANCE`.

    The share of touchdowns, of field goals, and how near a kick is; the share of kicks at once,
    and by how much a field goal is likelier with time; how long the drive takes, the square of
    the time with which half of the touchdowns come, and the worth of a ball given up.
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
    made = (
        *(touchdown, kick, LATE_KICK * np.clip(1.4 - yards / 50.0, 0.0, 1.0)),
        *(at_once, np.maximum(with_time - at_once, 0.0)),
        *((55.0 + 1.5 * yards) * (1.0 - down / 3.4), (HURRY_S * spot) ** 2, BALL / FIELD * spot),
    )
    return np.stack([each.ravel() for each in np.broadcast_arrays(*made)])


_YARD = np.arange(FIELD + 1.0)
_DISTANCES = MOST_DISTANCE + 1
_FROM_HERE = _from_here()


def probabilities(columns: Columns, with_: Coefficients) -> Floats:
    """Return shape (n, 3): home, draw (always 0) and away, of games in play.

    A row without a prior is NaN. In a break with no time left a lead has won.
    """
    ball, left = columns["possession"], columns["remaining_s"]
    side = np.where(ball < 0.0, -1.0, 1.0)
    lead, share = columns["lead"] * side, np.maximum(left / columns["regulation_s"], 0.0)
    prior = columns["prior_home"] / (columns["prior_home"] + columns["prior_away"])
    strength = side * ndtri(np.minimum(np.maximum(prior, MOST_CERTAIN), 1.0 - MOST_CERTAIN))
    sharper = 1.0 + with_.doubt * (1.0 - columns["prior_known"]) * share
    weight = with_.tilt + (1.0 - with_.tilt) * share**with_.fade
    counts = np.abs(ball)
    extra = columns["overtime"] > 0.0
    if extra.any():
        answered = extra & (columns["overtime_s"] == UNTIMED_OVERTIME_S)
        sharper = sharper * np.where(answered, ANSWERED_SUDDEN, np.where(extra, with_.sudden, 1.0))
        weight = np.where(extra, with_.tilt, weight)
        counts = counts * np.where(answered, ANSWERED_BALL, 1.0)
    receives = columns["second_half_ball"]
    if receives.any():
        lead = lead + with_.kickoff * side * receives * _before_second_kickoff(columns)
    drive = _drive(columns, lead, with_.kickoff)
    spread_ = with_.spread * (drive.times / columns["regulation_s"]) ** with_.growth
    after = ndtr(drive.leads * sharper / np.sqrt(spread_**2 + LEAST_SPREAD) + strength * weight)
    # Going for it turns some field goals into touchdowns, which may be worth more.
    risen, three = after[0] - after[2], after[1] - after[2]
    as_it_comes = drive.touchdown * risen + drive.field_goal * np.maximum(three, GAMBLE * risen)
    best = np.maximum(after[2] + np.maximum(as_it_comes, drive.kick_only * three), after[3])
    own = after[4] + counts * (best - after[4])
    rests = columns["in_break"] > 0.0
    if rests.any():
        over = rests & (left <= 0.0) & (lead != 0.0) & ~np.isnan(prior)
        own = np.where(over, lead > 0.0, own)
    home = 0.5 + side * (own - 0.5)
    return np.array([home, home * 0.0, 1.0 - home]).T


class _Drive(NamedTuple):
    """What the drive in progress may bring, for the side that has the ball.

    The chances of a touchdown and of a field goal as it comes, and of a field goal when nothing
    else is tried, shape (n,); and, shape (5, n), the lead and the seconds left after a touchdown,
    a field goal, neither, a kneel, and where there is no drive.
    """

    touchdown: Floats
    field_goal: Floats
    kick_only: Floats
    leads: Floats
    times: Floats


def _before_second_kickoff(columns: Columns) -> Floats:
    """Return 1 where the kickoff of the second half is still to come, else 0."""
    left = columns["remaining_s"]
    kicked_off = (columns["half_left_s"] >= left) & (columns["possession"] != 0.0)
    return np.where(kicked_off, 0.0, left >= columns["regulation_s"] / 2.0)


def _drive(columns: Columns, lead: Floats, kickoff: float) -> _Drive:
    left = np.maximum(columns["remaining_s"], 0.0)
    half_s = np.minimum(np.maximum(columns["half_left_s"], 0.0), left)
    unplaced = np.isnan(columns["yards_to_goal"])
    spot = np.where(unplaced, OWN_25, columns["yards_to_goal"])
    spot = np.minimum(np.maximum(spot, 1.0), FIELD - 1.0)
    done = np.minimum(np.maximum(columns["down"], 1.0), 4.0) - 1.0
    # `fmax` and `fmin` pass a NaN by: an unknown distance is 0, unknown timeouts are all of them.
    distance = np.minimum(np.fmax(columns["distance"], 0.0), MOST_DISTANCE)
    at = (done.astype(np.intp) * _YARD.size + spot.astype(np.intp)) * _DISTANCES
    here = _FROM_HERE.take(at + distance.astype(np.intp), axis=1)
    scored, kick, reach, at_once, with_time, drive_s, hurried, their_ball = here
    squared = half_s * half_s
    touchdown = scored * squared / (squared + hurried)
    kick_only = at_once * np.minimum(half_s, KICK_S)
    kick_only += with_time * squared / (squared + hurried / 4.0)
    field_goal = np.minimum(kick + reach * (scored - touchdown), kick_only)
    taken_s = drive_s * -np.expm1(-half_s / drive_s)
    after_s = left - taken_s
    worth = -np.expm1((taken_s - half_s) / BALL_FADE_S)
    away_ball = columns["possession"] < 0.0
    theirs = np.where(away_ball, columns["home_timeouts"], columns["away_timeouts"])
    downs = 3.0 - done
    burnt = np.maximum(downs - np.fmin(theirs, TIMEOUTS), 0.0) * DOWN_S + SNAP_S * downs
    knelt_s = np.where(unplaced, left, np.maximum(left - burnt, 0.0))
    # Kneeling decides a game, not a first half, and gives the ball up with what time is left. A
    # ball of unknown place is not below none.
    knelt = lead + their_ball * np.expm1(knelt_s / -BALL_FADE_S)
    knelt = np.where(unplaced, lead, np.where(half_s < left, -np.inf, knelt))
    kicked, given = lead - kickoff * worth, lead - their_ball * worth
    leads = np.array([kicked + 7.0, kicked + 3.0, given, knelt, lead])
    times = np.array([after_s, after_s, after_s, knelt_s, left])
    return _Drive(touchdown, field_goal, kick_only, leads, times)
