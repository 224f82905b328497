from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from connectors.espn.parse import parse_scoreboard
from fusion.game import GameState, Team
from fusion.leagues import LEAGUES

Bout = dict[str, Any]


def read(bout: Bout) -> GameState:
    """Return the game of a bare competition."""
    board = parse_scoreboard(msgspec.json.encode(bout), LEAGUES["ufc"])
    assert board.refusals == ()
    return board.games[0]


def test_a_bout_in_play(bout: Bout, ns: Callable[[str], int]) -> None:
    """A bout has its round, the clock that is shown, and how many rounds it is meant to have."""
    assert read(bout) == GameState(
        game_id="ufc:401001",
        league="ufc",
        start_ns=ns("2026-10-10T21:00:00+00:00"),
        home=Team(
            "4512", "", "Khalil Rountree Jr.", ("K. Rountree Jr.", "Rountree Jr.", "Rountree")
        ),
        away=Team("3093653", "", "Sean Strickland", ("S. Strickland", "Strickland")),
        phase="in",
        status="in_progress_2",
        completed=False,
        home_score=0,
        away_score=0,
        period=2,
        clock_s=147.0,
        detail="R2, 2:27",
        best_of=5,
    )


@pytest.mark.parametrize(
    ("clock", "shown", "expected"),
    [
        (147, "2:27", 147.0),
        (0, "2:27", 147.0),
        (300.0, "5:00", 300.0),
        (0.0, "-", None),
        (12.0, "-", None),
        (147.0, None, 147.0),
        (None, "0:07", 7.0),
        (-1, None, None),
        (None, None, None),
    ],
)
def test_clock(bout: Bout, clock: Any, shown: Any, expected: float | None) -> None:
    """The text counts; a dash is no clock, whatever the number says."""
    bout["status"].update(clock=clock, displayClock=shown)

    assert read(bout).clock_s == expected


@pytest.mark.parametrize(
    ("name", "period", "shown", "expected"),
    [
        ("STATUS_IN_PROGRESS", 3, "1:09", ("in", 3, 69.0, False)),
        ("STATUS_END_OF_ROUND", 2, "-", ("in", 2, None, True)),
        ("STATUS_END_OF_ROUND", 1, "3:58", ("in", 1, 238.0, True)),
        ("STATUS_PRE_FIGHT", 0, "-", ("in", 0, None, False)),
        ("STATUS_FIGHTERS_WALKING", 0, "5:00", ("in", 0, None, False)),
        ("STATUS_IN_PROGRESS_5", 5, "4:59", ("in", 5, 299.0, False)),
    ],
)
def test_names_fall_back_to_the_state(
    bout: Bout, name: str, period: int, shown: str, expected: tuple[str, int, float | None, bool]
) -> None:
    """Whatever a bout in play is called, it is in play; before the first round it has no clock."""
    bout["status"].update(displayClock=shown, clock=0.0, period=period)
    bout["status"]["type"]["name"] = name
    game = read(bout)

    assert (game.phase, game.period, game.clock_s, game.in_break) == expected


@pytest.mark.parametrize(
    ("state", "completed", "flags", "expected"),
    [
        ("post", True, (False, True), "home"),
        ("post", True, (True, False), "away"),
        ("post", True, (False, False), None),
        ("post", True, (True, True), None),
        ("post", False, (True, False), None),
        ("in", False, (True, False), None),
        ("pre", False, (True, False), None),
    ],
)
def test_winner(
    bout: Bout, state: str, completed: bool, flags: tuple[bool, bool], expected: str | None
) -> None:
    """Only of a completed bout the flag is a fact; a draw and a no contest have no winner."""
    for fighter, winner in zip(bout["competitors"], flags, strict=True):
        fighter["winner"] = winner
    bout["status"]["type"] = {"name": "STATUS_X", "state": state, "completed": completed}
    game = read(bout)

    assert (game.winner, game.home_score, game.away_score) == (expected, 0, 0)
    assert game.clock_s == (147.0 if state == "in" else None)


@pytest.mark.parametrize(("periods", "expected"), [(3, 3), (5, 5), (0, 3), ("five", 3), (None, 3)])
def test_scheduled_rounds(bout: Bout, periods: Any, expected: int) -> None:
    """A bout has the rounds of its format, else those of most bouts."""
    bout["format"]["regulation"]["periods"] = periods

    assert read(bout).best_of == expected
