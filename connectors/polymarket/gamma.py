"""What the venue lists: Gamma's events and sports to values. Pure, and safe on any bytes.

Gamma writes lists as JSON inside JSON strings (`outcomes`, `clobTokenIds`), times as
`2026-09-05 00:00:00+00` and as ISO with `Z`. The start of play is the event's `startTime` or a
market's `gameStartTime`; `startDate` is the time of listing and `endDate` may be weeks later, so
neither is read. Nothing is read that only becomes known later (`outcomePrices`, `winner`,
`umaResolutionStatus`), except whether an event or a market is closed or ended, and since when
(`closedTime`, `finishedTimestamp`; what is no time is none): see `fusion/hindsight.py`.

Fees: `feeSchedule` holds what a taker pays. `takerBaseFee` and `makerBaseFee` (1000) are caps for
signing and are not read; without a schedule, or with `feesEnabled` false, a market is free.

Refused are, each with its reason: bodies and elements that are not JSON or do not fit
(`not_json`, `html`, `text_frame`, `empty_body`, `gzip`, `bad_utf8`, `too_deep`, `not_events`,
`bad_event`, `bad_market`, `bad_team`, `bad_sport`), markets without an order book
(`no_order_book`), whose tokens are missing (`no_tokens`, as for minutes after listing) or do not
fit their outcomes (`bad_tokens`), and times that are none (`bad_time`, the rest is kept).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from connectors.polymarket import gamma_schema as schema
from connectors.polymarket.explain import DECODE_ERRORS, explain_error, explain_text
from fusion.errors import Refusal, excerpt
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.market import PRICE_ONE
from fusion.slate import FeeSchedule, MarketRules

DEFAULT_TICK_SIZE: Final = 100
DEFAULT_MIN_ORDER_SIZE: Final = 5.0
MAX_TOKEN_DIGITS: Final = 78

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Listing(msgspec.Struct, frozen=True):
    """The events of one body. `next_cursor` is where the next page begins, None on the last.

    `elements` counts what stood in the list, used or refused: a full page may have a successor.
    """

    events: tuple[ListedEvent, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    next_cursor: str | None = None
    elements: int = 0


class SportRow(msgspec.Struct, frozen=True):
    """One sport: its code (`nba`), its tags, and the series that holds this season's games."""

    code: str
    ordering: str
    tags: tuple[str, ...]
    series_id: str


