"""Asks for books over REST: to check those of the sockets, and in their place when none works.

Every good body is emitted as it came: as `polymarket:books` where it is a witness beside the
sockets, as `polymarket:rest` where it stands in for them. The venue leaves out tokens that have no
book, without a word. A request that fails is on record as an `http` control frame.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

import msgspec
import requests

from connectors.budget import Budget
from connectors.http import HttpFailed, classify
from connectors.polymarket.clob import chunks, fetch_books
from fusion.frames import Emit, HttpStatus, encode_control

WITNESS = "polymarket:books"
FALLBACK = "polymarket:rest"
LOOK_S = 0.1


class RestSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When to ask for books over REST. Times in seconds.

    Every `witness_s` the next `witness_tokens` of all tokens in turn are asked for. After
    `fallback_after_s` without a healthy socket, which a plain reconnect does not take, all tokens
    are asked for, and again every `fallback_s` until there is one. A check that failed is made
    again after `retry_s`.
    """

    base_url: str = "https://clob.polymarket.com"
    witness_s: float = 30.0
    witness_tokens: int = 20
    fallback_s: float = 5.0
    fallback_after_s: float = 2.0
    retry_s: float = 5.0


class RestBooks:
    """Keeps asking while it runs; `set_tokens` and `check` from any thread."""

    def __init__(
        self,
        settings: RestSettings,
        emit: Emit,
        session: requests.Session,
        budget: Budget,
        *,
        healthy: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._emit = emit
        self._session = session
        self._budget = budget
        self._healthy = healthy
        self._tokens: tuple[str, ...] = ()
        self._turns: deque[str] = deque()
        self._doubted: dict[str, None] = {}
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def set_tokens(self, tokens: Iterable[str]) -> None:
        """Take over the tokens that are subscribed to."""
        self._tokens = tuple(dict.fromkeys(tokens))

    def check(self, tokens: Iterable[str]) -> None:
        """Ask for the books of these tokens soon; nothing is asked for before `run`."""
        tokens = dict.fromkeys(tokens)
        if self._loop is None:
            self._doubt(tokens)
            return
        with suppress(RuntimeError):  # The loop is closed: there is nobody to ask.
            self._loop.call_soon_threadsafe(self._doubt, tokens)

    async def run(self) -> None:
        """Ask until cancelled; no failure of the venue ends it."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._witness())
            tasks.create_task(self._check())
            tasks.create_task(self._stand_in())

    def _doubt(self, tokens: dict[str, None]) -> None:
        self._doubted |= tokens
        if tokens:
            self._asked.set()

    async def _witness(self) -> None:
        """Ask for a sample at times, so that each token has its turn."""
        while True:
            await self._pause(self._settings.witness_s)
            if self._healthy():
                await self._ask(self._next_sample(), WITNESS)

    def _next_sample(self) -> tuple[str, ...]:
        """Return the tokens whose turn it is; new ones come last."""
        wanted, known = set(self._tokens), set(self._turns)
        kept = [token for token in self._turns if token in wanted]
        self._turns = deque([*kept, *(token for token in self._tokens if token not in known)])
        sample = tuple(self._turns)[: self._settings.witness_tokens]
        self._turns.rotate(-len(sample))
        return sample

    async def _check(self) -> None:
        """Ask for what is in doubt as soon as it is."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            doubted, self._doubted = self._doubted, {}
            unanswered = await self._ask(tuple(doubted), WITNESS)
            if unanswered:
                await self._pause(self._settings.retry_s)
                self._doubt(dict.fromkeys(unanswered))

    async def _stand_in(self) -> None:
        """Ask for everything while no socket is healthy."""
        while True:
            await self._until_down()
            while not self._healthy():
                await self._ask(self._tokens, FALLBACK)
                await self._pause(self._settings.fallback_s)

    async def _until_down(self) -> None:
        """Return when no socket was healthy for long enough."""
        clock = asyncio.get_running_loop().time
        last_healthy_s = clock()
        while clock() - last_healthy_s < self._settings.fallback_after_s:
            await asyncio.sleep(LOOK_S)
            if self._healthy():
                last_healthy_s = clock()

    async def _ask(self, tokens: Sequence[str], source: str) -> list[str]:
        """Ask for books and return the tokens whose request may succeed another time."""
        unanswered: list[str] = []
        for chunk in chunks(tokens):
            request = partial(fetch_books, self._session, self._settings.base_url, chunk)
            try:
                body = await self._budget.ask(request)
            except HttpFailed as failure:
                status = HttpStatus(WITNESS, failure.status, _told(failure))
                self._emit("control", encode_control(status))
                if classify(failure) == "transient":
                    unanswered.extend(chunk)
            else:
                self._emit(source, body)
        return unanswered

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._budget.stretch)


def _told(failure: HttpFailed) -> str:
    if failure.status == 425:
        return (
            f"{failure.detail}: the matching engine is restarting (weekly, Tuesday 07:00 in New"
            " York, for about 90 s); books are asked for again until it is back"
        )
    if classify(failure) == "transient":
        return failure.detail
    return f"{failure.detail}; check polymarket.clob_url and that this network may reach it"
