"""Messages of the market channel as the wire has them, and as they are read."""

from __future__ import annotations

import json
from typing import Any

from connectors.polymarket.parse import MarketFrame
from fusion.market import (
    BestBidAsk,
    BookSnapshot,
    LastTrade,
    LevelChange,
    MarketMessage,
    MarketResolved,
    NewMarket,
    PriceChange,
    TickSizeChange,
)

MARKET = "0x86964402baab9700a765594e0856dcfce5120b44e0016d98e01801f0856f9118"
YES = "89103662922399853582210727094555628545682161257465140653230183411405552444242"
NO = "81991637217769173167120472548201162753479510171986166836308777400146642216229"

PRICE_CHANGE: dict[str, Any] = {
    "market": MARKET,
    "price_changes": [
        {
            "asset_id": YES,
            "price": "0.644",
            "size": "0",
            "side": "SELL",
            "hash": "caab9f",
            "best_bid": "0.63",
            "best_ask": "0.638",
        },
        {
            "asset_id": NO,
            "price": ".356",
            "size": "12.5",
            "side": "BUY",
            "hash": "940e80",
            "best_bid": "0",
            "best_ask": "1",
        },
    ],
    "timestamp": "1789156413830",
    "event_type": "price_change",
}
BOOK: dict[str, Any] = {
    "event_type": "book",
    "market": MARKET,
    "asset_id": YES,
    "timestamp": "1789156413830",
    "hash": "54ba2d",
    "bids": [{"price": "0.62", "size": "5"}, {"price": "0.624", "size": "100.7"}],
    "asks": [{"price": "0.7", "size": "1"}, {"price": "0.63", "size": "9"}],
    "tick_size": "0.001",
    "last_trade_price": "0.630",
}
BEST: dict[str, Any] = {
    "event_type": "best_bid_ask",
    "market": MARKET,
    "asset_id": YES,
    "best_bid": "0.63",
    "best_ask": "",
    "spread": "0.008",
    "timestamp": "1789156413830",
}
TRADE: dict[str, Any] = {
    "event_type": "last_trade_price",
    "market": MARKET,
    "asset_id": YES,
    "price": "0.55",
    "size": "3.581817",
    "fee_rate_bps": "0",
    "side": "BUY",
    "timestamp": "1789156413830",
    "transaction_hash": "0x1b",
}
TICK: dict[str, Any] = {
    "event_type": "tick_size_change",
    "market": MARKET,
    "asset_id": YES,
    "old_tick_size": "0.01",
    "new_tick_size": "0.0025",
    "timestamp": "1789156413830",
}
LISTED: dict[str, Any] = {
    "event_type": "new_market",
    "id": "5196322",
    "market": MARKET,
    "question": "Up or down?",
    "slug": "btc-updown",
    "assets_ids": [YES, NO],
    "outcomes": ["Up", "Down"],
    "timestamp": "1789156413830",
    "active": False,
    "fee_schedule": {"rate": "0.07"},
}
RESOLVED: dict[str, Any] = {
    "event_type": "market_resolved",
    "id": "1",
    "market": MARKET,
    "assets_ids": [YES, NO],
    "winning_asset_id": NO,
    "winning_outcome": "Down",
    "timestamp": "1789156413830",
    "tags": [],
}
NOW = 1_789_156_413_830
MESSAGES: list[tuple[dict[str, Any], MarketMessage]] = [
    (
        PRICE_CHANGE,
        PriceChange(
            MARKET,
            NOW,
            (
                LevelChange(YES, "ask", 6440, 0, "caab9f", True, 6300, 6380),
                LevelChange(NO, "bid", 3560, 12_500_000, "940e80", True, None, None),
            ),
        ),
    ),
    (
        BOOK,
        BookSnapshot(
            MARKET,
            YES,
            NOW,
            bids=((6200, 5_000_000), (6240, 100_700_000)),
            asks=((7000, 1_000_000), (6300, 9_000_000)),
            hash="54ba2d",
            tick_size=10,
            last_trade_price="0.630",
        ),
    ),
    (BEST, BestBidAsk(MARKET, YES, NOW, 6300, None)),
    (TRADE, LastTrade(MARKET, YES, NOW, 5500, 3_581_817, "bid", "0.55")),
    (TICK, TickSizeChange(MARKET, YES, NOW, 100, 25)),
    (LISTED, NewMarket(MARKET, NOW, "btc-updown", "Up or down?", (YES, NO), ("Up", "Down"))),
    (RESOLVED, MarketResolved(MARKET, NOW, NO, "Down")),
]
KINDS = [wire["event_type"] for wire, _ in MESSAGES]


def encode(value: Any) -> bytes:
    """Return a value as the wire has it."""
    return json.dumps(value).encode()


def reasons(frame: MarketFrame) -> list[str]:
    """Return the reasons of what was refused."""
    return [refusal.reason for refusal in frame.refusals]
