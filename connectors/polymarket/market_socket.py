"""One connection to the venue's market channel: moves bytes, decides nothing about them.

The venue wants the text `PING` at least every 10 s, answers with the text `PONG` and closes a
socket that sends nothing. Nothing survives a reconnect. The proof that a link is alive is a frame,
if only a `PONG`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import aclosing, suppress
from typing import cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.client import backoff
from websockets.exceptions import InvalidURI

from connectors.polymarket.market_protocol import (
    RenewedError,
    SilentError,
    SocketSettings,
    classify,
    first_subscription,
    later_subscription,
)
from fusion.errors import FeedError
from fusion.frames import (
    Connected,
    Control,
    Disconnected,
    Emit,
    Reconnecting,
    Resubscribed,
    encode_control,
)


class MarketSocket:
    """Keeps one connection subscribed to its tokens and emits every frame as it came.

    Frames go to `emit` with the source `polymarket:market:<index>`, and so named are the links of
    the control frames: one when it is up, one when it is down, one for each attempt to connect
    that failed, and one before it is renewed or asked for fresh snapshots. A connection is made
    only while there are tokens.
    """

    def __init__(self, index: int, settings: SocketSettings, emit: Emit) -> None:
        self.link = f"polymarket:market:{index}"
        self._settings = settings
        self._emit = emit
        self._wanted: tuple[str, ...] = ()
        self._again: dict[str, str] = {}
        self._renew_reason = ""
        self._renew = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._heard_s = 0.0
        self._ever_connected = False
        self._connected = False

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._connected

    def set_tokens(self, tokens: Iterable[str]) -> None:
        """Take over what to be subscribed to; safe from any thread, before and during `run`."""
        self._wanted = tuple(dict.fromkeys(tokens))
        self._wake()

    def resubscribe(self, tokens: Iterable[str], reason: str) -> None:
        """Ask for fresh snapshots of some of the tokens; safe from any thread."""
        again = dict.fromkeys(tokens, reason)
        if self._loop is None:
            return  # The first subscription brings every snapshot.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._again.update, again)
        self._wake()

    def resubscribe_all(self, reason: str) -> None:
        """Ask for fresh snapshots of all tokens, as after frames were lost on our side."""
        self.resubscribe(self._wanted, reason)

    def reconnect(self, reason: str) -> None:
        """Close the connection and make a new one at once; safe from any thread.

        Where there is none, it is being made already.
        """
        if self._loop is None:
            return
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ask_to_renew, reason)

    async def run(self) -> None:
        """Stay connected until cancelled.

        Raises:
            FeedError: the venue cannot be reached with these settings.
        """
        self._loop = asyncio.get_running_loop()
        while True:
            while not self._wanted:
                await self._changed.wait()
                self._changed.clear()
            await self._stay_connected()

    def _wake(self) -> None:
        if self._loop is None:
            self._changed.set()
            return
        with suppress(RuntimeError):  # The loop is closed: there is nobody to wake.
            self._loop.call_soon_threadsafe(self._changed.set)

    def _ask_to_renew(self, reason: str) -> None:
        self._renew_reason = reason
        self._renew.set()

    async def _stay_connected(self) -> None:
        """Reconnect until there are no tokens any more."""
        delays = self._delays()
        try:
            connections = connect(
                self._settings.url,
                max_size=self._settings.max_bytes,
                ping_interval=None,
                proxy=None,
                open_timeout=self._settings.open_timeout_s,
                close_timeout=1.0,
                user_agent_header=self._settings.user_agent,
                reconnect_delays=self._delays,
                process_exception=self._judge,
            )
        except InvalidURI as wrong:
            raise self._unusable(wrong) from wrong
        # The library declares an iterator; it is a generator, and to be closed like one.
        generator = cast("AsyncGenerator[ClientConnection]", aiter(connections))
        async with aclosing(generator) as attempts:
            async for connection in attempts:
                heard, error = await self._serve(connection)
                self._control(Disconnected(self.link, _sentence(error)))
                if error is None:
                    return
                if isinstance(error, RenewedError):
                    continue
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
        """Return None for an attempt to be repeated, else what is to be raised.

        What looks like a wrong setting is one before the first connection; later it is the
        venue's trouble, and is waited out.
        """
        self._control(Disconnected(self.link, _sentence(error)))
        verdict = classify(error)
        if verdict == "fatal":
            return error
        if verdict == "transient" or self._ever_connected:
            return None
        return self._unusable(error)

    def _unusable(self, error: Exception) -> FeedError:
        return FeedError(
            f"{self._settings.url} cannot be used: {_sentence(error)}; "
            "check the venue's address and that this network may reach it"
        )

    async def _serve(self, connection: ClientConnection) -> tuple[bool, Exception | None]:
        """Serve one connection; return whether anything was heard, and why it ended.

        The reason is None when there were no tokens left.
        """
        self._ever_connected = self._connected = True
        self._renew.clear()
        opened_s = self._heard_s = asyncio.get_running_loop().time()
        self._control(Connected(self.link))
        tasks = [
            asyncio.create_task(job)
            for job in (
                self._read(connection),
                self._ping(connection),
                self._watch(),
                self._renewed(),
                self._subscribe(connection),
            )
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._connected = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        errors = [error for task in done if (error := task.exception()) is not None]
        for error in errors:
            if not isinstance(error, Exception) or classify(error) == "fatal":
                raise error
        first = errors[0] if errors else None
        return self._heard_s > opened_s, first if isinstance(first, Exception) else None

    async def _read(self, connection: ClientConnection) -> None:
        clock = asyncio.get_running_loop().time
        emit, link = self._emit, self.link
        while True:
            payload = await connection.recv(decode=False)
            self._heard_s = clock()
            emit(link, payload)

    async def _ping(self, connection: ClientConnection) -> None:
        while True:
            await asyncio.sleep(self._settings.ping_s)
            await connection.send("PING")

    async def _watch(self) -> None:
        clock, silence_s = asyncio.get_running_loop().time, self._settings.silence_s
        while True:
            left_s = self._heard_s + silence_s - clock()
            if left_s <= 0:
                msg = f"no frame for {silence_s:g} s"
                raise SilentError(msg)
            await asyncio.sleep(left_s)

    async def _renewed(self) -> None:
        await self._renew.wait()
        self._control(Reconnecting(self.link, self._renew_reason))
        raise RenewedError(self._renew_reason)

    async def _subscribe(self, connection: ClientConnection) -> None:
        """Keep the connection's subscriptions what they should be, while there are any."""
        self._again.clear()
        wanted = self._wanted
        await connection.send(first_subscription(wanted))
        while True:
            await self._changed.wait()
            self._changed.clear()
            before, wanted = wanted, self._wanted
            if not wanted:
                return
            again = dict(self._again)
            self._again.clear()
            kept = set(before) & set(wanted)
            gone = [token for token in before if token not in kept or token in again]
            new = [token for token in wanted if token not in kept or token in again]
            reasons = Counter(again[token] for token in kept & again.keys())
            for reason, tokens in sorted(reasons.items()):
                self._control(Resubscribed(self.link, tokens, reason))
            if gone:
                await connection.send(later_subscription("unsubscribe", gone))
            if new:
                await connection.send(later_subscription("subscribe", new))

    def _control(self, control: Control) -> None:
        self._emit("control", encode_control(control))


def _sentence(error: Exception | None) -> str:
    return "no tokens" if error is None else f"{type(error).__name__}: {error}"
