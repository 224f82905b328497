"""The book against a venue that keeps the true one."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.book import Book
from fusion.market import BestBidAsk, BookSnapshot, LevelChange, Side

MARKET, TOKEN = "0xmarket", "1"


@dataclass
class Venue:
    """A venue that keeps the true book and says what it does, batch by batch."""

    bids: dict[int, int] = field(default_factory=dict)
    asks: dict[int, int] = field(default_factory=dict)
    venue_ms: int = 1_000

    def best(self) -> tuple[int | None, int | None]:
        """Return the true best prices."""
        return max(self.bids, default=None), min(self.asks, default=None)

    def step(self, ops: list[tuple[Side, int, int]], gap_ms: int) -> list[LevelChange]:
        """Do one batch and return its changes, each declaring the best after the batch."""
        self.venue_ms += gap_ms
        for side, price, size in ops:
            levels = self.bids if side == "bid" else self.asks
            levels[price] = size
            if not size:
                del levels[price]
        bid, ask = self.best()
        return [
            LevelChange(TOKEN, side, price, size, "h", True, bid, ask) for side, price, size in ops
        ]

    def snapshot(self) -> BookSnapshot:
        """Return the whole book as of now."""
        bids = tuple(sorted(self.bids.items()))
        asks = tuple(sorted(self.asks.items(), reverse=True))
        return BookSnapshot(MARKET, TOKEN, self.venue_ms, bids, asks)


PRICES = st.integers(1, 12).map(lambda cents: cents * 800)
OPS = st.tuples(st.sampled_from(["bid", "ask"]), PRICES, st.integers(0, 3))


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[list[tuple[Side, int, int]], int, str, bool, bool]]:
    """Draw batches: operations, gap, how the best is announced, doubled, and what follows."""
    return draw(
        st.lists(
            st.tuples(
                st.lists(OPS, min_size=1, max_size=5),
                st.sampled_from([1, 2, 3, 50]),
                st.sampled_from(["no", "same", "next"]),
                st.booleans(),
                st.booleans(),
            ),
            min_size=1,
            max_size=8,
        )
    )


@settings(max_examples=150, deadline=None)
@given(steps=batches())
def test_the_book_follows_the_venue(
    steps: list[tuple[list[tuple[Side, int, int]], int, str, bool, bool]],
) -> None:
    """Split and doubled batches, announcements and snapshots never make the book differ.

    The best is right from the first word of a batch, the depth when the batch is complete, and
    nothing is taken for a mismatch.
    """
    venue, book = Venue(), Book(TOKEN)
    book.apply_snapshot(venue.snapshot())
    for ops, gap_ms, announced, doubled, with_snapshot in steps:
        changes = venue.step(ops, gap_ms)
        if announced != "no":
            announced_ms = venue.venue_ms + (announced == "next")
            book.apply_best(BestBidAsk(MARKET, TOKEN, announced_ms, *venue.best()))
            assert (book.best_bid, book.best_ask) == venue.best()
        for each in changes * 2 if doubled else changes:
            book.apply_change(each, venue.venue_ms)
            assert (book.best_bid, book.best_ask) == venue.best()
        if with_snapshot:
            book.apply_snapshot(venue.snapshot())
        assert book.state == "live"
        assert dict(book.bids_ladder()) == venue.bids
        assert dict(book.asks_ladder()) == venue.asks
    book.settle()
    assert (book.state, book.declared_mismatches, book.ignored) == ("live", 0, 0)


@settings(max_examples=150, deadline=None)
@given(steps=batches(), lost=st.sets(st.integers(0, 30)))
def test_a_book_that_lost_changes_never_claims_a_wrong_best(
    steps: list[tuple[list[tuple[Side, int, int]], int, str, bool, bool]], lost: set[int]
) -> None:
    """With changes lost, a usable book still has the declared best, until it calls itself invalid.

    It is `live` only where its own best is the venue's.
    """
    venue, book, number = Venue(), Book(TOKEN), 0
    book.apply_snapshot(venue.snapshot())
    for ops, gap_ms, _, _, with_snapshot in steps:
        for each in venue.step(ops, gap_ms):
            number += 1
            if number in lost:
                continue
            book.apply_change(each, venue.venue_ms)
            if book.usable:
                assert (book.best_bid, book.best_ask) == venue.best()
            if book.state == "live":
                assert (book.own_best_bid, book.own_best_ask) == venue.best()
        if with_snapshot:
            book.apply_snapshot(venue.snapshot())
            assert (book.state, dict(book.bids_ladder())) == ("live", venue.bids)
