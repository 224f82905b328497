"""College overtime: both sides get the ball 25 yards out, in rounds without a clock.

A round ends the game unless it is level, and the next begins with the other side. The truth is
exact: a possession from any zone has a known distribution of points, and a level round is where
the game stood before it. The rule that later rounds are single tries for two points is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulator.plan import Moment, Scene
from simulator.play.drives import EXTRA_POINT, PERIODS, Outcome

START_ZONE = 3
SNAP_MS, KICK_MS, TURN_MS, ROUND_MS = 42_000, 45_000, 60_000, 120_000

Ways = Mapping[tuple[int, int], tuple[Outcome, ...]]
"""How a series of a side (0 home, 1 away) in a zone can end."""

Spot = tuple[int, int]
"""A side with the ball, and its zone."""


class CollegeOvertime:
    """Home's exact chances in overtime, and its dice; `level` is the one before a round."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self._points = {
            (side, zone): self._solve(side, zone) for side in (0, 1) for zone in range(1, 4)
        }
        home, away = self._points[0, START_ZONE], self._points[1, START_ZONE]
        ahead = sum(
            p * q for mine, p in home.items() for theirs, q in away.items() if mine > theirs
        )
        tied = sum(p * away[points] for points, p in home.items())
        self.level = ahead / (1.0 - tied)

    def _solve(self, side: int, zone: int) -> dict[int, float]:
        """Return the chance of each number of points; every series that goes on is closer."""
        found = dict.fromkeys((0, 3, 6, 7), 0.0)
        for way in self.ways[side, zone]:
            later = self._solve(side, way.zone) if way.keeps else {way.points: 1.0}
            for points, chance in later.items():
                found[points] += way.chance * chance
        return found

    def home_win(self, margin: int, to_come: tuple[Spot, ...]) -> float:
        """Return home's chance with the possessions that are left of a round."""
        if not to_come:
            return self.level if margin == 0 else float(margin > 0)
        spot, rest = to_come[0], to_come[1:]
        sign = -1 if spot[0] else 1
        return sum(
            chance * self.home_win(margin + sign * points, rest)
            for points, chance in self._points[spot].items()
        )

    def play(
        self, rng: np.random.Generator, now: int, scores: tuple[int, int]
    ) -> tuple[Moment, ...]:
        """Return what happens in overtime up to its last play."""
        drive = _Rounds(self, rng, now, scores)
        first = int(rng.integers(2))
        while drive.scores[0] == drive.scores[1]:
            drive.round(first)
            first = 1 - first
        return tuple(drive.moments)


class _Rounds:
    """Writes overtime down, round by round."""

    def __init__(
        self, rules: CollegeOvertime, rng: np.random.Generator, now: int, scores: tuple[int, int]
    ) -> None:
        self.rules, self.rng, self.now = rules, rng, now
        self.scores = list(scores)
        self.period = PERIODS
        self.moments: list[Moment] = []

    def round(self, first: int) -> None:
        """Let both sides have the ball."""
        self.period += 1
        self.now += ROUND_MS
        second = (1 - first, START_ZONE)
        self._possession((first, START_ZONE), (second,))
        self.now += TURN_MS
        self._possession(second, ())

    def _possession(self, spot: Spot, rest: tuple[Spot, ...]) -> None:
        side, zone = spot
        while True:
            self._tell((side, zone), rest, "Rush")
            self.now += int(self.rng.gamma(4.0, 3 * SNAP_MS / 4.0)) + 1
            way = self._draw(side, zone)
            if not way.keeps:
                break
            zone = way.zone
        if way.kind == "Touchdown":
            self._touchdown(side, way, rest)
            return
        self.scores[side] += way.points
        self._write(self.rules.home_win(self._margin(), rest), Scene(), way.kind)

    def _touchdown(self, side: int, way: Outcome, rest: tuple[Spot, ...]) -> None:
        """Write the six points and the kick, which come as two polls."""
        self.scores[side] += 6
        margin = self._margin()
        seven = self.rules.home_win(margin + (-1 if side else 1), rest)
        six = self.rules.home_win(margin, rest)
        self._write(EXTRA_POINT * seven + (1.0 - EXTRA_POINT) * six, Scene(), way.kind)
        self.now += KICK_MS
        self.scores[side] += way.points - 6
        text = "Extra Point Good" if way.points == 7 else "Extra Point Missed"
        self._write(self.rules.home_win(self._margin(), rest), Scene(), text)

    def _draw(self, side: int, zone: int) -> Outcome:
        point = self.rng.random()
        ways = self.rules.ways[side, zone]
        for way in ways[:-1]:
            if point < way.chance:
                return way
            point -= way.chance
        return ways[-1]

    def _margin(self) -> int:
        return self.scores[0] - self.scores[1]

    def _tell(self, spot: Spot, rest: tuple[Spot, ...], text: str) -> None:
        side, zone = spot
        to_goal = 10 * zone - 5
        scene = Scene(
            possession="away" if side else "home",
            down=1,
            distance=min(10, to_goal),
            yard_line=to_goal if side else 100 - to_goal,
            home_timeouts=1,
            away_timeouts=1,
        )
        self._write(self.rules.home_win(self._margin(), (spot, *rest)), scene, text)

    def _write(self, win: float, scene: Scene, text: str) -> None:
        home, away = self.scores
        truth = (win, 0.0, 1.0 - win)
        self.moments.append(
            Moment(self.now, "in_progress", self.period, 0.0, home, away, truth, scene, text)
        )
