"""Frames of the market channel to messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from market_wire import BOOK, KINDS, MARKET, MESSAGES, NO, NOW, PRICE_CHANGE, YES, encode, reasons

from connectors.polymarket.parse import MarketFrame, parse_market
from fusion.market import LevelChange, MarketMessage, PriceChange


@pytest.mark.parametrize(("wire", "message"), MESSAGES, ids=KINDS)
def test_every_kind_is_read(wire: dict[str, Any], message: MarketMessage) -> None:
    """An object of each kind gives its message, as does an array that holds it."""
    assert parse_market(encode(wire)) == MarketFrame((message,))
    assert parse_market(encode([wire])) == MarketFrame((message,))


@pytest.mark.parametrize(("wire", "message"), MESSAGES, ids=KINDS)
def test_order_and_unknown_fields_do_not_matter(
    wire: dict[str, Any], message: MarketMessage
) -> None:
    """Fields may come in any order and with others that are not known here."""
    turned = {"of_next_year": [{"deep": None}], **dict(reversed(wire.items()))}
    assert parse_market(b" " + encode(turned) + b"\n") == MarketFrame((message,))


def test_an_array_gives_its_messages_in_order() -> None:
    """An array of all kinds gives all messages in order."""
    frame = parse_market(encode([wire for wire, _ in MESSAGES]))
    assert frame == MarketFrame(tuple(message for _, message in MESSAGES))


@pytest.mark.parametrize("payload", [b"PONG", b"PONG\n", b" PONG "])
def test_pong_is_a_heartbeat(payload: bytes) -> None:
    """The answer to a ping is no message and is not refused."""
    assert parse_market(payload) == MarketFrame(heartbeat=True)


def test_an_empty_array_says_nothing() -> None:
    """A subscription to tokens that are all closed is answered with an empty array."""
    assert parse_market(b"[]") == MarketFrame()


def test_levels_are_put_in_order() -> None:
    """Bids ascend and asks descend in a snapshot, in whatever order they came."""
    turned = {**BOOK, "bids": BOOK["bids"][::-1], "asks": BOOK["asks"][::-1]}
    assert parse_market(encode(turned)) == parse_market(encode(BOOK))


def test_a_change_without_a_best_declares_none() -> None:
    """Where a change carries no best prices, none are declared."""
    bare = {
        key: PRICE_CHANGE["price_changes"][0][key] for key in ("asset_id", "price", "size", "side")
    }
    frame = parse_market(encode({**PRICE_CHANGE, "price_changes": [bare]}))
    assert frame == MarketFrame((PriceChange(MARKET, NOW, (LevelChange(YES, "ask", 6440, 0),)),))


def test_a_snapshot_of_megabytes_passes() -> None:
    """The first array of hundreds of tokens is read whole."""
    levels = [{"price": f"0.{price:03d}", "size": "1.5"} for price in range(1, 1000)]
    payload = encode([{**BOOK, "bids": levels} for _ in range(60)])
    assert len(payload) > 2 << 20
    frame = parse_market(payload)
    assert (len(frame.messages), frame.refusals) == (60, ())


def frames_of(path: Path) -> list[bytes]:
    """Return the wire frames of a capture file."""
    if path.suffix == ".json":
        return [path.read_bytes()]
    lines = path.read_bytes().splitlines()
    return [json.loads(line)["data"].encode() if b'"runId"' in line else line for line in lines]


CAPTURES: dict[str, list[str]] = {
    "last_trade_price.json": ["LastTrade"],
    "new_market_live_20261002_description_trimmed.jsonl": ["NewMarket"],
    "price_change_oldest_flat.json": ["retired_format"],
    "sports_soccer_20260911_19frames.jsonl": [
        *["BestBidAsk"] * 2,
        *["PriceChange"] * 5,
        *["BestBidAsk"] * 2,
        *["PriceChange"] * 4,
        *["BestBidAsk"] * 2,
        *["PriceChange"] * 2,
        *["BookSnapshot"] * 2,
    ],
    "sports_soccer_20260911_checkpoint_before_2265.json": ["no_event_type"],
    "tick_size_change.json": ["TickSizeChange"],
    "wire_last_trade_price_20260609_202609.jsonl": ["LastTrade", "LastTrade"],
    "wire_raw_20241202_oldformat.jsonl": [
        "BookSnapshot",
        "BookSnapshot",
        "retired_format",
        "retired_format",
    ],
    "wire_raw_20251223_3frames.txt": [
        "BookSnapshot",
        "BookSnapshot",
        "PriceChange",
        "BookSnapshot",
    ],
}


def test_every_captured_file_is_read_or_refused_by_name(shared: Path) -> None:
    """Each file gives the messages that stand in it; retired formats are refused as such."""
    found = {
        path.name: [
            name
            for payload in frames_of(path)
            for frame in [parse_market(payload)]
            for name in [*(type(each).__name__ for each in frame.messages), *reasons(frame)]
        ]
        for path in (shared / "captures/polymarket/ws").iterdir()
    }
    assert found == CAPTURES


def test_a_captured_match_is_read_to_the_letter(shared: Path) -> None:
    """The fifth frame of the soccer match removes the ask at 0.659, the complement first."""
    path = shared / "captures/polymarket/ws/sports_soccer_20260911_19frames.jsonl"
    assert parse_market(frames_of(path)[4]).messages == (
        PriceChange(
            MARKET,
            1_789_156_413_830,
            (
                LevelChange(
                    NO,
                    "bid",
                    3410,
                    0,
                    "940e801a077ef393c9f9ec6dbdb86a1be3cc5a0b",
                    True,
                    3620,
                    3700,
                ),
                LevelChange(
                    YES,
                    "ask",
                    6590,
                    0,
                    "caab9fea204d5ce8d2eca8410ae7d71f107bab10",
                    True,
                    6300,
                    6380,
                ),
            ),
        ),
    )
