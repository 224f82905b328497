"""When recorded frames begin and end, told from both ends of their files."""

from __future__ import annotations

from pathlib import Path

from connectors.archive.frames import SealedFrames
from connectors.journal.reader import read_frames
from connectors.journal.sessions import HubJournal, find_sessions


def first_ns(path: Path) -> int | None:
    """Return when the first frame was received of what `read_frames` reads; None without frames.

    Raises:
        JournalError: as for `read_frames`.
    """
    first = next(read_frames(path), None)
    return None if first is None else first.recv_ns


def last_ns(path: Path) -> int | None:
    """Return when the last frame of a journal was received, by the newest file of each hub.

    None where that is not to be had without reading all: in JSON lines, in one file alone, and
    where the newest files hold no frames.

    Raises:
        JournalError: one of those files is damaged.
    """
    sessions = find_sessions(path) if path.is_dir() else []
    ends = [_last_ns(hub) for hub in sessions[-1].hubs] if sessions else []
    return max((end for end in ends if end is not None), default=None)


def _last_ns(hub: HubJournal) -> int | None:
    newest = hub.parts[-1]
    if newest.segment is not None:
        return max((frame.recv_ns for frame in read_frames(newest.segment)), default=None)
    if newest.sealed is not None:
        return max(
            (last for _, last in SealedFrames(newest.sealed).bounds("recv_ns")), default=None
        )
    return None
