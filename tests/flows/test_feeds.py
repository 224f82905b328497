from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from bytewax.dataflow import Dataflow
from bytewax.operators import input as op_input
from bytewax.operators import map as op_map
from bytewax.operators import output as op_output
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import TestingSink, run_main

from connectors.journal.finished import mark_finished
from connectors.journal.reader import read_frames
from connectors.journal.sealer import Sealer
from connectors.journal.sealing import RemovalRules
from connectors.journal.wanted import Wanted
from connectors.journal.writer import JournalWriter, journal_directory
from flows.board import Board
from flows.feeds import FIRST, HubPartition, HubSource, Place
from flows.inbox import Arrival, Inbox
from flows.session import RunSession
from fusion.errors import FeedError, RecoveryError
from fusion.frames import Frame, Gap, encode_control

FRAMES = [Frame(seq, 100 + seq, "clock", b"%d" % seq) for seq in range(10)]


class FakeHub:
    """Connectors without a thread: what a test leaves in the inbox is what arrives."""

    def __init__(self, limit: int = 100) -> None:
        ticks = count(1000)
        self.inbox = Inbox(limit, lambda: next(ticks))
        self.started = self.stopped = self.over = False
        self.error: FeedError | None = None

    def start(self) -> None:
        """Note that it was asked to start."""
        self.started = True

    def check(self) -> None:
        """Fail as the test says."""
        if self.error:
            raise self.error

    def ended(self) -> bool:
        """Tell what the test says."""
        return self.over

    def stop(self) -> None:
        """Note that it was asked to stop."""
        self.stopped = True

    def stopping(self) -> bool:
        """Tell whether it was asked to stop."""
        return self.stopped


def opened(
    hub: FakeHub,
    board: Board,
    folder: Path,
    *,
    batch_frames: int = 3,
    first_seq: int = 0,
    sealer: Sealer | None = None,
    journal: type[JournalWriter] = JournalWriter,
) -> HubPartition:
    """Return a partition over a session's folder that goes on at `first_seq`."""
    writer = journal(folder)
    left = read_frames(folder, Wanted(from_seq=first_seq)) if writer.next_seq else iter(())
    place = Place(folder.name, writer, left, first_seq)
    return HubPartition(FIRST, hub, place, board, batch_frames=batch_frames, sealer=sealer)


@pytest.fixture
def hub() -> FakeHub:
    """Return connectors that bring nothing yet."""
    return FakeHub()


