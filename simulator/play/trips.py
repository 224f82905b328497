"""Basketball: teams take turns of 0 to 3 points, and every turn takes the same game time.

The truth is exact: the chain over (turns played, margin) is solved backwards, overtimes
included. The shares of 0, 1, 2 and 3 points give an NBA margin a standard deviation of 12.7
points over 160 turns and a team about 114 points; an edge moves weight from 0 to 2 points.
"""

from __future__ import annotations

import msgspec
import numpy as np

from simulator.plan import Moment, Status
from simulator.play.recursion import Values, at, before, decided, draw

SHARES = {0: 0.30, 1: 0.06, 2: 0.56, 3: 0.08}
MINUTE_MS = 60_000


class TripRules(msgspec.Struct, frozen=True):
    """How a league plays: periods, turns in each, and how real time passes.

    `trip_ms` is the mean real time of a turn, stoppages included; `half_after` the period
    that half-time follows.
    """

    periods: int
    period_s: float
    overtime_s: float
    trips: int
    overtime_trips: int
    trip_ms: int
    half_after: int
    break_ms: int = 150_000
    half_ms: int = 15 * MINUTE_MS


RULES = {
    "nba": TripRules(4, 720, 300, 40, 16, 42_000, 2),
    "wnba": TripRules(4, 600, 300, 29, 14, 43_000, 2),
    "ncaamb": TripRules(2, 1200, 300, 52, 14, 56_000, 1),
    "ncaawb": TripRules(4, 600, 300, 26, 14, 50_000, 2),
}


def shares(edge: float, trips: int) -> tuple[dict[int, float], dict[int, float]]:
    """Return the margin changes of a home and an away turn for a home edge in points.

    `edge` is the expected margin over `trips` turns of each team.
    """
    tilt = edge / (4 * trips)
    home = {**SHARES, 0: SHARES[0] - tilt, 2: SHARES[2] + tilt}
    away = {**SHARES, 0: SHARES[0] + tilt, 2: SHARES[2] - tilt}
    return home, {-points: share for points, share in away.items()}


class TripGame:
    """One game's exact probabilities and its dice."""

    def __init__(self, rules: TripRules, edge: float) -> None:
        self.rules = rules
        self.total = rules.periods * rules.trips
        self.changes = shares(edge, self.total // 2)
        lost, won = self._solve(rules.overtime_trips, 0.0), self._solve(rules.overtime_trips, 1.0)
        level = at(lost[0], 0) / (1.0 - (at(won[0], 0) - at(lost[0], 0)))
        self.overtime = self._solve(rules.overtime_trips, level)
        self.regulation = self._solve(self.total, level)

    def _solve(self, trips: int, level: float) -> list[Values]:
        values = [decided(level)]
        for trip in reversed(range(trips)):
            values.append(before(values[-1], self.changes[trip % 2]))
        return values[::-1]

    def home_win(self, period: int, trips: int, margin: int) -> float:
        """Return home's win probability after `trips` turns of a period (counted from 1)."""
        if period <= self.rules.periods:
            return at(self.regulation[(period - 1) * self.rules.trips + trips], margin)
        return at(self.overtime[trips], margin)

    def play(self, rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        """Return everything that happens, from the listing to the final."""
        rules = self.rules
        start = self.home_win(1, 0, 0)
        moments = [Moment(0, "scheduled", 0, 0.0, 0, 0, (start, 0.0, 1.0 - start))]
        now, home, away, period = start_ms, 0, 0, 0

        def tell(status: Status, trips: int, clock_s: float, text: str = "") -> None:
            win = self.home_win(period, trips, home - away)
            moments.append(
                Moment(now, status, period, clock_s, home, away, (win, 0.0, 1.0 - win), text=text)
            )

        while period < rules.periods or home == away:
            period += 1
            regular = period <= rules.periods
            trips = rules.trips if regular else rules.overtime_trips
            length_s = rules.period_s if regular else rules.overtime_s
            tell("in_progress", 0, length_s, "Jump Ball")
            for trip in range(trips):
                late = period >= rules.periods and trip >= trips * 0.85
                now += int(rng.gamma(4.0, rules.trip_ms / 4.0) * (1.7 if late else 1.0)) + 1
                change = draw(rng, self.changes[trip % 2])
                home, away = home + max(change, 0), away - min(change, 0)
                last = trip + 1 == trips
                into = 0.0 if last else float(rng.uniform(0.0, 0.8))
                clock_s = 0.0 if last else length_s * (1.0 - (trip + 1 + into) / trips)
                # ESPN has tenths in the last minute only.
                shown_s = round(clock_s, 1) if clock_s < 60 else float(round(clock_s))
                tell("in_progress", trip + 1, shown_s, _text(change))
            if period >= rules.periods and home != away:
                break
            now += 4_000
            half = period == rules.half_after
            tell("halftime" if half else "end_period", trips, 0.0, "End Period")
            now += rules.half_ms if half else rules.break_ms
        now += 15_000
        won = home > away
        truth = (1.0, 0.0, 0.0) if won else (0.0, 0.0, 1.0)
        # ESPN sometimes shows a full clock on a game that is over.
        clock_s = rules.period_s if rng.random() < 0.35 else 0.0
        moments.append(Moment(now, "final", period, clock_s, home, away, truth, text="End Game"))
        return tuple(moments)


def _text(change: int) -> str:
    return {0: "Missed Shot", 1: "Free Throw Made", 2: "Jump Shot", 3: "Three Point Jump Shot"}[
        abs(change)
    ]
