"""Baseball: the chance of home, summed half inning by half inning back from the last out.

From each state of bases and outs the runs of the half inning have a known distribution
(`models.families.baseball_runs`), so the chance of winning is an exact sum over what may follow:
home does not bat when it leads after the top of the last inning, a lead in the bottom of it or
later wins at once, and under the rule of the regular season since 2020 an extra inning begins
with a runner on second.

Strength: batters of home reach base more often by the log odds `s`, those of away by `-s`, and
`s` is the one that gives the prior at the first pitch. It fades, for starting pitchers leave and
what is known of them with them. Runs also differ by inning: most in the first, where the best
batters come up, fewest in the ninth.

All sums are made once for a grid of strengths, every half inning, lead and state, in some 60 ms;
a price is then read off between two points of the grid. What the score tells of strengths that
nobody knew is worth nothing here: fitted to 19,436 games priced at the league's rate it came out
at zero, for sides differ little and nine innings are mostly chance.

The constants and coefficients are from play by play of Retrosheet. The information used here was
obtained free of charge from and is copyrighted by Retrosheet. Interested parties may contact
Retrosheet at www.retrosheet.org.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np

from models.families.baseball_runs import BASES, MAX_RUNS, OUTS, STATES, runs_distribution
from models.protocol import Floats

INPUTS: tuple[str, ...] = (
    "lead",
    "prior_home",
    "half",
    "outs",
    "bases",
    "fresh",
    "runner_rule",
    "innings",
)
VALID = (
    "Baseball in play, nine or seven innings and extra ones, with or without a runner on second;"
    " fitted to the regular seasons 2010 to 2017 and 2019 to July of MLB."
)

BY_INNING = (0.060, -0.063, 0.008, 0.028, 0.025, 0.030, -0.010, -0.049, -0.080)
"""Log odds of reaching base by inning about their mean, from the runs of each inning 2010 to 2017
(0.535 in the first, 0.441 in the second, 0.429 in the ninth); extra innings are as the ninth."""

MAX_INNINGS = 12
MAX_LEAD = 20
"""A larger lead is priced as this one; no team has come back from more than twelve runs."""

SUMMED_LEAD = 30
"""Sums go over leads up to here, so that where they are cut shows in no price."""

NOBODY_ON = 0
RUNNER_ON_SECOND = 2
HOME_BATS = 1
FRESH = STATES
"""The state of a half inning that has not begun, after those of bases and outs."""

_LEADS = np.arange(-SUMMED_LEAD, SUMMED_LEAD + 1)
_PRICED = slice(SUMMED_LEAD - MAX_LEAD, SUMMED_LEAD + MAX_LEAD + 1)
_RATES = np.linspace(-2.4, 2.4, 193)
_AHEAD = np.where(_LEADS > 0, 1.0, 0.0)[:, None]
_LEVEL = np.where(_LEADS == 0, 1.0, 0.0)[:, None]
_STRENGTHS = 1.1 * np.sinh(np.linspace(-1.5, 1.5, 49)) / np.sinh(1.5)
_POINTS = np.arange(_STRENGTHS.size, dtype=np.float64)


class Coefficients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is fitted.

    `level` is the log odds by which batters reach base more often than in 2019. It comes out
    below that of the runs scored in the 2010s (-0.09), for leads are a little safer than half
    innings that know nothing of the score make them: the better relievers pitch for the side
    that is ahead. `fade` is the share of a side's strength that is gone by the last inning, in a
    straight line from the first.
    """

    level: float = -0.132
    fade: float = 0.318


BOUNDS: dict[str, tuple[float, float]] = {"level": (-0.17, -0.06), "fade": (0.0, 0.5)}
"""Bounds of a fit: 0.42 to 0.50 runs a half inning, and no strength that grows. They are narrow
because a few thousand games leave a standard error of some 0.03 and 0.2."""


class Tables(NamedTuple):
    """The chances of home in games of one kind.

    `win` has the shape (half inning, lead, state, strength); the last two half innings are those
    of every extra inning. `start` are the chances at the first pitch, by strength.
    """

    win: Floats
    start: Floats


