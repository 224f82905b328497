"""The reader: sessions, segments and lines give the same frames, and damage is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.archive.frames import to_columns, write_frames
from connectors.journal.jsonl import write_jsonl
from connectors.journal.reader import hubs_in, read_frames
from connectors.journal.sealing import seal_segment
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.sessions import hub_folder
from connectors.journal.wanted import Wanted
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame

MakeFrames = Callable[..., list[Frame]]
MakeSession = Callable[..., Path]
NAME = "20261120T190501Z"


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
        f"{path} is damaged at byte {len(HEADER + records[0])}; restore it from a copy, or run: "
        f"fairline journal repair {path}"
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


def _seal(data: Path, numbers: list[int], *, keep: bool = False) -> None:
    """Seal segments of the session `NAME`, and remove them from its journal."""
    for number in numbers:
        segment = data / "journal" / NAME / f"{number:08d}.fjl"
        seal_segment(segment, data / "archive")
        if not keep:
            segment.unlink()


@pytest.mark.parametrize("sealed", [[1], [1, 2, 3], [2], [1, 3], [3]])
@pytest.mark.parametrize("keep", [False, True])
def test_mix_of_journal_and_archive_gives_each_frame_once(
    tmp_path: Path,
    make_frames: MakeFrames,
    make_session: MakeSession,
    sealed: list[int],
    keep: bool,
) -> None:
    """Whichever segments are sealed, gone or both, every way to name them gives the same frames."""
    frames = make_frames(9)
    session = make_session(tmp_path / "journal" / NAME, frames)
    _seal(tmp_path, sealed, keep=keep)
    for path in (tmp_path, tmp_path / "journal", session):
        assert list(read_frames(path)) == frames
    in_archive = [frame for number in sealed for frame in frames[3 * number - 3 : 3 * number]]
    table = tmp_path / "archive" / "frames"
    if sealed in ([1, 2, 3], [1], [2], [3]):
        assert list(read_frames(table)) == in_archive
        assert list(read_frames(next(table.glob("date=*")))) == in_archive
    first = next(table.glob(f"*/*/journal-{NAME}-{sealed[0]:08d}.parquet"))
    assert list(read_frames(first)) == frames[3 * sealed[0] - 3 : 3 * sealed[0]]


def test_session_without_a_folder_is_read_from_the_archive(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A session all of which is sealed is still called by its place in the journal."""
    frames = make_frames(9)
    session = make_session(tmp_path / "journal" / NAME, frames)
    _seal(tmp_path, [1, 2, 3])
    session.rmdir()
    assert list(read_frames(session)) == frames
    assert list(read_frames(tmp_path)) == frames


