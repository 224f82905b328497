"""One strength for all sports: the probability that home wins, turned into each game's dice."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from fusion.errors import ConfigError
from fusion.leagues import League
from simulator.plan import Moment, Wants
from simulator.play.baseball import BaseballGame
from simulator.play.football import FootballGame
from simulator.play.hockey import HockeyGame
from simulator.play.mma import bout
from simulator.play.soccer import SoccerMatch
from simulator.play.tennis import tennis_match
from simulator.play.trips import RULES, TripGame

NHL_GOALS, NHL_RATIO = 3.05, 1.45
SOCCER_GOALS, SOCCER_RATIO = 1.38, 2.6
MLB_RATIO = 1.51
NFL_TILT = 0.079
NBA_SPREAD, COLLEGE_SPREAD = 16.9, 13.85

MOST_TRIES = 5_000
CAN_WANT: dict[str, frozenset[Wants]] = {
    "basketball": frozenset({"overtime"}),
    "football": frozenset({"overtime"}),
    "hockey": frozenset({"overtime", "shootout"}),
    "baseball": frozenset({"extra_innings"}),
    "soccer": frozenset({"overtime", "shootout"}),
    "tennis": frozenset({"tie_break", "retired", "walkover"}),
    "mma": frozenset(),
}
"""What a game of each sport can be asked to come to."""

Play = Callable[[np.random.Generator, int], tuple[Moment, ...]]


def play(
    league: League,
    strength: float,
    start_ms: int,
    rng: np.random.Generator,
    *,
    wants: Wants | None = None,
    best_of: int = 0,
) -> tuple[Moment, ...]:
    """Return all moments of a game that home wins with a probability near `strength`.

    In soccer `strength` is home's share of the decided matches. The exact probability stands in
    the moments themselves. A game that is wanted to come to something is played again from other
    dice until it does: its truth stays exact, but it was chosen, and says nothing of calibration.
    A soccer match with a wish is a cup tie. `best_of` are the sets or rounds, 0 for those of the
    league.

    Raises:
        ConfigError: the sport cannot come to what is wanted, or did not in `MOST_TRIES` games.
    """
    throw = _dice(league, strength, rng, best_of or league.periods, cup_tie=wants is not None)
    if wants is None:
        return throw(rng, start_ms)
    if wants not in CAN_WANT[league.sport]:
        can = ", ".join(sorted(CAN_WANT[league.sport])) or "nothing"
        msg = f"a game of {league.sport} comes to {can}, was wanted to come to {wants!r}"
        raise ConfigError(msg)
    for _ in range(MOST_TRIES):
        (child,) = rng.spawn(1)
        moments = throw(child, start_ms)
        if came_to(league, moments, wants):
            return moments
    msg = f"no game of {MOST_TRIES} came to {wants!r}; give it a strength nearer to one half"
    raise ConfigError(msg)


def came_to(league: League, moments: tuple[Moment, ...], wanted: Wants) -> bool:
    """Return whether a game of a league came to what was wanted."""
    last = moments[-1]
    if wanted in ("retired", "walkover"):
        return last.status == wanted
    if wanted == "tie_break":
        return any(played.home_tiebreak is not None for played in last.scene.sets)
    if wanted == "shootout" and league.sport == "soccer":
        return last.status == "final_pen"
    return last.period > league.periods + (wanted == "shootout")


def _dice(
    league: League, strength: float, rng: np.random.Generator, best_of: int, *, cup_tie: bool
) -> Play:
    """Return how to play one game of a league."""
    z = NormalDist().inv_cdf(strength)
    if league.sport == "tennis":
        return tennis_match(league.key, strength, best_of, rng).play
    if league.sport == "mma":
        return bout(strength, best_of).play
    if league.sport == "hockey":
        return HockeyGame(NHL_GOALS * NHL_RATIO**z, NHL_GOALS / NHL_RATIO**z).play
    if league.sport == "soccer":
        added = (int(rng.integers(1, 5)), int(rng.integers(3, 9)))
        even, ratio = SOCCER_GOALS, SOCCER_RATIO**z
        return SoccerMatch(even * ratio**0.5, even / ratio**0.5, added, cup_tie=cup_tie).play
    if league.sport == "baseball":
        return BaseballGame(MLB_RATIO ** (z / 2), MLB_RATIO ** (-z / 2)).play
    if league.sport == "football":
        college = league.key == "cfb"
        return FootballGame(NFL_TILT * z, int(rng.integers(2)), college=college).play
    spread = NBA_SPREAD if league.key == "nba" else COLLEGE_SPREAD
    return TripGame(RULES[league.key], spread * z).play
