from __future__ import annotations

from collections.abc import Callable
from math import isnan

import pytest

from fusion.game import GameState
from fusion.leagues import LEAGUES
from models.frame import (
    AWAY,
    DRAW,
    HOME,
    NO_PRICE,
    SPLIT,
    Triple,
    settle,
    settle_two_way,
    two_way_prior,
)
from models.protocol import Prior

StateOf = Callable[..., GameState]

PRIOR = Prior(home=0.6, draw=0.0, away=0.4, source="market")


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


THREE_WAY = Prior(home=0.5, draw=0.3, away=0.2, source="market")


@pytest.mark.parametrize(
    ("league", "fields", "expected"),
    [
        ("nba", {"phase": "pre"}, (0.5 / 0.7, 0.0, 0.2 / 0.7)),
        ("eng.1", {"phase": "pre"}, (0.5, 0.3, 0.2)),
        ("eng.1", {"period": 2}, None),
        ("eng.1", {"period": 2, "in_break": True, "home_score": 1}, HOME),
        ("eng.1", {"phase": "post", "completed": True, "period": 2}, DRAW),
        ("fifa.world", {"period": 3, "home_score": 1}, DRAW),
        ("eng.fa", {"period": 3}, NO_PRICE),
        ("usa.1", {"phase": "post", "completed": True, "status": "final_pen"}, DRAW),
        ("eng.1", {"phase": "post", "status": "postponed"}, NO_PRICE),
        ("atp", {"phase": "in"}, None),
        ("atp", {"phase": "post", "completed": True, "winner": "away", "home_score": 2}, AWAY),
        ("atp", {"phase": "post", "completed": True, "status": "retired", "winner": "home"}, HOME),
        (
            "wta",
            {"phase": "post", "completed": True, "status": "walkover", "winner": "home"},
            SPLIT,
        ),
        ("wta", {"phase": "post", "completed": True, "home_score": 2}, NO_PRICE),
    ],
)
def test_each_sport_settles_as_its_markets_do(
    state_of: StateOf, league: str, fields: dict[str, object], expected: Triple | None
) -> None:
    """Soccer by its 90 minutes, tennis by who advances, a walkover by half to each."""
    settled = settle(state_of(league, **fields), THREE_WAY, LEAGUES[league])
    if settled is None or expected is None:
        assert settled is expected
    else:
        assert settled == pytest.approx(expected, nan_ok=True)
