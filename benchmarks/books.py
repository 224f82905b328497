"""Microseconds per book change: decode, apply, and both, beside plain `json` and float keys.

Both sides read the same generated frames of the market channel: one level of both tokens of a
market a frame, each with the declared best, prices on the 0.001 grid around a walking mid. The
plain side does what a short script would: `json.loads`, `float`, a dict per side keyed by float,
`max` and `min` for the best. It checks nothing: garbage would end it.

Run with `python -m benchmarks.books`.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from connectors.polymarket.parse import parse_market
from fusion.book import Book
from fusion.book_hash import price_text, size_text
from fusion.market import PRICE_ONE, BookSnapshot, PriceChange

FRAMES = 20_000
ROUNDS = 5
TOKENS = ("71321045" * 9, "52114319" * 9)
MARKET = "0x" + "ab" * 32
START_MS = 1_789_156_413_830

Best = tuple[int | None, int | None]


def make_frames(count: int, seed: int = 7) -> list[bytes]:
    """Return price changes of one market, whose book holds some forty levels a side."""
    dice = random.Random(seed)  # noqa: S311  made-up books, no secrets
    bids: dict[int, int] = {}
    asks: dict[int, int] = {}
    frames, mid = [], 5000
    for number in range(count):
        mid = min(9000, max(1000, mid + 10 * dice.choice((-1, 0, 0, 0, 1))))
        buy = dice.random() < 0.5
        price = mid - 10 * dice.randint(1, 40) if buy else mid + 10 * dice.randint(1, 40)
        size = 0 if dice.random() < 0.3 else dice.randint(1, 10**9) * 10_000
        crossed = [old for old in bids if old >= mid] + [old for old in asks if old <= mid]
        price, size, buy = (crossed[0], 0, crossed[0] in bids) if crossed else (price, size, buy)
        side = bids if buy else asks
        side[price] = size
        if not size:
            del side[price]
        best = (max(bids, default=0), min(asks, default=PRICE_ONE))
        frames.append(_frame(START_MS + number, price, size, best, buy=buy))
    return frames


def _frame(venue_ms: int, price: int, size: int, best: tuple[int, int], *, buy: bool) -> bytes:
    bid, ask = best
    rows = (
        (TOKENS[0], price, "BUY" if buy else "SELL", bid, ask),
        (TOKENS[1], PRICE_ONE - price, "SELL" if buy else "BUY", PRICE_ONE - ask, PRICE_ONE - bid),
    )
    changes = [
        {
            "asset_id": token,
            "price": price_text(level),
            "size": size_text(size),
            "side": side,
            "hash": "caab9fea204d5ce8d2eca8410ae7d71f107bab10",
            "best_bid": price_text(best_bid),
            "best_ask": price_text(best_ask),
        }
        for token, level, side, best_bid, best_ask in rows
    ]
    frame = {
        "market": MARKET,
        "price_changes": changes,
        "timestamp": str(venue_ms),
        "event_type": "price_change",
    }
    return json.dumps(frame).encode()


class Ours:
    """The books of both tokens as Fairline keeps them."""

    def __init__(self) -> None:
        self.books = {token: Book(token) for token in TOKENS}
        for token, book in self.books.items():
            book.apply_snapshot(BookSnapshot(MARKET, token, START_MS - 1, (), ()))

    def apply(self, messages: Iterable[PriceChange]) -> None:
        """Apply changes and look at the best prices after each."""
        for message in messages:
            for change in message.changes:
                book = self.books[change.token_id]
                book.apply_change(change, message.venue_ms)
                _ = book.best_bid, book.best_ask

    def best(self) -> Best:
        """Return the best prices of the first token."""
        assert all(book.declared_mismatches == 0 for book in self.books.values())
        return self.books[TOKENS[0]].best_bid, self.books[TOKENS[0]].best_ask


class Plain:
    """The books of both tokens as a short script would keep them."""

    def __init__(self) -> None:
        self.books: dict[str, dict[str, dict[float, float]]] = {
            token: {"BUY": {}, "SELL": {}} for token in TOKENS
        }

    def apply(self, messages: Iterable[dict[str, Any]]) -> None:
        """Apply changes and look at the best prices after each."""
        for message in messages:
            for change in message["price_changes"]:
                book = self.books[change["asset_id"]]
                price, size = float(change["price"]), float(change["size"])
                if size:
                    book[change["side"]][price] = size
                else:
                    book[change["side"]].pop(price, None)
                _ = max(book["BUY"], default=None), min(book["SELL"], default=None)

    def best(self) -> Best:
        """Return the best prices of the first token."""
        book = self.books[TOKENS[0]]
        bid, ask = max(book["BUY"], default=None), min(book["SELL"], default=None)
        return (
            None if bid is None else round(bid * PRICE_ONE),
            None if ask is None else round(ask * PRICE_ONE),
        )


def decode_ours(frames: list[bytes]) -> Iterator[PriceChange]:
    """Yield the messages of the frames."""
    for frame in frames:
        for message in parse_market(frame).messages:
            if isinstance(message, PriceChange):
                yield message


def decode_plain(frames: list[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the frames as dictionaries."""
    for frame in frames:
        yield json.loads(frame)


def best_us(work: Callable[[], object], changes: int) -> float:
    """Return the microseconds a change of the fastest of some rounds."""
    taken_s = []
    for _ in range(ROUNDS):
        start_s = time.perf_counter()
        work()
        taken_s.append(time.perf_counter() - start_s)
    return min(taken_s) / changes * 1e6


def main() -> None:
    """Measure both sides and print them with their ratio."""
    frames = make_frames(FRAMES)
    changes = 2 * len(frames)
    ours, plain = list(decode_ours(frames)), list(decode_plain(frames))
    mine, theirs = Ours(), Plain()
    mine.apply(ours)
    theirs.apply(plain)
    assert mine.best() == theirs.best()
    rows = (
        ("decode", lambda: all(decode_ours(frames)), lambda: all(decode_plain(frames))),
        ("apply", lambda: Ours().apply(ours), lambda: Plain().apply(plain)),
        (
            "both",
            lambda: Ours().apply(decode_ours(frames)),
            lambda: Plain().apply(decode_plain(frames)),
        ),
    )
    print(f"{changes} changes in {FRAMES} frames of {len(frames[-1])} bytes, best of {ROUNDS}")
    print(f"{'us a change':12} {'fairline':>9} {'plain':>9} {'ratio':>7}")
    for name, our_work, plain_work in rows:
        our_us, plain_us = best_us(our_work, changes), best_us(plain_work, changes)
        print(f"{name:12} {our_us:9.2f} {plain_us:9.2f} {plain_us / our_us:6.1f}x")


if __name__ == "__main__":
    main()
