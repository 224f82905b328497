from __future__ import annotations

from typing import Any

import msgspec
import pytest

from connectors.espn.schema import Competition, Competitor, Status, StatusType
from connectors.espn.situation import read_situation
from connectors.espn.status import Standing
from fusion.game import Situation
from fusion.leagues import LEAGUES

BALL = {
    "down": 2,
    "distance": 7,
    "yardLine": 30,
    "downDistanceText": "2nd & 7",
    "possession": "1",
    "homeTimeouts": 3,
    "awayTimeouts": 1,
}
TIMEOUTS = Situation(home_timeouts=3, away_timeouts=1)


def raw(value: Any) -> msgspec.Raw:
    """Return a value as an undecoded section."""
    return msgspec.Raw(msgspec.json.encode(value))


def read(
    league: str,
    situation: Any,
    *,
    period: int = 2,
    clock_s: float | None = 300.0,
    in_break: bool = False,
    detail: str = "",
    short: str = "",
) -> tuple[Situation, float | None]:
    """Return what is read of a `situation` in play; home is team 1, away team 2."""
    at = Standing("in", "in_progress", False, period, clock_s, detail, in_break)
    competition = Competition(
        situation=raw(situation), status=Status(type=StatusType(detail=detail, short_detail=short))
    )
    return read_situation(competition, at, Competitor(id="1"), Competitor(id="2"), LEAGUES[league])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("home", 2, 7, 70)),
        ({"possession": "2"}, ("away", 2, 7, 30)),
        ({"possession": "3"}, (None, 2, 7, None)),
        ({"possession": None}, (None, 2, 7, None)),
        ({"yardLine": 0}, ("home", 2, 7, None)),
        ({"distance": -1}, ("home", 2, None, 70)),
        ({"down": "3"}, ("home", 3, 7, 70)),
        ({"down": -1}, (None, None, None, None)),
        ({"downDistanceText": None}, (None, None, None, None)),
    ],
)
def test_football(changes: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """The down is told while it holds, from the side of the offense."""
    situation, _ = read("nfl", BALL | changes)

    seen = (situation.possession, situation.down, situation.distance, situation.yards_to_goal)
    assert seen == expected
    assert (situation.home_timeouts, situation.away_timeouts) == (3, 1)


@pytest.mark.parametrize(
    ("league", "period", "clock_s", "in_break", "expected"),
    [
        ("nfl", 3, 900.0, False, TIMEOUTS),
        ("nfl", 5, 600.0, False, TIMEOUTS),
        ("nfl", 5, 900.0, False, TIMEOUTS),
        ("nfl", 2, 0.0, True, Situation()),
    ],
)
def test_football_between_plays(
    league: str, period: int, clock_s: float, in_break: bool, expected: Situation
) -> None:
    """Before a kickoff there is no down, and at half-time nothing holds."""
    seen = read(league, BALL, period=period, clock_s=clock_s, in_break=in_break)

    assert seen == (expected, None)


@pytest.mark.parametrize(
    ("league", "period", "clock_s", "in_break"),
    [
        ("nfl", 2, 900.0, False),
        ("nfl", 1, 0.0, True),
        ("cfb", 5, None, False),
        ("cfb", 5, 0.0, False),
    ],
)
def test_football_goes_on(league: str, period: int, clock_s: float | None, in_break: bool) -> None:
    """A down survives the end of the first and third quarter, and college overtime has no clock."""
    situation, _ = read(league, BALL, period=period, clock_s=clock_s, in_break=in_break)

    assert situation.down == 2


@pytest.mark.parametrize(
    ("detail", "short", "expected"),
    [
        ("Top 9th", "", (False, False)),
        ("Bot 5th", "", (True, False)),
        ("Bottom 5th", "Bot 5th", (True, False)),
        ("Middle 6th", "Mid 6th", (True, True)),
        ("End 3rd", "End 3rd", (False, True)),
        ("Rain Delay, Top 3rd", "Top 3rd", (False, False)),
        ("Rain Delay", "Bot 3rd", (True, False)),
        ("Top of the 10th", "", (False, False)),
        ("Bottom 11th", "Bot 11th", (True, False)),
        ("Suspended, Top 5th", "Suspended", (False, False)),
        ("Rain Delay, End 3rd", "End 3rd", (False, True)),
        ("Delayed", "", (None, False)),
        ("Stopped at 3", "", (None, False)),
    ],
)
def test_half_inning(detail: str, short: str, expected: tuple[bool | None, bool]) -> None:
    """The half inning is read from every text it was seen in."""
    situation, _ = read("mlb", {}, detail=detail, short=short)

    assert (situation.bottom, situation.between_halves) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Situation(outs=1, balls=3, strikes=2, bases=5, bottom=False)),
        ({"strikes": 3, "outs": 2}, Situation(outs=2, bases=5, bottom=False)),
        ({"balls": 4}, Situation(outs=1, bases=5, bottom=False)),
        ({"onThird": None}, Situation(outs=1, balls=3, strikes=2, bottom=False)),
        ({"outs": 9}, Situation(balls=3, strikes=2, bases=5, bottom=False)),
    ],
)
def test_baseball_count(changes: dict[str, Any], expected: Situation) -> None:
    """A count that is over is no count; bases are a bit mask."""
    pitch = {"outs": 1, "balls": 3, "strikes": 2, "onFirst": True, "onSecond": False}

    assert read("mlb", {**pitch, "onThird": True, **changes}, detail="Top 2nd") == (expected, None)


