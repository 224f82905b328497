from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.espn.schema import Status, StatusType
from connectors.espn.status import KNOWN_STATUSES, Standing, is_known_status, standing
from fusion.errors import Refusal
from fusion.leagues import LEAGUES


def read(league: str, *, period: Any = 1, clock: Any = 60, **kind: Any) -> Standing | Refusal:
    """Return the standing of a status of these parts."""
    return standing(Status(clock=clock, period=period, type=StatusType(**kind)), LEAGUES[league])


@pytest.mark.parametrize(
    ("name", "state", "completed", "expected"),
    [
        ("SCHEDULED", "pre", False, ("pre", False)),
        ("TBD", "pre", False, ("pre", False)),
        ("RESCHEDULED", "pre", False, ("pre", False)),
        ("DELAYED", "pre", False, ("pre", False)),
        ("POSTPONED", "pre", False, ("pre", False)),
        ("SUSPENDED", "pre", False, ("pre", False)),
        ("IN_PROGRESS", "in", False, ("in", False)),
        ("IN_PROGRESS_2", "in", False, ("in", False)),
        ("OVERTIME", "in", False, ("in", False)),
        ("EXTRA_TIME", "in", False, ("in", False)),
        ("SHOOTOUT", "in", False, ("in", False)),
        ("PENALTY_SHOOTOUT", "in", False, ("in", False)),
        ("PAUSE", "in", False, ("in", False)),
        ("DELAY", "in", False, ("in", False)),
        ("WEATHER_DELAY", "in", False, ("in", False)),
        ("RAIN_DELAY", "in", False, ("in", False)),
        ("SUSPENDED", "in", False, ("in", False)),
        ("FINAL", "in", True, ("in", False)),
        ("FINAL", "pre", True, ("pre", False)),
        ("FINAL", "post", True, ("post", True)),
        ("FINAL", "post", "true", ("post", True)),
        ("FINAL", "post", None, ("post", True)),
        ("FINAL", "post", False, ("post", False)),
        ("FULL_TIME", "post", True, ("post", True)),
        ("FINAL_AET", "post", True, ("post", True)),
        ("FINAL_PEN", "post", True, ("post", True)),
        ("FORFEIT", "post", True, ("post", True)),
        ("FORFEIT", "post", None, ("post", True)),
        ("RETIRED", "post", True, ("post", True)),
        ("WALKOVER", "post", None, ("post", True)),
        ("UNCONTESTED", "post", True, ("post", True)),
        ("UNCONTESTED", "post", None, ("post", False)),
        ("POSTPONED", "post", False, ("post", False)),
        ("CANCELED", "post", False, ("post", False)),
        ("CANCELED", "post", True, ("post", False)),
        ("CANCELLED", "post", True, ("post", False)),
        ("SUSPENDED", "post", False, ("post", False)),
        ("SUSPENDED", "post", True, ("post", False)),
        ("ABANDONED", "post", True, ("post", False)),
        ("HALFTIME", "post", None, ("post", False)),
        ("MARTIANS", "in", True, ("in", False)),
        ("MARTIANS", "post", True, ("post", True)),
        ("MARTIANS", "post", None, ("post", False)),
    ],
)
def test_state_then_completed_then_name(
    name: str, state: str, completed: Any, expected: tuple[str, bool]
) -> None:
    """The state decides, then the flag; a name only takes a result away or stands in for it."""
    at = read("nba", name=f"STATUS_{name}", state=state, completed=completed)

    assert isinstance(at, Standing)
    assert (at.phase, at.completed) == expected
    assert at.status == name.lower()


