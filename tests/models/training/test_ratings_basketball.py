"""Strengths of teams by earlier games: nothing of a day's own results, and sums by hand."""

from __future__ import annotations

from math import nan, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.ratings_basketball import (
    HOME,
    LINE_NOISE,
    MARGIN_NOISE,
    SUMMER,
    SUMMER_DAYS,
    UNLINED_AWAY,
    UNLINED_HOME,
    UNSEEN,
    Game,
    expected_by_earlier,
)

NOISE = MARGIN_NOISE**2

teams = st.sampled_from(["a", "b", "c", "d"])
points = st.one_of(st.just(nan), st.integers(-60, 60).map(float))
games = st.lists(st.builds(Game, st.integers(0, 9), teams, teams, points, points), max_size=20)


def _chance(ahead: float, variance: float) -> float:
    return NormalDist().cdf(ahead / sqrt(NOISE + variance))


def test_a_first_game_says_who_has_no_line() -> None:
    """Teams with a line are alike but for home; without one the visitor is thought far weaker."""
    lined, unlined = Game(0, "a", "b", 4.0, 9.0), Game(0, "c", "d", nan, 30.0)
    made = expected_by_earlier([lined, unlined])
    both = 2.0 * UNSEEN**2
    expected = [_chance(HOME, both), _chance(HOME + UNLINED_HOME - UNLINED_AWAY, both)]
    np.testing.assert_allclose(made.home, expected)
    np.testing.assert_allclose(made.variance, [both / NOISE] * 2)


def test_a_margin_and_a_line_are_learnt_from_by_hand() -> None:
    """Half of the share of the teams in the whole variance goes to each side."""
    first = Game(0, "a", "b", 9.5, nan)
    made = expected_by_earlier([first, Game(1, "a", "b", 5.0, nan)])
    gain = UNSEEN**2 / (2.0 * UNSEEN**2 + LINE_NOISE**2)
    ahead = HOME + 2.0 * gain * (9.5 - HOME)
    left = 2.0 * UNSEEN**2 * (1.0 - gain)
    assert made.home[1] == pytest.approx(_chance(ahead, left))
    assert made.variance[1] == pytest.approx(left / NOISE)


def test_after_a_summer_a_team_is_less_known() -> None:
    """By so many points, and never less than a new one."""
    first = Game(0, "a", "b", 9.5, nan)
    last, next_ = (Game(day, "a", "b", 5.0, nan) for day in (SUMMER_DAYS, SUMMER_DAYS + 1))
    before = expected_by_earlier([first, last]).variance[1]
    after = expected_by_earlier([first, next_]).variance[1]
    assert after == pytest.approx(min(before + 2.0 * SUMMER**2 / NOISE, 2.0 * UNSEEN**2 / NOISE))


@given(games, st.integers(0, 9), points)
def test_no_result_is_in_its_own_price(played: list[Game], day: int, margin: float) -> None:
    """Other margins from a day on change nothing of what is said until then, that day included."""
    other = [game._replace(margin=margin) if game.day >= day else game for game in played]
    until = np.array([game.day <= day for game in played], dtype=np.bool_)
    made, changed = expected_by_earlier(played), expected_by_earlier(other)
    np.testing.assert_array_equal(made.home[until], changed.home[until])
    np.testing.assert_array_equal(made.variance[until], changed.variance[until])


@given(games)
def test_every_game_has_a_chance(played: list[Game]) -> None:
    """Inside (0, 1), with a positive variance; an empty file has none."""
    made = expected_by_earlier(played)
    assert made.home.shape == made.variance.shape == (len(played),)
    assert ((made.home > 0.0) & (made.home < 1.0)).all()
    assert (made.variance > 0.0).all()
