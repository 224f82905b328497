"""Frames a second and latency by hubs, threads and processes.

    python -m benchmarks.scaling [--frames FILE] [--rate N] [--json]

An evening is dealt out to hubs as they would hear it: every hub gets the scoreboards, the clock and
its own part of the slate, and the frames of the sockets go to the hub of their game. Each hub is
a partition of the source with a journal of its own, and every row is staged for the archive. What
is left staged at the end is not published, which one process of a run does. Frames are those
of the evening, so that what two hubs both hear counts once.

First all frames lie in the inboxes and are taken as fast as can be; then they come at a steady
pace, and the age of each tick is noted where it reaches its sink. The choices take turns, the best
of some rounds counts, as the machine may be shared.
"""

from __future__ import annotations

import multiprocessing
import pickle
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import click
import msgspec
import numpy as np
from bytewax.testing import cluster_main
from typing_extensions import override

from benchmarks.dealt import SETTLE_S, Brought, deal
from benchmarks.evening import play_evening
from connectors.journal.reader import read_frames
from connectors.journal.sessions import hub_folder
from connectors.journal.writer import JournalWriter, journal_directory
from flows.board import Board, BoardItem
from flows.children import LOOPBACK, free_ports
from flows.feeds import HubSource
from flows.run import wire
from flows.sections import Feeds, default_leagues
from flows.session import RunSession
from flows.settings import Settings
from fusion.frames import NS_PER_MS, NS_PER_S, Frame
from fusion.rows import Tick
from models.registry import BUILT_IN

SESSION = "benchmark"
ROUNDS = 3
RATE = 1_500
WARM_FRAMES = 2_000
PACED_S = 8.0


class Choice(msgspec.Struct, frozen=True):
    """So many hubs on so many processes of so many threads."""

    name: str
    hubs: int
    processes: int = 1
    workers: int = 1


CHOICES = (
    Choice("1 hub, 1 worker", 1),
    Choice("2 hubs, 1 worker", 2),
    Choice("2 hubs, -w 2", 2, workers=2),
    Choice("2 hubs, 2 processes", 2, processes=2),
)


class Measured(msgspec.Struct, frozen=True):
    """What a choice gave; `ratio` is that of its frames a second to those of the first.

    That all did the same work is seen by their `ticks`, which differ by a few as sockets do.
    """

    name: str
    ticks: int
    frames_per_s: float
    ratio: float
    p50_ms: float
    p99_ms: float


class Result(msgspec.Struct, frozen=True):
    """What every choice gave, and at what pace the latencies were taken."""

    frames: int
    rounds: int
    paced_frames_per_s: int
    choices: tuple[Measured, ...]


class Part(msgspec.Struct, frozen=True):
    """What one process of a choice is to do; at no `rate` all frames are there from the start.

    With one, the frames up to number `warm` come at once, and are not measured.
    """

    choice: Choice
    number: int
    addresses: tuple[str, ...]
    frames: Path
    data_dir: Path
    rate: int | None
    warm: int


class Done(msgspec.Struct, frozen=True):
    """When the first frame was taken and the last row written, and how old the ticks were."""

    first_s: float
    last_s: float
    ticks: int
    ages_ns: tuple[int, ...]


class Stopwatch(Board):
    """A board that notes when it saw the first frame and the last row, and the ages of ticks."""

    def __init__(self) -> None:
        super().__init__(measure_latency=False)
        self.first_s = self.last_s = 0.0
        self.aged: list[tuple[int, int]] = []

    @override
    def count_frames(self, frames: Sequence[Frame]) -> None:
        self.first_s = self.first_s or time.monotonic()
        super().count_frames(frames)

    @override
    def count(self, items: Sequence[BoardItem], now_ns: int) -> None:
        super().count(items, now_ns)
        self.last_s = time.monotonic()
        ticks = (row for _, row in items if isinstance(row, Tick) and row.cause == "book")
        self.aged += [(row.recv_ns, now_ns - row.recv_ns) for row in ticks]


@cache
def _load(path: Path) -> list[list[Frame]]:
    BUILT_IN.warm(default_leagues())
    dealt: list[list[Frame]] = pickle.loads(path.read_bytes())  # noqa: S301  (written above)
    return dealt


