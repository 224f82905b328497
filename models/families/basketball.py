"""Basketball: the lead as a mean-reverting random walk, and a strength that may be uncertain.

Stern ("A Brownian motion model for the progress of sports scores", JASA 89, 1994) lets the lead
diffuse; Gabel and Redner ("Random walk picture of basketball scoring", JQAS 8, 2012) found that
leads revert to the mean. With the share `f` of regulation left, a lead `m` is worth

    m e^(-theta f) / s(f),   s(f)^2 = sigma^2 (1 - e^(-2 theta f)) / (2 theta)
                                      + swing (1 - e^(-t / 8 s))

standard deviations of what is to come. The second term is what diffusion lacks at the end:
points come by possessions, and `t` seconds before the end nobody but the players knows who has
the ball. The strengths of the sides, `z` standard deviations by the prior, add

    z (floor + (1 - floor) f^fade),

so that the price at the start is the prior. In a diffusion with drift that would be sqrt(f),
nothing in the end; but the better side is also better in the last minute, and in overtime, which
is the same walk over its own seconds with the strength at the floor. A level game at the end is
therefore worth as much as the start of overtime, and of every further one.

Who has the ball, which the feed does not tell and files of past games do, counts as `ball` points
until the time is up: the expected points of a possession, less those of the one that follows.

Where nobody knew the strengths the prior is only how often home wins. They then are normal with
the deviation `unsure` about it, and the lead so far tells of them: after a share p of the game it
has been a measurement of p z with the variance p, which gives the mean and the variance of z by
Bayes' rule.

Measured and left out because they gained nothing on other seasons: the pace so far, a lead times
the prior, powers of the lead (garbage time), a spread that is no diffusion's.
"""

from __future__ import annotations

from math import expm1, sqrt
from typing import Annotated

import msgspec
import numpy as np
from scipy.special import ndtr, ndtri

from models.protocol import Columns, Floats

INPUTS = (
    "lead",
    "possession",
    "prior_home",
    "prior_away",
    "prior_known",
    "overtime",
    "remaining_s",
    "regulation_s",
)

VALID = "every state of a game in play, overtime included"

SWING_S = 8.0
"""Seconds in which most of the last possession's worth comes up. Fits gave 8 in the college game
and, by the span of seasons, 1 to 30 in the NBA, at losses within 0.0001 of each other."""

BALL_S = 3.0
"""Seconds in which a side that has the ball gets most of its worth out of it."""

BOUNDS = {
    "sigma": (5.0, 40.0),
    "theta": (0.6, 0.6),
    "swing": (0.2, 12.0),
    "floor": (0.3, 0.3),
    "fade": (0.2, 1.5),
    "unsure": (0.7, 0.7),
    "ball": (0.45, 0.45),
}
"""Four are held fixed, at what fits to the NBA and to college men lie about: a few seasons cannot
tell the reversion from the spread, nor the floor from the power, few games have no prior, and few
files know who has the ball."""

_LEAST_CHANCE = 1e-6
_LEAST_SPREAD = 1e-9


class Coefficients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is fitted for a league; the defaults are those of the NBA.

    `sigma`: spread of the lead over a game if it did not revert, points.
    `theta`: reversion of the lead, a game.
    `swing`: variance of the last possessions, points squared.
    `floor`: share of the strengths that is left at the end and in overtime.
    `fade`: power of the share of the game left by which the rest of them fades.
    `unsure`: deviation of the strengths where nobody knew them, in deviations of a game; about
        the spread of the league's betting lines as inverse normal probabilities.
    `ball`: points that it is worth to have the ball.
    """

    sigma: Annotated[float, msgspec.Meta(gt=0.0)] = 17.4
    theta: Annotated[float, msgspec.Meta(gt=0.0)] = 0.6
    swing: Annotated[float, msgspec.Meta(ge=0.0)] = 3.7
    floor: float = 0.3
    fade: float = 0.8
    unsure: float = 0.7
    ball: float = 0.45


def probabilities(columns: Columns, with_: Coefficients) -> Floats:
    """Return the probabilities of home, draw (always 0) and away, shape (n, 3)."""
    left_s = np.maximum(columns["remaining_s"], 0.0)
    left = np.minimum(left_s / columns["regulation_s"], 1.0)
    # Of regulation: in overtime none is left, and the strengths stay at their floor.
    of_regulation = left * (columns["overtime"] <= 0.0)
    lead = columns["lead"]
    diffusion = -np.expm1(-2.0 * with_.theta * left) * _variance(with_)
    spread = np.sqrt(diffusion - np.expm1(left_s / -SWING_S) * with_.swing)
    now = lead + with_.ball * columns["possession"] * -np.expm1(left_s / -BALL_S)
    worth = now * np.exp(-with_.theta * left) / np.maximum(spread, _LEAST_SPREAD)
    strength, variance = _strength(lead, 1.0 - of_regulation, columns, with_)
    weight = with_.floor + (1.0 - with_.floor) * of_regulation**with_.fade
    z = (worth + weight * strength) / np.sqrt(1.0 + variance * weight * weight)
    result = np.empty((z.size, 3))
    # Either tail by itself, so that swapping the sides swaps the prices to the last bit.
    result[:, 0] = ndtr(z)
    result[:, 1] = z * 0.0
    result[:, 2] = ndtr(-z)
    return result


def _variance(with_: Coefficients) -> float:
    """Return the variance of a lead that has diffused for ever, points squared."""
    return with_.sigma**2 / (2.0 * with_.theta)


def _strength(
    lead: Floats, played: Floats, columns: Columns, with_: Coefficients
) -> tuple[Floats, Floats]:
    """Return mean and variance of how much stronger home is, in deviations of a game."""
    home = np.maximum(columns["prior_home"], _LEAST_CHANCE)
    away = np.maximum(columns["prior_away"], _LEAST_CHANCE)
    before = with_.unsure**2 * (1.0 - columns["prior_known"])
    mean = ndtri(home / (home + away)) * np.sqrt(1.0 + before)
    after = before / (1.0 + before * played)
    game = sqrt(-expm1(-2.0 * with_.theta) * _variance(with_) + with_.swing)
    return mean + after * (lead / game - mean * played), after
