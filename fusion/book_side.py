"""One side of a book, kept as what is on offer there, best first.

Asks are offers as they are. A bid at p is an offer of the complement token at 1 - p, as selling
the one is buying the other. Kept so, both sides ascend, the best level is the first, and a ladder
to buy from is a slice, which is asked for after every change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from fusion.market import PRICE_ONE, Level, Side

LADDER_LEVELS = 20
"""Offers that a cost may walk; a signal of more shares than they hold is too thin."""


class BookSide:
    """The bids or the asks of one token. Prices are in 1e-4 dollars, sizes in 1e-6 shares.

    `best` is the best price and `best_size` the size there, None where the side is empty.
    """

    __slots__ = ("_is_bid", "_offers", "best", "best_size")

    def __init__(self, side: Side) -> None:
        self.best: int | None = None
        self.best_size: int | None = None
        self._is_bid = side == "bid"
        self._offers: list[Level] = []

    def __len__(self) -> int:
        return len(self._offers)

    def replace(self, levels: Iterable[Level]) -> None:
        """Take over other levels; those of size 0 are none, of two at one price the last counts."""
        if self._is_bid:
            levels = mirror_ladder(levels)
        self._offers = sorted((price, size) for price, size in dict(levels).items() if size)
        self._find_best()

    def put(self, price: int, size: int) -> None:
        """Set the size of a level, or remove it with size 0."""
        offers = self._offers
        offered = PRICE_ONE - price if self._is_bid else price
        at = bisect_left(offers, (offered, 0))
        is_there = at < len(offers) and offers[at][0] == offered
        if size and is_there:
            offers[at] = offered, size
        elif size:
            offers.insert(at, (offered, size))
        elif is_there:
            del offers[at]
        if at == 0:
            self._find_best()

    def size_at(self, price: int | None) -> int | None:
        """Return the size at a price, None where there is no such level."""
        if price is None:
            return None
        offered = PRICE_ONE - price if self._is_bid else price
        at = bisect_left(self._offers, (offered, 0))
        is_there = at < len(self._offers) and self._offers[at][0] == offered
        return self._offers[at][1] if is_there else None

    def offers(self) -> tuple[Level, ...]:
        """Return what can be bought, of this token or of its complement, best first."""
        return tuple(self._offers[:LADDER_LEVELS])

    def ladder(self, max_levels: int | None = None) -> tuple[Level, ...]:
        """Return the levels at the token's own prices, best first, at most `max_levels`."""
        levels = self._offers[:max_levels]
        return mirror_ladder(levels) if self._is_bid else tuple(levels)

    def _find_best(self) -> None:
        if not self._offers:
            self.best = self.best_size = None
            return
        price, self.best_size = self._offers[0]
        self.best = PRICE_ONE - price if self._is_bid else price


def mirror_ladder(ladder: Iterable[Level]) -> tuple[Level, ...]:
    """Return the other side's ladder of the complement token: a bid at p is an ask at 1 - p."""
    return tuple([(PRICE_ONE - price, size) for price, size in ladder])
