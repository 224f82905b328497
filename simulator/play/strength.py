"""One strength for all sports: the probability that home wins, turned into each game's dice."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from fusion.leagues import League
from simulator.plan import Moment
from simulator.play.baseball import BaseballGame
from simulator.play.football import FootballGame
from simulator.play.hockey import HockeyGame
from simulator.play.soccer import SoccerMatch
from simulator.play.trips import RULES, TripGame

NHL_GOALS, NHL_RATIO = 3.05, 1.45
SOCCER_GOALS, SOCCER_RATIO = 1.38, 2.6
MLB_RATIO = 1.51
NFL_TILT = 0.079
NBA_SPREAD, COLLEGE_SPREAD = 16.9, 13.85


def play(
    league: League, strength: float, start_ms: int, rng: np.random.Generator
) -> tuple[Moment, ...]:
    """Return all moments of a game that home wins with a probability near `strength`.

    In soccer `strength` is home's share of the decided matches. The exact probability stands in
    the moments themselves.
    """
    z = NormalDist().inv_cdf(strength)
    if league.sport == "hockey":
        game = HockeyGame(NHL_GOALS * NHL_RATIO**z, NHL_GOALS / NHL_RATIO**z)
        return game.play(rng, start_ms)
    if league.sport == "soccer":
        added = (int(rng.integers(1, 5)), int(rng.integers(3, 9)))
        even, ratio = SOCCER_GOALS, SOCCER_RATIO**z
        return SoccerMatch(even * ratio**0.5, even / ratio**0.5, added).play(rng, start_ms)
    if league.sport == "baseball":
        return BaseballGame(MLB_RATIO ** (z / 2), MLB_RATIO ** (-z / 2)).play(rng, start_ms)
    if league.sport == "football":
        return FootballGame(NFL_TILT * z, int(rng.integers(2))).play(rng, start_ms)
    spread = NBA_SPREAD if league.key == "nba" else COLLEGE_SPREAD
    return TripGame(RULES[league.key], spread * z).play(rng, start_ms)
