r"""Basketball and football: the lead as a Brownian motion.

Stern, "A Brownian motion model for the progress of sports scores" (JASA 89, 1994): with a lead
`m` and a share `u` of regulation left, the final margin is normal,

    M ~ N(m e^(-theta u) + mu g(theta, u),  sigma^2 g(2 theta, u) / g(2 theta, 1) + w(u)),
    g(k, u) = (1 - e^(-k u)) / k,

which for theta = 0 and w = 0 is Stern's N(m + mu u, sigma^2 u). `theta` lets leads revert to
the mean, as they do in basketball (Gabel and Redner, "Random walk picture of basketball
scoring", JQAS 2012). Margins are whole points: home wins above one half (Stern's continuity
correction), and what lies within half a point of 0 goes to overtime, which is the same motion
over a shorter time, repeated until somebody wins. The drift `mu` is the one at which the price
at the start equals the prior.

`sigma` is the spread of the final margin about the betting line: 13.86 in the NFL (Stern, "On
the probability of winning a football game", American Statistician 1991), about 12 in the NBA,
11 in college basketball, 16 in college football (the figures commonly published with closing
lines). Stern's 15.82 for the NBA is about no line at all.

`w` is what Stern's motion lacks at the end: points come by possessions, and however little time
is left each side has most of one to come. A pair of them varies by 2.6 points squared in
basketball (half score two, one in ten three) and by 15 in football (a touchdown in one of five
drives, a field goal in one of seven); `w` is that, and less in proportion when the clock has
less than a shot clock, or two minutes, to run.

Football adds the expected points of the possession (Carter and Machol, Operations Research 1971,
first and ten by field position) to the lead, less a round charge for later downs; it fades over
the last half minute of a half, in which possessions end unused.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import erf, exp, isfinite, nan, sqrt

import msgspec
import numpy as np

from fusion.clock import half_left_s, overtime_period, overtime_s, remaining_s
from fusion.game import GameState
from fusion.leagues import LEAGUES, League
from models.frame import Floats, normal_cdf, price_rows, settle_two_way, two_way, two_way_prior
from models.protocol import Prior, Probabilities

LAST_SECOND_S = 1.0
"""A running game has at least this long to go: 0:00 on the clock is not the end of a game."""

FADE_S = 30.0
_YARDS = (0, 5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 100)
_POINTS = (6.4, 6.041, 4.572, 3.681, 3.167, 2.392, 1.538, 0.923, 0.236, -0.637, -1.245, -1.6)
_DOWN_CHARGE = (0.0, 0.5, 1.2, 2.0)
_EXPECTED = np.interp(np.arange(101), _YARDS, _POINTS).tolist()
_MAX_DRIFT = 8.0


class Motion(msgspec.Struct, frozen=True):
    """A league's constants: points per game, reversion per game, and the last possessions.

    `swing` is the variance in points squared of a possession of each side, `swing_share` what
    such a pair takes of regulation time.
    """

    sigma: float
    theta: float
    swing: float
    swing_share: float


_BASKETBALL_SWING = 2.6
_FOOTBALL_SWING = 15.0
_MOTIONS = {
    "nba": Motion(12.2, 0.65, _BASKETBALL_SWING, 24 / 2880),
    "wnba": Motion(11.5, 0.5, _BASKETBALL_SWING, 24 / 2400),
    "ncaamb": Motion(11.0, 0.5, _BASKETBALL_SWING, 30 / 2400),
    "ncaawb": Motion(11.5, 0.5, _BASKETBALL_SWING, 30 / 2400),
    "nfl": Motion(13.86, 0.0, _FOOTBALL_SWING, 120 / 3600),
    "cfb": Motion(16.0, 0.0, _FOOTBALL_SWING, 120 / 3600),
}
_SPORT_MOTIONS = {"basketball": _MOTIONS["wnba"], "football": _MOTIONS["nfl"]}


def motion(league: League) -> Motion:
    """Return the constants of a league, of its sport where the league has none of its own."""
    return _MOTIONS.get(league.key) or _SPORT_MOTIONS[league.sport]


def possession_points(state: GameState) -> float:
    """Return the expected points of the possession for home, 0 where the feed is silent.

    Down and distance are trusted only together with a side in possession: the feed keeps the old
    ones at half-time and after scores.
    """
    at = state.situation
    if at.possession is None or at.yards_to_goal is None or not 0 <= at.yards_to_goal <= 100:
        return 0.0
    down = at.down if at.down is not None and 1 <= at.down <= 4 else 1
    points: float = _EXPECTED[at.yards_to_goal] - _DOWN_CHARGE[down - 1]
    return points if at.possession == "home" else -points


@lru_cache(maxsize=4096)
def _drift(home: float, pace: Motion, extra: float) -> tuple[float, float]:
    """Return (drift that gives `home` at the start, probability of home in overtime).

    `extra` is the length of an overtime period as a share of regulation time.
    """
    low, high = -_MAX_DRIFT * pace.sigma, _MAX_DRIFT * pace.sigma
    for _ in range(60):
        drift = (low + high) / 2
        win, lose = _sides(drift, pace, 1.0)
        if win + (1.0 - win - lose) * _overtime(drift, pace, extra) < home:
            low = drift
        else:
            high = drift
    drift = (low + high) / 2
    return drift, _overtime(drift, pace, extra)


def _overtime(drift: float, pace: Motion, extra: float) -> float:
    win, lose = _sides(drift, pace, extra)
    return win / (win + lose)


def _sides(drift: float, pace: Motion, left: float) -> tuple[float, float]:
    """Return the probabilities of winning and losing from level scores with `left` to play."""
    mean = drift * _weight(pace.theta, left)
    variance = pace.sigma**2 * _weight(2.0 * pace.theta, left) / _weight(2.0 * pace.theta, 1.0)
    spread = sqrt(variance + pace.swing * min(1.0, left / pace.swing_share))
    return _cdf((mean - 0.5) / spread), _cdf((-0.5 - mean) / spread)


def _cdf(z: float) -> float:
    return 0.5 + 0.5 * erf(z / sqrt(2.0))


def _weight(rate: float, left: float) -> float:
    return (1.0 - exp(-rate * left)) / rate if rate else left


class Brownian:
    """Win probability of timed sports without draws."""

    name = "brownian-1"

    def price(self, states: Sequence[GameState], priors: Sequence[Prior]) -> Probabilities:
        """Return the probabilities of home, draw (always 0) and away."""
        return price_rows(states, priors, settle_two_way, _features, _price)


def _features(state: GameState, prior: Prior) -> tuple[float, ...]:
    league = LEAGUES[state.league]
    home = two_way_prior(prior)
    pace = motion(league)
    length = overtime_s(league) / league.regulation_s
    drift, extra = _drift(home, pace, length) if isfinite(home) else (nan, nan)
    left = remaining_s(state, league)
    # In a break a level game goes on in overtime and any other is over, to the second.
    if not state.in_break:
        left = max(left, LAST_SECOND_S)
    lead = float(state.home_score - state.away_score)
    if league.sport == "football":
        lead = _lead_with_ball(lead, state, league)
    share = left / league.regulation_s
    swing = pace.swing * min(1.0, share / pace.swing_share)
    return lead, share, drift, extra, pace.sigma, pace.theta, swing


def _lead_with_ball(lead: float, state: GameState, league: League) -> float:
    points = possession_points(state)
    if league.overtime_s or not overtime_period(state, league):
        return lead + points * min(1.0, half_left_s(state, league) / FADE_S)
    # In college overtime both sides get the ball: it helps who is behind, to level at the most.
    if lead * points >= 0.0:
        return lead
    after = lead + points
    return after if after * lead > 0.0 else 0.0


def _price(features: Floats) -> Probabilities:
    lead, left, drift, extra, sigma, theta, swing = features
    # A rate of 0 is the limit of a small one; 1e-9 is that limit to the last bits.
    theta = np.maximum(theta, 1e-9)
    mean = lead * np.exp(-theta * left) + drift * -np.expm1(-theta * left) / theta
    share = np.expm1(-2.0 * theta * left) / np.expm1(-2.0 * theta)
    spread = np.maximum(np.sqrt(sigma**2 * share + swing), 1e-9)
    win = normal_cdf((mean - 0.5) / spread)
    lose = normal_cdf((-0.5 - mean) / spread)
    return two_way(win + (1.0 - win - lose) * extra)
