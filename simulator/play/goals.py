"""Hockey and soccer: at most one goal or red card in a short tick, at known rates.

The truth is exact for the dice that are thrown: the chain over (ticks played, red cards,
margin) is solved backwards. As the ticks are short, it is within a thousandth of the Skellam
probabilities of two Poisson counts while nobody has been sent off.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from simulator.play.recursion import MARGINS, Values, shifted

Men = tuple[int, int]
"""Red cards of home and away; each side sees at most one."""

MEN: tuple[Men, ...] = ((0, 0), (1, 0), (0, 1), (1, 1))
FEWER_SCORES = 0.67
MORE_SCORES = 1.35


class Rates(msgspec.Struct, frozen=True):
    """Chances of a mean tick: a goal of home or away, a red card of either side.

    The side ahead scores `ahead` times as often as at level scores, the side behind `behind`
    times. `ramp` is how much more often goals fall at the end than on average: 0.1 means from
    0.9 to 1.1.
    """

    home: float
    away: float
    red: float = 0.0
    ahead: float = 1.0
    behind: float = 1.0
    ramp: float = 0.0

    def goals(self, men: Men, played: float) -> tuple[Values, Values]:
        """Return the chances of a goal of home and of away per margin.

        `played` is the share of the time that is over, `men` who was sent off.
        """
        home, away = men
        pace = 1.0 + self.ramp * (2.0 * played - 1.0)
        leads, trails = self._lean(MARGINS), self._lean(-MARGINS)
        return (
            self.home * pace * FEWER_SCORES**home * MORE_SCORES**away * leads,
            self.away * pace * FEWER_SCORES**away * MORE_SCORES**home * trails,
        )

    def _lean(self, lead: npt.NDArray[np.int64]) -> Values:
        return np.where(lead > 0, self.ahead, np.where(lead < 0, self.behind, 1.0))


class GoalChain:
    """Exact probabilities of `ticks` ticks that end in `ending`, shape (outcomes, margins)."""

    def __init__(self, rates: Rates, ticks: int, ending: Values) -> None:
        self.rates = rates
        self.ticks = ticks
        values = dict.fromkeys(MEN, ending)
        solved = [values]
        for tick in reversed(range(ticks)):
            values = {men: self._before(values, men, tick) for men in MEN}
            solved.append(values)
        self._solved = solved[::-1]

    def _played(self, tick: int) -> float:
        return (tick + 0.5) / self.ticks

    def _before(self, after: dict[Men, Values], men: Men, tick: int) -> Values:
        home_goal, away_goal = self.rates.goals(men, self._played(tick))
        home_red, away_red = self._reds(men)
        still = 1.0 - home_goal - away_goal - home_red - away_red
        result = (
            still * after[men]
            + home_goal * shifted(after[men], 1)
            + away_goal * shifted(after[men], -1)
        )
        if home_red:
            result = result + home_red * after[1, men[1]]
        if away_red:
            result = result + away_red * after[men[0], 1]
        return result

    def _reds(self, men: Men) -> Men | tuple[float, float]:
        return (
            0.0 if men[0] else self.rates.red,
            0.0 if men[1] else self.rates.red,
        )

    def value(self, ticks: int, margin: int, men: Men = (0, 0)) -> npt.NDArray[np.float64]:
        """Return the probabilities of the outcomes after `ticks` ticks."""
        column: npt.NDArray[np.float64] = self._solved[ticks][men][:, margin - int(MARGINS[0])]
        return column

    def draw(self, rng: np.random.Generator, tick: int, margin: int, men: Men = (0, 0)) -> str:
        """Return what a tick brings: home, away, home_red, away_red, or nothing."""
        goals = self.rates.goals(men, self._played(tick))
        home_goal, away_goal = (float(chance[margin - int(MARGINS[0])]) for chance in goals)
        home_red, away_red = self._reds(men)
        point = rng.random()
        for what, chance in (
            ("home", home_goal),
            ("away", away_goal),
            ("home_red", home_red),
            ("away_red", away_red),
        ):
            if point < chance:
                return what
            point -= chance
        return ""
