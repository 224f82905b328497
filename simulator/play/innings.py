"""Baseball: plate appearances move outs and bases; half innings add runs.

The truth is exact: the distribution of the runs still to come in a half inning is solved for
every state of outs and bases and both teams, and the halves are chained backwards. Extra
innings start with a runner on second, and their value at a tie is the fixed point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.play.recursion import Values, at, decided, shifted

INNINGS = 9
RUNS = 24
SHARES = {"walk": 0.088, "single": 0.142, "double": 0.046, "triple": 0.004, "homer": 0.033}
STATES = tuple((outs, bases) for outs in range(3) for bases in range(8))
GHOST = 2
"""Bases at the start of an extra half inning: a runner on second."""

Distribution = npt.NDArray[np.float64]


def advance(bases: int, hit: str) -> tuple[int, int]:
    """Return the bases and the runs after a hit or a walk; bases are a bit mask 1/2/4."""
    if hit == "walk":
        if not bases & 1:
            return bases | 1, 0
        if not bases & 2:
            return bases | 2, 0
        return 7, int(bases == 7)
    if hit in ("single", "double"):
        runs = (bases & 6).bit_count()
        low = 1 if hit == "single" else 2
        return (low | (low << 1) if bases & 1 else low), runs
    return (4, bases.bit_count()) if hit == "triple" else (0, bases.bit_count() + 1)


class Batting:
    """One team's bat: chances of each hit, and the runs to come in a half inning."""

    def __init__(self, quality: float) -> None:
        self.shares = {hit: share * quality for hit, share in SHARES.items()}
        self.out = 1.0 - sum(self.shares.values())
        self.runs = self._solve()

    def _solve(self) -> dict[tuple[int, int], Distribution]:
        nothing = np.zeros(RUNS)
        nothing[0] = 1.0
        runs = dict.fromkeys(STATES, nothing)
        for _ in range(60):
            runs = {state: self._before(runs, nothing, *state) for state in STATES}
        return runs

    def _before(
        self,
        runs: dict[tuple[int, int], Distribution],
        nothing: Distribution,
        outs: int,
        bases: int,
    ) -> Distribution:
        result = self.out * (nothing if outs == 2 else runs[outs + 1, bases])
        for hit, share in self.shares.items():
            after, scored = advance(bases, hit)
            later = runs[outs, after]
            result[scored:] += share * later[: RUNS - scored]
            result[-1] += share * later[RUNS - scored :].sum()
        return result

    def draw(self, rng: np.random.Generator) -> str:
        """Return what a plate appearance brings: a hit, a walk, or an out."""
        point = rng.random()
        for hit, share in self.shares.items():
            if point < share:
                return hit
            point -= share
        return "out"


class InningsChain:
    """Home's exact win probability in every state of a game."""

    def __init__(self, home: Batting, away: Batting) -> None:
        self.bats = (away, home)
        tie = self._tie()
        self._extra_bottom = self._half(decided(tie), bottom=True, bases=GHOST)
        self._ending = decided(tie)
        ends = [self._ending]
        for half in reversed(range(2 * INNINGS)):
            ends.append(self._half(ends[-1], bottom=half % 2 == 1, bases=0))
        self._starts = ends[::-1]

    def _tie(self) -> float:
        away, home = (bat.runs[0, GHOST] for bat in self.bats)
        ahead = sum(float(home[runs]) * float(away[:runs].sum()) for runs in range(RUNS))
        return ahead / (1.0 - float((home * away).sum()))

    def _half(self, after: Values, *, bottom: bool, bases: int) -> Values:
        return self._mix(self.bats[bottom].runs[0, bases], after, bottom=bottom)

    @staticmethod
    def _mix(runs: Distribution, after: Values, *, bottom: bool) -> Values:
        result = np.zeros_like(after)
        for scored, share in enumerate(runs):
            if share:
                result += share * shifted(after, scored if bottom else -scored)
        return result

    def home_win(self, inning: int, *, bottom: bool, outs: int, bases: int, margin: int) -> float:
        """Return home's win probability with its margin so far."""
        if bottom and inning >= INNINGS and margin > 0:
            return 1.0
        runs = self.bats[bottom].runs[outs, bases]
        after = self._after(inning, bottom=bottom)
        return float(
            sum(
                share * at(after, margin + (scored if bottom else -scored))
                for scored, share in enumerate(runs)
            )
        )

    def _after(self, inning: int, *, bottom: bool) -> Values:
        """Return the values at the end of a half inning."""
        if inning > INNINGS:
            return self._ending if bottom else self._extra_bottom
        return self._starts[2 * inning if bottom else 2 * inning - 1]
