"""The bytes of a journal segment, pure: frames in, records out, and back.

A segment is a header and then records, all integers little-endian:

    header   8 bytes  magic `FAIRJNL` and the format's version, one byte
    record   u32      length of the body
             u32      CRC-32 of the body
             body     u64 seq, i64 recv_ns, u16 length of the source, source (UTF-8), payload

A process or a machine that dies while writing leaves the start of a record, or bytes that were
never filled, at the end of the last segment. Such a tail is `torn`. Bytes that do not check and
have a whole record behind them were damaged later: that is `corrupt`, and never cut.
"""

from __future__ import annotations

from struct import Struct
from typing import Literal
from zlib import crc32

import msgspec
import numpy as np

from fusion.frames import Frame

VERSION = 1
MAGIC = b"FAIRJNL"
HEADER = MAGIC + bytes([VERSION])
SUFFIX = ".fjl"

Problem = Literal["torn", "corrupt", "not_a_segment", "other_version"]

_LENGTHS = Struct("<II")
_FIELDS = Struct("<QqH")
_WINDOW_BYTES = 1024 * 1024


class Records(msgspec.Struct, frozen=True):
    """What a buffer held: its frames, where the good bytes end, and what stands there."""

    frames: list[Frame]
    end: int
    problem: Problem | None


def encode_record(frame: Frame) -> bytes:
    """Return the record of a frame."""
    source = frame.source.encode()
    head = _FIELDS.pack(frame.seq, frame.recv_ns, len(source)) + source
    payload = frame.payload
    lengths = _LENGTHS.pack(len(head) + len(payload), crc32(payload, crc32(head)))
    return b"".join((lengths, head, payload))


def check_header(buffer: bytes) -> Problem | None:
    """Return what is wrong with the first bytes of a segment; `torn` if they are too few."""
    head = buffer[: len(HEADER)]
    if head == HEADER:
        return None
    if HEADER.startswith(head):
        return "torn"
    return "other_version" if head.startswith(MAGIC) else "not_a_segment"


def decode_records(buffer: bytes, start: int = len(HEADER), limit: int | None = None) -> Records:
    """Return up to `limit` frames of the records that begin at `start`.

    `end` is the offset behind the last good record, so that the next call can go on there; the
    buffer is done when `end` is its length or `problem` is set.
    """
    view = memoryview(buffer)
    frames: list[Frame] = []
    sources: dict[bytes, str] = {}
    offset = start
    while offset < len(buffer) and (limit is None or len(frames) < limit):
        end = _record_end(view, offset)
        frame = _decode_body(buffer, offset + _LENGTHS.size, end, sources) if end else None
        if frame is None:
            behind = find_record(buffer, offset + 1)
            return Records(frames, offset, "torn" if behind is None else "corrupt")
        frames.append(frame)
        offset = end
    return Records(frames, offset, None)


def find_record(buffer: bytes, start: int) -> int | None:
    """Return the offset of the first whole and sound record at or behind `start`, if any.

    A checksum is only tried where four bytes, at any alignment, give a length that fits.
    """
    view = memoryview(buffer)
    for begin in range(start, len(view), _WINDOW_BYTES):
        candidates = _fitting(view, begin, min(begin + _WINDOW_BYTES, len(view)))
        found = next((at for at in candidates if _record_end(view, at)), None)
        if found is not None:
            return found
    return None


def _fitting(view: memoryview, begin: int, end: int) -> list[int]:
    """Return the offsets from `begin` to `end` at which a length stands that a record may have."""
    offsets: list[int] = []
    for start in range(begin, min(begin + 4, len(view) - 3)):
        count = (min(end + 3, len(view)) - start) // 4
        lengths = np.frombuffer(view, "<u4", count, start)
        room = len(view) - start - _LENGTHS.size - 4 * np.arange(count)
        fitting = np.flatnonzero((lengths >= _FIELDS.size) & (lengths <= room))
        offsets += (start + 4 * fitting).tolist()
    return sorted(offsets)


def _record_end(view: memoryview, offset: int) -> int:
    """Return where the record at `offset` ends, or 0 where no whole and sound record stands."""
    body = offset + _LENGTHS.size
    if body + _FIELDS.size > len(view):
        return 0
    length, checksum = _LENGTHS.unpack_from(view, offset)
    end: int = body + length
    if length < _FIELDS.size or end > len(view) or crc32(view[body:end]) != checksum:
        return 0
    return end


def _decode_body(buffer: bytes, offset: int, end: int, sources: dict[bytes, str]) -> Frame | None:
    """Return the frame of a sound body, or None where its fields contradict each other."""
    seq, recv_ns, source_length = _FIELDS.unpack_from(buffer, offset)
    offset += _FIELDS.size
    payload_at = offset + source_length
    if payload_at > end:
        return None
    raw = buffer[offset:payload_at]
    source = sources.get(raw)
    if source is None:
        try:
            source = sources[raw] = raw.decode()
        except UnicodeDecodeError:
            return None
    return Frame(seq, recv_ns, source, buffer[payload_at:end])
