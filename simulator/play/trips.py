"""Basketball: teams take turns of 0 to 3 points, and every turn takes the same game time.

Leads revert: who is ahead scores a little less, as in the real game (Gabel and Redner, "Random
walk picture of basketball scoring", JQAS 2012). The truth is exact: the chain over (turns
played, margin) is solved backwards, overtimes included. In the NBA a team scores about 111
points and the final margin has a standard deviation of 12.4.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from simulator.plan import Moment, Status
from simulator.play.recursion import EDGE, MARGINS, Values, at, decided, shifted

POINTS = (0, 1, 2, 3)
SHARES = (0.455, 0.05, 0.27, 0.225)
MOST_TILT = 0.2
TEXTS = ("Missed Shot", "Free Throw Made", "Jump Shot", "Three Point Jump Shot")
MINUTE_MS = 60_000


class TripRules(msgspec.Struct, frozen=True):
    """How a league plays: periods, turns in each, and how real time passes.

    `reversion` is the share of a lead that is lost over a game by the leader scoring less, to
    first order. `trip_ms` is the mean real time of a turn, stoppages included; `half_after` the
    period that half-time follows.
    """

    periods: int
    period_s: float
    overtime_s: float
    trips: int
    overtime_trips: int
    reversion: float
    trip_ms: int
    half_after: int
    break_ms: int = 150_000
    half_ms: int = 15 * MINUTE_MS


RULES = {
    "nba": TripRules(4, 720, 300, 44, 18, 0.65, 38_000, 2),
    "wnba": TripRules(4, 600, 300, 33, 16, 0.5, 38_000, 2),
    "ncaamb": TripRules(2, 1200, 300, 60, 16, 0.5, 49_000, 1),
    "ncaawb": TripRules(4, 600, 300, 29, 14, 0.5, 45_000, 2),
}


class TripGame:
    """One game's exact probabilities and its dice."""

    def __init__(self, rules: TripRules, edge: float) -> None:
        self.rules = rules
        self.total = rules.periods * rules.trips
        self.drift = edge / self.total
        self.shares = tuple(self._shares(side) for side in (1, -1))
        lost, won = self._solve(rules.overtime_trips, 0.0), self._solve(rules.overtime_trips, 1.0)
        level = at(lost[0], 0) / (1.0 - (at(won[0], 0) - at(lost[0], 0)))
        self.overtime = self._solve(rules.overtime_trips, level)
        self.regulation = self._solve(self.total, level)

    def _solve(self, trips: int, level: float) -> list[Values]:
        values = [decided(level)]
        for trip in reversed(range(trips)):
            values.append(self._before(values[-1], trip % 2))
        return values[::-1]

    def _shares(self, side: int) -> npt.NDArray[np.float64]:
        """Return the shares of `POINTS` per margin for a turn of home (1) or away (-1)."""
        gain = side * (self.drift - self.rules.reversion * MARGINS / self.total)
        tilt = np.clip(gain / 2.0, -MOST_TILT, MOST_TILT)
        none, one, two, three = (np.full(len(MARGINS), share) for share in SHARES)
        return np.array([none - tilt, one, two + tilt, three])

    def _before(self, after: Values, away: int) -> Values:
        side = -1 if away else 1
        result = np.zeros_like(after)
        for points, share in zip(POINTS, self.shares[away], strict=True):
            result += share * shifted(after, side * points)
        return result

    def draw(self, rng: np.random.Generator, trip: int, margin: int) -> int:
        """Return the points of a turn; home has the even ones."""
        column = min(max(margin, -EDGE), EDGE) + EDGE
        shares = self.shares[trip % 2][:, column]
        return int(np.searchsorted(np.cumsum(shares)[:-1], rng.random(), side="right"))

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
                points = self.draw(rng, trip, home - away)
                home, away = (home, away + points) if trip % 2 else (home + points, away)
                last = trip + 1 == trips
                into = 0.0 if last else float(rng.uniform(0.0, 0.8))
                clock_s = 0.0 if last else length_s * (1.0 - (trip + 1 + into) / trips)
                # ESPN has tenths in the last minute only.
                shown_s = round(clock_s, 1) if clock_s < 60 else float(round(clock_s))
                tell("in_progress", trip + 1, shown_s, TEXTS[points])
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