def probabilities(columns: Mapping[str, Floats], with_: Coefficients) -> Floats:
    """Return home, draw (always 0) and away of states in play, shape (n, 3).

    Whatever is out of range is read as the nearest that is not; a third out is the start of the
    next half inning. Rows without a prior are NaN.
    """
    innings = np.minimum(np.maximum(columns["innings"], 1.0), MAX_INNINGS)
    kinds = 2.0 * innings + (columns["runner_rule"] > 0.0)
    found = set(kinds.tolist())
    result = np.zeros((kinds.size, 3))
    for kind in found:
        rows = slice(None) if len(found) == 1 else kinds == kind
        tables = win_tables(int(kind) // 2, int(kind) % 2 == 1, with_)
        result[rows, 0] = _home({name: columns[name][rows] for name in INPUTS}, tables)
    # Products, so that a row without a price is NaN in all its columns.
    result[:, 1] = result[:, 0] * 0.0
    result[:, 2] = 1.0 - result[:, 0]
    return result


def _home(columns: Mapping[str, Floats], tables: Tables) -> Floats:
    halves = tables.win.shape[0] - 2
    outs = np.maximum(columns["outs"], 0.0)
    over = outs >= OUTS
    half = (np.maximum(columns["half"], 0.0) + over).astype(np.int64)
    half = np.where(half < halves, half, halves + half % 2)
    lead = np.minimum(np.maximum(columns["lead"], -MAX_LEAD), MAX_LEAD).astype(np.int64)
    state = (outs * BASES + np.maximum(columns["bases"], 0.0) % BASES).astype(np.int64)
    # Level with nobody on and none out in the top of an extra inning is the moment before it:
    # the runner is not on the board yet, or there is none.
    waits = (half == halves) & (state == 0) & (lead == 0)
    state = np.where(over | (columns["fresh"] > 0.0) | waits, FRESH, state)

    strength = np.interp(columns["prior_home"], tables.start, _POINTS)
    # A row without a prior reads any point of the grid, and its NaN share blanks it.
    below = np.fmin(strength, _POINTS[-2]).astype(np.int64)
    leads = 2 * MAX_LEAD + 1
    at = ((half * leads + lead + MAX_LEAD) * (STATES + 1) + state) * _POINTS.size + below
    win = tables.win.ravel()
    lower = win[at]
    home = lower + (strength - below) * (win[at + 1] - lower)
    # Sums of rounded chances may pass 0 and 1 by a last bit.
    chance: Floats = np.minimum(np.maximum(home, 0.0), 1.0)
    return chance


@lru_cache(maxsize=8)
def win_tables(innings: int, runner_rule: bool, with_: Coefficients) -> Tables:
    """Return the tables of games of so many innings."""
    halves = 2 * innings
    chances = _chances(innings, with_)
    first = RUNNER_ON_SECOND if runner_rule else NOBODY_ON
    end = _after_last_half(chances[halves], chances[halves + 1], first)

    win = np.empty((halves + 2, _LEADS.size, STATES + 1, _STRENGTHS.size))
    for half in range(halves + 1, -1, -1):
        last = half in (halves - 1, halves + 1)
        after = end if last else win[half + 1, :, FRESH]
        win[half, :, :STATES] = _within(chances[half], after, home_bats=half % 2 == HOME_BATS)
        win[half, :, FRESH] = win[half, :, first if half >= halves else NOBODY_ON]
        if last:
            win[half, _LEADS > 0] = 1.0
        if half == halves:
            win[half, :, FRESH] = end
    start = win[0, SUMMED_LEAD, FRESH].copy()
    return Tables(win[:, _PRICED].copy(), start)


def _chances(innings: int, with_: Coefficients) -> Floats:
    """Return P(runs), shape (half inning, strength, base-out, runs), with an extra inning last.

    A game of fewer innings than nine runs through the innings faster.
    """
    half = np.arange(2 * innings + 2)[:, None]
    played = np.minimum((half // 2) / max(innings - 1, 1), 1.0)
    by_inning = np.interp(played * (len(BY_INNING) - 1), np.arange(len(BY_INNING)), BY_INNING)
    sign = np.where(half % 2 == HOME_BATS, 1.0, -1.0)
    rate = with_.level + by_inning + sign * (1.0 - with_.fade * played) * _STRENGTHS
    at = np.interp(rate, _RATES, np.arange(_RATES.size, dtype=np.float64))
    below = np.minimum(at, _RATES.size - 2).astype(np.int64)
    lower, upper = _runs()[below], _runs()[below + 1]
    runs: Floats = lower + (at - below)[..., None, None] * (upper - lower)
    return runs


@lru_cache(maxsize=1)
def _runs() -> Floats:
    """Return the distributions of runs on a grid of log odds, between whose points it is read."""
    return runs_distribution(_RATES)


def _after_last_half(top: Floats, bottom: Floats, first: int) -> Floats:
    """Return the chance of home by lead and strength when the last half inning is over.

    A lead has won. Level scores play extra innings, each the same game again: who wins one that
    is not drawn wins. `first` are the bases at the start of their halves.
    """
    won, drawn = (
        _within(top, _within(bottom, end, home_bats=True)[:, first], home_bats=False)
        for end in (np.tile(_AHEAD, _STRENGTHS.size), np.tile(_LEVEL, _STRENGTHS.size))
    )
    level = won[SUMMED_LEAD, first] / (1.0 - drawn[SUMMED_LEAD, first])
    result: Floats = _AHEAD + _LEVEL * level
    return result


def _within(chances: Floats, after: Floats, *, home_bats: bool) -> Floats:
    """Return the chance of home in a half inning, shape (lead, base-out, strength).

    `chances` are those of runs, shape (strength, base-out, runs), and `after` the chance of home
    at the end of the half inning, shape (lead, strength).
    """
    runs = np.arange(MAX_RUNS + 1)
    leads = _LEADS[:, None] + (runs if home_bats else -runs)
    then = after[leads.clip(-SUMMED_LEAD, SUMMED_LEAD) + SUMMED_LEAD]
    result: Floats = np.einsum("gsk,lkg->lsg", chances, then)
    return result
