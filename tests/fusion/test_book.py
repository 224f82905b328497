"""The book of one token."""

from __future__ import annotations

import pickle

import pytest

from fusion.book import Book
from fusion.book_side import mirror_ladder
from fusion.market import BestBidAsk, BookSnapshot, Level, LevelChange, Side

MARKET, TOKEN = "0xmarket", "1"


def snapshot(
    *, bids: tuple[Level, ...] = (), asks: tuple[Level, ...] = (), venue_ms: int = 1000
) -> BookSnapshot:
    """Return a snapshot of the token under test."""
    return BookSnapshot(MARKET, TOKEN, venue_ms, bids, asks, hash=f"h{venue_ms}")


def change(
    side: Side, price: int, size: int, best: tuple[int | None, int | None] | None = None
) -> LevelChange:
    """Return a level change, with the declared best when `best` is given."""
    bid, ask = best or (None, None)
    return LevelChange(TOKEN, side, price, size, "h", best is not None, bid, ask)


def best(bid: int | None, ask: int | None, venue_ms: int) -> BestBidAsk:
    """Return a separate message of the best prices."""
    return BestBidAsk(MARKET, TOKEN, venue_ms, bid, ask)


def live_book(**options: int) -> Book:
    """Return a live book: bids 48 and 49 cents, asks 51 and 52."""
    book = Book(TOKEN, **options)
    book.apply_snapshot(snapshot(bids=((4800, 20), (4900, 10)), asks=((5200, 40), (5100, 30))))
    return book


def outline(book: Book) -> tuple[str, int | None, int | None, int | None, int | None]:
    """Return the state, the best prices and their sizes."""
    return (book.state, book.best_bid, book.best_ask, book.bid_size, book.ask_size)


def counts(book: Book) -> tuple[int, int, int]:
    """Return checked, mismatched and ignored."""
    return (book.declared_checked, book.declared_mismatches, book.ignored)


def test_a_new_book_is_empty() -> None:
    """A book has no prices before its first snapshot and is not usable."""
    book = Book(TOKEN)
    assert outline(book) == ("empty", None, None, None, None)
    assert (book.usable, book.depth_usable, book.venue_ms, book.hash) == (False, False, None, "")


def test_a_snapshot_makes_a_book_live() -> None:
    """A snapshot sets levels, best prices, time and hash, and drops levels of size 0."""
    book = Book(TOKEN)
    book.apply_snapshot(
        snapshot(bids=((100, 5), (4900, 10), (4950, 0)), asks=((9900, 7), (5100, 30)))
    )
    assert outline(book) == ("live", 4900, 5100, 10, 30)
    assert (book.usable, book.depth_usable, book.venue_ms, book.hash) == (True, True, 1000, "h1000")
    assert book.bids_ladder() == ((4900, 10), (100, 5))
    assert book.asks_ladder() == ((5100, 30), (9900, 7))
    assert (book.bid_levels, book.ask_levels) == (2, 2)


def test_a_snapshot_replaces_everything() -> None:
    """Levels that a later snapshot does not have are gone."""
    book = live_book()
    book.apply_snapshot(snapshot(bids=((4700, 1),), venue_ms=2000))
    assert outline(book) == ("live", 4700, None, 1, None)
    assert book.asks_ladder() == ()


def test_changes_never_start_a_book() -> None:
    """Changes and declared bests without a snapshot are counted and change nothing."""
    book = Book(TOKEN)
    book.apply_change(change("bid", 4900, 10, (4900, None)), 1000)
    book.apply_best(best(4900, 5100, 1001))
    assert outline(book) == ("empty", None, None, None, None)
    assert counts(book) == (0, 0, 2)


@pytest.mark.parametrize(
    ("applied", "bids", "asks"),
    [
        pytest.param(change("bid", 4950, 7), ((4950, 7), (4900, 10)), ((5100, 30),), id="better"),
        pytest.param(change("bid", 4700, 7), ((4900, 10), (4800, 20)), ((5100, 30),), id="worse"),
        pytest.param(change("bid", 4900, 3), ((4900, 3), (4800, 20)), ((5100, 30),), id="total"),
        pytest.param(change("bid", 4900, 0), ((4800, 20),), ((5100, 30),), id="best gone"),
        pytest.param(change("bid", 1234, 0), ((4900, 10), (4800, 20)), ((5100, 30),), id="absent"),
        pytest.param(change("ask", 5050, 7), ((4900, 10), (4800, 20)), ((5050, 7),), id="ask"),
        pytest.param(
            change("ask", 5100, 0), ((4900, 10), (4800, 20)), ((5200, 40),), id="ask gone"
        ),
    ],
)
def test_a_change_sets_the_total_of_one_level(
    applied: LevelChange, bids: tuple[Level, ...], asks: tuple[Level, ...]
) -> None:
    """A change sets or removes one level, and twice is the same as once."""
    book = live_book()
    for _ in range(2):
        book.apply_change(applied, 1005)
        assert (book.bids_ladder(2), book.asks_ladder(1)) == (bids, asks)
        assert (book.best_bid, book.best_ask) == (bids[0][0], asks[0][0])
    assert (book.venue_ms, book.hash) == (1005, "h")


