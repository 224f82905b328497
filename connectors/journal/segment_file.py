"""Segments as files: read in pieces, with what is wrong told by file and offset."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from connectors.journal.segment import HEADER, SUFFIX, Problem, check_header, decode_records
from fusion.errors import JournalError
from fusion.frames import Frame

FRAMES_AT_ONCE = 1024
_FIRST_BYTES = 64 * 1024
_BYTES_AT_ONCE = 512 * 1024
_MEANING: dict[Problem, str] = {
    "torn": "ends inside a record although a later segment exists",
    "corrupt": "is damaged",
    "not_a_segment": "is not a journal segment",
    "other_version": "was written in another version of the journal's format",
}
_MEND: dict[Problem, str] = {
    "not_a_segment": "move it out of the journal",
    "other_version": "read it with the version of Fairline that wrote it",
}


def segment_path(directory: Path, number: int) -> Path:
    """Return the file of a session's segment."""
    return directory / f"{number:08d}{SUFFIX}"


def segments(directory: Path) -> dict[int, Path]:
    """Return the segments of a session's folder by number, rising."""
    paths = directory.glob(f"*{SUFFIX}")
    return dict(sorted((int(path.stem), path) for path in paths if path.stem.isdigit()))


def is_last(path: Path) -> bool:
    """Tell whether a segment is the newest in its folder, and so may end inside a record."""
    return not path.stem.isdigit() or int(path.stem) >= max(segments(path.parent), default=0)


def read_segment(path: Path, at_once: int = FRAMES_AT_ONCE) -> Iterator[list[Frame]]:
    """Yield the frames of a segment, some at once; a torn end of the newest one is its end.

    Raises:
        JournalError: it is damaged or cannot be read; the message names the file and the offset.
        FileNotFoundError: there is no such file.
    """
    # Asked before the bytes are read: a segment that has a successor is complete.
    last = is_last(path)
    with _opened(path) as file:
        head = file.read(len(HEADER))
        problem = check_header(head)
        buffer, start, end = b"", len(head), 0
        while problem is None:
            records = decode_records(buffer, end, at_once)
            if records.frames:
                yield records.frames
            end, problem = records.end, records.problem
            if problem is None and end < len(buffer):
                continue
            more = file.read(max(_BYTES_AT_ONCE, len(buffer) - end))
            if not more:
                break
            # What looked torn was only cut by the reading.
            buffer, start, end, problem = buffer[end:] + more, start + end, 0, None
    if problem is None or (problem == "torn" and last):
        return
    mend = _MEND.get(problem, f"restore it from a copy, or run: fairline journal repair {path}")
    msg = f"{path} {_MEANING[problem]} at byte {start + end}; {mend}"
    raise JournalError(msg)


def first_frame(path: Path) -> Frame | None:
    """Return the first frame of a segment, None where it begins with no whole record.

    Raises:
        JournalError: the segment cannot be read.
        FileNotFoundError: there is no such file.
    """
    with _opened(path) as file:
        buffer = file.read(_FIRST_BYTES)
        while check_header(buffer) is None:
            records = decode_records(buffer, len(HEADER), 1)
            more = b"" if records.frames else file.read(_BYTES_AT_ONCE)
            if not more:
                return next(iter(records.frames), None)
            buffer += more
    return None


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise
    except OSError as error:
        msg = f"cannot read {path}: {error.strerror}; make it readable or restore it from a copy"
        raise JournalError(msg) from error
