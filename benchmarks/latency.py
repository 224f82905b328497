"""Milliseconds from the socket to a row, beside a client that only receives.

    python -m benchmarks.latency [--frames FILE] [--seconds S] [--json]

A process of its own sends recorded frames over a WebSocket on loopback, evenly paced, each with
the time at which it was sent. At each rate a bare `websockets` client receives them and stamps
them; then Fairline does, from a socket on a thread through inbox, journal and the whole graph to
its sinks, with Parquet on. What is measured is sent to stamped, and sent to the sink: of the ticks
that a frame caused, and of the signals among them. What comes before the first signal of the
recording is sent first and not measured.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
import numpy as np
from typing_extensions import override
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.evening import play_evening
from benchmarks.pipeline import drive_over, run_graph, warm_up
from connectors.journal.reader import read_frames
from flows.board import Board, BoardItem
from flows.inbox import Inbox
from fusion.frames import Frame
from fusion.rows import SignalRow, Tick

RATES = (300, 1500, 5000)
SECONDS = 10.0
NS_PER_MS = 1e6
QUEUE = 1_000_000


class Figures(msgspec.Struct, frozen=True):
    """Median, 99th percentile and maximum of some latencies in milliseconds."""

    count: int
    p50_ms: float
    p99_ms: float
    max_ms: float


class AtRate(msgspec.Struct, frozen=True):
    """The latencies at one rate: of the bare client, of Fairline's ticks, and of its signals.

    `p99_ratio` is that of the ticks over that of the bare client.
    """

    frames_per_s: int
    bare: Figures
    ticks: Figures
    signals: Figures
    p99_ratio: float


class Result(msgspec.Struct, frozen=True):
    """The latencies at every rate."""

    rates: tuple[AtRate, ...]


def figures(latencies_ns: Sequence[int]) -> Figures:
    """Return the figures of latencies."""
    if not latencies_ns:
        return Figures(0, 0.0, 0.0, 0.0)
    p50, p99, most = np.percentile(np.asarray(latencies_ns) / NS_PER_MS, [50, 99, 100]).round(3)
    return Figures(len(latencies_ns), float(p50), float(p99), float(most))


async def _send(client: ServerConnection, frames: Sequence[Frame], warm: int, rate: int) -> None:
    """Send the first `warm` frames at once, the others evenly, each after its time and source."""
    for frame in frames[:warm]:
        await client.send(b"0 %b\n%b" % (frame.source.encode(), frame.payload))
    await asyncio.sleep(1.0)
    start_s = time.perf_counter()
    for number, frame in enumerate(frames[warm:]):
        wait_s = start_s + number / rate - time.perf_counter()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        head = b"%d %b\n" % (time.time_ns(), frame.source.encode())
        await client.send(head + frame.payload)


def _serve(listener: socket.socket, path: Path, warm: int, rate: int, seconds: float) -> None:
    frames = list(read_frames(path))[: warm + round(rate * seconds)]

    async def run() -> None:
        done = asyncio.Event()

        async def client(connection: ServerConnection) -> None:
            # asyncio does so itself, except with a socket that another process made.
            own = connection.transport.get_extra_info("socket")
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await _send(connection, frames, warm, rate)
            await connection.close()
            done.set()

        async with serve(client, sock=listener, compression=None, max_size=None):
            await done.wait()

    gc.freeze()
    asyncio.run(run())


@contextmanager
def sender(path: Path, warm: int, rate: int, seconds: float) -> Iterator[str]:
    """Run the sending process and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(listener, path, warm, rate, seconds)
        )
        process.start()
        try:
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            process.join(10)
            process.kill()


def bare(url: str) -> list[int]:
    """Return what a client that only receives and stamps took for each paced frame."""

    async def run() -> list[int]:
        latencies = []
        async with connect(url, compression=None, max_size=None, open_timeout=60) as client:
            try:
                while True:
                    message = await client.recv()
                    now_ns = time.time_ns()
                    assert isinstance(message, bytes)
                    sent_ns = int(message[: message.index(b" ")])
                    if sent_ns:
                        latencies.append(now_ns - sent_ns)
            except ConnectionClosed:
                return latencies

    return asyncio.run(run())


