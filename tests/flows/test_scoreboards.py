from __future__ import annotations

from hashlib import sha1
from pathlib import Path

from factories import GAME, START_NS
from payloads import espn_event, frame, scoreboard

from flows.scoreboards import BOARDS_KEPT, Reading, Scoreboards
from fusion.errors import Refusal
from fusion.frames import NS_PER_S
from fusion.leagues import LEAGUES

BOARD = scoreboard(espn_event())


def digest(body: bytes) -> str:
    """Return the digest that an `unchanged` frame names a body by."""
    return sha1(body, usedforsecurity=False).hexdigest()


def test_a_body_is_remembered_with_its_games() -> None:
    """`unchanged` names a body by its digest; the games it covered were polled again."""
    boards = Scoreboards()
    first = boards.read(frame(1, "espn:nba", BOARD))
    again = boards.read_again("espn:nba", digest(BOARD), START_NS)

    assert isinstance(first, Reading)
    assert [game.game_id for game in first.games] == [GAME]
    assert again == Reading(LEAGUES["nba"], standing=(GAME,))
    assert boards.read_again("espn:nhl", digest(BOARD), START_NS) is None


def test_only_the_last_bodies_are_remembered() -> None:
    """Memory does not grow with the night."""
    boards = Scoreboards()
    boards.read(frame(1, "espn:nba", BOARD))
    for points in range(BOARDS_KEPT):
        boards.read(frame(2, "espn:nba", scoreboard(espn_event(home=70 + points))))

    assert boards.read_again("espn:nba", digest(BOARD), START_NS) is None


def test_a_session_forgets_the_bodies_of_the_one_before() -> None:
    """A digest names a body of its own session."""
    boards = Scoreboards()
    boards.read(frame(1, "espn:nba", BOARD))
    boards.forget_bodies()

    assert boards.read_again("espn:nba", digest(BOARD), START_NS) is None


def test_an_older_body_after_a_newer_one_is_not_believed() -> None:
    """What goes back in time is held and says so; nobody's score falls for it."""
    boards = Scoreboards()
    newer = scoreboard(espn_event(home=66))
    for seq, body in enumerate((BOARD, newer), 1):
        boards.read(frame(seq, "espn:nba", body))
    stale = boards.read(frame(3, "espn:nba", BOARD))

    assert isinstance(stale, Reading)
    assert stale.games == ()
    assert [refusal.reason for refusal in stale.refusals] == ["stale_board"]
    again = boards.read_again("espn:nba", digest(BOARD), START_NS + 4 * NS_PER_S)
    assert again is not None
    assert (again.games, again.standing) == ((), ())


def test_a_correction_that_lasts_is_believed() -> None:
    """A point that was taken back stays so: the next poll some seconds on confirms it."""
    boards = Scoreboards()
    boards.read(frame(1, "espn:nba", BOARD))
    back = scoreboard(espn_event(home=58))
    held = boards.read(frame(2, "espn:nba", back))
    later = boards.read_again("espn:nba", digest(back), START_NS + 6 * NS_PER_S)

    assert isinstance(held, Reading)
    assert [refusal.reason for refusal in held.refusals] == ["step_back"]
    assert later is not None
    assert [game.home_score for game in later.games] == [58]


def test_a_restored_board_judges_as_the_first_would_have() -> None:
    """What was believed, held and told comes back; a piece without news is the same bytes."""
    boards, restored = Scoreboards(), Scoreboards()
    boards.read(frame(1, "espn:nba", scoreboard(espn_event(phase="post"))))
    first = boards.snapshot()
    boards.read(frame(2, "espn:nba", BOARD))
    second = boards.snapshot()
    restored.restore(second)
    again = "espn:nba", digest(BOARD), START_NS + 9 * NS_PER_S

    assert first["espn:nba"] != second["espn:nba"]
    assert restored.snapshot()["espn:nba"] is second["espn:nba"]
    assert restored.read_again(*again) == boards.read_again(*again)
    assert restored.snapshot() == boards.snapshot()


def test_board_of_an_unknown_league_is_refused() -> None:
    """No guess is made at how its clock runs."""
    refusal = Scoreboards().read(frame(1, "espn:curling", BOARD))

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "unknown_league"


def test_contests_that_are_not_ours_are_told_once(shared: Path) -> None:
    """Doubles stand on every body of a tennis board for days; one letter says so."""
    body = (shared / "captures/espn/tennis/2022-in-competitions-layout.json").read_bytes()
    boards = Scoreboards()
    first = boards.read(frame(1, "espn:wta", body))
    second = boards.read(frame(2, "espn:wta", body + b" "))

    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    assert [refusal.reason for refusal in first.refusals] == ["undecided_match"]
    assert second.refusals == ()
