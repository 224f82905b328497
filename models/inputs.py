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
    basketball   possession (+1, -1, 0 unknown, as it is live)
    football     possession, down (0 unknown), distance, yards_to_goal, home_timeouts,
                 away_timeouts, second_half_ball (+1 where home receives after half-time, -1, 0
                 unknown, as it is live), half_left_s
    soccer       home_reds, away_reds
    baseball     half (counted from 0, even: away bats), outs, bases, fresh, runner_rule, innings
    tennis       sets_home, sets_away, games_home, games_away, earlier_home, earlier_away (games of
                 the sets before), best_of, server (+1, -1, 0 unknown), points_home, points_away,
                 tiebreak

Files of past games know more, and some columns are theirs alone: live nobody tells the possession
in basketball, `second_half_ball` or the points of a tennis game. Cricket (`models.offline`) has no
states at all, and its columns are told by `models.families.cricket`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from math import nan
from typing import NamedTuple

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
    "second_half_ball",
)
SOCCER = ("home_reds", "away_reds")
BASKETBALL = ("possession",)
BASEBALL = ("half", "outs", "bases", "fresh", "runner_rule", "innings")
TENNIS = (
    "sets_home",
    "sets_away",
    "games_home",
    "games_away",
    "earlier_home",
    "earlier_away",
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
    return (*_SPORTS[sport].names, *(HALVES if sport == "football" else ()))


def half_left(remaining_s: Floats, period: Floats, league: League) -> Floats:
    """Return the seconds left before half-time, or before the end of regulation or overtime."""
    first = period <= league.periods / 2
    left: Floats = np.maximum(remaining_s - league.regulation_s / 2 * first, 0.0)
    return left


def columns(states: Sequence[GameState], priors: Sequence[Prior], league: League) -> Columns:
    """Return the columns of games of one league, row i from `states[i]` and `priors[i]`."""
    if league.sport not in _SPORTS:
        return {}
    row, names, timed = _SPORTS[league.sport]
    lengths = (nominal_s(league), overtime_s(league)) if timed else ()
    rows = [
        (*_common(state, prior, league), *row(state, league), *lengths)
        for state, prior in zip(states, priors, strict=True)
    ]
    # One flat row of numbers is read in two thirds of the time that rows of them take.
    flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * len(names))
    numbers = flat.reshape(len(rows), len(names)).T.copy()
    made: dict[str, Floats] = dict(zip(names, numbers, strict=True))
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
    # In a break any game that is not level is over, to the second; a level one goes on in overtime.
    leads = state.home_score != state.away_score
    if left < LAST_SECOND_S and leads and not state.in_break and not is_shootout(state, league):
        left = LAST_SECOND_S
    return left, state.period if state.period > 0 else 1


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
        # Who kicked off first is in no single state, only in files of past games.
        0.0,
    )


def _basketball(state: GameState, league: League) -> Row:
    return *_timed(state, league), _SIGN[state.situation.possession]


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
    """Return sets, games and server; between two sets the games of the one in play are 0-0."""
    playing, earlier_home, earlier_away = _NO_SET, 0, 0
    for each in state.sets:
        if each.winner is None:
            playing = each
        else:
            earlier_home += each.home
            earlier_away += each.away
    return (
        state.home_score,
        state.away_score,
        playing.home,
        playing.away,
        earlier_home,
        earlier_away,
        state.best_of or league.periods,
        _SIGN[state.situation.server],
        nan,
        nan,
        playing.home == playing.away == TIEBREAK_AT,
    )


class _Columns(NamedTuple):
    """How a row of a sport is made of a state, and what its numbers are called."""

    row: Callable[[GameState, League], Row]
    names: tuple[str, ...]
    timed: bool


def _named(
    row: Callable[[GameState, League], Row], *own: str, lengths: tuple[str, ...] = ()
) -> _Columns:
    return _Columns(row, (*COMMON, *own, *lengths), bool(lengths))


_SPORTS: dict[Sport, _Columns] = {
    "basketball": _named(_basketball, *TIMED, *BASKETBALL, lengths=LENGTHS),
    "hockey": _named(_timed, *TIMED, lengths=LENGTHS),
    "football": _named(_football, *TIMED, *FOOTBALL, lengths=LENGTHS),
    "soccer": _named(_soccer, *TIMED, *SOCCER, lengths=LENGTHS),
    "baseball": _named(_baseball, *BASEBALL),
    "tennis": _named(_tennis, *TENNIS),
}
