"""How much of a game is played and how much is left, in one place for all sports.

Everything here is defined for every state a scoreboard can produce, the absurd ones too: a
clock below zero or above the length of its period is clamped, a missing clock in play counts as
the middle of its period, a period below 1 in play as the first. Before the start nothing is
played, after the end everything is.

Overtime is what the league's rules make of it. Basketball plays period after period of five
minutes. In football and hockey one of the regular season is shorter than one of the play-offs,
which is a full period; the feed's scoreboard does not name the kind of season, so that a clock
above the shorter length is what tells. Soccer plays both halves of extra time. A shoot-out comes
as one more period and takes no time.
"""

from __future__ import annotations

from typing import NamedTuple

from fusion.game import GameState
from fusion.leagues import League

STOPPAGE_S = (120.0, 300.0)
"""Nominal added time of the halves of a soccer match. Clocks stop at 45:00 and 90:00, play does
not; full matches of the large leagues last 96 to 101 minutes since 2022."""

STOPPAGE_FLOOR_S = 60.0
"""Added time still to come when the nominal allowance is used up and play goes on."""

EXTRA_HALVES = 2
"""Halves of the extra time of soccer, both of which are played whatever the score."""

UNTIMED_OVERTIME_S = 300.0
"""Stands for an overtime period without a clock (college football)."""

OUTS = 3

_PERIODS_BEFORE_SHOOTOUT = {"soccer": EXTRA_HALVES, "hockey": 1}
_FULL_PLAY_OFF_OVERTIME = frozenset({"football", "hockey"})
_SHOOTOUTS = frozenset({"shootout", "penalty_shootout"})


class HalfInning(NamedTuple):
    """Where a baseball game stands.

    `half` counts half innings from 0, even ones belong to the away side; between two halves it
    is the one about to start, and `fresh`. `bases` is a bit mask 1/2/4 of first, second, third.
    """

    half: int
    outs: int
    bases: int
    fresh: bool


def overtime_period(state: GameState, league: League) -> int:
    """Return the number of the overtime period being played, 0 in regulation time.

    A shoot-out counts as one more.
    """
    if state.phase != "in" or state.period <= league.periods:
        return 0
    return state.period - league.periods


def is_shootout(state: GameState, league: League) -> bool:
    """Tell whether a shoot-out is being played, of soccer after extra time, or of hockey.

    The play-offs of hockey have a second overtime where the regular season has its shoot-out; a
    clock that has time left, or a break, tells that it is one.
    """
    if state.phase != "in":
        return False
    before = _PERIODS_BEFORE_SHOOTOUT.get(league.sport)
    if before is None:
        return False
    if state.status in _SHOOTOUTS:
        return True
    timed = league.clock == "down" and (state.in_break or bool(state.clock_s))
    return state.period > league.periods + before and not timed


def overtime_s(league: League) -> float:
    """Return the length of one overtime period in seconds, a nominal one where it is untimed."""
    return league.overtime_s or UNTIMED_OVERTIME_S


def nominal_s(league: League) -> float:
    """Return the seconds of regulation time, in soccer with the nominal added time."""
    return league.regulation_s + (sum(STOPPAGE_S) if league.clock == "up" else 0.0)


def remaining_s(state: GameState, league: League) -> float:
    """Return the seconds of regulation time left; in overtime, of that overtime period.

    Soccer counts added time that is still to come, and both halves of extra time as one overtime.
    A shoot-out and sports without a clock have 0 seconds.
    """
    if is_shootout(state, league):
        return 0.0
    if league.clock == "down":
        return _down_s(state, league)
    if league.clock == "up":
        return _up_s(state, league)
    return 0.0


def half_inning(state: GameState, league: League) -> HalfInning:
    """Return which half inning is played or about to start.

    Between halves `situation.bottom` names who bats next: home in the same inning, away in the
    one after. Where it is not known who bats, the top of the inning is taken. Before the start
    it is the first half, after the end the one after regulation.
    """
    if state.phase != "in":
        return HalfInning(0 if state.phase == "pre" else 2 * league.periods, 0, 0, fresh=True)
    situation = state.situation
    top = 2 * (state.period - 1) if state.period > 0 else 0
    if situation.between_halves and situation.bottom is not None:
        return HalfInning(top + (1 if situation.bottom else 2), 0, 0, fresh=True)
    half = top + bool(situation.bottom)
    outs = situation.outs or 0
    if outs >= OUTS:
        return HalfInning(half + 1, 0, 0, fresh=True)
    if situation.between_halves:
        return HalfInning(half, 0, 0, fresh=True)
    return HalfInning(half, max(outs, 0), (situation.bases or 0) & 7, False)


def _down_s(state: GameState, league: League) -> float:
    if state.phase != "in":
        return 0.0 if state.phase == "post" else league.regulation_s
    period = state.period if state.period > 0 else 1
    if period <= league.periods:
        later = (league.periods - period) * league.period_s
        if state.in_break:
            return later
        return _clamped(state.clock_s, league.period_s, league.period_s) + later
    if state.in_break:
        return 0.0
    length = overtime_s(league)
    if not league.overtime_s:
        return length / 2
    longest = league.period_s if league.sport in _FULL_PLAY_OFF_OVERTIME else length
    return _clamped(state.clock_s, length, longest)


def _clamped(clock_s: float | None, length: float, longest: float) -> float:
    """Return a clock between 0 and `longest`, a missing one as the middle of `length`."""
    if clock_s is None:
        return length / 2
    # Every live row comes by here, and comparing is a third of the cost of `min` and `max`.
    return clock_s if 0.0 <= clock_s <= longest else min(max(clock_s, 0.0), longest)


def _up_s(state: GameState, league: League) -> float:
    if state.phase != "in":
        return 0.0 if state.phase == "post" else nominal_s(league)
    period = state.period if state.period > 0 else 1
    if period <= league.periods:
        length, added = league.period_s, STOPPAGE_S[period > 1]
        begun = (period - 1) * length
        later = length + STOPPAGE_S[1] if period == 1 else 0.0
    else:
        half = period - league.periods
        length, added = overtime_s(league), STOPPAGE_FLOOR_S
        begun = league.regulation_s + (half - 1) * length
        later = (EXTRA_HALVES - half) * (length + added)
    if state.in_break:
        return later
    clock = begun + length / 2 if state.clock_s is None else max(state.clock_s, begun)
    normal = begun + length - clock
    if normal > 0:
        return normal + added + later
    return max(added + normal, STOPPAGE_FLOOR_S) + later
