"""Resident memory of a run over a simulated evening with more than sixty games.

    python -m benchmarks.memory [--extra-games N] [--speed V] [--json]

The command that users run plays the evening; its memory is read from the kernel every half second,
without the simulator, which is a process of its own. Flat means: the last third of the run, which
has seen every game, holds no more than the middle one, apart from what each further tick costs.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import click
import msgspec

from benchmarks.evening import start_evening
from connectors.archive.connect import ask, connect

EXTRA_GAMES = 44
SPEED = 240.0
SAMPLE_S = 0.5
KB_PER_MB = 1024


class Result(msgspec.Struct, frozen=True):
    """Resident megabytes: of each third of the run the median, and the highest of all.

    `growth_mb` is the last third's less the middle one's.
    """

    games: int
    ticks: int
    seconds: float
    start_mb: float
    middle_mb: float
    end_mb: float
    peak_mb: float
    growth_mb: float


def resident_mb(pid: int) -> float | None:
    """Return the resident megabytes of a process, None where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return None
    sizes = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(sizes[0]) / KB_PER_MB if sizes else None


def watch(data_dir: Path, speed: float, extra_games: int) -> list[float]:
    """Play an evening into `data_dir` and return the samples of its memory.

    Raises:
        RuntimeError: the run failed; the message is what it printed.
    """
    samples = []
    with start_evening(data_dir, speed=speed, extra_games=extra_games) as process:
        while process.poll() is None:
            size = resident_mb(process.pid)
            if size is not None:
                samples.append(size)
            time.sleep(SAMPLE_S)
        printed, _ = process.communicate()
    if process.returncode:
        msg = f"the evening ended with code {process.returncode}: {printed}"
        raise RuntimeError(msg)
    return samples


def measure(speed: float, extra_games: int) -> Result:
    """Play an evening and return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        samples = watch(data_dir, speed, extra_games)
        with connect(data_dir) as connection:
            question = "SELECT count(DISTINCT game_id) AS games, count(*) AS ticks FROM ticks"
            (counts,) = ask(connection, question).to_pylist()
    third = max(1, len(samples) // 3)
    parts = (samples[:third], samples[third : 2 * third], samples[2 * third :])
    start, middle, end = (median(part or samples) for part in parts)
    return Result(
        games=counts["games"],
        ticks=counts["ticks"],
        seconds=len(samples) * SAMPLE_S,
        start_mb=round(start, 1),
        middle_mb=round(middle, 1),
        end_mb=round(end, 1),
        peak_mb=round(max(samples), 1),
        growth_mb=round(end - middle, 1),
    )


@click.command()
@click.option("--extra-games", type=int, default=EXTRA_GAMES, show_default=True)
@click.option("--speed", type=float, default=SPEED, show_default=True, help="Times life.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def main(extra_games: int, speed: float, as_json: bool) -> None:
    """Measure the memory of a run."""
    result = measure(speed, extra_games)
    print(
        f"{result.games} games, {result.ticks:,} ticks in {result.seconds:.0f} s:"
        f" {result.start_mb:.0f}, {result.middle_mb:.0f}, {result.end_mb:.0f} MB resident in the"
        f" thirds of the run, {result.peak_mb:.0f} MB at most"
    )
    if as_json:
        print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    main()
