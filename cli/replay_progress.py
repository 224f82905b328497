"""The bar of a replay: how far the night is, by the times of its frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from connectors.journal.span import first_ns, last_ns
from flows.recorded import Passed
from flows.window import Window
from fusion.frames import NS_PER_S


@contextmanager
def replay_bar(frames: Path, window: Window, console: Console) -> Iterator[Passed]:
    """Show a bar on `console` until the context is left; it takes what a replay tells.

    The bar has an end where that of the frames is known without reading them all, or is given.
    """
    begin_ns, end_ns = first_ns(frames), last_ns(frames)
    ends = [end for end in (end_ns, window.until_ns) if end is not None]
    total = (min(ends) - begin_ns) / NS_PER_S if ends and begin_ns is not None else None
    count = 0
    with Progress(
        TextColumn("{task.fields[night]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[frames]:,} frames"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("replay", total=total, night="", frames=0)

        def passed(frames: int, recv_ns: int) -> None:
            nonlocal count
            count += frames
            night = datetime.fromtimestamp(recv_ns // NS_PER_S, UTC)
            bar.update(
                task,
                completed=(recv_ns - (begin_ns or 0)) / NS_PER_S,
                night=f"{night:%Y-%m-%d %H:%M:%S} UTC",
                frames=count,
            )

        yield passed
