"""Which frames a reader wants: from a position, of an interval, of some sources, of one hub."""

from __future__ import annotations

import msgspec

from fusion.frames import Frame


class Wanted(msgspec.Struct, frozen=True):
    """What is to be read; everything unless something is said.

    A position is a session and a frame of it: of that session (the oldest, if none is named) the
    frames from `from_seq` on, then those of later sessions. `since_ns` and `until_ns` (exclusive)
    are receive times. The clock may have jumped, so every frame is asked for its own time, and the
    order is never changed. A source is given whole (`espn:nba`), or by a beginning that ends in a
    colon (`polymarket:`). `hub` is the only one to be read of a session with several; each numbers
    its frames for itself, so `from_seq` holds for every one of them.
    """

    from_session: str = ""
    from_seq: int = 0
    since_ns: int | None = None
    until_ns: int | None = None
    sources: frozenset[str] = frozenset()
    hub: int | None = None

    def has(self, frame: Frame) -> bool:
        """Tell whether a frame is wanted for its time and its source."""
        return self.has_time(frame.recv_ns, frame.recv_ns) and self._has_source(frame.source)

    def has_time(self, first_ns: int, last_ns: int) -> bool:
        """Tell whether a time from `first_ns` to `last_ns`, both included, may be wanted."""
        return (self.since_ns is None or last_ns >= self.since_ns) and (
            self.until_ns is None or first_ns < self.until_ns
        )

    def has_all(self) -> bool:
        """Tell whether every frame of a hub is wanted, whatever its time and its source."""
        return self.since_ns is None and self.until_ns is None and not self.sources

    def _has_source(self, source: str) -> bool:
        if not self.sources or source in self.sources:
            return True
        return any(each.endswith(":") and source.startswith(each) for each in self.sources)


EVERYTHING = Wanted()
