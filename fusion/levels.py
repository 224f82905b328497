"""Every change of a book's levels, as the archive keeps it."""

from __future__ import annotations

import msgspec

from fusion.events import Stamp
from fusion.market import BookSnapshot, PriceChange, Side

BID: tuple[Side] = ("bid",)
ASK: tuple[Side] = ("ask",)


class LevelRow(msgspec.Struct, frozen=True, kw_only=True):
    """The new total size of one level of a book, in dollars and shares; 0 removes the level.

    `snapshot` tells that the frame brought the whole book: what it does not name is gone.
    """

    seq: int
    recv_ns: int
    venue_ms: int
    date: str
    league: str
    game_id: str
    market_id: str
    token_id: str
    side: Side
    price: float
    size: float
    snapshot: bool


class LevelBatch(msgspec.Struct, frozen=True, gc=False):
    """The level changes of one message: a `LevelRow` for each place of the four last fields.

    They are equally long; prices in 1e-4 dollars, sizes in 1e-6 shares, as the book has them.
    """

    seq: int
    recv_ns: int
    venue_ms: int
    date: str
    league: str
    game_id: str
    market_id: str
    snapshot: bool
    token_ids: tuple[str, ...]
    sides: tuple[Side, ...]
    prices: tuple[int, ...]
    sizes: tuple[int, ...]


LevelMessage = BookSnapshot | PriceChange


def level_batch(message: LevelMessage, stamp: Stamp, date: str, game_id: str) -> LevelBatch:
    """Return what a message changes in the books of a game's market.

    A snapshot of an empty book has no places; that it was empty is not on record.
    """
    tokens: tuple[str, ...]
    sides: tuple[Side, ...]
    if isinstance(message, PriceChange):
        changes = message.changes
        tokens = tuple([change.token_id for change in changes])
        sides = tuple([change.side for change in changes])
        prices = tuple([change.price for change in changes])
        sizes = tuple([change.size for change in changes])
    else:
        bids, asks = message.bids, message.asks
        tokens = (message.token_id,) * (len(bids) + len(asks))
        sides = BID * len(bids) + ASK * len(asks)
        prices = tuple([price for price, _ in bids + asks])
        sizes = tuple([size for _, size in bids + asks])
    # By position, in the order of the fields: by name takes four times as long.
    return LevelBatch(
        stamp.seq,
        stamp.recv_ns,
        message.venue_ms,
        date,
        game_id.partition(":")[0],
        game_id,
        message.market_id,
        isinstance(message, BookSnapshot),
        tokens,
        sides,
        prices,
        sizes,
    )
