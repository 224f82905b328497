"""The TCP connection under a request, for the faults that break it.

A server has no standard way to break off: it ends bodies and closes sockets politely. So uvicorn's
protocols are made to hand their connection down with each request.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_EXTENSION = "simulator.connection"


class Connection:
    """One connection of a client. `lost` is set when it is gone."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.lost = asyncio.Event()

    def hand_down(self, app: Any) -> ASGIApp:
        """Return the application with this connection among the extensions of each scope."""

        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[_EXTENSION] = self
            await app(scope, receive, send)

        return call


class HttpProtocol(H11Protocol):
    """HTTP whose requests know their connection."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.connection = Connection(transport)
        self.app = self.connection.hand_down(self.app)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.connection.lost.set()


class SocketProtocol(WebSocketsSansIOProtocol):
    """WebSockets whose requests know their connection."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.connection = Connection(self.transport)
        self.app = self.connection.hand_down(self.app)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.connection.lost.set()


def connection_of(scope: Scope) -> Connection:
    """Return the connection of a request that came in over one of the protocols here."""
    connection: Connection = scope["extensions"][_EXTENSION]
    return connection
