"""Baseball: runs by half inning, from the base-out state to the last out.

The chance of scoring at all in the rest of a half inning and the runs expected in it are known
for each of the 24 states of bases and outs (Lindsey, "An investigation of strategies in
baseball", Operations Research 1963; the table here is Project Scoresheet's for 1984 to 1994 as
published by H. Brooks, NSSL: 0.49 runs a half inning from its start). Runs then follow the
simplest distribution with both: none with 1 - q, and k with q (1 - g) g^(k-1), g = 1 - q / mean.

From these the chance that home wins is summed exactly, half inning by half inning, backwards
from the end: the home side does not bat when it leads after the top of the ninth, a lead in the
bottom of the ninth or later wins at once, and an extra inning starts with a runner on second
for each side (the rule of the regular season since 2020). Play-offs go without; they are told
by the date, from 3 October on.

Strength: home scores at `e^x` and away at `e^-x` of the league's rate, and `x` is the one that
gives the prior at the start. Tables are made once for a grid of `x` and read between its points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fusion.clock import half_inning
from fusion.game import GameState
from fusion.leagues import LEAGUES
from models.frame import Floats, price_rows, settle_two_way, two_way, two_way_prior
from models.protocol import Prior, Probabilities

RUNNER_ON_SECOND = 2
PLAY_OFFS_FROM = (10, 3)
NS_PER_S = 1e9
MAX_RUNS = 16
MAX_LEAD = 30
AWAY_BATS = 0
HOME_BATS = 1
_LEADS = np.arange(-MAX_LEAD, MAX_LEAD + 1)
_GRID = np.linspace(-1.2, 1.2, 97)

# By outs, then by bases: none, 1, 2, 1-2, 3, 1-3, 2-3, 1-2-3.
_EXPECTED = np.array(
    [
        [0.49, 0.88, 1.13, 1.50, 1.37, 1.75, 1.98, 2.37],
        [0.26, 0.52, 0.69, 0.92, 0.96, 1.17, 1.40, 1.57],
        [0.10, 0.23, 0.33, 0.44, 0.38, 0.50, 0.61, 0.76],
    ]
)
_SCORING = np.array(
    [
        [0.275, 0.435, 0.633, 0.636, 0.837, 0.870, 0.860, 0.882],
        [0.159, 0.276, 0.414, 0.425, 0.667, 0.653, 0.686, 0.678],
        [0.067, 0.128, 0.224, 0.231, 0.275, 0.286, 0.277, 0.321],
    ]
)

Indices = npt.NDArray[np.int64]


class Tables(NamedTuple):
    """What is known before any game.

    `runs` has the shape (who bats, strength, base-out, runs); `win` the shape
    (half inning, strength, lead): the chance of home at the start of each half inning, the last
    two being those of every extra inning, before which a lead has already won.
    """

    runs: Floats
    win: Floats


class Innings:
    """Win probability of baseball."""

    name = "innings-1"

    def price(self, states: Sequence[GameState], priors: Sequence[Prior]) -> Probabilities:
        """Return the probabilities of home, draw (always 0) and away."""
        return price_rows(states, priors, settle_two_way, _features, _price)


@lru_cache(maxsize=8)
def tables(innings: int, runner: int = RUNNER_ON_SECOND) -> Tables:
    """Return the tables of a game of so many innings; extras start with the bases `runner`."""
    runs = np.stack([_runs(np.exp(-_GRID)), _runs(np.exp(_GRID))])
    halves = 2 * innings
    win = np.empty((halves + 2, _GRID.size, _LEADS.size))
    end = _after_last_half(runs[:, :, runner])
    win[halves + 1] = _walk_off(_before(end, runs[HOME_BATS, :, runner], 1))
    win[halves] = end
    win[halves - 1] = _walk_off(_before(end, runs[HOME_BATS, :, 0], 1))
    for half in range(halves - 2, -1, -1):
        sign = 1 if half % 2 == HOME_BATS else -1
        win[half] = _before(win[half + 1], runs[half % 2, :, 0], sign)
    return Tables(runs, win)


def _after_last_half(runs: Floats) -> Floats:
    """Return the chance of home by strength and lead when the last half inning is over.

    A lead has won. Level scores play extra innings, each the same game again: who wins one that
    is not drawn wins. `runs` are those of the two sides in a half that starts as extras do.
    """
    decided = np.broadcast_to(np.where(_LEADS > 0, 1.0, 0.0), (_GRID.size, _LEADS.size))
    drawn = np.broadcast_to(np.where(_LEADS == 0, 1.0, 0.0), decided.shape)
    won = _before(_before(decided, runs[HOME_BATS], 1), runs[AWAY_BATS], -1)
    tied = _before(_before(drawn, runs[HOME_BATS], 1), runs[AWAY_BATS], -1)
    level = won[:, MAX_LEAD] / (1.0 - tied[:, MAX_LEAD])
    return decided + drawn * level[:, None]


def _runs(rate: Floats) -> Floats:
    """Return P(runs in the rest of the half inning) by strength, base-out state and runs."""
    expected = _EXPECTED.ravel() * rate[:, None]
    scoring = 1.0 - (1.0 - _SCORING.ravel()) ** rate[:, None]
    ratio = np.clip(1.0 - scoring / expected, 0.0, 0.95)[:, :, None]
    further = np.maximum(np.arange(-1.0, MAX_RUNS), 0.0)
    result: Floats = scoring[:, :, None] * (1.0 - ratio) * ratio**further
    result[:, :, 0] = 1.0 - scoring
    result[:, :, -1] += 1.0 - result.sum(axis=2)
    return result


def _before(after: Floats, runs: Floats, sign: int) -> Floats:
    """Return the chance before a half inning of the side that adds `sign` to the lead."""
    at = np.arange(_LEADS.size)
    result = np.zeros(after.shape)
    for scored in range(MAX_RUNS + 1):
        moved = after[:, (at + sign * scored).clip(0, at[-1])]
        result += runs[:, scored, None] * moved
    return result


def _walk_off(win: Floats) -> Floats:
    """Return the chance at the start of a last bottom half, in which a lead has won exactly.

    The sum over runs gives the same but for its rounding.
    """
    return np.where(_LEADS > 0, 1.0, win)


def _features(state: GameState, prior: Prior) -> tuple[float, ...]:
    """Return half, base-out state (-1 at the start of a half), lead, prior, innings, runner."""
    league = LEAGUES[state.league]
    at = half_inning(state, league)
    halves = 2 * league.periods
    half = at.half if at.half < halves else halves + at.half % 2
    lead = min(max(state.home_score - state.away_score, -MAX_LEAD), MAX_LEAD)
    base_out = -1 if at.fresh else len(_EXPECTED[0]) * at.outs + at.bases
    if half == halves and base_out == lead == 0:
        base_out = -1  # the runner of an extra inning is not on the board yet, or there is none
    runner = 0 if _in_play_offs(state.start_ns) else RUNNER_ON_SECOND
    return half, base_out, lead, two_way_prior(prior), league.periods, runner


def _in_play_offs(start_ns: int) -> bool:
    """Tell by the day of the year: the feed's scoreboard does not name the kind of season."""
    start = datetime.fromtimestamp(start_ns / NS_PER_S, tz=UTC)
    return (start.month, start.day) >= PLAY_OFFS_FROM


