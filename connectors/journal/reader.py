"""The journal's reader: frames from sessions, segments and JSON lines, all alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from connectors.journal.jsonl import is_jsonl, read_jsonl
from connectors.journal.segment import HEADER, SUFFIX, Problem, check_header, decode_records
from connectors.journal.writer import journal_directory
from fusion.errors import JournalError
from fusion.frames import Frame

_FRAMES_AT_ONCE = 1024
_MEANING: dict[Problem, str] = {
    "torn": "ends inside a record although a later segment exists",
    "corrupt": "is damaged",
    "not_a_segment": "is not a journal segment",
    "other_version": "was written in another version of the journal's format",
}
_MEND = "restore it from a copy, or move it away and read the other segments one by one"


def read_frames(path: Path) -> Iterator[Frame]:
    """Return the frames of `path` in the order in which they were written.

    `path` is a data directory or its `journal` folder (all sessions, oldest first), one session,
    one segment, or a `.jsonl` or `.jsonl.gz` file. `seq` starts anew with each session. A torn
    record at the end of a session is where the session ended.

    Raises:
        JournalError: there is no journal at `path` (at once), or it is damaged (when the reading
            comes to that place); the message names the file and the offset or line.
    """
    if path.is_dir():
        sessions = _sessions(path)
        if not sessions:
            msg = f"no journal in {path}; name a data directory, a session or a frames file"
            raise JournalError(msg)
        return (frame for session in sessions for frame in _read_session(session))
    if not path.exists():
        msg = f"{path} does not exist; name a data directory, a session or a frames file"
        raise JournalError(msg)
    if is_jsonl(path):
        return read_jsonl(path)
    return _read_segment(path, last=True)


def _sessions(path: Path) -> list[Path]:
    """Return the folders with segments: `path` itself, or those in it or in its journal."""
    if any(path.glob(f"*{SUFFIX}")):
        return [path]
    root = journal_directory(path)
    root = root if root.is_dir() else path
    return sorted({segment.parent for segment in root.glob(f"*/*{SUFFIX}")})


def _read_session(directory: Path) -> Iterator[Frame]:
    segments = sorted(directory.glob(f"*{SUFFIX}"))
    for segment in segments:
        yield from _read_segment(segment, last=segment == segments[-1])


def _read_segment(path: Path, *, last: bool) -> Iterator[Frame]:
    try:
        buffer = path.read_bytes()
    except OSError as error:
        msg = f"cannot read {path}: {error.strerror}; make it readable or restore it from a copy"
        raise JournalError(msg) from error
    problem = check_header(buffer)
    end = len(HEADER)
    while problem is None and end < len(buffer):
        records = decode_records(buffer, end, _FRAMES_AT_ONCE)
        yield from records.frames
        end, problem = records.end, records.problem
    if problem is None or (problem == "torn" and last):
        return
    msg = f"{path} {_MEANING[problem]} at byte {min(end, len(buffer))}; {_MEND}"
    raise JournalError(msg)
