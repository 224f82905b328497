"""A run of one part of the archive, as the engine drives it, for tests that kill it.

Rows 0, 1, 2, … come in order, three a batch, each into one of three places by its number; a few
are batches of two levels. A snapshot is taken after every other batch and then committed to a
store, which a run that comes after a crash goes back to. At the end all is published.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.archive.places import archive_directory
from connectors.archive.publish import publish_leftovers
from connectors.archive.restore import PartState, Snapshot, decode_state
from connectors.archive.schema import ArchiveItem
from connectors.archive.staging import RotationRules
from connectors.archive.writer import PartWriter
from fusion.levels import LevelBatch
from fusion.rows import DeadLetter

SESSION = "20261120T190501Z"
PART = "rows-0"
BATCH = 3
ROWS = 18
RULES = RotationRules(rows=5, age_s=4.0)


def row(seq: int) -> ArchiveItem:
    """Return the row of a number."""
    if seq % 4 == 3:
        return LevelBatch(
            seq=seq,
            recv_ns=seq,
            venue_ms=seq,
            date="2026-11-20",
            league="nba",
            game_id="nba:1",
            market_id="m",
            snapshot=False,
            token_ids=("a", "b"),
            sides=("bid", "ask"),
            prices=(100, 200),
            sizes=(1, 2),
        )
    return DeadLetter(
        seq=seq,
        recv_ns=seq,
        date="2026-11-20",
        league=("nba", "eng.1")[seq % 2],
        source="s",
        reason="r",
        detail="d",
        excerpt="e",
    )


def expected(rows: int) -> list[int]:
    """Return the numbers that so many rows leave in the archive; a batch of two is two."""
    return sorted([*range(rows), *range(3, rows, 4)])


def published(data_dir: Path) -> list[int]:
    """Return the numbers of all rows that a reader of the archive sees."""
    files = archive_directory(data_dir).glob("*/date=*/league=*/*.parquet")
    return sorted(
        seq for file in files for seq in pq.ParquetFile(file).read(["seq"])["seq"].to_pylist()
    )


def committed(data_dir: Path) -> tuple[int, Snapshot | None]:
    """Return what the store holds: how many rows were taken, and the part's snapshot."""
    store = data_dir / "store"
    return pickle.loads(store.read_bytes()) if store.exists() else (0, None)  # noqa: S301  (ours)


def commit(data_dir: Path, rows: int, snapshot: Snapshot) -> None:
    """Put a snapshot into the store."""
    new = data_dir / "store.new"
    new.write_bytes(pickle.dumps((rows, snapshot)))
    new.replace(data_dir / "store")


def play(data_dir: Path, rows: int = ROWS) -> None:
    """Go on from the store until so many rows are taken, and end well."""
    taken, snapshot = committed(data_dir)
    begun = decode_state(snapshot) if snapshot else PartState(SESSION)
    writer = PartWriter(data_dir, PART, begun, now_s=float(taken), rules=RULES)
    while taken < rows:
        batch = range(taken, min(rows, taken + BATCH))
        writer.write([row(seq) for seq in batch], float(taken))
        taken = batch.stop
        if taken % (2 * BATCH) == 0 or taken == rows:
            commit(data_dir, taken, writer.snapshot(float(taken)))
    writer.close()
    publish_leftovers(data_dir, SESSION)


class KilledAt:
    """Kills the process at a step that changes the disk, before it is done; counts from 0."""

    STEPS = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate"})

    def __init__(self, data_dir: Path, step: int) -> None:
        self._data_dir = str(data_dir)
        self._left = step

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """See an event of the interpreter's."""
        if event in self.STEPS and self._data_dir in str(arguments[0]):
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main(data_dirs: list[str]) -> None:
    """Play in a child for each directory, killed a step later each time, until one ends well.

    Prints the directories that a child was killed in.
    """
    for step, name in enumerate(data_dirs):
        child = os.fork()
        if not child:
            sys.addaudithook(KilledAt(Path(name), step))
            play(Path(name))
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
            break
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
