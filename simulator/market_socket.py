"""The market socket: subscriptions, snapshots, pongs, and a bounded queue for each client."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal

import msgspec
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from simulator.clob_wire import WireFrame, snapshot
from simulator.connection import connection_of
from simulator.faults import Drop, HalfOpen
from simulator.socket_faults import Payload, SocketFaults
from simulator.venue import Venue

QUEUE_FRAMES = 20_000
IDLE_S = 30.0
CLOSE_S = 1.0
LONGEST_S = 86_400.0
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

    def __init__(self, socket: WebSocket, venue: Venue, faults: SocketFaults) -> None:
        self.socket = socket
        self.venue = venue
        self.faults = faults
        self.tokens: dict[str, None] = {}
        self.custom = False
        self.opened = False
        self.queue: asyncio.Queue[Payload] = asyncio.Queue()
        self.too_slow = asyncio.Event()

    def offer(self, frame: WireFrame) -> None:
        """Queue a frame the client follows; one that reads too slowly is let go."""
        if frame.custom and not self.custom:
            return
        if frame.tokens and self.tokens.keys().isdisjoint(frame.tokens):
            return
        if self.opened:
            for payload in self.faults.passed(frame, self.tokens):
                self.say(payload)

    def say(self, payload: Payload) -> None:
        """Queue a text or bytes, unless too much waits already."""
        if self.queue.qsize() < QUEUE_FRAMES:
            self.queue.put_nowait(payload)
        else:
            self.too_slow.set()

    def hear(self, text: str) -> None:
        """Answer one message of the client."""
        if text == "PING":
            for payload in (*self.faults.released(), "PONG"):
                self.say(payload)
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
            for token in message.assets_ids:
                self.tokens.pop(token, None)
            return
        self.opened = True
        self.venue.start()
        self.tokens |= dict.fromkeys(message.assets_ids)
        shown = self.faults.with_books(message.assets_ids, self.tokens)
        if message.initial_dump and (shown or not message.assets_ids):
            for payload in self.faults.altered(self._books(shown)):
                self.say(payload)

    def _books(self, tokens: list[str]) -> str:
        """Return the array of the books of the open markets among `tokens`."""
        found = (self.venue.by_token.get(token) for token in dict.fromkeys(tokens))
        books = [snapshot(*entry) for entry in found if entry and not entry[0].resolved]
        return f"[{','.join(books)}]"

    async def send_all(self) -> None:
        """Send what waits, in order."""
        while True:
            payload = await self.queue.get()
            if isinstance(payload, str):
                await self.socket.send_text(payload)
            else:
                await self.socket.send_bytes(payload)

    async def hear_all(self) -> None:
        """Hear the client until it leaves or is silent for too long."""
        while True:
            async with asyncio.timeout(IDLE_S):
                text = await self.socket.receive_text()
            self.hear(text)


async def serve_client(socket: WebSocket, venue: Venue) -> None:
    """Serve one client until either side has had enough, or a fault ends it."""
    faults = SocketFaults(venue.connections, venue)
    refusal = faults.refusal()
    if refusal is not None:
        venue.start()
        await socket.send_denial_response(Response(status_code=refusal.status))
        # Before the connection is gone uvicorn takes the handshake for one that was forgotten.
        await connection_of(socket.scope).lost.wait()
        return
    venue.connections += 1
    await socket.accept()
    client = Client(socket, venue, faults)
    venue.publish.append(client.offer)
    striking = asyncio.create_task(faults.strike(client))
    tasks: list[asyncio.Task[object]] = [
        striking,
        *(asyncio.create_task(t) for t in (client.send_all(), client.hear_all())),
        asyncio.create_task(client.too_slow.wait()),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        venue.publish.remove(client.offer)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if not striking.cancelled():
        await _break(socket, venue, striking.result())
    elif socket.application_state is WebSocketState.CONNECTED:
        code = TRY_AGAIN_LATER if client.too_slow.is_set() else NORMAL
        # The close waits behind what a slow client has not read, and not for ever.
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await socket.close(code)


async def _break(socket: WebSocket, venue: Venue, fault: Drop | HalfOpen) -> None:
    """Leave a connection as it is, deaf and dumb, for as long as the fault says; then abort it."""
    connection = connection_of(socket.scope)
    if isinstance(fault, HalfOpen):
        connection.transport.pause_reading()
        with contextlib.suppress(TimeoutError):
            left_s = fault.end_s - venue.elapsed_s
            await asyncio.wait_for(connection.lost.wait(), min(left_s, LONGEST_S))
    connection.transport.abort()
