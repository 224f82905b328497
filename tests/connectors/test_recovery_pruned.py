"""What the engine keeps in its store, and the pruning of what it never removes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import bytewax.operators as op
import pytest
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import TestingSink, TestingSource, run_main
from typing_extensions import override

from connectors.recovery import Pruned, prune
from fusion.errors import RecoveryError

Row = tuple[str, str, int, bytes | None]


class Total(StatefulBatchLogic[int, int, int]):
    """Adds up what a key was told; 0 ends it."""

    def __init__(self, state: int | None) -> None:
        self._total = state or 0

    @override
    def on_batch(self, values: list[int]) -> tuple[list[int], bool]:
        self._total += sum(values)
        return [self._total], 0 in values

    @override
    def snapshot(self) -> int:
        return self._total


def flow_over(items: list[Any], out: list[tuple[str, int]]) -> Dataflow:
    """Return a flow that adds up by key."""
    flow = Dataflow("totals")
    keyed = op.input("items", flow, TestingSource(items, batch_size=1))
    op.output("out", op.stateful_batch("total", keyed, Total), TestingSink(out))
    return flow


EVENING = [
    *[(f"game-{n:03}", 1) for n in range(300)],
    *[(f"game-{n:03}", 0) for n in range(297)],  # Nearly all of them end.
    ("game-298", 5),
]
MORNING = [("game-000", 7), ("game-297", 7), ("game-298", 7), ("game-299", 0)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of two partitions that a flow with discarded keys made."""
    store = tmp_path_factory.mktemp("made") / "recovery"
    store.mkdir()
    init_db_dir(store, 2)
    items = [*EVENING, TestingSource.EOF(), *MORNING]
    run_main(
        flow_over(items, []),
        epoch_interval=timedelta(0),
        recovery_config=RecoveryConfig(store, timedelta(0)),
    )
    return store


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """Return a copy of that store."""
    return Path(shutil.copytree(made, tmp_path / "recovery"))


def rows(store: Path) -> Iterator[Row]:
    """Yield the snapshots of a store: step, key, epoch, and the state unless it was discarded."""
    for file in sorted(store.glob("part-*.sqlite3")):
        with closing(sqlite3.connect(file)) as part:
            yield from part.execute("SELECT step_id, state_key, snap_epoch, ser_change FROM snaps")


def columns(store: Path) -> dict[str, list[str]]:
    """Return the tables of a partition and their columns."""
    with closing(sqlite3.connect(store / "part-0.sqlite3")) as part:
        names = part.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {
            name: [column for _, column, *_ in part.execute(f"PRAGMA table_info({name})")]
            for (name,) in names.fetchall()
        }


def test_the_engine_keeps_its_store_like_this(store: Path) -> None:
    """What the pruning rests on: another version of Bytewax must be looked at anew."""
    assert columns(store) == {
        "commits": ["created_at", "part_index", "commit_epoch"],
        "exs": ["created_at", "ex_num", "worker_count", "resume_epoch"],
        "fronts": ["created_at", "ex_num", "worker_index", "worker_frontier"],
        "parts": ["created_at", "part_index", "part_count"],
        "snaps": ["created_at", "step_id", "state_key", "snap_epoch", "ser_change"],
    }


def test_a_key_is_in_one_partition(store: Path) -> None:
    """So the older rows of a key are looked for in one file."""
    found: dict[tuple[str, str], set[Path]] = {}
    for file in sorted(store.glob("part-*.sqlite3")):
        with closing(sqlite3.connect(file)) as part:
            for step, key in part.execute("SELECT step_id, state_key FROM snaps").fetchall():
                found.setdefault((step, key), set()).add(file)

    assert len(found) > 300
    assert {len(files) for files in found.values()} == {1}


def test_what_the_engine_never_removes_is_pruned(store: Path) -> None:
    """The row of each discarded key goes, all state stays, and the files shrink."""
    before = list(rows(store))
    size = sum(file.stat().st_size for file in store.glob("part-*"))
    ended = [row for row in before if row[1].startswith("game-") and row[3] is None]
    pruned = prune(store)

    assert len(ended) == 297
    assert pruned.rows == len(ended)
    assert 0 < pruned.bytes == size - sum(file.stat().st_size for file in store.glob("part-*"))
    assert sorted(rows(store)) == sorted(row for row in before if row[3] is not None)
    assert prune(store) == Pruned(0, 0)


@pytest.mark.parametrize("pruned", [False, True])
def test_a_flow_goes_on_the_same_after_pruning(store: Path, pruned: bool) -> None:
    """Ended keys begin at nothing, and the others where they were."""
    if pruned:
        prune(store)
    out: list[tuple[str, int]] = []
    run_main(
        flow_over([*EVENING, TestingSource.EOF(), *MORNING], out),
        epoch_interval=timedelta(0),
        recovery_config=RecoveryConfig(store, timedelta(0)),
    )

    assert out == [("game-000", 7), ("game-297", 8), ("game-298", 13), ("game-299", 1)]


def test_a_discarded_key_with_older_state_keeps_its_row(store: Path) -> None:
    """Without it the older state would come back."""
    with closing(sqlite3.connect(store / "part-0.sqlite3")) as part:
        part.execute("DELETE FROM snaps")
        part.executemany(
            "INSERT INTO snaps (step_id, state_key, snap_epoch, ser_change) VALUES (?, ?, ?, ?)",
            [
                ("s", "kept", 1, b"state"),
                ("s", "kept", 2, None),
                ("s", "twice", 1, None),
                ("s", "twice", 2, None),
                ("s", "again", 1, None),
                ("s", "again", 2, b"state"),
                ("other", "kept", 2, None),
            ],
        )
        part.commit()
    (store / "part-1.sqlite3").unlink()
    prune(store)

    left = [("s", "again", 2, b"state"), ("s", "kept", 1, b"state"), ("s", "kept", 2, None)]
    found = sorted(rows(store), key=lambda row: row[:3])
    # Of two rows without state the later may stay until the next pruning.
    assert [row for row in found if row[1] != "twice"] == left
    prune(store)
    assert sorted(rows(store), key=lambda row: row[:3]) == left


def test_a_store_in_use_is_not_pruned(store: Path) -> None:
    """Somebody else's transaction is waited for, then named."""
    with closing(sqlite3.connect(store / "part-0.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecoveryError, match="database is locked"):
            prune(store)
