"""The connection to the venue's results socket: moves bytes, decides nothing about them.

There is nothing to subscribe to: whoever connects is told of every game of every sport. The
documents want a text `pong` within ten seconds of the server's text `ping`; the live server was
seen to send protocol pings only, which the library answers. Both are served. That the peer is
there, the library proves with pings of its own; that the feed is, only data does, for a link may
answer and bring nothing.

The scores told here are a second witness and never the first: no failure of this link ends the
process, not even an address that can never work.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from typing import cast

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.client import backoff
from websockets.exceptions import ConnectionClosed, InvalidURI

from connectors.polymarket.market_protocol import SilentError, classify
from connectors.polymarket.sports_parse import MAX_FRAME_BYTES, PONG, is_ping
from fusion.frames import Connected, Control, Disconnected, Emit, encode_control
from fusion.score_witness import SPORTS_LINK


class SportsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the socket behaves. Times in seconds.

    After `silence_s` without data (pings are none) the connection is made anew; at quiet hours
    the venue was seen to send a frame every two or three seconds. `ping_s` is how often the
    library asks whether the peer is there, and how long it waits for the answer.
    """

    url: str = "wss://sports-api.polymarket.com/ws"
    user_agent: str = "fairline"
    silence_s: float = 120.0
    ping_s: float = 20.0
    open_timeout_s: float = 10.0
    max_bytes: int = MAX_FRAME_BYTES
    reconnect_initial_s: float = 1.0
    reconnect_min_s: float = 2.0
    reconnect_max_s: float = 60.0


class SportsSocket:
    """Keeps one connection and emits every frame as it came, pings in text too.

    Frames go to `emit` with the source `polymarket:sports`, and so is named the link of the
    control frames: one when it is up, one when it is down, one for each attempt that failed.
    """

    def __init__(self, settings: SportsSettings, emit: Emit) -> None:
        self._settings = settings
        self._emit = emit

    async def run(self) -> None:
        """Stay connected until cancelled; return only where the address is none."""
        settings = self._settings
        try:
            connections = connect(
                settings.url,
                max_size=settings.max_bytes,
                ping_interval=settings.ping_s,
                ping_timeout=settings.ping_s,
                proxy=None,
                open_timeout=settings.open_timeout_s,
                close_timeout=1.0,
                user_agent_header=settings.user_agent,
                reconnect_delays=self._delays,
                process_exception=self._judge,
            )
        except InvalidURI as wrong:
            self._lost(f"{_sentence(wrong)}; check the address of the results socket")
            return
        # The library declares an iterator; it is a generator, and to be closed like one.
        generator = cast("AsyncGenerator[ClientConnection]", aiter(connections))
        delays = self._delays()
        async with aclosing(generator) as attempts:
            async for connection in attempts:
                heard, error = await self._serve(connection)
                self._lost(_sentence(error))
                # The library waits after a connection that failed, not after one that broke.
                delays = self._delays() if heard else delays
                await asyncio.sleep(next(delays))

    def _delays(self) -> Generator[float]:
        return backoff(
            self._settings.reconnect_initial_s,
            self._settings.reconnect_min_s,
            self._settings.reconnect_max_s,
        )

    def _judge(self, error: Exception) -> Exception | None:
        """Return None for an attempt to be repeated: all but an error of ours."""
        if classify(error) == "fatal":
            return error
        self._lost(_sentence(error))
        return None

    async def _serve(self, connection: ClientConnection) -> tuple[bool, Exception]:
        """Serve one connection; return whether it brought data, and why it ended."""
        self._control(Connected(SPORTS_LINK))
        clock, silence_s = asyncio.get_running_loop().time, self._settings.silence_s
        heard = False
        try:
            async with asyncio.timeout(silence_s) as silence:
                while True:
                    payload = await connection.recv(decode=False)
                    if is_ping(payload):
                        await connection.send(PONG)
                    else:
                        heard = True
                        silence.reschedule(clock() + silence_s)
                    self._emit(SPORTS_LINK, payload)
        except ConnectionClosed as closed:
            return heard, closed
        except TimeoutError:
            if not silence.expired():
                raise
            return heard, SilentError(f"no data for {silence_s:g} s")

    def _lost(self, reason: str) -> None:
        self._control(Disconnected(SPORTS_LINK, reason))

    def _control(self, control: Control) -> None:
        self._emit("control", encode_control(control))


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
