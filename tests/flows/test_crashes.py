"""A night on which the process dies again and again: nothing is missing, nothing there twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.archive.connect import connect
from connectors.archive.schema import TABLES
from connectors.journal.finished import finished_by
from connectors.journal.reader import read_frames
from flows.replay import replay
from flows.settings import Settings
from fusion.frames import SessionStarted, decode_control

ROOT = Path(__file__).parents[2]
SPEED = "900"
ENDS = [signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGKILL]
DRAIN_S = 5.0
"""It takes one or two where nothing else runs; this machine may be shared."""

FAULTS = """
fault = [
    { kind = "drop", at_s = 4 },
    { kind = "freeze", at_s = 9, for_s = 2 },
    { kind = "drop", at_s = 14 },
    { kind = "garble", at_s = 18, for_s = 2, every = 5 },
]
"""


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[str]:
    """Play an evening with broken sockets for whoever comes, and yield its URL."""
    script = tmp_path / "faults.toml"
    script.write_text(FAULTS)
    options = ["--port", "0", "--watch-stdin", "--speed", SPEED, "--faults", str(script)]
    command = [sys.executable, "-m", "simulator", *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()
        process.wait(10)


def start(data_dir: Path, venue: str, workers: int) -> subprocess.Popen[bytes]:
    """Start the flow with recovery."""
    store = data_dir / "recovery"
    if not store.exists():
        store.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "bytewax.recovery", str(store), "2"], check=True)
    recovery = ["-r", str(store), "-s", "1", "-b", "0", "-w", str(workers)]
    with (data_dir / "out").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "bytewax.run", "flows.fuse", *recovery],
            cwd=ROOT,
            env={**os.environ, "FAIRLINE_DATA_DIR": str(data_dir), "FAIRLINE_VENUE": venue},
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def facts(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    """Return how many rows a table has, and a sum over their contents."""
    sql = f"SELECT count(*), sum(hash(t)) FROM {table} t"  # noqa: S608  (a name of ours)
    return connection.execute(sql).fetchall()


def test_a_night_of_crashes_loses_nothing(tmp_path: Path, venue: str) -> None:
    """Killed, stopped, and restarted on one or two workers: the archive is the journal's replay."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    luck = random.Random(7)  # noqa: S311  (nothing is secret here)
    for number, end in enumerate(ENDS):
        process = start(data_dir, venue, workers=1 + number % 2)
        time.sleep(luck.uniform(4.0, 7.0))
        process.send_signal(end)
        began = time.monotonic()
        assert process.wait(30) == (0 if end == signal.SIGTERM else -end)
        if end == signal.SIGTERM:
            assert time.monotonic() - began < DRAIN_S
    process = start(data_dir, venue, workers=1)
    assert process.wait(100) == 0, (data_dir / "out").read_text()

    (session,) = (data_dir / "journal").iterdir()
    frames = list(read_frames(data_dir))
    starts = [
        frame
        for frame in frames
        if frame.source == "control" and isinstance(decode_control(frame.payload), SessionStarted)
    ]
    assert [frame.seq for frame in frames] == list(range(len(frames)))
    assert len(starts) == len(ENDS) + 1
    assert finished_by(data_dir, session.name) == "drained"

    replay(data_dir, Settings(data_dir=tmp_path / "replay"))
    with connect(data_dir) as lived, connect(tmp_path / "replay") as replayed:
        tables = [table for table in TABLES if table != "frames"]
        assert {each: facts(lived, each) for each in tables} == {
            each: facts(replayed, each) for each in tables
        }
        ((signals, _),) = facts(lived, "signals")
    told = (data_dir / "signals" / f"{session.name}.jsonl").read_bytes().splitlines()
    again = (tmp_path / "replay" / "signals" / "replay.jsonl").read_bytes().splitlines()
    assert len(told) == signals > 0
    assert sorted(told) == sorted(again)