@pytest.fixture
def board() -> Board:
    """Return an empty board."""
    return Board(measure_latency=False)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Return the folder of a session that is still to be written."""
    return tmp_path / "session"


@pytest.fixture
def part(hub: FakeHub, board: Board, journal: Path) -> Iterator[HubPartition]:
    """Return a source partition over the fake, with batches of three."""
    partition = opened(hub, board, journal)
    yield partition
    partition.close()


def test_frames_are_on_record_before_they_are_emitted(
    part: HubPartition, hub: FakeHub, journal: Path, board: Board
) -> None:
    """When a batch is handed over the journal has it, numbered, with nothing more behind it."""
    for number in range(4):
        hub.inbox.put("espn:nba", b"%d" % number)

    first = part.next_batch()
    assert first == [Frame(n, 1000 + n, "espn:nba", b"%d" % n) for n in range(3)]
    assert list(read_frames(journal)) == first

    second = part.next_batch()
    assert second == [Frame(3, 1003, "espn:nba", b"3")]
    assert list(read_frames(journal)) == first + second
    assert board.frames == 4


def test_building_starts_the_connectors_and_quiet_is_no_end(
    part: HubPartition, hub: FakeHub
) -> None:
    """A partition starts its hub, and while the hub lives, nothing there is an empty batch."""
    assert hub.started
    assert (part.next_batch(), part.next_batch()) == ([], [])
    assert not hub.stopped


def test_ends_when_the_connectors_ended_and_all_is_taken(
    part: HubPartition, hub: FakeHub, board: Board
) -> None:
    """What arrived before the end is emitted before the end, and only then is the run drained."""
    hub.inbox.put("clock", b"last")
    hub.over = True

    assert [frame.payload for frame in part.next_batch()] == [b"last"]
    assert not board.is_drained()
    with pytest.raises(StopIteration):
        part.next_batch()
    assert board.is_drained()


def test_dead_connector_is_told_behind_what_it_brought(
    part: HubPartition, hub: FakeHub, journal: Path, board: Board
) -> None:
    """The error of a connector ends the source undrained, and what had arrived is on record."""
    hub.inbox.put("clock", b"last")
    hub.error, hub.over = FeedError("the feeds stopped: no memory"), True

    assert [frame.payload for frame in part.next_batch()] == [b"last"]
    with pytest.raises(FeedError, match=r"^the feeds stopped: no memory$"):
        part.next_batch()
    assert not board.is_drained()
    assert [frame.payload for frame in read_frames(journal)] == [b"last"]


def test_last_words_of_a_dying_connector_are_kept(
    hub: FakeHub, board: Board, journal: Path
) -> None:
    """What arrives between a look into the inbox and the look at the thread is not lost."""

    class Late(Inbox):
        def take(self, most: int, timeout_s: float) -> list[Arrival]:
            taken = super().take(most, timeout_s)
            if not hub.over:
                self.put("clock", b"last words")
                hub.error, hub.over = FeedError("dead"), True
            return taken

    hub.inbox = Late(9)
    partition = opened(hub, board, journal)
    batches = [partition.next_batch(), partition.next_batch()]

    assert [[frame.payload for frame in batch] for batch in batches] == [[], [b"last words"]]
    with pytest.raises(FeedError, match=r"^dead$"):
        partition.next_batch()
    partition.close()


def test_snapshot_is_the_next_frame_and_syncs(hub: FakeHub, board: Board, journal: Path) -> None:
    """A snapshot makes the journal outlive a power cut and tells which frame comes next."""
    synced: list[int] = []

    class Watched(JournalWriter):
        def sync(self) -> None:
            super().sync()
            synced.append(len(list(read_frames(journal))))

    partition = opened(hub, board, journal, journal=Watched)
    hub.inbox.put("clock", b"")
    hub.inbox.put("clock", b"")
    partition.next_batch()

    assert (partition.snapshot(), synced) == (("session", 2), [2])
    partition.close()


def test_close_stops_the_connectors_and_lets_the_journal_go(
    hub: FakeHub, board: Board, journal: Path
) -> None:
    """After a close the session can be held by another writer."""
    partition = opened(hub, board, journal)
    partition.close()

    assert hub.stopped
    JournalWriter(journal).close()


def test_overflow_is_a_gap_in_the_journal(board: Board, journal: Path) -> None:
    """A flow slower than its feeds finds a gap where frames are missing, and so does a replay."""
    hub = FakeHub(limit=2)
    partition = opened(hub, board, journal, batch_frames=10)
    for number in range(5):
        hub.inbox.put("clock", b"%d" % number)
    before = partition.next_batch()
    hub.inbox.put("clock", b"5")
    after = partition.next_batch()
    partition.close()

    gap = encode_control(Gap("the queue was full: the flow is slower than the feeds", 3))
    assert [frame.payload for frame in before] == [b"0", b"1"]
    assert [(frame.seq, frame.source, frame.payload) for frame in after] == [
        (2, "control", gap),
        (3, "clock", b"5"),
    ]
    assert list(read_frames(journal)) == before + after


def test_is_woken_at_once(part: HubPartition) -> None:
    """The engine never makes the source wait: the moment of its next turn has passed."""
    assert part.next_awake() < datetime.now(UTC)


def run(source: HubSource, step: Callable[[Frame], Frame] = lambda f: f) -> list[Frame]:
    """Drive a flow of one source and one sink and return what came out."""
    out: list[Frame] = []
    flow = Dataflow("test")
    op_output("out", op_map("step", op_input("feeds", flow, source), step), TestingSink(out))
    run_main(flow)
    return out


def hub_source(hub: FakeHub, board: Board, root: Path, told: str = "session") -> HubSource:
    """Return a source of the data directory `root`."""

    def open_journal(session: str, number: int) -> tuple[Path, JournalWriter]:
        assert number == 0
        folder = journal_directory(root) / session
        return folder, JournalWriter(folder)

    return HubSource([hub], RunSession(root, told), open_journal, board, batch_frames=3)


def test_hub_in_a_dataflow(hub: FakeHub, board: Board, tmp_path: Path) -> None:
    """The engine emits what arrived, ends with the connectors, and closes the journal."""
    for number in range(7):
        hub.inbox.put("clock", b"%d" % number)
    hub.over = True
    source = hub_source(hub, board, tmp_path)

    out = run(source)

    assert source.list_parts() == [FIRST]
    assert [(frame.seq, frame.payload) for frame in out] == [(n, b"%d" % n) for n in range(7)]
    assert list(read_frames(tmp_path)) == out
    assert hub.stopped
    JournalWriter(journal_directory(tmp_path) / "session").close()


def test_hub_is_not_started_before_it_is_built(hub: FakeHub, board: Board, tmp_path: Path) -> None:
    """Describing a flow starts nothing and opens nothing."""
    hub_source(hub, board, tmp_path)

    assert (hub.started, list(tmp_path.iterdir())) == (False, [])


def test_finished_sessions_are_sealed_beside_a_run(
    hub: FakeHub, board: Board, tmp_path: Path
) -> None:
    """What an earlier run left becomes Parquet, removed after two more snapshots."""
    old = journal_directory(tmp_path) / "20261120T190000Z"
    writer = JournalWriter(old)
    writer.append(FRAMES)
    writer.close()
    mark_finished(tmp_path, old.name)
    sealer = Sealer(tmp_path, RemovalRules(snapshots=2, retention_s=0.0))
    partition = opened(hub, board, journal_directory(tmp_path) / "now", sealer=sealer)
    deadline = time.monotonic() + 20
    while not sealer.removed and time.monotonic() < deadline:
        partition.snapshot()
        time.sleep(0.05)
    partition.close()

    assert (sealer.sealed, sealer.removed, board.warnings) == (1, 1, {})
    assert list(old.glob("*.fjl")) == []
    assert list(read_frames(old)) == FRAMES


def test_what_was_left_comes_first_and_as_it_was(hub: FakeHub, board: Board, journal: Path) -> None:
    """A partition that goes on emits the rest of the journal, and only then starts the hub."""
    writer = JournalWriter(journal)
    writer.append(FRAMES)
    writer.close()
    partition = opened(hub, board, journal, batch_frames=4, first_seq=3)
    first = partition.next_batch()
    assert (first, partition.snapshot(), hub.started) == (FRAMES[3:7], ("session", 7), False)

    assert (partition.next_batch(), partition.next_batch(), hub.started) == (FRAMES[7:], [], True)
    hub.inbox.put("clock", b"new")
    new = partition.next_batch()
    partition.close()

    assert new == [Frame(10, 1000, "clock", b"new")]
    assert list(read_frames(journal)) == FRAMES + new


def test_time_does_not_go_back_over_a_restart(hub: FakeHub, board: Board, journal: Path) -> None:
    """Where the clock was set back meanwhile, frames bear the time of the last one on record."""
    late = Frame(0, 5_000, "clock", b"late")
    writer = JournalWriter(journal)
    writer.append([late])
    writer.close()
    partition = opened(hub, board, journal, first_seq=1)
    hub.inbox.put("clock", b"new")

    assert partition.next_batch() == [Frame(1, 5_000, "clock", b"new")]
    partition.close()


def test_a_stop_leaves_the_rest_for_the_next_process(
    hub: FakeHub, board: Board, journal: Path
) -> None:
    """Who stops a run that still catches up does not wait for it; nothing counts as drained."""
    writer = JournalWriter(journal)
    writer.append(FRAMES)
    writer.close()
    partition = opened(hub, board, journal, batch_frames=4)
    partition.next_batch()
    hub.stop()

    with pytest.raises(StopIteration):
        partition.next_batch()
    assert (partition.snapshot(), board.is_drained()) == (("session", 4), False)
    partition.close()


@pytest.mark.parametrize("dies_at", range(1, 10))
def test_a_killed_run_goes_on_where_its_snapshot_was(
    board: Board, tmp_path: Path, dies_at: int
) -> None:
    """After a crash everything comes once more from the last snapshot on, and then what is new."""
    (tmp_path / "store").mkdir()
    init_db_dir(tmp_path / "store", 1)
    recovery = RecoveryConfig(str(tmp_path / "store"))
    out: list[Frame] = []

    def attempt(dies: int | None, *payloads: int) -> None:
        hub = FakeHub()
        for number in payloads:
            hub.inbox.put("clock", b"%d" % number)
        hub.over = True

        def step(frame: Frame) -> Frame:
            if frame.seq == dies:
                msg = "killed"
                raise RuntimeError(msg)
            return frame

        flow = Dataflow("test")
        frames = op_input("feeds", flow, hub_source(hub, board, tmp_path))
        op_output("out", op_map("step", frames, step), TestingSink(out))
        run_main(flow, epoch_interval=timedelta(0), recovery_config=recovery)

    with pytest.raises(RuntimeError):
        attempt(dies_at, *range(10))
    attempt(None, *range(10, 13))

    journaled = list(read_frames(tmp_path))
    assert [frame.seq for frame in journaled] == list(range(len(journaled)))
    assert sorted({frame.seq for frame in out}) == list(range(len(journaled)))
    assert journaled[-3:] == out[-3:]


def test_a_journal_that_ends_before_the_store_is_refused(
    hub: FakeHub, board: Board, tmp_path: Path
) -> None:
    """Frames that the store has seen and the journal has not would leave a hole in the replay."""
    folder = journal_directory(tmp_path) / "session"
    writer = JournalWriter(folder)
    writer.append(FRAMES[:4])
    writer.close()

    with pytest.raises(RecoveryError) as caught:
        hub_source(hub, board, tmp_path).build_part("feeds", FIRST, ("session", 6))
    assert str(caught.value) == (
        f"the recovery store goes on behind frame 5 of {folder}, whose journal ends before frame "
        "4: bring back what is missing, or begin a new session with: fairline run --new"
    )
    JournalWriter(folder).close()


def test_a_journal_that_begins_behind_the_store_is_refused(
    hub: FakeHub, board: Board, tmp_path: Path
) -> None:
    """What came before its first segment, and after the snapshot, would be missing unseen."""
    folder = journal_directory(tmp_path) / "session"
    writer = JournalWriter(folder, segment_bytes=1)
    for each in FRAMES:
        writer.append([each])
    writer.close()
    (folder / "00000001.fjl").unlink()
    part = hub_source(hub, board, tmp_path).build_part("feeds", FIRST, ("session", 0))

    with pytest.raises(RecoveryError) as caught:
        part.next_batch()
    part.close()
    assert str(caught.value) == (
        "the recovery store goes on at frame 0 of session session, whose journal goes on at frame "
        "1: bring back the segments that are missing, or begin a new session with: fairline run "
        "--new"
    )
