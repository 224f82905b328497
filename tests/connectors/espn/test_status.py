from __future__ import annotations

from typing import Any

import pytest

from connectors.espn.schema import Status, StatusType
from connectors.espn.status import Standing, standing
from fusion.errors import Refusal
from fusion.leagues import LEAGUES


def read(league: str, *, period: Any = 1, clock: Any = 60, **kind: Any) -> Standing | Refusal:
    """Return the standing of a status of these parts."""
    return standing(Status(clock=clock, period=period, type=StatusType(**kind)), LEAGUES[league])


@pytest.mark.parametrize(
    ("kind", "phase", "status", "completed"),
    [
        ({"name": "STATUS_SCHEDULED", "state": "pre"}, "pre", "scheduled", False),
        ({"name": "STATUS_IN_PROGRESS", "state": "in"}, "in", "in_progress", False),
        ({"name": "STATUS_FINAL", "state": "post", "completed": True}, "post", "final", True),
        ({"name": "STATUS_FINAL", "state": "post"}, "post", "final", True),
        ({"name": "STATUS_FINAL", "state": "post", "completed": "true"}, "post", "final", True),
        ({"name": "STATUS_POSTPONED", "state": "post", "completed": False}, "post", "postponed", 0),
        ({"name": "STATUS_CANCELED", "state": "post", "completed": True}, "post", "canceled", 0),
        ({"name": "STATUS_POSTPONED", "state": "pre"}, "pre", "postponed", False),
        ({"name": "STATUS_RAIN_DELAY", "state": "in"}, "in", "rain_delay", False),
        ({"name": "STATUS_MARTIANS", "state": "in", "completed": True}, "in", "martians", False),
        ({"name": "STATUS_MARTIANS", "state": "post", "completed": True}, "post", "martians", True),
        ({"name": "STATUS_MARTIANS", "completed": True}, "post", "martians", True),
        ({"name": "STATUS_HALFTIME"}, "in", "halftime", False),
        ({"name": "STATUS_SCHEDULED", "state": 3}, "pre", "scheduled", False),
        ({"state": "post", "completed": None}, "post", "post", False),
    ],
)
def test_state_then_completed_then_name(
    kind: dict[str, Any], phase: str, status: str, completed: bool
) -> None:
    """The state decides, then the flag, then the name; an unknown name falls back."""
    at = read("nba", **kind)

    assert isinstance(at, Standing)
    assert (at.phase, at.status, at.completed) == (phase, status, bool(completed))


@pytest.mark.parametrize("kind", [{}, {"name": "STATUS_MARTIANS"}, {"name": 7, "state": []}])
def test_no_phase_is_refused(kind: dict[str, Any]) -> None:
    """A status that tells nothing is refused, it is not taken for a game before its start."""
    at = read("nba", **kind)

    assert isinstance(at, Refusal)
    assert at.reason == "bad_status"


def test_no_status_is_refused() -> None:
    """An absent status is refused."""
    at = standing(None, LEAGUES["nba"])

    assert isinstance(at, Refusal)
    assert at.reason == "bad_status"


@pytest.mark.parametrize(
    ("league", "kind", "clock", "expected"),
    [
        ("nba", {"name": "STATUS_HALFTIME"}, 0, True),
        ("nba", {"name": "STATUS_END_PERIOD"}, 0, True),
        ("nba", {"name": "STATUS_IN_PROGRESS", "detail": "0.0 - 4th Quarter"}, 0, False),
        ("nhl", {"name": "STATUS_IN_PROGRESS", "detail": "End of 1st Period"}, 0, True),
        ("nhl", {"name": "STATUS_IN_PROGRESS", "detail": "20:00 - 2nd Period"}, 1200, False),
        ("nfl", {"name": "STATUS_DELAYED", "detail": "Delayed"}, 472, False),
        ("nfl", {"name": "STATUS_DELAYED", "detail": "Delayed"}, 0, True),
        ("mlb", {"name": "STATUS_RAIN_DELAY", "detail": "Rain Delay, Top 3rd"}, 0, False),
        ("mlb", {"name": "STATUS_IN_PROGRESS", "detail": "End 3rd"}, 0, False),
        ("eng.1", {"name": "STATUS_IN_PROGRESS", "detail": "HT"}, 2700, True),
        ("eng.1", {"name": "STATUS_END_OF_REGULATION", "detail": "ET"}, 5400, True),
        ("eng.1", {"name": "STATUS_OVERTIME", "detail": "95'"}, 5700, False),
    ],
)
def test_breaks(league: str, kind: dict[str, Any], clock: int, expected: bool) -> None:
    """A break is told by name or text, a stopped clock alone is none."""
    at = read(league, clock=clock, state="in", **kind)

    assert isinstance(at, Standing)
    assert at.in_break is expected


@pytest.mark.parametrize(
    ("state", "period", "expected"),
    [("pre", 1, 0), ("in", 1, 1), ("in", "3", 3), ("post", 5, 5), ("post", None, 0), ("in", -2, 0)],
)
def test_period(state: str, period: Any, expected: int) -> None:
    """Before the start the period is 0 whatever the board says, and where it says nothing."""
    at = read("nfl", state=state, period=period)

    assert isinstance(at, Standing)
    assert at.period == expected
