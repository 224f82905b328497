"""How games end, stop and go on again: the parser keeps no memory, so every way works both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from connectors.espn.parse import parse_scoreboard
from fusion.game import GameState
from fusion.leagues import LEAGUES

Json = dict[str, Any]
Show = Callable[..., GameState]

UIDS = {"nba": "s:40", "nhl": "s:70", "nfl": "s:20", "mlb": "s:1", "fifa.world": "s:600"}


@pytest.fixture
def show(event: Json, as_board: Callable[..., bytes]) -> Show:
    """Return a function that shows the template with a status, a score and winner flags."""

    def shown(
        league: str,
        name: str,
        state: str,
        *,
        completed: bool = False,
        score: str = "3-2",
        flags: str = "",
        **status: Any,
    ) -> GameState:
        contest = event["competitions"][0]
        event["uid"] = UIDS[league]
        for side, points in zip(contest["competitors"], score.split("-"), strict=True):
            side["score"] = points
            side.pop("winner", None)
            if flags:
                side["winner"] = side["homeAway"] == flags
        kind = {"name": f"STATUS_{name}", "state": state, "completed": completed}
        contest["status"] = {"clock": 0.0, "period": 1, **status, "type": kind}
        (game,) = parse_scoreboard(as_board(event), LEAGUES[league]).games
        return game

    return shown


def told(game: GameState) -> tuple[Any, ...]:
    """Return what an ending is about."""
    return game.phase, game.completed, (game.home_score, game.away_score), game.winner


def test_a_final_that_is_taken_back(show: Show) -> None:
    """A final that turns live again is live again, with the clock it shows, and ends once more."""
    live = {"period": 4, "clock": 1.2, "score": "99-98"}
    final = {"completed": True, "period": 4, "clock": 720.0, "score": "101-98", "flags": "home"}
    polls = [("IN_PROGRESS", "in", live), ("FINAL", "post", final)] * 2

    seen = [show("nba", name, state, **parts) for name, state, parts in polls]

    assert [told(game) for game in seen] == [
        ("in", False, (99, 98), None),
        ("post", True, (101, 98), "home"),
    ] * 2
    assert seen[0] == seen[2]
    assert seen[1] == seen[3]


def test_a_score_that_is_corrected(show: Show) -> None:
    """A score falls when a touchdown is reversed, in play and after the end."""
    seen = [
        show("nfl", "IN_PROGRESS", "in", score="20-23", clock=65.0, period=4),
        show("nfl", "IN_PROGRESS", "in", score="20-17", clock=65.0, period=4),
        show("nfl", "FINAL", "post", score="20-17", completed=True, flags="home"),
        show("nfl", "FINAL", "post", score="20-23", completed=True, flags="away"),
    ]

    assert [told(game) for game in seen] == [
        ("in", False, (20, 23), None),
        ("in", False, (20, 17), None),
        ("post", True, (20, 17), "home"),
        ("post", True, (20, 23), "away"),
    ]


@pytest.mark.parametrize("state", ["pre", "in", "post"])
def test_a_suspended_game_has_no_result(show: Show, state: str) -> None:
    """Whatever its state, a suspended game keeps its score and nobody has won it, flag or not."""
    game = show("mlb", "SUSPENDED", state, completed=state == "post", flags="home", period=5)

    assert told(game) == (state, False, (3, 2), None)


def test_an_abandoned_match_keeps_its_score(show: Show) -> None:
    """The goals of a match that was abandoned stand on the board and decide nothing."""
    game = show("fifa.world", "ABANDONED", "post", score="2-0", flags="home", period=2)

    assert told(game) == ("post", False, (2, 0), None)
    assert (game.period, game.clock_s) == (2, None)


@pytest.mark.parametrize(
    ("score", "flags", "expected"),
    [("0-0", "away", "away"), ("0-3", "", "away"), ("0-0", "", None)],
)
def test_a_forfeit_is_won_by_its_flag(
    show: Show, score: str, flags: str, expected: str | None
) -> None:
    """A forfeit is a result, also without a goal; one that names no winner is no draw."""
    game = show("fifa.world", "FORFEIT", "post", completed=True, score=score, flags=flags)

    assert (game.completed, game.winner) == (True, expected)


def test_a_hockey_shootout(show: Show) -> None:
    """In the shoot-out the score is level; the final counts one more goal for its winner."""
    taking = show("nhl", "IN_PROGRESS", "in", score="2-2", period=5)
    final = show("nhl", "FINAL", "post", score="3-2", period=5, completed=True, flags="home")

    assert (taking.period, taking.clock_s, taking.in_break) == (5, 0.0, False)
    assert [told(game) for game in (taking, final)] == [
        ("in", False, (2, 2), None),
        ("post", True, (3, 2), "home"),
    ]


def test_a_soccer_shootout(show: Show, event: Json) -> None:
    """Kicks are counted beside the score, and the clock is back at 120 minutes."""
    home, away = event["competitions"][0]["competitors"]
    home["shootoutScore"], away["shootoutScore"] = 2, 1
    at = {"period": 5, "clock": 7200.0, "displayClock": "120'", "score": "1-1"}

    taking = show("fifa.world", "SHOOTOUT", "in", **at)
    home["shootoutScore"] = 3
    final = show("fifa.world", "FINAL_PEN", "post", completed=True, **at)

    kicks = [
        (game.situation.home_shootout, game.situation.away_shootout) for game in (taking, final)
    ]
    assert kicks == [(2, 1), (3, 1)]
    assert (taking.period, taking.clock_s, taking.winner) == (5, 7200.0, None)
    assert told(final) == ("post", True, (1, 1), "home")


def test_a_document_says_it_once(event: Json, as_board: Callable[..., bytes]) -> None:
    """The status of the competition counts, not the one beside it that lags (tennis, golf)."""
    lagging = {"type": {"name": "STATUS_FINAL", "state": "post", "completed": True}}
    plain = parse_scoreboard(as_board(event), LEAGUES["nba"])

    assert parse_scoreboard(as_board({**event, "status": lagging}), LEAGUES["nba"]) == plain
    assert msgspec.structs.asdict(plain.games[0])["phase"] == "in"
