"""The connection to the results socket, against real servers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import msgspec
import pytest
from market_venue import Emitted, until
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from connectors.polymarket.sports_socket import SportsSettings, SportsSocket
from fusion.score_witness import SPORTS_LINK

FAST = SportsSettings(
    url="",
    silence_s=2.0,
    ping_s=5.0,
    reconnect_initial_s=0.01,
    reconnect_min_s=0.01,
    reconnect_max_s=0.05,
)
UPDATE = '{"gameId":1,"leagueAbbreviation":"kor","score":"2-1","live":true,"ended":false}'

Handler = Callable[[ServerConnection], Awaitable[None]]
Admit = Callable[[ServerConnection, Request], Response | None]


@asynccontextmanager
async def results(
    handler: Handler,
    *,
    admit: Admit | None = None,
    server_ping_s: float | None = None,
    **changes: float,
) -> AsyncGenerator[Emitted]:
    """Run a server and a socket that is connected to it; yield what the socket emits.

    `server_ping_s` is how often the server pings by protocol, and how long it waits for the
    answer; `changes` are those of the socket's settings.
    """
    async with serve(
        handler,
        "127.0.0.1",
        0,
        process_request=admit,
        ping_interval=server_ping_s,
        ping_timeout=server_ping_s,
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        settings = msgspec.structs.replace(FAST, url=f"ws://127.0.0.1:{port}/ws", **changes)
        emitted = Emitted()
        task = asyncio.create_task(SportsSocket(settings, emitted).run())
        try:
            yield emitted
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def reasons(emitted: Emitted) -> list[str]:
    """Return why connections were lost, in order."""
    told = [json.loads(payload) for payload in emitted.of("control")]
    return [each["reason"] for each in told if each["kind"] == "disconnected"]


def test_frames_are_emitted_as_they_came() -> None:
    """Objects, garbage and bytes arrive untouched, after the connected frame."""
    payloads: list[str | bytes] = [UPDATE, "garbage", b"\xff\x00", "\u00e9"]

    async def tell(connection: ServerConnection) -> None:
        for payload in payloads:
            await connection.send(payload)
        await connection.wait_closed()

    async def scenario() -> None:
        async with results(tell) as emitted:
            await until(lambda: len(emitted.of(SPORTS_LINK)) == len(payloads))
            assert emitted.frames == [
                ("control", b'{"kind":"connected","link":"polymarket:sports"}'),
                (SPORTS_LINK, UPDATE.encode()),
                (SPORTS_LINK, b"garbage"),
                (SPORTS_LINK, b"\xff\x00"),
                (SPORTS_LINK, "\u00e9".encode()),
            ]

    asyncio.run(scenario())


def test_pings_in_text_are_answered() -> None:
    """A server that closes without a `pong` within a second keeps the connection."""
    pongs: list[str | bytes] = []

    async def insist(connection: ServerConnection) -> None:
        for _ in range(5):
            await connection.send("ping")
            pongs.append(await asyncio.wait_for(connection.recv(), 1.0))
        await connection.send(UPDATE)
        await connection.wait_closed()

    async def scenario() -> None:
        async with results(insist) as emitted:
            await until(lambda: len(emitted.of(SPORTS_LINK)) == 6)
            assert pongs == ["pong"] * 5
            assert emitted.of(SPORTS_LINK) == [b"ping"] * 5 + [UPDATE.encode()]
            assert emitted.controls() == ["connected"]

    asyncio.run(scenario())


def test_pings_of_the_protocol_are_answered() -> None:
    """A server that pings by protocol only, and closes without an answer, keeps the connection."""

    async def tell_late(connection: ServerConnection) -> None:
        await asyncio.sleep(0.5)
        assert connection.latency > 0
        await connection.send(UPDATE)
        await connection.wait_closed()

    async def scenario() -> None:
        async with results(tell_late, server_ping_s=0.05) as emitted:
            await until(lambda: emitted.of(SPORTS_LINK))
            assert emitted.controls() == ["connected"]

    asyncio.run(scenario())


def test_a_dropped_connection_is_made_again() -> None:
    """Each drop is on record with its reason, and each new connection brings data."""

    async def tell_and_drop(connection: ServerConnection) -> None:
        await connection.send(UPDATE)
        await asyncio.sleep(0.01)
        connection.transport.abort()

    async def scenario() -> None:
        async with results(tell_and_drop) as emitted:
            await until(lambda: len(emitted.of(SPORTS_LINK)) >= 3)
            assert emitted.controls()[:5] == ["connected", "disconnected"] * 2 + ["connected"]
            assert reasons(emitted)[0].startswith("ConnectionClosed")

    asyncio.run(scenario())


def test_a_link_that_only_pings_is_given_up() -> None:
    """Pings prove the peer and not the feed: without data the connection is made anew."""

    async def ping_on(connection: ServerConnection) -> None:
        with suppress(Exception):
            while True:
                await connection.send("ping")
                await asyncio.sleep(0.02)

    async def scenario() -> None:
        async with results(ping_on, server_ping_s=0.05, silence_s=0.15) as emitted:
            await until(lambda: emitted.controls().count("connected") == 2)
            assert reasons(emitted)[0] == "SilentError: no data for 0.15 s"

    asyncio.run(scenario())


def test_data_keeps_a_link() -> None:
    """A link that brings a frame now and then stays, however often it was silent in between."""

    async def tell_on(connection: ServerConnection) -> None:
        with suppress(Exception):
            while True:
                await connection.send(UPDATE)
                await asyncio.sleep(0.08)

    async def scenario() -> None:
        async with results(tell_on, silence_s=0.3) as emitted:
            await until(lambda: len(emitted.of(SPORTS_LINK)) >= 10)
            assert emitted.controls() == ["connected"]

    asyncio.run(scenario())


def test_a_dead_peer_is_found_by_pings_of_ours() -> None:
    """A peer that neither reads nor writes is given up long before the data is missed."""

    async def stop_reading(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await asyncio.sleep(0.5)
        connection.transport.abort()

    async def scenario() -> None:
        async with results(stop_reading, ping_s=0.05, silence_s=60.0) as emitted:
            await until(lambda: reasons(emitted))
            assert "keepalive ping timeout" in reasons(emitted)[0]

    asyncio.run(scenario())


def test_any_refusal_is_waited_out() -> None:
    """A status that would end the market socket's run is no reason to end here."""
    left = [HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE]

    def refuse(connection: ServerConnection, request: Request) -> Response | None:
        return connection.respond(left.pop(0), "refused") if left else None

    async def tell(connection: ServerConnection) -> None:
        await connection.send(UPDATE)
        await connection.wait_closed()

    async def scenario() -> None:
        async with results(tell, admit=refuse) as emitted:
            await until(lambda: emitted.of(SPORTS_LINK))
            assert emitted.controls() == ["disconnected"] * 3 + ["connected"]
            assert "HTTP 403" in reasons(emitted)[0]

    asyncio.run(scenario())


def test_an_address_that_is_none_ends_quietly() -> None:
    """It can never work, so it is said once, and the rest of the process goes on."""
    emitted = Emitted()
    settings = msgspec.structs.replace(FAST, url="https://example.invalid/")
    asyncio.run(SportsSocket(settings, emitted).run())
    (reason,) = reasons(emitted)
    assert reason.endswith("check the address of the results socket")


def test_an_error_of_ours_is_raised() -> None:
    """When frames cannot be handed over, the socket does not go on as if they had been."""

    def emit(source: str, payload: bytes) -> None:
        if source != "control":
            message = "the disk is full"
            raise OSError(message)

    async def tell(connection: ServerConnection) -> None:
        await connection.send(UPDATE)
        await connection.wait_closed()

    async def scenario() -> None:
        async with serve(tell, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            settings = msgspec.structs.replace(FAST, url=f"ws://127.0.0.1:{port}/ws")
            await SportsSocket(settings, emit).run()

    with pytest.raises(OSError, match="the disk is full"):
        asyncio.run(scenario())
