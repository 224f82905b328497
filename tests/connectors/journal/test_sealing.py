"""Sealing: what is in the file is what was in the segment, whenever a crash comes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archive.frames import SealedFrames, to_columns, write_frames
from connectors.journal import sealing
from connectors.journal.reader import read_frames
from connectors.journal.sealing import (
    RemovalRules,
    Sealed,
    finished_segments,
    removable,
    remove_segment,
    seal_segment,
)
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.wanted import Wanted
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame

ROOT = Path(__file__).parents[3]
SESSION = "20261120T190501Z"
SEALED = f"journal-{SESSION}-00000001.parquet"
MakeFrames = Callable[..., list[Frame]]
MakeSession = Callable[..., Path]
OnSmallDisk = Callable[[str], str]

KILLED = """
import os, signal, sys
from pathlib import Path
from connectors.journal.sealing import remove_segment, seal_segment

STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "fcntl.flock"}
taken = 0

def kill_at(event, arguments, data, fatal):
    global taken
    if event in STEPS and (event == "fcntl.flock" or data in str(arguments[0])):
        taken += 1
        if taken > fatal:
            os.kill(os.getpid(), signal.SIGKILL)

for fatal, data in enumerate(sys.argv[1:]):
    child = os.fork()
    if not child:
        sys.addaudithook(lambda event, arguments: kill_at(event, arguments, data, fatal))
        segment = next(Path(data).glob("journal/*/00000001.fjl"))
        remove_segment(seal_segment(segment, Path(data) / "archive"))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Seals and removes in a child for each data directory, killed one step later each time."""


def _segment(tmp_path: Path, make_session: MakeSession, frames: list[Frame]) -> Path:
    return make_session(tmp_path / "journal" / SESSION, frames) / "00000001.fjl"


def _files(data: Path) -> tuple[str, ...]:
    """Return the names of all files in a data directory."""
    return tuple(sorted(path.name for path in data.rglob("*.*") if path.is_file()))


def test_sealed_segment_is_described(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """The file stands under the day of the first frame, and the facts are those of both files."""
    frames = make_frames(5)
    segment = _segment(tmp_path, make_session, frames)
    sealed = seal_segment(segment, tmp_path / "archive")
    file = tmp_path / "archive/frames/date=2026-09-21/league=all" / SEALED
    assert sealed == Sealed(
        segment=segment,
        file=file,
        stream=SESSION,
        frames=3,
        first_seq=0,
        last_seq=2,
        segment_bytes=segment.stat().st_size,
        file_bytes=file.stat().st_size,
        sealed_ns=file.stat().st_mtime_ns,
    )
    assert list(read_frames(file)) == frames[:3]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_sealed_file_outlives_a_power_cut(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, synced: set[Path]
) -> None:
    """It is synced, and so is every folder in which a new name stands: its segment may go."""
    segment = _segment(tmp_path, make_session, make_frames(5))
    synced.clear()
    file = seal_segment(segment, tmp_path / "archive").file
    assert synced == {file.with_name(f".{file.name}.tmp"), *file.parents[:4], tmp_path}


def test_sealing_again_changes_nothing(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A segment that is sealed stays as it is, also when its removal is asked for twice."""
    segment = _segment(tmp_path, make_session, make_frames(5))
    sealed = seal_segment(segment, tmp_path / "archive")
    assert seal_segment(segment, tmp_path / "archive") == sealed
    remove_segment(sealed)
    remove_segment(sealed)
    assert not segment.exists()
    assert list(read_frames(tmp_path)) == make_frames(5)


