"""The venue's hash of a book: a second witness, counted and never a gate.

The venue sends with every snapshot and every change the SHA-1 of the token's whole book as it is
after the batch: compact JSON of ten fields in this order, with prices and sizes as on the wire:

    market, asset_id, timestamp, hash (empty), bids (ascending), asks (descending),
    min_order_size, tick_size, neg_risk, last_trade_price

Recomputed from captures: ten fields since December 2025, nine (without `last_trade_price`) until
November 2025, six (up to `asks`) in December 2024. `last_trade_price` belongs to the market, is the
same for both tokens, and is printed with three decimals. The hash of a batch with a match already
has the new price, which is told later or never, so a check that fails is kept and tried again with
the next price. For the same reason a hash cannot be checked before the price is known: a witness
that may search tries what the unknown fields can be. A chance match of 160 bits is out of question.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

import msgspec

from fusion.book import Book
from fusion.market import PRICE_ONE, SIZE_ONE, BookSnapshot, LastTrade, Level

PENDING_CHECKS = 16
"""So many failed checks of a token wait for a newer last price."""

MAX_SEARCHES = 4
"""After so many searches in vain a witness stops searching, until a trade explains a hash."""

_MIN_ORDER_SIZES = ("5", "15")
_TICK_SIZES = ("0.01", "0.001", "0.0001", "0.0025", "0.1")
_TRADE_PRICES = ("", *(f"0.{price:03d}" for price in range(1, 1000)))


class HashTerms(msgspec.Struct, frozen=True):
    """The market's own fields of the hash, as the wire writes them."""

    min_order_size: str
    tick_size: str
    neg_risk: bool


def price_text(price: int) -> str:
    """Return a price of 1e-4 dollars as the wire writes it: `0.5`, `0.637`."""
    return _decimal(price, PRICE_ONE, 4)


def size_text(size: int) -> str:
    """Return a size of 1e-6 shares as the wire writes it: `60`, `3769.8`, `3.581817`."""
    return _decimal(size, SIZE_ONE, 6)


def trade_price_text(price: int) -> str:
    """Return a last trade price of 1e-4 dollars as the hash has it: `0.500`, `0.0025`."""
    return f"{price / PRICE_ONE:.3f}" if price % 10 == 0 else f"{price / PRICE_ONE:.4f}"


def book_hash(
    market_id: str,
    book: Book,
    terms: HashTerms | None = None,
    last_trade_price: str | None = None,
) -> str:
    """Return the hash of a book: of ten fields, or of nine or six where the rest is None."""
    text = _summary(market_id, book)
    if terms is not None:
        text += _terms_text(terms)
        if last_trade_price is not None:
            text += _trade_text(last_trade_price)
    return hashlib.sha1(text + b"}", usedforsecurity=False).hexdigest()


