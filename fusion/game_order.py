"""How far a game is, as a scoreboard tells it: which of two states of it is the later one.

The order is that of play: phase, period, break, clock, and only where none of them differs the
score. So a score that falls while the clock runs on is a later state (a goal was taken back),
and one that falls while the clock stands is an earlier one, or looks like it.
"""

from __future__ import annotations

from fusion.clock import half_inning
from fusion.game import GameState
from fusion.leagues import find_league

_PHASES = {"pre": 0, "in": 1, "post": 2}


def step(before: GameState, after: GameState) -> int:
    """Return 1 where `after` is later in the game than `before`, -1 where earlier, else 0.

    Outside play only the phase and the score count: clocks and periods mean nothing there. A
    clock that is missing from one of the states tells nothing, as does that of MMA, whose
    direction is not known.
    """
    if before.phase != after.phase:
        return _sign(_PHASES[after.phase] - _PHASES[before.phase])
    if before.phase == "in":
        order = _compare(_place(before), _place(after)) or _sign(_clock_s(before, after))
        if order:
            return order
    return _sign(_points(after) - _points(before))


def _place(state: GameState) -> tuple[int, ...]:
    """Return where in the game it is, larger is later; a break comes after its period's play.

    In baseball it is the half inning, in tennis the games of all sets so far.
    """
    league = find_league(state.league)
    if league is not None and league.clock == "innings":
        return (half_inning(state, league).half,)
    games = sum(each.home + each.away for each in state.sets)
    return (state.period, games, state.in_break)


def _clock_s(before: GameState, after: GameState) -> float:
    """Return the seconds of play from one clock to the other of the same period."""
    league = find_league(after.league)
    if league is None or before.clock_s is None or after.clock_s is None:
        return 0.0
    if league.clock == "up":
        return after.clock_s - before.clock_s
    return before.clock_s - after.clock_s if league.clock == "down" else 0.0


def _points(state: GameState) -> int:
    kicks = (state.situation.home_shootout or 0) + (state.situation.away_shootout or 0)
    return state.home_score + state.away_score + kicks


def _compare(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    return (after > before) - (after < before)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
