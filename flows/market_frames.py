"""Frames that carry books: of a socket, or of REST, in place of one or to be compared with it."""

from __future__ import annotations

from connectors.polymarket.clob import parse_books
from connectors.polymarket.parse import MarketFrame, parse_market
from fusion.frames import Frame

REST_FALLBACK = "polymarket:rest"
"""Books polled while no socket is healthy: a link of its own."""

REST_WITNESS = "polymarket:books"
"""Books asked for to be compared with those of the sockets."""

HARMLESS = frozenset({"text_frame", "empty_body", "unknown_event_type", "retired_format"})
"""Refusals of the market channel that took no change of a book with them."""


def decode_market(frame: Frame) -> MarketFrame:
    """Decode a frame of a socket, or the books that were polled in place of one."""
    if frame.source != REST_FALLBACK:
        return parse_market(frame.payload)
    polled = parse_books(frame.payload)
    return MarketFrame(messages=polled.books, refusals=polled.refusals)


def is_spoilt(decoded: MarketFrame) -> bool:
    """Tell whether a part of a frame could not be read that may have held a change of a book."""
    return bool(decoded.refusals) and any(
        refusal.reason not in HARMLESS for refusal in decoded.refusals
    )