class HashWitness:
    """Checks the declared hashes of one token's book and counts.

    Args:
        market_id: The token's market.
        search: Whether to try what unknown fields can be: some milliseconds a search.
    """

    def __init__(self, market_id: str, *, search: bool = False) -> None:
        self.market_id = market_id
        self.checked = 0
        self.matched = 0
        self.terms: HashTerms | None = None
        self._search = search
        self._searches_left = MAX_SEARCHES
        self._trades: deque[str] = deque(maxlen=2)
        self._pending: deque[tuple[bytes, str]] = deque(maxlen=PENDING_CHECKS)

    def learn(self, snapshot: BookSnapshot) -> None:
        """Take from a snapshot what it says about the fields that are not levels."""
        if snapshot.last_trade_price is not None:
            self._note(snapshot.last_trade_price)
        if snapshot.tick_size is None:
            return
        tick_size = price_text(snapshot.tick_size)
        if snapshot.min_order_size is not None and snapshot.neg_risk is not None:
            self.terms = HashTerms(snapshot.min_order_size, tick_size, snapshot.neg_risk)
        elif self.terms is not None:
            self.terms = msgspec.structs.replace(self.terms, tick_size=tick_size)

    def trade(self, trade: LastTrade) -> None:
        """Take the market's newer last price and try again what did not match without it."""
        text = trade_price_text(trade.price)
        self._note(text)
        for summary, declared in list(self._pending):
            if self._matches(summary, declared, self._likely_terms(), (text,)):
                self._pending.remove((summary, declared))
                self.matched += 1
                self._searches_left = MAX_SEARCHES

    def check(self, book: Book) -> bool:
        """Compare the declared hash of a book whose batch is complete with its own."""
        summary = _summary(self.market_id, book)
        self.checked += 1
        if self._find(summary, book):
            self.matched += 1
            return True
        self._pending.append((summary, book.hash))
        return False

    def _find(self, summary: bytes, book: Book) -> bool:
        if self._matches(summary, book.hash, self._likely_terms(), tuple(self._trades)):
            return True
        if not self._search or self._searches_left == 0:
            return False
        terms = self._likely_terms() or _possible_terms(book.tick_size)
        found = self._matches(summary, book.hash, terms, _TRADE_PRICES)
        self._searches_left = MAX_SEARCHES if found else self._searches_left - 1
        return found

    def _likely_terms(self) -> tuple[HashTerms, ...]:
        return () if self.terms is None else (self.terms,)

    def _matches(
        self,
        summary: bytes,
        declared: str,
        all_terms: Iterable[HashTerms],
        trades: Iterable[str],
    ) -> bool:
        """Try the three recipes; remember the fields that gave a match."""
        six = hashlib.sha1(summary, usedforsecurity=False)
        if _ends_in(six, b"}", declared):
            return True
        for terms in all_terms:
            nine = six.copy()
            nine.update(_terms_text(terms))
            if _ends_in(nine, b"}", declared):
                self.terms = terms
                return True
            for price in trades:
                if _ends_in(nine, _trade_text(price) + b"}", declared):
                    self.terms = terms
                    self._note(price)
                    return True
        return False

    def _note(self, trade_price: str) -> None:
        if not self._trades or self._trades[0] != trade_price:
            self._trades.appendleft(trade_price)


def _possible_terms(tick_size: int | None) -> Iterator[HashTerms]:
    """Yield what a market's fields can be, by the sizes and ticks that were ever seen."""
    ticks = _TICK_SIZES if tick_size is None else (price_text(tick_size),)
    for min_order_size, tick, neg_risk in product(_MIN_ORDER_SIZES, ticks, (False, True)):
        yield HashTerms(min_order_size, tick, neg_risk)


def _ends_in(prefix: hashlib._Hash, tail: bytes, declared: str) -> bool:
    whole = prefix.copy()
    whole.update(tail)
    return whole.hexdigest() == declared


def _summary(market_id: str, book: Book) -> bytes:
    """Return the six fields of every recipe, without the closing brace."""
    bids = _levels_text(reversed(book.bids_ladder()))
    asks = _levels_text(reversed(book.asks_ladder()))
    return (
        f'{{"market":"{market_id}","asset_id":"{book.token_id}","timestamp":"{book.venue_ms}",'
        f'"hash":"","bids":[{bids}],"asks":[{asks}]'
    ).encode()


def _levels_text(levels: Iterable[Level]) -> str:
    return ",".join(map(_level_text, levels))


@lru_cache(maxsize=1 << 15)
def _level_text(level: Level) -> str:
    price, size = level
    return f'{{"price":"{price_text(price)}","size":"{size_text(size)}"}}'


def _terms_text(terms: HashTerms) -> bytes:
    neg_risk = "true" if terms.neg_risk else "false"
    return (
        f',"min_order_size":"{terms.min_order_size}","tick_size":"{terms.tick_size}"'
        f',"neg_risk":{neg_risk}'
    ).encode()


def _trade_text(price: str) -> bytes:
    return f',"last_trade_price":"{price}"'.encode()


def _decimal(value: int, one: int, places: int) -> str:
    whole, fraction = divmod(value, one)
    if not fraction:
        return str(whole)
    return f"{whole}.{fraction:0{places}d}".rstrip("0")
