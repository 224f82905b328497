"""Football: what the drive in progress may bring, then a normal for what is left after it.

The chance of the side with the ball is summed over the ends of its drive: a touchdown (7 points),
a field goal (3), or neither. After each the lead that results is as good as

    Phi(lead / S(u) + b(u) Phi^-1(prior)),
    S(u) = sqrt((spread u^growth)^2 + 1/16),  b(u) = tilt + (1 - tilt) u^fade

with a share `u` of regulation left. A Brownian motion (Stern, JASA 1994) would have growth and
fade of one half; NFL leads are worth less than that and the line keeps its worth longer. Three
points and seven make the key margins; nothing else in the formula knows of them.

How drives end by down and yards to go is `TOUCHDOWNS` and `FIELD_GOALS`: the scrimmage plays of
2009-2014 with more than five minutes left in the half. With less time fewer touchdowns come: half
of them when the drive has 0.9 seconds a yard, and field goals take the place of some. What
follows a drive is the other side's ball, worth 0.7 points after a kickoff and more the nearer to
its own goal a side gave it up; that worth is gone when the half is.

The side with the ball has the best of three: the drive as it comes; one on which it goes for
touchdowns only, when three points are of no use; and, in the second half, kneeling, which burns
40 seconds for each down but for those the other side can stop with a timeout. Each of them rises
with the lead, so the best does. An unknown possession is the formula without a drive: the same
at the end of a period as at the start of the next one.

In overtime S is divided by `sudden`. An untimed one (college) gives both sides the ball, in an
order the feed does not tell: the ball then counts half.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from scipy.special import ndtr, ndtri

from fusion.clock import UNTIMED_OVERTIME_S
from models.protocol import Floats

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
    "yards_to_goal",
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

FIELD = 100
OWN_25 = 75
"""Where a drive begins of which the feed does not say where it is."""

HURRY_S = 0.9
TRY_S = 3.0
"""Half of the touchdowns come with so many seconds left for each yard, half of the kicks with 3."""

LATE_KICK = 0.4
GAMBLE = 0.4
"""Touchdowns that time denies become kicks, kicks passed up become touchdowns, so often."""

BALL = 1.4
KICKOFF = 0.7
BALL_FADE_S = 40.0
"""The other side's ball: points over the length of the field, after a kickoff, and how it fades."""

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
    """

    spread: float = 14.75
    growth: float = 0.352
    fade: float = 0.45
    tilt: float = 0.3
    sudden: float = 4.0
    doubt: float = 0.25


BOUNDS = {
    "spread": (8.0, 30.0),
    "growth": (0.2, 0.8),
    "fade": (0.2, 1.2),
    "tilt": (0.0, 0.6),
    "sudden": (1.0, 8.0),
    "doubt": (0.25, 0.25),
}
"""For a fit. Equal bounds hold a number fixed: files of past games know nearly every strength."""


def _filled(shares: tuple[tuple[float, ...], ...]) -> Floats:
    """Return shares by down and by every yard from 0 to 100."""
    return np.array([np.interp(_YARD, YARDS, row) for row in shares])


_YARD = np.arange(FIELD + 1.0)
_DONE = np.arange(4.0)[:, None]
_REACH = LATE_KICK * np.clip(1.4 - _YARD / 50.0, 0.0, 1.0) + 0.0 * _DONE
_DRIVE_S = (55.0 + 1.5 * _YARD) * (1.0 - _DONE / 3.4)
_SPOT = np.clip(_YARD, 1.0, FIELD - 1.0) + 0.0 * _DONE
_FROM_HERE = np.stack(
    [
        *(_filled(TOUCHDOWNS), _filled(FIELD_GOALS), _REACH, _DRIVE_S),
        *((HURRY_S * _SPOT) ** 2, BALL / FIELD * _SPOT),
    ]
)
"""By down and yards to go: ends of the drive, how near a kick is, how long the drive takes, the
square of the time with which half of the touchdowns come, and the worth of a ball given up."""


def probabilities(columns: Mapping[str, Floats], with_: Coefficients) -> Floats:
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
    touchdown, field_goal, leads, times = _drive(columns, lead)
    spread_ = with_.spread * (times / columns["regulation_s"]) ** with_.growth
    after = ndtr(leads * sharper / np.sqrt(spread_**2 + LEAST_SPREAD) + strength * weight)
    # Going for it turns some field goals into touchdowns, which may be worth more.
    risen = after[0] - after[2]
    kick = np.maximum(after[1] - after[2], GAMBLE * risen)
    best = np.maximum(after[2] + touchdown * risen + field_goal * kick, after[3])
    own = after[4] + counts * (best - after[4])
    over = (columns["in_break"] > 0.0) & (left <= 0.0) & (lead != 0.0)
    if over.any():
        own = np.where(over & ~np.isnan(prior), lead > 0.0, own)
    home = 0.5 + side * (own - 0.5)
    return np.array([home, home * 0.0, 1.0 - home]).T


def _drive(columns: Mapping[str, Floats], lead: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what the drive in progress may bring, for the side that has the ball.

    The chances of a touchdown and of a field goal, shape (n,); and, shape (5, n), the lead and the
    seconds left after a touchdown, a field goal, neither, a kneel, and where there is no drive.
    """
    left = np.maximum(columns["remaining_s"], 0.0)
    half_s = np.minimum(np.maximum(columns["half_left_s"], 0.0), left)
    unplaced = np.isnan(columns["yards_to_goal"])
    spot = np.where(unplaced, OWN_25, columns["yards_to_goal"])
    spot = np.minimum(np.maximum(spot, 1.0), FIELD - 1.0)
    done = np.minimum(np.maximum(columns["down"], 1.0), 4.0) - 1.0
    here = _FROM_HERE[:, done.astype(np.intp), spot.astype(np.intp)]
    scored, kick, reach, drive_s, hurried, their_ball = here
    squared = half_s * half_s
    touchdown = scored * squared / (squared + hurried)
    field_goal = (kick + reach * (scored - touchdown)) * half_s / (half_s + TRY_S)
    taken_s = drive_s * -np.expm1(-half_s / drive_s)
    after_s = left - taken_s
    worth = -np.expm1((taken_s - half_s) / BALL_FADE_S)
    away_ball = columns["possession"] < 0.0
    theirs = np.where(away_ball, columns["home_timeouts"], columns["away_timeouts"])
    downs = 3.0 - done
    # An unknown number of timeouts is a full one: `fmin` passes a NaN by.
    burnt = np.maximum(downs - np.fmin(theirs, TIMEOUTS), 0.0) * DOWN_S + SNAP_S * downs
    # Kneeling decides a game, not a first half. A ball of unknown place is not below none.
    knelt = np.where((half_s < left) & ~unplaced, -np.inf, lead)
    knelt_s = np.where(unplaced, left, np.maximum(left - burnt, 0.0))
    kicked, given = lead - KICKOFF * worth, lead - their_ball * worth
    leads = np.array([kicked + 7.0, kicked + 3.0, given, knelt, lead])
    times = np.array([after_s, after_s, after_s, knelt_s, left])
    return touchdown, field_goal, leads, times
