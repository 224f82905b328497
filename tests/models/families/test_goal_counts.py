"""Poisson counts against their distribution, and the means of priors against the prior."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import skellam

from models.families.goal_counts import MAX_MEAN, MIN_MEAN, means_of_prior, outcome


@pytest.fixture(scope="module", autouse=True)
def solved() -> None:
    """Solve the tables before the first example is timed."""
    means_of_prior(np.full((3, 1), 1.0 / 3.0))


@given(st.integers(-12, 12), st.floats(0.001, MAX_MEAN), st.floats(0.001, MAX_MEAN))
def test_outcomes_are_those_of_skellam(lead: int, home: float, away: float) -> None:
    """The chances are those of the difference of two Poisson counts."""
    found = outcome(np.array([float(lead)]), np.array([[home], [away]]))[:, 0]
    expected = [
        skellam.sf(-lead, home, away),
        skellam.pmf(-lead, home, away),
        skellam.cdf(-lead - 1, home, away),
    ]
    assert found == pytest.approx(expected, abs=1e-6)


def test_one_goal_to_come_is_counted_by_hand() -> None:
    """With a mean of ln 2 for home alone, half the time it scores nothing, so one down it loses."""
    mean = np.log(2.0)
    found = outcome(np.array([-1.0, 0.0]), np.array([[mean, mean], [0.0, 0.0]]))
    half_once = 0.5 * mean
    assert found[:, 0] == pytest.approx([0.5 - half_once, half_once, 0.5], abs=1e-12)
    assert found[:, 1] == pytest.approx([0.5, 0.5, 0.0], abs=1e-12)


def test_nothing_to_come_is_the_score() -> None:
    """Means of zero leave the score as it is, exactly, whatever the lead."""
    leads = np.array([-99.0, -1.0, 0.0, 1.0, 99.0])
    found = outcome(leads, np.zeros((2, leads.size)))
    expected = [[0, 0, 0, 1, 1], [0, 0, 1, 0, 0], [1, 1, 0, 0, 0]]
    assert found.tolist() == expected


@given(st.floats(0.2, 4.0), st.floats(0.2, 4.0))
def test_means_are_found_again_from_their_outcome(home: float, away: float) -> None:
    """The prior that two means make leads back to them, to a fifth of a percent."""
    prior = outcome(np.zeros(1), np.array([[home], [away]]))
    assert means_of_prior(prior)[:, 0] == pytest.approx([home, away], rel=2e-3)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_every_prior_has_means(one: float, other: float) -> None:
    """Priors that no means give, certainties among them, are met within the bounds."""
    low, high = sorted((one, other))
    prior = np.array([[low], [high - low], [1.0 - high]])
    means = means_of_prior(prior)
    assert ((means >= MIN_MEAN * 0.999) & (means <= MAX_MEAN * 1.001)).all()
    assert np.allclose(means_of_prior(prior[::-1]), means[::-1], rtol=1e-9)


def test_no_prior_has_no_means() -> None:
    """NaN stays NaN and leaves the other rows alone."""
    prior = np.array([[np.nan, 0.4], [np.nan, 0.3], [np.nan, 0.3]])
    means = means_of_prior(prior)
    assert np.isnan(means).tolist() == [[True, False], [True, False]]
