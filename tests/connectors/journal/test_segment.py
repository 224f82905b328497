"""The bytes of a segment: what goes in comes out, and damage is told from a torn tail."""

from __future__ import annotations

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.journal.segment import (
    HEADER,
    Problem,
    Records,
    check_header,
    decode_records,
    encode_record,
    find_record,
)
from fusion.frames import Frame

FRAMES = st.lists(
    st.builds(
        Frame,
        seq=st.integers(0, 2**64 - 1),
        recv_ns=st.integers(-(2**63), 2**63 - 1),
        source=st.text(st.characters(codec="utf-8"), max_size=20),
        payload=st.binary(max_size=40),
    ),
    max_size=4,
)
FRAME = Frame(7, 1_790_000_000_000_000_000, "espn:nba", b"{}")


def test_record_layout_is_pinned() -> None:
    """A record is length, CRC-32, seq, recv_ns, length of source, source, payload."""
    body = (
        (7).to_bytes(8, "little")
        + (1_790_000_000_000_000_000).to_bytes(8, "little")
        + (8).to_bytes(2, "little")
        + b"espn:nba{}"
    )
    lengths = len(body).to_bytes(4, "little") + crc32(body).to_bytes(4, "little")
    assert encode_record(FRAME) == lengths + body
    assert HEADER == b"FAIRJNL\x01"


@given(FRAMES)
def test_frames_round_trip(frames: list[Frame]) -> None:
    """Any frames come back whole, and the end is the end of the buffer."""
    buffer = HEADER + b"".join(map(encode_record, frames))
    assert decode_records(buffer) == Records(frames, len(buffer), None)


@given(FRAMES)
def test_tail_torn_at_any_byte_gives_the_frames_before_it(frames: list[Frame]) -> None:
    """A buffer cut anywhere holds the records before the cut, and tells whether it was torn."""
    buffer = HEADER
    ends = [len(buffer)]
    for frame in frames:
        buffer += encode_record(frame)
        ends.append(len(buffer))
    for cut in range(len(HEADER), len(buffer) + 1):
        whole = sum(end <= cut for end in ends) - 1
        problem: Problem | None = None if cut == ends[whole] else "torn"
        assert decode_records(buffer[:cut]) == Records(frames[:whole], ends[whole], problem)


@given(FRAMES.filter(bool), st.data())
def test_changed_byte_is_detected(frames: list[Frame], data: st.DataObject) -> None:
    """Any changed bit stops the reading at its record: corrupt if a whole record is behind it."""
    records = [encode_record(frame) for frame in frames]
    which = data.draw(st.integers(0, len(records) - 1))
    at = data.draw(st.integers(0, len(records[which]) - 1))
    flipped = bytearray(records[which])
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    before = b"".join(records[:which])
    buffer = HEADER + before + bytes(flipped) + b"".join(records[which + 1 :])
    problem: Problem = "torn" if which == len(records) - 1 else "corrupt"
    assert decode_records(buffer) == Records(frames[:which], len(HEADER + before), problem)


@given(st.binary(max_size=200))
def test_garbage_never_raises(garbage: bytes) -> None:
    """Bytes that are no records give no frames."""
    assert decode_records(HEADER + garbage).frames == []


@pytest.mark.parametrize("tail", [bytes(4), bytes(4096), b"\xff" * 64])
def test_unfilled_tail_is_torn(tail: bytes) -> None:
    """Zeros or ones that a power cut left behind the last record are a torn tail."""
    good = HEADER + encode_record(FRAME)
    assert decode_records(good + tail) == Records([FRAME], len(good), "torn")


@pytest.mark.parametrize(
    "body",
    [
        FRAME.payload + bytes(14) + (99).to_bytes(2, "little"),
        bytes(16) + (1).to_bytes(2, "little") + b"\xff",
    ],
    ids=["source longer than body", "source not UTF-8"],
)
def test_sound_checksum_over_nonsense_is_no_frame(body: bytes) -> None:
    """A body whose fields contradict each other is refused although its checksum is right."""
    record = len(body).to_bytes(4, "little") + crc32(body).to_bytes(4, "little") + body
    assert decode_records(HEADER + record) == Records([], len(HEADER), "torn")


def test_reading_goes_on_where_it_stopped() -> None:
    """With a limit, the end of one call is the start of the next."""
    frames = [Frame(seq, seq, "clock", b"") for seq in range(5)]
    buffer = HEADER + b"".join(map(encode_record, frames))
    first = decode_records(buffer, limit=2)
    second = decode_records(buffer, first.end, limit=9)
    size = (len(buffer) - len(HEADER)) // 5
    assert first == Records(frames[:2], len(HEADER) + 2 * size, None)
    assert second == Records(frames[2:], len(buffer), None)


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        (b"", "torn"),
        (b"FAIR", "torn"),
        (HEADER, None),
        (HEADER + b"more", None),
        (b"FAIRJNL\x02", "other_version"),
        (b"PAR1", "not_a_segment"),
    ],
)
def test_header_is_checked(start: bytes, problem: Problem | None) -> None:
    """The first bytes tell a segment from another version and from another file."""
    assert check_header(start) == problem


@given(st.binary(max_size=40), FRAMES.filter(bool))
def test_next_record_is_found_behind_any_bytes(garbage: bytes, frames: list[Frame]) -> None:
    """The first sound record is found wherever it begins, as bytes alone are none."""
    record = encode_record(frames[0])
    assert find_record(garbage + record + b"more", 0) == len(garbage)
    assert find_record(garbage + record[:-1], 0) is None


def test_next_record_is_found_far_away() -> None:
    """A record is found behind megabytes of rubbish, at any alignment, and not before the start."""
    record = encode_record(FRAME)
    for shift in range(4):
        buffer = record + b"\x20" * (3_000_000 + shift) + record
        assert find_record(buffer, 1) == len(buffer) - len(record)
        assert find_record(buffer, len(buffer) - len(record) + 1) is None
