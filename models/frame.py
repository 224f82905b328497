"""Rows that need no model: before the start and after the end.

A row is *settled* when no formula is needed: before the start the price is the prior itself,
after the end it is the result. A game that is over without a result standing (postponed,
cancelled, suspended) has no price: it will be played another day with other pitchers and other
odds, or be settled half-half by the venue, and either way the frozen prior is no longer an
honest price.

Soccer is three-way and about regulation time: a market is decided by the score after 90 minutes
and added time. In tennis whoever advances has won, by a retirement too; a walkover is a match
that was never begun, for which the venue pays half to each side.
"""

from __future__ import annotations

from math import nan

from fusion.game import GameState
from fusion.leagues import LEAGUES, League
from models.protocol import Prior

Triple = tuple[float, float, float]

NO_PRICE: Triple = (nan, nan, nan)
HOME: Triple = (1.0, 0.0, 0.0)
DRAW: Triple = (0.0, 1.0, 0.0)
AWAY: Triple = (0.0, 0.0, 1.0)
SPLIT: Triple = (0.5, 0.0, 0.5)
"""A two-way market pays half to each side when the game stands as a tie."""

SINGLE_MATCH = frozenset({"fifa.world", "usa.1"})
"""Competitions whose extra time follows a draw. Elsewhere it may follow a second leg that was
level on aggregate and not by itself, and the score of the 90 minutes is no longer known."""

AFTER_REGULATION = frozenset({"final_aet", "final_pen"})
WALKOVER = "walkover"

_BY_WINNER = {"home": HOME, "away": AWAY, "draw": SPLIT}


def two_way_prior(prior: Prior) -> float:
    """Return the probability of home given that somebody wins, NaN where there is none."""
    decisive = prior.home + prior.away
    return prior.home / decisive if decisive > 0.0 else nan


def settle_two_way(state: GameState, prior: Prior) -> Triple | None:
    """Return the price of a state that needs no formula, None of a game in play.

    Only football games can stand as a tie; elsewhere a completed game with level scores is a
    feed that is not done yet, and has no price.
    """
    if state.phase == "in":
        return None
    if state.phase == "pre":
        home = two_way_prior(prior)
        return (home, home * 0.0, 1.0 - home)
    if not state.completed:
        return NO_PRICE
    if state.winner is not None:
        return _BY_WINNER[state.winner]
    if state.home_score == state.away_score:
        return SPLIT if LEAGUES[state.league].sport == "football" else NO_PRICE
    return HOME if state.home_score > state.away_score else AWAY


def settle(state: GameState, prior: Prior, league: League) -> Triple | None:
    """Return the price of a state that needs no model, None of a game in play."""
    if league.three_way:
        return _settle_three_way(state, prior, league)
    if league.sport == "tennis" and state.phase == "post":
        return _settle_tennis(state)
    return settle_two_way(state, prior)


def _settle_three_way(state: GameState, prior: Prior, league: League) -> Triple | None:
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


def _by_score(state: GameState) -> Triple:
    if state.home_score == state.away_score:
        return DRAW
    return HOME if state.home_score > state.away_score else AWAY


def _settle_tennis(state: GameState) -> Triple:
    """Return who advanced; without a winner on the board there is no price, whatever the sets."""
    if state.status == WALKOVER:
        return SPLIT
    if not state.completed or state.winner is None:
        return NO_PRICE
    return _BY_WINNER[state.winner]
