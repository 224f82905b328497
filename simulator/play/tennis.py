"""A tennis match point by point, over the exact chain of `tennis_chain`.

The scoreboard has no points, but the market has: a point gets a moment of its own when it moves
the truth by as much as a tick of the market. Who serves first is drawn before the match and
belongs to what the truth knows.
"""

from __future__ import annotations

import numpy as np

from fusion.game import SetScore
from simulator.plan import Moment, Scene, Status, Truth
from simulator.play.tennis_chain import Player, Score, TennisChain, other, serve_edge

POINT_MS = 36_000
SET_BREAK_MS = 120_000
RETIRES = 0.0005
"""The chance that a given side retires after a game: one match in fifty is not played out."""

WALKS_OVER = 0.003
"""The chance that a given side does not come out at all; the venue then pays a half to either."""

SERVES = {"atp": 0.645, "wta": 0.575}
"""Points won on the own serve by two equal players."""

TOLD = 0.0125


class TennisMatch:
    """One match: the probabilities of every state, and the dice; `first` serves first."""

    def __init__(self, chain: TennisChain, first: Player) -> None:
        self.chain = chain
        self.start = Score((0, 0), (0, 0), first)

    def play(self, rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        """Return everything that happens, from the listing to the last point."""
        played = 1.0 - 2.0 * WALKS_OVER
        before = WALKS_OVER + played * self.chain.home_win(self.start)
        first = Moment(0, "scheduled", 1, 0.0, 0, 0, _two(before))
        gone = _who(rng, WALKS_OVER)
        if gone:
            scene = Scene(advances=other(gone))
            return (
                first,
                Moment(start_ms, "walkover", 1, 0.0, 0, 0, _two(0.5), scene, "Walkover"),
            )
        umpire = _Umpire(self.chain, rng, start_ms, self.start, first)
        while not umpire.over:
            umpire.game()
        return tuple(umpire.moments)


class _Umpire:
    """Writes a match down, game by game."""

    def __init__(
        self,
        chain: TennisChain,
        rng: np.random.Generator,
        now: int,
        score: Score,
        first: Moment,
    ) -> None:
        self.chain, self.rng, self.now, self.score = chain, rng, now, score
        self.moments = [first]
        self.told = -1.0
        self.played: tuple[SetScore, ...] = ()
        self.over = False
        self._tell("in_progress", "Play")

    def game(self) -> None:
        """Play one game, or a tie break, and see who can go on after it."""
        chain, points = self.chain, (0, 0)
        target = chain.target(self.score)
        while max(points) < target or abs(points[0] - points[1]) < 2:
            self.now += int(self.rng.gamma(4.0, POINT_MS / 4.0)) + 1
            won = self.rng.random() < chain.home_point(self.score, points)
            points = (points[0] + won, points[1] + (not won))
            if max(points) < target or abs(points[0] - points[1]) < 2:
                self._point(points)
        self._end_game(points)

    def _point(self, points: tuple[int, int]) -> None:
        win = self.chain.home_win(self.score, points)
        if abs(win - self.told) >= TOLD:
            self._tell("in_progress", "Point", points)

    def _end_game(self, points: tuple[int, int]) -> None:
        home = points[0] > points[1]
        before, self.score = self.score, self.chain.after_game(self.score, home=home)
        ended = self.score.sets != before.sets
        if ended:
            tie_break = points if before.in_tie_break else (None, None)
            games = (before.games[0] + home, before.games[1] + (not home))
            winner: Player = "home" if home else "away"
            self.played += (SetScore(games[0], games[1], tie_break[0], tie_break[1], winner),)
        self.over = self.chain.is_over(self.score)
        if self.over:
            self._tell("final", "Match")
            return
        gone = _who(self.rng, self.chain.retires)
        if gone:
            self._retire(gone)
            return
        self._tell("in_progress", "Set" if ended else "Game")
        if ended:
            self.now += SET_BREAK_MS
            self._tell("in_progress", "New Set")

    def _retire(self, gone: Player) -> None:
        self.over = True
        self.now += 60_000
        self._tell("retired", "Retired", won=float(gone == "away"))

    def _tell(
        self,
        status: Status,
        text: str,
        points: tuple[int, int] = (0, 0),
        won: float | None = None,
    ) -> None:
        win = self.chain.home_win(self.score, points) if won is None else won
        self.told = win
        home, away = self.score.sets
        sets = self.played
        # The set that was just won is the last one until the next begins.
        if status != "final" and text != "Set":
            sets = (*sets, SetScore(*self.score.games))
        scene = Scene(sets=sets, server=self.chain.server(self.score, points))
        self.moments.append(
            Moment(self.now, status, max(len(sets), 1), 0.0, home, away, _two(win), scene, text)
        )


def tennis_match(
    league_key: str, strength: float, best_of: int, rng: np.random.Generator
) -> TennisMatch:
    """Return a match that home wins with a probability near `strength`, walkovers aside."""
    base = SERVES[league_key]
    edge = serve_edge(strength, base, best_of, RETIRES)
    first: Player = "home" if rng.random() < 0.5 else "away"
    return TennisMatch(TennisChain(base + edge, base - edge, best_of, RETIRES), first)


def _who(rng: np.random.Generator, chance: float) -> Player | None:
    """Return who of the two is gone, each with a chance."""
    point = rng.random()
    if point < chance:
        return "home"
    return "away" if point < 2.0 * chance else None


def _two(win: float) -> Truth:
    return (win, 0.0, 1.0 - win)
