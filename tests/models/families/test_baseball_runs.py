from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.families.baseball_runs import (
    BASES,
    DOUBLE,
    HOMER,
    MAX_RUNS,
    REACHES,
    SINGLE,
    STATES,
    TRIPLE,
    WALK,
    runs_distribution,
)
from models.protocol import Floats

RUNS = np.arange(MAX_RUNS + 1)
TWO_OUTS = 2 * BASES
LOADED = 7

# What followed in 2019 to July, from the transitions between plate appearances: by outs, then by
# bases (none, 1, 2, 1-2, 3, 1-3, 2-3, 1-2-3), the chance of a run and the runs.
SCORED = [
    [0.292, 0.435, 0.616, 0.629, 0.835, 0.848, 0.849, 0.858],
    [0.177, 0.279, 0.418, 0.436, 0.652, 0.650, 0.687, 0.676],
    [0.080, 0.135, 0.228, 0.231, 0.270, 0.300, 0.261, 0.332],
]
MEAN = [
    [0.544, 0.961, 1.193, 1.591, 1.454, 1.838, 2.052, 2.478],
    [0.295, 0.565, 0.736, 1.013, 0.991, 1.250, 1.473, 1.674],
    [0.117, 0.246, 0.348, 0.469, 0.401, 0.562, 0.588, 0.809],
]

log_odds = st.floats(-2.5, 2.5)


def _distribution(by: float = 0.0) -> Floats:
    return runs_distribution(np.array([by])).reshape(STATES, MAX_RUNS + 1)


@given(by=log_odds)
def test_the_runs_of_every_state_are_a_distribution(by: float) -> None:
    """Each of the 24 rows is in [0, 1] and sums to 1, whatever the strength."""
    runs = _distribution(by)
    assert runs.shape == (STATES, MAX_RUNS + 1)
    assert runs.min() >= -1e-12
    np.testing.assert_allclose(runs.sum(axis=1), 1.0, rtol=0.0, atol=1e-12)


@given(by=st.floats(-2.5, 2.0), more=st.floats(0.01, 0.5))
def test_better_batters_score_more(by: float, more: float) -> None:
    """The chance of at least so many runs rises with the log odds in every state."""
    at_least = [
        runs[:, ::-1].cumsum(axis=1)[:, ::-1] for runs in map(_distribution, (by, by + more))
    ]
    assert (at_least[1] >= at_least[0] - 1e-12).all()


def test_two_outs_by_hand() -> None:
    """With two outs the next who reaches scores a run, and who is out ends the half inning.

    From empty bases a home run scores, and all else is the start of another state.
    """
    runs = _distribution()
    assert runs[TWO_OUTS + LOADED, 0] == pytest.approx(1.0 - REACHES)
    first, second, third = 1.0 - runs[TWO_OUTS + np.array([1, 2, 4]), 0]
    scored = HOMER + (WALK + SINGLE) * first + DOUBLE * second + TRIPLE * third
    assert 1.0 - runs[TWO_OUTS, 0] == pytest.approx(scored)


def test_third_base_with_two_outs_by_hand() -> None:
    """A runner on third scores on a hit; two walks load the bases, and then a third is enough."""
    runs = _distribution()
    hit = SINGLE + DOUBLE + TRIPLE + HOMER
    scored = hit + WALK * (hit + WALK * REACHES)
    assert 1.0 - runs[TWO_OUTS + 4, 0] == pytest.approx(scored)


def test_the_chain_gives_the_runs_of_2019() -> None:
    """Chance and mean of all 24 states lie within the sampling error of the rarest of them."""
    runs = _distribution()
    np.testing.assert_allclose(1.0 - runs[:, 0].reshape(3, 8), SCORED, rtol=0.0, atol=0.03)
    np.testing.assert_allclose((runs @ RUNS).reshape(3, 8), MEAN, rtol=0.0, atol=0.11)
    assert runs[0] @ RUNS == pytest.approx(0.544, abs=0.01)


def test_fewer_who_reach_give_the_runs_of_the_2010s() -> None:
    """2010 to 2017: 0.487 runs a half inning, and 0, 1, 2, 3, 4 in .730 .147 .068 .031 .014."""
    runs = _distribution(-0.08)[0]
    assert runs @ RUNS == pytest.approx(0.487, abs=0.01)
    assert runs[:5] == pytest.approx([0.730, 0.147, 0.068, 0.031, 0.014], abs=0.007)
