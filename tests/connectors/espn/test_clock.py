from __future__ import annotations

from typing import Any

import pytest

from connectors.espn.clock import clock_s, is_untimed
from connectors.espn.schema import Status
from fusion.leagues import LEAGUES


@pytest.mark.parametrize(
    ("clock", "display", "expected"),
    [
        (521.0, "8:41", 521.0),
        (30.9, "30.9", 30.9),
        ("30.9", "30.9", 30.9),
        (0, "0.0", 0.0),
        (None, "8:41", 521.0),
        (None, "30.9", 30.9),
        (-1, "0:16", 16.0),
        (None, "-", None),
        (None, None, None),
        ({}, [], None),
    ],
)
def test_seconds_left(clock: Any, display: Any, expected: float | None) -> None:
    """A clock that counts down is the number, or else what is shown."""
    status = Status(clock=clock, display_clock=display)

    assert clock_s(status, LEAGUES["nba"], in_break=False) == expected


@pytest.mark.parametrize(
    ("clock", "display", "expected"),
    [
        (3660.0, "61'", 3660.0),
        (2700.0, "45'+4'", 2940.0),
        (5400, "90'+11'", 6060.0),
        (5400, "90'+99'", 6600.0),
        (7200.0, "120'", 7200.0),
        (7200.0, None, 7200.0),
        (None, "90'+4'", 5640.0),
        (None, "HT", None),
    ],
)
def test_seconds_played(clock: Any, display: Any, expected: float | None) -> None:
    """The soccer clock adds the stoppage that only the text shows, within reason."""
    status = Status(clock=clock, display_clock=display)

    assert clock_s(status, LEAGUES["eng.1"], in_break=False) == expected


@pytest.mark.parametrize(
    ("clock", "display", "expected"),
    [
        (6300.0, "105'+2'", 6420.0),
        (7200.0, "120'+1'", 7260.0),
        (7200.0, "120'", 7200.0),
        (7200.0, "AET-pens", 7200.0),
    ],
)
def test_extra_time_and_shootout(clock: float, display: str, expected: float) -> None:
    """Extra time has its stoppage too, and in the shoot-out the clock is back at 120 minutes."""
    status = Status(clock=clock, display_clock=display, period=4)

    assert clock_s(status, LEAGUES["fifa.world"], in_break=False) == expected


@pytest.mark.parametrize(
    ("league", "period", "expected"),
    [
        ("cfb", 4, False),
        ("cfb", 5, True),
        ("cfb", None, False),
        ("nfl", 5, False),
        ("mlb", 10, False),
        ("eng.1", 3, False),
    ],
)
def test_untimed_overtime(league: str, period: int | None, expected: bool) -> None:
    """Of the games with a clock only college football plays an overtime without one."""
    assert is_untimed(Status(period=period), LEAGUES[league]) is expected


@pytest.mark.parametrize(
    ("league", "clock", "display", "expected"),
    [
        ("nba", 720.0, "12:00", 0.0),
        ("eng.1", 2700.0, "45'+4'", 2700.0),
        ("mlb", 0, "0:00", None),
    ],
)
def test_breaks(league: str, clock: float, display: str, expected: float | None) -> None:
    """In a break nothing is left of a period, and stoppage is not counted."""
    status = Status(clock=clock, display_clock=display)

    assert clock_s(status, LEAGUES[league], in_break=True) == expected
