from __future__ import annotations

import asyncio
import socket

import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect

from simulator.connection import Connection, HttpProtocol, SocketProtocol, connection_of


def test_requests_know_their_connection() -> None:
    """One connection for the requests of one client, set as lost when it is gone."""
    seen: list[tuple[str, Connection]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((scope["type"], connection_of(scope)))
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
        )
        await send({"type": "http.response.body", "body": b""})

    async def run() -> None:
        config = uvicorn.Config(
            app, http=HttpProtocol, ws=SocketProtocol, lifespan="off", log_level="warning"
        )
        server = uvicorn.Server(config)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(2):
                writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                await reader.readuntil(b"\r\n\r\n")
            (first, one), (second, two) = seen
            assert (first, second, one.lost.is_set()) == ("http", "http", False)
            assert one is two
            one.transport.abort()
            assert await reader.read() == b""
            assert one.lost.is_set()
            writer.close()
            async with connect(f"ws://127.0.0.1:{port}/", close_timeout=0.2):
                kind, third = seen[2]
            await asyncio.wait_for(third.lost.wait(), 2.0)
            assert kind == "websocket"
            server.should_exit = True
            await serving

    asyncio.run(run())
