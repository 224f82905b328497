"""Frames to put on record."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from connectors.journal.writer import JournalWriter
from fusion.frames import Frame


@pytest.fixture
def make_frames() -> Callable[..., list[Frame]]:
    """Return a maker of `count` frames with rising `seq` from `first`."""

    def make(count: int, first: int = 0, payload: bytes = b'{"a": 1}') -> list[Frame]:
        return [
            Frame(seq, 1_790_000_000_000_000_000 + seq, "polymarket:market:0", payload)
            for seq in range(first, first + count)
        ]

    return make


@pytest.fixture
def make_session() -> Callable[..., Path]:
    """Return a maker of sessions that writes frames one by one into segments of three each."""

    def make(folder: Path, frames: list[Frame], segment_bytes: int = 200) -> Path:
        writer = JournalWriter(folder, segment_bytes)
        for frame in frames:
            writer.append([frame])
        writer.close()
        return folder

    return make


@pytest.fixture
def on_small_disk(tmp_path: Path) -> Callable[[str], str]:
    """Return a runner of Python code in a folder that is a disk of 256 KiB, which gives its output.

    `remount_read_only()` is there for the code to call.
    """
    prelude = """
import os, subprocess
def mount(*options):
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", DISK], check=True)
def remount_read_only():
    mount("-o", "remount,ro")
DISK = os.getcwd()
mount("-o", "size=256k")
os.chdir(DISK)
"""
    root = Path(__file__).parents[3]
    may_mount = subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True)
    if may_mount.returncode:
        pytest.skip("no disk can be mounted here: unshare is not permitted")

    def run(code: str) -> str:
        done = subprocess.run(
            ["unshare", "-rm", sys.executable, "-W", "error", "-c", prelude + code],
            cwd=tmp_path,
            env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def sources() -> Sequence[str]:
    """Return sources as they occur, and one that is not ASCII."""
    return ("espn:nba", "control", "clock", "gamma:events", "ünïcode")


@pytest.fixture
def file_limit() -> Callable[[int], AbstractContextManager[None]]:
    """Return a context in which no file can grow beyond a number of bytes, as on a full disk."""

    @contextmanager
    def limit(size: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limit
