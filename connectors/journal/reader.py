"""The journal's reader: frames from sessions, segments, sealed files and JSON lines, all alike."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import chain, pairwise
from pathlib import Path

from connectors.archive.frames import SealedFrames
from connectors.journal.jsonl import is_jsonl, read_jsonl
from connectors.journal.segment_file import first_frame, read_segment
from connectors.journal.sessions import (
    HubJournal,
    Part,
    Session,
    age_order,
    find_sessions,
    hub_at,
    session_folder,
    stream_name,
)
from connectors.journal.wanted import EVERYTHING, Wanted
from fusion.errors import JournalError
from fusion.frames import Frame

_MEND = "name a data directory, a session or a frames file"


def read_frames(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Frame]:
    """Return the frames of `path` in the order in which they were written.

    `path` is a data directory or its `journal` folder (all sessions, oldest first), one session
    (also while it is being written: what is whole at that moment), one hub of a session, a folder
    of sealed frames, one segment, one sealed file, or a `.jsonl` or `.jsonl.gz` file. A segment
    that is both in the journal and sealed is read once. `seq` starts anew with each session and
    rises in it; times are the clock's, which may jump, and change no order. A torn record at the
    end of a session is where the session ended. Of a session with several hubs, each of which has
    numbers of its own, the next frame is that of the hub whose time is the earliest.

    Raises:
        JournalError: there are no frames at `path` (at once), or they are damaged, one segment is
            missing between others, or the numbers of frames go back (when the reading comes to
            that place); the message names the file and the offset or line.
    """
    sessions = _sessions(path)
    if sessions:
        return _filtered(_read_sessions(sessions, wanted), wanted)
    if path.is_dir():
        msg = f"no journal in {path}; {_MEND}"
        raise JournalError(msg)
    if not path.exists():
        msg = f"{path} does not exist; {_MEND}"
        raise JournalError(msg)
    if is_jsonl(path):
        frames = read_jsonl(path)
    elif path.suffix == ".parquet":
        frames = _read_sealed(SealedFrames(path), wanted, wanted.from_seq)
    else:
        frames = chain.from_iterable(read_segment(path))
    return _filtered((frame for frame in frames if frame.seq >= wanted.from_seq), wanted)


def hubs_in(path: Path) -> list[int]:
    """Return the numbers of the hubs that wrote what `read_frames` reads of `path`.

    What is no session, such as a file of JSON lines, counts as of hub 0.
    """
    return sorted({hub.hub for session in _sessions(path) for hub in session.hubs}) or [0]


def _sessions(path: Path) -> list[Session]:
    return find_sessions(path) if path.is_dir() or not path.exists() else []


def _filtered(frames: Iterator[Frame], wanted: Wanted) -> Iterator[Frame]:
    return frames if wanted.has_all() else filter(wanted.has, frames)


def _read_sessions(sessions: list[Session], wanted: Wanted) -> Iterator[Frame]:
    from_session = wanted.from_session or sessions[0].name
    for session in sessions:
        if session.name == from_session:
            yield from _read_session(session, wanted, wanted.from_seq)
        elif age_order(session.name) > age_order(from_session):
            yield from _read_session(session, wanted, 0)


def _read_session(session: Session, wanted: Wanted, from_seq: int) -> Iterator[Frame]:
    hubs = [hub for hub in session.hubs if wanted.hub in {None, hub.hub}]
    streams = (_read_hub(hub, wanted, from_seq) for hub in hubs)
    return merge(*streams, key=lambda frame: frame.recv_ns)


def _read_hub(hub: HubJournal, wanted: Wanted, from_seq: int) -> Iterator[Frame]:
    _check_complete(hub)
    last = -1
    for at, part in enumerate(hub.parts):
        if at + 1 < len(hub.parts) and _begins_by(hub, hub.parts[at + 1], from_seq):
            continue
        for number, frame in enumerate(_read_part(hub, part, wanted, from_seq)):
            if not number and frame.seq <= last:
                msg = (
                    f"{part.segment or part.sealed} goes back to frame {frame.seq}, behind frame "
                    f"{last} of the segment before; move away the one that does not belong here"
                )
                raise JournalError(msg)
            last = frame.seq
            if frame.seq >= from_seq:
                yield frame


def _check_complete(hub: HubJournal) -> None:
    """Refuse a session with a hole; what is gone before its first segment was let go by age."""
    for before, after in pairwise(part.number for part in hub.parts):
        if after != before + 1:
            missing = f"{before + 1:08d}" if after == before + 2 else f"{before + 1:08d} and more"
            stream, journal = stream_name(hub.folder), session_folder(hub.folder).parent
            msg = (
                f"session {stream} in {journal} lacks segment {missing}; "
                "restore it from a copy, or read the other segments one by one"
            )
            raise JournalError(msg)


def _begins_by(hub: HubJournal, part: Part, seq: int) -> bool:
    """Tell whether a part begins with frame `seq` or before it, so that those before have not."""
    try:
        first = first_frame(part.segment) if part.segment else None
    except FileNotFoundError:
        first = None
    if first is not None:
        return first.seq <= seq
    sealed = _sealed_now(hub, part)
    return sealed is not None and bool(sealed.rows) and sealed.bounds("seq")[0][0] <= seq


def _read_part(hub: HubJournal, part: Part, wanted: Wanted, from_seq: int) -> Iterator[Frame]:
    """Yield the frames of a segment, from the archive where it has left the journal."""
    if part.segment is not None:
        try:
            pieces = read_segment(part.segment)
            piece = next(pieces, [])
        except FileNotFoundError:
            pass  # It was sealed and removed since the session was listed.
        else:
            yield from piece
            yield from chain.from_iterable(pieces)
            return
    sealed = _sealed_now(hub, part)
    if sealed is None:
        msg = f"segment {part.number:08d} of {hub.folder} is gone; restore it from a copy"
        raise JournalError(msg)
    yield from _read_sealed(sealed, wanted, from_seq)


def _sealed_now(hub: HubJournal, part: Part) -> SealedFrames | None:
    """Open the sealed file of a part, which may be younger than the listing of the session."""
    parts = [part, *hub_at(hub.folder).parts] if part.sealed is None else [part]
    for each in parts:
        if each.number == part.number and each.sealed is not None:
            return SealedFrames(each.sealed)
    return None


def _read_sealed(sealed: SealedFrames, wanted: Wanted, from_seq: int) -> Iterator[Frame]:
    """Yield the frames of those row groups that may hold wanted ones."""
    bounds = zip(sealed.bounds("seq"), sealed.bounds("recv_ns"), strict=True)
    for number, ((_, last_seq), (first_ns, last_ns)) in enumerate(bounds):
        if last_seq >= from_seq and wanted.has_time(first_ns, last_ns):
            yield from sealed.frames(number)
