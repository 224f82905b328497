"""The links of the market channel: when each was heard, and when one answers and brings nothing.

A socket may answer every PING with PONG and send no data for hours (py-clob-client issue 292), so
being heard proves the connection and not the feed. Nor does silence prove anything: a quiet market
has nothing to say. Such a link is in doubt, until data comes or REST shows the same books.
"""

from __future__ import annotations

import msgspec

from fusion.frames import NS_PER_S


class _Link(msgspec.Struct):
    heard_ns: int
    data_ns: int
    doubted_ns: int = 0


class LinkWatch:
    """Every link that is up; times are receive times of frames."""

    def __init__(self, doubt_s: float) -> None:
        self._links: dict[str, _Link] = {}
        self.use(doubt_s)

    def use(self, doubt_s: float) -> None:
        """Doubt a link after so long: a run that goes on with these values has its own settings."""
        self._doubt_ns = round(doubt_s * NS_PER_S)

    def hear(self, link: str, now_ns: int, *, data: bool) -> None:
        """Note a frame of a link; `data` tells whether it was more than a heartbeat."""
        known = self._links.get(link)
        if known is None:
            self._links[link] = _Link(now_ns, now_ns)
            return
        known.heard_ns = now_ns
        if data:
            known.data_ns, known.doubted_ns = now_ns, 0

    def drop(self, link: str) -> None:
        """Forget a link that is down."""
        self._links.pop(link, None)

    def clear(self) -> None:
        """Forget every link: a new session has links of its own."""
        self._links.clear()

    def heard_ns(self, link: str) -> int:
        """Return when a link was last heard, 0 when it is not up."""
        known = self._links.get(link)
        return known.heard_ns if known else 0

    def doubtful(self, now_ns: int) -> list[str]:
        """Return the links to be doubted now: heard of late, and without data for too long.

        Each is returned again after as long a time while it stays so.
        """
        doubted = []
        for link, known in self._links.items():
            answers = now_ns - known.heard_ns < self._doubt_ns
            since_ns = max(known.data_ns, known.doubted_ns)
            if answers and now_ns - since_ns >= self._doubt_ns:
                known.doubted_ns = now_ns
                doubted.append(link)
        return doubted