def test_segment_that_leaves_while_it_is_read_is_taken_from_the_archive(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A reader that listed the session before a segment was sealed and removed misses nothing."""
    frames = make_frames(9)
    make_session(tmp_path / "journal" / NAME, frames)
    reader = read_frames(tmp_path)
    read = [next(reader)]
    _seal(tmp_path, [1, 2, 3])
    assert read + list(reader) == frames


def test_live_session_is_read_as_far_as_it_is_whole(
    tmp_path: Path, make_frames: MakeFrames
) -> None:
    """A session that is being written gives what is on record at the moment of reading."""
    frames = make_frames(9)
    writer = JournalWriter(tmp_path / "journal" / NAME, 200)
    for count, frame in enumerate(frames, 1):
        writer.append([frame])
        assert list(read_frames(tmp_path)) == frames[:count]
    writer.close()


@pytest.mark.parametrize("from_seq", range(11))
@pytest.mark.parametrize("sealed", [[], [1, 2], [1, 2, 3]])
def test_reading_begins_at_a_position(
    tmp_path: Path,
    make_frames: MakeFrames,
    make_session: MakeSession,
    from_seq: int,
    sealed: list[int],
) -> None:
    """From a frame of a session on, wherever that stands, and then all of the later sessions."""
    frames, later = make_frames(9), make_frames(2)
    make_session(tmp_path / "journal" / "20251120T000000Z", make_frames(4))
    make_session(tmp_path / "journal" / NAME, frames)
    make_session(tmp_path / "journal" / f"{NAME}-01", later)
    _seal(tmp_path, sealed)
    wanted = Wanted(NAME, from_seq)
    assert list(read_frames(tmp_path, wanted)) == frames[from_seq:] + later
    only = tmp_path / "journal" / NAME
    assert list(read_frames(only, Wanted(from_seq=from_seq))) == frames[from_seq:]


@pytest.mark.parametrize("name", ["frames.jsonl", "frames.parquet", "00000001.fjl"])
def test_files_are_filtered_too(tmp_path: Path, name: str) -> None:
    """Position, time and source are asked of every frame, in every kind of file."""
    frames = [
        Frame(seq, ns, source, b"{}")
        for seq, (ns, source) in enumerate(
            [(10, "clock"), (20, "espn:nba"), (25, "espn:nhl"), (30, "espn:nba"), (40, "espn:nba")]
        )
    ]
    path = tmp_path / name
    if name.endswith("jsonl"):
        write_jsonl(frames, path)
    elif name.endswith("parquet"):
        with path.open("wb") as file:
            write_frames([to_columns("s", frames[:2]), to_columns("s", frames[2:])], file)
    else:
        path.write_bytes(HEADER + b"".join(map(encode_record, frames)))
    wanted = Wanted(from_seq=1, since_ns=20, until_ns=40, sources=frozenset({"espn:nba"}))
    assert list(read_frames(path, wanted)) == [frames[1], frames[3]]
    assert list(read_frames(path, Wanted(sources=frozenset({"espn:"})))) == frames[1:]


def test_order_is_that_of_writing_whatever_the_clock_did(
    tmp_path: Path, make_session: MakeSession
) -> None:
    """Receive times that jump back and ahead change no order, in the journal or sealed."""
    times = [500, 400, 90_000_000_000_000_000, 7, 8, 600, 500, 500, 1]
    frames = [Frame(seq, ns, "clock", b"x" * 20) for seq, ns in enumerate(times)]
    make_session(tmp_path / "journal" / NAME, frames)
    assert list(read_frames(tmp_path)) == frames
    _seal(tmp_path, [1, 2])
    assert list(read_frames(tmp_path)) == frames
    late = Wanted(since_ns=500)
    assert [frame.seq for frame in read_frames(tmp_path, late)] == [0, 2, 5, 6, 7]


def test_missing_segment_is_named(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A hole between segments is an error; those that went first by their age are no hole."""
    session = make_session(tmp_path / "journal" / NAME, make_frames(12))
    (session / "00000001.fjl").unlink()
    assert [frame.seq for frame in read_frames(session)] == list(range(3, 12))
    (session / "00000003.fjl").unlink()
    with pytest.raises(JournalError) as caught:
        list(read_frames(session))
    assert str(caught.value) == (
        f"session {NAME} in {tmp_path}/journal lacks segment 00000003; restore it from a copy, or "
        "read the other segments one by one"
    )


def test_frames_that_go_back_are_refused(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A segment that repeats frames of the one before does not belong there."""
    session = make_session(tmp_path, make_frames(6))
    (session / "00000003.fjl").write_bytes((session / "00000002.fjl").read_bytes())
    with pytest.raises(JournalError, match=r"/00000003\.fjl goes back to frame 3, behind frame 5"):
        list(read_frames(session))


def test_damaged_sealed_file_is_named(
    tmp_path: Path, make_frames: MakeFrames, make_session: MakeSession
) -> None:
    """A byte that changed in a sealed file is found by its checksum."""
    make_session(tmp_path / "journal" / NAME, make_frames(9, payload=bytes(range(256))))
    _seal(tmp_path, [1])
    (file,) = (tmp_path / "archive").rglob("*.parquet")
    damaged = bytearray(file.read_bytes())
    damaged[damaged.find(bytes(range(100, 140)))] ^= 1
    file.write_bytes(damaged)
    with pytest.raises(JournalError, match=f"^sealed frames {file} cannot be read: .*; restore"):
        list(read_frames(tmp_path))


def _frame(seq: int, recv_ns: int, payload: bytes = b"") -> Frame:
    return Frame(seq, recv_ns, "clock", payload)


FIRST_HUB = [_frame(0, 10), _frame(1, 40), _frame(2, 30), _frame(3, 60)]
SECOND_HUB = [_frame(0, 20, b"1"), _frame(1, 35, b"1"), _frame(2, 60, b"1")]


@pytest.fixture
def hubs(tmp_path: Path) -> Path:
    """Return a data directory whose session was written by two hubs."""
    session = tmp_path / "journal" / NAME
    for number, frames in enumerate((FIRST_HUB, SECOND_HUB)):
        _session(hub_folder(session, number), frames)
    return tmp_path


def test_hubs_are_read_in_order_of_time(hubs: Path) -> None:
    """The earlier frame comes first, at one time the first hub's; no hub's order is changed."""
    session = hubs / "journal" / NAME
    expected = [FIRST_HUB[0], SECOND_HUB[0], SECOND_HUB[1], *FIRST_HUB[1:], SECOND_HUB[2]]

    assert [list(read_frames(path)) for path in (hubs, session)] == [expected] * 2


@pytest.mark.parametrize("sealed", [False, True])
def test_one_hub_is_read_alone(hubs: Path, sealed: bool) -> None:
    """A hub is read by its number or by its folder, also when its segments are sealed."""
    session = hubs / "journal" / NAME
    if sealed:
        for segment in session.glob("hub-*/*.fjl"):
            seal_segment(segment, hubs / "archive")
            segment.unlink()

    assert hubs_in(hubs) == hubs_in(session) == [0, 1]
    assert hubs_in(hub_folder(session, 1)) == [1]
    for hub, frames in enumerate((FIRST_HUB, SECOND_HUB)):
        assert list(read_frames(hubs, Wanted(hub=hub))) == frames
        assert list(read_frames(hub_folder(session, hub))) == frames


def test_a_position_holds_for_every_hub(hubs: Path) -> None:
    """Each hub numbers its frames for itself, and is read from that number on."""
    found = list(read_frames(hubs, Wanted(from_seq=2)))
    assert found == [FIRST_HUB[2], FIRST_HUB[3], SECOND_HUB[2]]


def test_a_hole_is_told_with_its_hub(hubs: Path, make_frames: MakeFrames) -> None:
    """What is missing is named by session and hub."""
    folder = hub_folder(hubs / "journal" / NAME, 1)
    _session(folder, make_frames(12, first=3))
    (folder / "00000002.fjl").unlink()
    with pytest.raises(JournalError, match=f"^session {NAME}.hub-1 in .*/journal lacks segment"):
        list(read_frames(hubs))


def test_frames_without_a_session_are_of_the_first_hub(tmp_path: Path) -> None:
    """Lines, and a folder with nothing in it, count as of hub 0."""
    write_jsonl(FIRST_HUB[:2], tmp_path / "frames.jsonl")
    assert [hubs_in(path) for path in (tmp_path / "frames.jsonl", tmp_path)] == [[0], [0]]
