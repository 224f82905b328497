"""Who may ask next where there is not room for all: the urgent first, the others not too late.

A request that is not urgent is served as if it had come `patience_s` later than it did. So urgent
ones overtake it while they are few, none can be overtaken for longer than that, and among equals
the order is that of their coming.
"""

from __future__ import annotations

import asyncio
import math
from bisect import insort
from collections.abc import Callable
from contextlib import suppress


class _Waiting:
    """One who waits; `due_s` is what the line is ordered by."""

    def __init__(self, due_s: float, *, urgent: bool) -> None:
        self.due_s = due_s
        self.urgent = urgent
        self.woken = asyncio.Event()


class Turns:
    """The line before one budget, for one event loop.

    `take` takes room for one request, urgent or not, and returns 0, or returns the seconds after
    which to try again; `clock` gives seconds.
    """

    def __init__(
        self, take: Callable[[bool], float], clock: Callable[[], float], patience_s: float
    ) -> None:
        self._take = take
        self._clock = clock
        self._patience_s = patience_s
        self._line: list[_Waiting] = []

    async def wait(self, *, urgent: bool) -> None:
        """Return when it is the caller's turn and there is room, which is then taken."""
        came_s = self._clock()
        me = _Waiting(came_s if urgent else came_s + self._patience_s, urgent=urgent)
        insort(self._line, me, key=lambda waiting: waiting.due_s)
        try:
            while wait_s := self._wait_s(me):
                me.woken.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s if math.isfinite(wait_s) else None):
                        await me.woken.wait()
        finally:
            self._line.remove(me)
            self.wake()

    def wake(self) -> None:
        """Let the first of the line look again: there may be room, or it may be another."""
        if self._line:
            self._line[0].woken.set()

    def _wait_s(self, me: _Waiting) -> float:
        """Take room and return 0, or return the seconds until to look again, if not woken."""
        if self._line[0] is not me:
            return math.inf
        return self._take(me.urgent or self._clock() >= me.due_s)