@pytest.mark.parametrize(
    ("kind", "phase", "status", "completed"),
    [
        ({"name": "STATUS_MARTIANS", "completed": True}, "post", "martians", True),
        ({"name": "STATUS_HALFTIME"}, "in", "halftime", False),
        ({"name": "STATUS_SHOOTOUT"}, "in", "shootout", False),
        ({"name": "STATUS_PAUSE"}, "in", "pause", False),
        ({"name": "STATUS_TBD"}, "pre", "tbd", False),
        ({"name": "STATUS_FORFEIT"}, "post", "forfeit", True),
        ({"name": "STATUS_SUSPENDED"}, "post", "suspended", False),
        ({"name": "STATUS_SCHEDULED", "state": 3}, "pre", "scheduled", False),
        ({"state": "post", "completed": None}, "post", "post", False),
        ({"name": "final", "state": "POST"}, "post", "final", True),
    ],
)
def test_what_is_missing_falls_back(
    kind: dict[str, Any], phase: str, status: str, completed: bool
) -> None:
    """Without a state the flag and then the name tell the phase, without a name the state does."""
    at = read("nba", **kind)

    assert isinstance(at, Standing)
    assert (at.phase, at.status, at.completed) == (phase, status, completed)


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


def test_known_names() -> None:
    """Every name that was captured or reported is known; what a new one falls back to is not."""
    captured = {"scheduled", "in_progress", "final", "postponed", "delayed", "rain_delay"}
    captured |= {"end_period", "halftime", "overtime", "first_half", "second_half", "full_time"}
    captured |= {"in_progress_2", "retired", "walkover", "final_aet", "final_pen"}
    captured |= {"end_of_regulation"}
    reported = {"canceled", "cancelled", "suspended", "abandoned", "forfeit", "halftime_et"}
    reported |= {"end_of_extratime", "shootout", "penalty_shootout", "extra_time", "pause"}
    reported |= {"weather_delay", "delay", "uncontested", "tbd", "end_of_round"}

    assert captured | reported <= KNOWN_STATUSES
    assert [is_known_status(name) for name in ("final", "martians", "post", "")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("league", "kind", "clock", "expected"),
    [
        ("nba", {"name": "STATUS_HALFTIME"}, 0, True),
        ("nba", {"name": "STATUS_END_PERIOD"}, 0, True),
        ("nba", {"name": "STATUS_END_OF_PERIOD"}, 0, True),
        ("nba", {"name": "STATUS_IN_PROGRESS", "detail": "0.0 - 4th Quarter"}, 0, False),
        ("nba", {"name": "STATUS_IN_PROGRESS", "detail": "End of 4th Quarter"}, 0, True),
        ("nhl", {"name": "STATUS_IN_PROGRESS", "detail": "End of 1st Period"}, 0, True),
        ("nhl", {"name": "STATUS_IN_PROGRESS", "detail": "20:00 - 2nd Period"}, 1200, False),
        ("nhl", {"name": "STATUS_SHOOTOUT", "detail": "Shootout"}, 0, False),
        ("nfl", {"name": "STATUS_DELAYED", "detail": "Delayed"}, 472, False),
        ("nfl", {"name": "STATUS_DELAYED", "detail": "Delayed"}, 0, True),
        ("nfl", {"name": "STATUS_WEATHER_DELAY", "detail": "Delayed"}, 0, True),
        ("nfl", {"name": "STATUS_LIGHTNING_DELAY", "detail": "Delayed"}, 0, True),
        ("nfl", {"name": "STATUS_SUSPENDED", "detail": "Suspended"}, 0, True),
        ("nfl", {"name": "STATUS_SUSPENDED", "detail": "Suspended"}, 60, False),
        ("mlb", {"name": "STATUS_RAIN_DELAY", "detail": "Rain Delay, Top 3rd"}, 0, False),
        ("mlb", {"name": "STATUS_SUSPENDED", "detail": "Suspended, Top 3rd"}, 0, False),
        ("mlb", {"name": "STATUS_IN_PROGRESS", "detail": "End 3rd"}, 0, False),
        ("eng.1", {"name": "STATUS_IN_PROGRESS", "detail": "HT"}, 2700, True),
        ("eng.1", {"name": "STATUS_END_OF_REGULATION", "detail": "ET"}, 5400, True),
        ("eng.1", {"name": "STATUS_OVERTIME", "detail": "95'"}, 5700, False),
        ("eng.1", {"name": "STATUS_HALFTIME_ET", "detail": "Extra Time Halftime"}, 6300, True),
        ("eng.1", {"name": "STATUS_END_OF_EXTRATIME", "detail": "AET-pens"}, 7200, True),
        ("eng.1", {"name": "STATUS_SHOOTOUT", "detail": "120'"}, 7200, False),
        ("eng.1", {"name": "STATUS_PAUSE", "detail": "30'"}, 1800, False),
    ],
)
def test_breaks(league: str, kind: dict[str, Any], clock: int, expected: bool) -> None:
    """A break is told by name or text, a stopped clock alone is none."""
    at = read(league, clock=clock, state="in", **kind)

    assert isinstance(at, Standing)
    assert at.in_break is expected


