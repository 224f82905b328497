"""The running evening: one virtual clock, the books as they stand, and who listens.

The clock starts with the first poll or the first subscription, so that a slow client misses
nothing; from then on it runs `speed` times as fast as the wall.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

from simulator.book_engine import Book
from simulator.clob_wire import WireFrame, market_resolved, new_market, step_frames
from simulator.plan import BookStep, Evening, GamePlan, Moment

Publish = Callable[[WireFrame], None]
YIELD_EVERY = 20
FOREIGN_EVERY_MS = 5 * 60_000
"""How often, in virtual time, a market of no interest here is listed."""


class Venue:
    """One evening in play. All methods run on the server's event loop."""

    def __init__(self, evening: Evening, speed: float) -> None:
        self.evening = evening
        self.speed = speed
        self.publish: list[Publish] = []
        self._started_s: float | None = None
        self._awake = asyncio.Event()
        self.finished = asyncio.Event()
        now_ms = wall_ms()
        self.books: dict[str, Book] = {}
        self.by_token: dict[str, tuple[Book, int]] = {}
        for game in evening.games:
            for listing in game.listings:
                for market in listing.markets:
                    book = Book(market, now_ms)
                    self.books[market.condition_id] = book
                    for index, token in enumerate(market.token_ids):
                        self.by_token[token] = (book, index)

    def start(self) -> None:
        """Let the clock run; later calls change nothing."""
        if self._started_s is None:
            self._started_s = time.monotonic()
            self._awake.set()

    @property
    def virtual_ms(self) -> int:
        """Virtual milliseconds since the evening's beginning."""
        if self._started_s is None:
            return 0
        return int((time.monotonic() - self._started_s) * 1000 * self.speed)

    @property
    def over(self) -> bool:
        """Whether every market is resolved."""
        return self.finished.is_set()

    def true_moment(self, game: GamePlan) -> Moment:
        """Return what is so in a game now."""
        return game.moments[moment_index(game, self.virtual_ms)]

    def shown(self, game: GamePlan) -> int:
        """Return the index of the moment the scoreboard shows now, which is late."""
        return moment_index(game, self.virtual_ms - game.delay_ms)

    async def play(self) -> None:
        """Play all book steps at their times until the last market is resolved."""
        await self._awake.wait()
        for number, (at_ms, act) in enumerate(self._events()):
            wait_s = (at_ms - self.virtual_ms) / self.speed / 1000
            if wait_s > 0 or number % YIELD_EVERY == 0:
                await asyncio.sleep(max(wait_s, 0.0))
            for frame in act():
                for publish in self.publish:
                    publish(frame)
        self.finished.set()

    def _events(self) -> Iterator[tuple[int, Callable[[], list[WireFrame]]]]:
        events: list[tuple[int, int, Callable[[], list[WireFrame]]]] = []
        for game in self.evening.games:
            for listing in game.listings:
                for market in listing.markets:
                    book = self.books[market.condition_id]
                    events += [
                        (step.at_ms, market.number, _stepper(book, step)) for step in market.steps
                    ]
                    events.append((game.resolve_ms, market.number, _resolver(book)))
        events += [
            (number * FOREIGN_EVERY_MS, -1, _lister(number))
            for number in range(self.evening.end_ms // FOREIGN_EVERY_MS)
        ]
        events.sort(key=lambda event: event[:2])
        for at_ms, _, act in events:
            yield at_ms, act


def _stepper(book: Book, step: BookStep) -> Callable[[], list[WireFrame]]:
    return lambda: step_frames(book, step, wall_ms())


def _lister(number: int) -> Callable[[], list[WireFrame]]:
    return lambda: [new_market(number, wall_ms())]


def _resolver(book: Book) -> Callable[[], list[WireFrame]]:
    def resolve() -> list[WireFrame]:
        book.resolved = True
        return [market_resolved(book.market, market_id(book.market.number), wall_ms())]

    return resolve


def market_id(number: int) -> int:
    """Return the venue's own number of a market."""
    return 2_900_000 + number


def moment_index(game: GamePlan, at_ms: int) -> int:
    """Return the index of the moment that holds at a virtual time."""
    low, high = 0, len(game.moments)
    while high - low > 1:
        middle = (low + high) // 2
        if game.moments[middle].at_ms <= at_ms:
            low = middle
        else:
            high = middle
    return low


def wall_ms() -> int:
    """Return the real time in Unix milliseconds."""
    return time.time_ns() // 1_000_000
