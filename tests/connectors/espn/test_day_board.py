from __future__ import annotations

import pytest
from factories import state
from urllib3.util import Retry

from connectors.espn.day_board import NOTHING_KNOWN, DayBoard
from connectors.http_cache import Validators

TAG = Validators(etag='"1"')
GAMES = (state(),)


@pytest.fixture
def board() -> DayBoard:
    """Return a board of which one body was seen, with a version."""
    day = DayBoard(Retry())
    day.see(GAMES, "a", TAG, 100)
    return day


def test_every_tenth_request_wants_all(board: DayBoard) -> None:
    """Nine requests name the version that is known, the tenth does not."""
    asked = [board.versions(10) for _ in range(20)]

    assert asked == [*[TAG] * 9, NOTHING_KNOWN] * 2


def test_what_has_no_version_is_asked_for_whole(board: DayBoard) -> None:
    """Without validators, before the first body, and when told so, requests are plain."""
    assert DayBoard(Retry()).versions(10) == NOTHING_KNOWN
    assert board.versions(1) == NOTHING_KNOWN
    board.see(GAMES, "b", NOTHING_KNOWN, 200)
    assert board.versions(10) == NOTHING_KNOWN


def test_a_304_that_hid_a_change(board: DayBoard) -> None:
    """Another body in answer to a plain request right after a 304 convicts it."""
    board.versions(10)
    board.same(200, not_modified=True)
    board.versions(1)

    assert board.see((state(home_score=62),), "b", TAG, 300) is True


def test_changes_that_nothing_hid(board: DayBoard) -> None:
    """A new body in answer to a conditional request, or after a whole one, is as it should be."""
    board.versions(10)
    board.same(200, not_modified=True)
    board.versions(10)
    assert board.see((), "b", TAG, 300) is False

    board.same(400, not_modified=False)
    board.versions(1)
    assert board.see((), "c", TAG, 500) is False


def test_games_are_the_same_since_they_changed(board: DayBoard) -> None:
    """A body with the same games does not begin the time anew; one with others does."""
    board.see(GAMES, "b", TAG, 200)
    assert (board.games, board.since_ns) == (GAMES, 100)

    later = (state(clock_s=1.0),)
    board.see(later, "c", TAG, 300)
    assert (board.games, board.since_ns) == (later, 300)


@pytest.mark.parametrize("whole", [True, False])
def test_a_board_that_is_suddenly_empty(board: DayBoard, *, whole: bool) -> None:
    """It keeps its games, and with them its pace, until the next poll shows the same."""
    board.see((), "b", TAG, 200)
    assert (board.games, board.since_ns) == (GAMES, 100)

    if whole:
        board.see((), "c", TAG, 300)
    else:
        board.same(300, not_modified=False)
    assert (board.games, board.since_ns) == ((), 300)


def test_an_empty_board_that_was_a_fault(board: DayBoard) -> None:
    """One empty body between two others changes nothing."""
    board.see((), "b", TAG, 200)
    board.see(GAMES, "a", TAG, 300)
    board.same(400, not_modified=False)

    assert (board.games, board.since_ns) == (GAMES, 100)


def test_games_of_its_own(board: DayBoard) -> None:
    """A tournament is on the boards of all its days; the others' games are left out."""
    assert board.own_games(set()) == GAMES
    assert board.own_games({"nba:401"}) == ()
