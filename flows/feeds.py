"""Feeds: the one Bytewax input. What the connectors brought is journaled, then emitted.

Delivery: every frame is in the journal before any step sees it. A frame that was journaled and
not yet processed when the process died is in the journal and not in the archive; `fairline
replay` reads it from there.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from typing_extensions import override

from connectors.journal.sealer import Sealer
from connectors.journal.writer import JournalWriter
from flows.board import Board
from flows.inbox import Inbox
from fusion.errors import JournalError
from fusion.frames import Frame

PARTITION = "hub-0"
WAIT_S = 0.005
"""How long a poll may block: p99 of 168 us to the sink, where the engine's own pace gives 1170."""

STOP_S = 2.0
"""How long the end of a run waits for a segment that is being sealed; the next start does it."""

_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)


class Connectors(Protocol):
    """What runs beside the source and fills its inbox."""

    inbox: Inbox

    def start(self) -> None:
        """Start bringing frames."""

    def check(self) -> None:
        """Raise `FeedError` if they ended because a connector died."""

    def ended(self) -> bool:
        """Tell whether nothing more will come."""

    def stop(self) -> None:
        """Ask the connectors to end."""


class HubPartition(StatefulSourcePartition[Frame, int]):
    """Takes a batch from the inbox, journals it, emits it. The state is the next `seq`."""

    def __init__(
        self,
        hub: Connectors,
        journal: JournalWriter,
        board: Board,
        batch_frames: int,
        sealer: Sealer | None = None,
    ) -> None:
        self._hub = hub
        self._journal = journal
        self._board = board
        self._batch_frames = batch_frames
        self._sealer = sealer
        self._seq = 0
        if sealer is not None:
            sealer.start()
        hub.start()

    @override
    def next_batch(self) -> list[Frame]:
        self._journal.maybe_sync(time.monotonic())
        arrivals = self._hub.inbox.take(self._batch_frames, WAIT_S)
        if not arrivals:
            if self._hub.ended() and not len(self._hub.inbox):
                self._hub.check()
                self._board.drained = True
                raise StopIteration
            return []
        frames = [
            Frame(seq, arrival.recv_ns, arrival.source, arrival.payload)
            for seq, arrival in enumerate(arrivals, self._seq)
        ]
        self._journal.append(frames)
        self._seq += len(frames)
        self._board.count_frames(frames)
        return frames

    @override
    def next_awake(self) -> datetime:
        return _AT_ONCE

    @override
    def snapshot(self) -> int:
        self._journal.sync()
        if self._sealer is not None:
            self._sealer.check()
            self._sealer.snapshot()
            for failure in self._sealer.failures:
                self._board.warnings["journal"] = str(failure)
        return self._seq

    @override
    def close(self) -> None:
        self._hub.stop()
        if self._sealer is not None:
            self._sealer.stop(STOP_S)
        # Raised while a crash unwinds, this would abort the process and hide what came first.
        with contextlib.suppress(JournalError):
            self._journal.close()


class HubSource(FixedPartitionedSource[Frame, int]):
    """The feeds of one process: one hub, which is started when the worker builds it."""

    def __init__(
        self,
        hub: Connectors,
        open_journal: Callable[[], JournalWriter],
        board: Board,
        batch_frames: int,
        sealer: Sealer | None = None,
    ) -> None:
        self._hub = hub
        self._open_journal = open_journal
        self._board = board
        self._batch_frames = batch_frames
        self._sealer = sealer

    @override
    def list_parts(self) -> list[str]:
        return [PARTITION]

    @override
    def build_part(self, step_id: str, for_part: str, resume_state: int | None) -> HubPartition:
        return HubPartition(
            self._hub, self._open_journal(), self._board, self._batch_frames, self._sealer
        )


class FramesPartition(StatefulSourcePartition[Frame, int]):
    """Emits recorded frames; the state is how many were emitted."""

    def __init__(
        self, frames: Callable[[], Iterator[Frame]], batch_frames: int, board: Board, skip: int
    ) -> None:
        self._frames = islice(frames(), skip, None)
        self._batch_frames = batch_frames
        self._board = board
        self._emitted = skip

    @override
    def next_batch(self) -> list[Frame]:
        frames = list(islice(self._frames, self._batch_frames))
        if not frames:
            raise StopIteration
        self._emitted += len(frames)
        self._board.count_frames(frames)
        return frames

    @override
    def snapshot(self) -> int:
        return self._emitted


class FramesSource(FixedPartitionedSource[Frame, int]):
    """Recorded frames, as fast as they can be taken; can be resumed, so exactly-once."""

    def __init__(
        self, frames: Callable[[], Iterator[Frame]], board: Board, batch_frames: int
    ) -> None:
        self._frames = frames
        self._board = board
        self._batch_frames = batch_frames

    @override
    def list_parts(self) -> list[str]:
        return [PARTITION]

    @override
    def build_part(self, step_id: str, for_part: str, resume_state: int | None) -> FramesPartition:
        return FramesPartition(self._frames, self._batch_frames, self._board, resume_state or 0)
