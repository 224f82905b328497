"""Segments as files: pieces of any size give the same frames, and damage its offset."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from connectors.journal import segment_file
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.segment_file import (
    first_frame,
    is_last,
    read_segment,
    segment_path,
    segments,
)
from fusion.errors import JournalError
from fusion.frames import Frame

MakeFrames = Callable[..., list[Frame]]


def _frames() -> list[Frame]:
    return [Frame(seq, seq, "clock", b"x" * (seq * 37 % 300)) for seq in range(50)]


@pytest.mark.parametrize("size", [1, 7, 8, 100, 5_000, 10**6])
def test_pieces_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """However many bytes are read at once, the frames are the same, and so is the torn end."""
    monkeypatch.setattr(segment_file, "_BYTES_AT_ONCE", size)
    path = segment_path(tmp_path, 1)
    buffer = HEADER + b"".join(map(encode_record, _frames()))
    path.write_bytes(buffer)
    pieces = list(read_segment(path, 8))
    assert list(chain.from_iterable(pieces)) == _frames()
    assert max(map(len, pieces)) <= 8
    path.write_bytes(buffer[:-1])
    assert list(chain.from_iterable(read_segment(path))) == _frames()[:-1]


@pytest.mark.parametrize("size", [1, 100, 10**6])
def test_damage_has_its_offset_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """The offset counts from the start of the file, whatever was read before."""
    monkeypatch.setattr(segment_file, "_BYTES_AT_ONCE", size)
    records = [encode_record(frame) for frame in _frames()]
    offset = len(HEADER + b"".join(records[:30]))
    buffer = bytearray(HEADER + b"".join(records))
    buffer[offset + 12] ^= 1
    path = segment_path(tmp_path, 1)
    path.write_bytes(buffer)
    reader = chain.from_iterable(read_segment(path))
    assert [next(reader) for _ in range(30)] == _frames()[:30]
    with pytest.raises(JournalError, match=f"^{path} is damaged at byte {offset}; restore it"):
        next(reader)


def test_first_frame_is_read_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_frames: MakeFrames
) -> None:
    """The first frame is known however large it is; without a whole one there is none."""
    monkeypatch.setattr(segment_file, "_FIRST_BYTES", 10)
    monkeypatch.setattr(segment_file, "_BYTES_AT_ONCE", 10)
    path = segment_path(tmp_path, 1)
    frame = Frame(7, 7, "clock", b"x" * 500)
    record = encode_record(frame)
    path.write_bytes(HEADER + record + encode_record(make_frames(1)[0]))
    assert first_frame(path) == frame
    for content in (b"", HEADER[:5], HEADER, HEADER + record[:-1], b"text", b"FAIRJNL\x02xx"):
        path.write_bytes(content)
        assert first_frame(path) is None
    with pytest.raises(FileNotFoundError):
        first_frame(tmp_path / "absent.fjl")


def test_segments_are_known_by_their_numbers(tmp_path: Path) -> None:
    """Only numbered files are segments of the session, and the greatest number is the last."""
    for name in (
        "00000002.fjl",
        "00000010.fjl",
        "00000001.fjl",
        "notes.fjl",
        "00000003.fjl.damaged",
    ):
        (tmp_path / name).write_bytes(b"")
    assert list(segments(tmp_path).items()) == [
        (number, segment_path(tmp_path, number)) for number in (1, 2, 10)
    ]
    assert [is_last(path) for path in segments(tmp_path).values()] == [False, False, True]
    assert is_last(tmp_path / "notes.fjl")
