"""The market socket: subscriptions, snapshots, pongs, and a bounded queue for each client."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from simulator.clob_wire import WireFrame, snapshot
from simulator.venue import Venue

QUEUE_FRAMES = 20_000
IDLE_S = 30.0
CLOSE_S = 1.0
NORMAL, TRY_AGAIN_LATER = 1000, 1013
INVALID = "INVALID OPERATION"


class Subscribe(msgspec.Struct):
    """What a client says. The first message has a `type`, later ones an `operation`."""

    assets_ids: list[str] = []
    type: str = ""
    operation: Literal["subscribe", "unsubscribe", ""] = ""
    custom_feature_enabled: bool | None = None
    initial_dump: bool = True


_decode = msgspec.json.Decoder(Subscribe).decode


class Client:
    """One connection: what it follows and what waits to be sent to it."""

    def __init__(self, socket: WebSocket, venue: Venue) -> None:
        self.socket = socket
        self.venue = venue
        self.tokens: set[str] = set()
        self.custom = False
        self.opened = False
        self.queue: asyncio.Queue[str] = asyncio.Queue()
        self.too_slow = asyncio.Event()

    def offer(self, frame: WireFrame) -> None:
        """Queue a frame the client follows; one that reads too slowly is let go."""
        if frame.custom and not self.custom:
            return
        if frame.tokens and self.tokens.isdisjoint(frame.tokens):
            return
        if self.opened:
            self.say(frame.text)

    def say(self, text: str) -> None:
        """Queue a text, unless too much waits already."""
        if self.queue.qsize() < QUEUE_FRAMES:
            self.queue.put_nowait(text)
        else:
            self.too_slow.set()

    def hear(self, text: str) -> None:
        """Answer one message of the client."""
        if text == "PING":
            self.say("PONG")
            return
        try:
            message = _decode(text)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            self.say(INVALID)
            return
        if self.opened != bool(message.operation):
            self.say(INVALID)
            return
        if message.custom_feature_enabled is not None:
            self.custom = message.custom_feature_enabled
        if message.operation == "unsubscribe":
            self.tokens.difference_update(message.assets_ids)
            return
        self.opened = True
        self.venue.start()
        self.tokens.update(message.assets_ids)
        if message.initial_dump:
            self.say(self._books(message.assets_ids))

    def _books(self, tokens: list[str]) -> str:
        """Return the array of the books of the open markets among `tokens`."""
        found = (self.venue.by_token.get(token) for token in dict.fromkeys(tokens))
        books = [snapshot(*entry) for entry in found if entry and not entry[0].resolved]
        return f"[{','.join(books)}]"

    async def send_all(self) -> None:
        """Send what waits, in order."""
        while True:
            await self.socket.send_text(await self.queue.get())

    async def hear_all(self) -> None:
        """Hear the client until it leaves or is silent for too long."""
        while True:
            async with asyncio.timeout(IDLE_S):
                text = await self.socket.receive_text()
            self.hear(text)


async def serve_client(socket: WebSocket, venue: Venue) -> None:
    """Serve one client until either side has had enough."""
    await socket.accept()
    client = Client(socket, venue)
    venue.publish.append(client.offer)
    tasks = [
        asyncio.create_task(task)
        for task in (client.send_all(), client.hear_all(), client.too_slow.wait())
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        venue.publish.remove(client.offer)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if socket.application_state is WebSocketState.CONNECTED:
        code = TRY_AGAIN_LATER if client.too_slow.is_set() else NORMAL
        # The close waits behind what a slow client has not read, and not for ever.
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await socket.close(code)
