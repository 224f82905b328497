from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.clock import (
    HalfInning,
    half_inning,
    is_shootout,
    nominal_s,
    overtime_period,
    remaining_s,
)
from fusion.game import GameState, Phase, Situation, Team
from fusion.leagues import LEAGUES

PLAYING = GameState(
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


def _at(
    league: str,
    period: int,
    clock_s: float | None = None,
    *,
    in_break: bool = False,
    phase: Phase = "in",
) -> GameState:
    return msgspec.structs.replace(
        PLAYING, league=league, period=period, clock_s=clock_s, in_break=in_break, phase=phase
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (_at("nba", 0, phase="pre"), 2880.0),
        (_at("nfl", 1, 900.0, phase="pre"), 3600.0),
        (_at("nba", 1, 720.0), 2880.0),
        (_at("nba", 2, 30.9), 1470.9),
        (_at("nba", 2, 0.0, in_break=True), 1440.0),
        (_at("nba", 4, 0.0), 0.0),
        (_at("nba", 5, 300.0), 300.0),
        (_at("nba", 7, 12.0), 12.0),
        (_at("nba", 4, 720.0, phase="post"), 0.0),
        (_at("ncaamb", 1, 60.0), 1260.0),
        (_at("nhl", 3, 1.0), 1.0),
        (_at("eng.1", 1, 0.0), 5820.0),
        (_at("eng.1", 1, 2640.0), 3180.0),
        (_at("eng.1", 1, 2700.0), 3120.0),
        (_at("eng.1", 1, 2760.0), 3060.0),
        (_at("eng.1", 1, 2700.0, in_break=True), 3000.0),
        (_at("eng.1", 2, 2700.0), 3000.0),
        (_at("eng.1", 2, 5400.0), 300.0),
        (_at("eng.1", 2, 5520.0), 180.0),
        (_at("eng.1", 2, 6000.0), 60.0),
        (_at("eng.1", 2, 5400.0, in_break=True), 0.0),
        (_at("eng.1", 3, 5400.0), 1920.0),
        (_at("eng.1", 4, 7140.0), 120.0),
        (_at("eng.1", 3, 6300.0), 1020.0),
        (_at("eng.1", 3, 6420.0), 1020.0),
        (_at("eng.1", 3, 6300.0, in_break=True), 960.0),
        (_at("eng.1", 4, 6300.0), 960.0),
        (_at("eng.1", 4, 7260.0), 60.0),
        (_at("eng.1", 4, 7200.0, in_break=True), 0.0),
        (_at("eng.1", 5, 7200.0), 0.0),
        (_at("nba", 5, 0.0, in_break=True), 0.0),
        (_at("ncaamb", 3, 250.0), 250.0),
        (_at("nfl", 5, 600.0), 600.0),
        (_at("nfl", 5, 850.0), 850.0),
        (_at("nfl", 6, 30.0), 30.0),
        (_at("cfb", 6), 150.0),
        (_at("cfb", 5, 0.0, in_break=True), 0.0),
        (_at("nhl", 4, 290.0), 290.0),
        (_at("nhl", 4, 1150.0), 1150.0),
        (_at("nhl", 4, 0.0, in_break=True), 0.0),
        (_at("nhl", 5, 1200.0), 1200.0),
        (_at("nhl", 6, 4.0), 4.0),
        (_at("nhl", 5, 0.0), 0.0),
        (_at("mlb", 11), 0.0),
        (_at("mlb", 5), 0.0),
    ],
)
def test_remaining_seconds_of_ordinary_states(state: GameState, expected: float) -> None:
    """What is left counts the later periods, added time, and only its own overtime."""
    assert remaining_s(state, LEAGUES[state.league]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (_at("nba", 1, -5.0), 2160.0),
        (_at("nba", 1, 9999.0), 2880.0),
        (_at("nba", 1, None), 2520.0),
        (_at("nba", 0, 100.0), 2260.0),
        (_at("nba", 99, None), 150.0),
        (_at("cfb", 5, 0.0), 150.0),
        (_at("nba", 5, 720.0), 300.0),
        (_at("nfl", 5, 9999.0), 900.0),
        (_at("nhl", 4, 9999.0), 1200.0),
        (_at("nhl", 4, None), 150.0),
        (_at("nhl", 5, None), 0.0),
        (_at("eng.1", 3, None), 1470.0),
        (_at("eng.1", 1, None), 4470.0),
        (_at("eng.1", 2, 0.0), 3000.0),
        (_at("eng.1", 9, 99999.0), 0.0),
    ],
)
def test_remaining_seconds_of_absurd_states(state: GameState, expected: float) -> None:
    """Clocks outside their period are clamped, missing ones stand in its middle."""
    assert remaining_s(state, LEAGUES[state.league]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("situation", "period", "expected"),
    [
        (Situation(bottom=False, outs=0, bases=0), 1, HalfInning(0, 0, 0, fresh=False)),
        (Situation(bottom=True, outs=2, bases=5), 6, HalfInning(11, 2, 5, fresh=False)),
        (Situation(bottom=True, between_halves=True), 6, HalfInning(11, 0, 0, fresh=True)),
        (Situation(bottom=False, between_halves=True), 6, HalfInning(12, 0, 0, fresh=True)),
        (Situation(bottom=False, outs=3, bases=7), 6, HalfInning(11, 0, 0, fresh=True)),
        (Situation(bottom=True, outs=3), 9, HalfInning(18, 0, 0, fresh=True)),
        (Situation(bottom=True, outs=1, bases=2), 12, HalfInning(23, 1, 2, fresh=False)),
        (Situation(), 0, HalfInning(0, 0, 0, fresh=False)),
        (Situation(between_halves=True), 4, HalfInning(6, 0, 0, fresh=True)),
    ],
)
def test_half_innings(situation: Situation, period: int, expected: HalfInning) -> None:
    """Three outs and a pause lead to the next half; an inning past the ninth counts by itself."""
    state = msgspec.structs.replace(PLAYING, league="mlb", period=period, situation=situation)
    assert half_inning(state, LEAGUES["mlb"]) == expected


