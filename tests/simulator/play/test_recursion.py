from __future__ import annotations

import numpy as np

from simulator.play.recursion import EDGE, at, before, decided, draw, shifted


def test_a_decided_game_belongs_to_who_leads() -> None:
    """When time is up only the tie has a value of its own."""
    assert [at(decided(0.3), margin) for margin in (-5, -1, 0, 1, 5)] == [0.0, 0.0, 0.3, 1.0, 1.0]


def test_a_tick_mixes_what_comes_after_it() -> None:
    """One tick that scores for home with 0.4 and for away with 0.1."""
    values = before(decided(0.5), {1: 0.4, 0: 0.5, -1: 0.1})
    assert [round(at(values, margin), 9) for margin in (-2, -1, 0, 1, 2)] == [
        0.0,
        0.2,
        0.65,
        0.95,
        1.0,
    ]


def test_margins_beyond_the_edge_are_held_there() -> None:
    """Moving past the edge gives the edge's value."""
    values = np.linspace(0.0, 1.0, 2 * EDGE + 1)
    assert at(shifted(values, 3), EDGE) == 1.0
    assert at(shifted(values, -3), -EDGE) == 0.0
    assert at(values, EDGE + 50) == 1.0


def test_dice_follow_their_distribution() -> None:
    """Ten thousand throws are within four standard errors of each chance."""
    rng = np.random.default_rng(3)
    change = {-2: 0.2, 0: 0.5, 3: 0.3}
    throws = [draw(rng, change) for _ in range(10_000)]
    errors = [
        abs(throws.count(points) / 10_000 - chance) / (chance * (1 - chance) / 10_000) ** 0.5
        for points, chance in change.items()
    ]
    assert max(errors) < 4
