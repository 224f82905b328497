"""The running evening: one virtual clock, the books as they stand, and who listens.

The clock starts with the first poll or the first subscription, so that a slow client misses
nothing; from then on it runs `speed` times as fast as the wall.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator

from simulator.batches import Batches
from simulator.book_engine import Book
from simulator.clob_wire import WireFrame, market_resolved, new_market, step_frames
from simulator.fault_log import FaultLog
from simulator.faults import Fault, LateResolution, Script
from simulator.plan import BookStep, Evening, GamePlan, Moment

Publish = Callable[[WireFrame], None]
YIELD_EVERY = 20
FOREIGN_EVERY_MS = 5 * 60_000
"""How often, in virtual time, a market of no interest here is listed."""


class Venue:
    """One evening in play, with the faults of its script. All methods run on the event loop."""

    def __init__(self, evening: Evening, speed: float, script: Script | None = None) -> None:
        self.evening = evening
        self.speed = speed
        self.script = script or Script()
        self.fault_log = FaultLog()
        self.publish: list[Publish] = []
        self.connections = 0
        self._batches = Batches(self.script, self.note)
        self._late: list[asyncio.Task[None]] = []
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
    def elapsed_s(self) -> float:
        """Wall seconds since the start, 0 before it."""
        return 0.0 if self._started_s is None else time.monotonic() - self._started_s

    @property
    def virtual_ms(self) -> int:
        """Virtual milliseconds since the evening's beginning."""
        return int(self.elapsed_s * 1000 * self.speed)

    @property
    def over(self) -> bool:
        """Whether the evening is: every market is resolved that will be tonight."""
        return self.finished.is_set()

    async def reached(self, at_s: float) -> None:
        """Wait until so many wall seconds after the start."""
        await self._awake.wait()
        await asyncio.sleep(max(0.0, at_s - self.elapsed_s))

    def note(self, fault: Fault, target: str) -> None:
        """Put on record that a fault hit a target now."""
        self.fault_log.note(fault, target, self.elapsed_s)

    def true_moment(self, game: GamePlan) -> Moment:
        """Return what is so in a game now."""
        return game.moments[moment_index(game, self.virtual_ms)]

    def shown(self, game: GamePlan) -> int:
        """Return the index of the moment the scoreboard shows now, which is late."""
        return moment_index(game, self.virtual_ms - game.delay_ms)

    def tell(self, frames: Iterable[WireFrame]) -> None:
        """Hand frames to all who listen."""
        for frame in frames:
            for publish in self.publish:
                publish(frame)

    async def play(self) -> None:
        """Play all book steps at their times until the end of the evening."""
        await self._awake.wait()
        for number, (at_ms, act) in enumerate(self._events()):
            wait_s = (at_ms - self.virtual_ms) / self.speed / 1000
            if wait_s > 0 or number % YIELD_EVERY == 0:
                await asyncio.sleep(max(wait_s, 0.0))
            self.tell(act())
        await asyncio.gather(*self._late)
        await self.reached(self.evening.end_ms / self.speed / 1000)
        self.finished.set()

    def _events(self) -> Iterator[tuple[int, Callable[[], list[WireFrame]]]]:
        events: list[tuple[int, int, Callable[[], list[WireFrame]]]] = []
        for game in self.evening.games:
            for listing in game.listings:
                for market in listing.markets:
                    book = self.books[market.condition_id]
                    events += [
                        (step.at_ms, market.number, self._stepper(book, step, game.league.key))
                        for step in market.steps
                    ]
                    if game.settles:
                        events.append((game.resolve_ms, market.number, self._resolver(book, game)))
        events += [
            (number * FOREIGN_EVERY_MS, -1, _lister(number))
            for number in range(self.evening.end_ms // FOREIGN_EVERY_MS)
        ]
        events.sort(key=lambda event: event[:2])
        for at_ms, _, act in events:
            yield at_ms, act

    def _stepper(self, book: Book, step: BookStep, league: str) -> Callable[[], list[WireFrame]]:
        def advance() -> list[WireFrame]:
            if book.resolved:
                return []
            told, whole = self._batches.told(step, league, self.elapsed_s)
            return step_frames(book, told, wall_ms(), whole=whole)

        return advance

    def _resolver(self, book: Book, game: GamePlan) -> Callable[[], list[WireFrame]]:
        def resolve() -> list[WireFrame]:
            now_s = self.elapsed_s
            for fault in self.script.of(LateResolution):
                if fault.holds(now_s) and fault.league in (None, game.league.key):
                    self._late.append(asyncio.create_task(self._resolve_late(book, fault)))
                    return []
            return self.resolve(book, game.resolve_ms)

        return resolve

    async def _resolve_late(self, book: Book, fault: LateResolution) -> None:
        self.note(fault, f"market {book.market.condition_id}")
        await self.reached(fault.end_s)
        self.tell(self.resolve(book, self.virtual_ms))

    def resolve(self, book: Book, at_ms: int) -> list[WireFrame]:
        """Resolve a market, unless it is already, and return what tells of it.

        A notice names the winner, so that nothing tells of a market that is void.
        """
        if book.resolved:
            return []
        book.resolved = True
        book.resolved_ms = at_ms
        if book.market.void:
            return []
        return [market_resolved(book.market, market_id(book.market.number), wall_ms())]


def _lister(number: int) -> Callable[[], list[WireFrame]]:
    return lambda: [new_market(number, wall_ms())]


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