def test_baseball_between_halves() -> None:
    """Between halves what stands on the board is of the half that ended."""
    pitch = {"outs": 2, "balls": 1, "strikes": 3, "onFirst": True}
    expected = Situation(outs=0, balls=0, strikes=0, bases=0, bottom=True, between_halves=True)

    assert read("mlb", pitch, detail="Mid 2nd") == (expected, None)


@pytest.mark.parametrize(
    ("play", "expected"),
    [
        ({"probability": {"homeWinPercentage": 0.794, "tiePercentage": 0}}, 0.794),
        ({"probability": {"homeWinPercentage": 1}}, 1.0),
        ({"probability": {"homeWinPercentage": 79.4}}, None),
        ({"probability": None}, None),
        ({}, None),
        (None, None),
        ([], None),
    ],
)
def test_own_probability(play: Any, expected: float | None) -> None:
    """ESPN's probability is taken where it is one, and is missing on stubs."""
    assert read("nba", {"lastPlay": play}) == (Situation(), expected)


@pytest.mark.parametrize("situation", [None, [], 7, "x", {"$ref": "http://x"}, {"lastPlay": 3}])
def test_no_situation(situation: Any) -> None:
    """An unreadable situation is an empty one."""
    assert read("nfl", situation) == (Situation(), None)


def test_soccer_cards_and_shootout() -> None:
    """Red cards count for their side, goals and yellow cards do not."""
    details = [
        None,
        {"redCard": True, "team": {"id": "2"}},
        {"redCard": True, "team": {"id": "2"}},
        {"redCard": False, "team": {"id": "1"}},
        {"redCard": True, "team": {"id": "9"}},
        {"redCard": True},
    ]
    home = Competitor(id="1", shootout_score=4)
    away = Competitor(id="2", shootout_score="3")
    league = LEAGUES["eng.1"]
    competition = Competition(details=raw(details))

    post = Standing("post", "final_pen", True, 5, None, "", False)
    expected = Situation(away_reds=2, home_shootout=4, away_shootout=3)
    assert read_situation(competition, post, home, away, league) == (expected, None)
    before = Standing("pre", "scheduled", False, 0, None, "", False)
    assert read_situation(competition, before, home, away, league) == (Situation(), None)


def test_after_the_end_nothing_is_told() -> None:
    """The last play of a final is no situation."""
    at = Standing("post", "final", True, 4, None, "Final", False)
    competition = Competition(
        situation=raw({**BALL, "lastPlay": {"probability": {"homeWinPercentage": 1}}})
    )
    sides = Competitor(id="1"), Competitor(id="2")

    assert read_situation(competition, at, *sides, LEAGUES["nfl"]) == (Situation(), None)