class SportsListing(msgspec.Struct, frozen=True):
    """The sports of one body of `/sports`."""

    rows: tuple[SportRow, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def parse_events(payload: bytes) -> Listing:
    """Return the events of a list, of `{"events": [...]}`, or of a single event."""
    body = payload.strip()
    cursor: str | None = None
    try:
        if body[:1] == b"[":
            elements = schema.decode_elements(body)
        elif body[:1] == b"{":
            envelope = schema.decode_envelope(body)
            if envelope.events is msgspec.UNSET and not bytes(envelope.markets):
                detail = "an object must have `events`, or be an event with `markets`"
                return Listing(refusals=(Refusal("not_events", detail, excerpt(body)),))
            if envelope.events is msgspec.UNSET:
                elements = [msgspec.Raw(body)]
            else:
                elements = envelope.events or []
            cursor = envelope.next_cursor
        else:
            return Listing(refusals=(explain_text(body, "a list of events"),))
    except DECODE_ERRORS as error:
        return Listing(refusals=(explain_error(error, body, "not_events"),))
    refusals: list[Refusal] = []
    events = tuple(
        event for element in elements if (event := _event(element, refusals)) is not None
    )
    return Listing(events, tuple(refusals), cursor or None, len(elements))


def parse_sports(payload: bytes) -> SportsListing:
    """Return the rows of `/sports`; rows without a code are refused one by one."""
    body = payload.strip()
    if body[:1] not in {b"[", b"{"}:
        return SportsListing(refusals=(explain_text(body, "the list of sports"),))
    try:
        elements = schema.decode_elements(body)
    except DECODE_ERRORS as error:
        return SportsListing(refusals=(explain_error(error, body, "not_sports"),))
    rows: list[SportRow] = []
    refusals: list[Refusal] = []
    for element in elements:
        try:
            wire = schema.decode_sport(element)
        except DECODE_ERRORS as error:
            refusals.append(explain_error(error, bytes(element), "bad_sport"))
            continue
        tags = tuple(tag.strip() for tag in (wire.tags or "").split(",") if tag.strip())
        series = "" if wire.series is None else str(wire.series)
        rows.append(SportRow(wire.sport.lower(), wire.ordering or "", tags, series))
    return SportsListing(tuple(rows), tuple(refusals))


FIRST_YEAR, END_YEAR = 1990, 2100
"""Years outside are placeholders, and no time."""


def parse_time(text: str) -> int | None:
    """Return an ISO time, also with a space and a short offset, in UTC nanoseconds, or None.

    A time without an offset is none: guessing its zone would move games by hours.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year < END_YEAR:
        return None
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def _event(element: msgspec.Raw, refusals: list[Refusal]) -> ListedEvent | None:
    try:
        wire = schema.decode_event(element)
    except DECODE_ERRORS as error:
        refusals.append(explain_error(error, bytes(element), "bad_event"))
        return None
    markets = tuple(
        market for raw in wire.markets or () if (market := _market(raw, refusals)) is not None
    )
    start_ns = _time(wire.start_time, f"startTime of {wire.slug}", refusals)
    if start_ns is None:
        starts = (market.rules.game_start_ns for market in markets)
        start_ns = next((start for start in starts if start is not None), None)
    return ListedEvent(
        event_id=str(wire.id),
        slug=wire.slug,
        title=wire.title or "",
        code=_code(wire),
        start_ns=start_ns,
        event_date=wire.event_date or "",
        teams=tuple(team for raw in wire.teams or () if (team := _team(raw, refusals)) is not None),
        markets=markets,
        closed=bool(wire.closed),
        ended=bool(wire.ended),
        venue_game_id=_game_id(wire),
        closed_ns=parse_time(wire.closed_time or "") if wire.closed else None,
        ended_ns=parse_time(wire.finished_timestamp or "") if wire.ended else None,
    )


def _game_id(wire: schema.WireEvent) -> str:
    """Return the venue's number of the game, which stands on the event or on its markets."""
    if wire.game_id:
        return str(wire.game_id)
    for raw in wire.markets or ():
        try:
            number = schema.decode_game_id(raw).game_id
        except DECODE_ERRORS:
            continue
        if number:
            return str(number)
    return ""


def _code(wire: schema.WireEvent) -> str:
    """Return the sport's code: what the event says where its slug agrees, else of the slug."""
    code, _, _ = wire.slug.partition("-")
    try:
        sport = schema.decode_sport(wire.sport).sport.lower()
    except DECODE_ERRORS:
        return code
    return sport if wire.slug.startswith(f"{sport}-") else code


def _team(raw: msgspec.Raw, refusals: list[Refusal]) -> ListedTeam | None:
    try:
        wire = schema.decode_team(raw)
    except DECODE_ERRORS as error:
        refusals.append(explain_error(error, bytes(raw), "bad_team"))
        return None
    code, alias, name = wire.abbreviation or "", wire.alias or "", wire.name or ""
    match wire.ordering:
        case "home" | "away":
            return ListedTeam(name, code, alias, wire.ordering)
        case _:
            return ListedTeam(name, code, alias)


def _market(raw: msgspec.Raw, refusals: list[Refusal]) -> ListedMarket | None:
    try:
        wire = schema.decode_market(raw)
        outcomes = _strings(wire.outcomes)
        tokens = _strings(wire.clob_token_ids)
    except DECODE_ERRORS as error:
        refusals.append(explain_error(error, bytes(raw), "bad_market"))
        return None
    refusal = _unfit(wire, outcomes, tokens)
    if refusal is not None:
        refusals.append(Refusal(*refusal, excerpt(bytes(raw))))
        return None
    start = _time(wire.game_start_time, f"gameStartTime of {wire.slug}", refusals)
    tick = round((wire.order_price_min_tick_size or 0) * PRICE_ONE)
    size = wire.order_min_size
    rules = MarketRules(
        market_id=wire.condition_id,
        slug=wire.slug or "",
        token_ids=tokens,
        outcomes=outcomes,
        tick_size=tick or DEFAULT_TICK_SIZE,
        min_order_size=DEFAULT_MIN_ORDER_SIZE if size is None else size,
        fee=_fee(wire),
        seconds_delay=round(wire.seconds_delay or 0),
        neg_risk=bool(wire.neg_risk),
        accepting_orders=wire.accepting_orders is not False,
        clear_book_on_start=bool(wire.clear_book_on_start),
        game_start_ns=start,
        closed=bool(wire.closed),
    )
    return ListedMarket(
        rules=rules,
        question=wire.question or "",
        group_title=wire.group_item_title or "",
        market_type=wire.sports_market_type or None,
        line=wire.line,
        closed_ns=parse_time(wire.closed_time or "") if wire.closed else None,
    )


def _unfit(
    wire: schema.WireMarket, outcomes: tuple[str, ...], tokens: tuple[str, ...]
) -> tuple[str, str] | None:
    """Return why a market cannot be used, as reason and detail, or None."""
    name = wire.slug or wire.condition_id
    if wire.enable_order_book is False:
        return "no_order_book", f"market {name} is not traded on the order book"
    if not tokens or not all(tokens):
        return "no_tokens", f"market {name} has no `clobTokenIds` (yet)"
    if len(tokens) != len(outcomes) or len(set(tokens)) != len(tokens):
        detail = f"market {name} must have one token an outcome, had {len(tokens)} tokens"
        return "bad_tokens", f"{detail} for {len(outcomes)} outcomes"
    if not all(token.isdecimal() and len(token) <= MAX_TOKEN_DIGITS for token in tokens):
        return "bad_tokens", f"market {name} has a token that is no decimal of up to 78 digits"
    return None


def _strings(value: schema.Strings | None) -> tuple[str, ...]:
    if isinstance(value, str):
        value = schema.decode_strings(value) if value else []
    return tuple(value or ())


def _fee(wire: schema.WireMarket) -> FeeSchedule:
    fees = wire.fee_schedule
    if fees is None or wire.fees_enabled is False:
        return FeeSchedule()
    exponent = 1.0 if fees.exponent is None else fees.exponent
    return FeeSchedule(fees.rate or 0.0, exponent, fees.taker_only is not False)


def _time(text: str | None, what: str, refusals: list[Refusal]) -> int | None:
    if not text:
        return None
    time_ns = parse_time(text)
    if time_ns is None:
        detail = f"{what} must be an ISO time with an offset, was {text[:60]!r}"
        refusals.append(Refusal("bad_time", detail, excerpt(text)))
    return time_ns
