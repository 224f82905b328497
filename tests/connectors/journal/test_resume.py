"""Going on: where the last whole record ends, and which frame comes next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.journal.resume import Cut, Resumed, resume
from connectors.journal.sealing import remove_segment, seal_segment
from connectors.journal.segment import HEADER, encode_record
from fusion.errors import JournalError
from fusion.frames import Frame

MakeFrames = Callable[..., list[Frame]]
MakeSession = Callable[..., Path]


def test_new_session_stands_at_the_start(tmp_path: Path) -> None:
    """A folder without segments has none to go on in."""
    assert resume(tmp_path) == Resumed(0, begun=False, offset=0, next_seq=0, last_ns=None, cut=None)


def test_whole_session_goes_on_at_its_end(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """Nothing is cut where the last record is whole, and nothing is changed."""
    frames = make_frames(5)
    make_session(tmp_path, frames)
    path = tmp_path / "00000002.fjl"
    content = path.read_bytes()
    assert resume(tmp_path) == Resumed(
        2, begun=True, offset=len(content), next_seq=5, last_ns=frames[4].recv_ns, cut=None
    )
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "tail", [b"\0" * 4096, b"\xff" * 30, encode_record(Frame(9, 9, "c", b""))[:9]]
)
def test_torn_tail_is_reported(tmp_path: Path, make_frames: MakeFrames, tail: bytes) -> None:
    """The report says what is to be cut, and where."""
    path = tmp_path / "00000001.fjl"
    whole = HEADER + encode_record(make_frames(1)[0])
    path.write_bytes(whole + tail)
    cut = resume(tmp_path).cut
    assert cut == Cut(path, len(whole), len(tail))
    assert str(cut) == (
        f"cut {len(tail)} bytes of an unfinished record at byte {len(whole)} of {path}"
    )


def test_session_whose_newest_segments_left_goes_on_behind_them(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """The archive tells the number of the segment and of the frame that come next."""
    session = make_session(tmp_path / "journal" / "20261120T190501Z", make_frames(5))
    for number in (1, 2):
        segment = session / f"0000000{number}.fjl"
        remove_segment(seal_segment(segment, tmp_path / "archive"))
    assert resume(session) == Resumed(2, begun=False, offset=0, next_seq=5, last_ns=None, cut=None)
    (session / "00000003.fjl").write_bytes(b"FAIR")
    assert resume(session) == Resumed(
        3,
        begun=True,
        offset=0,
        next_seq=5,
        last_ns=None,
        cut=Cut(session / "00000003.fjl", 0, 4),
    )


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"plain text", "not_a_segment at byte 8"),
        (b"FAIRJNL\x07" + b"x" * 9, "other_version at byte 8"),
        (
            HEADER + b"\0" * 30 + encode_record(Frame(0, 0, "clock", b"")),
            "corrupt at byte 8",
        ),
    ],
)
def test_damage_is_an_error(tmp_path: Path, content: bytes, wrong: str) -> None:
    """What is not a torn tail is never gone on with."""
    path = tmp_path / "00000001.fjl"
    path.write_bytes(content)
    with pytest.raises(JournalError) as caught:
        resume(tmp_path)
    assert str(caught.value) == (
        f"cannot go on in {path}: {wrong}; run: fairline journal repair {path}, or start a new "
        "session"
    )
