"""Recorded frames as the input of the graph: one partition a hub, as fast as it can or paced."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec
from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from typing_extensions import override

from connectors.journal.hub_count import hub_count
from connectors.journal.reader import hubs_in, read_frames
from connectors.journal.sessions import session_folder
from connectors.journal.wanted import EVERYTHING, Wanted
from flows.board import Board
from flows.feeds import PREFIX, WAIT_S
from flows.pace import Pacer
from fusion.frames import Frame

OpenFrames = Callable[[], Iterator[Frame]]

Passed = Callable[[int, int], None]
"""Told how many frames were emitted, and when the last of them was received."""

_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)


class FramesPartition(StatefulSourcePartition[Frame, int]):
    """Emits recorded frames; the state is how many were emitted."""

    def __init__(
        self,
        frames: OpenFrames,
        batch_frames: int,
        board: Board,
        skip: int,
        passed: Passed = lambda _, __: None,
    ) -> None:
        self._frames = islice(frames(), skip, None)
        self._batch_frames = batch_frames
        self._board = board
        self._emitted = skip
        self._passed = passed

    @override
    def next_batch(self) -> list[Frame]:
        frames = self._take()
        if frames:
            self._emitted += len(frames)
            self._board.count_frames(frames)
            self._passed(len(frames), frames[-1].recv_ns)
        return frames

    @override
    def snapshot(self) -> int:
        return self._emitted

    def _take(self) -> list[Frame]:
        """Return the next frames; StopIteration where there are none."""
        frames = list(islice(self._frames, self._batch_frames))
        if not frames:
            raise StopIteration
        return frames


class PacedPartition(FramesPartition):
    """Emits recorded frames when they are due, and blocks no longer than the live feeds do."""

    def __init__(
        self,
        frames: OpenFrames,
        batch_frames: int,
        board: Board,
        skip: int,
        passed: Passed,
        *,
        pacer: Pacer,
    ) -> None:
        super().__init__(frames, batch_frames, board, skip, passed)
        self._pacer = pacer
        self._held: Frame | None = None

    @override
    def next_awake(self) -> datetime:
        return _AT_ONCE

    @override
    def _take(self) -> list[Frame]:
        if self._held is None:
            self._held = next(self._frames)
        wait_s = self._pacer.wait_s(self._held.recv_ns)
        if wait_s:
            time.sleep(min(wait_s, WAIT_S))
        frames: list[Frame] = []
        while self._held is not None and len(frames) < self._batch_frames:
            if self._pacer.wait_s(self._held.recv_ns):
                break
            frames.append(self._held)
            self._held = next(self._frames, None)
        return frames


class FramesSource(FixedPartitionedSource[Frame, int]):
    """Recorded frames of some hubs, by partition; can be resumed, so exactly-once.

    Args:
        hubs: What opens the frames of a hub, by the name of its partition.
        board: Where the frames are counted.
        batch_frames: How many frames go through the graph at once.
        pacer: Tells when a frame is due; as fast as they can be taken where it is None.
        passed: Told of every batch.
    """

    def __init__(
        self,
        hubs: Mapping[str, OpenFrames],
        board: Board,
        batch_frames: int,
        pacer: Pacer | None = None,
        passed: Passed = lambda _, __: None,
    ) -> None:
        self._hubs = hubs
        self._board = board
        self._batch_frames = batch_frames
        self._pacer = pacer
        self._passed = passed

    @override
    def list_parts(self) -> list[str]:
        return list(self._hubs)

    @override
    def build_part(self, step_id: str, for_part: str, resume_state: int | None) -> FramesPartition:
        frames, skip = self._hubs[for_part], resume_state or 0
        if self._pacer is None:
            return FramesPartition(frames, self._batch_frames, self._board, skip, self._passed)
        return PacedPartition(
            frames, self._batch_frames, self._board, skip, self._passed, pacer=self._pacer
        )


def recorded_hubs(path: Path, wanted: Wanted = EVERYTHING) -> dict[str, OpenFrames]:
    """Return what opens the frames of `path`, by hub; they are partitions as in the live run.

    All hubs of that run are, also one that wrote nothing, as the games are shared among so many.
    Of a path that names one hub it is that alone, and all its frames are to be routed.

    Raises:
        JournalError: there are no frames at `path`, or its number of hubs cannot be read.
    """
    read_frames(path, wanted)
    return {
        f"{PREFIX}{hub}": partial(read_frames, path, msgspec.structs.replace(wanted, hub=hub))
        for hub in _hubs_of(path)
    }


def _hubs_of(path: Path) -> Sequence[int]:
    found = hubs_in(path)
    folder = path.absolute()
    if not folder.is_dir() or session_folder(folder) != folder:
        return found
    # A data directory, its journal, or a session of that.
    known = (hub_count(each) for each in (folder, folder.parent, folder.parent.parent))
    return range(max(found[-1] + 1, *(count or 1 for count in known)))
