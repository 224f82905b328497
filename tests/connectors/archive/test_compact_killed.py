"""Compaction killed with SIGKILL before every change it makes on the disk."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import msgspec
import pytest
from archived import write_rows
from rows import final, letter, tick

from connectors.archive.compact import compact
from connectors.archive.connect import ask, connect
from fusion.rows import Row

ROOT = Path(__file__).parents[3]
SESSION = "20261118T190501Z"
TODAY = date(2026, 11, 18)

KILLED_AT_EACH_STEP = """
import os, shutil, signal, sys
from datetime import date
from pathlib import Path
from connectors.archive.compact import compact

base, out, today = Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3])

def run_until(step):
    left = step
    def hook(event, arguments):
        nonlocal left
        written = event == "open" and str(arguments[1]) not in {"r", "rb", "None"}
        if event in {"os.rename", "os.remove"} or written:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    compact(out / str(step), today)
    os._exit(0)

step = 0
while True:
    step += 1
    shutil.copytree(base, out / str(step))
    child = os.fork()
    if child == 0:
        run_until(step)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Each step is tried in a fork of a process that has only imported what it needs."""


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    """Return a data directory with a game that is over, in two files, and small files of letters.

    One game was compacted before, and its file gets more rows.
    """
    data_dir = tmp_path / "evening"
    one = tick(game_id="nba:1", date="2026-11-18")
    ticks = [msgspec.structs.replace(one, seq=number) for number in range(1300)]
    write_rows(data_dir, [*ticks[:600], final(1, 0, game_id="nba:1")], SESSION)
    write_rows(data_dir, ticks[600:1200], SESSION)
    assert compact(data_dir, TODAY).failures == ()
    late: list[Row] = [*ticks[1200:], tick(game_id="nba:2", seq=1300)]
    letters: list[list[Row]] = [[letter(seq=seq)] for seq in range(3)]
    for number, rows in enumerate((late, *letters)):
        write_rows(data_dir, rows, SESSION, f"more-{number}")
    return data_dir


def counts(data_dir: Path) -> dict[str, tuple[int, int]]:
    """Return how many rows there are of each table, and how many numbers of frames."""
    found = {}
    with connect(data_dir) as connection:
        for name in ("ticks", "games", "dead_letters"):
            seqs = ask(connection, f"FROM {name}").column("seq").to_pylist()
            found[name] = len(seqs), len(set(seqs))
    return found


def bare(data_dir: Path) -> tuple[int, int]:
    """Return rows and frames of the ticks as one sees them who knows of no lock and no plan."""
    try:
        ticks = duckdb.read_parquet(f"{data_dir}/archive/ticks/date=*/league=*/*.parquet")
        (found,) = ticks.aggregate("count(*), count(DISTINCT seq)").fetchall()
    except duckdb.IOException:
        return 0, 0
    return found[0], found[1]


def names(data_dir: Path) -> list[str]:
    """Return all that is in an archive."""
    root = data_dir / "archive"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_no_row_is_lost_or_twice(evening: Path, tmp_path: Path) -> None:
    """Whenever it dies, readers find every row once, and the next compaction ends alike."""
    before = counts(evening)
    assert before == {"ticks": (1301, 1301), "games": (1, 1), "dead_letters": (3, 3)}
    out = tmp_path / "killed"
    command = [sys.executable, "-c", KILLED_AT_EACH_STEP, str(evening), str(out), str(TODAY)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=100)
    killed = sorted(out.iterdir(), key=lambda path: int(path.name))
    done = names(killed[-1])
    assert done == [
        f"dead_letters/date=2026-11-18/league=none/{SESSION}-merged-0001.parquet",
        f"games/date=2026-11-18/league=nba/{SESSION}-rows-0-00000001.parquet",
        f"ticks/date=2026-11-18/league=nba/{SESSION}-game-nba%3A1.parquet",
        f"ticks/date=2026-11-18/league=nba/{SESSION}-merged-0001.parquet",
    ]
    half = 0
    for data_dir in killed:
        rows, frames = bare(data_dir)
        assert rows == frames, f"doubles when killed at step {data_dir.name}"
        half += rows < 1301
        assert counts(data_dir) == before, f"killed at step {data_dir.name}"
        assert compact(data_dir, TODAY).failures == ()
        assert names(data_dir) == done
        assert counts(data_dir) == before
    # The kills did come in the middle of an exchange, too.
    assert half >= 2
    assert len(killed) > 15
