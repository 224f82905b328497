"""Replay: the same graph, driven by recorded frames as fast as it can take them."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import msgspec

from connectors.disk import disk_errors
from connectors.journal.reader import read_frames
from flows.board import Board
from flows.drive import drive
from flows.feeds import FramesSource
from flows.run import wire
from flows.settings import Settings
from fusion.errors import ArchiveError

SESSION = "replay"
MARKER = "replay.json"
BATCH_FRAMES = 500


class Replayed(msgspec.Struct, frozen=True):
    """What a replay counted; `signals` are those that opened."""

    frames: int
    games: int
    ticks: int
    signals: int
    dead_letters: int
    frames_per_s: float


def replay(
    frames: Path, settings: Settings, *, workers: int = 1, batch_frames: int = BATCH_FRAMES
) -> Replayed:
    """Drive the graph from `frames` into the data directory of the settings.

    `frames` is anything `read_frames` takes. The data directory must be empty, missing, or hold
    an earlier replay, which is replaced.

    Raises:
        ArchiveError: the data directory holds something else, or the disk refuses.
        JournalError: there are no frames at `frames`, or they are damaged.
    """
    read_frames(frames)
    _make_room(settings.data_dir, frames)
    board = Board(measure_latency=False)
    source = FramesSource(lambda: read_frames(frames), board, batch_frames)
    flow = wire(source, settings, SESSION, board, ended=lambda: True)
    started = time.perf_counter()
    drive(flow, workers)
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
        for folder in ("archive", "signals"):
            shutil.rmtree(data_dir / folder, ignore_errors=True)
    with disk_errors(ArchiveError, "make", data_dir):
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / MARKER).write_bytes(msgspec.json.encode({"frames": str(frames.absolute())}))
