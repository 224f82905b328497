"""Frames a second: the whole graph, beside the script one would write first.

    python -m benchmarks.pipeline [--frames FILE] [--json]

Both take the same frames out of memory in one process on one core. Ours is the graph as it runs
live: every frame is journaled before it is emitted, every row goes to Parquet and the files are
closed. The script (`benchmarks.baseline`) keeps no record and looks at a token after each update
of its book. Without FRAMES an evening is played by the simulator first, which takes half a minute.
The two take turns, and the fastest run of each counts, as the machine may be shared.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click
import msgspec

from benchmarks import baseline
from benchmarks.evening import play_evening
from connectors.archive.publish import publish_leftovers
from connectors.journal.reader import read_frames
from connectors.journal.writer import JournalWriter, journal_directory
from flows.board import Board
from flows.drive import drive
from flows.feeds import Connectors, HubSource
from flows.inbox import Inbox
from flows.run import BYTES_PER_MB, wire
from flows.sections import default_leagues
from flows.session import RunSession
from flows.settings import Settings
from fusion.frames import Frame
from models.registry import BUILT_IN

ROUNDS = 3
SESSION = "benchmark"


class Recorded:
    """Connectors that brought everything before the start: an inbox full of recorded frames."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        times = (frame.recv_ns for frame in frames)
        self.inbox = Inbox(len(frames) + 1, now_ns=times.__next__)
        for frame in frames:
            self.inbox.put(frame.source, frame.payload)

    def start(self) -> None:
        """Bring nothing more."""

    def check(self) -> None:
        """Never fail."""

    def ended(self) -> bool:
        """Tell that nothing more will come."""
        return True

    def stop(self) -> None:
        """Have nothing to stop."""

    def stopping(self) -> bool:
        """Tell that nobody asked for an end."""
        return False


class Result(msgspec.Struct, frozen=True):
    """Frames a second of both, and their ratio.

    `kept_prices_frames_per_s` is the script when it keeps a price until its score changes.
    `signals` and `baseline_signals` are those that opened.
    """

    frames: int
    rounds: int
    frames_per_s: float
    baseline_frames_per_s: float
    ratio: float
    kept_prices_frames_per_s: float
    kept_prices_ratio: float
    ticks: int
    signals: int
    baseline_signals: int


def drive_over(hub: Connectors, data_dir: Path, board: Board) -> float:
    """Run the graph as it runs live until some connectors end; return the seconds it took.

    Every frame is journaled and every row written to Parquet, under `data_dir`.
    """
    settings = Settings(data_dir=data_dir)
    segment_bytes = settings.feeds.segment_mb * BYTES_PER_MB

    def open_journal(session: str, _: int) -> tuple[Path, JournalWriter]:
        folder = journal_directory(data_dir) / session
        return folder, JournalWriter(folder, segment_bytes)

    session = RunSession(data_dir, SESSION)
    batch_frames = settings.feeds.batch_frames
    source = HubSource([hub], session, open_journal, board, batch_frames=batch_frames)
    flow = wire(source, settings, lambda: SESSION, board)
    start_s = time.perf_counter()
    drive(flow)
    publish_leftovers(data_dir, SESSION)
    return time.perf_counter() - start_s


def run_graph(frames: Sequence[Frame], data_dir: Path) -> tuple[float, Board]:
    """Return the seconds the graph takes for the frames, and what it saw."""
    board = Board(measure_latency=False)
    return drive_over(Recorded(frames), data_dir, board), board


def best_s(runs: Sequence[Callable[[], float]], rounds: int) -> list[float]:
    """Return the fewest seconds of each of some runs that take turns, garbage collected between."""
    best = [float("inf")] * len(runs)
    for _ in range(rounds):
        for number, run in enumerate(runs):
            gc.collect()
            best[number] = min(best[number], run())
    return best


def compare(frames: Sequence[Frame], rounds: int = ROUNDS) -> Result:
    """Return what both sides make of the frames, and how fast."""
    seen: dict[str, Board] = {}
    scripts: dict[bool, baseline.Script] = {}

    def graph() -> float:
        with tempfile.TemporaryDirectory() as folder:
            seconds, seen["board"] = run_graph(frames, Path(folder))
        return seconds

    def script(*, keep_prices: bool) -> float:
        start_s = time.perf_counter()
        scripts[keep_prices] = baseline.run(frames, keep_prices=keep_prices)
        return time.perf_counter() - start_s

    warm_up()
    ours_s, theirs_s, kept_s = best_s(
        [graph, partial(script, keep_prices=False), partial(script, keep_prices=True)], rounds
    )
    board = seen["board"]
    assert board.frames == len(frames)
    return Result(
        frames=len(frames),
        rounds=rounds,
        frames_per_s=round(len(frames) / ours_s, 1),
        baseline_frames_per_s=round(len(frames) / theirs_s, 1),
        ratio=round(theirs_s / ours_s, 2),
        kept_prices_frames_per_s=round(len(frames) / kept_s, 1),
        kept_prices_ratio=round(kept_s / ours_s, 2),
        ticks=board.ticks,
        signals=board.signals["open"],
        baseline_signals=scripts[False].opened,
    )


def warm_up() -> None:
    """Let the models make their tables before anything is timed: both sides need them."""
    BUILT_IN.warm(default_leagues())


def show(result: Result) -> None:
    """Print a result for reading."""
    rows = (
        ("Fairline: journal, graph, Parquet", result.frames_per_s, result.signals),
        (
            "script: evaluates on every update",
            result.baseline_frames_per_s,
            result.baseline_signals,
        ),
        ("script that keeps prices", result.kept_prices_frames_per_s, result.baseline_signals),
    )
    print(f"{result.frames:,} frames, best of {result.rounds}, in turns")
    for name, frames_per_s, signals in rows:
        print(f"{name:36} {frames_per_s:10,.0f} frames/s  {signals:5} signals opened")
    print(
        f"ratio {result.ratio:.2f};"
        f" against the script that keeps prices {result.kept_prices_ratio:.2f}"
    )


@click.command()
@click.option(
    "--frames",
    "path",
    type=click.Path(exists=True, path_type=Path),
    help="What `read_frames` takes; an evening is played if left out.",
)
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def main(path: Path | None, rounds: int, as_json: bool) -> None:
    """Measure the whole graph beside a straightforward script on the same frames."""
    if path is not None:
        frames = list(read_frames(path))
    else:
        with tempfile.TemporaryDirectory() as folder:
            frames = play_evening(Path(folder) / "data")
    result = compare(frames, rounds)
    show(result)
    if as_json:
        print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    main()
