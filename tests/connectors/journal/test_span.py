"""Both ends of recorded frames, without reading what is between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.journal.jsonl import write_jsonl
from connectors.journal.sealing import seal_segment
from connectors.journal.span import first_ns, last_ns
from connectors.journal.writer import JournalWriter, journal_directory
from fusion.errors import JournalError
from fusion.frames import Frame

MakeFrames = Callable[..., list[Frame]]
MakeSession = Callable[..., Path]


@pytest.mark.parametrize("sealed", [False, True])
def test_ends_of_a_journal(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, sealed: bool
) -> None:
    """The first frame of the oldest session, the last of any hub of the newest."""
    old = make_session(tmp_path / "journal" / "20261119T000000Z", make_frames(4, first=100))
    new = tmp_path / "journal" / "20261120T000000Z"
    make_session(new / "hub-0", make_frames(7, first=200))
    make_session(new / "hub-1", make_frames(2, first=300))
    if sealed:
        for segment in tmp_path.rglob("*.fjl"):
            seal_segment(segment, tmp_path / "archive")
            segment.unlink()
    (first,) = make_frames(1, first=100)
    (last,) = make_frames(1, first=301)
    (last_of_first_hub,) = make_frames(1, first=206)

    assert (first_ns(tmp_path), last_ns(tmp_path)) == (first.recv_ns, last.recv_ns)
    assert last_ns(new / "hub-0") == last_of_first_hub.recv_ns
    assert last_ns(old) == first.recv_ns + 3


def test_lines_have_no_end_that_is_known(tmp_path: Path, make_frames: MakeFrames) -> None:
    """Where the end is told by nothing but reading all, it is not told."""
    path = tmp_path / "frames.jsonl"
    write_jsonl(make_frames(3), path)

    assert (first_ns(path), last_ns(path)) == (make_frames(1)[0].recv_ns, None)


def test_what_is_empty_has_no_ends(tmp_path: Path, make_session: MakeSession) -> None:
    """A session without frames, and a file without lines, begin and end never."""
    session = make_session(tmp_path / "session", [])
    (tmp_path / "frames.jsonl").touch()

    assert (first_ns(session), last_ns(session)) == (None, None)
    assert first_ns(tmp_path / "frames.jsonl") is None


def test_no_frames_are_an_error(tmp_path: Path) -> None:
    """A path without frames is told as the reader tells it."""
    with pytest.raises(JournalError, match="does not exist"):
        first_ns(tmp_path / "nowhere")


def test_a_segment_without_frames_is_not_the_end(tmp_path: Path) -> None:
    """A process that died before its first batch leaves an empty segment behind the last one."""
    folder = journal_directory(tmp_path) / "20261121T010203Z"
    writer = JournalWriter(folder)
    writer.append([Frame(0, 5, "clock", b""), Frame(1, 7, "clock", b"")])
    writer.close()
    (folder / "00000002.fjl").touch()

    assert (last_ns(tmp_path), last_ns(folder)) == (7, 7)
