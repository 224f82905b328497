"""The hubs of a process, run as the source runs them, and what arrives in their inboxes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors.polymarket.parse import parse_market
from flows.hub import Hub
from flows.hubs import Hubs
from flows.inbox import Arrival
from flows.settings import Settings
from fusion.frames import SlateMatched, decode_control
from fusion.market import BookSnapshot
from fusion.slate import Slate

PATIENCE_S = 20.0


@contextmanager
def attached(settings: Settings) -> Iterator[Hubs]:
    """Start all hubs of a process for as long as the context, and see them end."""
    hubs = Hubs(settings)
    for hub in hubs.hubs:
        hub.start()
    try:
        yield hubs
    finally:
        hubs.stop()
        until(hubs.ended)


@contextmanager
def running(settings: Settings) -> Iterator[Hub]:
    """Run the only hub of a process for as long as the context, and see it end."""
    with attached(settings) as hubs:
        (hub,) = hubs.hubs
        yield hub


def until(done: Callable[[], bool]) -> None:
    """Wait until `done`, and fail if that takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def collect(hub: Hub, enough: Callable[[list[Arrival]], bool]) -> list[Arrival]:
    """Take arrivals from the hub until there are enough."""
    arrivals: list[Arrival] = []

    def done() -> bool:
        arrivals.extend(hub.inbox.take(1_000, 0.01))
        hub.check()
        return enough(arrivals)

    until(done)
    return arrivals


def controls(arrivals: list[Arrival]) -> list[object]:
    """Return the control values among arrivals, in order."""
    return [decode_control(each.payload) for each in arrivals if each.source == "control"]


def slates(arrivals: list[Arrival]) -> list[Slate]:
    """Return the slates among arrivals, in order."""
    return [each.slate for each in controls(arrivals) if isinstance(each, SlateMatched)]


def snapshots(arrivals: list[Arrival]) -> list[str]:
    """Return the tokens of the book snapshots among arrivals, in order."""
    return [
        message.token_id
        for each in arrivals
        if each.source.startswith("polymarket:market:")
        for message in parse_market(each.payload).messages
        if isinstance(message, BookSnapshot)
    ]
