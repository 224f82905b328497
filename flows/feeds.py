"""Feeds: the one Bytewax input. What the connectors brought is journaled, then emitted.

Delivery: every frame is in the journal before any step sees it, and the journal is the source's
place to go on from. What was journaled and not committed when the process died is emitted again,
before anything new, and exactly as it was.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Event, get_ident
from typing import NamedTuple, Protocol

from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from typing_extensions import override

from connectors.journal.reader import read_frames
from connectors.journal.sealer import Sealer
from connectors.journal.wanted import Wanted
from connectors.journal.writer import JournalWriter
from flows.board import Board
from flows.inbox import Inbox
from flows.session import RunSession
from fusion.errors import JournalError, RecoveryError
from fusion.frames import Frame

PREFIX = "hub-"
FIRST = f"{PREFIX}0"
WAIT_S = 0.005
"""How long a poll may block: p99 of 168 us to the sink, where the engine's own pace gives 1170."""

STOP_S = 1.0
"""How long the end of a run waits for a segment that is being sealed; the next start does it."""

HubState = tuple[str, int]
"""The session, and the `seq` of the next frame to emit."""

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

    def stopping(self) -> bool:
        """Tell whether they were asked to end."""


class Place(NamedTuple):
    """Where a hub goes on: its journal, open at its end, and what is `left` up to there.

    `first_seq` is the number of the first frame to emit, of those left or of the new ones.
    """

    session: str
    journal: JournalWriter
    left: Iterator[Frame]
    first_seq: int


class HubPartition(StatefulSourcePartition[Frame, HubState]):
    """Emits what an earlier process left, then takes from the inbox, journals and emits.

    The connectors are started when nothing is left. `name` is the partition's, for the board.
    """

    def __init__(
        self,
        name: str,
        hub: Connectors,
        place: Place,
        board: Board,
        *,
        batch_frames: int,
        sealer: Sealer | None = None,
    ) -> None:
        self._name = name
        self._hub = hub
        self._session, self._journal, self._left, self._seq = place
        self._board = board
        self._batch_frames = batch_frames
        self._sealer = sealer
        self._started = False
        board.drained[name] = False
        if sealer is not None:
            sealer.start()
        if self._seq == self._journal.next_seq:
            self._start()

    @override
    def next_batch(self) -> list[Frame]:
        frames = self._take() if self._started else self._take_left()
        if frames and frames[0].seq != self._seq:
            msg = (
                f"the recovery store goes on at frame {self._seq} of session {self._session}, "
                f"whose journal goes on at frame {frames[0].seq}: bring back the segments that are "
                "missing, or begin a new session with: fairline run --new"
            )
            raise RecoveryError(msg)
        self._seq += len(frames)
        self._board.count_frames(frames)
        return frames

    @override
    def next_awake(self) -> datetime:
        return _AT_ONCE

    @override
    def snapshot(self) -> HubState:
        self._journal.sync()
        if self._sealer is not None:
            self._sealer.check()
            self._sealer.snapshot()
            for failure in self._sealer.failures:
                self._board.warnings["journal"] = str(failure)
        return self._session, self._seq

    @override
    def close(self) -> None:
        self._hub.stop()
        if self._sealer is not None:
            self._sealer.stop(STOP_S)
        # Raised while a crash unwinds, this would abort the process and hide what came first.
        with contextlib.suppress(JournalError):
            self._journal.close()

    def _start(self) -> None:
        self._started = True
        if self._journal.last_ns is not None:
            self._hub.inbox.begin_at(self._journal.last_ns)
        self._hub.start()

    def _take_left(self) -> list[Frame]:
        if self._hub.stopping():
            raise StopIteration  # What is left is for the next process, which begins here.
        frames = list(islice(self._left, self._batch_frames))
        if not frames:
            self._start()
        return frames

    def _take(self) -> list[Frame]:
        self._journal.maybe_sync(time.monotonic())
        arrivals = self._hub.inbox.take(self._batch_frames, WAIT_S)
        if not arrivals and self._hub.ended() and not len(self._hub.inbox):
            self._hub.check()
            self._board.drained[self._name] = True
            raise StopIteration
        frames = [
            Frame(seq, arrival.recv_ns, arrival.source, arrival.payload)
            for seq, arrival in enumerate(arrivals, self._seq)
        ]
        self._journal.append(frames)
        return frames


class HubSource(FixedPartitionedSource[Frame, HubState]):
    """The hubs of a run, each a partition; one is started where a worker builds it.

    Args:
        hubs: The connectors of each hub; the order is part of the recovery store's format.
        session: The session's name, or where it comes from.
        open_journal: Opens the journal of a session and a hub; returns its folder, too.
        begun: Called with the session's name as soon as the journal of the first hub is held.
    """

    def __init__(
        self,
        hubs: Sequence[Connectors],
        session: RunSession,
        open_journal: Callable[[str, int], tuple[Path, JournalWriter]],
        board: Board,
        *,
        batch_frames: int,
        sealer: Sealer | None = None,
        begun: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._hubs = {f"{PREFIX}{number}": hub for number, hub in enumerate(hubs)}
        self._bells: dict[int, Event] = {}
        self._session = session
        self._open_journal = open_journal
        self._board = board
        self._batch_frames = batch_frames
        self._sealer = sealer
        self._begun = begun

    @override
    def list_parts(self) -> list[str]:
        return list(self._hubs)

    @override
    def build_part(
        self, step_id: str, for_part: str, resume_state: HubState | None
    ) -> HubPartition:
        place = self._place(int(for_part.removeprefix(PREFIX)), resume_state)
        sealer = None
        if len(self._hubs) > 1:
            # The partitions of a worker take turns on its thread, on which they are built.
            bell = self._bells.setdefault(get_ident(), Event())
            self._hubs[for_part].inbox.ring(bell)
        if for_part == FIRST:
            self._begun(place.session)
            sealer = self._sealer
        return HubPartition(
            for_part,
            self._hubs[for_part],
            place,
            self._board,
            batch_frames=self._batch_frames,
            sealer=sealer,
        )

    def _place(self, hub: int, resume_state: HubState | None) -> Place:
        first_seq = 0
        if resume_state is not None:
            name, first_seq = resume_state
            self._session.resume(name)
        session = self._session.name
        folder, journal = self._open_journal(session, hub)
        if first_seq > journal.next_seq:
            journal.close()
            msg = (
                f"the recovery store goes on behind frame {first_seq - 1} of {folder}, whose "
                f"journal ends before frame {journal.next_seq}: bring back what is missing, or "
                "begin a new session with: fairline run --new"
            )
            raise RecoveryError(msg)
        left: Iterator[Frame] = iter(())
        if first_seq < journal.next_seq:
            left = read_frames(folder, Wanted(from_seq=first_seq))
        return Place(session, journal, left, first_seq)
