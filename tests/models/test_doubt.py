from __future__ import annotations

import pytest

from fusion.leagues import LEAGUES
from models.doubt import plausible_priors, prior_error


@pytest.mark.parametrize("key", ["nba", "eng.1"])
def test_plausible_priors_span_underdog_and_favourite(key: str) -> None:
    """Both extremes sum to 1, and the home side is the underdog first, then the favourite."""
    underdog, favourite = plausible_priors(LEAGUES[key])

    assert [p.home + p.draw + p.away for p in (underdog, favourite)] == pytest.approx([1.0, 1.0])
    assert underdog.home < underdog.away
    assert favourite.home > favourite.away
    assert (underdog.draw > 0) == LEAGUES[key].three_way


def test_the_range_of_prices_is_an_error() -> None:
    """From .2 to .8 are 1.44 standard errors to both sides."""
    assert prior_error(0.2, 0.8) == pytest.approx(0.3 / 1.44)
    assert prior_error(0.5, 0.5) == 0.0
