"""Tennis: points make games, games make sets, sets make matches, all of them exactly.

Each side wins a point of its own serve with a probability that never changes, and they serve in
turn, so that a match is a chain of games: the chain over (sets, games, server) is solved by
recursion. A tie break is played at six games all: to seven points, to ten in the last set. After
every game that does not end the match either side retires with a small probability that does not
depend on the score; the chain counts it.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

Player = Literal["home", "away"]
SET_GAMES = 6
GAME_POINTS = 4
TIE_BREAK, MATCH_TIE_BREAK = 7, 10


def other(player: Player) -> Player:
    """Return the opponent."""
    return "away" if player == "home" else "home"


class Score(msgspec.Struct, frozen=True):
    """Where a match stands between two games; `server` serves the next one."""

    sets: tuple[int, int]
    games: tuple[int, int]
    server: Player

    @property
    def in_tie_break(self) -> bool:
        """Whether the next game is a tie break."""
        return self.games == (SET_GAMES, SET_GAMES)


class TennisChain:
    """Home's exact chance of a match in every state.

    `home` and `away` are the chances of a point on the own serve, both between 0 and 1; `retires`
    the chance that a given side retires after a game.
    """

    def __init__(self, home: float, away: float, best_of: int, retires: float) -> None:
        self.best_of = best_of
        self.retires = retires
        self._points: dict[Player, float] = {"home": home, "away": 1.0 - away}
        self._match = cache(self._solve_match)
        self._game = cache(self._solve_game)
        self._tie_break = cache(self._solve_tie_break)

    @property
    def to_win(self) -> int:
        """The sets that win the match."""
        return self.best_of // 2 + 1

    def is_over(self, score: Score) -> bool:
        """Return whether a side has the sets it needs."""
        return max(score.sets) == self.to_win

    def target(self, score: Score) -> int:
        """Return the points that the next game, or tie break, takes at least."""
        if not score.in_tie_break:
            return GAME_POINTS
        return MATCH_TIE_BREAK if sum(score.sets) == self.best_of - 1 else TIE_BREAK

    def server(self, score: Score, points: tuple[int, int]) -> Player:
        """Return who serves the next point; in a tie break one, then two each."""
        turns = (sum(points) + 1) // 2 if score.in_tie_break else 0
        return other(score.server) if turns % 2 else score.server

    def home_point(self, score: Score, points: tuple[int, int]) -> float:
        """Return home's chance of the next point."""
        return self._points[self.server(score, points)]

    def after_game(self, score: Score, *, home: bool) -> Score:
        """Return the score after a game that home wins or loses."""
        games = (score.games[0] + home, score.games[1] + (not home))
        server = other(score.server)
        most, least = max(games), min(games)
        if (most >= SET_GAMES and most - least >= 2) or most > SET_GAMES:
            return Score((score.sets[0] + home, score.sets[1] + (not home)), (0, 0), server)
        return Score(score.sets, games, server)

    def home_win(self, score: Score, points: tuple[int, int] = (0, 0)) -> float:
        """Return home's chance of the match at the points of the game that is on."""
        if self.is_over(score):
            return float(score.sets[0] == self.to_win)
        game = self.home_game(score, points)
        won, lost = (self._between(self.after_game(score, home=home)) for home in (True, False))
        return game * won + (1.0 - game) * lost

    def home_game(self, score: Score, points: tuple[int, int]) -> float:
        """Return home's chance of the game that is on, or of the tie break."""
        if score.in_tie_break:
            return self._tie_break(score.server, self.target(score), *points)
        return self._game(score.server, *points)

    def _between(self, score: Score) -> float:
        """Return home's chance after a game, while it is open who retires."""
        if self.is_over(score):
            return float(score.sets[0] == self.to_win)
        return self.retires + (1.0 - 2.0 * self.retires) * self._match(score)

    def _solve_match(self, score: Score) -> float:
        return self.home_win(score)

    def _solve_game(self, server: Player, home: int, away: int) -> float:
        point = self._points[server]
        if home >= GAME_POINTS - 1 and away >= GAME_POINTS - 1:
            both, neither = point * point, (1.0 - point) ** 2
            deuce = both / (both + neither)
            if home == away:
                return deuce
            return point + (1.0 - point) * deuce if home > away else point * deuce
        if max(home, away) == GAME_POINTS:
            return float(home > away)
        won, lost = self._game(server, home + 1, away), self._game(server, home, away + 1)
        return point * won + (1.0 - point) * lost

    def _solve_tie_break(self, first: Player, target: int, home: int, away: int) -> float:
        if max(home, away) >= target and abs(home - away) >= 2:
            return float(home > away)
        if home == away >= target - 1:
            # Of the next two points each side serves one; one each is where they stand now.
            own, theirs = self._points["home"], self._points["away"]
            both, neither = own * theirs, (1.0 - own) * (1.0 - theirs)
            return both / (both + neither)
        turns = (home + away + 1) // 2
        point = self._points[other(first) if turns % 2 else first]
        won = self._tie_break(first, target, home + 1, away)
        lost = self._tie_break(first, target, home, away + 1)
        return point * won + (1.0 - point) * lost


def serve_edge(strength: float, base: float, best_of: int, retires: float) -> float:
    """Return how far apart, up and down from `base`, the two serves are for a strength.

    `strength` is home's chance of the match when both serve first equally often.
    """
    low, high = -0.99 * min(base, 1.0 - base), 0.99 * min(base, 1.0 - base)
    for _ in range(40):
        middle = (low + high) / 2.0
        chain = TennisChain(base + middle, base - middle, best_of, retires)
        scores = (Score((0, 0), (0, 0), "home"), Score((0, 0), (0, 0), "away"))
        if sum(chain.home_win(score) for score in scores) / 2.0 < strength:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
