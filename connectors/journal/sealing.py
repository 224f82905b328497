"""Sealing: a finished segment becomes a Parquet file, is compared with it, and may then go.

    segment ──write, compare──> .tmp ──rename──> segment + file ──retention, compare──> file

At every step the frames are whole in one of the two, and after a crash each step can be taken
again. A file under its own name has been compared with its segment frame by frame, by reading
both back. The segment is what counts as long as it is there: a file that cannot be read, or ends
early, is made anew from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Literal

import msgspec
import pyarrow as pa

from connectors.archive.frames import (
    GROUP_BYTES,
    GROUP_ROWS,
    SealedFrames,
    UnreadableError,
    sealed_file,
    to_columns,
    write_frames,
)
from connectors.disk import disk_errors, make_directory, sync_directory, whole_file
from connectors.journal.finished import FINISHED
from connectors.journal.segment import HEADER
from connectors.journal.segment_file import first_frame, read_segment, segments
from connectors.journal.sessions import hub_folders, session_folder, stream_name
from fusion.errors import JournalError
from fusion.frames import NS_PER_S

Pause = Callable[[], None]
"""Called every few frames, so that a thread may give way to others."""

Agreement = Literal["same", "absent", "unreadable", "shorter", "other"]

_FAULTS: dict[Agreement, str] = {
    "absent": "not there",
    "unreadable": "damaged",
    "shorter": "not whole",
    "other": "of other frames",
}

FRAMES_A_TURN = 128
"""A fifth of a millisecond of work: so long may a pause be away."""


class Sealed(msgspec.Struct, frozen=True):
    """A segment that is sealed. `sealed_ns` is when its file was written."""

    segment: Path
    file: Path
    stream: str
    frames: int
    first_seq: int
    last_seq: int
    segment_bytes: int
    file_bytes: int
    sealed_ns: int


class RemovalRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a sealed segment stays in the journal: so many snapshots, and so many seconds."""

    snapshots: int = 2
    retention_s: float = 3600.0


def removable(sealed: Sealed, snapshots: int, now_ns: int, rules: RemovalRules) -> bool:
    """Tell whether the segment of `sealed` may be removed, `snapshots` after it was sealed.

    A clock that went back keeps it for longer; one that went ahead still leaves the snapshots.
    """
    age_ns = now_ns - sealed.sealed_ns
    return snapshots >= rules.snapshots and age_ns >= round(rules.retention_s * NS_PER_S)


def finished_segments(journal: Path) -> list[Path]:
    """Return the segments in the sessions of `journal` that will not change any more.

    Those are all but the newest of a hub, and the newest too where the session is marked as
    finished. Segments without frames are left out.
    """
    paths: list[Path] = []
    for folder in hub_folders(journal):
        known = list(segments(folder).values())
        if not (session_folder(folder) / FINISHED).exists():
            known = known[:-1]
        paths += (path for path in known if path.stat().st_size > len(HEADER))
    return paths


def seal_segment(segment: Path, archive: Path, pause: Pause = lambda: None) -> Sealed:
    """Make the file of a segment in `archive`, if it is not there yet, and compare the two.

    Raises:
        JournalError: the segment is damaged or holds no frames, the disk refuses, another process
            seals it at this moment, or there is a file of its name with other frames.
        FileNotFoundError: there is no such segment.
    """
    first = first_frame(segment)
    if first is None:
        msg = f"{segment} holds no frames to seal; leave it out"
        raise JournalError(msg)
    file = sealed_file(archive, stream_name(segment.parent), int(segment.stem), first.recv_ns)
    agreement = _agreement(segment, file, pause)
    if agreement == "other":
        msg = (
            f"{file} holds other frames than {segment}; move away the one that is wrong, and look "
            "whether two data directories were mixed"
        )
        raise JournalError(msg)
    if agreement != "same":
        with disk_errors(JournalError, "write", file):
            unsynced = make_directory(file.parent)
            with whole_file(file) as temporary:
                write_frames(_groups(segment, pause), temporary)
                temporary.flush()
                _check_same(segment, Path(temporary.name), pause)
            for folder in unsynced:
                sync_directory(folder)
    return _sealed(segment, file)


def remove_segment(sealed: Sealed, pause: Pause = lambda: None) -> None:
    """Remove a segment from the journal, after comparing it with its file once more.

    Raises:
        JournalError: they differ, or the disk refuses; the segment is left where it is.
    """
    if not sealed.segment.exists():
        return
    _check_same(sealed.segment, sealed.file, pause)
    with disk_errors(JournalError, "remove", sealed.segment):
        sealed.segment.unlink()
        sync_directory(sealed.segment.parent)


def _groups(segment: Path, pause: Pause) -> Iterator[pa.Table]:
    """Yield a segment as tables, one a row group, the same whenever it is asked for."""
    stream, tables, size = stream_name(segment.parent), [], 0
    for frames in read_segment(segment, FRAMES_A_TURN):
        tables.append(to_columns(stream, frames))
        size += sum(len(frame.payload) for frame in frames)
        if size >= GROUP_BYTES or len(tables) >= GROUP_ROWS // FRAMES_A_TURN:
            yield pa.concat_tables(tables).combine_chunks()
            tables, size = [], 0
        pause()
    if tables:
        yield pa.concat_tables(tables).combine_chunks()


def _agreement(
    segment: Path, file: Path, pause: Pause
) -> Literal["absent", "unreadable", "shorter", "same", "other"]:
    """Compare a file with its segment, frame by frame; `shorter` is a file that ends early."""
    if not file.exists():
        return "absent"
    try:
        sealed = SealedFrames(file)
        theirs = map(sealed.group, range(sealed.groups))
        for ours, its in zip_longest(_groups(segment, pause), theirs):
            if its is None:
                return "shorter"
            if ours is None:
                return "other"
            if not ours.equals(its):
                ends = its.num_rows < ours.num_rows and not any(theirs)
                return "shorter" if ends and ours.slice(0, its.num_rows).equals(its) else "other"
    except UnreadableError:
        return "unreadable"
    return "same"


def _check_same(segment: Path, file: Path, pause: Pause) -> None:
    agreement = _agreement(segment, file, pause)
    if agreement != "same":
        msg = (
            f"{file}, which should hold the frames of {segment}, is {_FAULTS[agreement]}; remove "
            "it, and the segment is sealed anew"
        )
        raise JournalError(msg)


def _sealed(segment: Path, file: Path) -> Sealed:
    sealed, facts = SealedFrames(file), file.stat()
    bounds = sealed.bounds("seq")
    return Sealed(
        segment=segment,
        file=file,
        stream=stream_name(segment.parent),
        frames=sealed.rows,
        first_seq=bounds[0][0],
        last_seq=bounds[-1][1],
        segment_bytes=segment.stat().st_size,
        file_bytes=facts.st_size,
        sealed_ns=facts.st_mtime_ns,
    )
