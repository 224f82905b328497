"""The chain of goals against results that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import skellam

from models.families.hockey_chain import MAX_LEAD, STRENGTHS, Rates, solve, time_index

COIN = np.full(STRENGTHS.size, 0.5)


def _even(goals: float) -> Rates:
    """Return rates that are the same at all times and leads."""
    same = np.full((2, 2), goals)
    return Rates(np.array([0.0, 3600.0]), same, same)


@pytest.mark.parametrize("strength", [-1.0, 0.0, 0.5])
@pytest.mark.parametrize(("lead", "left_s"), [(0, 3600.0), (1, 1200.0), (-2, 1800.0), (1, 60.0)])
def test_even_rates_are_the_difference_of_two_poisson_counts(
    strength: float, lead: int, left_s: float
) -> None:
    """Where nothing depends on the score the chance is that of Skellam's distribution."""
    table = solve(_even(3.0), COIN)
    hours = left_s / 3600.0
    home = 6.0 * hours / (1.0 + np.exp(-strength))
    away = 6.0 * hours - home
    expected = skellam.sf(-lead, home, away) + 0.5 * skellam.pmf(-lead, home, away)
    row = int(np.argmin(np.abs(STRENGTHS - strength)))
    step = int(time_index(np.array([left_s]))[0])
    assert table.home[row, step, lead + MAX_LEAD] == pytest.approx(expected, abs=1e-6)


def test_the_end_is_the_score() -> None:
    """With nothing left a lead has won, and a level score is worth what was given for it."""
    table = solve(_even(3.0), np.linspace(0.2, 0.8, STRENGTHS.size))
    end = table.home[:, 0]
    assert (end[:, MAX_LEAD + 1 :] == 1.0).all()
    assert (end[:, :MAX_LEAD] == 0.0).all()
    assert end[:, MAX_LEAD].tolist() == np.linspace(0.2, 0.8, STRENGTHS.size).tolist()


def test_times_have_short_steps_at_the_end() -> None:
    """Five seconds in the last five minutes, half a minute before; below 0 is the end."""
    index = time_index(np.array([-5.0, 0.0, 7.5, 300.0, 315.0, 3600.0]))
    assert index.tolist() == [0.0, 0.0, 1.5, 60.0, 60.5, 170.0]


def test_a_side_that_only_scores_when_behind_can_only_level() -> None:
    """The rates of a deficit belong to the side that has it, whichever it is."""
    none, some = np.zeros((2, 2)), np.array([[0.0, 0.0], [60.0, 60.0]])
    table = solve(Rates(np.array([0.0, 3600.0]), none, some), COIN)
    even = STRENGTHS.size // 2
    minutes = 5.0
    levelled = 1.0 - np.exp(-minutes)
    step = int(time_index(np.array([minutes * 60.0]))[0])
    behind, ahead = table.home[even, step, [MAX_LEAD - 1, MAX_LEAD + 1]]
    assert behind == pytest.approx(0.5 * levelled, abs=1e-6)
    assert ahead == pytest.approx(1.0 - 0.5 * levelled, abs=1e-6)
