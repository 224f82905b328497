from __future__ import annotations

import msgspec
from factories import AWAY, GAME, HOME, MARKET, book, listing

from fusion.market import MarketResolved
from fusion.slate import Slate
from fusion.slate_index import SlateIndex

VENUE_ID = "20030001"
LISTED = msgspec.structs.replace(listing(), venue_game_id=VENUE_ID)


def test_a_game_is_found_from_every_side() -> None:
    """By its tokens, its markets, and the number the venue has for it."""
    index = SlateIndex()
    index.put(Slate((LISTED,)))

    assert index.game_of(book(HOME, (), ())) == GAME
    assert index.game_of(MarketResolved(MARKET, 1, HOME, "Celtics")) == GAME
    assert index.game_of_token(AWAY) == GAME
    assert index.game_of_token("9") is None
    assert index.games_of_venue(VENUE_ID) == [LISTED]
    assert index.games_of_venue("") == []
    assert index.tokens_of(GAME) == [AWAY, HOME]


def test_a_slate_tells_what_changed_and_what_is_gone() -> None:
    """What stays as it was is not told again."""
    index = SlateIndex()
    changed = listing(tick_size=10)

    assert index.put(Slate((LISTED,))) == ([LISTED], [])
    assert index.put(Slate((LISTED,))) == ([], [])
    assert index.put(Slate((changed,))) == ([changed], [])
    assert index.put(Slate()) == ([], [GAME])
    assert index.game_of_token(HOME) is None
