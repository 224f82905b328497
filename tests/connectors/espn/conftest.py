"""Scoreboards for tests: captured ones by path, and a small one made by hand."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connectors.espn.parse import parse_scoreboard
from fusion.game import GameState
from fusion.leagues import LEAGUES

EVENT: dict[str, Any] = {
    "id": "401",
    "uid": "s:40~l:46~e:401",
    "date": "2026-01-02T00:30Z",
    "competitions": [
        {
            "id": "401",
            "date": "2026-01-02T00:30Z",
            "timeValid": True,
            "neutralSite": False,
            "competitors": [
                {
                    "id": "28",
                    "homeAway": "home",
                    "score": "18",
                    "team": {
                        "id": "28",
                        "abbreviation": "TOR",
                        "displayName": "Toronto Raptors",
                        "shortDisplayName": "Raptors",
                        "location": "Toronto",
                        "name": "Raptors",
                    },
                },
                {
                    "id": "11",
                    "homeAway": "away",
                    "score": "20",
                    "team": {
                        "id": "11",
                        "abbreviation": "IND",
                        "displayName": "Indiana Pacers",
                        "shortDisplayName": "Pacers",
                        "location": "Indiana",
                        "name": "Pacers",
                    },
                },
            ],
            "situation": {"lastPlay": {"probability": {"homeWinPercentage": 0.6}}},
            "odds": [
                {
                    "provider": {"name": "Book"},
                    "moneyline": {
                        "home": {"close": {"odds": "-150"}},
                        "away": {"close": {"odds": "+150"}},
                    },
                }
            ],
            "details": [{"redCard": True, "team": {"id": "28"}}],
            "status": {
                "clock": 92.0,
                "displayClock": "1:32",
                "period": 1,
                "type": {
                    "name": "STATUS_IN_PROGRESS",
                    "state": "in",
                    "completed": False,
                    "detail": "1:32 - 1st Quarter",
                },
            },
        }
    ],
}


MATCH: dict[str, Any] = {
    "id": "141001",
    "uid": "s:850~l:851~e:21-2026~c:141001",
    "date": "2026-07-01T12:30Z",
    "timeValid": True,
    "type": {"id": "1", "slug": "mens-singles"},
    "format": {"regulation": {"periods": 5}},
    "status": {
        "period": 2,
        "type": {
            "name": "STATUS_IN_PROGRESS",
            "state": "in",
            "completed": False,
            "detail": "2nd Set",
        },
    },
    "competitors": [
        {
            "id": "21",
            "order": 1,
            "homeAway": "home",
            "possession": False,
            "linescores": [{"value": 7.0, "winner": True, "tiebreak": 7}, {"value": 2.0}],
            "athlete": {
                "displayName": "Alex de Minaur",
                "fullName": "Alex de Minaur",
                "shortName": "A. de Minaur",
            },
        },
        {
            "id": "1011",
            "order": 2,
            "homeAway": "away",
            "possession": True,
            "linescores": [{"value": 6.0, "winner": False, "tiebreak": 4}, {"value": 3.0}],
            "athlete": {
                "displayName": "Tommy Paul",
                "fullName": "Tommy Paul",
                "shortName": "T. Paul",
            },
        },
    ],
}

BOUT: dict[str, Any] = {
    "id": "401001",
    "uid": "s:3301~l:3321~e:6001~c:401001",
    "date": "2026-10-10T21:00Z",
    "timeValid": True,
    "type": {"id": "972", "abbreviation": "Middleweight"},
    "format": {"regulation": {"periods": 5}},
    "status": {
        "clock": 147.0,
        "displayClock": "2:27",
        "period": 2,
        "type": {
            "name": "STATUS_IN_PROGRESS_2",
            "state": "in",
            "completed": False,
            "detail": "R2, 2:27",
        },
    },
    "competitors": [
        {
            "id": "3093653",
            "order": 2,
            "winner": False,
            "athlete": {"displayName": "Sean Strickland", "shortName": "S. Strickland"},
        },
        {
            "id": "4512",
            "order": 1,
            "winner": False,
            "athlete": {"displayName": "Khalil Rountree Jr.", "shortName": "K. Rountree Jr."},
        },
    ],
}


@pytest.fixture(scope="session")
def match_template() -> dict[str, Any]:
    """Return a men's match in play in ESPN's own shape, cut down; not to be changed."""
    return MATCH


@pytest.fixture
def match(match_template: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the match, free to change."""
    return deepcopy(match_template)


@pytest.fixture
def bout() -> dict[str, Any]:
    """Return a bout in its second round, free to change."""
    return deepcopy(BOUT)


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """Return a live NBA event in ESPN's own shape, cut down to what is read; not to be changed."""
    return EVENT


@pytest.fixture
def event(template: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the template, free to change."""
    return deepcopy(template)


@pytest.fixture
def as_board() -> Callable[..., bytes]:
    """Return a function that makes a board of events."""
    return lambda *events: msgspec.json.encode({"events": list(events)})


@pytest.fixture
def capture(shared: Path) -> Callable[[str], bytes]:
    """Return a function that reads a captured body by its path below `captures/espn`."""

    def read(path: str) -> bytes:
        body = (shared / "captures" / "espn" / path).read_bytes()
        return gzip.decompress(body) if path.endswith(".gz") else body

    return read


@pytest.fixture
def games(capture: Callable[[str], bytes]) -> Callable[[str, str], dict[str, GameState]]:
    """Return a function that reads a captured board of a league: its games by event id.

    Nothing of the board may be refused.
    """

    def read(path: str, league: str) -> dict[str, GameState]:
        board = parse_scoreboard(capture(path), LEAGUES[league])
        assert board.refusals == ()
        return {game.game_id.partition(":")[2]: game for game in board.games}

    return read


@pytest.fixture
def matches(capture: Callable[[str], bytes]) -> Callable[[str], dict[str, GameState]]:
    """Return a function that reads a captured board of the WTA: its matches by competition id."""

    def read(path: str) -> dict[str, GameState]:
        board = parse_scoreboard(capture(path), LEAGUES["wta"])
        return {game.game_id.partition(":")[2]: game for game in board.games}

    return read


@pytest.fixture
def ns() -> Callable[[str], int]:
    """Return a function that gives the UTC nanoseconds of an ISO time."""
    return lambda time: int(datetime.fromisoformat(time).timestamp()) * 10**9
