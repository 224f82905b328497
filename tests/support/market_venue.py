"""A market channel on loopback for tests: a real server that writes down what it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from connectors.polymarket.market_protocol import SocketSettings
from connectors.polymarket.market_socket import MarketSocket

LINK = "polymarket:market:3"

PATIENCE_S = 5.0
"""How long a test waits for what must come; it is met in milliseconds."""

FAST = SocketSettings(
    url="",
    ping_s=0.02,
    silence_s=0.5,
    reconnect_initial_s=0.01,
    reconnect_min_s=0.01,
    reconnect_max_s=0.05,
)


class Venue:
    """What the server heard, per connection, and how it answers.

    Pings are answered while `answers_pings`; handshakes with the statuses in `refusals`, while
    there are any.
    """

    def __init__(self) -> None:
        self.heard: list[list[Any]] = []
        self.pings = 0
        self.connections: list[ServerConnection] = []
        self.answers_pings = True
        self.refusals: list[HTTPStatus] = []
        self.url = ""

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse a handshake as long as there are statuses to refuse it with."""
        if not self.refusals:
            return None
        return connection.respond(self.refusals.pop(0), "refused")

    async def handle(self, connection: ServerConnection) -> None:
        """Serve one connection until it is closed."""
        heard: list[Any] = []
        self.heard.append(heard)
        self.connections.append(connection)
        async for text in connection:
            if text == "PING":
                self.pings += 1
                if self.answers_pings:
                    await connection.send("PONG")
            else:
                heard.append(json.loads(text))


@asynccontextmanager
async def running_venue() -> AsyncGenerator[Venue]:
    """Run a venue on a free port."""
    venue = Venue()
    async with serve(
        venue.handle, "127.0.0.1", 0, compression=None, process_request=venue.admit
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        venue.url = f"ws://127.0.0.1:{port}/ws/market"
        yield venue


def first(*tokens: str) -> dict[str, Any]:
    """Return the first frame of a connection, as the venue asks for it."""
    return {
        "assets_ids": list(tokens),
        "type": "market",
        "initial_dump": True,
        "custom_feature_enabled": True,
    }


def later(operation: str, *tokens: str) -> dict[str, Any]:
    """Return a later frame, which has no type."""
    return {"operation": operation, "assets_ids": list(tokens), "custom_feature_enabled": True}


class Emitted:
    """What a connector emitted, in order."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, bytes]] = []

    def __call__(self, source: str, payload: bytes) -> None:
        """Take one frame."""
        self.frames.append((source, payload))

    def of(self, source: str) -> list[bytes]:
        """Return the payloads of a source, without heartbeats."""
        return [payload for at, payload in self.frames if at == source and payload != b"PONG"]

    def controls(self) -> list[str]:
        """Return the kinds of the control frames."""
        return [json.loads(payload)["kind"] for payload in self.of("control")]


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if condition():
                return
            await asyncio.sleep(0.002)


@asynccontextmanager
async def running_socket(
    tokens: tuple[str, ...] = ("1", "2"), **changes: Any
) -> AsyncGenerator[tuple[Venue, MarketSocket, Emitted]]:
    """Run a venue and a socket that is connected to it."""
    async with running_venue() as venue:
        emitted = Emitted()
        options = msgspec.structs.replace(FAST, url=venue.url, **changes)
        socket = MarketSocket(3, options, emitted)
        socket.set_tokens(tokens)
        task = asyncio.create_task(socket.run())
        try:
            yield venue, socket, emitted
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
