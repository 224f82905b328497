"""The columns that models read, from the states of live games.

Every column is a float64 array with one number a row; the sides are home and away, in tennis the
first and the second player. What the feed does not say is NaN, or 0 where the vocabulary has a
number for it. Every state the parsers can produce has its numbers, the absurd ones too:
`fusion.clock` says how clocks are clamped.

    all          lead, home_score, away_score, prior_home, prior_draw, prior_away, prior_known
                 (0: only a league's rate), overtime (its number, 0 in regulation), in_break,
                 neutral
    timed        remaining_s (of regulation, in overtime of that period), regulation_s, overtime_s,
                 period
    football     possession (+1, -1, 0 unknown), down (0 unknown), distance, yards_to_goal,
                 home_timeouts, away_timeouts, half_left_s
    soccer       home_reds, away_reds
    baseball     half (counted from 0, even: away bats), outs, bases, fresh, runner_rule, innings
    tennis       sets_home, sets_away, games_home, games_away, best_of, server (+1, -1, 0 unknown),
                 points_home, points_away, tiebreak
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import nan

import numpy as np

from fusion.clock import (
    half_inning,
    is_shootout,
    nominal_s,
    overtime_period,
    overtime_s,
    remaining_s,
)
from fusion.frames import NS_PER_S
from fusion.game import GameState, SetScore
from fusion.leagues import League, Sport
from models.protocol import Columns, Floats, Prior

COMMON = (
    "lead",
    "home_score",
    "away_score",
    "prior_home",
    "prior_draw",
    "prior_away",
    "prior_known",
    "overtime",
    "in_break",
    "neutral",
)
TIMED = ("remaining_s", "period")
LENGTHS = ("regulation_s", "overtime_s")
HALVES = ("half_left_s",)
FOOTBALL = (
    "possession",
    "down",
    "distance",
    "yards_to_goal",
    "home_timeouts",
    "away_timeouts",
)
SOCCER = ("home_reds", "away_reds")
BASEBALL = ("half", "outs", "bases", "fresh", "runner_rule", "innings")
TENNIS = (
    "sets_home",
    "sets_away",
    "games_home",
    "games_away",
    "best_of",
    "server",
    "points_home",
    "points_away",
    "tiebreak",
)

RUNNER_RULE_FROM = 2020
"""The season since which extra innings of the regular season begin with a runner on second."""

PLAY_OFFS_FROM = (10, 3)
"""Play-offs, which have no such runner, are told by month and day: the feed does not name them."""

LAST_SECOND_S = 1.0
"""A running game has at least this long to go: 0:00 on the clock is not the end of a game."""

FIELD_YARDS = 100
DOWNS = (1, 2, 3, 4)
TIEBREAK_AT = 6

_SIGN = {"home": 1.0, "away": -1.0, None: 0.0}
_NO_SET = SetScore(0, 0)

Row = tuple[float, ...]


def column_names(sport: Sport) -> tuple[str, ...]:
    """Return the names of the columns of a sport; none for one that has no columns."""
    if sport not in _SPORTS:
        return ()
    own, names = _SPORTS[sport]
    lengths = LENGTHS if own in _TIMED else ()
    return (*COMMON, *names, *lengths, *(HALVES if sport == "football" else ()))


def half_left(remaining_s: Floats, period: Floats, league: League) -> Floats:
    """Return the seconds left before half-time, or before the end of regulation or overtime."""
    first = 2.0 * period <= league.periods
    return np.where(first, np.maximum(remaining_s - league.regulation_s / 2, 0.0), remaining_s)


def columns(states: Sequence[GameState], priors: Sequence[Prior], league: League) -> Columns:
    """Return the columns of games of one league, row i from `states[i]` and `priors[i]`."""
    if league.sport not in _SPORTS:
        return {}
    own, names = _SPORTS[league.sport]
    rows = [
        (*_common(state, prior, league), *own(state, league))
        for state, prior in zip(states, priors, strict=True)
    ]
    names = (*COMMON, *names)
    numbers = np.array(rows, dtype=np.float64).reshape(len(rows), len(names)).T.copy()
    made: dict[str, Floats] = dict(zip(names, numbers, strict=True))
    if own in _TIMED:
        made["regulation_s"] = np.full(len(rows), nominal_s(league))
        made["overtime_s"] = np.full(len(rows), overtime_s(league))
    if league.sport == "football":
        made["half_left_s"] = half_left(made["remaining_s"], made["period"], league)
    return made


def _common(state: GameState, prior: Prior, league: League) -> Row:
    home, away = state.home_score, state.away_score
    return (
        home - away,
        home,
        away,
        prior.home,
        prior.draw,
        prior.away,
        prior.source != "league",
        overtime_period(state, league),
        state.in_break,
        state.neutral_site,
    )


def _timed(state: GameState, league: League) -> Row:
    left = remaining_s(state, league)
    # In a break a level game goes on in overtime and any other is over, to the second.
    if left < LAST_SECOND_S and not state.in_break and not is_shootout(state, league):
        left = LAST_SECOND_S
    return left, max(1, state.period)


def _football(state: GameState, league: League) -> Row:
    at = state.situation
    # The feed keeps the old down and distance after scores and in breaks: they count only
    # together with a side in possession.
    side, spot = _SIGN[at.possession], at.yards_to_goal
    placed = side and spot is not None and 0 <= spot <= FIELD_YARDS
    down = at.down if placed and at.down in DOWNS else 0
    return (
        *_timed(state, league),
        side,
        down or 0,
        at.distance if down and at.distance is not None else nan,
        spot if placed and spot is not None else nan,
        nan if at.home_timeouts is None else at.home_timeouts,
        nan if at.away_timeouts is None else at.away_timeouts,
    )


def _soccer(state: GameState, league: League) -> Row:
    return *_timed(state, league), state.situation.home_reds, state.situation.away_reds


def _baseball(state: GameState, league: League) -> Row:
    at = half_inning(state, league)
    return at.half, at.outs, at.bases, at.fresh, _runner_rule(state.start_ns), league.periods


@lru_cache(maxsize=4096)
def _runner_rule(start_ns: int) -> bool:
    start = datetime.fromtimestamp(start_ns // NS_PER_S, tz=UTC)
    return start.year >= RUNNER_RULE_FROM and (start.month, start.day) < PLAY_OFFS_FROM


def _tennis(state: GameState, league: League) -> Row:
    """Return sets, games of the set in play and server; between two sets the games are 0-0."""
    last = state.sets[-1] if state.sets else _NO_SET
    playing = last if last.winner is None else _NO_SET
    return (
        state.home_score,
        state.away_score,
        playing.home,
        playing.away,
        state.best_of or league.periods,
        _SIGN[state.situation.server],
        nan,
        nan,
        playing.home == playing.away == TIEBREAK_AT,
    )


_TIMED = frozenset({_timed, _football, _soccer})
_SPORTS: dict[Sport, tuple[Callable[[GameState, League], Row], tuple[str, ...]]] = {
    "basketball": (_timed, TIMED),
    "hockey": (_timed, TIMED),
    "football": (_football, (*TIMED, *FOOTBALL)),
    "soccer": (_soccer, (*TIMED, *SOCCER)),
    "baseball": (_baseball, BASEBALL),
    "tennis": (_tennis, TENNIS),
}
