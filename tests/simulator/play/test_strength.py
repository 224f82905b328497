from __future__ import annotations

import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.play.strength import play


@pytest.mark.parametrize("key", ["nba", "ncaamb", "nfl", "cfb", "nhl", "mlb", "eng.1"])
@pytest.mark.parametrize("strength", [0.2, 0.5, 0.8])
def test_strength_becomes_the_pregame_probability(key: str, strength: float) -> None:
    """Home's share of the decided games is within four hundredths of what was asked."""
    moments = play(LEAGUES[key], strength, 600_000, np.random.default_rng(1))
    home, _, away = moments[0].truth
    assert home / (home + away) == pytest.approx(strength, abs=0.04)
