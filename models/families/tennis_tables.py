"""The chances of games, tie breaks, sets and matches when every point is independent.

A match is a recursion: points make games, games sets, and sets the match (Newton and Keller,
"Probability of winning at tennis", 2005). All it takes are the chances of the two players to win
a point on their own serve. Those are put on a grid of strengths: at strength `d` player 1 wins a
point on serve with log odds `level + d`, player 2 with `level - d`. Every table has the grid as
its last axis, so that one pass over the scores serves all strengths.

Who serves first in a set does not change who wins it, so that a set has one chance.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from models.protocol import Floats

Whole = npt.NDArray[np.int64]
Places = Whole | npt.NDArray[np.bool_] | int

STRENGTHS: Floats = np.linspace(-1.2, 1.2, 41)
"""The grid; at its ends a set is as good as won."""

GAME = 4
TIEBREAK = 7
SET = 6
"""Points and games that win if two ahead; a tie break decides a set at 6-6."""

MATCHES = (2, 3)
MOST_SETS = max(MATCHES)
"""Sets that win a match, of three or of five."""

MOST_GAMES = 36
"""Games of one player that count as evidence; of longer matches equal games are left out."""

UNKNOWN = 2
SERVERS = 3
"""Server 0 is player 1, 1 is player 2, and 2 is nobody knows who."""

_SCORES = SET + 1
_GAME_POINTS = GAME + 1
_TIE_POINTS = TIEBREAK + 1
_FIRST_TIE = _SCORES * _SCORES * SERVERS * _GAME_POINTS * _GAME_POINTS
_FIRST_TIE_POINTS = SERVERS * _GAME_POINTS * _GAME_POINTS
_LEAST = 1e-280


class Tables(NamedTuple):
    """What does not depend on what is known of the players, by strength along the last axis.

    `set_won` is the chance that player 1 wins the set in play, by `set_place`; `games` the log
    likelihood of games in turn, by `game_place`; `points` that of the points in play, by
    `point_place`. `lost` is the chance of the match if the set in play is lost, and `swing` what
    winning it adds, both by `match_place`. `one_set` is the chance of a set.
    """

    set_won: Floats
    games: Floats
    points: Floats
    lost: Floats
    swing: Floats
    one_set: Floats

    def match(self, need: int) -> Floats:
        """Return the chance of a whole match that `need` sets win."""
        start = match_place(need, 0, 0)
        chance: Floats = self.lost[start] + self.one_set * self.swing[start]
        return chance


@lru_cache(maxsize=8)
def tables(level: float) -> Tables:
    """Return the tables of a tour; `level` is the log odds of a point on serve.

    They take some 20 ms to make and are remembered.
    """
    serve = np.stack([expit(level + STRENGTHS), expit(level - STRENGTHS)])
    second = 1.0 - np.swapaxes(game(serve[1]), 0, 1)
    game_won = np.stack([game(serve[0]), second])
    ties = tiebreak(serve[0], 1.0 - serve[1])
    sets = set_won(game_won[:, 0, 0], ties[:, 0, 0])
    # A game is won or lost, and then the other player serves.
    won, lost = sets[::-1, 1:, :_SCORES], sets[::-1, :_SCORES, 1:]
    won, lost = won[:, :, :, None, None], lost[:, :, :, None, None]
    in_game = np.moveaxis(lost + game_won[:, None, None] * (won - lost), 0, 2)
    won_set, lost_set = _matches(sets[0, 0, 0])
    flat = (-1, STRENGTHS.size)
    return Tables(
        set_won=np.concatenate(
            [_either(in_game, 2).reshape(flat), _either(ties, 0).reshape(flat)], axis=0
        ),
        games=_games(game_won[:, 0, 0]).reshape(flat),
        points=_points(serve),
        lost=lost_set.reshape(flat),
        swing=(won_set - lost_set).reshape(flat),
        one_set=sets[0, 0, 0],
    )


def set_place(games: Whole, server: Places, points: Whole, tie: Places) -> Whole:
    """Return the rows of `set_won`; games and points are those of both players, shape (2, n).

    Points are counted from 0 to 4 in a game and to 7 in a tie break; one ahead at 3-3 or 6-6 is
    4-3 or 7-6.
    """
    in_game = (games[0] * _SCORES + games[1]) * SERVERS + server
    in_game = (in_game * _GAME_POINTS + points[0]) * _GAME_POINTS + points[1]
    in_tie = (server * _TIE_POINTS + points[0]) * _TIE_POINTS + points[1]
    place: Whole = np.where(tie, _FIRST_TIE + in_tie, in_game)
    return place


def point_place(server: Places, points: Whole, tie: Places) -> Whole:
    """Return the rows of `points`, counted as for `set_place`."""
    in_game = (server * _GAME_POINTS + points[0]) * _GAME_POINTS + points[1]
    in_tie = _FIRST_TIE_POINTS + points[0] * _TIE_POINTS + points[1]
    place: Whole = np.where(tie, in_tie, in_game)
    return place


def game_place(first: Places, home: Places, away: Places) -> Places:
    """Return the rows of `games`, by who served first and the games of both players."""
    return (first * MOST_GAMES + home) * MOST_GAMES + away


def match_place(need: Places, home: Places, away: Places) -> Places:
    """Return the rows of `lost` and `swing`, by the sets that win and those of both players."""
    return (need * (MOST_SETS + 1) + home) * (MOST_SETS + 1) + away


def _over() -> Floats:
    """Return 1 or 0 where a player has the sets that win, NaN elsewhere, by `match_place`."""
    need, home, away = np.indices((MOST_SETS + 1,) * 3).reshape(3, -1)
    return np.where(home >= need, 1.0, np.where(away >= need, 0.0, np.nan))


OVER: Floats = _over()
"""Who has won a match, by `match_place`: 1 player 1, 0 player 2, NaN nobody yet."""


def game(serve: Floats) -> Floats:
    """Return the chance of the server, by points of server and receiver, shape (5, 5, ...)."""
    other = 1.0 - serve
    deuce = serve**2 / (serve**2 + other**2)
    won = np.zeros((_GAME_POINTS, _GAME_POINTS, *serve.shape))
    won[GAME, : GAME - 1] = 1.0
    won[3, 3] = won[4, 4] = deuce
    won[4, 3] = serve + other * deuce
    won[3, 4] = serve * deuce
    for i, j in _downwards(3, 3):
        won[i, j] = serve * won[i + 1, j] + other * won[i, j + 1]
    return won


def tiebreak(served: Floats, returned: Floats) -> Floats:
    """Return the chance of player 1, by server of the next point and points, shape (2, 8, 8, ...).

    `served` and `returned` are the chances of player 1 in a point on either serve. The first
    point is served by one player, then each serves two.
    """
    point = np.stack([served, returned])
    won = np.zeros((2, _TIE_POINTS, _TIE_POINTS, *served.shape))
    won[:, TIEBREAK, : TIEBREAK - 1] = 1.0
    both, neither = served * returned, (1.0 - served) * (1.0 - returned)
    level = both / (both + neither)
    won[:, 6, 6] = won[:, 7, 7] = level
    won[:, 7, 6] = point + (1.0 - point) * level
    won[:, 6, 7] = point * level
    for i, j in _downwards(6, 6):
        # After an odd number of points the same player serves once more.
        by_next = slice(None) if (i + j) % 2 else slice(None, None, -1)
        won[:, i, j] = point * won[by_next, i + 1, j] + (1.0 - point) * won[by_next, i, j + 1]
    return won


def set_won(game_won: Floats, tie: Floats) -> Floats:
    """Return the chance of player 1 to win a set, by server and games, shape (2, 8, 8, ...).

    `game_won` and `tie` are those in a game and in a tie break that either begins to serve.
    """
    won = np.zeros((2, SET + 2, SET + 2, *game_won.shape[1:]))
    won[:, SET, : SET - 1] = 1.0
    won[:, SET + 1] = 1.0
    won[:, SET, SET] = tie
    for i, j in [(6, 5), (5, 6), *_downwards(5, 5, skip=False)]:
        later = won[::-1, i, j + 1]
        won[:, i, j] = later + game_won * (won[::-1, i + 1, j] - later)
    return won


def _downwards(i: int, j: int, *, skip: bool = True) -> list[tuple[int, int]]:
    """Return all scores up to (i, j), those with the most points first; (i, j) itself if asked."""
    scores = [(a, b) for a in range(i + 1) for b in range(j + 1)]
    return sorted(scores, key=sum, reverse=True)[int(skip) :]


def _matches(one_set: Floats) -> tuple[Floats, Floats]:
    """Return the chance of the match if the set in play is won and if it is lost.

    Both by the sets that win a match, and the sets of both players; 0 where the match is over.
    """
    after = np.zeros((2, MOST_SETS + 1, MOST_SETS + 1, MOST_SETS + 1, one_set.size))
    for need in MATCHES:
        match = np.zeros((need + 1, need + 1, one_set.size))
        match[need] = 1.0
        for i, j in _downwards(need - 1, need - 1, skip=False):
            match[i, j] = one_set * match[i + 1, j] + (1.0 - one_set) * match[i, j + 1]
        after[:, need, :need, :need] = match[1:, :need], match[:need, 1:]
    return after[0], after[1]


def _games(game_won: Floats) -> Floats:
    """Return the log likelihood of games that the players serve in turn.

    Sets do not break the turns, and a tie break counts as a game: its first server has his turn.
    """
    size = MOST_GAMES
    likelihood = np.zeros((2, size, size, STRENGTHS.size))
    likelihood[:, 0, 0] = 1.0
    for played in range(2 * size - 2):
        served = game_won if played % 2 == 0 else game_won[::-1]
        a = np.arange(max(0, played - size + 1), min(played, size - 1) + 1)
        b = played - a
        so_far = likelihood[:, a, b]
        won, lost = a < size - 1, b < size - 1
        likelihood[:, a[won] + 1, b[won]] += (served[:, None] * so_far)[:, won]
        likelihood[:, a[lost], b[lost] + 1] += ((1.0 - served[:, None]) * so_far)[:, lost]
    return np.log(np.maximum(_either(likelihood, 0), _LEAST))


def _points(serve: Floats) -> Floats:
    """Return the log likelihood of points, but for the number of orders they may have come in.

    In a tie break both serve about as often, and the mean chance of a point stands for them.
    """
    counts = np.arange(_TIE_POINTS)[:, None, None]
    point = np.stack([serve[0], 1.0 - serve[1]])
    own, other = np.log(point)[:, None, None], np.log(1.0 - point)[:, None, None]
    i, j = counts[:_GAME_POINTS], counts[:_GAME_POINTS].swapaxes(0, 1)
    in_game = _either(i * own + j * other, 0)
    mean = point.mean(axis=0)
    in_tie = counts * np.log(mean) + counts.swapaxes(0, 1) * np.log(1.0 - mean)
    flat = (-1, STRENGTHS.size)
    return np.concatenate([in_game.reshape(flat), in_tie.reshape(flat)], axis=0)


def _either(by_server: Floats, axis: int) -> Floats:
    """Return a table with the mean of both servers beside them."""
    mean = by_server.mean(axis=axis, keepdims=True)
    return np.concatenate([by_server, mean], axis=axis)
