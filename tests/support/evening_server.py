"""A simulated evening that is served inside the test's own event loop."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import requests
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from simulator.faults import read_script
from simulator.plan import Evening
from simulator.server import server_of
from simulator.venue import Venue

AGENT = {"User-Agent": "python-requests/2"}
Payload = str | bytes


class Played:
    """A running evening and ways to talk to it over loopback."""

    def __init__(self, venue: Venue, port: int) -> None:
        self.venue = venue
        self.port = port

    @property
    def tokens(self) -> list[str]:
        """The tokens of all quoted markets."""
        return [
            token
            for book in self.venue.books.values()
            if book.market.pays
            for token in book.market.token_ids
        ]

    async def get(self, path: str, **params: str) -> requests.Response:
        """Return the answer to a GET."""
        url = f"http://127.0.0.1:{self.port}{path}"
        return await asyncio.to_thread(requests.get, url, params, headers=AGENT, timeout=5)

    async def post_books(self, tokens: list[str]) -> requests.Response:
        """Return the answer to `POST /books`."""
        url = f"http://127.0.0.1:{self.port}/books"
        body = [{"token_id": token} for token in tokens]
        return await asyncio.to_thread(requests.post, url, json=body, headers=AGENT, timeout=5)

    async def faults(self) -> list[tuple[str, str]]:
        """Return kind and target of what was applied so far."""
        rows = (await self.get("/simulator")).json()["faults"]
        return [(row["kind"], row["target"]) for row in rows]

    def dial(self, max_size: int | None = None) -> connect:
        """Return a market socket to be entered."""
        url = f"ws://127.0.0.1:{self.port}/ws/market"
        return connect(
            url, max_size=max_size, max_queue=None, ping_interval=None, close_timeout=0.2
        )

    async def until(self, at_s: float) -> None:
        """Wait until so many wall seconds after the evening's start."""
        await self.venue.reached(at_s)


@asynccontextmanager
async def playing(evening: Evening, script: str, speed: float = 1200.0) -> AsyncIterator[Played]:
    """Serve an evening with the faults of a TOML text for as long as the context."""
    venue = Venue(evening, speed, read_script(script))
    server = server_of(venue)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield Played(venue, listener.getsockname()[1])
        finally:
            server.should_exit = True
            await serving


async def follow(client: ClientConnection, tokens: list[str], *, again: bool = False) -> None:
    """Subscribe, as the first message of a connection or `again` as a later one."""
    kind = {"operation": "subscribe"} if again else {"type": "market"}
    say = {"assets_ids": tokens, "custom_feature_enabled": True, **kind}
    await client.send(json.dumps(say))


async def heard(client: ClientConnection, for_s: float) -> list[Payload]:
    """Return what comes within some time."""
    payloads: list[Payload] = []
    try:
        async with asyncio.timeout(for_s):
            while True:
                payloads.append(await client.recv())
    except TimeoutError:
        return payloads


async def closed(client: ClientConnection, within_s: float = 3.0) -> tuple[int | None, int | None]:
    """Read until the connection ends; return the codes received and sent, None without one."""
    async with asyncio.timeout(within_s):
        try:
            while True:
                await client.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None, end.sent.code if end.sent else None


def messages(payloads: list[Payload]) -> list[dict[str, Any]]:
    """Return the objects in frames of JSON, arrays taken apart."""
    found: list[dict[str, Any]] = []
    for payload in payloads:
        if payload != "PONG":
            value = json.loads(payload)
            found += value if isinstance(value, list) else [value]
    return found


def named(message: dict[str, Any]) -> set[str]:
    """Return the tokens that a book, a change, a best or a trade speaks of."""
    changes = message.get("price_changes", [message])
    return {change["asset_id"] for change in changes if "asset_id" in change}
