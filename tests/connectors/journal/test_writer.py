"""The writer against real files: batches, rotation, torn tails, full disks, kills."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from connectors.journal.reader import read_frames
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.writer import JournalWriter, new_session
from fusion.errors import JournalError
from fusion.frames import Frame

ROOT = Path(__file__).parents[3]
NOW_NS = 1_795_201_501_999_999_999
MakeFrames = Callable[..., list[Frame]]
FileLimit = Callable[[int], AbstractContextManager[None]]

ENDLESS = """
import sys
from pathlib import Path
from connectors.journal.writer import JournalWriter
from fusion.frames import Frame
with_rotation = JournalWriter(Path(sys.argv[1]), segment_bytes=20_000)
for seq in range(10**9):
    with_rotation.append([Frame(seq, seq, "clock", b"x" * 600)])
    print(seq, flush=True)
"""


def test_session_is_named_by_its_second(tmp_path: Path) -> None:
    """A session is called by its UTC start, and a second one in that second is numbered."""
    names = [new_session(tmp_path, NOW_NS) for _ in range(3)]
    assert names == ["20261120T190501Z", "20261120T190501Z-01", "20261120T190501Z-02"]
    assert sorted(path.name for path in (tmp_path / "journal").iterdir()) == names


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
        f"cannot go on in {path}: corrupt at byte {len(HEADER + records[0])}; "
        "keep it, and start a new session"
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


def test_full_disk_leaves_no_half_record(
    tmp_path: Path, make_frames: MakeFrames, file_limit: FileLimit
) -> None:
    """A batch that does not fit is taken back, and goes in once there is space again."""
    frames = make_frames(20, payload=b"x" * 600)
    writer = JournalWriter(tmp_path)
    writer.append(frames[:2])
    size = writer.path.stat().st_size
    with file_limit(size + 1500), pytest.raises(JournalError) as caught:
        writer.append(frames[2:])
    assert str(caught.value) == (
        f"cannot write {writer.path}: File too large; raise the limit on file sizes (ulimit -f), "
        "or choose another data directory"
    )
    assert writer.path.stat().st_size == size
    writer.append(frames[2:])
    writer.close()
    assert list(read_frames(tmp_path)) == frames


def test_full_disk_at_the_first_batch_keeps_the_header(
    tmp_path: Path, make_frames: MakeFrames, file_limit: FileLimit
) -> None:
    """A first batch that failed can be appended again, and the segment has one header."""
    frames = make_frames(1)
    writer = JournalWriter(tmp_path)
    with file_limit(4), pytest.raises(JournalError, match="File too large"):
        writer.append(frames)
    writer.append(frames)
    writer.close()
    assert list(read_frames(tmp_path)) == frames


def test_file_in_place_of_the_session_is_an_error(tmp_path: Path) -> None:
    """A session that is a file is named, with what to do."""
    (tmp_path / "s").write_text("")
    with pytest.raises(JournalError, match=r"cannot open .*/s: File exists; move away the file"):
        JournalWriter(tmp_path / "s")


def test_killed_process_loses_nothing_it_appended(tmp_path: Path) -> None:
    """After SIGKILL every frame whose append returned is there, in order."""
    child = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) == 100:
            break
    child.send_signal(signal.SIGKILL)
    appended = 101 + len(child.stdout.read().splitlines())
    child.stdout.close()
    child.wait()
    frames = list(read_frames(tmp_path))
    assert [frame.seq for frame in frames] == list(range(len(frames)))
    assert appended <= len(frames) <= appended + 1
    JournalWriter(tmp_path).close()
