from __future__ import annotations

from typing import Any

import pytest
from factories import pregame, state

from fusion.game import GameState, SetScore, Situation
from fusion.game_order import step


def soccer(**changes: Any) -> GameState:
    """Return a match of the Premier League in its first half."""
    return state(**{"league": "epl", "period": 1, "clock_s": 600.0, **changes})


def innings(**changes: Any) -> GameState:
    """Return a baseball game in the bottom of the sixth."""
    situation = Situation(bottom=True, outs=1)
    return state(
        **{"league": "mlb", "period": 6, "clock_s": None, "situation": situation, **changes}
    )


def tennis(**changes: Any) -> GameState:
    """Return a tennis match in its second set."""
    sets = (SetScore(6, 4, winner="home"), SetScore(2, 3))
    return state(**{"league": "atp", "period": 2, "clock_s": None, "sets": sets, **changes})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(pregame(), state(home_score=0, away_score=0), id="it begins"),
        pytest.param(state(), state(phase="post", clock_s=None), id="it ends"),
        pytest.param(state(), state(clock_s=399.0), id="the clock runs down"),
        pytest.param(state(), state(clock_s=399.0, home_score=57), id="taken back, clock runs"),
        pytest.param(state(), state(home_score=62), id="a score while the clock stands"),
        pytest.param(state(), state(clock_s=0.0, in_break=True), id="the period ends"),
        pytest.param(state(clock_s=0.0, in_break=True), state(period=4, clock_s=720.0), id="next"),
        pytest.param(
            soccer(clock_s=2940.0), soccer(clock_s=2700.0, in_break=True), id="half-time"
        ),
        pytest.param(
            soccer(clock_s=2700.0, in_break=True), soccer(period=2, clock_s=2700.0), id="2nd half"
        ),
        pytest.param(soccer(), soccer(clock_s=660.0), id="the clock runs up"),
        pytest.param(
            soccer(period=5, clock_s=7200.0, situation=Situation(home_shootout=1)),
            soccer(period=5, clock_s=7200.0, situation=Situation(home_shootout=2)),
            id="a shoot-out",
        ),
        pytest.param(
            innings(situation=Situation(bottom=False, outs=2)), innings(), id="the half inning"
        ),
        pytest.param(
            innings(situation=Situation(bottom=True, between_halves=True)),
            innings(situation=Situation(bottom=False, between_halves=True)),
            id="the middle, then the end of an inning",
        ),
        pytest.param(
            tennis(), tennis(sets=(SetScore(6, 4, winner="home"), SetScore(3, 3))), id="a game"
        ),
    ],
)  # fmt: skip
def test_later(before: GameState, after: GameState) -> None:
    """The later of two states is told, and the earlier one the other way round."""
    assert (step(before, after), step(after, before)) == (1, -1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(state(), state(detail="another text"), id="a detail"),
        pytest.param(state(), state(home_score=61, away_score=54), id="a point changes hands"),
        pytest.param(state(), state(clock_s=None), id="no clock"),
        pytest.param(state(league="ufc"), state(league="ufc", clock_s=1.0), id="no direction"),
        pytest.param(state(league="none"), state(league="none", clock_s=1.0), id="no league"),
        pytest.param(pregame(), pregame(period=1, clock_s=900.0), id="a clock before the start"),
        pytest.param(
            state(phase="post", clock_s=0.0), state(phase="post", clock_s=720.0), id="after the end"
        ),
    ],
)  # fmt: skip
def test_neither_is_later(before: GameState, after: GameState) -> None:
    """What is no progress of play tells nothing."""
    assert (step(before, after), step(after, before)) == (0, 0)
