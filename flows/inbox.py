"""The inbox: where connectors leave what arrived, and the source takes it in batches."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable

import msgspec

from fusion.frames import Control, Gap, encode_control


class Arrival(msgspec.Struct, frozen=True):
    """A payload on its way to becoming a frame."""

    recv_ns: int
    source: str
    payload: bytes


class Inbox:
    """A bounded queue from one connector thread to the source.

    When it is full the newest arrivals are counted and lost, never waited for; the first that
    fits again is preceded by a `Gap` control, so that every book waits for a new snapshot.
    `gaps` counts those, for the connectors to ask for the snapshots.
    Receive times never go back, even where the system's clock does.
    """

    def __init__(self, limit: int, now_ns: Callable[[], int] = time.time_ns) -> None:
        self.gaps = 0
        self._limit = limit
        self._now_ns = now_ns
        self._last_ns = 0
        self._dropped = 0
        self._queue: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
        self._bell: threading.Event | None = None

    def ring(self, bell: threading.Event) -> None:
        """Ring `bell` with each arrival, and wait for it: somebody takes from several inboxes.

        Whoever waits for one of them alone would keep the arrivals of the others waiting.
        """
        self._bell = bell

    def begin_at(self, recv_ns: int) -> None:
        """Let nothing be received before this time, that of the last frame on record."""
        self._last_ns = max(self._last_ns, recv_ns)

    def __len__(self) -> int:
        return self._queue.qsize()

    def put(self, source: str, payload: bytes) -> None:
        """Leave a payload; this is the `Emit` that connectors are given."""
        if self._queue.qsize() >= self._limit:
            self._dropped += 1
            return
        if self._dropped:
            gap = Gap("the queue was full: the flow is slower than the feeds", self._dropped)
            self._dropped = 0
            self.gaps += 1
            self.control(gap)
        self._last_ns = max(self._last_ns, self._now_ns())
        self._queue.put(Arrival(self._last_ns, source, payload))
        if self._bell is not None:
            self._bell.set()

    def control(self, control: Control) -> None:
        """Put something of our own on record."""
        self.put("control", encode_control(control))

    def take(self, most: int, timeout_s: float) -> list[Arrival]:
        """Return what is there, waiting at most `timeout_s` for the first, or for a ring."""
        if self._bell is not None and not len(self):
            self._bell.wait(timeout_s)
            self._bell.clear()
            timeout_s = 0.0
        arrivals: list[Arrival] = []
        with contextlib.suppress(queue.Empty):
            arrivals.append(self._queue.get(timeout=timeout_s))
            while len(arrivals) < most:
                arrivals.append(self._queue.get_nowait())
        return arrivals
