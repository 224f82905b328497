"""The order book of one token: its levels, its best prices, and whether they can be trusted.

    empty ──snapshot──> live <──own best = declared best──> settling
                         │                                      │
                         └────────> invalid(reason) <───────────┘   (a snapshot makes it live again)

The venue sends no sequence number. What proves a book is the best bid and ask that it declares
with every change. One step of the venue, a *batch*, may come in several messages of one venue
time, and each of them declares the best prices as they are after the whole batch: they are final
at once, while the book's own levels are final only when the batch is complete. So in the state
`settling` the best prices are the declared ones, and the depth is not to be used.

A batch is complete when a message of another venue time arrives; only then is the declared best
compared with the own one. `best_bid_ask` is sent ahead of the changes that make it true and bears
their venue time or one millisecond more (Polymarket, captures of September 2026).
"""

from __future__ import annotations

from typing import Literal

from fusion.book_side import BookSide
from fusion.market import BestBidAsk, BookSnapshot, Level, LevelChange

BookState = Literal["empty", "live", "settling", "invalid"]

SETTLED_DISAGREEMENTS = 2
"""So many settled batches in a row whose declared best is not the own one invalidate a book."""

ANNOUNCED_AHEAD_MS = 1
"""How far apart the venue times of an announced best and of its batch are at most."""


