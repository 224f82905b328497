"""The REST witness: whether a book agrees with one that was asked for over REST.

The two are read at different moments, so they are aligned first: by the venue's hash, or by the
time of the last change. A book that REST shows as of a later change is not wrong yet: its
messages may be under way. It is wrong when they stay away.
"""

from __future__ import annotations

from typing import Literal

from fusion.book import Book
from fusion.market import BookSnapshot

Verdict = Literal["agrees", "differs", "older", "newer"]
"""Of the REST book: the same; another one of the same moment; as of an earlier change, so that it
proves nothing; as of a later change, which the socket has not brought yet."""


def compare(book: Book, rest: BookSnapshot) -> Verdict:
    """Return what a REST book says of a usable book whose batch is complete."""
    if rest.hash and rest.hash == book.hash:
        return "agrees"
    same_levels = _levels(rest) == (book.bids_ladder(), book.asks_ladder())
    if same_levels:
        return "agrees"
    own_ms = book.venue_ms or 0
    if rest.venue_ms == own_ms:
        return "differs"
    return "newer" if rest.venue_ms > own_ms else "older"


def _levels(rest: BookSnapshot) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Return the levels of a snapshot as ladders, best first."""
    bids = tuple((price, size) for price, size in reversed(rest.bids) if size)
    asks = tuple((price, size) for price, size in reversed(rest.asks) if size)
    return bids, asks
