"""All connections to the market channel: which tokens go over which."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from connectors.polymarket.market_protocol import SocketSettings
from connectors.polymarket.market_socket import MarketSocket
from fusion.errors import FeedError
from fusion.frames import Emit

Market = tuple[str, ...]
"""The tokens of one market. They stay together: one frame may speak of both."""


def assign(
    markets: Iterable[Market], before: Mapping[Market, int], tokens_per_socket: int
) -> dict[Market, int]:
    """Return the socket of each market: the one it had, else the first with room.

    Moving a token costs it its book until the next snapshot, so nothing moves. A market with more
    tokens than a socket holds gets one of its own.
    """
    wanted = dict.fromkeys(markets)
    after = {market: before[market] for market in wanted if market in before}
    load: Counter[int] = Counter()
    for market, index in after.items():
        load[index] += len(market)
    for market in wanted:
        if market in after:
            continue
        index = 0
        while load[index] and load[index] + len(market) > tokens_per_socket:
            index += 1
        after[market] = index
        load[index] += len(market)
    return {market: after[market] for market in wanted}


class MarketSessions:
    """Runs as many sockets as the tokens need; `set_markets` and the rest from any thread."""

    def __init__(self, settings: SocketSettings, emit: Emit) -> None:
        self._settings = settings
        self._emit = emit
        self._markets: tuple[Market, ...] = ()
        self._assigned: dict[Market, int] = {}
        self._sockets: dict[int, MarketSocket] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()

    def set_markets(self, markets: Iterable[Sequence[str]]) -> None:
        """Take over the markets, each as its tokens, to be subscribed to."""
        self._markets = tuple(tuple(market) for market in markets)
        if self._loop is None:
            self._changed.set()
            return
        with suppress(RuntimeError):  # The loop is closed: there is nobody to wake.
            self._loop.call_soon_threadsafe(self._changed.set)

    def resubscribe(self, tokens: Iterable[str], reason: str) -> None:
        """Ask for fresh snapshots of these tokens, each over its own socket."""
        for index, mine in self._by_socket(tokens).items():
            self._sockets[index].resubscribe(mine, reason)

    def resubscribe_all(self, reason: str) -> None:
        """Ask for fresh snapshots of all tokens."""
        for socket in list(self._sockets.values()):
            socket.resubscribe_all(reason)

    def reconnect(self, link: str, reason: str) -> None:
        """Close the connection of a link and make a new one at once; other names do nothing."""
        for socket in list(self._sockets.values()):
            if socket.link == link:
                socket.reconnect(reason)

    def links_of(self, tokens: Iterable[str]) -> tuple[str, ...]:
        """Return the links that these tokens come over."""
        return tuple(self._sockets[index].link for index in self._by_socket(tokens))

    def connected_links(self) -> tuple[str, ...]:
        """Return the links that have a connection now."""
        return tuple(socket.link for socket in list(self._sockets.values()) if socket.connected)

    def healthy(self) -> bool:
        """Tell whether any socket is connected."""
        return any(socket.connected for socket in list(self._sockets.values()))

    async def run(self) -> None:
        """Keep the sockets running until cancelled.

        Raises:
            FeedError: the venue cannot be reached with these settings.
        """
        self._loop = asyncio.get_running_loop()
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    await self._changed.wait()
                    self._changed.clear()
                    self._distribute(group)
        except ExceptionGroup as errors:
            feed_errors = errors.subgroup(FeedError)
            raise (feed_errors or errors).exceptions[0] from errors

    def _by_socket(self, tokens: Iterable[str]) -> dict[int, list[str]]:
        """Return those of the tokens that a socket has, by its number."""
        wanted, mine = set(tokens), dict[int, list[str]]()
        for market, index in list(self._assigned.items()):
            found = [token for token in market if token in wanted]
            if found and index in self._sockets:
                mine.setdefault(index, []).extend(found)
        return dict(sorted(mine.items()))

    def _distribute(self, group: asyncio.TaskGroup) -> None:
        self._assigned = assign(self._markets, self._assigned, self._settings.tokens_per_socket)
        shards: dict[int, list[str]] = {index: [] for index in self._sockets}
        for market, index in self._assigned.items():
            shards.setdefault(index, []).extend(market)
        for index, tokens in sorted(shards.items()):
            if index not in self._sockets:
                self._sockets[index] = MarketSocket(index, self._settings, self._emit)
                group.create_task(self._sockets[index].run())
            self._sockets[index].set_tokens(tokens)