def test_an_emptied_side_has_no_best() -> None:
    """When the last ask goes, as at the start of a game, the best ask is None."""
    book = live_book()
    book.apply_change(change("ask", 5100, 0, (4900, None)), 1005)
    book.apply_change(change("ask", 5200, 0, (4900, None)), 1005)
    book.settle()
    assert outline(book) == ("live", 4900, None, 10, None)
    assert counts(book) == (1, 0, 0)


def test_the_declared_best_is_final_from_the_first_part_of_a_batch() -> None:
    """While parts of a batch are missing, the best prices are the declared ones."""
    book = live_book()
    book.apply_change(change("bid", 4900, 0, (4700, 5100)), 1005)
    assert outline(book) == ("settling", 4700, 5100, None, 30)
    assert (book.usable, book.depth_usable, book.own_best_bid) == (True, False, 4800)
    book.apply_change(change("bid", 4800, 0, (4700, 5100)), 1005)
    assert outline(book) == ("settling", 4700, 5100, None, 30)
    book.apply_change(change("bid", 4700, 9, (4700, 5100)), 1005)
    assert outline(book) == ("live", 4700, 5100, 9, 30)
    assert counts(book) == (0, 0, 0)


def test_a_batch_is_checked_once_when_the_next_one_begins() -> None:
    """The declared best of a batch is compared when a message of another time arrives."""
    book = live_book()
    book.apply_change(change("bid", 4950, 1, (4950, 5100)), 1005)
    book.apply_change(change("bid", 4960, 1, (4960, 5100)), 1009)
    assert counts(book) == (1, 0, 0)
    book.settle()
    book.settle()
    assert counts(book) == (2, 0, 0)


def test_a_batch_that_never_agrees_is_a_mismatch() -> None:
    """A lost change leaves the book settling; it is counted and the declared best stands."""
    book = live_book()
    book.apply_change(change("bid", 4700, 1, (4950, 5100)), 1005)
    book.settle()
    assert outline(book) == ("settling", 4950, 5100, None, 30)
    assert counts(book) == (1, 1, 0)


def test_disagreement_that_persists_invalidates() -> None:
    """Two settled batches in a row that disagree make the book invalid, and it forgets all."""
    book = live_book()
    book.apply_change(change("bid", 4700, 1, (4950, 5100)), 1005)
    book.apply_change(change("bid", 4700, 2, (4950, 5100)), 1009)
    assert book.state == "settling"
    book.apply_change(change("bid", 4700, 3, (4950, 5100)), 1013)
    assert outline(book) == ("invalid", None, None, None, None)
    assert (book.reason, book.bids_ladder()) == ("declared best disagrees", ())
    assert counts(book) == (2, 2, 1)


def test_disagreement_that_heals_is_forgotten() -> None:
    """An agreeing batch between two disagreeing ones keeps the book usable."""
    book = live_book()
    for venue_ms, declared in ((1005, 4950), (1009, 4900), (1013, 4950), (1017, 4900)):
        book.apply_change(change("bid", 4700, 1, (declared, 5100)), venue_ms)
    book.settle()
    assert (book.state, counts(book)) == ("live", (4, 2, 0))


def test_the_limit_of_disagreements_can_be_chosen() -> None:
    """With a limit of 1 the first settled disagreement invalidates."""
    book = live_book(limit=1)
    book.apply_change(change("bid", 4700, 1, (4950, 5100)), 1005)
    book.settle()
    assert (book.state, book.reason) == ("invalid", "declared best disagrees")


