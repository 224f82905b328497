from __future__ import annotations

from factories import AWAY, HOME, LINK, MARKET, book

from fusion.market import BestBidAsk, LastTrade, LevelChange, PriceChange
from fusion.unplaced import MAX_MESSAGES, MAX_TOKENS, Unplaced

SNAPSHOT = book(HOME, ((5_900, 1),), ((6_100, 1),))
BEST = BestBidAsk(MARKET, HOME, 2, 5_900, 6_100)


def test_snapshot_and_what_follows_are_kept_until_taken() -> None:
    """A token gets its last snapshot and the changes since, once, each change by itself."""
    unplaced = Unplaced()
    home, away = LevelChange(HOME, "bid", 1, 1), LevelChange(AWAY, "ask", 2, 2)
    for message in (SNAPSHOT, BEST, SNAPSHOT, PriceChange(MARKET, 3, (home, away)), BEST):
        unplaced.keep(LINK, message)

    assert unplaced.take(HOME) == [
        (LINK, SNAPSHOT),
        (LINK, PriceChange(MARKET, 3, (home,))),
        (LINK, BEST),
    ]
    assert unplaced.take(HOME) == []
    assert unplaced.take(AWAY) == []


def test_only_a_snapshot_begins_a_token() -> None:
    """Changes without a snapshot say nothing, and trades are no part of a book."""
    unplaced = Unplaced()
    unplaced.keep(LINK, BEST)
    unplaced.keep(LINK, LastTrade(MARKET, HOME, 1, 1, 1, "bid", "0.1"))

    assert unplaced.take(HOME) == []


def test_what_is_kept_is_bounded() -> None:
    """A token with too many changes is let go, and so is a token too many."""
    unplaced = Unplaced()
    unplaced.keep(LINK, SNAPSHOT)
    for _ in range(MAX_MESSAGES):
        unplaced.keep(LINK, BEST)
    for number in range(MAX_TOKENS + 1):
        unplaced.keep(LINK, book(f"t{number}", (), ()))

    assert unplaced.take(HOME) == []
    assert len(unplaced.take("t0")) == 1
    assert unplaced.take(f"t{MAX_TOKENS}") == []
