"""Soccer: goals as two independent Poisson processes.

The goals still to come are Poisson with means `lambda_home * left` and `lambda_away * left`; the
lead then follows the difference of the two (Skellam 1946; Maher, "Modelling association football
scores", Statistica Neerlandica 1982; Dixon and Robinson, "A birth process model for association
football matches", The Statistician 1998).

Soccer is three-way and about regulation time: a market is decided by the score after 90 minutes
and added time. The two rates are those at which the price at the start equals the prior's home,
draw and away. A red card multiplies the rate of the side that got it by 2/3 and that of the
other by 5/4 (Vecer, Kopriva and Ichiba, "Estimating the effect of the red card in soccer", JQAS
2009). Rates depend on the score (Dixon and Robinson 1998): the side that is behind scores 1.2
times as often as at level scores, the side ahead 0.95 times, round figures that agree with the
five large leagues in 2020 and 2021. Goals come faster late: 45 of 100 fall in the first half.
"""

from __future__ import annotations

from collections.abc import Sequence

from fusion.clock import nominal_s, remaining_s
from fusion.game import GameState
from fusion.leagues import LEAGUES
from models.frame import AWAY, DRAW, HOME, NO_PRICE, Floats, Triple, price_rows
from models.protocol import Prior, Probabilities
from models.rates import MAX_RATE, outcome, soccer_rates

SINGLE_MATCH = frozenset({"fifa.world", "usa.1"})
"""Competitions whose extra time follows a draw. Elsewhere it may follow a second leg that was
level on aggregate and not by itself, and the score of the 90 minutes is no longer known."""

AFTER_REGULATION = frozenset({"final_aet", "final_pen"})
RED_OWN = 2 / 3
RED_OTHER = 5 / 4
MAX_REDS = 4
AHEAD = 0.95
BEHIND = 1.2
MOST_GOALS = 0.3
"""No lead changes what a side is still to score by more."""

FIRST_HALF_SHARE = 0.45


def goals_left(left: float) -> float:
    """Return the share of a match's goals still to come with a share `left` of its time.

    The intensity rises in a straight line so that the first half has its share of the goals.
    """
    played = 1.0 - left
    slope = 4.0 * (0.5 - FIRST_HALF_SHARE)
    return 1.0 - played * (1.0 - slope + slope * played)


class Goals:
    """Three-way probabilities of soccer in regulation time."""

    name = "goals-1"

    def price(self, states: Sequence[GameState], priors: Sequence[Prior]) -> Probabilities:
        """Return the probabilities of home, draw and away after regulation time."""
        return price_rows(states, priors, _settle, _features, _price)


def _price(features: Floats) -> Probabilities:
    lead, home, away = features
    return outcome(lead, home, away)


def _by_score(state: GameState) -> Triple:
    if state.home_score == state.away_score:
        return DRAW
    return HOME if state.home_score > state.away_score else AWAY


def _settle(state: GameState, prior: Prior) -> Triple | None:
    league = LEAGUES[state.league]
    if state.phase == "post" and not state.completed:
        return NO_PRICE
    if state.phase != "pre":
        if state.status in AFTER_REGULATION or state.period > league.periods:
            return DRAW if league.key in SINGLE_MATCH else NO_PRICE
        if state.phase == "post" or (state.in_break and state.period == league.periods):
            return _by_score(state)
    if not (prior.home > 0.0 and prior.draw > 0.0 and prior.away > 0.0):
        return NO_PRICE
    return (prior.home, prior.draw, prior.away) if state.phase == "pre" else None


def _features(state: GameState, prior: Prior) -> tuple[float, ...]:
    league = LEAGUES[state.league]
    home, away = soccer_rates(prior.home, prior.draw)
    left = goals_left(remaining_s(state, league) / nominal_s(league))
    at = state.situation
    home_reds = min(max(at.home_reds, 0), MAX_REDS)
    away_reds = min(max(at.away_reds, 0), MAX_REDS)
    home = min(home * RED_OWN**home_reds * RED_OTHER**away_reds, MAX_RATE)
    away = min(away * RED_OWN**away_reds * RED_OTHER**home_reds, MAX_RATE)
    lead = state.home_score - state.away_score
    return float(lead), *_by_lead(lead, home * left, away * left)


def _by_lead(lead: int, home: float, away: float) -> tuple[float, float]:
    """Return the goals to come of both sides when one of them leads."""
    if lead == 0:
        return home, away
    ahead, behind = (home, away) if lead > 0 else (away, home)
    ahead -= min((1.0 - AHEAD) * ahead, MOST_GOALS)
    behind += min((BEHIND - 1.0) * behind, MOST_GOALS)
    return (ahead, behind) if lead > 0 else (behind, ahead)
