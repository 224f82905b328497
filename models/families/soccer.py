"""Soccer: three-way, decided by the score after 90 minutes and added time.

The goals still to come of both sides are Poisson (Maher, "Modelling association football scores",
Statistica Neerlandica 1982; Dixon and Robinson, "A birth process model for association football
matches", The Statistician 1998). The means over a whole match are those at which the price at the
start is the prior; less of them is left as the match goes on, goals being rarest at its start.
Red cards and the score change both rates. All this is fitted to the five large leagues of
Europe from 2010 to 2021 (21,660 matches with closing odds).

Once the odds are known none of these made prices better on seasons that were left out, and none is
in the formula: the closing over/under as the number of goals, the goals scored so far, a dependence
between the two sides at low scores, a curve in the rise of the rate, an answer to a deficit that
depends on the strengths, grows late in a match, or is another one to two goals. Boosted trees on
top of these prices, told all of that, made them worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import expm1

import msgspec
import numpy as np

from models.families.goal_counts import MAX_MEAN, means_of_prior, outcome
from models.protocol import Floats

INPUTS = (
    "lead",
    "prior_home",
    "prior_draw",
    "prior_away",
    "remaining_s",
    "regulation_s",
    "overtime",
    "home_reds",
    "away_reds",
)
VALID = "Matches of twice 45 minutes in play, whose market is about the score after 90 minutes."

MAX_REDS = 4.0
MOST_GOALS = 0.3
"""No lead changes what a side is still to score by more, so that a goal is never worth nothing."""

BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "rise": (0.0, 0.6),
    "red_own": (-1.5, 0.0),
    "red_other": (0.0, 1.5),
    "behind": (-0.3, 0.5),
    "ahead": (-0.3, 0.5),
}


class Coefficients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Effects on the rate of goals; the defaults are those of the five large leagues.

    The rate rises over the match in a straight line, from `1 - rise` to `1 + rise` of the average.
    The others are added to its logarithm: `red_own` and `red_other` for each red card of a side's
    own and of the opponent, `behind` and `ahead` while it trails and while it leads.
    """

    rise: float = 0.223
    red_own: float = -0.456
    red_other: float = 0.439
    behind: float = 0.157
    ahead: float = -0.048


def probabilities(columns: Mapping[str, Floats], with_: Coefficients) -> Floats:
    """Return home, draw and away of rows in play, shape (n, 3); extra time follows a draw."""
    lead = columns["lead"]
    prior = np.array((columns["prior_home"], columns["prior_draw"], columns["prior_away"]))
    reds = np.array((columns["home_reds"], columns["away_reds"]))
    reds = np.minimum(np.maximum(reds, 0.0), MAX_REDS)
    in_time = columns["overtime"] <= 0.0
    means = means_of_prior(prior)
    means *= np.exp(with_.red_own * reds + with_.red_other * reds[::-1])
    means *= _goals_left(columns["remaining_s"] / columns["regulation_s"] * in_time, with_.rise)
    leads = np.array((lead, -lead))
    effect = np.where(leads > 0.0, expm1(with_.ahead), expm1(with_.behind) * (leads < 0.0))
    means += np.minimum(np.maximum(effect * means, -MOST_GOALS), MOST_GOALS)
    np.minimum(means, MAX_MEAN, out=means)
    return outcome(lead * in_time, means).T


def _goals_left(left: Floats, rise: float) -> Floats:
    """Return the share of a match's goals still to come with a share `left` of its time."""
    left = np.minimum(np.maximum(left, 0.0), 1.0)
    return left * (1.0 + rise * (1.0 - left))
