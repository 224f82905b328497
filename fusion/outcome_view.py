"""An outcome's market as one view, from the books of its token and of the token's complement."""

from __future__ import annotations

import msgspec

from fusion.book import Book, mirror_ladder
from fusion.freshness import LinkState
from fusion.market import PRICE_ONE, Level
from fusion.quotes import Leg

LADDER_LEVELS = 20
"""Offers that a cost may walk; a signal of more shares than they hold is too thin."""


class OutcomeView(msgspec.Struct, frozen=True):
    """Best prices, sizes and what can be bought of one outcome; integers as in `fusion.market`."""

    bid: int | None
    ask: int | None
    bid_size: int | None
    ask_size: int | None
    ladder: tuple[Level, ...]
    leg: Leg
    link: LinkState


def _mirror(price: int | None) -> int | None:
    return None if price is None else PRICE_ONE - price


def _view(book: Book, leg: Leg) -> OutcomeView:
    levels = LADDER_LEVELS if book.depth_usable else 0
    link: LinkState = "live" if book.depth_usable else "settling"
    if leg == "buy":
        return OutcomeView(
            bid=book.best_bid,
            ask=book.best_ask,
            bid_size=book.bid_size,
            ask_size=book.ask_size,
            ladder=book.asks_ladder(levels),
            leg=leg,
            link=link,
        )
    return OutcomeView(
        bid=_mirror(book.best_ask),
        ask=_mirror(book.best_bid),
        bid_size=book.ask_size,
        ask_size=book.bid_size,
        ladder=mirror_ladder(book.bids_ladder(levels)),
        leg=leg,
        link=link,
    )


def closed_view(link: LinkState) -> OutcomeView:
    """Return the view of an outcome whose books cannot be used, and why."""
    return OutcomeView(None, None, None, None, (), "buy", link)


def outcome_view(own: Book, complement: Book, lost: LinkState) -> OutcomeView:
    """Return the cheapest usable view of an outcome.

    A book whose depth is trusted goes before one in the middle of a batch, the lower ask before
    the higher, the outcome's own token before its complement. `lost` says why where neither book
    is usable.
    """
    asks: tuple[tuple[Book, Leg, int | None], ...] = (
        (own, "buy", own.best_ask),
        (complement, "sell", _mirror(complement.best_bid)),
    )
    usable: list[tuple[bool, int, Leg, Book]] = [
        (not book.depth_usable, PRICE_ONE + 1 if ask is None else ask, leg, book)
        for book, leg, ask in asks
        if book.usable
    ]
    if not usable:
        return closed_view(lost)
    _, _, leg, book = min(usable, key=lambda each: each[:3])
    return _view(book, leg)
