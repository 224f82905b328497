"""Pace: when a recorded frame is due, where a night is played again at its own speed or a multiple.

Nothing of this reaches the rules, which know the frames' times only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

import msgspec

from fusion.frames import NS_PER_S


class Pace(msgspec.Struct, frozen=True):
    """The night from `first_recv_ns` on, played from `started_ns` on at `speed` times its own."""

    first_recv_ns: int
    started_ns: int
    speed: float

    def reached_ns(self, now_ns: int) -> int:
        """Return the time of the night that is reached at `now_ns`."""
        return self.first_recv_ns + round((now_ns - self.started_ns) * self.speed)

    def wait_s(self, recv_ns: int, now_ns: int) -> float:
        """Return for how many seconds a frame is not due yet; 0 once it is.

        A frame of before the first, as after a clock that went back, is due at once.
        """
        return max(recv_ns - self.reached_ns(now_ns), 0) / self.speed / NS_PER_S


class Pacer:
    """One pace for all hubs of a replay: it begins with the first frame from `from_ns` on.

    What was received before is due at once, as it is only there to know how things stood.
    """

    def __init__(
        self,
        speed: float,
        from_ns: int | None = None,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._speed = speed
        self._from_ns = from_ns
        self._now_ns = now_ns
        self._pace: Pace | None = None
        self._beginning = Lock()

    def wait_s(self, recv_ns: int) -> float:
        """Return for how many seconds from now a frame is not due yet."""
        if self._from_ns is not None and recv_ns < self._from_ns:
            return 0.0
        now_ns = self._now_ns()
        with self._beginning:
            if self._pace is None:
                self._pace = Pace(recv_ns, now_ns, self._speed)
        return self._pace.wait_s(recv_ns, now_ns)