class Book:
    """The levels of one token. Prices are in 1e-4 dollars, sizes in 1e-6 shares.

    Args:
        token_id: The token whose book it is.
        limit: After so many settled disagreements in a row the book is invalid.
    """

    __slots__ = (
        "_announced",
        "_batch_ms",
        "_declared_ask",
        "_declared_bid",
        "_disagreements",
        "_limit",
        "_unchecked",
        "asks",
        "bids",
        "declared_checked",
        "declared_mismatches",
        "hash",
        "ignored",
        "reason",
        "state",
        "tick_size",
        "token_id",
        "venue_ms",
    )

    def __init__(self, token_id: str, limit: int = SETTLED_DISAGREEMENTS) -> None:
        self.token_id = token_id
        self.state: BookState = "empty"
        self.reason = ""
        self.venue_ms: int | None = None
        self.hash = ""
        self.tick_size: int | None = None
        self.bids = BookSide("bid")
        self.asks = BookSide("ask")
        self.declared_checked = 0
        self.declared_mismatches = 0
        self.ignored = 0
        self._limit = limit
        self._declared_bid: int | None = None
        self._declared_ask: int | None = None
        self._unchecked = False
        self._announced = False
        self._batch_ms: int | None = None
        self._disagreements = 0

    @property
    def usable(self) -> bool:
        """Whether the best prices may be acted on."""
        return self.state in {"live", "settling"}

    @property
    def depth_usable(self) -> bool:
        """Whether the levels behind the best may be acted on too."""
        return self.state == "live"

    @property
    def own_best_bid(self) -> int | None:
        """The best bid of the own levels."""
        return self.bids.best

    @property
    def own_best_ask(self) -> int | None:
        """The best ask of the own levels."""
        return self.asks.best

    @property
    def best_bid(self) -> int | None:
        """The best bid: the declared one while the book is settling; None for an empty side."""
        return self._declared_bid if self.state == "settling" else self.bids.best

    @property
    def best_ask(self) -> int | None:
        """The best ask: the declared one while the book is settling; None for an empty side."""
        return self._declared_ask if self.state == "settling" else self.asks.best

    @property
    def bid_size(self) -> int | None:
        """The size at the best bid; None where the own levels do not have it (yet)."""
        return self.bids.size_at(self.best_bid)

    @property
    def ask_size(self) -> int | None:
        """The size at the best ask; None where the own levels do not have it (yet)."""
        return self.asks.size_at(self.best_ask)

    @property
    def bid_levels(self) -> int:
        """The number of bid levels."""
        return len(self.bids)

    @property
    def ask_levels(self) -> int:
        """The number of ask levels."""
        return len(self.asks)

    def bids_ladder(self, max_levels: int | None = None) -> tuple[Level, ...]:
        """Return the bids, best first, at most `max_levels` of them."""
        return self.bids.ladder(max_levels)

    def asks_ladder(self, max_levels: int | None = None) -> tuple[Level, ...]:
        """Return the asks, best first, at most `max_levels` of them."""
        return self.asks.ladder(max_levels)

    def apply_snapshot(self, snapshot: BookSnapshot) -> None:
        """Replace everything. A snapshot of the current batch is its last word.

        A best that was announced and that the snapshot does not have stays awaited. A snapshot
        that was overtaken by what is known would bring back levels that are gone.
        """
        if self.usable and self.venue_ms is not None and snapshot.venue_ms < self.venue_ms:
            self.invalidate("a snapshot came out of order")
            self.ignored += 1
            return
        current = self._unchecked and self._is_current(snapshot.venue_ms)
        if self._unchecked and not current:
            self._check()
        self.bids.replace(snapshot.bids)
        self.asks.replace(snapshot.asks)
        self.hash = snapshot.hash
        self.venue_ms = snapshot.venue_ms
        if snapshot.tick_size is not None:
            self.tick_size = snapshot.tick_size
        self.reason = ""
        self._disagreements = 0
        if current and self._announced and not self._agrees():
            self.state = "settling"
            return
        if current:
            self._count()
        self._unchecked = self._announced = False
        self._batch_ms = snapshot.venue_ms
        self.state = "live"

    def apply_change(self, change: LevelChange, venue_ms: int) -> None:
        """Set or remove one level. Applying the same change twice is applying it once.

        Changes and snapshots of a token come in the order of their venue times (954,972 messages
        without an exception, soak of October 2026); one that does not was overtaken, and what it
        would undo is unknown.
        """
        if self.venue_ms is not None and venue_ms < self.venue_ms and self.usable:
            self.invalidate("a change came out of order")
        if venue_ms != self._batch_ms:
            self._begin(venue_ms)
        if self.state in {"empty", "invalid"}:
            self.ignored += 1
            return
        side = self.bids if change.side == "bid" else self.asks
        side.put(change.price, change.size)
        self.hash = change.hash
        self.venue_ms = venue_ms
        self._announced = False
        if change.declared:
            self._declared_bid = change.best_bid
            self._declared_ask = change.best_ask
            self._unchecked = True
        self.state = "settling" if self._unchecked and not self._agrees() else "live"

    def apply_best(self, message: BestBidAsk) -> None:
        """Take the declared best, which is sent ahead of the changes that make it true.

        One that is older than the batch at hand was overtaken and is ignored.
        """
        if not self.usable or self._is_overtaken(message.venue_ms):
            self.ignored += 1
            return
        if self._unchecked and (not self._is_current(message.venue_ms) or self._agrees()):
            self._check()
            if not self.usable:
                self.ignored += 1
                return
        self._batch_ms = message.venue_ms
        self._announced = True
        self._declared_bid = message.best_bid
        self._declared_ask = message.best_ask
        self._unchecked = True
        self.state = "live" if self._agrees() else "settling"

    def settle(self) -> None:
        """Take the current batch as complete: the input ended, or the venue has gone quiet."""
        if self._unchecked:
            self._check()

    def change_tick(self, new_tick_size: int) -> None:
        """Start another tick size. The venue may drop levels off the new grid without a word."""
        self.tick_size = new_tick_size
        self.invalidate("tick size changed")

    def invalidate(self, reason: str) -> None:
        """Forget the levels and say why; only a snapshot brings the book back."""
        self.clear()
        self.state = "invalid"
        self.reason = reason

    def clear(self) -> None:
        """Forget the levels, as if nothing had ever been received; the counts stay."""
        self.bids.replace(())
        self.asks.replace(())
        self._declared_bid = self._declared_ask = None
        self._unchecked = self._announced = False
        self._batch_ms = None
        self._disagreements = 0
        self.hash = ""
        self.venue_ms = None
        self.state = "empty"
        self.reason = ""

    def _is_current(self, venue_ms: int) -> bool:
        """Whether a message of this venue time belongs to the batch, or to what announced it."""
        return self._batch_ms is not None and abs(venue_ms - self._batch_ms) <= ANNOUNCED_AHEAD_MS

    def _is_overtaken(self, venue_ms: int) -> bool:
        return self._batch_ms is not None and venue_ms < self._batch_ms - ANNOUNCED_AHEAD_MS

    def _agrees(self) -> bool:
        return self._declared_bid == self.bids.best and self._declared_ask == self.asks.best

    def _begin(self, venue_ms: int) -> None:
        """Start a batch: what went before is complete, unless it only announced this one."""
        if self._unchecked and not (self._announced and self._is_current(venue_ms)):
            self._check()
        self._batch_ms = venue_ms

    def _check(self) -> None:
        """Compare the declared best of a complete batch with the own one."""
        self._unchecked = False
        self._count()
        if self._agrees():
            self._disagreements = 0
            return
        self._disagreements += 1
        if self._disagreements >= self._limit:
            self.invalidate("declared best disagrees")

    def _count(self) -> None:
        self.declared_checked += 1
        if not self._agrees():
            self.declared_mismatches += 1
