"""Football as a chain of series of downs: who has the ball, how far to go, and the margin.

A series takes the same game time whatever comes of it. It moves the ball on, or ends in a
touchdown, a field goal tried, a punt or a turnover. The truth is exact: the chain over (series
played, possession, zone, margin) is solved backwards. Overtime is played until someone scores,
unless its value is given. Zones are tens of yards to the goal, 1 to 10.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from simulator.play.recursion import MARGINS, Values, at, decided, shifted

PERIODS = 4
PERIOD_S = 900.0
SERIES = 15
"""Series of downs in a quarter."""

TOTAL = PERIODS * SERIES
HALF = TOTAL // 2
KICKOFF_ZONE = 8
ADVANCE = {1: 0.57, 2: 0.25, 3: 0.13, 6: 0.05}
MOVES = 0.695
TURNOVER = 0.055
KICKS = {1: 0.96, 2: 0.92, 3: 0.84, 4: 0.64, 5: 0.35}
EXTRA_POINT = 0.94


class Outcome(msgspec.Struct, frozen=True):
    """One way a series ends; `points` are the offense's, `zone` the next offense's."""

    chance: float
    kind: str
    points: int
    keeps: bool
    zone: int


def outcomes(zone: int, tilt: float) -> tuple[Outcome, ...]:
    """Return the ways a series from a zone can end; `tilt` is added to the chance to move on."""
    moves = MOVES + tilt
    stalls = 1.0 - moves - TURNOVER
    found = []
    touchdown = 0.0
    for zones, share in ADVANCE.items():
        if zones >= zone:
            touchdown += moves * share
        else:
            found.append(Outcome(moves * share, "First Down", 0, keeps=True, zone=zone - zones))
    if touchdown:
        found += [
            Outcome(touchdown * EXTRA_POINT, "Touchdown", 7, keeps=False, zone=KICKOFF_ZONE),
            Outcome(touchdown * (1 - EXTRA_POINT), "Touchdown", 6, keeps=False, zone=KICKOFF_ZONE),
        ]
    there = min(11 - zone, 9)
    found.append(Outcome(TURNOVER, "Interception", 0, keeps=False, zone=there))
    if zone in KICKS:
        good = stalls * KICKS[zone]
        found += [
            Outcome(good, "Field Goal Good", 3, keeps=False, zone=KICKOFF_ZONE),
            Outcome(stalls - good, "Field Goal Missed", 0, keeps=False, zone=there),
        ]
    else:
        found.append(Outcome(stalls, "Punt", 0, keeps=False, zone=min(15 - zone, 9)))
    return tuple(found)


def all_ways(tilt: float) -> dict[tuple[int, int], tuple[Outcome, ...]]:
    """Return the ways a series can end for each side and zone; `tilt` favours home."""
    return {
        (side, zone): outcomes(zone, -tilt if side else tilt)
        for side in (0, 1)
        for zone in range(1, 11)
    }


class DriveChain:
    """Home's exact win probability; sides are 0 for home and 1 for away.

    `level` is home's chance when regulation time ends level, None for sudden death after a toss.
    """

    def __init__(self, tilt: float, receiver: int, level: float | None = None) -> None:
        self.receiver = receiver
        self.ways = all_ways(tilt)
        self.sudden = self._solve_sudden()
        tossed = (self.sudden[0, KICKOFF_ZONE] + self.sudden[1, KICKOFF_ZONE]) / 2
        self.level = tossed if level is None else level
        self._solved = self._solve()

    def _solve_sudden(self) -> dict[tuple[int, int], float]:
        values = dict.fromkeys(self.ways, 0.5)
        for _ in range(400):
            values = {
                (side, zone): sum(
                    way.chance
                    * (float(side == 0) if way.points else values[_next(side, way), way.zone])
                    for way in ways
                )
                for (side, zone), ways in self.ways.items()
            }
        return values

    def _solve(self) -> list[npt.NDArray[np.float64]]:
        ending = np.broadcast_to(decided(self.level), (2, 11, len(MARGINS)))
        solved = [np.array(ending)]
        for series in reversed(range(TOTAL)):
            after = solved[-1]
            if series + 1 == HALF:
                after = np.broadcast_to(after[1 - self.receiver, KICKOFF_ZONE], after.shape)
            solved.append(self._before(after))
        return solved[::-1]

    def _before(self, after: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        before = np.zeros_like(after)
        for (side, zone), ways in self.ways.items():
            total: Values = before[side, zone]
            for way in ways:
                points = -way.points if side else way.points
                total += way.chance * shifted(after[_next(side, way), way.zone], points)
        return before

    def home_win(self, series: int, side: int, zone: int, margin: int) -> float:
        """Return home's win probability after `series` series of regulation time."""
        if series == HALF:
            side, zone = 1 - self.receiver, KICKOFF_ZONE
        return at(self._solved[series][side, zone], margin)

    def draw(self, rng: np.random.Generator, side: int, zone: int) -> Outcome:
        """Return how a series ends."""
        point = rng.random()
        ways = self.ways[side, zone]
        for way in ways[:-1]:
            if point < way.chance:
                return way
            point -= way.chance
        return ways[-1]


def _next(side: int, way: Outcome) -> int:
    return side if way.keeps else 1 - side
