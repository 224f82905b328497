from __future__ import annotations

import pytest

from simulator.odds import MARGIN, american, odds_json
from simulator.plan import Evening


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.5 / MARGIN, "EVEN"), (0.75 / MARGIN, "-300"), (0.25 / MARGIN, "+300"), (0.9999, "-9900")],
)
def test_probabilities_become_american_odds(probability: float, expected: str) -> None:
    """Favourites have a minus, underdogs a plus, even money a word."""
    assert american(probability) == expected


def test_the_favourite_gives_points(evening: Evening) -> None:
    """The spread is negative for home exactly when home is the favourite."""
    for game in evening.games:
        home, draw, away = game.moments[0].truth
        odds = odds_json(game)[0]
        if abs(home - away) > 0.1:
            assert (odds["spread"] < 0) == (home > away)
        assert ("drawOdds" in odds) == (draw > 0)
