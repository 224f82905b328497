from __future__ import annotations

import msgspec
import pytest
from factories import AWAY, HOME, LINK, book, listing, shares, stamp, traded

from fusion.book_checks import book_checks
from fusion.events import Event, FrameSpoilt, LinkDoubted, Polled, Ticked, Witnessed
from fusion.game_books import GameBooks
from fusion.healing import HealRules

BIDS, ASKS = ((4_500, shares(9)),), ((4_700, shares(9)),)


@pytest.fixture
def books() -> GameBooks:
    """Return the books of a game of which one token has a snapshot."""
    made = GameBooks(HealRules(token_quiet_s=60.0))
    made.list_game(listing(), stamp(0).recv_ns)
    made.apply(book(HOME, BIDS, ASKS), LINK, stamp(1).recv_ns)
    return made


def told(event: Event, books: GameBooks, *, in_play: bool = True) -> list[tuple[str, list[str]]]:
    """Return the reasons and tokens of an event."""
    return [(reason, list(tokens)) for reason, tokens in book_checks(event, books, in_play=in_play)]


def test_a_spoilt_frame_hurts_the_books_of_its_link(books: GameBooks) -> None:
    """Any book that came over the link may lack a change."""
    assert told(FrameSpoilt(stamp(2), LINK), books) == [("a frame could not be read", [HOME])]
    assert told(FrameSpoilt(stamp(2), "other"), books) == [("a frame could not be read", [])]


def test_a_doubted_link_has_its_books_compared(books: GameBooks) -> None:
    """The tokens are those that the doubt has reached."""
    books.doubt_link(LINK, stamp(2).recv_ns)

    assert told(LinkDoubted(stamp(2), LINK), books) == [(f"{LINK} brings nothing", [HOME])]


def test_one_difference_is_asked_about_again(books: GameBooks) -> None:
    """REST that shows another book once may be of another moment."""
    other = book(HOME, ((4_400, shares(9)),), ASKS)
    agrees = Witnessed(stamp(2), book(HOME, BIDS, ASKS))
    differs = Witnessed(stamp(3), msgspec.structs.replace(other, venue_ms=1))

    assert told(agrees, books) == []
    books.witness(differs.rest, stamp(3).recv_ns)
    assert told(differs, books) == [("REST differed once", [HOME])]


def test_quiet_tokens_are_compared_only_in_play(books: GameBooks) -> None:
    """Before the start and after the end nobody acts on a book."""
    late = Ticked(stamp(9, at_s=100))

    assert told(late, books, in_play=False) == []
    assert told(late, books) == [("the token is quiet", [HOME])]
    assert told(late, books) == [("the token is quiet", [])]


def test_other_events_make_nothing_doubtful(books: GameBooks) -> None:
    """A poll and a message are no reason."""
    assert told(Polled(stamp(2)), books) == []
    assert told(traded(stamp(2), book(AWAY, BIDS, ASKS)), books) == []
