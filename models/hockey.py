"""Hockey: goals as two independent Poisson processes, then overtime and the shoot-out.

The goals still to come in regulation time are Poisson, so the lead follows their difference
(Skellam 1946), as in `models.goals`, with an even rate over the game. The rates sum to six goals,
the level of the NHL since 2017, and their ratio is the one that gives the prior at the start.

There are no draws. In the regular season five minutes are played with three skaters a side,
sudden death, which decide about two games in three (NHL seasons since 2015); the first goal falls
to each side in proportion to its rate, and the shoot-out after it is a coin toss. Play-off
overtime is full periods until somebody scores. An empty net or a power play is not in the feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan

from fusion.clock import overtime_period, overtime_s, remaining_s
from fusion.game import GameState
from fusion.leagues import LEAGUES, League
from models.frame import Floats, price_rows, settle_two_way, two_way, two_way_prior
from models.protocol import Prior, Probabilities
from models.rates import hockey_rates, outcome, overtime_split

DECIDED = 0.65
"""Share of overtimes decided before the shoot-out, with three skaters a side."""


class Hockey:
    """Two-way probabilities of hockey, overtime and shoot-out included."""

    name = "hockey-1"

    def price(self, states: Sequence[GameState], priors: Sequence[Prior]) -> Probabilities:
        """Return the probabilities of home, draw (always 0) and away."""
        return price_rows(states, priors, settle_two_way, _features, _price)


def _price(features: Floats) -> Probabilities:
    lead, home, away, extra = features
    ended = outcome(lead, home, away)
    return two_way(ended[:, 0] + ended[:, 1] * extra)


def _features(state: GameState, prior: Prior) -> tuple[float, ...]:
    league = LEAGUES[state.league]
    strength = two_way_prior(prior)
    if not isfinite(strength):
        return nan, nan, nan, nan
    home, away = hockey_rates(strength, DECIDED)
    lead = float(state.home_score - state.away_score)
    extra = overtime_period(state, league)
    if not extra:
        left = remaining_s(state, league) / league.regulation_s
        return lead, home * left, away * left, overtime_split(home, away, DECIDED)
    # Overtime is sudden death: a lead has won, level scores go to the first goal or a shoot-out.
    return lead, 0.0, 0.0, overtime_split(home, away, _decided(state, league, extra))


def _decided(state: GameState, league: League, extra: int) -> float:
    """Return the probability that overtime is decided by a goal from here.

    Play-off overtime is a full period, as often as needed: a clock above five minutes, or a
    running clock after the first overtime, gives it away.
    """
    length = overtime_s(league)
    clock = state.clock_s or 0.0
    if clock > length or (extra > 1 and clock > 0.0):
        return 1.0
    if extra > 1:
        return 0.0
    scoreless: float = (1.0 - DECIDED) ** (remaining_s(state, league) / length)
    return 1.0 - scoreless