class SocketHub:
    """Connectors that bring what one socket brings; frames bear the time they were sent at.

    So the age of a row at the sink is the time since its frame was sent.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._sent_ns = time.time_ns()
        self.inbox = Inbox(QUEUE, now_ns=lambda: self._sent_ns)
        self.paced_ns = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self) -> None:
        async with connect(self._url, compression=None, max_size=None, open_timeout=60) as client:
            try:
                while True:
                    message = await client.recv()
                    assert isinstance(message, bytes)
                    head, _, payload = message.partition(b"\n")
                    sent, _, source = head.partition(b" ")
                    self._sent_ns = int(sent) or time.time_ns()
                    if sent != b"0" and not self.paced_ns:
                        self.paced_ns = self._sent_ns
                    self.inbox.put(source.decode(), payload)
            except ConnectionClosed:
                return

    def start(self) -> None:
        """Connect."""
        self._thread.start()

    def check(self) -> None:
        """Never fail."""

    def ended(self) -> bool:
        """Tell whether the socket was closed."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def stop(self) -> None:
        """Have nothing to stop: the sender ends."""

    def stopping(self) -> bool:
        """Tell that nobody asked for an end."""
        return False


class StampingBoard(Board):
    """A board that notes how old the rows of paced frames are when they reach it."""

    def __init__(self, hub: SocketHub) -> None:
        super().__init__(measure_latency=False)
        self.ticks_ns: list[int] = []
        self.signals_ns: list[int] = []
        self._hub = hub

    @override
    def count(self, items: Sequence[BoardItem], now_ns: int) -> None:
        super().count(items, now_ns)
        paced_ns = self._hub.paced_ns
        for _, row in items:
            if paced_ns and isinstance(row, Tick | SignalRow) and row.recv_ns >= paced_ns:
                kept = self.ticks_ns if isinstance(row, Tick) else self.signals_ns
                kept.append(now_ns - row.recv_ns)


def fairline(url: str, data_dir: Path) -> StampingBoard:
    """Run the graph from a socket until it is closed."""
    hub = SocketHub(url)
    board = StampingBoard(hub)
    drive_over(hub, data_dir, board)
    return board


def first_signal(frames: Sequence[Frame]) -> int:
    """Return how many frames come before the first signal opens."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        run_graph(frames, data_dir)
        lines = (data_dir / "signals" / "benchmark.jsonl").read_bytes().splitlines()
    return min((int(msgspec.json.decode(line)["seq"]) for line in lines), default=0)


def measure(path: Path, rate: int, warm: int, seconds: float) -> AtRate:
    """Return the latencies at one rate, of the bare client first."""
    with sender(path, warm, rate, seconds) as url:
        received = figures(bare(url))
    gc.collect()
    with sender(path, warm, rate, seconds) as url, tempfile.TemporaryDirectory() as folder:
        board = fairline(url, Path(folder))
    ticks = figures(board.ticks_ns)
    ratio = round(ticks.p99_ms / received.p99_ms, 2) if received.p99_ms else 0.0
    return AtRate(rate, received, ticks, figures(board.signals_ns), ratio)


def show(result: Result) -> None:
    """Print a result for reading."""
    print(f"{'frames/s':>8}  {'':14} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'rows':>8}")
    for rate in result.rates:
        for name in ("bare", "ticks", "signals"):
            each = getattr(rate, name)
            line = f"{each.p50_ms:8.3f} {each.p99_ms:8.3f} {each.max_ms:8.1f} {each.count:8,}"
            print(f"{rate.frames_per_s:8,}  {name:14} {line}")
        print(f"{'':8}  p99 of ticks over that of the bare client: {rate.p99_ratio:.2f}")


@click.command()
@click.option(
    "--frames",
    "path",
    type=click.Path(exists=True, path_type=Path),
    help="What `read_frames` takes; an evening is played if left out.",
)
@click.option("--seconds", type=float, default=SECONDS, show_default=True, help="At each rate.")
@click.option("--rate", "rates", type=int, multiple=True, default=RATES, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def main(path: Path | None, seconds: float, rates: tuple[int, ...], as_json: bool) -> None:
    """Measure the time from the socket to a row."""
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        if path is None:
            path = Path(folder) / "data"
            play_evening(path)
        warm = first_signal(list(read_frames(path)))
        result = Result(tuple(measure(path, rate, warm, seconds) for rate in rates))
    show(result)
    if as_json:
        print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    main()