def drive_part(part: Part) -> Done:
    """Run one process of a choice to its end."""
    hubs = [Brought(frames, part.rate, part.warm) for frames in _load(part.frames)]
    session, board = RunSession(part.data_dir, SESSION), Stopwatch()

    def open_journal(name: str, hub: int) -> tuple[Path, JournalWriter]:
        folder = hub_folder(journal_directory(part.data_dir) / name, hub)
        return folder, JournalWriter(folder)

    settings = Settings(data_dir=part.data_dir, feeds=Feeds(hubs=part.choice.hubs))
    source = HubSource(hubs, session, open_journal, board, batch_frames=settings.feeds.batch_frames)
    flow = wire(source, settings, lambda: SESSION, board)
    cluster_main(flow, list(part.addresses), part.number, worker_count_per_proc=part.choice.workers)
    begun_ns = time.time_ns() - round((time.monotonic() - board.first_s - SETTLE_S) * NS_PER_S)
    return Done(
        board.first_s or float("inf"),
        board.last_s,
        board.ticks,
        tuple(age for at_ns, age in board.aged if at_ns > begun_ns) if part.rate else (),
    )


class Stand:
    """One choice in turn with others: its processes, its frames, and the best so far."""

    def __init__(self, choice: Choice, frames: Sequence[Frame], rate: int, folder: Path) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(choice.processes, mp_context=spawn)
        self._choice = choice
        self._count = len(frames)
        self._rate = rate
        self._warm = min(WARM_FRAMES, len(frames) // 4)
        paced = frames[: self._warm + round(rate * PACED_S)]
        self._whole, self._paced = folder / f"{choice.name} whole", folder / f"{choice.name} paced"
        self._whole.write_bytes(pickle.dumps(deal(frames, choice.hubs)))
        self._paced.write_bytes(pickle.dumps(deal(paced, choice.hubs)))
        self._ticks = 0
        self._best_s = self._p50_ms = self._p99_ms = float("inf")

    def take_a_turn(self) -> None:
        """Run once as fast as can be, and once at the pace."""
        done = self._run(self._whole, None)
        self._ticks = sum(each.ticks for each in done)
        seconds = max(each.last_s for each in done) - min(each.first_s for each in done)
        self._best_s = min(self._best_s, seconds)
        ages_ns = [age for each in self._run(self._paced, self._rate) for age in each.ages_ns]
        p50_ms, p99_ms = np.percentile(np.array(ages_ns) / NS_PER_MS, [50, 99]).round(2)
        if p99_ms < self._p99_ms:
            self._p50_ms, self._p99_ms = float(p50_ms), float(p99_ms)

    def measured(self, beside: Stand) -> Measured:
        """Return the best, beside that of another."""
        return Measured(
            name=self._choice.name,
            ticks=self._ticks,
            frames_per_s=round(self._count / self._best_s, 1),
            ratio=round(beside._best_s / self._best_s, 2),
            p50_ms=self._p50_ms,
            p99_ms=self._p99_ms,
        )

    def _run(self, frames: Path, rate: int | None) -> list[Done]:
        processes = self._choice.processes
        ports = free_ports(processes) if processes > 1 else []
        addresses = tuple(f"{LOOPBACK}:{port}" for port in ports)
        with tempfile.TemporaryDirectory() as folder:
            parts = [
                Part(self._choice, number, addresses, frames, Path(folder), rate, self._warm)
                for number in range(processes)
            ]
            return list(self.pool.map(drive_part, parts))


def compare(frames: Sequence[Frame], rate: int = RATE, rounds: int = ROUNDS) -> Result:
    """Return what every choice gives for the frames of one hub."""
    numbered = [msgspec.structs.replace(frame, seq=number) for number, frame in enumerate(frames)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as pools:
        stands = [Stand(choice, numbered, rate, Path(folder)) for choice in CHOICES]
        for stand in stands:
            pools.enter_context(stand.pool)
        for _ in range(rounds):
            for stand in stands:
                stand.take_a_turn()
    choices = tuple(stand.measured(stands[0]) for stand in stands)
    return Result(len(frames), rounds, rate, choices)


def show(result: Result) -> None:
    """Print a result for reading."""
    print(
        f"{result.frames:,} frames, best of {result.rounds};"
        f" latency at {result.paced_frames_per_s:,} frames/s"
    )
    for each in result.choices:
        print(
            f"{each.name:20} {each.ticks:8,} ticks  {each.frames_per_s:8,.0f} frames/s"
            f"  ratio {each.ratio:5.2f}"
            f"  p50 {each.p50_ms:8.2f} ms  p99 {each.p99_ms:8.2f} ms"
        )


@click.command()
@click.option(
    "--frames",
    "path",
    type=click.Path(exists=True, path_type=Path),
    help="What `read_frames` takes, of one hub; an evening is played if left out.",
)
@click.option("--rate", type=click.IntRange(1), default=RATE, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def main(path: Path | None, rate: int, rounds: int, as_json: bool) -> None:
    """Measure hubs on threads and on processes with the same frames."""
    if path is not None:
        frames = list(read_frames(path))
    else:
        with tempfile.TemporaryDirectory() as folder:
            frames = play_evening(Path(folder) / "data")
    result = compare(frames, rate, rounds)
    show(result)
    if as_json:
        print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    main()
