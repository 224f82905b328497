"""Repair: a damaged segment without what cannot be read, and with a word about what is missing.

Where frames are lost, a control frame `gap` takes the place and the number of the first of them,
so that whoever reads the journal knows, and no book is trusted across it. The damaged segment is
kept beside the repaired one, as `<segment>.damaged`.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import msgspec

from connectors.disk import disk_errors, whole_file
from connectors.journal.segment import (
    HEADER,
    check_header,
    decode_records,
    encode_record,
    find_record,
)
from connectors.journal.segment_file import first_frame, read_segment, segments
from connectors.journal.writer import hold
from fusion.errors import JournalError
from fusion.frames import Frame, Gap, encode_control


class Lost(msgspec.Struct, frozen=True):
    """Bytes of a segment that hold no readable record, and how many frames were in them.

    `frames` is None where the numbers around do not tell.
    """

    offset: int
    size: int
    frames: int | None


class Salvaged(msgspec.Struct, frozen=True):
    """What could be read of a segment, with the gaps marked, and what was lost."""

    frames: list[Frame]
    lost: list[Lost]


class Repaired(msgspec.Struct, frozen=True):
    """What a repair did: the frames that were kept, what was lost, where the damaged file is.

    `damaged` is None where nothing was wrong and nothing was changed.
    """

    path: Path
    frames: int
    lost: list[Lost]
    damaged: Path | None


def salvage(buffer: bytes, first_seq: int | None, after: Frame | None) -> Salvaged:
    """Return every frame that can be read of a segment's bytes, damaged anywhere.

    `first_seq` is the number that the first frame should have, `after` the first frame behind the
    segment; None where that is not known, or there is none.
    """
    frames: list[Frame] = []
    lost: list[Lost] = []
    offset = len(HEADER) if check_header(buffer) is None else 0
    while offset < len(buffer):
        records = decode_records(buffer, offset)
        frames += records.frames
        offset = records.end
        if records.problem is None:
            break
        found = find_record(buffer, offset + 1)
        following = after if found is None else decode_records(buffer, found, 1).frames[0]
        end = len(buffer) if found is None else found
        missing = _missing(frames[-1].seq + 1 if frames else first_seq, following)
        if following is not None and missing != 0:
            frames.append(_gap(frames[-1] if frames else None, following, missing))
        lost.append(Lost(offset, end - offset, missing))
        offset = end
    return Salvaged(frames, lost)


def repair_segment(path: Path) -> Repaired:
    """Put a segment in place that holds what can be read of the one at `path`, which is kept.

    A sound segment, or one with a torn end that the next opening cuts anyway, is left as it is.

    Raises:
        JournalError: the segment is being written, holds no readable record or is of another
            version, or the disk refuses.
    """
    with disk_errors(JournalError, "repair", path):
        folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            hold(folder, path.parent)
            return _repair(path)
        finally:
            os.close(folder)


def _repair(path: Path) -> Repaired:
    buffer = path.read_bytes()
    if check_header(buffer) == "other_version":
        msg = f"{path} was written in another version of the journal's format; repair it with that"
        raise JournalError(msg)
    following = [each for number, each in segments(path.parent).items() if number > _number(path)]
    after = first_frame(following[0]) if following else None
    salvaged = salvage(buffer, _first_seq(path), after)
    ends = [each.offset + each.size for each in salvaged.lost]
    is_torn = not following and ends == [len(buffer)]
    if check_header(buffer) in {None, "torn"} and (is_torn or not ends):
        return Repaired(path, len(salvaged.frames), [], None)
    if not salvaged.frames:
        msg = f"{path} holds no readable record; move it out of the journal"
        raise JournalError(msg)
    damaged = _keep(path, buffer)
    with whole_file(path) as file:
        file.write(HEADER)
        file.writelines(map(encode_record, salvaged.frames))
    return Repaired(path, len(salvaged.frames), salvaged.lost, damaged)


def _number(path: Path) -> int:
    return int(path.stem) if path.stem.isdigit() else 0


def _first_seq(path: Path) -> int | None:
    """Return the number that the first frame of a segment should have, None if that is unknown."""
    before = segments(path.parent).get(_number(path) - 1)
    if before is None:
        return 0 if _number(path) == 1 else None
    try:
        pieces = list(read_segment(before))
    except JournalError:
        return None
    return pieces[-1][-1].seq + 1 if pieces else None


def _missing(first_seq: int | None, following: Frame | None) -> int | None:
    """Return how many frames are missing before `following`, None where nothing tells."""
    if following is None or first_seq is None:
        return None
    return max(0, following.seq - first_seq)


def _gap(previous: Frame | None, following: Frame, missing: int | None) -> Frame:
    """Return the control frame that stands for lost ones, with the number of the first of them."""
    seq = following.seq - (missing or 1)
    recv_ns = (previous or following).recv_ns
    gap = Gap("the journal was damaged and repaired", missing or 0)
    return Frame(max(0, seq), recv_ns, "control", encode_control(gap))


def _keep(path: Path, buffer: bytes) -> Path:
    """Copy the damaged bytes beside the segment; what an interrupted repair copied will do."""
    names = (f"{path.name}.damaged{number or ''}" for number in itertools.count())
    copies = map(path.with_name, names)
    damaged = next(each for each in copies if not each.exists() or each.read_bytes() == buffer)
    if not damaged.exists():
        with whole_file(damaged) as file:
            file.write(buffer)
    return damaged
