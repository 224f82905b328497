"""Recorded frames as an input: whole, resumed, of several hubs, and paced."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bytewax.dataflow import Dataflow
from bytewax.operators import input as op_input
from bytewax.operators import map as op_map
from bytewax.operators import output as op_output
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import TestingSink, run_main

from connectors.journal.hub_count import record_hub_count
from connectors.journal.jsonl import write_jsonl
from connectors.journal.sessions import hub_folder
from connectors.journal.wanted import Wanted
from connectors.journal.writer import JournalWriter, journal_directory
from flows.board import Board
from flows.feeds import WAIT_S
from flows.pace import Pacer
from flows.recorded import FramesSource, recorded_hubs
from fusion.errors import JournalError
from fusion.frames import Frame

SECOND = 1_000_000_000
FRAMES = [Frame(seq, 100 + seq, "clock", b"%d" % seq) for seq in range(10)]
ONE_HUB = {"hub-0": lambda: iter(FRAMES)}


@pytest.fixture
def board() -> Board:
    """Return a board that has seen nothing."""
    return Board(measure_latency=False)


def run(source: FramesSource, step: Callable[[Frame], Frame] = lambda f: f) -> list[Frame]:
    """Drive a flow of one source and one sink and return what came out."""
    out: list[Frame] = []
    flow = Dataflow("test")
    op_output("out", op_map("step", op_input("feeds", flow, source), step), TestingSink(out))
    run_main(flow)
    return out


@pytest.mark.parametrize("batch_frames", [1, 3, 10, 500])
def test_recorded_frames_come_as_they_are(board: Board, batch_frames: int) -> None:
    """Recorded frames keep their numbers and times, whatever the batch."""
    assert run(FramesSource(ONE_HUB, board, batch_frames)) == FRAMES
    assert board.frames == len(FRAMES)


def test_every_batch_is_told(board: Board) -> None:
    """Whoever shows how far it is hears of each batch, and when its last frame was received."""
    told: list[tuple[int, int]] = []
    run(FramesSource(ONE_HUB, board, 4, passed=lambda count, ns: told.append((count, ns))))
    assert told == [(4, 103), (4, 107), (2, 109)]


def test_resumes_behind_what_was_emitted(board: Board) -> None:
    """The state of a recording is how many frames were emitted."""
    source = FramesSource(ONE_HUB, board, 4)
    first = source.build_part("feeds", "hub-0", None)
    emitted = first.next_batch()
    resumed = source.build_part("feeds", "hub-0", first.snapshot())

    assert (emitted, first.snapshot()) == (FRAMES[:4], 4)
    assert [resumed.next_batch(), resumed.next_batch(), resumed.snapshot()] == [
        FRAMES[4:8],
        FRAMES[8:],
        10,
    ]
    with pytest.raises(StopIteration):
        resumed.next_batch()


@pytest.mark.parametrize("speed", [None, 1e6])
def test_a_killed_replay_goes_on_where_its_snapshot_was(
    board: Board, tmp_path: Path, speed: float | None
) -> None:
    """With a recovery store every frame comes out, though the first run died at the seventh."""
    init_db_dir(tmp_path, 1)
    recovery = RecoveryConfig(str(tmp_path))
    out: list[Frame] = []

    def attempt(dies_at: int | None) -> None:
        def step(frame: Frame) -> Frame:
            if frame.seq == dies_at:
                msg = "killed"
                raise RuntimeError(msg)
            return frame

        flow = Dataflow("test")
        source = FramesSource(ONE_HUB, board, 2, None if speed is None else Pacer(speed))
        frames = op_input("feeds", flow, source)
        op_output("out", op_map("step", frames, step), TestingSink(out))
        run_main(flow, epoch_interval=timedelta(0), recovery_config=recovery)

    with pytest.raises(RuntimeError):
        attempt(7)
    died_with = len(out)
    attempt(None)

    assert 0 < died_with <= 7
    assert sorted({frame.seq for frame in out}) == list(range(10))
    assert len(out) < 10 + died_with


def test_each_hub_is_a_partition(board: Board, tmp_path: Path) -> None:
    """The frames of a hub come in its own order, under the name its hub had in the run."""
    session = journal_directory(tmp_path) / "20261120T190501Z"
    others = [Frame(seq, 50 + seq, "clock", b"other") for seq in range(3)]
    for hub, frames in enumerate((FRAMES, others)):
        writer = JournalWriter(hub_folder(session, hub))
        writer.append(frames)
        writer.close()
    hubs = recorded_hubs(tmp_path)
    out = run(FramesSource(hubs, board, 2))

    assert FramesSource(hubs, board, 2).list_parts() == ["hub-0", "hub-1"]
    assert [frame for frame in out if frame.payload != b"other"] == FRAMES
    assert [frame for frame in out if frame.payload == b"other"] == others


def by_seq(frame: Frame) -> int:
    """Return the number of a frame, to sort by."""
    return frame.seq


def test_each_hub_of_the_run_is_a_partition(board: Board, tmp_path: Path) -> None:
    """Also one that wrote nothing, as games are shared among all; one hub by name is alone."""
    record_hub_count(tmp_path, 4)
    session = journal_directory(tmp_path) / "20261120T190501Z"
    for hub in (0, 2):
        writer = JournalWriter(hub_folder(session, hub))
        writer.append(FRAMES)
        writer.close()
    write_jsonl(FRAMES, tmp_path / "night.jsonl")

    for path in (tmp_path, session.parent, session):
        assert list(recorded_hubs(path)) == ["hub-0", "hub-1", "hub-2", "hub-3"]
    assert sorted(run(FramesSource(recorded_hubs(tmp_path), board, 2)), key=by_seq) == sorted(
        [*FRAMES, *FRAMES], key=by_seq
    )
    assert list(recorded_hubs(hub_folder(session, 2))) == ["hub-2"]
    assert list(recorded_hubs(tmp_path / "night.jsonl")) == ["hub-0"]


def test_what_is_not_wanted_is_not_emitted(board: Board, tmp_path: Path) -> None:
    """The end of a window holds for every hub; lines are the frames of one."""
    write_jsonl(FRAMES, tmp_path / "frames.jsonl")
    hubs = recorded_hubs(tmp_path / "frames.jsonl", Wanted(until_ns=105))

    assert list(hubs) == ["hub-0"]
    assert run(FramesSource(hubs, board, 500)) == FRAMES[:5]


def test_no_frames_are_told_at_once(tmp_path: Path) -> None:
    """Before a flow is made of it, a path without frames is an error."""
    with pytest.raises(JournalError, match="does not exist"):
        recorded_hubs(tmp_path / "nowhere")


SECONDS = [Frame(seq, seq * SECOND, "clock", b"") for seq in range(5)]


def test_frames_wait_until_they_are_due(board: Board) -> None:
    """Nothing comes before its time, all of it at its time, and no turn blocks for long."""
    clock = [0]
    pacer = Pacer(2.0, now_ns=lambda: clock[0])
    part = FramesSource({"hub-0": lambda: iter(SECONDS)}, board, 500, pacer).build_part(
        "feeds", "hub-0", None
    )
    came = {}
    slowest_s = 0.0
    for clock[0] in (0, SECOND // 2 - 1, SECOND // 2, SECOND, 10 * SECOND):
        began = time.perf_counter()
        came[clock[0]] = [frame.seq for frame in part.next_batch()]
        slowest_s = max(slowest_s, time.perf_counter() - began)

    assert came == {0: [0], SECOND // 2 - 1: [], SECOND // 2: [1], SECOND: [2], 10 * SECOND: [3, 4]}
    assert slowest_s < 20 * WAIT_S
    assert part.snapshot() == board.frames == 5
    with pytest.raises(StopIteration):
        part.next_batch()


def test_a_paced_source_is_woken_at_once(board: Board) -> None:
    """It waits by itself, for some milliseconds, so that it never delays another source."""
    source = FramesSource(ONE_HUB, board, 4, Pacer(1.0))
    woken = source.build_part("feeds", "hub-0", None).next_awake()
    assert woken is not None
    assert woken < datetime.now(UTC)


def test_a_night_takes_its_time(board: Board) -> None:
    """Four seconds at twenty times their speed last a fifth of one; before the window, nothing."""
    hubs = {"hub-0": lambda: iter(SECONDS)}
    began = time.perf_counter()
    whole = run(FramesSource(hubs, board, 500, Pacer(20.0)))
    whole_s = time.perf_counter() - began
    began = time.perf_counter()
    late = run(FramesSource(hubs, board, 500, Pacer(0.1, from_ns=4 * SECOND)))
    late_s = time.perf_counter() - began

    assert whole == late == SECONDS
    assert whole_s >= 0.2
    assert late_s < 5.0
