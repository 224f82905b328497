"""An outcome's market as one view, from the books of its token and of the token's complement."""

from __future__ import annotations

import msgspec

from fusion.book import Book, BookState
from fusion.freshness import LinkState
from fusion.market import PRICE_ONE, Level
from fusion.quotes import Leg


class OutcomeView(msgspec.Struct, frozen=True, gc=False):
    """Best prices, sizes and what can be bought of one outcome; integers as in `fusion.market`."""

    bid: int | None
    ask: int | None
    bid_size: int | None
    ask_size: int | None
    ladder: tuple[Level, ...]
    leg: Leg
    link: LinkState


_RANK: dict[BookState, int] = {"live": 0, "settling": 1, "empty": 2, "invalid": 2}
_UNUSABLE = 2


def _bought(book: Book) -> OutcomeView:
    """Return the view of an outcome whose own token is bought."""
    bids, asks = book.bids, book.asks
    if book.state == "live":
        return OutcomeView(
            bids.best, asks.best, bids.best_size, asks.best_size, asks.offers(), "buy", "live"
        )
    return OutcomeView(
        book.best_bid, book.best_ask, book.bid_size, book.ask_size, (), "buy", "settling"
    )


def _sold(book: Book) -> OutcomeView:
    """Return the view of an outcome whose complement, of this book, is sold."""
    bid, ask = _mirror(book.best_ask), _mirror(book.best_bid)
    if book.state == "live":
        return OutcomeView(
            bid, ask, book.asks.best_size, book.bids.best_size, book.bids.offers(), "sell", "live"
        )
    return OutcomeView(bid, ask, book.ask_size, book.bid_size, (), "sell", "settling")


def _mirror(price: int | None) -> int | None:
    return None if price is None else PRICE_ONE - price


def closed_view(link: LinkState) -> OutcomeView:
    """Return the view of an outcome whose books cannot be used, and why."""
    return OutcomeView(None, None, None, None, (), "buy", link)


def outcome_view(own: Book, complement: Book, lost: LinkState) -> OutcomeView:
    """Return the cheapest usable view of an outcome.

    A book whose depth is trusted goes before one in the middle of a batch, the lower ask before
    the higher, the outcome's own token before its complement. `lost` says why where neither book
    is usable.
    """
    own_rank, complement_rank = _RANK[own.state], _RANK[complement.state]
    if own_rank != complement_rank:
        return _bought(own) if own_rank < complement_rank else _sold(complement)
    if own_rank == _UNUSABLE:
        return closed_view(lost)
    ask, bid = own.best_ask, complement.best_bid
    own_is_cheaper = bid is None or (ask is not None and ask <= PRICE_ONE - bid)
    return _bought(own) if own_is_cheaper else _sold(complement)
