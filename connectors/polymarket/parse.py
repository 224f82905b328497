"""Frames of the market channel to messages: pure, and safe on any bytes.

A frame is one object or an array of objects, or the text `PONG`. The common case is decoded in
one pass; a frame that does not fit the schema as a whole is taken apart, so that the good
elements of an array are kept and each bad one is refused by name. The reasons:

    ==================  ==============================================================
    text_frame          text other than `PONG` (`INVALID OPERATION`, `NO NEW ASSETS`)
    empty_body          nothing, or only whitespace
    html, gzip          an error page, or bytes that were never unpacked
    not_json            neither an object nor an array of JSON, or cut off
    bad_utf8, too_deep  JSON that is not UTF-8, or nested beyond reason
    too_large           more than `MAX_FRAME_BYTES`
    not_an_object       an element of an array that is no object
    no_event_type       an object without `event_type`
    unknown_event_type  an event that is not known here
    retired_format      `price_change` as it was until September 2025
    bad_schema          a field is missing or has another type
    bad_price, bad_size, bad_timestamp
    ==================  ==============================================================
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from connectors.polymarket import schema
from connectors.polymarket.explain import DECODE_ERRORS, explain_error, explain_text
from connectors.polymarket.numbers import (
    BadNumberError,
    best_of,
    milliseconds_of,
    price_of,
    size_of,
)
from fusion.errors import Refusal, excerpt
from fusion.market import (
    BestBidAsk,
    BookSnapshot,
    LastTrade,
    Level,
    LevelChange,
    MarketMessage,
    MarketResolved,
    NewMarket,
    PriceChange,
    TickSizeChange,
)

MAX_FRAME_BYTES: Final = 64 << 20

_SIDES: Final[dict[str, Literal["bid", "ask"]]] = {"BUY": "bid", "SELL": "ask"}


class MarketFrame(msgspec.Struct, frozen=True, gc=False):
    """What a frame said. `heartbeat` tells that it was the answer to a ping."""

    messages: tuple[MarketMessage, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    heartbeat: bool = False


HEARTBEAT: Final = MarketFrame(heartbeat=True)


def parse_market(payload: bytes) -> MarketFrame:
    """Return the messages of a frame and what was refused of it."""
    if payload == b"PONG":
        return HEARTBEAT
    if len(payload) > MAX_FRAME_BYTES:
        detail = f"a frame must not exceed {MAX_FRAME_BYTES} bytes, was {len(payload)}"
        return MarketFrame(refusals=(Refusal("too_large", detail, excerpt(payload)),))
    try:
        wire = schema.decode_frame(payload)
    except DECODE_ERRORS:
        return _parse_apart(payload)
    messages: list[MarketMessage] = []
    refusals: list[Refusal] = []
    for message in wire if isinstance(wire, list) else (wire,):
        _convert(message, messages, refusals)
    return MarketFrame(tuple(messages), tuple(refusals))


def snapshot_of(wire: schema.BookFields) -> BookSnapshot:
    """Return a snapshot of the wire, of the socket or of REST.

    Raises:
        BadNumberError: A price, a size or the time is none.
    """
    return BookSnapshot(
        market_id=wire.market,
        token_id=wire.asset_id,
        venue_ms=milliseconds_of(wire.timestamp),
        bids=tuple(sorted(_levels(wire.bids))),
        asks=tuple(sorted(_levels(wire.asks), reverse=True)),
        hash=wire.hash,
        tick_size=price_of(wire.tick_size) if wire.tick_size else None,
        last_trade_price=wire.last_trade_price,
        min_order_size=wire.min_order_size,
        neg_risk=wire.neg_risk,
    )


def _levels(levels: list[schema.WireLevel]) -> list[Level]:
    return [(price_of(level.price), size_of(level.size)) for level in levels]


def _convert(
    wire: schema.WireMessage, messages: list[MarketMessage], refusals: list[Refusal]
) -> None:
    try:
        if isinstance(wire, schema.WirePriceChange):
            messages.append(_price_change(wire, refusals))
        elif isinstance(wire, schema.WireBook):
            messages.append(snapshot_of(wire))
        else:
            messages.append(_other(wire))
    except BadNumberError as error:
        kind = wire.__struct_config__.tag
        detail = f"{kind} of market {wire.market}: {error}"
        refusals.append(Refusal(error.reason, detail, excerpt(msgspec.json.encode(wire))))


def _price_change(wire: schema.WirePriceChange, refusals: list[Refusal]) -> PriceChange:
    venue_ms = milliseconds_of(wire.timestamp)
    changes: list[LevelChange] = []
    for change in wire.price_changes:
        bid, ask = change.best_bid, change.best_ask
        try:
            token, side = change.asset_id, _SIDES[change.side]
            price, size = price_of(change.price), size_of(change.size)
            if bid is None or ask is None:
                changes.append(LevelChange(token, side, price, size, change.hash))
            else:
                best_bid, best_ask = best_of(bid), best_of(ask)
                changes.append(
                    LevelChange(token, side, price, size, change.hash, True, best_bid, best_ask)
                )
        except BadNumberError as error:
            detail = f"price_change of token {change.asset_id}: {error}"
            refusals.append(Refusal(error.reason, detail, excerpt(msgspec.json.encode(change))))
    return PriceChange(wire.market, venue_ms, tuple(changes))


def _other(
    wire: schema.WireBest
    | schema.WireTrade
    | schema.WireTick
    | schema.WireNewMarket
    | schema.WireResolved,
) -> MarketMessage:
    market, venue_ms = wire.market, milliseconds_of(wire.timestamp)
    match wire:
        case schema.WireBest(asset_id=token, best_bid=bid, best_ask=ask):
            return BestBidAsk(market, token, venue_ms, best_of(bid), best_of(ask))
        case schema.WireTrade(asset_id=token, price=price, size=size, side=side):
            return LastTrade(
                market, token, venue_ms, price_of(price), size_of(size), _SIDES[side], price
            )
        case schema.WireTick(asset_id=token, old_tick_size=old, new_tick_size=new):
            return TickSizeChange(market, token, venue_ms, price_of(old), price_of(new))
        case schema.WireNewMarket(slug=slug, question=question, assets_ids=ids, outcomes=names):
            return NewMarket(market, venue_ms, slug, question, tuple(ids), tuple(names))
        case schema.WireResolved(winning_asset_id=token, winning_outcome=outcome):
            return MarketResolved(market, venue_ms, token, outcome)


def _parse_apart(payload: bytes) -> MarketFrame:
    """Parse a frame that does not fit the schema as a whole."""
    body = payload.strip()
    if body == b"PONG":
        return HEARTBEAT
    if body[:1] not in {b"{", b"["}:
        return MarketFrame(refusals=(explain_text(body, "a frame other than PONG"),))
    elements: list[msgspec.Raw] = [msgspec.Raw(body)]
    if body[:1] == b"[":
        try:
            elements = schema.decode_elements(body)
        except DECODE_ERRORS as error:
            return MarketFrame(refusals=(explain_error(error, payload),))
    messages: list[MarketMessage] = []
    refusals: list[Refusal] = []
    for element in elements:
        try:
            _convert(schema.decode_message(element), messages, refusals)
        except DECODE_ERRORS as error:
            refusals.append(_explain_element(bytes(element), error))
    return MarketFrame(tuple(messages), tuple(refusals))


def _explain_element(element: bytes, error: Exception) -> Refusal:
    """Say why an element did not fit the schema."""
    try:
        value: Any = msgspec.json.decode(element)
    except DECODE_ERRORS as broken:
        return explain_error(broken, element)
    if not isinstance(value, dict):
        detail = f"an element must be an object, was {type(value).__name__}"
        return Refusal("not_an_object", detail, excerpt(element))
    kind = value.get("event_type")
    if not isinstance(kind, str):
        detail = "an object must have a text as its `event_type`"
        return Refusal("no_event_type", detail, excerpt(element))
    if kind not in schema.EVENT_TYPES:
        detail = f"the event type {kind[:60]!r} is not known"
        return Refusal("unknown_event_type", detail, excerpt(element))
    if kind == "price_change" and "price_changes" not in value:
        form = "an array of `changes` (until 2025)" if "changes" in value else "flat (2024)"
        detail = f"a price_change must have `price_changes`, was {form}"
        return Refusal("retired_format", detail, excerpt(element))
    return Refusal("bad_schema", f"{kind}: {error}", excerpt(element))
