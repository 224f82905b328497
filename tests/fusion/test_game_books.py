from __future__ import annotations

from factories import AWAY, HOME, LINK, MARKET, START_NS, book, listing, shares

from fusion.freshness import LinkState
from fusion.game_books import GameBooks
from fusion.healing import HealRules, Remedy
from fusion.market import (
    BestBidAsk,
    BookSnapshot,
    LevelChange,
    MarketMessage,
    MarketResolved,
    PriceChange,
    TickSizeChange,
)

RULES = HealRules(first_book_s=15, retry_s=10, token_quiet_s=60, witness_s=3)
SECOND = 1_000_000_000
HOME_OUTCOME = listing().outcomes[0]
HOME_BOOK = book(HOME, ((5_900, shares(50)),), ((6_100, shares(70)),), ms=100)
OTHER_BOOK = book(HOME, ((5_900, shares(50)),), ((6_200, shares(70)),), ms=100)
AWAY_BOOK = book(AWAY, ((3_900, shares(70)),), ((4_100, shares(50)),), ms=100)


def at(second: float) -> int:
    """Return the receive time so many seconds into the evening."""
    return START_NS + round(second * SECOND)


def listed(*snapshots: BookSnapshot) -> GameBooks:
    """Return the books of the listed game, with these snapshots received at second 1."""
    books = GameBooks(RULES)
    books.list_game(listing(), at(0))
    for snapshot in snapshots:
        books.apply(snapshot, LINK, at(1))
    return books


def seen(books: GameBooks) -> tuple[int | None, int | None, LinkState]:
    """Return what is seen of the home side."""
    view = books.view(HOME_OUTCOME)
    return view.bid, view.ask, view.link


def asked(books: GameBooks, second: float) -> list[tuple[Remedy, str, tuple[str, ...]]]:
    """Return what is asked for at a second."""
    return books.healing.due(at(second), RULES)


def test_first_snapshot_that_stays_away_is_asked_for() -> None:
    """A listed token without a book after fifteen seconds is subscribed to again."""
    books = listed(HOME_BOOK)

    assert asked(books, 14.9) == []
    assert asked(books, 15) == [("resubscribe", "no first snapshot", (AWAY,))]


def test_unknown_tokens_touch_nothing() -> None:
    """Messages about tokens of other games change no book."""
    books = listed(HOME_BOOK)
    strange: list[MarketMessage] = [
        book("9", (), ()),
        BestBidAsk("0xother", "9", 1, None, None),
        PriceChange("0xother", 1, (LevelChange("9", "bid", 1, 1),)),
        TickSizeChange("0xother", "9", 1, 100, 10),
        MarketResolved("0xother", 1, "9", "Yes"),
    ]

    assert [books.apply(message, LINK, at(2)) for message in strange] == [set()] * 5
    assert seen(books) == (5_900, 6_100, "live")


def test_tick_size_change_asks_for_that_token_alone() -> None:
    """A book off its grid is asked for at once; its sibling keeps its book."""
    books = listed(HOME_BOOK, AWAY_BOOK)

    assert books.apply(TickSizeChange(MARKET, HOME, 150, 100, 10), LINK, at(2)) == {HOME}
    assert asked(books, 2) == [("resubscribe", "tick size changed", (HOME,))]
    assert books.why(HOME_OUTCOME, "invalid") == "tick size changed"
    assert books.why(HOME_OUTCOME, "live") == ""
    assert seen(books) == (5_900, 6_100, "live")


def test_declared_best_that_disagrees_twice_invalidates_and_heals() -> None:
    """Two settled batches whose declared best is not the own one cost the book its trust."""
    books = listed(HOME_BOOK)
    for ms in (110, 120):
        drifted = LevelChange(HOME, "bid", 1_000, shares(1), "", True, 5_950, 6_100)
        books.apply(PriceChange(MARKET, ms, (drifted,)), LINK, at(2))
    assert seen(books) == (5_950, 6_100, "settling")

    assert books.pass_time(at(3.1)) == {HOME}

    assert seen(books) == (None, None, "invalid")
    assert asked(books, 3.1) == [("resubscribe", "declared best disagrees", (HOME,))]


def test_book_that_settles_on_nothing_is_given_up() -> None:
    """A declared best whose changes stay away for a second cannot go on to be acted on."""
    books = listed(HOME_BOOK)
    books.apply(BestBidAsk(MARKET, HOME, 101, 5_000, 5_100), LINK, at(2))
    assert seen(books) == (5_000, 5_100, "settling")

    books.pass_time(at(2.9))
    assert seen(books) == (5_000, 5_100, "settling")

    books.pass_time(at(3))
    assert seen(books) == (None, None, "invalid")
    assert asked(books, 3) == [("resubscribe", "declared best disagrees", (HOME,))]


def test_snapshot_ends_the_healing() -> None:
    """The snapshot that was asked for makes the book live, and nothing is asked for any more."""
    books = listed(HOME_BOOK, AWAY_BOOK)
    books.apply(TickSizeChange(MARKET, HOME, 150, 100, 10), LINK, at(2))
    books.apply(HOME_BOOK, LINK, at(2.5))

    assert len(books.healing) == 0
    assert seen(books) == (5_900, 6_100, "live")


