"""Replay: the same graph, driven by recorded frames, as a whole or in part."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import msgspec

from connectors.archive.publish import publish_leftovers
from connectors.disk import disk_errors
from connectors.journal.wanted import Wanted
from flows.board import Board
from flows.drive import drive
from flows.pace import Pacer
from flows.recorded import FramesSource, Passed, recorded_hubs
from flows.run import wire
from flows.settings import Settings
from flows.window import Window
from fusion.errors import ArchiveError

SESSION = "replay"
MARKER = "replay.json"
BATCH_FRAMES = 500


class Manner(msgspec.Struct, frozen=True):
    """How a replay is played, and what of it is kept; `speed` is a multiple of the night's own.

    Without a speed it is played as fast as it can be. What is before the window is always played
    so, as it is only there to know how things stood.
    """

    speed: float | None = None
    window: Window = Window()
    workers: int = 1
    batch_frames: int = BATCH_FRAMES


class Replayed(msgspec.Struct, frozen=True):
    """What a replay counted; `signals` are those that opened.

    `frames` and `frames_per_s` count all that were read, the rest what the window kept.
    """

    frames: int
    games: int
    ticks: int
    signals: int
    dead_letters: int
    frames_per_s: float


AT_ONCE = Manner()


def replay(
    frames: Path,
    settings: Settings,
    manner: Manner = AT_ONCE,
    passed: Passed = lambda _, __: None,
) -> Replayed:
    """Drive the graph from `frames` into the data directory of the settings.

    `frames` is anything `read_frames` takes; `passed` is told of every batch of them. The data
    directory must be empty, missing, or hold an earlier replay, which is replaced.

    Raises:
        ArchiveError: the data directory holds something else, or the disk refuses.
        JournalError: there are no frames at `frames`, or they are damaged.
    """
    window = manner.window
    hubs = recorded_hubs(frames, Wanted(until_ns=window.until_ns))
    _make_room(settings.data_dir, frames)
    board = Board(measure_latency=False)
    pacer = None if manner.speed is None else Pacer(manner.speed, window.from_ns)
    flow = wire(
        FramesSource(hubs, board, manner.batch_frames, pacer, passed),
        settings,
        lambda: SESSION,
        board,
        keep=None if window.keeps_all() else window.keeps,
    )
    started = time.perf_counter()
    drive(flow, manner.workers)
    publish_leftovers(settings.data_dir, SESSION)
    seconds = time.perf_counter() - started
    return Replayed(
        frames=board.frames,
        games=len(board.games),
        ticks=board.ticks,
        signals=board.signals["open"],
        dead_letters=board.dead_letters.total(),
        frames_per_s=round(board.frames / seconds, 1),
    )


def _make_room(data_dir: Path, frames: Path) -> None:
    """Remove an earlier replay from `data_dir` and mark it as one of a replay."""
    if data_dir.is_dir() and any(data_dir.iterdir()):
        if not (data_dir / MARKER).is_file():
            msg = f"{data_dir} is not empty and holds no earlier replay; name a new directory"
            raise ArchiveError(msg)
        for folder in ("archive", "signals", "staging"):
            shutil.rmtree(data_dir / folder, ignore_errors=True)
    with disk_errors(ArchiveError, "make", data_dir):
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / MARKER).write_bytes(msgspec.json.encode({"frames": str(frames.absolute())}))