@pytest.mark.parametrize("ahead_ms", [0, 1])
def test_an_announced_best_waits_for_its_batch(ahead_ms: int) -> None:
    """A best that is sent ahead of its changes is used at once and checked with them."""
    book = live_book()
    book.apply_best(best(4950, 5100, 1005 + ahead_ms))
    assert outline(book) == ("settling", 4950, 5100, None, 30)
    book.apply_change(change("bid", 4950, 8, (4950, 5100)), 1005)
    assert outline(book) == ("live", 4950, 5100, 8, 30)
    book.settle()
    assert counts(book) == (1, 0, 0)


def test_an_announced_best_that_never_comes_true_is_a_mismatch() -> None:
    """When the changes behind an announced best are lost, the next batch tells."""
    book = live_book()
    book.apply_best(best(4950, 5100, 1005))
    book.apply_change(change("bid", 4700, 1, (4950, 5100)), 1050)
    assert counts(book) == (1, 1, 0)


def test_an_announced_best_checks_the_batch_before_it() -> None:
    """A best of a later time means that the batch before is complete."""
    book = live_book()
    book.apply_change(change("bid", 4950, 8, (4950, 5100)), 1005)
    book.apply_best(best(4960, 5100, 1010))
    assert (book.state, counts(book)) == ("settling", (1, 0, 0))


def test_an_announced_best_may_find_the_book_wrong_beyond_repair() -> None:
    """A best that proves the second disagreement in a row finds no book to speak of."""
    book = live_book(limit=1)
    book.apply_change(change("bid", 4700, 1, (4950, 5100)), 1005)
    book.apply_best(best(4950, 5100, 1010))
    assert (book.state, counts(book)) == ("invalid", (1, 1, 1))


def test_the_next_millisecond_is_not_taken_for_the_end_of_a_batch() -> None:
    """A best one millisecond on may belong to the batch at hand, which is not judged by it."""
    book = live_book()
    book.apply_change(change("bid", 4900, 0, (4700, 5100)), 1005)
    book.apply_best(best(4700, 5100, 1006))
    book.apply_change(change("bid", 4800, 0, (4700, 5100)), 1005)
    book.apply_change(change("bid", 4700, 5, (4700, 5100)), 1005)
    book.settle()
    assert (book.state, counts(book)) == ("live", (1, 0, 0))


def test_batches_a_millisecond_apart_are_each_checked() -> None:
    """Where the own best agrees, a batch counts as checked though the next one follows at once."""
    book = live_book()
    for number in range(3):
        declared = (4950 + number, 5100)
        book.apply_best(best(*declared, 1005 + number))
        book.apply_change(change("bid", 4950 + number, 1, declared), 1005 + number)
    assert counts(book) == (2, 0, 0)
    book.apply_change(change("bid", 4960, 1, (4960, 5100)), 1008)
    assert counts(book) == (3, 0, 0)


def test_an_overtaken_best_is_ignored() -> None:
    """A best older than the batch at hand says nothing about it."""
    book = live_book()
    book.apply_change(change("bid", 4900, 0, (4700, 5100)), 1005)
    book.apply_best(best(4900, 5100, 1003))
    assert (outline(book), counts(book)) == (("settling", 4700, 5100, None, 30), (0, 0, 1))


def test_the_snapshot_after_a_match_closes_its_batch() -> None:
    """A snapshot of the batch's own time is compared with the declared best."""
    book = live_book()
    book.apply_best(best(4800, 5100, 1006))
    book.apply_change(change("bid", 4900, 0, (4800, 5100)), 1005)
    book.apply_snapshot(snapshot(bids=((4800, 20),), asks=((5100, 30),), venue_ms=1005))
    assert (outline(book), counts(book)) == (("live", 4800, 5100, 20, 30), (1, 0, 0))


def test_a_snapshot_against_its_own_batch_counts_and_stands() -> None:
    """Where snapshot and declared best differ, it is a mismatch, and the snapshot is believed."""
    book = live_book(limit=1)
    book.apply_change(change("bid", 4900, 0, (4800, 5100)), 1005)
    book.apply_snapshot(snapshot(bids=((4700, 1),), asks=((5100, 30),), venue_ms=1005))
    assert (outline(book), counts(book)) == (("live", 4700, 5100, 1, 30), (1, 1, 0))


def test_a_snapshot_without_the_announced_best_leaves_it_awaited() -> None:
    """A best that was announced for the next millisecond outlives the snapshot before it."""
    book = live_book()
    book.apply_best(best(4950, 5100, 1006))
    book.apply_snapshot(snapshot(bids=((4900, 1),), asks=((5100, 30),), venue_ms=1005))
    assert (outline(book), counts(book)) == (("settling", 4950, 5100, None, 30), (0, 0, 0))
    book.apply_change(change("bid", 4950, 8, (4950, 5100)), 1006)
    book.settle()
    assert (outline(book), counts(book)) == (("live", 4950, 5100, 8, 30), (1, 0, 0))


