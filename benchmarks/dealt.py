"""An evening of one hub, dealt out to several, and brought to each as a connector would."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from connectors.polymarket.parse import parse_market
from flows.inbox import Inbox
from fusion.frames import Frame, SlateMatched, decode_control, encode_control
from fusion.share import Share, hub_of, slate_of
from fusion.slate_index import SlateIndex

QUEUE = 10_000_000
LOOK_S = 0.0005
SETTLE_S = 1.0
"""What came all at once has so long to be through before the rest comes at its pace."""


def deal(frames: Iterable[Frame], hubs: int) -> list[list[Frame]]:
    """Return the frames that each of some hubs would have heard."""
    index, dealt = SlateIndex(), [list[Frame]() for _ in range(hubs)]
    for frame in frames:
        slate = _slate_in(frame)
        if slate is not None:
            index.put(slate.slate)
            for number, stream in enumerate(dealt):
                part = SlateMatched(slate_of(slate.slate, Share(number, hubs)))
                stream.append(msgspec.structs.replace(frame, payload=encode_control(part)))
            continue
        for number in sorted(_hubs_of(frame, index, hubs)):
            dealt[number].append(frame)
    return dealt


def _slate_in(frame: Frame) -> SlateMatched | None:
    control = decode_control(frame.payload) if frame.source == "control" else None
    return control if isinstance(control, SlateMatched) else None


def _hubs_of(frame: Frame, index: SlateIndex, hubs: int) -> set[int]:
    if frame.source.startswith("polymarket:market:"):
        games = (index.game_of(message) for message in parse_market(frame.payload).messages)
        return {hub_of(game, hubs) for game in games if game} or set(range(hubs))
    return set(range(hubs))


class Brought:
    """Connectors that bring recorded frames: all before the start, or at a pace from it on.

    Frames of a pace bear the time at which they were brought; the first `warm` come all at once.
    """

    def __init__(self, frames: Sequence[Frame], rate: int | None, warm: int) -> None:
        times: Iterator[int] = chain((frame.recv_ns for frame in frames), iter(time.time_ns, 0))
        self.inbox = Inbox(QUEUE, now_ns=times.__next__ if rate is None else time.time_ns)
        self._frames = frames
        self._rate = rate
        self._warm = warm
        self._thread = threading.Thread(target=self._pace, daemon=True)
        if rate is None:
            self._put(frames)

    def start(self) -> None:
        """Begin to bring."""
        self._thread.start()

    def check(self) -> None:
        """Never fail."""

    def ended(self) -> bool:
        """Tell whether nothing more will come."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def stop(self) -> None:
        """Have nothing to stop."""

    def stopping(self) -> bool:
        """Never be asked to stop."""
        return False

    def _put(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            self.inbox.put(frame.source, frame.payload)

    def _pace(self) -> None:
        if self._rate is None:
            return
        self._put(frame for frame in self._frames if frame.seq < self._warm)
        time.sleep(SETTLE_S)
        start_s = time.monotonic() - self._warm / self._rate
        for frame in self._frames:
            if frame.seq < self._warm:
                continue
            while time.monotonic() - start_s < frame.seq / self._rate:
                time.sleep(LOOK_S)
            self.inbox.put(frame.source, frame.payload)
