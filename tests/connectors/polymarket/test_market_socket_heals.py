"""A market socket that is told to ask again, or to connect again, against a real server."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from market_venue import LINK, first, later, running_socket, until

from fusion.frames import (
    Connected,
    Disconnected,
    Reconnecting,
    Resubscribed,
    decode_control,
    encode_control,
)


def test_resubscribing_asks_for_fresh_snapshots() -> None:
    """After frames were lost here, tokens are given up and asked for again."""

    async def scenario() -> None:
        async with running_socket() as (venue, socket, emitted):
            await until(lambda: venue.heard and venue.heard[0])
            socket.resubscribe_all("frames were lost")
            await until(lambda: len(venue.heard[0]) == 3)
            socket.resubscribe(["2", "of another socket"], "crossed")
            await until(lambda: len(venue.heard[0]) == 5)
            assert venue.heard[0][1:] == [
                later("unsubscribe", "1", "2"),
                later("subscribe", "1", "2"),
                later("unsubscribe", "2"),
                later("subscribe", "2"),
            ]
            assert [decode_control(payload) for payload in emitted.of("control")] == [
                Connected(LINK),
                Resubscribed(LINK, 2, "frames were lost"),
                Resubscribed(LINK, 1, "crossed"),
            ]

    asyncio.run(scenario())


def test_resubscribing_is_on_record_before_its_snapshots() -> None:
    """What was asked for together goes in one request, each reason in a frame of its own."""

    async def scenario() -> None:
        async with running_socket(("1", "2", "3")) as (venue, socket, emitted):
            await until(lambda: venue.heard and venue.heard[0])
            socket.resubscribe(["1", "3"], "quiet")
            socket.resubscribe(["2"], "crossed")
            socket.resubscribe(["3"], "crossed")
            await until(lambda: len(venue.heard[0]) == 3)
            await venue.connections[0].send("snapshots")
            await until(lambda: emitted.of(LINK))
            frames = [frame for frame in emitted.frames if frame != (LINK, b"PONG")]
            assert frames == [
                ("control", encode_control(Connected(LINK))),
                ("control", encode_control(Resubscribed(LINK, 2, "crossed"))),
                ("control", encode_control(Resubscribed(LINK, 1, "quiet"))),
                (LINK, b"snapshots"),
            ]

    asyncio.run(scenario())


def test_tokens_given_up_are_not_asked_for_again() -> None:
    """A token that left the slate in the meantime is only unsubscribed from."""

    async def scenario() -> None:
        async with running_socket() as (venue, socket, emitted):
            await until(lambda: venue.heard and venue.heard[0])
            socket.resubscribe(["2"], "crossed")
            socket.set_tokens(["1"])
            await until(lambda: len(venue.heard[0]) == 2)
            await asyncio.sleep(0.05)
            assert venue.heard[0][1:] == [later("unsubscribe", "2")]
            assert emitted.controls() == ["connected"]

    asyncio.run(scenario())


def test_a_link_is_renewed_at_once_on_request() -> None:
    """Asked from another thread, the link is closed with its reason and back without a pause."""

    async def scenario() -> None:
        async with running_socket(reconnect_initial_s=60.0, reconnect_min_s=60.0) as (
            venue,
            socket,
            emitted,
        ):
            await until(lambda: venue.heard and venue.heard[0])
            assert socket.connected
            await asyncio.to_thread(socket.reconnect, "no data for 30 s")
            socket.reconnect("said twice")
            await until(lambda: len(venue.heard) == 2 and venue.heard[1])
            assert venue.heard[1] == [first("1", "2")]
            assert [decode_control(payload) for payload in emitted.of("control")] == [
                Connected(LINK),
                Reconnecting(LINK, "no data for 30 s"),
                Disconnected(LINK, "RenewedError: no data for 30 s"),
                Connected(LINK),
            ]

    asyncio.run(scenario())


def test_a_link_that_is_down_is_not_renewed_again() -> None:
    """A renewal asked for while there is no connection is not made up for on the next one."""

    async def scenario() -> None:
        async with running_socket() as (venue, socket, emitted):
            await until(lambda: venue.heard and venue.heard[0])
            venue.refusals = [HTTPStatus.SERVICE_UNAVAILABLE]
            venue.connections[0].transport.abort()
            await until(lambda: not socket.connected)
            socket.reconnect("in doubt")
            await until(lambda: len(venue.heard) == 2 and venue.heard[1])
            await asyncio.sleep(0.05)
            assert socket.connected
            assert emitted.controls() == [
                "connected", "disconnected", "disconnected", "connected"
            ]  # fmt: skip

    asyncio.run(scenario())
