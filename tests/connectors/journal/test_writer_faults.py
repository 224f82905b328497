"""The writer when things go wrong: full and read-only disks, failed syncs, kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from connectors.journal.reader import read_frames
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame

ROOT = Path(__file__).parents[3]
MakeFrames = Callable[..., list[Frame]]
FileLimit = Callable[[int], AbstractContextManager[None]]
OnSmallDisk = Callable[[str], str]

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


def test_failed_sync_closes_the_writer(tmp_path: Path, make_frames: MakeFrames) -> None:
    """What a failed sync lost no later one brings back, so that nothing more is taken."""
    writer = JournalWriter(tmp_path)
    writer.append(make_frames(1))
    os.close(writer._file)
    with pytest.raises(JournalError, match=r"^cannot sync .*/00000001\.fjl: Bad file descriptor; "):
        writer.sync()
    with pytest.raises(JournalError, match="is closed; open it again"):
        writer.append(make_frames(1, first=1))
    with pytest.raises(JournalError, match="is closed; open it again"):
        writer.sync()
    writer.close()
    JournalWriter(tmp_path).close()


def test_segment_that_cannot_be_begun_leaves_nothing(
    tmp_path: Path, make_frames: MakeFrames
) -> None:
    """Where the folder cannot be synced the new segment is taken back, and may be tried again."""
    writer = JournalWriter(tmp_path, segment_bytes=1)
    writer.append(make_frames(1))
    folder, writer._folder = writer._folder, writer._file + 100
    with pytest.raises(JournalError, match=r"^cannot make .*/00000002\.fjl: Bad file descriptor; "):
        writer.append(make_frames(1, first=1))
    assert [path.name for path in tmp_path.iterdir()] == ["00000001.fjl"]
    writer._folder = folder
    writer.append(make_frames(1, first=1))
    writer.close()
    assert list(read_frames(tmp_path)) == make_frames(2)


def test_full_disk_is_told_and_waited_for(on_small_disk: OnSmallDisk) -> None:
    """On a disk without room the batch is taken back; with room again it goes in."""
    told = on_small_disk("""
from pathlib import Path
from connectors.journal.reader import read_frames
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame
ballast = Path("ballast")
ballast.write_bytes(b"x" * 100_000)
frames = [Frame(seq, seq, "clock", b"y" * 10_000) for seq in range(20)]
writer = JournalWriter(Path("journal/s"))
writer.append(frames[:10])
try:
    writer.append(frames[10:])
except JournalError as error:
    print(error)
print(list(read_frames(Path())) == frames[:10], writer.next_seq)
ballast.unlink()
writer.append(frames[10:])
writer.close()
print(list(read_frames(Path())) == frames)
""")
    assert told.splitlines() == [
        (
            "cannot write journal/s/00000001.fjl: No space left on device; free space on its disk, "
            "or choose another data directory"
        ),
        "True 10",
        "True",
    ]


def test_read_only_disk_is_told(on_small_disk: OnSmallDisk) -> None:
    """A disk that became read-only cannot be written, and what is on it can be read."""
    told = on_small_disk("""
from pathlib import Path
from connectors.journal.reader import read_frames
from connectors.journal.writer import JournalWriter, new_session
from fusion.errors import JournalError
from fusion.frames import Frame
frames = [Frame(0, 0, "clock", b"")]
writer = JournalWriter(Path("journal/s"))
writer.append(frames)
writer.close()
remount_read_only()
for attempt in (lambda: JournalWriter(Path("journal/s")), lambda: new_session(Path(), 0)):
    try:
        attempt()
    except JournalError as error:
        print(error)
print(list(read_frames(Path())) == frames)
""")
    assert told.splitlines() == [
        (
            "cannot open journal/s: Read-only file system; mount its disk writable, or choose "
            "another data directory"
        ),
        (
            "cannot make journal/19700101T000000Z: Read-only file system; mount its disk writable, "
            "or choose another data directory"
        ),
        "True",
    ]


def test_folder_without_the_right_to_write_is_told(tmp_path: Path) -> None:
    """A user who may not write in the data directory is told which, and what to do."""
    code = """
import os, sys
from pathlib import Path
from connectors.journal.writer import new_session
from fusion.errors import JournalError
os.chdir(sys.argv[1])
if not os.getuid():
    os.setuid(65534)
try:
    new_session(Path("data"), 0)
except JournalError as error:
    print(error)
"""
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    tmp_path.chmod(0o755)
    assert (done.stdout, done.stderr) == (
        (
            "cannot make data/journal/19700101T000000Z: Permission denied; give this user the "
            "right to write there, or choose another data directory\n"
        ),
        "",
    )
