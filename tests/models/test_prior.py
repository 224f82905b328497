from __future__ import annotations

from math import nan

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import Odds
from fusion.leagues import LEAGUES
from models.prior import FLOOR, league_prior, market_prior, odds_prior
from models.protocol import Prior


@pytest.mark.parametrize(
    ("mids", "expected"),
    [
        ((0.6, None, 0.4), Prior(0.6, 0.0, 0.4, "market")),
        ((0.63, None, 0.42), Prior(0.6, 0.0, 0.4, "market")),
        ((0.5, 0.25, 0.25), Prior(0.5, 0.25, 0.25, "market")),
        ((0.525, 0.2625, 0.2625), Prior(0.5, 0.25, 0.25, "market")),
        ((0.999, None, 0.001), Prior(0.995, 0.0, 0.005, "market")),
    ],
)
def test_mids_lose_their_margin(mids: tuple[float, float | None, float], expected: Prior) -> None:
    """Mids are divided by their sum and kept away from 0 and 1."""
    prior = market_prior(*mids)
    assert prior is not None
    numbers = (prior.home, prior.draw, prior.away)
    assert numbers == pytest.approx((expected.home, expected.draw, expected.away))
    assert prior.source == "market"


@pytest.mark.parametrize(
    "mids",
    [
        (None, None, 0.4),
        (0.6, None, None),
        (0.6, None, 0.6),
        (0.3, None, 0.3),
        (0.0, None, 1.0),
        (1.0, None, 0.1),
        (nan, None, 0.5),
        (0.5, nan, 0.3),
        (0.5, 0.0, 0.5),
        (-0.2, None, 1.2),
    ],
)
def test_nonsense_is_no_prior(mids: tuple[float | None, float | None, float | None]) -> None:
    """A missing side, a price outside (0, 1), or sides that do not belong together."""
    assert market_prior(*mids) is None


@given(
    home=st.floats(0.001, 0.999),
    draw=st.none() | st.floats(0.001, 0.999),
    away=st.floats(0.001, 0.999),
)
def test_a_prior_sums_to_one_and_is_no_certainty(
    home: float, draw: float | None, away: float
) -> None:
    """What is accepted sums to 1, and nothing that can happen has less than the floor."""
    prior = market_prior(home, draw, away)
    if prior is not None:
        sides = [prior.home, prior.away] + ([] if draw is None else [prior.draw])
        assert sum(sides) == pytest.approx(1.0)
        assert min(sides) > FLOOR * 0.98


def test_odds_are_a_prior_of_their_own() -> None:
    """Odds without a draw are two-way ones; no odds are no prior."""
    three_way = Odds(home=0.5, away=0.25, draw=0.25, provider="x")
    two_way = Odds(home=0.75, away=0.25)
    assert [odds_prior(odds) for odds in (three_way, two_way, None, Odds(0.0, 1.0))] == [
        Prior(0.5, 0.25, 0.25, "odds"),
        Prior(0.75, 0.0, 0.25, "odds"),
        None,
        None,
    ]


def test_every_league_has_rates() -> None:
    """League rates sum to 1, favour home, and know a draw exactly in three-way leagues."""
    for league in LEAGUES.values():
        prior = league_prior(league)
        assert prior.home + prior.draw + prior.away == pytest.approx(1.0)
        assert prior.home >= prior.away
        assert (prior.draw > 0) == league.three_way
        neutral = league_prior(league, neutral_site=True)
        assert neutral.home == pytest.approx(neutral.away)


def test_a_new_league_takes_the_rate_of_its_sport() -> None:
    """A league added to the table without a figure of its own has its sport's."""
    added = msgspec.structs.replace(LEAGUES["nhl"], key="khl")
    assert league_prior(added).home == pytest.approx(0.54)
