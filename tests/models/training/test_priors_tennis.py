from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from models.training.priors_tennis import from_rating, over_sets


def test_rating_is_believed_less_in_three_sets_than_in_five() -> None:
    """The log odds are scaled by the slope of the tour, and by 1.3 in best of five."""
    expected = np.array([0.9, 0.9, 0.5])

    found = from_rating(expected, np.array([3.0, 5.0, 3.0]), "atp")

    odds = float(logit(0.9))
    assert found == pytest.approx(expit([0.85 * odds, 0.85 * 1.3 * odds, 0.0]))


def test_tours_have_slopes_of_their_own() -> None:
    """The ratings of women are believed less; an unknown tour is taken as the men's."""
    expected, best_of = np.array([0.8]), np.array([3.0])

    wta, atp, other = (from_rating(expected, best_of, tour)[0] for tour in ("wta", "atp", "x"))

    assert 0.5 < wta < atp < 0.8
    assert other == atp


def test_sides_are_treated_alike_and_missing_stays_missing() -> None:
    """What player 2 is given is what player 1 is not; NaN stays NaN, certainty is finite."""
    expected = np.array([0.3, np.nan, 0.0, 1.0])
    best_of = np.full(4, 3.0)

    found = from_rating(expected, best_of, "wta")

    mirrored = from_rating(1.0 - expected, best_of, "wta")
    assert found == pytest.approx(1.0 - mirrored, nan_ok=True)
    assert np.isnan(found).tolist() == [False, True, False, False]
    assert np.all((found[2:] > 0.0) & (found[2:] < 1.0))


def test_longer_matches_make_the_better_player_safer() -> None:
    """The log odds grow by 1.3 in best of five, and stay in best of three."""
    found = over_sets(np.array([0.7, 0.7, 0.5, np.nan]), np.array([3.0, 5.0, 5.0, 3.0]))

    expected = [0.7, float(expit(1.3 * logit(0.7))), 0.5, np.nan]
    assert found.tolist() == pytest.approx(expected, nan_ok=True)
