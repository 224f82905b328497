"""The exchange's book of one market: integer levels of the first token, told for both tokens.

The second token's book is the mirror of the first: a bid at `p` is an ask at `1 - p`. The hash
of a token's book is the SHA-1 of its compact JSON summary with an empty hash, as the venue's
own client library computes it; the last trade price in it belongs to the market.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from fusion.market import PRICE_ONE, SIZE_ONE, Side
from simulator.plan import BookStep, MarketPlan

MIN_ORDER_SIZE = "5"


@lru_cache(maxsize=100_000)
def price_text(price: int) -> str:
    """Return a price of 1e-4 dollars as the venue prints it, such as `0.5` or `0.638`."""
    return f"{price / PRICE_ONE:.4f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=100_000)
def size_text(size: int) -> str:
    """Return a size of 1e-6 shares as the venue prints it, such as `55` or `3.581817`."""
    return f"{size / SIZE_ONE:.6f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=100_000)
def level_text(price: int, size: int) -> str:
    """Return one level as compact JSON."""
    return f'{{"price":"{price_text(price)}","size":"{size_text(size)}"}}'


class Book:
    """One market's book as of its last step.

    `stamp_ms` is real Unix time, `resolved_ms` virtual time of the evening.
    """

    def __init__(self, market: MarketPlan, stamp_ms: int) -> None:
        self.market = market
        self.sides: dict[Side, dict[int, int]] = {
            "bid": dict(market.opening[0]),
            "ask": dict(market.opening[1]),
        }
        self.tick = market.tick
        self.last_trade = ""
        self.resolved = False
        self.resolved_ms = 0
        self.stamp_ms = stamp_ms
        self.hashes = ("", "")
        self._sides_text: tuple[tuple[str, str], tuple[str, str]] = (("", ""), ("", ""))
        self.settle(stamp_ms)

    @property
    def tick_text(self) -> str:
        """The tick size as the venue prints it."""
        return price_text(self.tick)

    def apply(self, step: BookStep, stamp_ms: int) -> None:
        """Take a step of the plan; every level is set, none is added up."""
        for level in step.levels:
            if level.size:
                self.sides[level.side][level.price] = level.size
            else:
                self.sides[level.side].pop(level.price, None)
        self.tick = step.tick or self.tick
        for fill in step.fills:
            self.last_trade = f"{fill.price / PRICE_ONE:.3f}"
        self.settle(stamp_ms)

    def settle(self, stamp_ms: int) -> None:
        """Stamp the book and hash it for both tokens."""
        self.stamp_ms = stamp_ms
        bids = sorted(self.sides["bid"].items())
        asks = sorted(self.sides["ask"].items(), reverse=True)
        self._sides_text = (
            (
                ",".join([level_text(price, size) for price, size in bids]),
                ",".join([level_text(price, size) for price, size in asks]),
            ),
            (
                ",".join([level_text(PRICE_ONE - price, size) for price, size in asks]),
                ",".join([level_text(PRICE_ONE - price, size) for price, size in bids]),
            ),
        )
        self.hashes = (self._digest(0), self._digest(1))

    def _digest(self, index: int) -> str:
        # SHA-1 because the venue uses it; it guards nothing.
        return hashlib.sha1(self.summary(index, "").encode(), usedforsecurity=False).hexdigest()

    def summary(self, index: int, digest: str | None = None) -> str:
        """Return the ten fields of `/book` for a token, with its own or the given hash."""
        bids, asks = self._sides_text[index]
        digest = self.hashes[index] if digest is None else digest
        return (
            f'{{"market":"{self.market.condition_id}",'
            f'"asset_id":"{self.market.token_ids[index]}",'
            f'"timestamp":"{self.stamp_ms}","hash":"{digest}","bids":[{bids}],"asks":[{asks}],'
            f'"min_order_size":"{MIN_ORDER_SIZE}","tick_size":"{self.tick_text}",'
            f'"neg_risk":{"true" if self.market.neg_risk else "false"},'
            f'"last_trade_price":"{self.last_trade}"}}'
        )

    def levels_text(self, index: int) -> tuple[str, str]:
        """Return bids (ascending) and asks (descending) of a token as compact JSON members."""
        return self._sides_text[index]

    def best(self, index: int) -> tuple[int | None, int | None]:
        """Return the best bid and ask of a token, None for an empty side."""
        bid = max(self.sides["bid"], default=None)
        ask = min(self.sides["ask"], default=None)
        if index == 0:
            return bid, ask
        return (
            None if ask is None else PRICE_ONE - ask,
            None if bid is None else PRICE_ONE - bid,
        )
