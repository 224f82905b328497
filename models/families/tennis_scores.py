"""Scores of tennis as the tables count them, whatever a scoreboard says.

The feed may say 6-4 before it says one more set: a set that is won is counted as one, at 0-0 in
the next. Counts that no match has are cut to the nearest that one has. Games from 5-5 on and
points from deuce on only say who is ahead. All that is done once for every score there may be, so
that a row takes three lookups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.families.tennis_tables import GAME, MOST_GAMES, SET, TIEBREAK, UNKNOWN, Whole
from models.protocol import Floats

MOST_SETS, MOST_IN_SET, MOST_POINTS = 5, 40, 40
"""Numbers of a scoreboard are cut here; a set of 70-68 was the longest ever, and is none now."""

_COUNTS = (
    "sets_home",
    "sets_away",
    "games_home",
    "games_away",
    "points_home",
    "points_away",
    "best_of",
)
EARLIER = ("earlier_home", "earlier_away")
"""The games of the sets before the one in play: columns that may be there or not."""

_LIMITS = np.array([MOST_SETS, MOST_SETS, MOST_IN_SET, MOST_IN_SET, MOST_POINTS, MOST_POINTS, 5.0])
_OPEN, _DECIDING, _OVER = 0, 1, 2


class Scores(NamedTuple):
    """Scores of rows, shape (n,) or (2, n) for both players.

    `need` are the sets that win, `games` and `points` those in play as the tables count them, in a
    tie break where `tie` is 1. `server` is 0, 1 or 2 for unknown. `played` are the games of the
    set as they were told, `turns` how often the serve has changed in the tie break.
    """

    need: Whole
    sets: Whole
    games: Whole
    points: Whole
    tie: Whole
    server: Whole
    played: Whole
    turns: Whole


def scores(columns: Mapping[str, Floats]) -> Scores:
    """Return the scores of rows."""
    counts = np.array([columns[name] for name in _COUNTS])
    whole = np.fmin(np.fmax(counts, 0.0), _LIMITS[:, None]).astype(np.int64)
    home, away, stage, need = _SETS[whole[6], whole[0], whole[1]].T
    flagged = (columns["tiebreak"] > 0.0).astype(np.int64)
    found = _GAMES[stage, flagged, whole[2], whole[3]].T
    tie = found[4]
    side = columns["server"]
    return Scores(
        need=need,
        sets=np.array([home, away]) + found[0:2],
        games=found[2:4],
        points=_POINTS[tie + found[5], whole[4], whole[5]].T,
        tie=tie,
        server=(side < 0.0) + UNKNOWN * (side == 0.0),
        played=whole[2:4],
        # One point is served by the first player of a tie break, then two by each.
        turns=tie * ((whole[4] + whole[5] + 1) // 2),
    )


def match_games(columns: Mapping[str, Floats], at: Scores) -> tuple[Whole, Whole]:
    """Return who served the first game of the match, and the games of both players in all of it.

    The players serve in turn, from set to set too, so that the server now tells the first one.
    """
    earlier = np.array([columns[name] for name in EARLIER])
    total = np.fmin(np.fmax(earlier, 0.0), _LIMITS[2] * MOST_SETS).astype(np.int64) + at.played
    total = np.maximum(total - np.maximum(np.maximum(*total) - (MOST_GAMES - 1), 0), 0)
    first = (at.server + at.turns + total[0] + total[1]) % 2
    return np.where(at.server == UNKNOWN, UNKNOWN, first), total


def _sets_table() -> Whole:
    """Return sets of both players, the stage and the sets that win, by best of and sets told."""
    best_of, home, away = np.indices((6, MOST_SETS + 1, MOST_SETS + 1))
    need = np.where(best_of > 4, 3, 2)
    # Both cannot have won: at 2-2 in a best of three a deciding set is played.
    extra = np.maximum(np.minimum(home, away) - (need - 1), 0)
    home, away = np.minimum(home - extra, need), np.minimum(away - extra, need)
    stage = np.where(np.minimum(home, away) == need - 1, _DECIDING, _OPEN)
    stage = np.where(np.maximum(home, away) == need, _OVER, stage)
    return np.stack([home, away, stage, need], axis=-1)


def _games_table() -> Whole:
    """Return what the games of a set say, by stage, tie-break flag and the games of both players.

    In turn for both players: the sets won by them and the games in play; then 1 in a tie break,
    and 2 where the points count no more since the set is won.
    """
    stage, flagged, home, away = np.indices((3, 2, MOST_IN_SET + 1, MOST_IN_SET + 1))
    low, top = np.minimum(home, away), np.maximum(home, away)
    # 7-6 has won a set but for one that goes on until somebody is two games ahead.
    by_tie = (top == SET + 1) & (low == SET) & (stage != _DECIDING)
    won = (top >= SET) & ((top - low >= 2) | by_tie) & (stage != _OVER)
    tie = (flagged == 1) & (low == SET) & (top == SET) & ~won
    home_won, away_won = won & (home > away), won & (away > home)
    home, away = np.where(won, 0, home), np.where(won, 0, away)
    beyond = np.where(tie | won, 0, np.maximum(low - (SET - 1), 0))
    playing = [np.minimum(home - beyond, SET), np.minimum(away - beyond, SET)]
    return np.stack([home_won, away_won, *playing, tie, 2 * won], axis=-1)


def _points_table() -> Whole:
    """Return points as the tables count them, by what they are of: a game, a tie break, nothing."""
    kind, home, away = np.indices((3, MOST_POINTS + 1, MOST_POINTS + 1))
    need = np.where(kind == 1, TIEBREAK, GAME)
    extra = np.maximum(np.minimum(home, away) - (need - 1), 0)
    counted = np.minimum(np.stack([home - extra, away - extra], axis=-1), need[..., None])
    return np.asarray(counted * (kind != 2)[..., None], dtype=np.int64)


_SETS, _GAMES, _POINTS = _sets_table(), _games_table(), _points_table()
