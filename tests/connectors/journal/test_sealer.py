"""The sealer's thread: seals what is finished, removes what may go, and tells what fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.journal.reader import read_frames
from connectors.journal.sealer import Sealer
from connectors.journal.sealing import RemovalRules, seal_segment
from connectors.journal.writer import JournalWriter, journal_directory
from fusion.errors import JournalError
from fusion.frames import Frame

SESSION = "20261120T190501Z"
MakeFrames = Callable[..., list[Frame]]
MakeSession = Callable[..., Path]
Start = Callable[..., Sealer]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a starter of sealers of the test's data directory, which are stopped at its end."""
    started: list[Sealer] = []

    def begin(snapshots: int = 2, retention_s: float = 0.0, pause_s: float = 0.0) -> Sealer:
        sealer = Sealer(tmp_path, RemovalRules(snapshots, retention_s), pause_s=pause_s)
        started.append(sealer)
        sealer.start()
        return sealer

    yield begin
    for sealer in started:
        sealer.stop()


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def _segments(data: Path) -> list[str]:
    return sorted(path.name for path in data.glob("journal/*/*.fjl"))


def test_segments_go_after_their_snapshots(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, start: Start
) -> None:
    """What an earlier run left is sealed at once, and removed after so many snapshots."""
    frames = make_frames(9)
    make_session(tmp_path / "journal" / SESSION, frames)
    sealer = start(snapshots=2)
    _wait(lambda: sealer.sealed == 2)
    sealer.snapshot()
    time.sleep(0.05)
    assert (sealer.removed, len(_segments(tmp_path))) == (0, 3)
    sealer.snapshot()
    _wait(lambda: sealer.removed == 2)
    assert _segments(tmp_path) == ["00000003.fjl"]
    assert list(read_frames(tmp_path)) == frames
    assert sealer.failures == []


def test_segments_stay_for_their_retention(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, start: Start
) -> None:
    """However many snapshots there were, a segment stays until its time has passed."""
    make_session(tmp_path / "journal" / SESSION, make_frames(9))
    sealer = start(snapshots=0, retention_s=3600.0)
    for _ in range(5):
        sealer.snapshot()
    _wait(lambda: sealer.sealed == 2)
    sealer.stop()
    assert (sealer.removed, len(_segments(tmp_path))) == (0, 3)


def test_live_session_is_sealed_behind_its_writer(
    tmp_path: Path, make_frames: MakeFrames, start: Start
) -> None:
    """While a session grows its finished segments leave, and no frame is missing or twice."""
    frames = make_frames(60)
    sealer = start(snapshots=0)
    writer = JournalWriter(journal_directory(tmp_path) / SESSION, segment_bytes=200)
    for count, frame in enumerate(frames, 1):
        writer.append([frame])
        sealer.snapshot()
        assert list(read_frames(tmp_path)) == frames[:count]
    _wait(lambda: sealer.removed == 19)
    writer.close()
    assert _segments(tmp_path) == ["00000020.fjl"]
    assert list(read_frames(tmp_path)) == frames
    resumed = JournalWriter(journal_directory(tmp_path) / SESSION)
    assert (resumed.path.name, resumed.next_seq) == ("00000020.fjl", 60)
    resumed.close()


def test_session_is_gone_on_with_after_all_of_it_left(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, start: Start
) -> None:
    """Numbers go on behind those in the archive, so that no sealed file is met twice."""
    session = make_session(tmp_path / "journal" / SESSION, make_frames(6))
    (session / "finished").touch()
    sealer = start(snapshots=0)
    _wait(lambda: sealer.removed == 2)
    writer = JournalWriter(session)
    assert (writer.path.name, writer.next_seq) == ("00000003.fjl", 6)
    writer.append(make_frames(2, first=6))
    writer.close()
    assert list(read_frames(tmp_path)) == make_frames(8)


def test_failure_is_told_and_tried_again(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, start: Start
) -> None:
    """A damaged segment is named while it is damaged; the others are sealed meanwhile."""
    session = make_session(tmp_path / "journal" / SESSION, make_frames(9))
    segment = session / "00000001.fjl"
    sound = segment.read_bytes()
    segment.write_bytes(sound[:60] + b"?" + sound[61:])
    sealer = start(snapshots=0)
    _wait(lambda: sealer.removed == 1)
    (failure,) = sealer.failures
    assert str(failure).startswith(f"{segment} ")
    sealer.check()
    segment.write_bytes(sound)
    sealer.snapshot()
    _wait(lambda: sealer.removed == 2)
    assert sealer.failures == []


def test_file_that_broke_meanwhile_is_made_anew(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, start: Start
) -> None:
    """A sealed file that is damaged before its segment goes is found, and sealed again."""
    session = make_session(tmp_path / "journal" / SESSION, make_frames(6))
    sealed = seal_segment(session / "00000001.fjl", tmp_path / "archive")
    sealer = start(snapshots=1)
    _wait(lambda: sealer.sealed == 1)
    sealed.file.write_bytes(b"broken")
    sealer.snapshot()
    _wait(lambda: bool(sealer.failures))
    assert sealed.segment.exists()
    sealer.snapshot()
    _wait(lambda: sealer.sealed == 2)
    sealer.snapshot()
    _wait(lambda: sealer.removed == 1)
    assert sealer.failures == []
    assert list(read_frames(tmp_path)) == make_frames(6)


def test_stopping_leaves_a_segment_half_way(
    tmp_path: Path, make_frames: MakeFrames, start: Start
) -> None:
    """A stop in the middle of a segment takes a moment, and leaves no file."""
    frames = make_frames(20_000)
    writer = JournalWriter(tmp_path / "journal" / SESSION, segment_bytes=1)
    for batch in (frames[:-1], frames[-1:]):
        writer.append(batch)
    writer.close()
    sealer = start(pause_s=0.1)
    _wait(lambda: any((tmp_path / "archive").rglob("*.tmp")))
    began = time.monotonic()
    sealer.stop()
    assert time.monotonic() - began < 2.0
    assert [path for path in (tmp_path / "archive").rglob("*") if path.is_file()] == []
    assert (sealer.sealed, sealer.failures) == (0, [])
    sealer.check()


def test_sealer_that_died_says_why(tmp_path: Path) -> None:
    """What the thread cannot handle comes out where it is asked for."""

    def broken_clock() -> int:
        message = "no clock"
        raise ZeroDivisionError(message)

    session = journal_directory(tmp_path) / SESSION
    for number in (1, 2):
        writer = JournalWriter(session, segment_bytes=1)
        writer.append([Frame(number, number, "clock", b"")])
        writer.close()
    sealer = Sealer(tmp_path, RemovalRules(0, 0.0), broken_clock)
    sealer.start()
    sealer._thread.join(20)
    with pytest.raises(
        JournalError, match="segments are not sealed any more: no clock; start again"
    ):
        sealer.check()
    sealer.stop()


def test_sealer_that_was_never_started_can_be_stopped(tmp_path: Path) -> None:
    """Stopping is harmless at any time."""
    Sealer(tmp_path, RemovalRules()).stop()