def _price(features: Floats) -> Probabilities:
    prior, innings, runner = features[3:]
    half, base_out, lead = features[:3].astype(np.int64)
    home = np.empty(prior.size)
    for length, bases in set(zip(innings.tolist(), runner.tolist(), strict=True)):
        rows = (innings == length) & (runner == bases)
        known = tables(int(length), int(bases))
        home[rows] = _home(known, half[rows], base_out[rows], lead[rows], prior[rows])
    return two_way(home)


def _home(known: Tables, half: Indices, base_out: Indices, lead: Indices, prior: Floats) -> Floats:
    start = known.win[0, :, MAX_LEAD]
    strength = np.interp(prior, start, np.arange(_GRID.size, dtype=np.float64))
    # A row without a prior reads any point of the grid, and its NaN share blanks it.
    below = np.nan_to_num(strength).astype(np.int64).clip(0, _GRID.size - 2)
    lower, upper = (_at(known, half, base_out, lead, point) for point in (below, below + 1))
    home: Floats = lower + (strength - below) * (upper - lower)
    return home


def _at(known: Tables, half: Indices, base_out: Indices, lead: Indices, point: Indices) -> Floats:
    """Return the chance of home at grid points of strength."""
    halves = known.win.shape[0] - 2
    fresh = base_out < 0
    bottom = half % 2
    runs = known.runs[bottom, point, base_out.clip(0)]
    sign = np.where(bottom == HOME_BATS, 1, -1)
    leads = lead[:, None] + sign[:, None] * np.arange(MAX_RUNS + 1)
    leads = leads.clip(-MAX_LEAD, MAX_LEAD)
    last = (half == halves - 1) | (half == halves + 1)
    following = np.where(last, halves, half + 1)
    then = known.win[following[:, None], point[:, None], leads + MAX_LEAD]
    within = np.einsum("ij,ij->i", runs, then)
    within = np.where(last & (lead > 0), 1.0, within)
    chance: Floats = np.where(fresh, known.win[half, point, lead + MAX_LEAD], within)
    return chance
