"""The rules of one market from `GET /clob-markets/{condition}`: bytes to a value, and when to ask.

Keys are short: `c` condition, `mts` tick size and `mos` least order in dollars and shares, `fd` the
taker's fee (rate `r`, exponent `e`, takers only `to`), `nr` negRisk, `ao` accepting orders, `cbos`
clear the book on start, `gst` game start, `sd` seconds of taker delay. `mbf` and `tbf` (1000) are
caps for signing, not fees, and are not read. Sources: the venue's OpenAPI file of May 2026, which
lacks `c`, `ao`, `nr`, `cbos` and `sd`, and captured answers, which have them.

Every key but `c` may be absent or null. Refused are bodies that are no such object (`not_json`,
`html`, `text_frame`, `empty_body`, `gzip`, `bad_utf8`, `too_deep`, `bad_clob_market`), a tick size
off the 0.0001 grid (`bad_tick_size`) and a start that is no time (`bad_time`).
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from connectors.polymarket.explain import DECODE_ERRORS, explain_error, explain_text
from connectors.polymarket.gamma import parse_time
from connectors.polymarket.gamma_schema import Count, Share, Text
from fusion.errors import Refusal, excerpt
from fusion.frames import NS_PER_S
from fusion.market import PRICE_ONE
from fusion.market_rules import ClobRules
from fusion.slate import FeeSchedule

GRID_ERROR: Final = 1e-6
"""How far a tick may be from a whole number of 1e-4 dollars: the noise of a binary fraction."""


class WireFee(Struct):
    """What a taker pays."""

    r: Share | None = None
    e: Annotated[float, Meta(ge=0, le=16)] | None = None
    to: bool | None = None


class WireClobMarket(Struct):
    """One market; what is not needed is not named here and is skipped."""

    c: Annotated[str, Meta(min_length=1, max_length=128)]
    mts: Share | None = None
    mos: Count | None = None
    fd: WireFee | None = None
    nr: bool | None = None
    ao: bool | None = None
    cbos: bool | None = None
    gst: Text | None = None
    sd: Count | None = None


# Numbers may come as strings; the bounds keep out the `nan` and `inf` of a lenient decoder.
_decode = msgspec.json.Decoder(WireClobMarket, strict=False).decode


NO_TIMES = (None, "", "0001-01-01T00:00:00Z")
"""How a time that is not set looks on the wire; the last is the zero of Go."""


def parse_clob_market(payload: bytes) -> ClobRules | Refusal:
    """Return the rules of one market, or why the body states none."""
    body = payload.strip()
    if body[:1] != b"{":
        if body[:1] == b"[":
            return Refusal(
                "bad_clob_market", "a market must be one object, was a list", excerpt(body)
            )
        return explain_text(body, "the rules of a market")
    try:
        wire = _decode(body)
    except DECODE_ERRORS as error:
        return explain_error(error, body, "bad_clob_market")
    ticks = (wire.mts or 0.0) * PRICE_ONE
    if abs(ticks - round(ticks)) > GRID_ERROR:
        detail = f"a tick size must be a multiple of 0.0001, was {wire.mts}"
        return Refusal("bad_tick_size", detail, excerpt(body))
    start_ns = 0 if wire.gst in NO_TIMES else parse_time(wire.gst)
    if start_ns is None:
        detail = f"gst must be an ISO time with an offset, was {(wire.gst or '')[:60]!r}"
        return Refusal("bad_time", detail, excerpt(body))
    return ClobRules(
        market_id=wire.c,
        tick_size=round(ticks) or None,
        min_order_size=wire.mos,
        fee=_fee(wire.fd),
        neg_risk=wire.nr,
        accepting_orders=wire.ao,
        clear_book_on_start=wire.cbos,
        # The venue's zero time, in year 1, is no start.
        game_start_ns=start_ns if start_ns > 0 else None,
        seconds_delay=None if wire.sd is None else round(wire.sd),
    )


def _fee(wire: WireFee | None) -> FeeSchedule | None:
    if wire is None or wire.r is None:
        return None
    return FeeSchedule(wire.r, 1.0 if wire.e is None else wire.e, wire.to is not False)


class Asked(Struct, frozen=True):
    """When a market was last asked for and when to ask again (None: its start decides alone).

    `tries` counts the answers in a row that call for another.
    """

    at_ns: int
    again_ns: int | None = None
    tries: int = 0


def due(start_ns: int, asked: Asked | None, now_ns: int, before_ns: int) -> bool:
    """Tell whether to ask for a market's rules now.

    A market is asked for when it is new, `before_ns` before its start, at its start, and when its
    last answer called for another: each moment calls once, also one that was slept through.
    """
    if asked is None:
        return True
    moments = (start_ns - before_ns, start_ns, asked.again_ns)
    return any(moment is not None and asked.at_ns < moment <= now_ns for moment in moments)


def ask_again(asked: Asked | None, now_ns: int, *, retry_s: float, longest_s: float) -> Asked:
    """Return the record of an answer that calls for another, later each time."""
    tries = asked.tries if asked is not None else 0
    pause_s = min(retry_s * 2.0 ** min(tries, 32), longest_s)
    return Asked(now_ns, now_ns + round(pause_s * NS_PER_S), tries + 1)
