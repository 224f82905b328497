"""Repair: only what cannot be read is lost, and the journal says where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.journal.reader import read_frames
from connectors.journal.repair import Lost, Repaired, Salvaged, repair_segment, salvage
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame, Gap, decode_control

MakeFrames = Callable[..., list[Frame]]
MakeSession = Callable[..., Path]


def _gap(seq: int, recv_ns: int, dropped: int) -> Frame:
    payload = (
        b'{"kind":"gap","reason":"the journal was damaged and repaired","dropped":%d}' % dropped
    )
    return Frame(seq, recv_ns, "control", payload)


def test_damaged_record_becomes_a_gap(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """Of a session with one spoilt record one frame is lost, and a gap has its number."""
    frames = make_frames(9)
    session = make_session(tmp_path, frames)
    path = session / "00000002.fjl"
    record = len(encode_record(frames[0]))
    sound = path.read_bytes()
    damaged = sound[: 8 + record + 20] + b"??" + sound[8 + record + 22 :]
    path.write_bytes(damaged)
    assert repair_segment(path) == Repaired(
        path, 3, [Lost(8 + record, record, 1)], session / "00000002.fjl.damaged"
    )
    gap = _gap(4, frames[3].recv_ns, 1)
    assert list(read_frames(session)) == [*frames[:4], gap, *frames[5:]]
    assert decode_control(gap.payload) == Gap("the journal was damaged and repaired", 1)
    assert (session / "00000002.fjl.damaged").read_bytes() == damaged
    assert repair_segment(path) == Repaired(path, 3, [], None)


@given(st.data())
def test_no_more_is_lost_than_was_harmed(data: st.DataObject) -> None:
    """Whatever is written over a segment, every record that was not touched is kept, in order."""
    count = data.draw(st.integers(1, 8))
    frames = [Frame(seq, seq, "clock", data.draw(st.binary(max_size=20))) for seq in range(count)]
    records = [encode_record(frame) for frame in frames]
    buffer = bytearray(HEADER + b"".join(records))
    start = data.draw(st.integers(0, len(buffer) - 1))
    harm = data.draw(st.binary(min_size=1, max_size=60))[: len(buffer) - start]
    buffer[start : start + len(harm)] = harm
    untouched, offset = [], len(HEADER)
    for frame, record in zip(frames, records, strict=True):
        if buffer[offset : offset + len(record)] == record:
            untouched.append(frame)
        offset += len(record)
    salvaged = salvage(bytes(buffer), 0, Frame(count, count, "clock", b""))
    kept = [frame for frame in salvaged.frames if frame.source == "clock"]
    gaps = [decode_control(frame.payload) for frame in salvaged.frames if frame.source != "clock"]
    assert kept == untouched
    assert [gap.dropped for gap in gaps if isinstance(gap, Gap)] == [
        lost.frames for lost in salvaged.lost if lost.frames
    ]
    assert len(kept) + sum(lost.frames or 0 for lost in salvaged.lost) == count
    numbers = [frame.seq for frame in salvaged.frames]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("first_seq", "after", "salvaged"),
    [
        (5, Frame(9, 90, "clock", b""), Salvaged([_gap(5, 90, 4)], [Lost(8, 30, 4)])),
        (None, Frame(9, 90, "clock", b""), Salvaged([_gap(8, 90, 0)], [Lost(8, 30, None)])),
        (9, Frame(9, 90, "clock", b""), Salvaged([], [Lost(8, 30, 0)])),
        (5, None, Salvaged([], [Lost(8, 30, None)])),
    ],
)
def test_gap_is_counted_as_far_as_the_numbers_tell(
    first_seq: int | None, after: Frame | None, salvaged: Salvaged
) -> None:
    """With the numbers on both sides the loss is exact; behind the end there is no gap."""
    assert salvage(HEADER + b"\0" * 30, first_seq, after) == salvaged


def test_neighbours_tell_what_a_whole_segment_lost(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """The first and the last record of a segment are counted by the segments beside it."""
    frames = make_frames(9)
    session = make_session(tmp_path, frames)
    path = session / "00000002.fjl"
    record = len(encode_record(frames[0]))
    sound = path.read_bytes()
    path.write_bytes(sound[:20] + b"?" + sound[21:-5])
    assert repair_segment(path).lost == [Lost(8, record, 1), Lost(8 + 2 * record, record - 5, 1)]
    assert list(read_frames(session)) == [
        *frames[:3],
        _gap(3, frames[4].recv_ns, 1),
        frames[4],
        _gap(5, frames[4].recv_ns, 1),
        *frames[6:],
    ]


def test_damage_at_the_start_of_a_session_is_counted_from_zero(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """The first segment begins with frame 0; of a later one without its neighbour nobody knows."""
    session = make_session(tmp_path, make_frames(6))
    for name, known in (("00000001.fjl", 1), ("00000002.fjl", None)):
        sound = (session / name).read_bytes()
        (session / name).write_bytes(sound[:20] + b"?" + sound[21:])
        assert [lost.frames for lost in repair_segment(session / name).lost] == [known]
        (session / name).unlink()


@pytest.mark.parametrize("harm", [b"PAR1", b"\0\0\0\0\0\0\0\0"])
def test_spoilt_header_is_mended(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, harm: bytes
) -> None:
    """Without its magic bytes a segment is known by its records, all of which are kept."""
    frames = make_frames(3)
    path = make_session(tmp_path, frames) / "00000001.fjl"
    path.write_bytes(harm + path.read_bytes()[len(harm) :])
    assert repair_segment(path).lost == [Lost(0, 8, 0)]
    assert list(read_frames(tmp_path)) == frames


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_torn_end_is_no_damage(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, cut: int
) -> None:
    """The newest segment may end inside a record; opening cuts that."""
    path = make_session(tmp_path, make_frames(2)) / "00000001.fjl"
    torn = path.read_bytes()[:-cut]
    path.write_bytes(torn)
    assert repair_segment(path) == Repaired(path, 1, [], None)
    assert path.read_bytes() == torn


def test_interrupted_repair_can_be_taken_again(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A copy that is there is used, and one of other bytes is never written over."""
    path = make_session(tmp_path, make_frames(3)) / "00000001.fjl"
    sound = path.read_bytes()
    damaged = sound[:20] + b"?" + sound[21:]
    names = []
    for copies in ({}, {"": damaged}, {"": b"older"}, {"": b"older", "1": damaged}):
        for suffix, content in copies.items():
            (tmp_path / f"00000001.fjl.damaged{suffix}").write_bytes(content)
        path.write_bytes(damaged)
        kept = repair_segment(path).damaged
        assert kept is not None
        assert kept.read_bytes() == damaged
        names.append(kept.name.removeprefix("00000001.fjl"))
        for copy in tmp_path.glob("*.damaged*"):
            copy.unlink()
    assert names == [".damaged", ".damaged", ".damaged1", ".damaged1"]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"FAIRJNL\x02" + b"x" * 50, "was written in another version of the journal's format"),
        (b"plain text, and no journal at all", "holds no readable record; move it out"),
    ],
)
def test_what_cannot_be_repaired_is_left_alone(tmp_path: Path, content: bytes, wrong: str) -> None:
    """A file of another version or kind is named, and not touched."""
    path = tmp_path / "00000001.fjl"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=f"^{path} {wrong}"):
        repair_segment(path)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [content]


def test_session_that_is_being_written_is_not_repaired(
    tmp_path: Path, make_frames: MakeFrames
) -> None:
    """A live session is refused."""
    writer = JournalWriter(tmp_path)
    writer.append(make_frames(1))
    with pytest.raises(JournalError, match="has another writer; stop it"):
        repair_segment(writer.path)
    writer.close()


def test_missing_segment_is_an_error(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(JournalError, match=r"^cannot repair .*/00000001\.fjl: No such file"):
        repair_segment(tmp_path / "00000001.fjl")
