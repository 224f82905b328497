from __future__ import annotations

import pytest

from fusion.leagues import LEAGUES
from models.doubt import plausible_priors


@pytest.mark.parametrize("key", ["nba", "eng.1"])
def test_plausible_priors_span_underdog_and_favourite(key: str) -> None:
    """Both extremes sum to 1, and the home side is the underdog first, then the favourite."""
    underdog, favourite = plausible_priors(LEAGUES[key])

    assert [p.home + p.draw + p.away for p in (underdog, favourite)] == pytest.approx([1.0, 1.0])
    assert underdog.home < underdog.away
    assert favourite.home > favourite.away
    assert (underdog.draw > 0) == LEAGUES[key].three_way