def test_lost_link_waits_for_its_connector_first() -> None:
    """Books of a link that is down are asked for only when their snapshots stay away."""
    books = listed(HOME_BOOK, AWAY_BOOK)

    assert books.lose_link(LINK, at(5)) == {HOME, AWAY}
    assert (seen(books), books.why(HOME_OUTCOME, "down")) == ((None, None, "down"), "link down")
    assert asked(books, 19) == []
    assert asked(books, 20) == [
        ("resubscribe", "no snapshot after link down", tuple(sorted((HOME, AWAY))))
    ]


def test_rest_that_agrees_ends_the_doubt() -> None:
    """A silent link is in doubt until REST shows the same book."""
    books = listed(HOME_BOOK, AWAY_BOOK)
    books.doubt_link(LINK, at(5))
    assert (seen(books), books.why(HOME_OUTCOME, "doubt")) == (
        (5_900, 6_100, "doubt"),
        "the link is silent",
    )

    books.witness(HOME_BOOK, at(6))

    assert seen(books) == (5_900, 6_100, "live")
    assert books.doubted_tokens() == {AWAY}


def test_doubt_that_nobody_ends_is_healed() -> None:
    """Where REST does not answer either, the tokens are asked for again, then the link renewed."""
    books = listed(HOME_BOOK, AWAY_BOOK)
    books.doubt_link(LINK, at(5))
    both = tuple(sorted((HOME, AWAY)))
    books.pass_time(at(10))

    assert asked(books, 14) == []
    assert [asked(books, second) for second in (15, 25, 45)] == [
        [("resubscribe", "the link is silent", both)],
        [("resubscribe", "the link is silent", both)],
        [("reconnect", "the link is silent", both)],
    ]


def test_message_ends_the_doubt_of_its_token() -> None:
    """A token that is spoken of again is not silent."""
    books = listed(HOME_BOOK)
    books.doubt_link(LINK, at(5))
    books.apply(BestBidAsk(MARKET, HOME, 101, 5_900, 6_100), LINK, at(7))

    assert seen(books) == (5_900, 6_100, "live")


def test_rest_that_differs_twice_invalidates() -> None:
    """One different book of the same moment may be a tie, two are a wrong book."""
    books = listed(HOME_BOOK)

    books.witness(OTHER_BOOK, at(6))
    assert seen(books) == (5_900, 6_100, "live")

    books.witness(OTHER_BOOK, at(36))
    assert seen(books) == (None, None, "invalid")
    assert ("resubscribe", "REST shows another book", (HOME,)) in asked(books, 36)


def test_rest_that_agrees_between_forgives() -> None:
    """Two differences with an agreement between are two ties."""
    books = listed(HOME_BOOK)
    for second, shown in ((6, OTHER_BOOK), (36, HOME_BOOK), (66, OTHER_BOOK)):
        books.witness(shown, at(second))

    assert seen(books) == (5_900, 6_100, "live")


def test_newer_rest_is_given_time() -> None:
    """A change that REST shows first has three seconds to come over the socket."""
    newer = book(HOME, ((5_900, shares(50)),), ((6_200, shares(70)),), ms=500)
    books, late = listed(HOME_BOOK), listed(HOME_BOOK)
    for each in (books, late):
        each.witness(newer, at(6))
    books.apply(newer, LINK, at(7))
    for each in (books, late):
        each.pass_time(at(9))

    assert seen(books) == (5_900, 6_200, "live")
    assert seen(late) == (None, None, "invalid")
    assert asked(late, 9) == [("resubscribe", "REST has a newer book", (HOME,))]


def test_rest_says_nothing_of_a_book_that_is_not_there() -> None:
    """A book that waits for its snapshot is not judged."""
    assert listed().witness(HOME_BOOK, at(6)) == set()


def test_quiet_tokens_are_named_once_in_a_while() -> None:
    """A token without a message for a minute is named once, and again a minute later."""
    books = listed(HOME_BOOK)

    assert books.quiet_tokens(at(60)) == ()
    assert books.quiet_tokens(at(61)) == (HOME,)
    assert books.quiet_tokens(at(62)) == ()
    assert books.quiet_tokens(at(121)) == (HOME,)


def test_resolved_market_is_not_healed() -> None:
    """A resolved market's books are gone for good."""
    books = listed(HOME_BOOK, AWAY_BOOK)
    books.apply(MarketResolved(MARKET, 900, HOME, "Celtics"), LINK, at(50))
    books.lose_link(LINK, at(60))

    assert (seen(books)[2], asked(books, 500)) == ("down", [])


def test_token_that_leaves_the_listing_is_forgotten() -> None:
    """A listing with another market has the books of that market alone."""
    books = listed(HOME_BOOK)
    other = listing(token_ids=("8", "9"))
    books.list_game(other, at(3))

    assert books.apply(HOME_BOOK, LINK, at(4)) == set()
    assert asked(books, 18) == [("resubscribe", "no first snapshot", ("8", "9"))]
