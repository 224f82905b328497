from __future__ import annotations

from math import sqrt

import msgspec
import numpy as np
import pytest
from scipy.special import ndtr

from models.family import Family
from models.protocol import Columns, Floats
from models.training.fit import fit, layout, rounded, sample
from models.training.recipes import Recipe
from models.training.state_table import StateTable


class Walk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A walk with a drift, whose spread is a fitted multiple of what it is."""

    drift: float = 0.5
    spread: tuple[float, float] = (2.0, 2.0)


def by_walk(columns: Columns, with_: Walk) -> Floats:
    """Return the chance that the walk ends above 0; the true one has drift 0 and spread 1."""
    left = columns["remaining_s"]
    spread = np.interp(left, [1.0, 10.0], with_.spread)
    home = ndtr((columns["lead"] + with_.drift * left) / np.sqrt(spread**2 * left))
    return np.stack([home, home * 0.0, 1.0 - home], axis=1)


WALK = Family("walk", Walk, ("lead", "remaining_s"), "walks", by_walk)


def test_numbers_and_tuples_lie_in_one_vector() -> None:
    """And come back as they were."""
    where = layout(Walk())
    assert (where.fields, where.sizes) == (("drift", "spread"), (0, 2))
    assert where.vector(Walk()).tolist() == [0.5, 2.0, 2.0]
    assert where.values(np.array([1.0, 2.0, 3.0])) == {"drift": 1.0, "spread": (2.0, 3.0)}


def test_a_sample_gives_every_game_the_same_weight(walks: StateTable) -> None:
    """Few rows of each game at even distances; too many games are thinned evenly too."""
    states, weights = sample(walks, Recipe(rows_per_game=5))
    assert (states.rows, states.games) == (3000, 600)
    np.testing.assert_allclose(np.bincount(states.game, weights=weights), 1.0)
    assert states.columns["remaining_s"][:5].tolist() == [9.0, 7.0, 5.0, 3.0, 1.0]
    thinned, _ = sample(walks, Recipe(rows_per_game=5, most_rows=1500))
    assert (thinned.rows, thinned.games) == (1500, 300)


def test_where_rows_are_alike_a_long_game_weighs_more(walks: StateTable) -> None:
    """A game weighs as many rows as it has, of which few stand for all."""
    cut = walks.take((walks.game > 0) | (walks.columns["remaining_s"] > 6.0))
    states, weights = sample(cut, Recipe(rows_per_game=5, alike="rows"))
    assert np.bincount(states.game, weights=weights)[:3].tolist() == [4.0, 10.0, 10.0]


def test_rows_without_a_prior_are_not_fitted(walks: StateTable) -> None:
    """They have no price to lose by."""
    lost = np.where(walks.game == 0, np.nan, 0.5)
    table = walks._replace(columns={**walks.columns, "prior_home": lost})
    states, _ = sample(table, Recipe())
    assert 0 not in states.game


def test_a_fit_finds_the_coefficients_of_the_games(walks: StateTable) -> None:
    """The walk has no drift and the spread of its steps; fitted twice it is the same."""
    found = fit(WALK, walks)
    assert abs(found["drift"]) < 0.1
    assert found["spread"] == pytest.approx((1.0, 1.0), abs=0.35)
    assert fit(WALK, walks) == found


def test_bounds_hold_and_equal_ones_fix(walks: StateTable) -> None:
    """A field that is held fixed keeps its start value to the letter."""
    bounded = WALK._replace(bounds={"drift": (0.5, 0.5), "spread": (1.5, None)})
    found = fit(bounded, walks)
    assert found["drift"] == 0.5
    assert min(found["spread"]) >= 1.5


def test_a_recipe_holds_what_a_fit_cannot_tell(walks: StateTable) -> None:
    """At the value it says, not at the family's default; the rest is fitted around it."""
    found = fit(WALK, walks, Recipe(held={"drift": 0.25}, start={"spread": (1.5, 1.5)}))
    assert found["drift"] == 0.25
    assert found["spread"] != (1.5, 1.5)
    both = Recipe(held={"drift": 0.0, "spread": (1.0, 1.25)})
    assert fit(WALK, walks, both) == {"drift": 0.0, "spread": (1.0, 1.25)}


def test_a_family_without_free_coefficients_is_as_it_is(walks: StateTable) -> None:
    """Nothing is minimised."""
    fixed = WALK._replace(bounds={"drift": (0.5, 0.5), "spread": (2.0, 2.0)})
    assert fit(fixed, walks) == {"drift": 0.5, "spread": (2.0, 2.0)}


def test_numbers_are_kept_to_four_digits() -> None:
    """The last ones depend on the machine."""
    assert rounded(np.array([sqrt(2.0), 1e-9 / 3])).tolist() == [1.414, 3.333e-10]
