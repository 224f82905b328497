"""Hockey: the lead as a Markov chain of single goals, solved backwards from the end of regulation.

Both sides score at rates that depend on the lead and the time left, as they do when goalkeepers
are pulled. The chance of winning then follows from Kolmogorov's backward equation

    dV/dleft = home(lead, left) (V(lead + 1) - V) + away(lead, left) (V(lead - 1) - V),

which has no closed form but is small: it is solved once for a set of rates, on a grid of leads,
times and strengths, and prices are read from that table. Paths of a chain of single steps cannot
pass one another without meeting, so that a larger lead is never worth less.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.protocol import Floats

MAX_LEAD = 12
"""A lead beyond it is priced as this one; one more goal than it has won."""

REGULATION_S = 3600.0
LATE_S = 300.0
LATE_STEP_S = 5.0
STEP_S = 30.0
"""Steps of the table before and in the last five minutes."""

STRENGTHS = np.linspace(-5.0, 5.0, 101)
"""Logarithms of home's rate over away's."""

S_PER_HOUR = 3600.0


class Rates(NamedTuple):
    """Goals per hour of an average side, by seconds left and by lead.

    `at_s` are rising seconds left. `ahead` and `behind` have shape (goals, times): row `g` is the
    rate of the side that leads or trails by `g` goals, 0 being a level score, and the last row
    that of every larger lead. Between times the rates are straight lines.
    """

    at_s: Floats
    ahead: Floats
    behind: Floats


class Table(NamedTuple):
    """Chances of home by (strength, time, lead); `start` are those of a level score at the start.

    Leads run from -MAX_LEAD to MAX_LEAD, times as `time_index` counts them.
    """

    home: Floats
    start: Floats


def time_index(left_s: Floats) -> Floats:
    """Return the fractional place of seconds left among the times of a table, at least 0."""
    late = np.minimum(np.maximum(left_s, 0.0), LATE_S) / LATE_STEP_S
    index: Floats = late + np.maximum(left_s - LATE_S, 0.0) / STEP_S
    return index


def solve(rates: Rates, level_at_end: Floats) -> Table:
    """Return the table of rates; `level_at_end` is home's chance if regulation ends level.

    Shape (strengths,). The equation is integrated by the classical Runge-Kutta method.
    """
    late = np.arange(0.0, LATE_S, LATE_STEP_S)
    times = np.concatenate([late, np.arange(LATE_S, REGULATION_S + STEP_S / 2, STEP_S)])
    leads = np.arange(-MAX_LEAD, MAX_LEAD + 1.0)
    share = 1.0 / (1.0 + np.exp(-STRENGTHS))[:, None]
    sides = np.stack([2.0 * share, 2.0 * (1.0 - share)])
    values = np.where(leads > 0, 1.0, np.where(leads < 0, 0.0, level_at_end[:, None]))
    table = np.empty((STRENGTHS.size, times.size, leads.size))
    table[:, 0] = values
    for step in range(1, times.size):
        start, end = times[step - 1], times[step]
        first, middle, last = (
            sides * _by_lead(rates, left, leads)[:, None] * (end - start) / S_PER_HOUR
            for left in (start, (start + end) / 2.0, end)
        )
        one = _change(first, values)
        two = _change(middle, values + one / 2.0)
        three = _change(middle, values + two / 2.0)
        four = _change(last, values + three)
        values = values + (one + 2.0 * two + 2.0 * three + four) / 6.0
        table[:, step] = values
    return Table(table, table[:, -1, MAX_LEAD].copy())


def _by_lead(rates: Rates, left_s: float, leads: Floats) -> Floats:
    """Return the rates of home and away at one time, shape (2, leads)."""
    ahead = np.array([np.interp(left_s, rates.at_s, row) for row in rates.ahead])
    behind = np.array([np.interp(left_s, rates.at_s, row) for row in rates.behind])
    goals = np.minimum(np.abs(leads), ahead.size - 1.0).astype(np.int64)
    home = np.where(leads >= 0, ahead[goals], behind[goals])
    away = np.where(leads <= 0, ahead[goals], behind[goals])
    return np.stack([home, away])


def _change(rates: Floats, values: Floats) -> Floats:
    """Return the right side of the equation; beyond the table the game is won."""
    up = np.concatenate([values[:, 1:], np.ones((len(values), 1))], axis=1) - values
    down = np.concatenate([np.zeros((len(values), 1)), values[:, :-1]], axis=1) - values
    change: Floats = rates[0] * up + rates[1] * down
    return change
