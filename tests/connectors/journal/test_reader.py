"""The reader: sessions, segments and lines give the same frames, and damage is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.journal.jsonl import write_jsonl
from connectors.journal.reader import read_frames
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame

MakeFrames = Callable[..., list[Frame]]


def _session(directory: Path, frames: list[Frame]) -> None:
    writer = JournalWriter(directory, segment_bytes=200)
    for frame in frames:
        writer.append([frame])
    writer.close()


def test_every_form_gives_the_same_frames(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A data directory, its journal, a session and two kinds of JSON lines read alike."""
    frames = make_frames(9)
    session = tmp_path / "journal" / "20261120T190501Z"
    _session(session, frames)
    write_jsonl(frames, tmp_path / "frames.jsonl")
    write_jsonl(frames, tmp_path / "frames.jsonl.gz")
    paths = [
        tmp_path,
        tmp_path / "journal",
        session,
        tmp_path / "frames.jsonl",
        tmp_path / "frames.jsonl.gz",
    ]
    assert [list(read_frames(path)) for path in paths] == [frames] * 5
    assert len(list(session.iterdir())) > 1


def test_sessions_are_read_oldest_first(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A data directory gives its sessions in the order of their names; an empty one gives none."""
    names = ["20261119T000000Z", "20261120T190501Z", "20261120T190501Z-01"]
    for number, name in reversed(list(enumerate(names))):
        _session(tmp_path / "journal" / name, make_frames(2, first=10 * number))
    (tmp_path / "journal" / "20261121T000000Z").mkdir()
    assert [frame.seq for frame in read_frames(tmp_path)] == [0, 1, 10, 11, 20, 21]


def test_one_segment_is_read_alone(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A segment gives its own frames and no others."""
    frames = make_frames(9)
    _session(tmp_path, frames)
    assert list(read_frames(tmp_path / "00000002.fjl")) == frames[3:6]


def test_many_frames_are_read(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A segment with more frames than are decoded at once is read to its end."""
    frames = make_frames(3000)
    writer = JournalWriter(tmp_path)
    writer.append(frames)
    writer.close()
    assert list(read_frames(tmp_path)) == frames


@pytest.mark.parametrize("cut", [0, 1, 8, 20, 40])
def test_torn_tail_is_the_end(tmp_path: Path, make_frames: MakeFrames, cut: int) -> None:
    """The last record of a session may be torn; the frames before it are all there is."""
    first, second = make_frames(2)
    torn = HEADER + encode_record(first) + encode_record(second)[:cut]
    (tmp_path / "00000001.fjl").write_bytes(torn)
    assert list(read_frames(tmp_path)) == [first]


@pytest.mark.parametrize("length", [0, 5])
def test_segment_without_a_whole_header_is_empty(tmp_path: Path, length: int) -> None:
    """A last segment that was only just made holds no frames."""
    (tmp_path / "00000001.fjl").write_bytes(HEADER[:length])
    assert list(read_frames(tmp_path)) == []


def test_corrupt_record_is_named_by_offset(tmp_path: Path, make_frames: MakeFrames) -> None:
    """Damage before the end is an error with file and offset, after the frames before it."""
    frames = make_frames(3)
    records = [encode_record(frame) for frame in frames]
    path = tmp_path / "00000001.fjl"
    damaged = bytearray(HEADER + b"".join(records))
    damaged[len(HEADER) + len(records[0]) + 30] ^= 1
    path.write_bytes(damaged)
    reader = read_frames(tmp_path)
    assert next(reader) == frames[0]
    with pytest.raises(JournalError) as caught:
        next(reader)
    assert str(caught.value) == (
        f"{path} is damaged at byte {len(HEADER + records[0])}; restore it from a copy, or move "
        "it away and read the other segments one by one"
    )


def test_torn_segment_with_a_successor_is_an_error(tmp_path: Path, make_frames: MakeFrames) -> None:
    """Only the last segment may be torn: one with a later segment has lost frames."""
    frames = make_frames(9)
    _session(tmp_path, frames)
    path = tmp_path / "00000002.fjl"
    path.write_bytes(path.read_bytes()[:-1])
    reader = read_frames(tmp_path)
    with pytest.raises(JournalError, match=r"00000002\.fjl ends inside a record although a later"):
        list(reader)


@pytest.mark.parametrize(
    ("content", "meaning"),
    [
        (b"FAIRJNL\x02....", "was written in another version of the journal's format"),
        (b"\x1f\x8b\x08\x00 something else", "is not a journal segment"),
    ],
)
def test_foreign_file_is_named(tmp_path: Path, content: bytes, meaning: str) -> None:
    """A segment of another version, and a file that is none, are told apart."""
    path = tmp_path / "00000001.fjl"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=f"{path} {meaning} at byte 8; "):
        list(read_frames(path))


def test_missing_journal_is_an_error_at_once(tmp_path: Path) -> None:
    """A path that is not there, or has no journal, is refused before the first frame is asked."""
    with pytest.raises(JournalError, match=r"/absent does not exist; name a data directory"):
        read_frames(tmp_path / "absent")
    with pytest.raises(JournalError, match=r"no journal in .*; name a data directory"):
        read_frames(tmp_path)


def test_unreadable_segment_is_an_error(tmp_path: Path) -> None:
    """A folder with the name of a segment cannot be read, and is named."""
    (tmp_path / "00000001.fjl").mkdir()
    with pytest.raises(JournalError, match=r"cannot read .*/00000001\.fjl: Is a directory"):
        list(read_frames(tmp_path))
