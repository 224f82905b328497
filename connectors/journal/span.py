"""When recorded frames begin and end, told from both ends of their files."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from connectors.archive.frames import SealedFrames
from connectors.journal.reader import read_frames
from connectors.journal.segment_file import read_segment
from connectors.journal.sessions import HubJournal, find_sessions


def first_ns(path: Path) -> int | None:
    """Return when the first frame was received of what `read_frames` reads; None without frames.

    Raises:
        JournalError: as for `read_frames`.
    """
    first = next(read_frames(path), None)
    return None if first is None else first.recv_ns


def last_ns(path: Path) -> int | None:
    """Return when the last frame of a journal's newest session was received, from any hub.

    `path` is a data directory, its journal, or a session. None where there are no frames, and of
    JSON lines or one file alone, where it is not to be had without reading all.

    Raises:
        JournalError: one of the newest files is damaged.
    """
    sessions = find_sessions(path) if path.is_dir() else []
    ends = [_last_ns(hub) for hub in sessions[-1].hubs] if sessions else []
    return max((end for end in ends if end is not None), default=None)


def _last_ns(hub: HubJournal) -> int | None:
    """Return when the last frame of a hub came, in the journal or sealed."""
    for part in reversed(hub.parts):
        if part.segment is not None:
            last = deque(read_segment(part.segment), maxlen=1)
            if last:
                return last[0][-1].recv_ns
        elif part.sealed is not None:
            bounds = SealedFrames(part.sealed).bounds("recv_ns")
            if bounds:
                return bounds[-1][1]
    return None
