"""Game states for the tests of the models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from fusion.game import GameState, Team

StateOf = Callable[..., GameState]

_PLAYING = GameState(
    game_id="x:1",
    league="nba",
    start_ns=0,
    home=Team("1", "HOM", "Home"),
    away=Team("2", "AWY", "Away"),
    phase="in",
    status="in_progress",
    completed=False,
    home_score=0,
    away_score=0,
    period=1,
    clock_s=None,
)


@pytest.fixture(scope="session")
def state_of() -> StateOf:
    """Return a maker of states: `state_of("nba", period=2, clock_s=30.0)` is in play."""

    def make(league: str, **fields: Any) -> GameState:
        return msgspec.structs.replace(_PLAYING, league=league, **fields)

    return make
