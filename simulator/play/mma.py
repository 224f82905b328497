"""A fight of three or five rounds: either side may end it in any second, or the judges decide.

The chance of an end in a second never changes. Each round goes to home with a fixed chance, which
is known when the round ends and is shown to nobody but the market; the judges give the fight to
who has more rounds. The truth is a closed form of the seconds left and the rounds won. ESPN's
clock counts down, rests between rounds, stands where a stoppage ended the fight, and shows the
time elapsed when the result is final (reported of three cards of 2026).
"""

from __future__ import annotations

from math import comb

import numpy as np

from simulator.plan import Moment, Status, Truth

ROUND_S = 300
BREAK_MS = 60_000
WALK_MS, RESULT_MS = 90_000, 45_000
TICK_S = 10
FINISH = 0.5
"""The share of three-round fights that do not reach the judges."""


class Bout:
    """One fight's exact probabilities and its dice.

    `home` and `away` are chances of an end by either side in a second, `round_won` home's chance
    of a round.
    """

    def __init__(self, home: float, away: float, round_won: float, rounds: int) -> None:
        self.home, self.away, self.round_won, self.rounds = home, away, round_won, rounds

    def decision(self, home: int, away: int) -> float:
        """Return home's chance with the judges, who gave it `home` rounds so far."""
        left, need = self.rounds - home - away, self.rounds // 2 + 1
        q = self.round_won
        return sum(
            comb(left, won) * q**won * (1.0 - q) ** (left - won)
            for won in range(max(need - home, 0), left + 1)
        )

    def home_win(self, seconds: int, home: int, away: int) -> float:
        """Return home's chance after `seconds` of fighting, with the rounds won so far."""
        either = self.home + self.away
        lasts = (1.0 - either) ** (self.rounds * ROUND_S - seconds)
        return self.home / either * (1.0 - lasts) + lasts * self.decision(home, away)

    def play(self, rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        """Return everything that happens, from the listing to the result."""
        before = _two(self.home_win(0, 0, 0))
        moments = [
            Moment(0, "scheduled", 0, 0.0, 0, 0, before),
            Moment(start_ms, "fighters_walking", 0, 0.0, 0, 0, before, text="Walkout"),
        ]
        now, home, away, fought = start_ms + WALK_MS, 0, 0, 0

        def tell(status: Status, period: int, clock_s: int, text: str, won: float = -1.0) -> None:
            truth = _two(self.home_win(fought, home, away) if won < 0 else won)
            moments.append(
                Moment(now, status, period, float(clock_s), home, away, truth, text=text)
            )

        for period in range(1, self.rounds + 1):
            tell("in_progress_2", period, ROUND_S, "Round")
            for second in range(1, ROUND_S + 1):
                now, fought = now + 1000, fought + 1
                point = rng.random()
                if point < self.home + self.away:
                    won = float(point < self.home)
                    tell("end_of_fight", period, ROUND_S - second, "Finish", won)
                    now += RESULT_MS
                    tell("final", period, second, "Finish", won)
                    return tuple(moments)
                if second % TICK_S == 0 and second < ROUND_S:
                    tell("in_progress_2", period, ROUND_S - second, "")
            taken = rng.random() < self.round_won
            home, away = home + taken, away + (not taken)
            last = period == self.rounds
            tell("end_of_fight" if last else "end_of_round", period, 0, "End of Round")
            now += BREAK_MS
        tell("final", self.rounds, ROUND_S, "Decision")
        return tuple(moments)


def bout(strength: float, rounds: int) -> Bout:
    """Return a fight that home wins with the probability `strength`, by whatever end."""
    either = 1.0 - (1.0 - FINISH) ** (1.0 / (3 * ROUND_S))
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2.0
        if Bout(either, 0.0, middle, rounds).decision(0, 0) < strength:
            low = middle
        else:
            high = middle
    home = strength * either
    return Bout(home, either - home, (low + high) / 2.0, rounds)


def _two(win: float) -> Truth:
    return (win, 0.0, 1.0 - win)
