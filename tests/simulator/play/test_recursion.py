from __future__ import annotations

import numpy as np

from simulator.play.recursion import EDGE, at, decided, shifted


def test_a_decided_game_belongs_to_who_leads() -> None:
    """When time is up only the tie has a value of its own."""
    assert [at(decided(0.3), margin) for margin in (-5, -1, 0, 1, 5)] == [0.0, 0.0, 0.3, 1.0, 1.0]


def test_margins_beyond_the_edge_are_held_there() -> None:
    """Moving past the edge gives the edge's value."""
    values = np.linspace(0.0, 1.0, 2 * EDGE + 1)
    assert at(shifted(values, 3), EDGE) == 1.0
    assert at(shifted(values, -3), -EDGE) == 0.0
    assert at(values, EDGE + 50) == 1.0
