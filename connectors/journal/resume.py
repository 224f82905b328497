"""Where a session can be gone on with: behind its last whole record, wherever it was cut off."""

from __future__ import annotations

from pathlib import Path

import msgspec

from connectors.archive.frames import SealedFrames
from connectors.journal.segment import HEADER, check_header, decode_records
from connectors.journal.sessions import Part, hub_at
from fusion.errors import JournalError
from fusion.frames import Frame


class Cut(msgspec.Struct, frozen=True):
    """The torn end of a segment that an opening cut: where it began, and how long it was.

    It is what a process or a machine that died was about to write. None of it was handed on, as
    that comes after the whole record.
    """

    path: Path
    offset: int
    size: int

    def __str__(self) -> str:
        return f"cut {self.size} bytes of an unfinished record at byte {self.offset} of {self.path}"


class Resumed(msgspec.Struct, frozen=True):
    """How a session stands: the segment to write, its good bytes, and the last frame, if any.

    `number` is 0 for a session without segments; `begun` tells whether that segment's file is in
    the journal, `last_ns` is the receive time of its last frame.
    """

    number: int
    begun: bool
    offset: int
    next_seq: int
    last_ns: int | None
    cut: Cut | None


def resume(directory: Path) -> Resumed:
    """Return how the session, or the hub of one, in `directory` stands; nothing is changed.

    Raises:
        JournalError: the newest segment is damaged before its end, or cannot be read.
        OSError: the disk refuses.
    """
    parts = hub_at(directory).parts
    if not parts:
        return Resumed(0, begun=False, offset=0, next_seq=0, last_ns=None, cut=None)
    newest = parts[-1]
    offset, last, cut = 0, None, None
    if newest.segment is not None:
        offset, last, cut = _good_end(newest.segment)
    next_seq = last.seq + 1 if last else _next_seq(parts[:-1] if newest.segment else parts)
    return Resumed(
        newest.number,
        begun=newest.segment is not None,
        offset=offset,
        next_seq=next_seq,
        last_ns=last.recv_ns if last else None,
        cut=cut,
    )


def _good_end(path: Path) -> tuple[int, Frame | None, Cut | None]:
    """Return where the whole records of a segment end, the last of them, and what is behind."""
    buffer = path.read_bytes()
    problem = check_header(buffer)
    end, last = 0, None
    if problem is None:
        records = decode_records(buffer)
        end, problem = records.end, records.problem
        last = records.frames[-1] if records.frames else None
    if problem in {None, "torn"}:
        return end, last, Cut(path, end, len(buffer) - end) if len(buffer) > end else None
    msg = (
        f"cannot go on in {path}: {problem} at byte {end or len(HEADER)}; run: fairline journal "
        f"repair {path}, or start a new session"
    )
    raise JournalError(msg)


def _next_seq(parts: tuple[Part, ...]) -> int:
    """Return the number behind the last frame of some segments, 0 if they have none."""
    for part in reversed(parts):
        if part.segment is not None:
            _, last, _ = _good_end(part.segment)
            if last is not None:
                return last.seq + 1
        elif part.sealed is not None:
            return SealedFrames(part.sealed).bounds("seq")[-1][1] + 1
    return 0
