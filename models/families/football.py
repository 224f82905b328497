"""Football: what the drive in progress may bring, then a normal for what is left after it.

The chance of the side with the ball is summed over the ends of its drive: a touchdown (7 points),
a field goal (3), or neither. After each the lead that results is as good as

    Phi(lead / S(u) + b(u) Phi^-1(prior)),
    S(u) = sqrt((spread u^growth)^2 + 1/16),  b(u) = tilt + (1 - tilt) u^fade

with a share `u` of regulation left. A Brownian motion (Stern, JASA 1994) would have growth and
fade of one half; NFL leads are worth less than that and the line keeps its worth longer. Three
points and seven make the key margins; nothing else in the formula knows of them.

How drives end, by down, yards to go, distance and time, is in `models.families.football_drives`.

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

import msgspec
import numpy as np
from scipy.special import ndtr, ndtri

from fusion.clock import UNTIMED_OVERTIME_S
from models.families.football_drives import GAMBLE, TIME_OF, drive
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


def probabilities(columns: Columns, with_: Coefficients) -> Floats:
    """Return shape (n, 3): home, draw (always 0) and away, of games in play.

    A row without a prior is NaN. In a break with no time left a lead has won.
    """
    ball, left, whole_s = columns["possession"], columns["remaining_s"], columns["regulation_s"]
    side = np.where(ball < 0.0, -1.0, 1.0)
    lead, share = columns["lead"] * side, np.maximum(left / whole_s, 0.0)
    prior = columns["prior_home"] / (columns["prior_home"] + columns["prior_away"])
    strength = side * ndtri(np.minimum(np.maximum(prior, MOST_CERTAIN), 1.0 - MOST_CERTAIN))
    sharper = 1.0 + with_.doubt * (1.0 - columns["prior_known"]) * share
    weight = with_.tilt + (1.0 - with_.tilt) * share**with_.fade
    counts = np.abs(ball)
    if np.count_nonzero(columns["overtime"]):
        extra = columns["overtime"] > 0.0
        answered = extra & (columns["overtime_s"] == UNTIMED_OVERTIME_S)
        sharper = sharper * np.where(answered, ANSWERED_SUDDEN, np.where(extra, with_.sudden, 1.0))
        weight = np.where(extra, with_.tilt, weight)
        counts = counts * np.where(answered, ANSWERED_BALL, 1.0)
    receives = columns["second_half_ball"]
    if np.count_nonzero(receives):
        lead = lead + with_.kickoff * side * receives * _before_second_kickoff(columns)
    ends = drive(columns, lead, with_.kickoff)
    variance = with_.spread**2 * (ends.times / whole_s) ** (2.0 * with_.growth) + LEAST_SPREAD
    sharpness = (sharper / np.sqrt(variance)).take(TIME_OF, axis=0)
    touchdown, three, neither, knelt, nobody = ndtr(ends.leads * sharpness + strength * weight)
    # Going for it turns some field goals into touchdowns, which may be worth more.
    risen, three = touchdown - neither, three - neither
    as_it_comes = ends.touchdown * risen + ends.field_goal * np.maximum(three, GAMBLE * risen)
    best = np.maximum(neither + np.maximum(as_it_comes, ends.kick_only * three), knelt)
    own = nobody + counts * (best - nobody)
    if np.count_nonzero(columns["in_break"]):
        over = (columns["in_break"] > 0.0) & (left <= 0.0) & (lead != 0.0) & ~np.isnan(prior)
        own = np.where(over, lead > 0.0, own)
    home = 0.5 + side * (own - 0.5)
    return np.array((home, home * 0.0, 1.0 - home)).T


def _before_second_kickoff(columns: Columns) -> Floats:
    """Return 1 where the kickoff of the second half is still to come, else 0."""
    left = columns["remaining_s"]
    kicked_off = (columns["half_left_s"] >= left) & (columns["possession"] != 0.0)
    return np.where(kicked_off, 0.0, left >= columns["regulation_s"] / 2.0)
