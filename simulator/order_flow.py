"""The planner's own book: who rests what, so that orders can be moved, taken and cleared.

Levels are keyed by (side, price) of the market's first token; participants never trade with
themselves or each other by quoting: a quote stops one tick short of another maker, and cancels
slower orders in its way. Only takers trade.
"""

from __future__ import annotations

import numpy as np

from fusion.market import PRICE_ONE, SIZE_ONE, Level, Side
from simulator.plan import Fill, LevelSet

MAKERS = ("first", "second")
SLOW = "slow"
REST = "rest"
Key = tuple[Side, int]
Orders = dict[Key, int]


class OrderFlow:
    """Resting orders of all participants of one market, and what changed since last asked.

    `short` names those whose levels are not all there: another was in the way, or took them.
    """

    def __init__(self, tick: int) -> None:
        self.tick = tick
        self.orders: dict[str, Orders] = {name: {} for name in (*MAKERS, SLOW, REST)}
        self.short: set[str] = set()
        self._told: Orders = {}

    def total(self) -> Orders:
        """Return the aggregated book."""
        book: Orders = {}
        for orders in self.orders.values():
            for key, size in orders.items():
                book[key] = book.get(key, 0) + size
        return book

    def levels(self) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        """Return bids and asks, both by ascending price."""
        book = sorted((price, size, side) for (side, price), size in self.total().items())
        return (
            tuple((price, size) for price, size, side in book if side == "bid"),
            tuple((price, size) for price, size, side in book if side == "ask"),
        )

    def middle(self) -> float:
        """Return the middle of the book in 1e-4 dollars; an empty side counts as 0 or 1."""
        bids = [price for orders in self.orders.values() for side, price in orders if side == "bid"]
        asks = [price for orders in self.orders.values() for side, price in orders if side == "ask"]
        return (max(bids, default=0) + min(asks, default=PRICE_ONE)) / 2

    def quote(self, name: str, levels: Orders) -> None:
        """Replace what a participant rests."""
        other_bid, other_ask = self._against(name)
        kept = {
            (side, price): size
            for (side, price), size in levels.items()
            if (price < other_ask if side == "bid" else price > other_bid)
        }
        self.orders[name] = kept
        (self.short.discard if len(kept) == len(levels) else self.short.add)(name)
        if name in MAKERS:
            self._push_aside(kept)

    def _against(self, name: str) -> tuple[int, int]:
        """Return the best bid and ask that `name` must not touch."""
        rivals = MAKERS if name in MAKERS else (*MAKERS, REST)
        keys = [key for rival in rivals if rival != name for key in self.orders[rival]]
        bids = [price for side, price in keys if side == "bid"]
        asks = [price for side, price in keys if side == "ask"]
        return max(bids, default=0), min(asks, default=PRICE_ONE)

    def _push_aside(self, quoted: Orders) -> None:
        top = max((price for side, price in quoted if side == "bid"), default=0)
        low = min((price for side, price in quoted if side == "ask"), default=PRICE_ONE)
        for name in (SLOW, REST):
            self.orders[name] = {
                (side, price): size
                for (side, price), size in self.orders[name].items()
                if (price < low if side == "bid" else price > top)
            }

    def resize(self, name: str, rng: np.random.Generator) -> None:
        """Change the size of one of a participant's levels."""
        orders = self.orders[name]
        if orders:
            key = list(orders)[int(rng.integers(len(orders)))]
            orders[key] = max(5, round(orders[key] / SIZE_ONE * rng.uniform(0.6, 1.5))) * SIZE_ONE

    def take(self, side: Side, size: int, *, index: int, rests: bool) -> tuple[Fill, ...]:
        """Trade against the best level; `side` is `bid` for a buy of the first token.

        What the level cannot fill rests at its price if `rests`. The fill is told in terms of
        token `index`: buying the first token is selling the second.
        """
        hit: Side = "ask" if side == "bid" else "bid"
        prices = [price for at, price in self.total() if at == hit]
        if not prices:
            return ()
        price = min(prices) if hit == "ask" else max(prices)
        left = size
        for name, orders in self.orders.items():
            filled = min(left, orders.get((hit, price), 0))
            if filled:
                self.short.add(name)
                left -= filled
                orders[hit, price] -= filled
                if not orders[hit, price]:
                    del orders[hit, price]
        if left and rests:
            self.orders[REST][side, price] = self.orders[REST].get((side, price), 0) + left
        traded = size - left
        if index == 0:
            return (Fill(0, side, price, traded),)
        return (Fill(1, hit, PRICE_ONE - price, traded),)

    def clear(self) -> None:
        """Cancel everything."""
        for orders in self.orders.values():
            orders.clear()

    def take_changes(self, *, adds_first: bool = False) -> tuple[LevelSet, ...]:
        """Return how the aggregated book changed since last asked.

        With `adds_first` new levels come before removals, as in the venue's own batches, so
        that a book applied frame by frame may be crossed for a moment.
        """
        now = self.total()
        gone = [LevelSet(side, price, 0) for side, price in self._told if (side, price) not in now]
        new = [
            LevelSet(side, price, size)
            for (side, price), size in now.items()
            if self._told.get((side, price)) != size
        ]
        self._told = now
        return tuple(new + gone if adds_first else gone + new)
