"""What proves one token's book: the venue's hash, and what REST shows of it now and then.

The declared best is the third witness and lives in the book itself, as it decides at every batch
whether the depth may be used. The hash is counted and never a gate: it may hold a trade price
that nobody was told. REST is asked seldom, and its answer is another moment's; so one difference
is forgiven, and a later change has some time to come over the socket too.
"""

from __future__ import annotations

import msgspec

from fusion.book import Book
from fusion.book_hash import HashTerms, HashWitness, price_text
from fusion.frames import NS_PER_S
from fusion.market import BookSnapshot, LastTrade
from fusion.slate import MarketRules
from fusion.witness import compare

DIFFERENCES = 2
"""So many REST books of the same moment must differ: one may be a tie within a millisecond."""


class BookProof:
    """The witnesses of one token's book and their counts."""

    def __init__(self, rules: MarketRules) -> None:
        self.rest_checked = 0
        self.rest_differed = 0
        self._hash = HashWitness(rules.market_id)
        self._hash.terms = HashTerms(
            min_order_size=f"{rules.min_order_size:g}",
            tick_size=price_text(rules.tick_size),
            neg_risk=rules.neg_risk,
        )
        self._hashed = ""
        self._differences = 0
        self._newer_ms = 0
        self._newer_since_ns = 0

    @property
    def unsure(self) -> bool:
        """Whether REST differed when it was last asked, which once may be a tie."""
        return self._differences > 0

    @property
    def hash_checked(self) -> int:
        """How many hashes of complete batches were computed."""
        return self._hash.checked

    @property
    def hash_matched(self) -> int:
        """How many of them were the venue's."""
        return self._hash.matched

    def snapshot(self, snapshot: BookSnapshot) -> None:
        """Learn from a snapshot what the hash needs besides levels."""
        self._hash.learn(snapshot)

    def change_tick(self, tick_size: int) -> None:
        """Take the market's new tick size, which is a field of the hash."""
        terms = self._hash.terms
        if terms is not None:
            self._hash.terms = msgspec.structs.replace(terms, tick_size=price_text(tick_size))

    def trade(self, trade: LastTrade) -> None:
        """Take the market's newer last price, which may explain a hash that did not match."""
        self._hash.trade(trade)

    def complete(self, book: Book) -> None:
        """Check the hash of a batch that is complete, once."""
        if book.depth_usable and book.hash and book.hash != self._hashed:
            self._hashed = book.hash
            self._hash.check(book)

    def rest(self, book: Book, shown: BookSnapshot, now_ns: int) -> tuple[bool, str]:
        """Hold a settled book against REST: whether they agree, and why it is wrong if it is."""
        verdict = compare(book, shown)
        self.rest_checked += 1
        self.rest_differed += verdict == "differs"
        self._differences = self._differences + 1 if verdict == "differs" else 0
        if verdict == "agrees":
            self._newer_ms = 0
        elif verdict == "newer" and not self._newer_ms:
            self._newer_ms, self._newer_since_ns = shown.venue_ms, now_ns
        if self._differences >= DIFFERENCES:
            self._differences = 0
            return False, "REST shows another book"
        return verdict == "agrees", ""

    def overdue(self, book: Book, now_ns: int, patience_s: float) -> bool:
        """Tell whether a change that REST has shown stays away from the socket."""
        if not self._newer_ms:
            return False
        if (book.venue_ms or 0) >= self._newer_ms:
            self._newer_ms = 0
            return False
        overdue = now_ns - self._newer_since_ns >= patience_s * NS_PER_S
        if overdue:
            self._newer_ms = 0
            self.rest_differed += 1
        return overdue