def test_a_snapshot_of_another_time_checks_the_batch_before_it() -> None:
    """The batch before a snapshot is complete when the snapshot is of another step."""
    book = live_book(limit=1)
    book.apply_change(change("bid", 4700, 1, (4950, 5100)), 1005)
    book.apply_snapshot(snapshot(bids=((4700, 1),), venue_ms=9000))
    assert (outline(book), counts(book)) == (("live", 4700, None, 1, None), (1, 1, 0))


def test_a_change_without_a_declared_best_is_not_checked() -> None:
    """Where the wire declares nothing, the own best stands."""
    book = live_book()
    book.apply_change(change("bid", 4950, 8), 1005)
    book.settle()
    assert (outline(book), counts(book)) == (("live", 4950, 5100, 8, 30), (0, 0, 0))


def test_a_tick_change_waits_for_a_snapshot() -> None:
    """After a tick size change nothing is used until a snapshot, which need not name the tick."""
    book = live_book()
    book.change_tick(10)
    book.apply_change(change("bid", 4950, 8, (4950, 5100)), 1005)
    assert (book.state, book.reason, book.tick_size) == ("invalid", "tick size changed", 10)
    assert counts(book) == (0, 0, 1)
    book.apply_snapshot(snapshot(bids=((4905, 1),), venue_ms=1006))
    assert (book.state, book.reason, book.tick_size, book.best_bid) == ("live", "", 10, 4905)


def test_a_snapshot_that_names_the_tick_sets_it() -> None:
    """The tick size of a snapshot is the book's."""
    book = Book(TOKEN)
    book.apply_snapshot(BookSnapshot(MARKET, TOKEN, 1000, (), (), tick_size=25))
    assert book.tick_size == 25


def test_an_invalid_book_says_why_and_a_cleared_one_does_not() -> None:
    """`invalidate` keeps the reason, `clear` forgets everything but the counts."""
    book = live_book()
    book.apply_change(change("bid", 4950, 8, (4950, 5100)), 1005)
    book.invalidate("link down")
    assert (book.state, book.reason, book.best_bid, book.venue_ms) == (
        "invalid",
        "link down",
        None,
        None,
    )
    book.clear()
    assert (book.state, book.reason, counts(book)) == ("empty", "", (0, 0, 0))


def test_a_book_survives_pickling() -> None:
    """A pickled book goes on where it was, as after a restart."""
    book = live_book()
    book.apply_change(change("bid", 4900, 0, (4700, 5100)), 1005)
    copy: Book = pickle.loads(pickle.dumps(book))  # noqa: S301  our own bytes
    for each in (book, copy):
        each.apply_change(change("bid", 4800, 0, (4700, 5100)), 1005)
        each.apply_change(change("bid", 4700, 9, (4700, 5100)), 1005)
        each.settle()
    assert outline(copy) == outline(book) == ("live", 4700, 5100, 9, 30)
    assert counts(copy) == counts(book) == (1, 0, 0)


def test_the_mirror_turns_bids_into_the_complements_asks() -> None:
    """A bid at 49 cents is an ask at 51 of the other token, of the same size."""
    assert mirror_ladder(live_book().bids_ladder()) == ((5100, 10), (5200, 20))


def test_a_change_that_was_overtaken_invalidates() -> None:
    """A change older than the last one may undo it, so the book waits for its snapshot."""
    book = Book(TOKEN)
    book.apply_snapshot(snapshot(bids=((4_000, 5),), asks=((4_200, 5),), venue_ms=100))
    book.apply_change(change("bid", 4_100, 7), 110)
    book.apply_change(change("bid", 4_100, 3), 105)

    assert (book.state, book.reason, book.ignored) == ("invalid", "a change came out of order", 1)


def test_a_snapshot_that_was_overtaken_invalidates() -> None:
    """A snapshot older than the last change would bring back levels that are gone."""
    book = Book(TOKEN)
    book.apply_snapshot(snapshot(bids=((4_000, 5),), asks=((4_200, 5),), venue_ms=100))
    book.apply_change(change("bid", 4_100, 7), 110)
    book.apply_snapshot(snapshot(bids=((4_000, 5),), asks=((4_200, 5),), venue_ms=100))

    assert (book.state, book.reason) == ("invalid", "a snapshot came out of order")
