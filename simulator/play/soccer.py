"""Soccer: two halves with added time, three results, and a rare player sent off.

The referee's added time is drawn before the kick-off and belongs to what the truth knows; the
expected goals of a match are spread evenly over its whole length. A cup tie that is level goes on
after its markets have settled (`extra_time`).
"""

from __future__ import annotations

import numpy as np

from simulator.plan import Moment, Scene, Status, Truth
from simulator.play.extra_time import play_extra_time
from simulator.play.goals import GoalChain, Rates
from simulator.play.recursion import MARGINS

HALF_MIN = 45
TICK_MS = 60_000
BREAK_MS = 15 * 60_000
RED_CHANCE = 0.0013
AHEAD, BEHIND = 0.95, 1.2
"""Who is behind attacks (Dixon and Robinson, The Statistician 1998)."""

RAMP = 0.1
"""45 of 100 goals fall in the first half."""

RESULTS = np.array([MARGINS > 0, MARGINS == 0, MARGINS < 0], np.float64)


class SoccerMatch:
    """One match's exact probabilities and its dice; `home` and `away` are goals a match.

    A `cup_tie` that is level after 90 minutes goes to extra time.
    """

    def __init__(
        self, home: float, away: float, added: tuple[int, int], *, cup_tie: bool = False
    ) -> None:
        self.cup_tie = cup_tie
        self.lengths = (HALF_MIN + added[0], HALF_MIN + added[1])
        ticks = sum(self.lengths)
        rates = Rates(home / ticks, away / ticks, RED_CHANCE, AHEAD, BEHIND, RAMP)
        self.chain = GoalChain(rates, ticks, RESULTS)

    def truth(self, ticks: int, margin: int, men: tuple[int, int] = (0, 0)) -> Truth:
        """Return the probabilities of home, draw and away after `ticks` minutes of play."""
        home, draw, away = self.chain.value(ticks, margin, men).tolist()
        return home, draw, away

    def play(self, rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        """Return everything that happens, from the listing to full time."""
        moments = [Moment(0, "scheduled", 0, 0.0, 0, 0, self.truth(0, 0))]
        now, home, away, men, ticks = start_ms, 0, 0, (0, 0), 0

        def tell(status: Status, period: int, minute: int, text: str) -> None:
            regular = min(minute, HALF_MIN * period)
            scene = Scene(home_reds=men[0], away_reds=men[1], stoppage_min=minute - regular)
            truth = self.truth(ticks, home - away, men)
            moments.append(
                Moment(now, status, period, regular * 60.0, home, away, truth, scene, text)
            )

        for period, length in enumerate(self.lengths, 1):
            named: Status = "first_half" if period == 1 else "second_half"
            begin = HALF_MIN * (period - 1)
            tell(named, period, begin, "Kickoff")
            for tick in range(length):
                now += int(TICK_MS * rng.uniform(0.9, 1.1))
                what = self.chain.draw(rng, ticks, home - away, men)
                home, away = home + (what == "home"), away + (what == "away")
                men = (men[0] or int(what == "home_red"), men[1] or int(what == "away_red"))
                ticks += 1
                # ESPN says in progress instead of the half every now and then.
                odd = rng.random() < 0.06
                tell("in_progress" if odd else named, period, begin + tick + 1, what)
            now += 5_000
            whistle: Status = "halftime" if period == 1 else "full_time"
            if period == 2 and self.cup_tie and home == away:
                whistle = "end_of_regulation"
            tell(whistle, period, begin + length, "Whistle")
            now += BREAK_MS
        if moments[-1].over:
            return tuple(moments)
        rates = self.chain.rates
        return (*moments, *play_extra_time(rng, moments[-1], (rates.home, rates.away)))
