"""Hindsight: what a listing says that was not known yet when its frame was received.

A capture may hold a listing that was fetched after the night and stands at its beginning: it says
that the event has ended, that its markets are closed, and that they take no orders any more. Such
a fact counts only where it is dated, and not later than the frame. A live session never meets
one; it journals the slate it went by.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from fusion.listing import ListedEvent, ListedMarket


def without_hindsight(events: Iterable[ListedEvent], recv_ns: int) -> tuple[ListedEvent, ...]:
    """Return events as they were known at `recv_ns`."""
    return tuple(_event(event, recv_ns) for event in events)


def _event(event: ListedEvent, recv_ns: int) -> ListedEvent:
    closed = event.closed and _was_known(event.closed_ns, recv_ns)
    ended = event.ended and _was_known(event.ended_ns, recv_ns)
    return msgspec.structs.replace(
        event,
        markets=tuple(_market(market, recv_ns) for market in event.markets),
        closed=closed,
        closed_ns=event.closed_ns if closed else None,
        ended=ended,
        ended_ns=event.ended_ns if ended else None,
    )


def _market(market: ListedMarket, recv_ns: int) -> ListedMarket:
    """A market stops taking orders when it closes, if not before: that, too, was not known."""
    if not market.rules.closed or _was_known(market.closed_ns, recv_ns):
        return market
    rules = msgspec.structs.replace(market.rules, closed=False, accepting_orders=True)
    return msgspec.structs.replace(market, rules=rules, closed_ns=None)


def _was_known(fact_ns: int | None, recv_ns: int) -> bool:
    return fact_ns is not None and fact_ns <= recv_ns
