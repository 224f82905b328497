"""Gamma's events, markets and sports as the venue writes them (captures of 2025 and 2026).

Any field may be null. Numbers may come as strings, so these are decoded leniently and bounded:
a bound also keeps out `nan` and `inf`, which a lenient decoder would take from a string.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Text = Annotated[str, Meta(max_length=100_000)]
Id = Annotated[str, Meta(max_length=128)] | int
Line = Annotated[float, Meta(ge=-1e6, le=1e6)]
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[float, Meta(ge=0, le=1e9)]
Strings = str | list[str]
"""A list, or what Gamma makes of it: its JSON in a string."""

ABSENT = msgspec.Raw(b"")
"""A field that was not there; null is `null`."""


class WireFees(Struct):
    """What a taker pays; `rebateRate` is the makers' business."""

    rate: Share | None = None
    exponent: Annotated[float, Meta(ge=0, le=16)] | None = None
    taker_only: bool | None = msgspec.field(default=None, name="takerOnly")


class WireMarket(Struct, rename="camel"):
    """One market of an event."""

    condition_id: Annotated[str, Meta(min_length=1, max_length=128)]
    slug: Text | None = None
    question: Text | None = None
    outcomes: Strings | None = None
    clob_token_ids: Strings | None = None
    enable_order_book: bool | None = None
    order_price_min_tick_size: Share | None = None
    order_min_size: Count | None = None
    seconds_delay: Count | None = None
    neg_risk: bool | None = None
    accepting_orders: bool | None = None
    clear_book_on_start: bool | None = None
    closed: bool | None = None
    game_start_time: Text | None = None
    fees_enabled: bool | None = None
    fee_schedule: WireFees | None = None
    sports_market_type: Text | None = None
    group_item_title: Text | None = None
    line: Line | None = None
    closed_time: Text | None = None


class WireGameId(Struct, rename="camel"):
    """The number of the game, of a market; the events of some sports do not have it."""

    game_id: Id | None = None


class WireTeam(Struct):
    """One team of an event."""

    name: Text | None = None
    abbreviation: Text | None = None
    alias: Text | None = None
    ordering: Text | None = None


class WireSport(Struct):
    """One row of `/sports`, and the sport of an event. `tags` is a list with commas."""

    sport: Annotated[str, Meta(min_length=1, max_length=128)]
    ordering: Text | None = None
    tags: Text | None = None
    series: Id | None = None


class WireEvent(Struct, rename="camel"):
    """One event; its markets and teams are decoded one by one."""

    id: Id
    slug: Annotated[str, Meta(min_length=1, max_length=1000)]
    markets: list[msgspec.Raw] | None
    title: Text | None = None
    start_time: Text | None = None
    event_date: Text | None = None
    closed: bool | None = None
    ended: bool | None = None
    game_id: Id | None = None
    sport: msgspec.Raw = ABSENT
    teams: list[msgspec.Raw] | None = None
    closed_time: Text | None = None
    finished_timestamp: Text | None = None


class WireEnvelope(Struct):
    """An object that holds events, or is one."""

    events: list[msgspec.Raw] | UnsetType | None = UNSET
    next_cursor: str | None = None
    markets: msgspec.Raw = ABSENT


decode_event = msgspec.json.Decoder(WireEvent, strict=False).decode
decode_market = msgspec.json.Decoder(WireMarket, strict=False).decode
decode_game_id = msgspec.json.Decoder(WireGameId, strict=False).decode
decode_team = msgspec.json.Decoder(WireTeam, strict=False).decode
decode_sport = msgspec.json.Decoder(WireSport, strict=False).decode
decode_envelope = msgspec.json.Decoder(WireEnvelope).decode
decode_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode
decode_strings = msgspec.json.Decoder(list[str]).decode
