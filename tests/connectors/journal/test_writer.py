"""The writer against real files: batches, rotation, torn tails, syncs, clocks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from connectors.journal.reader import read_frames
from connectors.journal.resume import Cut
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.writer import JournalWriter, new_session
from fusion.errors import JournalError
from fusion.frames import Frame

ROOT = Path(__file__).parents[3]
NOW_NS = 1_795_201_501_999_999_999
HOUR_NS = 3_600_000_000_000
MakeFrames = Callable[..., list[Frame]]
OnSmallDisk = Callable[[str], str]
FileLimit = Callable[[int], AbstractContextManager[None]]


def test_session_is_named_by_its_second(tmp_path: Path) -> None:
    """A session is called by its UTC start, and a second one in that second is numbered."""
    names = [new_session(tmp_path, NOW_NS) for _ in range(3)]
    assert names == ["20261120T190501Z", "20261120T190501Z-01", "20261120T190501Z-02"]
    assert sorted(path.name for path in (tmp_path / "journal").iterdir()) == names


def test_session_outlives_a_power_cut(tmp_path: Path, synced: set[Path]) -> None:
    """Every folder with a new name in it is synced, from the data directory down."""
    folder = tmp_path / "journal" / new_session(tmp_path, NOW_NS)
    assert synced == {tmp_path, tmp_path / "journal"}
    JournalWriter(folder / "hub-1").close()
    assert synced == {tmp_path, tmp_path / "journal", folder, folder / "hub-1"}


def test_session_needs_a_folder(tmp_path: Path) -> None:
    """A file in place of the data directory is named in the error."""
    (tmp_path / "data").write_text("")
    with pytest.raises(JournalError, match=r"cannot make .*/data/journal/20261120T190501Z: Not a"):
        new_session(tmp_path / "data", NOW_NS)


def test_batches_are_readable_when_append_returns(tmp_path: Path, make_frames: MakeFrames) -> None:
    """What was appended is in the file, though neither synced nor closed."""
    writer = JournalWriter(tmp_path / "s")
    frames = make_frames(5)
    writer.append(frames[:3])
    writer.append([])
    writer.append(frames[3:])
    assert list(read_frames(tmp_path / "s")) == frames
    assert (tmp_path / "s" / "00000001.fjl").read_bytes() == HEADER + b"".join(
        map(encode_record, frames)
    )
    writer.sync()
    writer.close()
    writer.close()


def test_position_is_where_the_next_frame_goes(tmp_path: Path, make_frames: MakeFrames) -> None:
    """The position moves by the size of each record, from behind the header."""
    writer = JournalWriter(tmp_path)
    (frame,) = make_frames(1)
    assert writer.position() == ("00000001.fjl", len(HEADER))
    writer.append([frame])
    assert writer.position() == ("00000001.fjl", len(HEADER) + len(encode_record(frame)))
    writer.close()


def test_segments_rotate_at_their_size(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A batch that would not fit begins a new segment; one larger than all still has its own."""
    frames = make_frames(7)
    record = len(encode_record(frames[0]))
    writer = JournalWriter(tmp_path, segment_bytes=len(HEADER) + 2 * record)
    for batch in (frames[:1], frames[1:2], frames[2:3], frames[3:6], frames[6:]):
        writer.append(batch)
    writer.close()
    sizes = {path.name: (path.stat().st_size - 8) // record for path in tmp_path.iterdir()}
    assert sizes == {
        "00000001.fjl": 2,
        "00000002.fjl": 1,
        "00000003.fjl": 3,
        "00000004.fjl": 1,
    }
    assert list(read_frames(tmp_path)) == frames


def test_opening_cuts_a_torn_tail(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A session goes on behind its last whole record, wherever the tail was torn."""
    first, second, third = make_frames(3)
    whole = HEADER + encode_record(first)
    torn = encode_record(second)
    for cut in range(0, len(torn), 5):
        session = tmp_path / str(cut)
        session.mkdir()
        (session / "00000001.fjl").write_bytes(whole + torn[:cut])
        writer = JournalWriter(session)
        report = Cut(session / "00000001.fjl", len(whole), cut) if cut else None
        assert (writer.cut, writer.next_seq) == (report, first.seq + 1)
        assert writer.position() == ("00000001.fjl", len(whole))
        writer.append([third])
        writer.close()
        assert list(read_frames(session)) == [first, third]


@pytest.mark.parametrize("length", range(len(HEADER) + 1))
def test_opening_mends_a_torn_header(tmp_path: Path, make_frames: MakeFrames, length: int) -> None:
    """A segment of which only a part of the header was written is begun again."""
    (tmp_path / "00000001.fjl").write_bytes(HEADER[:length])
    writer = JournalWriter(tmp_path)
    frames = make_frames(2)
    writer.append(frames)
    writer.close()
    assert list(read_frames(tmp_path)) == frames


def test_opening_goes_on_in_the_last_segment(tmp_path: Path, make_frames: MakeFrames) -> None:
    """The next writer of a session appends to its newest segment."""
    frames = make_frames(4)
    for half in (frames[:2], frames[2:]):
        writer = JournalWriter(tmp_path, segment_bytes=1)
        for frame in half:
            writer.append([frame])
        writer.close()
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        f"0000000{number}.fjl" for number in (1, 2, 3, 4)
    ]
    assert list(read_frames(tmp_path)) == frames


def test_damage_is_never_cut(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A segment with whole records behind its damage is left alone, and the error says where."""
    records = [encode_record(frame) for frame in make_frames(3)]
    damaged = HEADER + records[0] + b"\0" * len(records[1]) + records[2]
    path = tmp_path / "00000001.fjl"
    path.write_bytes(damaged)
    with pytest.raises(JournalError) as caught:
        JournalWriter(tmp_path)
    assert str(caught.value) == (
        f"cannot go on in {path}: corrupt at byte {len(HEADER + records[0])}; run: fairline "
        f"journal repair {path}, or start a new session"
    )
    assert path.read_bytes() == damaged


def test_session_has_one_writer(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A second writer is refused until the first lets go."""
    first = JournalWriter(tmp_path)
    with pytest.raises(JournalError, match="has another writer; stop it, or start a new session"):
        JournalWriter(tmp_path)
    first.append(make_frames(1))
    first.close()
    JournalWriter(tmp_path).close()


def test_closed_writer_says_so(tmp_path: Path, make_frames: MakeFrames) -> None:
    """A frame for a closed writer is refused, and nothing is written."""
    writer = JournalWriter(tmp_path)
    writer.close()
    with pytest.raises(JournalError, match=f"^the journal {tmp_path} is closed; open it again"):
        writer.append(make_frames(1))
    assert list(read_frames(tmp_path)) == []


def test_session_after_the_clock_went_back_sorts_behind_the_newest(tmp_path: Path) -> None:
    """A clock that jumps back makes no session older than one that is there."""
    steps = (0, -HOUR_NS, -HOUR_NS, HOUR_NS, 24 * 365 * HOUR_NS, 2 * HOUR_NS)
    names = [new_session(tmp_path, NOW_NS + step) for step in steps]
    assert names == [
        "20261120T190501Z",
        "20261120T190501Z-01",
        "20261120T190501Z-02",
        "20261120T200501Z",
        "20271120T190501Z",
        "20271120T190501Z-01",
    ]


def test_next_frame_is_known_after_opening(tmp_path: Path, make_frames: MakeFrames) -> None:
    """The number behind the last frame on record, in this segment or in one before."""
    writer = JournalWriter(tmp_path)
    assert writer.next_seq == 0
    writer.append(make_frames(5, first=40))
    assert writer.next_seq == 45
    writer.close()
    (tmp_path / "00000002.fjl").write_bytes(HEADER[:3])
    writer = JournalWriter(tmp_path)
    assert (writer.next_seq, writer.path.name) == (45, "00000002.fjl")
    assert writer.finished() == [tmp_path / "00000001.fjl"]
    writer.close()


def test_new_day_begins_a_new_segment(tmp_path: Path) -> None:
    """A segment has one slate day; a clock that goes back begins none, nor does reopening."""
    midnight_ns = 1_795_237_200_000_000_000
    times = [midnight_ns - 2, midnight_ns - 1, midnight_ns, midnight_ns - HOUR_NS, midnight_ns + 1]
    for half in (times[:2], times[2:]):
        writer = JournalWriter(tmp_path)
        for ns in half:
            writer.append([Frame(ns - midnight_ns + HOUR_NS, ns, "clock", b"")])
        writer.close()
    read = {path.name: [f.recv_ns for f in read_frames(path)] for path in tmp_path.iterdir()}
    assert read == {
        "00000001.fjl": times[:2],
        "00000002.fjl": times[2:4],
        "00000003.fjl": times[4:],
    }


def test_sync_is_due_by_the_clock_and_only_when_something_was_written(
    tmp_path: Path, make_frames: MakeFrames
) -> None:
    """What was appended is synced when the interval has passed, and nothing twice."""
    writer = JournalWriter(tmp_path, sync_s=2.0)
    assert not writer.maybe_sync(100.0)
    writer.append(make_frames(1))
    assert [writer.maybe_sync(now_s) for now_s in (101.9, 102.0, 102.1, 104.0)] == [
        False,
        True,
        False,
        False,
    ]
    writer.append(make_frames(1, first=1))
    writer.sync()
    assert not writer.maybe_sync(106.0)
    writer.append(make_frames(1, first=2))
    assert writer.maybe_sync(108.0)
    writer.close()