@pytest.mark.parametrize(
    ("league", "name", "period", "clock", "expected"),
    [
        ("nba", "IN_PROGRESS", 5, 300.0, (300.0, False)),
        ("nfl", "IN_PROGRESS", 5, 600.0, (600.0, False)),
        ("nhl", "IN_PROGRESS", 4, 61.0, (61.0, False)),
        ("nhl", "IN_PROGRESS", 5, 0.0, (0.0, False)),
        ("nhl", "IN_PROGRESS", 5, 1200.0, (1200.0, False)),
        ("ncaamb", "END_PERIOD", 3, 0.0, (0.0, True)),
        ("cfb", "IN_PROGRESS", 5, 0.0, (None, False)),
        ("cfb", "DELAYED", 5, 0.0, (None, False)),
        ("cfb", "END_PERIOD", 5, 0.0, (0.0, True)),
        ("mlb", "IN_PROGRESS", 11, 0.0, (None, False)),
        ("fifa.world", "OVERTIME", 3, 5460.0, (5460.0, False)),
        ("fifa.world", "HALFTIME_ET", 3, 6300.0, (6300.0, True)),
        ("fifa.world", "END_OF_EXTRATIME", 4, 7200.0, (7200.0, True)),
        ("fifa.world", "SHOOTOUT", 5, 7200.0, (7200.0, False)),
    ],
)
def test_overtime(
    league: str, name: str, period: int, clock: float, expected: tuple[float | None, bool]
) -> None:
    """Overtime keeps its period and its clock, where it has one, whatever it is called."""
    at = read(league, period=period, clock=clock, name=f"STATUS_{name}", state="in")

    assert isinstance(at, Standing)
    assert (at.phase, at.completed, at.period) == ("in", False, period)
    assert (at.clock_s, at.in_break) == expected


@pytest.mark.parametrize(
    ("state", "period", "expected"),
    [("pre", 1, 0), ("in", 1, 1), ("in", "3", 3), ("post", 5, 5), ("post", None, 0), ("in", -2, 0)],
)
def test_period(state: str, period: Any, expected: int) -> None:
    """Before the start the period is 0 whatever the board says, and where it says nothing."""
    at = read("nfl", state=state, period=period)

    assert isinstance(at, Standing)
    assert at.period == expected


NAMES = st.sampled_from(sorted(KNOWN_STATUSES)).map(lambda name: f"STATUS_{name.upper()}")
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)


@given(
    league=st.sampled_from(sorted(LEAGUES)),
    name=NAMES | JUNK,
    state=st.sampled_from(["pre", "in", "post"]) | JUNK,
    completed=st.booleans() | JUNK,
    period=st.integers(-1, 12) | JUNK,
    clock=st.floats(-1, 7200) | JUNK,
)
def test_any_status_makes_sense(
    *, league: str, name: Any, state: Any, completed: Any, period: Any, clock: Any
) -> None:
    """Whatever the feed says, only what is over is completed, and only what is on has a clock."""
    at = read(league, period=period, clock=clock, name=name, state=state, completed=completed)

    if isinstance(at, Refusal):
        assert at.reason == "bad_status"
        return
    assert not at.completed or at.phase == "post"
    assert at.phase == "in" or (at.clock_s, at.in_break) == (None, False)
    assert at.phase != "pre" or at.period == 0
    assert at.clock_s is None or at.clock_s >= 0
    if state in ("pre", "in", "post"):
        assert at.phase == state
