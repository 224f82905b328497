"""Hockey: three periods of goals, a short overtime that the next goal wins, then a shootout."""

from __future__ import annotations

import numpy as np

from simulator.plan import Moment, Status, Truth
from simulator.play.goals import GoalChain, Rates
from simulator.play.recursion import decided

PERIODS = 3
PERIOD_S = 1200
OVERTIME_S = 300
TICK_S = 20
TICKS = PERIODS * PERIOD_S // TICK_S
TICK_MS = 35_000
BREAK_MS = 15 * 60_000
OVERTIME_RATE = 1.6
"""Three against three: more goals a minute than at full strength."""


class HockeyGame:
    """One game's exact probabilities and its dice; `home` and `away` are goals a game."""

    def __init__(self, home: float, away: float) -> None:
        rates = Rates(home / TICKS, away / TICKS)
        fast = Rates(rates.home * OVERTIME_RATE, rates.away * OVERTIME_RATE)
        self.sudden = GoalChain(fast, OVERTIME_S // TICK_S, decided(0.5)[None, :])
        level = self._next_goal(0)
        self.regulation = GoalChain(rates, TICKS, decided(level)[None, :])

    def _next_goal(self, ticks: int) -> float:
        """Return home's chance in overtime: play stops at the first goal."""
        rates = self.sudden.rates
        value = 0.5
        for _ in range(self.sudden.ticks - ticks):
            value = rates.home + (1.0 - rates.home - rates.away) * value
        return value

    def home_win(self, period: int, ticks: int, margin: int) -> float:
        """Return home's win probability after `ticks` ticks of a period (counted from 1)."""
        if margin and period > PERIODS:
            return 1.0 if margin > 0 else 0.0
        if period > PERIODS + 1:
            return 0.5
        if period > PERIODS:
            return self._next_goal(ticks)
        done = (period - 1) * (PERIOD_S // TICK_S) + ticks
        return float(self.regulation.value(done, margin)[0])

    def play(self, rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        """Return everything that happens, from the listing to the final."""
        start = self.home_win(1, 0, 0)
        moments = [Moment(0, "scheduled", 0, 0.0, 0, 0, (start, 0.0, 1.0 - start))]
        now, home, away, period = start_ms, 0, 0, 0

        def tell(status: Status, ticks: int, clock_s: float, text: str) -> None:
            win = self.home_win(period, ticks, home - away)
            truth: Truth = (win, 0.0, 1.0 - win)
            moments.append(Moment(now, status, period, clock_s, home, away, truth, text=text))

        while period < PERIODS or (home == away and period <= PERIODS):
            period += 1
            length_s = PERIOD_S if period <= PERIODS else OVERTIME_S
            chain = self.regulation if period <= PERIODS else self.sudden
            tell("in_progress", 0, float(length_s), "Face Off")
            for tick in range(length_s // TICK_S):
                now += int(rng.gamma(3.0, TICK_MS / 3.0)) + 1
                done = (period - 1) * (PERIOD_S // TICK_S) if period <= PERIODS else 0
                goal = chain.draw(rng, done + tick, home - away)
                home, away = home + (goal == "home"), away + (goal == "away")
                last = (tick + 1) * TICK_S == length_s
                into = 0 if last else int(rng.integers(0, TICK_S))
                clock_s = float(max(length_s - (tick + 1) * TICK_S - into, 0))
                tell("in_progress", tick + 1, clock_s, "Goal" if goal else "Shot")
                if goal and period > PERIODS:
                    break
            if period >= PERIODS and home != away:
                break
            now += 5_000
            # ESPN shows some intermissions as in progress with a clock at zero.
            named: Status = "end_period" if rng.random() < 0.5 else "in_progress"
            tell(named, length_s // TICK_S, 0.0, "Period End")
            now += BREAK_MS if period < PERIODS else 90_000
        if home == away:
            period += 1
            tell("in_progress", 0, 0.0, "Shootout")
            now += 5 * 60_000
            winner = rng.random() < 0.5
            home, away = home + winner, away + (not winner)
        now += 15_000
        won = (1.0, 0.0, 0.0) if home > away else (0.0, 0.0, 1.0)
        final = Moment(now, "final", period, moments[-1].clock_s, home, away, won, text="Game End")
        return (*moments, final)
