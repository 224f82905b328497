"""What a market says: decoded order-book messages of the venue, in integers.

Prices are integers in units of 0.0001 dollars (every tick size of the venue is a multiple of
it), sizes integers in 1e-6 shares. Dollars appear only in rows and signals.
"""

from __future__ import annotations

from typing import Literal

import msgspec

PRICE_ONE = 10_000
SIZE_ONE = 1_000_000

Level = tuple[int, int]
"""(price in 1e-4 dollars, size in 1e-6 shares)."""

Side = Literal["bid", "ask"]


class BookSnapshot(msgspec.Struct, frozen=True):
    """The whole book of one token. `bids` ascend and `asks` descend: the best is last."""

    market_id: str
    token_id: str
    venue_ms: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    hash: str = ""
    tick_size: int | None = None
    last_trade_price: str | None = None
    min_order_size: str | None = None
    neg_risk: bool | None = None


class LevelChange(msgspec.Struct, frozen=True):
    """The new total size of one level; `size` 0 removes it.

    `best_bid` and `best_ask` are the venue's declared best after the whole batch, None for an
    empty side (on the wire `0` and `1`) or where the wire carried none; `declared` tells whether
    the wire carried them.
    """

    token_id: str
    side: Side
    price: int
    size: int
    hash: str = ""
    declared: bool = False
    best_bid: int | None = None
    best_ask: int | None = None


class PriceChange(msgspec.Struct, frozen=True, gc=False):
    """Level changes of one venue step, or of a part of it."""

    market_id: str
    venue_ms: int
    changes: tuple[LevelChange, ...]


class BestBidAsk(msgspec.Struct, frozen=True):
    """The venue's declared best prices of one token; None for an empty side."""

    market_id: str
    token_id: str
    venue_ms: int
    best_bid: int | None
    best_ask: int | None


class LastTrade(msgspec.Struct, frozen=True):
    """One fill. `side` is the taker's, `bid` for a buy; `price_text` is as on the wire."""

    market_id: str
    token_id: str
    venue_ms: int
    price: int
    size: int
    side: Side
    price_text: str


class TickSizeChange(msgspec.Struct, frozen=True):
    """The market's tick size changed; its book is not usable until the next snapshot."""

    market_id: str
    token_id: str
    venue_ms: int
    old_tick_size: int
    new_tick_size: int


class NewMarket(msgspec.Struct, frozen=True):
    """A market was listed (sent for the whole venue, not only for what was subscribed)."""

    market_id: str
    venue_ms: int
    slug: str
    question: str
    token_ids: tuple[str, ...]
    outcomes: tuple[str, ...]


class MarketResolved(msgspec.Struct, frozen=True):
    """A market was resolved (sent for the whole venue, and not for every market)."""

    market_id: str
    venue_ms: int
    winning_token_id: str
    winning_outcome: str


MarketMessage = (
    BookSnapshot
    | PriceChange
    | BestBidAsk
    | LastTrade
    | TickSizeChange
    | NewMarket
    | MarketResolved
)
