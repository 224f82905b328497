"""The frames of the market channel as the venue writes them, from January 2025 to October 2026.

Sources: the venue's AsyncAPI file of May 2026 and captured frames, which differ from it in fields
left out and added. What is not needed is not named here and is skipped while decoding. Every
price, size and time is a string. Texts are bounded so that garbage cannot fill the memory.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Text = Annotated[str, Meta(max_length=128)]
LongText = Annotated[str, Meta(max_length=100_000)]
Side = Literal["BUY", "SELL"]


class WireLevel(Struct, gc=False):
    """One price level of a snapshot."""

    price: Text
    size: Text


class BookFields(Struct):
    """What every snapshot has."""

    market: Text
    asset_id: Text
    timestamp: Text
    bids: list[WireLevel]
    asks: list[WireLevel]
    hash: Text = ""
    tick_size: Text | None = None
    last_trade_price: Text | None = None
    min_order_size: Text | None = None
    neg_risk: bool | None = None


class WireBook(BookFields, tag_field="event_type", tag="book"):
    """A snapshot. After a match it comes without `tick_size` and `last_trade_price`."""


class WireRestBook(BookFields):
    """A snapshot as `/book` and `/books` give it: without an event type."""


class WireChange(Struct, gc=False):
    """One level of one token within a price change."""

    asset_id: Text
    price: Text
    size: Text
    side: Side
    hash: Text = ""
    best_bid: Text | None = None
    best_ask: Text | None = None


class WirePriceChange(Struct, gc=False, tag_field="event_type", tag="price_change"):
    """Changes of both tokens of a market, in either order."""

    market: Text
    timestamp: Text
    price_changes: list[WireChange]


class WireBest(Struct, tag_field="event_type", tag="best_bid_ask"):
    """The best prices of one token."""

    market: Text
    asset_id: Text
    timestamp: Text
    best_bid: Text
    best_ask: Text


class WireTrade(Struct, tag_field="event_type", tag="last_trade_price"):
    """One fill. Its `fee_rate_bps` is 0 in markets with fees too and is not read."""

    market: Text
    asset_id: Text
    timestamp: Text
    price: Text
    size: Text
    side: Side


class WireTick(Struct, tag_field="event_type", tag="tick_size_change"):
    """A new tick size."""

    market: Text
    asset_id: Text
    timestamp: Text
    old_tick_size: Text
    new_tick_size: Text


class WireNewMarket(Struct, tag_field="event_type", tag="new_market"):
    """A market was listed, somewhere on the venue."""

    market: Text
    timestamp: Text
    slug: LongText
    question: LongText
    assets_ids: list[Text]
    outcomes: list[LongText]


class WireResolved(Struct, tag_field="event_type", tag="market_resolved"):
    """A market was resolved, somewhere on the venue."""

    market: Text
    timestamp: Text
    winning_asset_id: Text
    winning_outcome: LongText


WireMessage = (
    WireBook | WirePriceChange | WireBest | WireTrade | WireTick | WireNewMarket | WireResolved
)

EVENT_TYPES = frozenset(
    {
        "book",
        "price_change",
        "best_bid_ask",
        "last_trade_price",
        "tick_size_change",
        "new_market",
        "market_resolved",
    }
)

decode_frame = msgspec.json.Decoder(WireMessage | list[WireMessage]).decode
decode_message = msgspec.json.Decoder(WireMessage).decode
decode_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode
decode_rest_book = msgspec.json.Decoder(WireRestBook).decode
