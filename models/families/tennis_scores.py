"""Where the score of a tennis match stands in the tables, whatever a scoreboard says.

The feed may say 6-4 before it says one more set: a set that is won is counted as one, at 0-0 in
the next. Counts that no match has are cut to the nearest that one has. Games from 5-5 on and
points from deuce on only say who is ahead. All that is done once for every score there may be, so
that a row takes four lookups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.families.tennis_tables import (
    GAME,
    MOST_GAMES,
    SET,
    TIEBREAK,
    UNKNOWN,
    Whole,
    game_place,
    match_place,
    point_place,
    set_place,
)
from models.protocol import Floats

MOST_SETS, MOST_IN_SET, MOST_POINTS, MOST_EARLIER = 5, 40, 40, 60
"""Numbers of a scoreboard are cut here; a set of 70-68 was the longest ever, and is none now."""

_COUNTS = (
    "sets_home",
    "sets_away",
    "games_home",
    "games_away",
    "points_home",
    "points_away",
    "earlier_home",
    "earlier_away",
    "best_of",
)
_LIMITS = np.array([*np.repeat([MOST_SETS, MOST_IN_SET, MOST_POINTS, MOST_EARLIER], 2), 5.0])
_BY_SETS, _BY_GAMES, _BY_POINTS = MOST_SETS + 1, MOST_IN_SET + 1, MOST_POINTS + 1
_BY_TOTAL = MOST_EARLIER + MOST_IN_SET + 1
_STRIDES = np.array(
    [
        [_BY_SETS, 1, 0, 0, 0, 0, 0, 0, _BY_SETS**2],
        [0, 0, _BY_GAMES, 1, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, _BY_POINTS, 1, 0, 0, 0],
        [0, 0, _BY_TOTAL, 1, 0, 0, _BY_TOTAL, 1, 0],
    ]
)
"""What makes a row number of the four tables below of the counts."""

_OPEN, _DECIDING, _OVER = 0, 1, 2
_IN_GAME, _IN_TIE, _NOWHERE = 0, 1, 2


class Places(NamedTuple):
    """Rows of the tables that `models.families.tennis_tables` makes, each of shape (n,).

    `need` are the sets that win.
    """

    need: Whole
    match: Whole
    set_: Whole
    points: Whole
    games: Whole


def places(columns: Mapping[str, Floats]) -> Places:
    """Return where the scores of rows stand."""
    counts = np.array([columns[name] for name in _COUNTS])
    whole = np.fmin(np.fmax(counts, 0.0), _LIMITS[:, None]).astype(np.int64)
    sets, games, points, total = _STRIDES @ whole
    match, need, stage = _SETS.take(sets, axis=1)
    games += stage + _BY_GAMES**2 * (columns["tiebreak"] > 0.0)
    won, in_set, set_turn, at_point, point_turn, kind = _GAMES.take(games, axis=1)
    point, turns = _POINTS.take(kind + points, axis=1)
    side = columns["server"]
    server = (side < 0.0) + UNKNOWN * (side == 0.0)
    played, parity = _TOTALS.take(total, axis=1)
    # The players serve in turn, from set to set too: the server now tells who was the first.
    first = np.where(server == UNKNOWN, UNKNOWN, (server + turns + parity) % 2)
    return Places(
        need=need,
        match=match + won,
        set_=in_set + set_turn * server + point,
        points=at_point + point_turn * server + point,
        games=game_place(first, 0, 0) + played,
    )


def _sets_table() -> Whole:
    """Return the place of the match, the sets that win and the stage, by best of and sets told."""
    best_of, home, away = np.indices((6, _BY_SETS, _BY_SETS)).reshape(3, -1)
    need = np.where(best_of > 4, 3, 2)
    # Both cannot have won: at 2-2 in a best of three a deciding set is played.
    extra = np.maximum(np.minimum(home, away) - (need - 1), 0)
    home, away = np.minimum(home - extra, need), np.minimum(away - extra, need)
    stage = np.where(np.minimum(home, away) == need - 1, _DECIDING, _OPEN)
    stage = np.where(np.maximum(home, away) == need, _OVER, stage)
    return np.stack([match_place(need, home, away), need, stage * 2 * _BY_GAMES**2])


def _games_table() -> Whole:
    """Return what the games of a set say, by stage, tie-break flag and the games of both players.

    In turn: what a set that they have won adds to the place of the match; the place in the set
    and what the second server adds to it; the same of the points; where the points are looked up.
    """
    stage, flagged, home, away = np.indices((3, 2, _BY_GAMES, _BY_GAMES)).reshape(4, -1)
    low, top = np.minimum(home, away), np.maximum(home, away)
    # 7-6 has won a set but for one that goes on until somebody is two games ahead.
    by_tie = (top == SET + 1) & (low == SET) & (stage != _DECIDING)
    won = (top >= SET) & ((top - low >= 2) | by_tie) & (stage != _OVER)
    tie = (flagged == 1) & (low == SET) & (top == SET) & ~won
    match = match_place(0, won & (home > away), won & (away > home))
    home, away = np.where(won, 0, home), np.where(won, 0, away)
    beyond = np.where(tie | won, 0, np.maximum(low - (SET - 1), 0))
    games = np.stack([np.minimum(home - beyond, SET), np.minimum(away - beyond, SET)])
    nil = np.zeros_like(games)
    in_set, other_set = (set_place(games, server, nil, tie) for server in (0, 1))
    point, other_point = (point_place(np.full_like(home, server), nil, tie) for server in (0, 1))
    kind = np.where(won, _NOWHERE, np.where(tie, _IN_TIE, _IN_GAME)) * _BY_POINTS**2
    return np.stack([match, in_set, other_set - in_set, point, other_point - point, kind])


def _points_table() -> Whole:
    """Return the place of points and how often the serve has changed in a tie break.

    Both by what the points are of: a game, a tie break, or nothing since the set is won.
    """
    kind, home, away = np.indices((3, _BY_POINTS, _BY_POINTS)).reshape(3, -1)
    tie = kind == _IN_TIE
    need = np.where(tie, TIEBREAK, GAME)
    extra = np.maximum(np.minimum(home, away) - (need - 1), 0)
    counted = np.stack([np.minimum(home - extra, need), np.minimum(away - extra, need)])
    counted *= kind != _NOWHERE
    start = point_place(0, np.zeros_like(counted), tie)
    # One point is served by the first player of a tie break, then two by each.
    return np.stack([point_place(0, counted, tie) - start, tie * ((home + away + 1) // 2)])


def _totals_table() -> Whole:
    """Return the place of the games of the whole match, and whether they are odd.

    Of more games than the tables have equal ones are left out.
    """
    total = np.indices((_BY_TOTAL, _BY_TOTAL)).reshape(2, -1)
    total = np.maximum(total - np.maximum(total.max(axis=0) - (MOST_GAMES - 1), 0), 0)
    return np.stack([game_place(0, total[0], total[1]), total.sum(axis=0) % 2])


_SETS, _GAMES = _sets_table(), _games_table()
_POINTS, _TOTALS = _points_table(), _totals_table()