def test_baseball_before_and_after() -> None:
    """Before the start the first half inning is to come, after the end regulation is over."""
    mlb = LEAGUES["mlb"]
    halves = [half_inning(_at("mlb", 3, phase=phase), mlb).half for phase in ("pre", "post")]
    assert halves == [0, 18]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (_at("eng.1", 4, 7260.0), False),
        (_at("eng.1", 4, 7200.0, in_break=True), False),
        (_at("eng.1", 5, 7200.0), True),
        (msgspec.structs.replace(_at("eng.1", 3, 5400.0), status="penalty_shootout"), True),
        (_at("nhl", 4, 0.0), False),
        (_at("nhl", 5, 0.0), True),
        (_at("nhl", 5, None), True),
        (_at("nhl", 5, 1187.0), False),
        (_at("nhl", 5, 0.0, in_break=True), False),
        (_at("nhl", 5, 0.0, phase="post"), False),
        (msgspec.structs.replace(_at("nhl", 5, 12.0), status="shootout"), True),
        (_at("nba", 7, 0.0), False),
        (_at("cfb", 7), False),
        (_at("mlb", 18), False),
    ],
)
def test_shootout(state: GameState, expected: bool) -> None:
    """A shoot-out follows extra time, or five minutes of hockey, unless a clock is running."""
    assert is_shootout(state, LEAGUES[state.league]) is expected


@given(start=st.integers(5400, 7200), step=st.integers(0, 900), period=st.sampled_from([3, 4]))
def test_extra_time_only_runs_out(start: int, step: int, period: int) -> None:
    """A later minute of extra time never leaves more of it, the second half less than the first."""
    league = LEAGUES["fifa.world"]
    early, late = (_at("fifa.world", period, float(start + each)) for each in (0, step))

    assert remaining_s(late, league) <= remaining_s(early, league)
    assert remaining_s(_at("fifa.world", 4, float(start)), league) <= remaining_s(
        _at("fifa.world", 3, float(start)), league
    )


def test_overtime_is_counted_only_in_play() -> None:
    """A finished overtime game is not in overtime."""
    nba = LEAGUES["nba"]
    states = [_at("nba", 4), _at("nba", 5), _at("nba", 6), _at("nba", 6, phase="post")]
    assert [overtime_period(state, nba) for state in states] == [0, 1, 2, 0]


@given(
    key=st.sampled_from(sorted(LEAGUES)),
    period=st.integers(-1, 99),
    clock=st.none() | st.floats(-1e4, 1e4),
    in_break=st.booleans(),
    situation=st.builds(
        Situation,
        outs=st.none() | st.integers(-1, 9),
        bases=st.none() | st.integers(-1, 99),
        bottom=st.none() | st.booleans(),
        between_halves=st.booleans(),
    ),
)
def test_any_state_is_clamped(
    key: str, period: int, clock: float | None, in_break: bool, situation: Situation
) -> None:
    """What is left lies within the game, whatever the feed says."""
    state = msgspec.structs.replace(_at(key, period, clock, in_break=in_break), situation=situation)
    league = LEAGUES[key]
    assert 0.0 <= remaining_s(state, league) <= nominal_s(league)
    at = half_inning(state, league)
    assert at.half >= 0
    assert (0 <= at.outs < 3, 0 <= at.bases < 8) == (True, True)


@given(period=st.integers(1, 4), early=st.floats(0, 720), late=st.floats(0, 720))
def test_time_only_runs_out(period: int, early: float, late: float) -> None:
    """A lower clock never leaves more of the game."""
    first, second = _at("nba", period, max(early, late)), _at("nba", period, min(early, late))
    assert remaining_s(first, LEAGUES["nba"]) >= remaining_s(second, LEAGUES["nba"])