@given(
    st.lists(
        st.builds(
            Frame,
            seq=st.integers(0, 2**63 - 1),
            recv_ns=st.integers(0, 2**62),
            source=st.sampled_from(["clock", "espn:nba", "ünï"]),
            payload=st.binary(max_size=40),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_any_frames_are_sealed_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, frames: list[Frame]
) -> None:
    """Whatever numbers, times and bytes a segment holds come back in its order."""
    folder = tmp_path_factory.mktemp("sealed")
    segment = folder / "00000001.fjl"
    segment.write_bytes(HEADER + b"".join(map(encode_record, frames)))
    assert list(read_frames(seal_segment(segment, folder).file)) == frames


def test_segment_has_several_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_frames: MakeFrames
) -> None:
    """Long segments and large payloads are cut into groups, the same ones whenever compared."""
    monkeypatch.setattr(sealing, "GROUP_ROWS", 3 * sealing.FRAMES_A_TURN)
    writer = JournalWriter(tmp_path / SESSION)
    writer.append(make_frames(1000))
    writer.close()
    pauses: list[None] = []
    sealed = seal_segment(
        tmp_path / SESSION / "00000001.fjl", tmp_path, lambda: pauses.append(None)
    )
    assert SealedFrames(sealed.file).bounds("seq") == [(0, 383), (384, 767), (768, 999)]
    assert len(pauses) == 2 * 8
    assert list(read_frames(sealed.file, Wanted(from_seq=700))) == make_frames(300, first=700)


@pytest.mark.parametrize("harm", ["truncated", "empty", "flipped", "foreign", "shorter"])
def test_file_that_is_not_whole_is_made_anew(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession, harm: str
) -> None:
    """As long as the segment is there, a file that is damaged or ends early is replaced."""
    frames = make_frames(3, payload=bytes(range(256)))
    segment = make_session(tmp_path / "journal" / SESSION, frames, 10_000) / "00000001.fjl"
    sealed = seal_segment(segment, tmp_path / "archive")
    whole = sealed.file.read_bytes()
    flipped = bytearray(whole)
    flipped[whole.find(bytes(range(100, 140)))] ^= 1
    shorter = tmp_path / "shorter"
    with shorter.open("wb") as file:
        write_frames([to_columns(SESSION, frames[:2])], file)
    sealed.file.write_bytes(
        {
            "truncated": whole[:-20],
            "empty": b"",
            "flipped": bytes(flipped),
            "foreign": b"PAR1 is not all it takes PAR1",
            "shorter": shorter.read_bytes(),
        }[harm]
    )
    with pytest.raises(JournalError, match=r"is (damaged|not whole); remove it, and the segment"):
        remove_segment(sealed)
    assert segment.exists()
    again = seal_segment(segment, tmp_path / "archive")
    assert again.file.read_bytes() == whole
    remove_segment(again)
    assert list(read_frames(tmp_path)) == frames


def test_file_of_other_frames_is_never_replaced(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """What a file of that name holds and the segment does not is kept, and told."""
    segment = _segment(tmp_path, make_session, make_frames(3))
    sealed = seal_segment(segment, tmp_path / "archive")
    before = sealed.file.read_bytes()
    for others in (make_frames(3, payload=b"other"), make_frames(2)):
        segment.write_bytes(HEADER + b"".join(map(encode_record, others)))
        with pytest.raises(JournalError, match=f"^{sealed.file} holds other frames than {segment}"):
            seal_segment(segment, tmp_path / "archive")
        with pytest.raises(JournalError, match="is of other frames; remove it"):
            remove_segment(sealed)
    assert sealed.file.read_bytes() == before
    assert segment.exists()


def test_damaged_segment_is_not_sealed(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A segment that cannot be read whole leaves no file, not even a temporary one."""
    segment = _segment(tmp_path, make_session, make_frames(5))
    damaged = bytearray(segment.read_bytes())
    damaged[40] ^= 1
    segment.write_bytes(damaged)
    with pytest.raises(JournalError, match=f"{segment} holds no frames"):
        seal_segment(segment, tmp_path / "archive")
    damaged[40] ^= 1
    damaged[80] ^= 1
    segment.write_bytes(damaged)
    with pytest.raises(JournalError, match=f"{segment} is damaged at byte"):
        seal_segment(segment, tmp_path / "archive")
    assert [path for path in (tmp_path / "archive").rglob("*") if path.is_file()] == []


def test_numbers_beyond_the_table_are_refused(tmp_path: Path) -> None:
    """A number that no column takes leaves its segment in the journal."""
    segment = tmp_path / "00000001.fjl"
    segment.write_bytes(HEADER + encode_record(Frame(2**63, 0, "clock", b"")))
    with pytest.raises(JournalError, match=r"do not fit the table frames: .*; keep their segment"):
        seal_segment(segment, tmp_path)


def test_finished_segments_are_all_but_the_newest(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """The newest segment of a session may still grow, until the session is marked as finished."""
    first = make_session(tmp_path / "20261119T000000Z", make_frames(7))
    second = make_session(tmp_path / "20261120T000000Z", make_frames(7))
    (first / "finished").touch()
    (tmp_path / "20261121T000000Z").mkdir()
    (tmp_path / "notes.txt").write_text("")
    (first / "00000004.fjl").write_bytes(HEADER)
    assert finished_segments(tmp_path) == [
        *(first / f"0000000{number}.fjl" for number in (1, 2, 3)),
        *(second / f"0000000{number}.fjl" for number in (1, 2)),
    ]


def test_segments_of_hubs_are_sealed_apart(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """Each hub has a newest segment and files of its own; the mark is that of the session."""
    session = tmp_path / "journal" / SESSION
    folders = [make_session(session / f"hub-{hub}", make_frames(4)) for hub in (0, 1)]
    growing = finished_segments(session.parent)
    (session / "finished").touch()
    finished = finished_segments(session.parent)
    sealed = [seal_segment(segment, tmp_path / "archive") for segment in finished]
    for each in sealed:
        remove_segment(each)

    assert growing == [folder / "00000001.fjl" for folder in folders]
    assert [each.stream for each in sealed] == [SESSION] * 2 + [f"{SESSION}.hub-1"] * 2
    assert [list(read_frames(folder)) for folder in folders] == [make_frames(4)] * 2


@pytest.mark.parametrize(
    ("snapshots", "age_s", "may_go"),
    [(2, 60, True), (3, 61, True), (1, 10**6, False), (2, 59.999, False), (9, -3600, False)],
)
def test_segment_may_go_after_snapshots_and_time(
    snapshots: int, age_s: float, may_go: bool
) -> None:
    """Both are needed; a clock that went back keeps the segment."""
    now_ns = 1_790_000_000_000_000_000
    path = Path("x")
    sealed = Sealed(path, path, "s", 1, 0, 0, 1, 1, now_ns - round(age_s * 1e9))
    assert removable(sealed, snapshots, now_ns, RemovalRules(2, 60.0)) == may_go


def test_kill_at_any_step_loses_nothing(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """After SIGKILL at each step the frames are all there, once, and the next try succeeds."""
    frames = make_frames(5)
    directories = [tmp_path / f"data-{fatal}" for fatal in range(40)]
    for data in directories:
        _segment(data, make_session, frames)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, directories)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    codes = [int(line) for line in done.stdout.split()]
    steps = codes.index(0)
    assert codes == [-9] * steps + [0] * (len(directories) - steps)
    left = set()
    for data in directories:
        assert list(read_frames(data)) == frames
        left.add(_files(data))
        for segment in data.glob("journal/*/00000001.fjl"):
            remove_segment(seal_segment(segment, data / "archive"))
        assert list(read_frames(data)) == frames
        assert _files(data) == ("00000002.fjl", SEALED)
    segments = ("00000001.fjl", "00000002.fjl")
    assert left == {
        segments,
        (f".{SEALED}.tmp", *segments),
        (*segments, SEALED),
        (segments[1], SEALED),
    }


def test_full_disk_leaves_the_segment_alone(on_small_disk: OnSmallDisk) -> None:
    """Where the file has no room, nothing of it stays, and the segment does."""
    told = on_small_disk("""
import random
from pathlib import Path
from connectors.journal.reader import read_frames
from connectors.journal.sealing import seal_segment
from connectors.journal.wanted import Wanted
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame
writer = JournalWriter(Path("journal/s"))
noise = random.Random(1)
frames = [Frame(seq, seq, "clock", noise.randbytes(1000)) for seq in range(150)]
writer.append(frames)
writer.close()
try:
    seal_segment(Path("journal/s/00000001.fjl"), Path("archive"))
except JournalError as error:
    print(error)
print([str(path) for path in Path("archive").rglob("*.*")], list(read_frames(Path())) == frames)
""")
    assert told.splitlines() == [
        (
            "cannot write archive/frames/date=1969-12-31/league=all/journal-s-00000001.parquet: No "
            "space left on device; free space on its disk, or choose another data directory"
        ),
        "[] True",
    ]
