from __future__ import annotations

from hashlib import sha1

from factories import GAME
from payloads import espn_event, frame, scoreboard

from flows.scoreboards import BOARDS_KEPT, Reading, Scoreboards
from fusion.errors import Refusal

BOARD = scoreboard(espn_event())


def digest(body: bytes) -> str:
    """Return the digest that an `unchanged` frame names a body by."""
    return sha1(body, usedforsecurity=False).hexdigest()


def test_a_body_is_remembered_with_its_games() -> None:
    """`unchanged` names a body by its digest; the games it covered were polled again."""
    boards = Scoreboards()
    reading = boards.read(frame(1, "espn:nba", BOARD))

    assert isinstance(reading, Reading)
    assert [game.game_id for game in reading.games] == [GAME]
    assert boards.covered("espn:nba", digest(BOARD)) == (GAME,)
    assert boards.covered("espn:nhl", digest(BOARD)) == ()


def test_only_the_last_bodies_are_remembered() -> None:
    """Memory does not grow with the night."""
    boards = Scoreboards()
    boards.read(frame(1, "espn:nba", BOARD))
    for points in range(BOARDS_KEPT):
        boards.read(frame(2, "espn:nba", scoreboard(espn_event(home=70 + points))))

    assert boards.covered("espn:nba", digest(BOARD)) == ()


def test_a_session_forgets_the_bodies_of_the_one_before() -> None:
    """A digest names a body of its own session."""
    boards = Scoreboards()
    boards.read(frame(1, "espn:nba", BOARD))
    boards.forget_bodies()

    assert boards.covered("espn:nba", digest(BOARD)) == ()


def test_a_game_is_over_until_its_board_says_otherwise() -> None:
    """A final can go back to live within minutes."""
    boards = Scoreboards()
    boards.read(frame(1, "espn:nba", scoreboard(espn_event(phase="post"))))
    ended = set(boards.over)
    boards.read(frame(2, "espn:nba", BOARD))

    assert (ended, boards.over) == ({GAME}, set())


def test_board_of_an_unknown_league_is_refused() -> None:
    """No guess is made at how its clock runs."""
    refusal = Scoreboards().read(frame(1, "espn:curling", BOARD))

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "unknown_league"
