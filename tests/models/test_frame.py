from __future__ import annotations

from collections.abc import Callable
from math import isnan
from statistics import NormalDist

import numpy as np
import pytest

from fusion.game import GameState
from models.frame import (
    AWAY,
    HOME,
    NO_PRICE,
    SPLIT,
    Floats,
    Triple,
    normal_cdf,
    price_rows,
    settle_two_way,
    two_way,
    two_way_prior,
)
from models.protocol import Prior, Probabilities

StateOf = Callable[..., GameState]

PRIOR = Prior(home=0.6, draw=0.0, away=0.4, source="market")


def test_the_normal_distribution_is_that_of_the_standard_library() -> None:
    """The tails and the middle agree to the last digits, and nothing overflows."""
    points = [-1e12, -6.0, -1.5, 0.0, 0.3, 8.0, 1e12]
    expected = [NormalDist().cdf(point) for point in points]
    assert normal_cdf(np.array(points)).tolist() == pytest.approx(expected, abs=1e-15)


def test_two_columns_are_clipped_and_a_row_without_a_price_is_nan_throughout() -> None:
    """Rounding beyond 0 and 1 is taken off; NaN stays NaN in every column."""
    rows = two_way(np.array([0.25, 1.0 + 1e-15, -1e-15, np.nan]))
    expected = [[0.25, 0.0, 0.75], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [np.nan] * 3]
    np.testing.assert_array_equal(rows, expected)


def test_a_two_way_prior_leaves_the_draw_out() -> None:
    """Home's share of what is decided; nothing decided is no prior."""
    assert two_way_prior(Prior(home=0.3, draw=0.5, away=0.2, source="odds")) == pytest.approx(0.6)
    assert isnan(two_way_prior(Prior(home=0.0, draw=1.0, away=0.0, source="odds")))


@pytest.mark.parametrize(
    ("league", "fields", "expected"),
    [
        ("nba", {"phase": "in"}, None),
        ("nba", {"phase": "pre"}, (0.6, 0.0, 0.4)),
        ("nba", {"phase": "post", "completed": True, "winner": "home"}, HOME),
        ("nba", {"phase": "post", "completed": True, "away_score": 1}, AWAY),
        ("nfl", {"phase": "post", "completed": True}, SPLIT),
        ("nfl", {"phase": "post", "completed": True, "winner": "draw"}, SPLIT),
    ],
)
def test_what_needs_no_formula(
    state_of: StateOf, league: str, fields: dict[str, object], expected: Triple | None
) -> None:
    """Before the start it is the prior, after the end the result, in play nothing yet."""
    assert settle_two_way(state_of(league, **fields), PRIOR) == expected


def test_rows_go_back_to_where_their_states_were(state_of: StateOf) -> None:
    """The formula sees only open rows, one row of numbers per feature, and is called once."""
    seen: list[Floats] = []

    def settle(state: GameState, prior: Prior) -> Triple | None:
        return NO_PRICE if state.phase == "post" else None

    def features(state: GameState, prior: Prior) -> tuple[float, ...]:
        return float(state.home_score), prior.home

    def formula(numbers: Floats) -> Probabilities:
        seen.append(numbers)
        return two_way(numbers[0] / 10)

    states = [
        state_of("nba", home_score=1),
        state_of("nba", phase="post"),
        state_of("nba", home_score=3),
    ]
    rows = price_rows(states, [PRIOR] * 3, settle, features, formula)
    np.testing.assert_array_equal(rows, [[0.1, 0.0, 0.9], [np.nan] * 3, [0.3, 0.0, 0.7]])
    np.testing.assert_array_equal(seen, [[[1.0, 3.0], [0.6, 0.6]]])
